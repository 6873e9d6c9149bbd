"""Writes a first case file, commented and sound, for a user to change."""

from __future__ import annotations

import re
from pathlib import Path

from palanca.core import read_file, save
from palanca.core.errors import UsageError
from palanca.spec import load, marks

_TEMPLATE = Path(__file__).parent / "starter.yaml"
NAME = re.compile(r"[a-z][a-z0-9-]*")


def text(name: str, like: str = "") -> str:
    """The starter case, or a copy of another, under a name.

    Args:
        name: Name of the new case.
        like: A shipped case or a file to copy; by default the starter.

    Raises:
        UsageError: The name is not made of small letters, digits and hyphens.
        CaseFileError: There is no case `like`.
    """
    if not NAME.fullmatch(name):
        raise UsageError(
            "not a name for a case",
            found=repr(name),
            expected="small letters, digits and hyphens, a letter first",
        )
    source = load.find(like) if like else _TEMPLATE
    return re.sub(r"(?m)^case: .*$", f"case: {name}", marks.text(source), count=1)


def write(name: str, path: Path, like: str = "") -> Path:
    """Write the starter case, or a copy of another, to a new file.

    Raises:
        UsageError: The name will not do, or the file is already there.
        OutputError: The folder refuses.
    """
    content = text(name, like)
    if read_file.is_file(path) or read_file.is_folder(path):
        raise UsageError(
            "the file is already there", where=str(path), found="a file", expected="a new file",
            way_out="Choose another with --out; nothing was overwritten.",
        )  # fmt: skip
    return save.text(path, content)
