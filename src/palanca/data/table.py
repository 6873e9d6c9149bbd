"""One table file, read strictly: its cells in the catalogue's order, or a refusal that names the line."""

from __future__ import annotations

import csv
import io
from functools import lru_cache
from pathlib import Path

from palanca.core import digest, read_file, units
from palanca.core.clock import Month
from palanca.core.errors import MonthError, SeriesError
from palanca.core.wording import listed
from palanca.data.catalogue import SeriesEntry

CENSORED = "0-4"
WAY_OUT = "The table was altered. Reinstall palanca, or remove the store's copy."
FILE = read_file.FileKind(SeriesError, "a table of a series", 64_000_000, WAY_OUT)
Key = tuple[str, ...]
Cells = dict[Key, float | None]


def load(series: SeriesEntry, path: Path) -> Cells:
    """Read a series' table and hold it to its row of the catalogue.

    Returns:
        Value of each cell by its key (time, then labels); None where the table reads `0-4`.

    Raises:
        SeriesError: The file is missing, or its checksum, unit, cells or span are not the catalogue's.
    """
    content = read_file.content(path, FILE)
    found = digest.of_bytes(content)
    if found != series.checksum:
        raise SeriesError(
            f"the table of {series.id} has another checksum",
            where=str(path),
            found=found,
            expected=series.checksum,
            way_out=WAY_OUT,
        )
    cells = dict(_parsed(series, content, path))
    times = sorted({key[0] for key in cells})
    if not times or (times[0], times[-1]) != (series.first, series.last):
        raise SeriesError(
            f"the table of {series.id} has another span",
            where=str(path),
            found=f"{times[0]} to {times[-1]}" if times else "no cells",
            expected=f"{series.first} to {series.last}",
            way_out=WAY_OUT,
        )
    return cells


@lru_cache(maxsize=128)  # one answer asks for a table some six times, and parsing them all takes most of a second
def _parsed(series: SeriesEntry, content: bytes, path: Path) -> Cells:
    """A table parsed once; nobody changes what is kept."""
    return parse(series, content.decode("utf-8"), where=str(path))


def parse(series: SeriesEntry, content: str, *, where: str) -> Cells:
    """Read the text of a table.

    Raises:
        SeriesError: The header, a label, a value or a repeated cell is wrong; names the line.
    """
    rows = csv.reader(io.StringIO(content))
    header, expected = next(rows, []), [*series.dims, series.unit]
    units.parse(series.unit, where=f"catalogue.csv: {series.id}")
    if header != expected:
        unit_only = header[:-1] == expected[:-1]
        raise SeriesError(
            f"the table of {series.id} has another {'unit' if unit_only else 'header'}",
            where=f"{where}:1",
            found=repr(header[-1]) if unit_only else listed(header),
            expected=repr(series.unit) if unit_only else listed(expected),
        )
    cells: Cells = {}
    for row in rows:
        at = f"{where}:{rows.line_num}"
        key = _key(series, row, at)
        if key in cells:
            raise SeriesError("a cell stands twice", where=at, found=listed(key), expected="each cell once")
        cells[key] = _value(series, row[-1], at)
    return cells


def _key(series: SeriesEntry, row: list[str], where: str) -> Key:
    if len(row) != len(series.dims) + 1:
        raise SeriesError(
            "a line has another length", where=where, found=str(len(row)), expected=str(len(series.dims) + 1)
        )
    _check_time(row[0], where, yearly=series.yearly)
    for dim, label in zip(series.dims[1:], row[1:-1], strict=True):
        if label not in series.labels[dim]:
            raise SeriesError(f"unknown {dim}", where=where, found=repr(label), expected=listed(series.labels[dim], 20))
    return tuple(row[:-1])


def _check_time(text: str, where: str, *, yearly: bool) -> None:
    if yearly:
        if not (len(text) == 4 and text.isdigit()):
            raise SeriesError("cannot read the year", where=where, found=repr(text), expected="YYYY")
        return
    if not _is_month(text):
        raise SeriesError("cannot read the month", where=where, found=repr(text), expected="YYYY-MM")


@lru_cache(maxsize=4096)  # the same few hundred months head a hundred thousand lines
def _is_month(text: str) -> bool:
    try:
        return str(Month.parse(text)) == text
    except MonthError:
        return False


def _value(series: SeriesEntry, text: str, where: str) -> float | None:
    if text == CENSORED and series.gaps == "censored":
        return None
    try:
        value = float(text)
    except ValueError:
        value = float("nan")
    if not 0 <= value < float("inf"):
        raise SeriesError("not a value", where=where, found=repr(text), expected="a number of at least 0")
    return value


def render(series: SeriesEntry, cells: Cells) -> str:
    """Write cells as the text of a table: sorted by time, then in the catalogue's order of labels."""
    order = [{label: i for i, label in enumerate(series.labels[dim])} for dim in series.dims[1:]]
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow([*series.dims, series.unit])
    for key in sorted(cells, key=lambda k: (k[0], *(o[label] for o, label in zip(order, k[1:], strict=True)))):
        writer.writerow([*key, text_of(cells[key])])
    return stream.getvalue()


def text_of(value: float | None) -> str:
    """A value as tables write it: `0-4` when censored, whole numbers without a point."""
    if value is None:
        return CENSORED
    return str(int(value)) if float(value).is_integer() else repr(value)


def checksum_of(text: str) -> str:
    """The checksum that the catalogue gives a table with this text."""
    return digest.of_bytes(text.encode("utf-8"))
