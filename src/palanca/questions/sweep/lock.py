"""One sweep at a time on a store."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from palanca.core import lock
from palanca.core.errors import StoreError
from palanca.questions.sweep.disk import writing

NAME = lock.NAME


@contextmanager
def held(folder: Path) -> Iterator[None]:
    """Keep every other sweep out of a folder, which is made if need be.

    Raises:
        StoreError: Another sweep is at work in it.
        OutputError: The folder cannot be made.
    """
    with writing(folder):
        folder.mkdir(parents=True, exist_ok=True)
        locked = lock.held(folder, lambda holder: _busy(folder, holder))
    with locked:
        yield


def _busy(folder: Path, holder: str) -> StoreError:
    return StoreError(
        "another sweep is at work in this store",
        where=str(folder),
        found=holder,
        way_out="Wait for it to end, stop it, or name another folder. What it has done so far stays.",
    )
