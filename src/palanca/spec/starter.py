"""Writes a first case, commented and sound, with figures of its own; or a copy of another case."""

from __future__ import annotations

import re
from pathlib import Path

from palanca.core import read_file, save
from palanca.core.errors import UsageError
from palanca.data import own_series
from palanca.spec import load, marks

FOLDER = Path(__file__).parent / "starter"  # its tables are made by tools/draw_starter.py
CASE = "case.yaml"
NAME = re.compile(r"[a-z][a-z0-9-]*")


def text(name: str, like: str = "") -> str:
    """The file of the first case, or a copy of another, under a name.

    Args:
        name: Name of the new case.
        like: A shipped case or a file to copy; by default the first case.

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
    source = load.find(like) if like else FOLDER / CASE
    return re.sub(r"(?m)^case: .*$", f"case: {name}", marks.text(source), count=1)


def write(name: str, path: Path | None = None, like: str = "") -> Path:
    """Write the first case with its figures to a new folder, or a copy of another case.

    A case with series of its own is copied as a folder with them, any other as one file.

    Args:
        name: Name of the new case.
        path: The new folder or file; by default NAME, or NAME.yaml for one file.
        like: A shipped case or a file to copy; by default the first case.

    Returns:
        The case file.

    Raises:
        UsageError: The name will not do, or something is already there.
        CaseFileError: There is no case `like`.
        SeriesError: A series of the case that is copied is damaged.
        OutputError: The folder refuses.
    """
    content = text(name, like)
    folder = own_series.folder_of(load.find(like)) if like else FOLDER
    place = path or Path(name if folder else f"{name}.yaml")
    if read_file.is_file(place) or read_file.is_folder(place):
        raise UsageError(
            "something is already there", where=str(place),
            found="a folder" if read_file.is_folder(place) else "a file",
            expected=f"a new {'folder' if folder else 'file'}",
            way_out="Choose another with --out; nothing was overwritten.",
        )  # fmt: skip
    if folder is None:
        return save.text(place, content)
    rows = own_series.rows(folder)
    for row in rows.values():
        there = own_series.place(place, row)
        save.content(there, read_file.content(own_series.place(folder, row), own_series.FILE))
    save.content(place / own_series.LIST, read_file.content(folder / own_series.LIST, own_series.FILE))
    return save.text(place / CASE, content)
