"""Writes a first case file, commented and sound, for a user to change."""

from __future__ import annotations

import re
from pathlib import Path

from palanca.core import save
from palanca.core.errors import UsageError

_TEMPLATE = Path(__file__).parent / "starter.yaml"
NAME = re.compile(r"[a-z][a-z0-9-]*")


def text(name: str) -> str:
    """The starter case under a name.

    Raises:
        UsageError: The name is not made of small letters, digits and hyphens.
    """
    if not NAME.fullmatch(name):
        raise UsageError(
            "not a name for a case",
            found=repr(name),
            expected="small letters, digits and hyphens, a letter first",
        )
    return _TEMPLATE.read_text(encoding="utf-8").replace("case: NAME", f"case: {name}", 1)


def write(name: str, path: Path) -> Path:
    """Write the starter case to a new file.

    Raises:
        UsageError: The name will not do, or the file is already there.
        OutputError: The folder refuses.
    """
    content = text(name)
    if path.exists():
        raise UsageError(
            "the file is already there", where=str(path), found="a file", expected="a new file",
            way_out="Choose another with --out; nothing was overwritten.",
        )  # fmt: skip
    return save.text(path, content)
