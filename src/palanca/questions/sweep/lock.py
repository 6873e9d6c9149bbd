"""One sweep at a time on a store: a lock that the system takes back when its holder dies, however it dies."""

from __future__ import annotations

import os
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from palanca.core.errors import StoreError
from palanca.questions.sweep.disk import writing

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

NAME = ".in-use"


@contextmanager
def held(folder: Path) -> Iterator[None]:
    """Keep every other sweep out of a folder, which is made if need be.

    Raises:
        StoreError: Another sweep is at work in it.
        OutputError: The folder cannot be made.
    """
    path = folder / NAME
    with writing(folder):
        folder.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
    try:
        _take(handle, folder)
        os.ftruncate(handle, 0)
        os.pwrite(handle, f"process {os.getpid()} on {socket.gethostname()}".encode(), 0)
        yield
    finally:
        os.close(handle)  # lets go of the lock; the file stays, so that no two sweeps lock two files of one name


def _take(handle: int, folder: Path) -> None:
    try:
        if sys.platform == "win32":
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as fault:
        raise StoreError(
            "another sweep is at work in this store",
            where=str(folder),
            found=os.pread(handle, 200, 0).decode(errors="replace"),
            way_out="Wait for it to end, stop it, or name another folder. What it has done so far stays.",
        ) from fault
