"""Says in a user's words what the disk refused while a sweep was being kept."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from palanca.core.errors import OutputError


@contextmanager
def writing(folder: Path) -> Iterator[None]:
    """Turn what the system says of a write into an error that says what is safe.

    Raises:
        OutputError: The folder or the disk refused.
    """
    try:
        yield
    except OSError as fault:
        raise OutputError(
            "could not write to the store",
            where=str(folder),
            found=fault.strerror or str(fault),
            expected="a folder that can be written and room on the disk",
            way_out="What is done stays done: free some space and run the same again, and it goes on from there.",
        ) from fault
