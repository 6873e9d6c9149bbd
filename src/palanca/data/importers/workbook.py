"""Sheets of OHSS's monthly tables: header rows, fiscal years, months and counts, each held to its place."""

from __future__ import annotations

import io
import lzma
import re
import struct
import warnings
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from xml.etree.ElementTree import ParseError

import openpyxl
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._read_only import ReadOnlyWorksheet

from palanca.core.clock import Month, fiscal_month
from palanca.core.wording import listed
from palanca.data.importers.counts import count_or_mark
from palanca.data.importers.release import refuse

# Months in the order of a fiscal year.
MONTHS = dict(
    zip(
        ("October", "November", "December", "January", "February", "March", "April", "May", "June", "July",
         "August", "September"),
        (10, 11, 12, 1, 2, 3, 4, 5, 6, 7, 8, 9),
        strict=True,
    )
)  # fmt: skip
_FOOTNOTE = re.compile(r"(?<=[A-Za-z)])\d+$")
MOST_BYTES = 50_000_000  # unpacked; the largest release takes a quarter
MOST_CELLS = 2_000_000
Grid = list[tuple[object, ...]]
Column = tuple[str, str]


_FAULTS = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, ParseError, EOFError, OSError, RuntimeError, LookupError,
    ValueError, TypeError, AttributeError, ArithmeticError, struct.error,
)  # fmt: skip


def titles(content: bytes, where: str) -> list[str]:
    """Titles of the sheets of a workbook, without space around them.

    Raises:
        ReleaseError: The file is cut short, protected, too large, or is not a workbook.
    """
    with _opened(content, where) as book:
        return [title.strip() for title in book.sheetnames]


def open_grids(content: bytes, wanted: Sequence[str], where: str) -> dict[str, Grid]:
    """The sheets that are wanted, as rows of cells, by title; those that are not there are left out.

    Raises:
        ReleaseError: As for `titles`; or a sheet has too many cells.
    """
    with _opened(content, where) as book:
        return {
            sheet.title.strip(): _grid(sheet, f"{where}: sheet {sheet.title.strip()!r}")
            for sheet in book.worksheets
            if sheet.title.strip() in wanted
        }


@contextmanager
def _opened(content: bytes, where: str) -> Iterator[openpyxl.Workbook]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            size = sum(part.file_size for part in parts.infolist())
        if size > MOST_BYTES:
            raise refuse(
                "the workbook is too large",
                where,
                found=f"{size:,} bytes when unpacked",
                expected=f"at most {MOST_BYTES:,}",
            )
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # of styles and extensions that no figure depends on
            book = openpyxl.load_workbook(io.BytesIO(content), data_only=True, read_only=True)
            with closing(book):
                yield book
    except _FAULTS as fault:
        raise refuse(
            "cannot read this workbook",
            where,
            found=f"{len(content):,} bytes that are damaged, cut short or protected ({str(fault)[:80]})",
            expected="a whole .xlsx file without a password",
        ) from fault


def _grid(sheet: ReadOnlyWorksheet, where: str) -> Grid:
    grid, cells = [], 0
    for row in sheet.iter_rows(values_only=True):
        cells += max(len(row), 1)
        if cells > MOST_CELLS:
            raise refuse("the sheet is too large", where, found=f"more than {MOST_CELLS:,} cells", expected="fewer")
        grid.append(tuple(row))
    return grid


@dataclass(frozen=True)
class MonthRow:
    """One month of a sheet: the counts by column (group, name); None where the publisher prints a mark."""

    month: Month
    counts: dict[Column, int | None]


@dataclass(frozen=True)
class Sheet:
    """A sheet with its place for messages and the number of its header rows.

    Attributes:
        title: Name of the sheet.
        grid: Its rows of cells.
        grouped: Whether a row of group names stands above the row of column names.
        where: File and sheet, for messages.
        naming: What to read for a name of a column or group, where that is not the name itself. Columns that get
            the same names so are added up.
    """

    title: str
    grid: Grid
    grouped: bool
    where: str
    naming: Mapping[str, str] = field(default_factory=dict)

    @property
    def header_row(self) -> int:
        """Number, from 1, of the row that must hold `Fiscal Year` and `Month`."""
        return 4 if self.grouped else 3

    def columns(self) -> list[Column]:
        """Group and name of every column after `Month`, without footnote digits, by the sheet's naming.

        Raises:
            ReleaseError: The header is not where it should be, or a column stands twice; says where.
        """
        row = self.grid[self.header_row - 1] if len(self.grid) >= self.header_row else ()
        if [_text(cell) for cell in row[:2]] != ["Fiscal Year", "Month"]:
            raise refuse(
                "the header has moved",
                f"{self.where}!A{self.header_row}",
                found=self._header_elsewhere(),
                expected=f"'Fiscal Year' and 'Month' on row {self.header_row}",
            )
        names = [_text(cell) for cell in row[2:]]
        while names and not names[-1]:
            names.pop()
        groups = self._groups(len(names)) if self.grouped else [""] * len(names)
        printed = list(zip(groups, names, strict=True))
        for place, column in enumerate(printed):
            if column in printed[:place]:
                raise refuse(
                    "a column stands twice",
                    f"{self.where}!{get_column_letter(place + 3)}{self.header_row}",
                    found=f"{_named(*column)} twice",
                    expected=f"{_named(*column)} once",
                )
        return [(self.naming.get(group, group), self.naming.get(name, name)) for group, name in printed]

    def _groups(self, width: int) -> list[str]:
        current, groups = "", []
        for cell in self.grid[self.header_row - 2][2 : 2 + width]:
            current = _text(cell) or current
            groups.append(current)
        return groups + [current] * (width - len(groups))

    def _header_elsewhere(self) -> str:
        for number, row in enumerate(self.grid[:15], start=1):
            for place, cell in enumerate(row, start=1):
                if _text(cell) == "Fiscal Year":
                    return f"'Fiscal Year' in cell {get_column_letter(place)}{number}"
        return "no 'Fiscal Year' in the first 15 rows"

    def rows(self, wanted: Sequence[Column]) -> Iterator[MonthRow]:
        """Every month in order, with the counts of the wanted columns.

        Raises:
            ReleaseError: A month is repeated, missing or out of order, a count cannot be read, the months of
                a year do not add up to its total, or the sheet ends before its source line.
        """
        places = self._places(wanted)
        year, months, sums = 0, list(MONTHS), dict.fromkeys(places, 0)
        totals: dict[int, int | None] = {}
        end = self._end()
        for number in range(self.header_row + 1, end):
            row = self.grid[number - 1]
            counts = {place: self._count(row, number, place) for place in places}
            name = _text(row[1])
            if name == "Total":
                self._close(year, months, totals, sums, number, last=False)
                year = self._fiscal_year(row[0], number, year)
                months, totals, sums = list(MONTHS), counts, dict.fromkeys(places, 0)
                continue
            self._next_month(name, year, months, number)
            for place, value in counts.items():
                if value is None:
                    # The publisher's total may hold what a mark hides.
                    totals[place] = None
                sums[place] += value or 0
            yield MonthRow(fiscal_month(year, MONTHS[name]), _by_column(places, counts))
        self._close(year, months, totals, sums, end, last=True)

    def _places(self, wanted: Sequence[Column]) -> dict[int, Column]:
        """The place of each column that is wanted, from 0 for the first of a row."""
        found = self.columns()
        missing = [column for column in wanted if column not in found]
        if missing:
            raise refuse(
                "a column is missing",
                f"{self.where}!{self.header_row}:{self.header_row}",
                found=listed((_named(*c) for c in found), 14),
                expected=_named(*missing[0]),
            )
        return {place: column for place, column in enumerate(found, start=2) if column in wanted}

    def _end(self) -> int:
        """Number of the first row after the months; the publisher's source line must follow."""
        number = self.header_row + 1
        while number <= len(self.grid) and len(self.grid[number - 1]) > 1 and _text(self.grid[number - 1][1]):
            number += 1
        rest = [_text(row[0]) for row in self.grid[number - 1 :] if row]
        if not any(text.startswith("Source:") for text in rest):
            raise refuse(
                "the sheet ends early",
                f"{self.where}!A{number}",
                found="no source line below the months",
                expected="the line that starts with 'Source:'",
            )
        return number

    def _count(self, row: tuple[object, ...], number: int, place: int) -> int | None:
        cell = row[place] if place < len(row) else None
        return count_or_mark(cell, f"{self.where}!{get_column_letter(place + 1)}{number}")

    def _fiscal_year(self, cell: object, number: int, before: int) -> int:
        text = str(cell if cell is not None else "").strip().removesuffix(" YTD")
        if not (len(text) == 4 and text.isdigit()) or (before and int(text) != before + 1):
            raise refuse(
                "the fiscal years are out of order",
                f"{self.where}!A{number}",
                found=repr(cell),
                expected=str(before + 1) if before else "a fiscal year",
            )
        return int(text)

    def _next_month(self, name: str, year: int, months: list[str], number: int) -> None:
        expected = months[0] if year and months else "the Total row of a fiscal year"
        if not year or not months or name != months[0]:
            seen = bool(year) and name in MONTHS and name not in months
            raise refuse(
                "a month stands twice" if seen else "the months are out of order",
                f"{self.where}!B{number}",
                found=f"{name} of fiscal year {year}" if year else repr(name),
                expected=expected,
            )
        months.pop(0)

    def _close(
        self,
        year: int,
        months: list[str],
        totals: dict[int, int | None],
        sums: dict[int, int],
        number: int,
        *,
        last: bool,
    ) -> None:
        """Hold a fiscal year to its number of months and to its printed totals, within rounding."""
        if not year:
            return
        if months and not last:
            raise refuse(
                "a month is missing",
                f"{self.where}!B{number}",
                found=f"fiscal year {year} without {listed(months, 12)}",
                expected="twelve months in every year but the last",
            )
        slack = 5 * (len(MONTHS) - len(months) + 1)
        for place, total in totals.items():
            if total is not None and abs(total - sums[place]) > slack:
                raise refuse(
                    "the months do not add up to the year's total",
                    f"{self.where}: fiscal year {year}, {_named(*self.columns()[place - 2])}",
                    found=f"{sums[place]:,} over the months",
                    expected=f"{total:,}, give or take {slack} for rounding",
                )


def _by_column(places: Mapping[int, Column], counts: Mapping[int, int | None]) -> dict[Column, int | None]:
    """Counts by column, those of one name added up; a mark in one of them leaves their sum unknown."""
    summed: dict[Column, int | None] = {}
    for place, column in places.items():
        one, before = counts[place], summed.get(column, 0)
        summed[column] = None if one is None or before is None else before + one
    return summed


def check_known(sheet: Sheet, known: Sequence[Column]) -> None:
    """Refuse a sheet with a column that no series knows; what it may mean is not guessed at.

    Raises:
        ReleaseError: Names the column's cell.
    """
    for place, column in enumerate(sheet.columns(), start=3):
        if column not in known:
            raise refuse(
                "unknown column",
                f"{sheet.where}!{get_column_letter(place)}{sheet.header_row}",
                found=repr(_named(*column)),
                expected=listed((_named(*c) for c in known), 14),
                way_out="The publisher has changed this table; nothing was imported.",
            )


def _named(group: str, name: str) -> str:
    return f"{group} / {name}" if group else name


def _text(cell: object) -> str:
    """A header or label cell without surrounding space and without the footnote digits glued to it."""
    return "" if cell is None else _FOOTNOTE.sub("", str(cell).strip())
