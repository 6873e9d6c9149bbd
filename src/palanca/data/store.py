"""A user's store: the releases taken in, each kept whole and never altered, and the list that names them all."""

from __future__ import annotations

import csv
import io
import os
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from palanca.core import read_file
from palanca.core.errors import SeriesError
from palanca.core.wording import listed
from palanca.data import catalogue
from palanca.data.catalogue import SeriesEntry

VARIABLE = "PALANCA_STORE"
LIST = "catalogue.csv"
VINTAGES = "vintages"
VERSION_FILE = "version"
VERSION = "2"  # of the layout: what the list, the tables and their places mean
REBUILD = (
    "Nothing was altered. Take the releases into a new folder, `palanca data update FILE --store NEW`; the "
    "tables under vintages/ say which they are."
)


@dataclass(frozen=True)
class Store:
    """What a store holds.

    Attributes:
        folder: Where it lies.
        rows: One for each edition of a series, in the order in which they were taken in. `file` is a path below
            the folder.
    """

    folder: Path
    rows: tuple[SeriesEntry, ...]

    def of(self, series_id: str) -> list[SeriesEntry]:
        """The editions of one series, in the order in which they were taken in."""
        return [row for row in self.rows if row.id == series_id]


NONE = Store(Path(), ())
FILE = read_file.FileKind(SeriesError, "the version of a store", 1_000, REBUILD)


def default_folder() -> Path:
    """The folder of `$PALANCA_STORE`, or one for palanca among the user's data."""
    chosen = os.environ.get(VARIABLE)
    if chosen:
        return Path(chosen)
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", Path.home() / "AppData" / "Local")) / "palanca"
    return Path(os.environ.get("XDG_DATA_HOME", Path.home() / ".local" / "share")) / "palanca"


def opened(folder: Path) -> Store:
    """A store that exists, its list held against the files that are there.

    Raises:
        SeriesError: There is none, it is of another version, its list cannot be read, or a table is missing or stands
            in no list.
    """
    if not read_file.is_file(folder / LIST):
        if tables := _tables(folder):
            raise _damaged(folder / LIST, "no list", f"one that names {listed(sorted(tables), 4)}")
        raise SeriesError(
            "there is no store of figures here",
            where=str(folder),
            found="a folder without figures" if read_file.is_folder(folder) else "no such folder",
            expected="a folder that `palanca data update` has filled",
            way_out=f"Correct --store or {VARIABLE}; without them the packaged figures are used.",
        )
    _check_version(folder)
    rows = tuple(catalogue.rows_of(folder / LIST, REBUILD))
    named = {row.file for row in rows}
    if wrong := sorted(named ^ _tables(folder)):
        found = [f"{name} {'missing' if name in named else 'in no list'}" for name in wrong]
        raise _damaged(folder, listed(found, 4), "the tables that its list names")
    return Store(folder, rows)


def used(folder: Path | None = None) -> Store:
    """The store that a command uses: one that is named, there or in `$PALANCA_STORE`; else the usual one, if any.

    Raises:
        SeriesError: As for `opened`.
    """
    usual = default_folder()
    if folder is None and not os.environ.get(VARIABLE) and not read_file.is_file(usual / LIST):
        return NONE
    return opened(folder or usual)


def begun(folder: Path) -> Store:
    """A store to add to: one that exists, or a new one where there is none."""
    if read_file.is_file(folder / LIST) or _tables(folder):
        return opened(folder)
    return Store(folder, ())


def list_of(rows: Iterable[SeriesEntry]) -> str:
    """The text of a store's list."""
    stream = io.StringIO()
    writer = csv.DictWriter(stream, catalogue.COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(catalogue.to_row(row) for row in rows)
    return stream.getvalue()


def file_of(row: SeriesEntry) -> str:
    """Where the table of an edition lies below the folder; another table never gets the same name."""
    return f"{VINTAGES}/{row.id}/{row.as_of}.{row.checksum}.csv"


def _check_version(folder: Path) -> None:
    path = folder / VERSION_FILE
    found = read_file.content(path, FILE).decode("utf-8", "replace").strip() if read_file.is_file(path) else ""
    if found != VERSION:
        raise SeriesError(
            "a store of another version of palanca",
            where=str(path),
            found=f"version {found[:20]!r}" if found else "no version, as before version 2",
            expected=f"version {VERSION}",
            way_out=REBUILD,
        )


def _tables(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in (folder / VINTAGES).rglob("*") if path.is_file()}


def _damaged(path: Path, found: str, expected: str) -> SeriesError:
    return SeriesError("the store is damaged", where=str(path), found=found, expected=expected, way_out=REBUILD)
