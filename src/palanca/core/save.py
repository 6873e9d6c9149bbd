"""Writes a file whole or not at all, so that a failure never replaces a good result by half a one."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from pathlib import Path

from palanca.core.errors import OutputError


def atomically(path: Path, write: Callable[[Path], None]) -> Path:
    """Let `write` fill a temporary file beside `path`, then move it into place.

    Raises:
        OutputError: The folder or the disk refused; `path` still holds what it held.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=path.suffix, dir=path.parent)
        os.close(handle)
    except OSError as fault:
        raise _refused(path, fault) from fault
    temporary = Path(name)
    try:
        write(temporary)
        with temporary.open("rb") as stream:
            os.fsync(stream.fileno())
        umask = os.umask(0)
        os.umask(umask)
        temporary.chmod(0o666 & ~umask)
        temporary.replace(path)
    except OSError as fault:
        raise _refused(path, fault) from fault
    finally:
        temporary.unlink(missing_ok=True)
    return path


def check_folder(folder: Path) -> None:
    """Find out before long work whether a folder can be written.

    Raises:
        OutputError: It cannot.
    """
    probe = folder / ".palanca-probe"
    atomically(probe, lambda temporary: _fill(temporary, ""))
    probe.unlink(missing_ok=True)


def text(path: Path, content: str) -> Path:
    """Write a text file whole or not at all."""
    return atomically(path, lambda temporary: _fill(temporary, content))


def content(path: Path, made: bytes | memoryview) -> Path:
    """Write bytes whole or not at all; the way to save netCDF, made in memory first.

    HDF5 that writes to a full disk by itself ends the process instead of raising an error.
    """
    return atomically(path, lambda temporary: _pour(temporary, made))


def _fill(path: Path, content: str) -> None:
    path.write_text(content, encoding="utf-8")


def _pour(path: Path, made: bytes | memoryview) -> None:
    path.write_bytes(made)


def _refused(path: Path, fault: OSError) -> OutputError:
    return OutputError(
        "could not write",
        where=str(path),
        found=fault.strerror or str(fault),
        expected="a folder that can be written and room on the disk",
        way_out="Nothing was replaced. Choose another folder with --out, or free some space.",
    )
