"""A user's own table of any series: a month, its labels and a count on each line, under a header that names them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from palanca.core import units
from palanca.core.clock import Month
from palanca.core.wording import listed, nearest
from palanca.data import catalogue
from palanca.data.catalogue import SeriesEntry
from palanca.data.importers import csvfile
from palanca.data.importers.counts import MOST
from palanca.data.importers.release import Release, months_of, refuse
from palanca.data.table import CENSORED, Cells, Key

COUNT = "count"
EVERYBODY = 10_000_000_000  # more people than live
STATED = ("series", "publisher", "table", "edition", "as_of")
# Units of which a value is a whole number of things, so that `count` may head the column.
COUNTED = ("people", "events", "deaths")
MARK = "#"
SHORTEST_WORD = 5  # letters; of shorter labels a near one is mostly another one (`COL` and `COD`, `UAC` and `FMUA`)
_WHOLE = re.compile(r"\d{1,12}", re.ASCII)
_DECIMAL = re.compile(r"\d{1,12}(\.\d{1,12})?", re.ASCII)
_STATEMENT = re.compile(r"#\s*(\w+)\s*:\s*(.*?)\s*", re.ASCII)
_YEAR = re.compile(r"[12]\d{3}", re.ASCII)
MEND = "Nothing was imported. The format is written in docs/reference/own-table.md."


@dataclass(frozen=True)
class Stated:
    """What the lines before the header say.

    Attributes:
        facts: Value of each statement by its name, one of `STATED`.
        lines: How many lines stand before the header.
    """

    facts: dict[str, str]
    lines: int


def is_own(text: str) -> bool:
    """Whether a text is laid out as an own table: the first line that is no statement starts with month or year."""
    for line in text.split("\n", 40)[:40]:
        if line.strip() and not line.startswith(MARK):
            return line.split(",")[0].strip() in ("month", "year")
    return False


def read(text: str, where: str, series_id: str = "") -> Release:
    """Read a table into the series that is named, or that the table itself names.

    Args:
        text: The whole file.
        where: The file's name, for messages.
        series_id: The series; may be empty if a line `# series: ID` says it.

    Raises:
        ReleaseError: No series is named or two are, the header or unit is another, a line is cut or repeated, a label
            is unknown, or a cell is not plainly a count.
        SeriesError: There is no such series.
    """
    stated = _stated(text, where)
    series = catalogue.get(_series_id(stated, series_id, where))
    names = _header(text, stated, series, where)
    cells: Cells = {}
    for at, row in csvfile.lines(text, names, where, header=stated.lines + 1):
        key = _key(series, row, at)
        value = _value(series, row[names[-1]], f"{at}: {names[-1]}")
        if key in cells:
            same = cells[key] == value
            raise refuse(
                f"a cell stands twice, with {'the same value' if same else 'different values'}",
                at,
                found=", ".join((*key, row[names[-1]])),
                expected="each cell once",
                way_out=MEND,
            )
        cells[key] = value
    if not cells:
        raise refuse("the table holds no counts", where, expected="at least one line below the header", way_out=MEND)
    last = months_of(cells)[-1]
    return Release(
        publication=stated.facts.get("table", "own table"),
        edition=stated.facts.get("edition", f"data through {last}"),
        as_of=_as_of(stated, f"{last}-12" if series.yearly else last, where),
        series={series.id: cells},
        publisher=stated.facts.get("publisher", "not stated"),
    )


def _stated(text: str, where: str) -> Stated:
    facts: dict[str, str] = {}
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip() and not line.startswith(MARK):
            return Stated(facts, number - 1)
        match = _STATEMENT.fullmatch(line)
        if not line.strip():
            continue
        if not match or match[1] not in STATED or not match[2] or match[1] in facts:
            raise refuse(
                "cannot read a line before the header",
                f"{where}:{number}",
                found=repr(line[:60]),
                expected=f"once each and with a value: {listed(f'# {name}:' for name in STATED)}",
                way_out=MEND,
            )
        facts[match[1]] = match[2]
    return Stated(facts, 0)


def _series_id(stated: Stated, given: str, where: str) -> str:
    told = stated.facts.get("series", "")
    if not (given or told) or (given and told and given != told):
        raise refuse(
            "two series are named for one table" if told else "an own table, and no series is named for it",
            where,
            found=f"--series {given} and '# series: {told}'" if told else "neither --series nor a line '# series: ID'",
            expected="one series",
            way_out="`palanca data update FILE --series ID`; `palanca data list` prints the ids.",
        )
    return given or told


def _header(text: str, stated: Stated, series: SeriesEntry, where: str) -> list[str]:
    found = csvfile.header_of("\n".join(text.split("\n")[stated.lines : stated.lines + 1]), (), where)
    units_taken = [series.unit, *([COUNT] if _counted(series) else [])]
    if found[:-1] == list(series.dims) and found[-1] in units_taken:
        return found
    unit_only = found[:-1] == list(series.dims)
    known = f"; {found[-1]!r} is a unit of something else" if unit_only and found[-1] in units.UNITS else ""
    raise refuse(
        f"a table of {series.id} in another unit" if unit_only else f"not the columns of {series.id}",
        f"{where}:{stated.lines + 1}",
        found=(repr(found[-1]) + known) if unit_only else listed((name[:40] for name in found), 12),
        expected=" or ".join(units_taken) if unit_only else ",".join([*series.dims, units_taken[-1]]),
        way_out=MEND,
    )


def _most(series: SeriesEntry) -> int:
    """The largest count believed: of a month or year, or of people who live somewhere."""
    return MOST if " / " in series.unit else EVERYBODY


def _counted(series: SeriesEntry) -> bool:
    return series.unit.split(" / ")[0] in COUNTED


def _key(series: SeriesEntry, row: dict[str, str], at: str) -> Key:
    time = row[series.dims[0]]
    if series.yearly:
        if not _YEAR.fullmatch(time):
            raise refuse("cannot read the year", at, found=repr(time[:40]), expected="YYYY", way_out=MEND)
    else:
        csvfile.calendar_month(time, at)
    for dim in series.dims[1:]:
        if row[dim] not in series.labels[dim]:
            raise refuse(
                f"unknown {dim}",
                at,
                found=repr(row[dim][:60]),
                expected=listed(series.labels[dim], 24),
                way_out=_near(row[dim], series.labels[dim]) + MEND,
            )
    return (time, *(row[dim] for dim in series.dims[1:]))


def _near(word: str, labels: tuple[str, ...]) -> str:
    hint = nearest(word, [label for label in labels if len(label) >= SHORTEST_WORD])
    return f"Did you mean {hint!r}? It was not taken for it. " if hint else ""


def _value(series: SeriesEntry, text: str, where: str) -> float | None:
    if text == CENSORED and series.gaps == "censored":
        return None
    whole = _counted(series)
    if not (_WHOLE if whole else _DECIMAL).fullmatch(text) or (whole and float(text) > _most(series)):
        raise refuse(
            "not plainly a count" if whole else "not plainly a number",
            where,
            found="an empty cell" if not text else repr(text[:40]),
            expected=f"{'digits alone, as in 1234' if whole else 'digits, and a point if need be, as in 4.2'}"
            + (f", or {CENSORED} where the publisher withholds it" if series.gaps == "censored" else ""),
            way_out="Leave out the line of a cell that is not known. " + MEND,
        )
    return float(text)


def _as_of(stated: Stated, last: str, where: str) -> str:
    given = stated.facts.get("as_of", last)
    month = csvfile.calendar_month(given, f"{where}: as_of")
    if Month.parse(month) < Month.parse(last):
        raise refuse(
            "a table that was current before its last month",
            f"{where}: as_of",
            found=month,
            expected=f"{last} or later",
            way_out=MEND,
        )
    return month
