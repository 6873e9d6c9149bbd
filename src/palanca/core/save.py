"""Writes files whole or not at all, one alone or several together, so that a failure never leaves a mixture."""

from __future__ import annotations

import os
import secrets
import shutil
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path, PurePath

from palanca.core import lock
from palanca.core.errors import OutputError

TEMPORARY = ".palanca-"
STAGE = f"{TEMPORARY}stage-"
_RESERVED: set[tuple[Path, int]] = set()  # by this process, with the thread: what it does inside may reserve again


def atomically(path: Path, write: Callable[[Path], None]) -> Path:
    """Let `write` fill a temporary file beside `path`, then move it into place.

    Raises:
        OutputError: The folder or the disk refused; `path` still holds what it held.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _sweep(path.parent)
        handle, temporary = _temporary(path)
    except OSError as fault:
        raise _refused(path, fault) from fault
    try:
        write(temporary)
        _flush(temporary)
        temporary.replace(path)
    except OSError as fault:
        raise _refused(path, fault) from fault
    finally:
        temporary.unlink(missing_ok=True)
        os.close(handle)
    return path


def text(path: Path, content: str) -> Path:
    """Write a text file whole or not at all."""
    return atomically(path, lambda temporary: _fill(temporary, content.encode("utf-8")))


def content(path: Path, made: bytes | memoryview) -> Path:
    """Write bytes whole or not at all; the way to save netCDF, made in memory first.

    HDF5 that writes to a full disk by itself ends the process instead of raising an error.
    """
    return atomically(path, lambda temporary: _fill(temporary, made))


@dataclass(frozen=True)
class Staged:
    """Files that will take their places in a folder together.

    Attributes:
        folder: Where they will stand.
        stage: Where they wait.
    """

    folder: Path
    stage: Path

    def text(self, name: str, content: str) -> Path:
        """Stage a text file under a name relative to the folder; returns where it will stand."""
        return self.content(name, content.encode("utf-8"))

    def content(self, name: str, made: bytes | memoryview) -> Path:
        """Stage bytes under a name relative to the folder; returns where they will stand.

        Raises:
            OutputError: The disk refused, or the name leads out of the folder.
        """
        if PurePath(name).is_absolute() or ".." in PurePath(name).parts:
            raise OutputError("a name leads out of the folder", where=str(self.folder), found=repr(name))
        waiting = self.stage / "new" / name
        try:
            waiting.parent.mkdir(parents=True, exist_ok=True)
            _fill(waiting, made)
            _flush(waiting)
        except OSError as fault:
            raise _refused(self.folder / name, fault) from fault
        return self.folder / name


@contextmanager
def together(folder: Path) -> Iterator[Staged]:
    """Write several files of one folder, all or none: they replace what was there when the block ends without error.

    Nobody else writes there meanwhile. A process killed in the middle of the swap leaves what is needed to undo
    it, and the next writer does.

    Raises:
        OutputError: The folder or the disk refused, or another is at work there; nothing was replaced.
    """
    with reserved(folder):
        stage, done = folder / f"{STAGE}{secrets.token_hex(8)}", False
        try:
            _make(stage)
            yield Staged(folder, stage)
            _swap(folder, stage)
            done = True
        finally:
            if not done:
                _undo(folder, stage)
            shutil.rmtree(stage, ignore_errors=True)


@contextmanager
def reserved(folder: Path) -> Iterator[None]:
    """Hold a folder for one's results from before the work until they are written.

    Raises:
        OutputError: It cannot be written, or another is at work there.
    """
    mine = (folder.resolve(), threading.get_ident())
    if mine in _RESERVED:
        yield
        return
    made = [one for one in (folder, *folder.parents) if not os.path.lexists(one)]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _fill(folder / f"{TEMPORARY}{secrets.token_hex(8)}", b"", keep=False)
    except OSError as fault:
        raise _refused(folder, fault) from fault
    try:
        with lock.held(folder, lambda holder: _busy(folder, holder)):
            _RESERVED.add(mine)
            _sweep(folder, locked=True)
            yield
    finally:
        _RESERVED.discard(mine)
        with suppress(OSError):  # it holds results, or another has begun there
            for one in made:
                one.rmdir()


def check_folder(folder: Path) -> None:
    """Find out before long work whether a folder can be written, and is not being written by another.

    Raises:
        OutputError: It cannot, or it is.
    """
    with reserved(folder):
        pass


def _make(stage: Path) -> None:
    try:
        for part in ("new", "old", "none"):
            (stage / part).mkdir(parents=True)
    except OSError as fault:
        raise _refused(stage.parent, fault) from fault


def _swap(folder: Path, stage: Path) -> None:
    """Note beside the staged files what stands in their places, then move each in."""
    names = sorted(path.relative_to(stage / "new") for path in (stage / "new").rglob("*") if path.is_file())
    name = Path()
    try:
        for name in names:
            _note(folder / name, stage, name)
        for name in names:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (stage / "new" / name).replace(folder / name)
    except OSError as fault:
        raise _refused(folder / name, fault) from fault


def _note(target: Path, stage: Path, name: Path) -> None:
    """Link to the old file (copy where links are not known), or leave a sign that there was none."""
    if target.is_dir():
        raise IsADirectoryError(0, "a folder of that name")
    kept = stage / ("old" if target.exists() else "none") / name
    kept.parent.mkdir(parents=True, exist_ok=True)
    if not target.exists():
        _fill(kept, b"")
        return
    try:
        kept.hardlink_to(target)
    except OSError:
        shutil.copy2(target, kept)


def _undo(folder: Path, stage: Path) -> None:
    """Put back what stood where files were moved in.

    Raises:
        OutputError: The disk refused; what is needed stays in the stage, and the next writer tries again.
    """
    path = stage
    try:
        for path in (stage / "old").rglob("*"):
            if path.is_file():
                path.replace(folder / path.relative_to(stage / "old"))
        for path in (stage / "none").rglob("*"):
            if path.is_file():
                (folder / path.relative_to(stage / "none")).unlink(missing_ok=True)
    except OSError as fault:
        raise OutputError(
            "could not put back what was there before",
            where=str(folder),
            found=f"{path.name}: {fault.strerror or fault}",
            way_out=f"It is kept in {stage}; the next command that writes to this folder puts it back.",
        ) from fault


def _sweep(folder: Path, *, locked: bool = False) -> None:
    """Remove what a killed process left: its temporary files and, with the folder's lock, a swap it did not finish."""
    for path in folder.glob(f"{TEMPORARY}*"):
        if path.is_dir():
            if locked:
                _undo(folder, path)
                shutil.rmtree(path, ignore_errors=True)
        elif sys.platform != "win32":
            with suppress(FileNotFoundError):  # its writer finished
                handle = os.open(path, os.O_RDWR)
                if lock.taken(handle):  # no living process has it
                    path.unlink(missing_ok=True)
                os.close(handle)


def _temporary(path: Path) -> tuple[int, Path]:
    """A new file beside a path, locked while its writer lives so that nobody sweeps it away."""
    while True:
        temporary = path.with_name(f"{TEMPORARY}{secrets.token_hex(8)}{path.suffix}")
        handle = os.open(temporary, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o666)
        if sys.platform == "win32" or (lock.taken(handle) and lock.is_at(handle, temporary)):
            return handle, temporary
        os.close(handle)


def _fill(path: Path, made: bytes | memoryview, *, keep: bool = True) -> None:
    path.write_bytes(made)
    if not keep:
        path.unlink()


def _flush(path: Path) -> None:
    with path.open("rb") as stream:
        os.fsync(stream.fileno())


def _busy(folder: Path, holder: str) -> OutputError:
    return OutputError(
        "another command is writing its results here",
        where=str(folder),
        found=holder,
        expected="a folder of one's own",
        way_out="Nothing was replaced. Wait for it to end, or choose another folder with --out.",
    )


def _refused(path: Path, fault: OSError) -> OutputError:
    return OutputError(
        "could not write",
        where=str(path),
        found=fault.strerror or str(fault),
        expected="a folder that can be written and room on the disk",
        way_out="Nothing was replaced. Choose another folder with --out, or free some space.",
    )
