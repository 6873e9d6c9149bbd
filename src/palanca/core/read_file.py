"""The one door to a file that a user names: regular, of limited size, its faults turned into palanca's own errors."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass
from pathlib import Path

from palanca.core.errors import PalancaError
from palanca.core.wording import shown

LONGEST_NAME = 255
LONGEST_PATH = 4096
_KINDS = {
    stat.S_IFDIR: "a folder",
    stat.S_IFIFO: "a named pipe",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
    stat.S_IFSOCK: "a socket",
}


@dataclass(frozen=True)
class FileKind:
    """What a reader takes, and the error that it raises otherwise.

    Args:
        error: Class of the error.
        expected: What the file should be, as in `a YAML file`.
        most_bytes: Size beyond which nothing is read [bytes].
        way_out: What to do when the file is not there or cannot be opened.
    """

    error: type[PalancaError]
    expected: str
    most_bytes: int
    way_out: str = ""

    def refusal(self, path: str | Path, found: str, *, what: str = "cannot read the file") -> PalancaError:
        """The error for a file of this kind."""
        return self.error(what, where=shown(str(path)), found=found, expected=self.expected, way_out=self.way_out)


def is_file(path: str | Path) -> bool:
    """Whether something other than a folder stands at a path; False for what no path can be."""
    mode = _mode(path)
    return mode is not None and not stat.S_ISDIR(mode)


def is_folder(path: str | Path) -> bool:
    """Whether a folder stands at a path; False for what no path can be."""
    mode = _mode(path)
    return mode is not None and stat.S_ISDIR(mode)


def content(path: str | Path, kind: FileKind) -> bytes:
    """The bytes of a file; never more than the limit, even if the file grows meanwhile.

    Raises:
        PalancaError: Of the kind's class: no such file, not a regular one, too large, or it cannot be read.
    """
    try:
        with os.fdopen(_opened(path, kind), "rb") as stream:
            read = stream.read(kind.most_bytes + 1)
    except OSError as fault:
        raise kind.refusal(path, fault.strerror or str(fault)) from fault
    if len(read) > kind.most_bytes:
        raise _too_large(path, kind)
    return read


def text(path: str | Path, kind: FileKind) -> str:
    """The text of a file in UTF-8, without a byte order mark; any line end becomes one character.

    Raises:
        PalancaError: Of the kind's class: as `content`, or the bytes are not UTF-8.
    """
    read = content(path, kind)
    try:
        decoded = read.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        line = read.count(b"\n", 0, fault.start) + 1
        raise kind.error(
            "not text in UTF-8",
            where=f"{shown(str(path))}:{line}",
            found=f"the byte 0x{read[fault.start]:02x}",
            expected=f"{kind.expected} in UTF-8",
            way_out="Save it as UTF-8: most editors offer this under 'Save as'.",
        ) from fault
    return decoded.replace("\r\n", "\n").replace("\r", "\n")


def _mode(path: str | Path) -> int | None:
    try:
        return os.stat(path).st_mode
    except (OSError, ValueError):  # ValueError: a path with a null character
        return None


def _opened(path: str | Path, kind: FileKind) -> int:
    """A descriptor of a regular file; nothing waits for the other end of a pipe."""
    _fits(path, kind)
    try:
        _regular(os.stat(path), path, kind)
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    except OSError as fault:
        raise kind.refusal(path, fault.strerror or str(fault)) from fault
    try:
        # What stood there may have been replaced since.
        _regular(os.fstat(handle), path, kind)
    except PalancaError:
        os.close(handle)
        raise
    return handle


def _fits(path: str | Path, kind: FileKind) -> None:
    given = str(path)
    if "\0" in given:
        raise kind.refusal(path, "a null character in its name")
    if len(os.fsencode(given)) > LONGEST_PATH or any(
        len(os.fsencode(part)) > LONGEST_NAME for part in Path(given).parts
    ):
        raise kind.refusal(path, f"a name longer than {LONGEST_NAME} bytes, or a path longer than {LONGEST_PATH:,}")


def _regular(found: os.stat_result, path: str | Path, kind: FileKind) -> None:
    if not stat.S_ISREG(found.st_mode):
        named = _KINDS.get(stat.S_IFMT(found.st_mode), "something else")
        raise kind.refusal(path, named, what="not a regular file")
    if found.st_size > kind.most_bytes:
        raise _too_large(path, kind)


def _too_large(path: str | Path, kind: FileKind) -> PalancaError:
    return kind.refusal(path, f"more than {kind.most_bytes:,} bytes", what="the file is too large")
