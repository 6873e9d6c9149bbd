"""The series of a user's own case: `series.csv` and `tables/` beside its file, in the catalogue's layout."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

from palanca.core import digest, read_file, units
from palanca.core.clock import Month
from palanca.core.errors import MonthError, SeriesError
from palanca.core.wording import listed
from palanca.data import catalogue, table
from palanca.data.catalogue import SeriesEntry

LIST = "series.csv"
TABLES = "tables"
WAY_OUT = "`palanca case new NAME` writes a folder whose series.csv and tables can be copied."
FILE = read_file.FileKind(SeriesError, "a table of a case's own series", 64_000_000, WAY_OUT)
NONE: Mapping[str, SeriesEntry] = MappingProxyType({})


def folder_of(case: str | Path) -> Path | None:
    """The folder of a case file that has a list of its own series beside it; nothing for any other case."""
    path = Path(case)
    return path.parent if read_file.is_file(path) and read_file.is_file(path.parent / LIST) else None


def rows(folder: Path | None) -> Mapping[str, SeriesEntry]:
    """The series of a case's own folder by id; none without a folder.

    `first`, `last` and `checksum` may be left empty: they are then taken from the table. Where they are stated, the
    table is held to them.

    Raises:
        SeriesError: The list or a table is missing or damaged, two series have one id, an id is a packaged one's, or
            a table is not what its row says; names the file and line.
    """
    if folder is None:
        return NONE
    found: dict[str, SeriesEntry] = {}
    for row in catalogue.rows_of(folder / LIST, WAY_OUT):
        where = f"{folder / LIST}: {row.id}"
        if row.id in found or row.id in catalogue.entries():
            twin = "another of the case" if row.id in found else "a packaged series"
            raise SeriesError(
                "an id that is taken", where=where, found=f"the id of {twin}", expected="an id of its own",
                way_out="Rename it here, in the name of its table and in the case.",
            )  # fmt: skip
        _check(row, where)
        found[row.id] = _completed(row, folder / TABLES / row.file, where)
    return MappingProxyType(found)


def place(folder: Path, row: SeriesEntry) -> Path:
    """The file of the table of an own series."""
    return folder / TABLES / row.file


def _check(row: SeriesEntry, where: str) -> None:
    """Hold a row to what may stand in it."""
    units.parse(row.unit, where=where)
    time, *others = row.dims
    wrong = [
        (not row.id.isidentifier(), "id", row.id, "letters, digits and underscores"),
        (row.file != f"{row.id}.csv", "file", row.file, f"{row.id}.csv"),
        (time not in ("month", "year"), "dims", time, "`month` or `year` first"),
        (set(others) != set(row.labels) or not all(row.labels.values()), "labels", listed(row.labels), listed(others)),
        (any(len(set(names)) < len(names) for names in row.labels.values()), "labels", "a label twice", "each once"),
        (not row.publisher or not row.table, "publisher and table", "none", "who published it, and in which table"),
        (bool(row.joined), "as_of", "several editions", "one month, YYYY-MM, or nothing"),
    ]
    for holds, key, found, expected in wrong:
        if holds:
            raise SeriesError(f"`{key}` of a series", where=where, found=found, expected=expected, way_out=WAY_OUT)
    if row.as_of:
        try:
            Month.parse(row.as_of, where=where)
        except MonthError as fault:
            raise SeriesError("`as_of` of a series", where=where, found=row.as_of, expected="YYYY-MM") from fault


def _completed(row: SeriesEntry, path: Path, where: str) -> SeriesEntry:
    """The row with the span and the checksum of its table, which must be those that it states."""
    content = read_file.content(path, FILE)
    try:
        cells = table.parse(row, content.decode("utf-8"), where=str(path))
    except UnicodeDecodeError as fault:
        raise SeriesError("not text", where=str(path), found=str(fault)[:80], expected="UTF-8") from fault
    times = sorted({key[0] for key in cells})
    if not times:
        raise SeriesError("a table without a line", where=str(path), expected="a line for each cell", way_out=WAY_OUT)
    told = {"first": times[0], "last": times[-1], "checksum": digest.of_bytes(content)}
    for name, value in told.items():
        stated = getattr(row, name)
        if stated and stated != value:
            raise SeriesError(
                f"the table of {row.id} is not what `{name}` says", where=where, found=value, expected=stated,
                way_out=f"Correct `{name}`, or leave it empty: it is then taken from the table.",
            )  # fmt: skip
    return replace(row, first=told["first"], last=told["last"], checksum=told["checksum"])
