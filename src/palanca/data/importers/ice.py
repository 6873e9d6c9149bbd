"""ICE's detention statistics: people booked in and held, by agency of arrest, and those released to be removed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from openpyxl.utils import get_column_letter

from palanca.core.clock import Month, fiscal_month
from palanca.data.importers.counts import count
from palanca.data.importers.csvfile import MONTHS
from palanca.data.importers.release import Release, months_of, refuse
from palanca.data.importers.workbook import Grid, open_grids, titles
from palanca.data.table import Cells

SHEET, NOTES = "Detention FY", "Footnotes"
BOOK_INS, HELD, REMOVED = "ice_book_ins", "ice_population", "ice_to_removal"
SERIES = (BOOK_INS, HELD, REMOVED)
_YEAR = re.compile(r"ICE DETENTION DATA, (?:EO)?FY\s?(20\d\d)", re.ASCII)
_THROUGH = r"FY{year}\b.* ICE {what} data (?:is|are) updated through (\d\d)/(\d\d)/(\d{{4}})"
_FISCAL = ("OCT", "NOV", "DEC", "JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP")


@dataclass(frozen=True)
class Section:
    """One table of the sheet.

    Attributes:
        title: How its title begins.
        noun: What the footnotes call its data.
        series: Series that it fills.
        rows: Label of each row that is taken, by the words of the columns before the months.
        whole: Words of the row that the others add up to; empty if there is none.
        average: Whether it holds averages rather than counts.
    """

    title: str
    noun: str
    series: str
    rows: dict[tuple[str, ...], tuple[str, ...]]
    whole: tuple[str, ...] = ()
    average: bool = False


SECTIONS = (
    Section(
        "ICE Initial Book-Ins by Arresting Agency and Month",
        "Book-ins",
        BOOK_INS,
        {("CBP",): ("cbp",), ("ICE",): ("ice",)},
        ("Total",),
    ),
    Section(
        "ICE Average Daily Population by Arresting Agency, Month and Criminality",
        "Detention",
        HELD,
        {("CBP Average",): ("cbp",), ("ICE Average",): ("ice",)},
        ("Average",),
        average=True,
    ),
    Section(
        "ICE Final Book Outs by Release Reason, Month and Criminality",
        "Final Book Out",
        REMOVED,
        {("Release to Remove", "Total"): ()},
    ),
)


def read(content: bytes, where: str) -> Release:
    """Read a fiscal year's workbook; a month that its data do not cover to the last day is left out.

    Args:
        content: The whole file.
        where: The file's name, for messages.

    Raises:
        ReleaseError: The file is damaged, a table or the footnote on its last day is missing, a figure cannot be
            read, or agencies do not add up to their total.
    """
    sheet = next(title for title in titles(content, where) if title.startswith(SHEET))
    grids = open_grids(content, (sheet, NOTES), where)
    at = f"{where}: sheet {sheet!r}"
    year = _year(grids[sheet], at)
    notes = [str(cell) for row in grids.get(NOTES, []) for cell in row if isinstance(cell, str)]
    series: dict[str, Cells] = {}
    for section in SECTIONS:
        last = _last_whole(notes, section, year, f"{where}: sheet {NOTES!r}")
        cells = _cells(grids[sheet], section, year, at)
        series[section.series] = {key: value for key, value in cells.items() if key[0] <= str(last)}
    ends = [months_of(cells)[-1] for cells in series.values() if cells]
    if len(ends) < len(SECTIONS):
        raise refuse("the release holds no counts", at, expected="at least one whole month of each table")
    return Release("Detention Statistics", f"FY{year} through {max(ends)}", max(ends), series)


def _year(grid: Grid, at: str) -> int:
    for row in grid[:8]:
        if row and isinstance(row[0], str) and (match := _YEAR.search(row[0])):
            return int(match[1])
    raise refuse("the fiscal year is missing", at, expected="'ICE DETENTION DATA, FY' and a year in its first rows")


def _last_whole(notes: Sequence[str], section: Section, year: int, at: str) -> Month:
    """The last month of which every day is counted."""
    pattern = re.compile(_THROUGH.format(year=year, what=section.noun), re.ASCII)
    days = [(match[3], match[1], match[2]) for note in notes if (match := pattern.search(note))]
    if not days:
        raise refuse(
            "the last day of the data is missing", at, expected=f"'ICE {section.noun} data are updated through'"
        )
    last_year, number, day = max(days)
    month = Month.parse(f"{last_year}-{number}", where=at)
    return month if int(day) == month.days else month + -1


def _cells(grid: Grid, section: Section, year: int, at: str) -> Cells:
    header, place = _found(grid, section, at)
    names = [str(cell).strip().upper() if cell is not None else "" for cell in grid[header][place:]]
    lead = next((i for i, name in enumerate(names) if name in MONTHS), 0)
    if tuple(names[lead : lead + 12]) != _FISCAL:
        raise refuse(
            "another header",
            f"{at}!{get_column_letter(place + 1)}{header + 1}",
            found=", ".join(names[:14]),
            expected="the twelve months from Oct to Sep",
        )
    found: dict[tuple[str, ...], list[float | None]] = {}
    for words, number, row in _rows(grid, header + 1, place, lead):
        if words in section.rows or words == section.whole:
            if words in found:
                break  # the next table, of another unit, has rows of the same names
            found[words] = [
                _figure(row, place + lead + i, section, f"{at}!{get_column_letter(place + lead + i + 1)}{number}")
                for i in range(12)
            ]
    _check(found, section, at)
    return {
        (str(fiscal_month(year, MONTHS[name])), *labels): value
        for words, labels in section.rows.items()
        for name, value in zip(_FISCAL, found[words], strict=True)
        if value is not None
    }


def _found(grid: Grid, section: Section, at: str) -> tuple[int, int]:
    """Where the header of a table stands: the row below its title, from the column of the title."""
    for number, row in enumerate(grid):
        for place, cell in enumerate(row):
            if isinstance(cell, str) and cell.strip().startswith(section.title) and number + 1 < len(grid):
                return number + 1, place
    raise refuse("a table is missing", at, expected=repr(section.title))


def _rows(grid: Grid, first: int, place: int, lead: int) -> Iterator[tuple[tuple[str, ...], int, tuple[object, ...]]]:
    """Rows below a header to the first blank one; a word that stands above several rows holds for all of them."""
    above = [""] * lead
    for number, row in enumerate(grid[first:], start=first + 1):
        words = [str(cell).strip() if cell is not None else "" for cell in row[place : place + lead]]
        if not any(words):
            return
        above = [
            word or (before if i < lead - 1 else "") for i, (word, before) in enumerate(zip(words, above, strict=True))
        ]
        yield tuple(above), number, row


def _figure(row: tuple[object, ...], place: int, section: Section, at: str) -> float | None:
    cell = row[place] if place < len(row) else None
    if cell is None:
        return None
    if section.average:
        if isinstance(cell, bool) or not isinstance(cell, int | float) or not 0 <= cell < 1e6:
            raise refuse("not an average", at, found=repr(cell)[:40], expected="a number of people")
        return float(round(round(float(cell), 1)))  # as the series is rounded: whole people, from one decimal
    return float(count(cell, at))


def _check(found: dict[tuple[str, ...], list[float | None]], section: Section, at: str) -> None:
    absent = [
        " / ".join(words)
        for words in (*section.rows, *([section.whole] if section.whole else []))
        if words not in found
    ]
    if absent:
        raise refuse("a row is missing", f"{at}: {section.title}", expected=", ".join(absent))
    if not section.whole:
        return
    slack = 1.5 if section.average else 0.0  # each of three is rounded
    for place, whole in enumerate(found[section.whole]):
        parts = [found[words][place] for words in section.rows]
        if whole is None and not any(part is not None for part in parts):
            continue
        total = sum(part or 0.0 for part in parts)
        if whole is None or abs(total - whole) > slack + 1e-9:
            raise refuse(
                "the agencies do not add up to the total",
                f"{at}: {section.title}, {_FISCAL[place]}",
                found=f"{total:,g}",
                expected=f"{whole:,g}" if whole is not None else "a total",
            )
