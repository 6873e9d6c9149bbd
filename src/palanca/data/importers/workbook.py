"""Sheets of OHSS's monthly tables: header rows, fiscal years, months and counts, each held to its place."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import ParseError

import openpyxl
from openpyxl.utils import get_column_letter

from palanca.core.clock import Month, fiscal_month
from palanca.core.wording import listed, nearest
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
Grid = list[tuple[object, ...]]
Column = tuple[str, str]


def open_grids(content: bytes, where: str) -> dict[str, Grid]:
    """Every sheet of a workbook as rows of cells, by its title.

    Raises:
        ReleaseError: The file is cut short or is not a workbook.
    """
    try:
        book = openpyxl.load_workbook(io.BytesIO(content), data_only=True, read_only=True)
        grids = {sheet.title: [tuple(row) for row in sheet.iter_rows(values_only=True)] for sheet in book}
        book.close()
    except (zipfile.BadZipFile, zlib.error, KeyError, EOFError, ParseError, ValueError, OSError) as fault:
        raise refuse(
            "the workbook is damaged or cut short",
            where,
            found=f"{len(content):,} bytes that do not unpack ({type(fault).__name__})",
            expected="a whole .xlsx file",
        ) from fault
    return grids


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
    """

    title: str
    grid: Grid
    grouped: bool
    where: str

    @property
    def header_row(self) -> int:
        """Number, from 1, of the row that must hold `Fiscal Year` and `Month`."""
        return 4 if self.grouped else 3

    def columns(self) -> list[Column]:
        """Group and name of every column after `Month`, without footnote digits.

        Raises:
            ReleaseError: The header is not where it should be; says where it was found.
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
        return list(zip(groups, names, strict=True))

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
        year, months, sums = 0, list(MONTHS), dict.fromkeys(wanted, 0)
        totals: dict[Column, int | None] = {}
        end = self._end()
        for number in range(self.header_row + 1, end):
            row = self.grid[number - 1]
            counts = {column: self._count(row, number, place) for column, place in places.items()}
            name = _text(row[1])
            if name == "Total":
                self._close(year, months, totals, sums, number, last=False)
                year = self._fiscal_year(row[0], number, year)
                months, totals, sums = list(MONTHS), counts, dict.fromkeys(wanted, 0)
                continue
            self._next_month(name, year, months, number)
            for column, value in counts.items():
                if value is None:
                    # The publisher's total may hold what a mark hides.
                    totals[column] = None
                sums[column] += value or 0
            yield MonthRow(fiscal_month(year, MONTHS[name]), counts)
        self._close(year, months, totals, sums, end, last=True)

    def _places(self, wanted: Sequence[Column]) -> dict[Column, int]:
        found = self.columns()
        repeated = [column for column in wanted if found.count(column) > 1]
        missing = [column for column in wanted if column not in found]
        if repeated or missing:
            shown = _named(*(repeated or missing)[0])
            raise refuse(
                "a column stands twice" if repeated else "a column is missing",
                f"{self.where}!{self.header_row}:{self.header_row}",
                found=f"{shown} twice" if repeated else listed((_named(*c) for c in found), 14),
                expected=f"{shown} once" if repeated else shown,
            )
        return {column: found.index(column) + 2 for column in wanted}

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
        totals: dict[Column, int | None],
        sums: dict[Column, int],
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
        for column, total in totals.items():
            if total is not None and abs(total - sums[column]) > slack:
                raise refuse(
                    "the months do not add up to the year's total",
                    f"{self.where}: fiscal year {year}, {_named(*column)}",
                    found=f"{sums[column]:,} over the months",
                    expected=f"{total:,}, give or take {slack} for rounding",
                )


def check_known(sheet: Sheet, known: Sequence[Column]) -> None:
    """Refuse a sheet with a column that no series knows.

    Raises:
        ReleaseError: Names the column's cell and the nearest known name.
    """
    for place, column in enumerate(sheet.columns(), start=3):
        if column not in known:
            hint = nearest(_named(*column), [_named(*c) for c in known])
            raise refuse(
                "unknown column",
                f"{sheet.where}!{get_column_letter(place)}{sheet.header_row}",
                found=repr(_named(*column)),
                expected=f"{hint!r}" if hint else listed((_named(*c) for c in known), 14),
                way_out="The publisher has changed this table; nothing was imported.",
            )


def _named(group: str, name: str) -> str:
    return f"{group} / {name}" if group else name


def _text(cell: object) -> str:
    """A header or label cell without surrounding space and without the footnote digits glued to it."""
    return "" if cell is None else _FOOTNOTE.sub("", str(cell).strip())
