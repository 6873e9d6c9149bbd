"""One writer at a time in a folder: a lock that the system takes back when its holder dies, however it dies."""

from __future__ import annotations

import os
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from palanca.core.errors import PalancaError

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

NAME = ".in-use"


@contextmanager
def held(folder: Path, refuse: Callable[[str], PalancaError]) -> Iterator[None]:
    """Keep every other process and thread out of a folder that exists; the lock's file goes when it is released.

    Args:
        folder: The folder.
        refuse: The error to raise when another holds it; takes the words that name the holder.

    Raises:
        PalancaError: What `refuse` makes.
        OSError: The folder takes no file.
    """
    path = folder / NAME
    handle = _opened(path, refuse)
    try:
        os.ftruncate(handle, 0)
        os.pwrite(handle, f"process {os.getpid()} on {socket.gethostname()}".encode(), 0)
        yield
    finally:
        if sys.platform != "win32":
            path.unlink(missing_ok=True)  # while still locked; whoever waits at the old file finds out in `is_at`
        os.close(handle)


def _opened(path: Path, refuse: Callable[[str], PalancaError]) -> int:
    while True:
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
        if not taken(handle):
            holder = os.pread(handle, 200, 0).decode(errors="replace")
            os.close(handle)
            raise refuse(holder)
        if is_at(handle, path):
            return handle
        os.close(handle)


def taken(handle: int) -> bool:
    """Lock an open file without waiting; False when another has it."""
    try:
        if sys.platform == "win32":
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def is_at(handle: int, path: Path) -> bool:
    """Whether an open file still stands under its name, and was not removed meanwhile."""
    try:
        return os.path.samestat(os.fstat(handle), path.stat())
    except FileNotFoundError:
        return False
