"""The month axis: dates to month index and back, spans; no other file handles calendars."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import total_ordering

from palanca.core.errors import MonthError
from palanca.core.wording import shown

_PATTERN = re.compile(r"([0-9]{4})-([0-9]{2})(-[0-9]{1,2})?")


@total_ordering
@dataclass(frozen=True)
class Month:
    """One calendar month, counted from January of year 0."""

    index: int

    @classmethod
    def parse(cls, text: str, *, where: str = "") -> Month:
        """Read `YYYY-MM`; a day is refused, for nobody would learn that it was dropped.

        Raises:
            MonthError: The text is not a month.
        """
        match = _PATTERN.fullmatch(str(text).strip())
        found = shown(repr(text))
        if not match or not 1 <= int(match[2]) <= 12:
            raise MonthError("cannot read the month", where=where, found=found, expected="YYYY-MM")
        if match[3]:
            way_out = f"Write {match[1]}-{match[2]} for the whole month."
            expected = "YYYY-MM, without a day"
            raise MonthError("a whole month is meant", where=where, found=found, expected=expected, way_out=way_out)
        return cls(int(match[1]) * 12 + int(match[2]) - 1)

    @property
    def year(self) -> int:
        """Calendar year."""
        return self.index // 12

    @property
    def number(self) -> int:
        """Calendar month, 1 for January."""
        return self.index % 12 + 1

    @property
    def days(self) -> int:
        """Days in the month."""
        return calendar.monthrange(self.year, self.number)[1]

    def __add__(self, months: int) -> Month:
        return Month(self.index + months)

    def __sub__(self, other: Month) -> int:
        return self.index - other.index

    def __lt__(self, other: Month) -> bool:
        return self.index < other.index

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.number:02d}"


@dataclass(frozen=True)
class Span:
    """A run of whole months, both ends included."""

    first: Month
    last: Month

    @classmethod
    def parse(cls, first: str, last: str, *, where: str = "") -> Span:
        """Read two months and check their order.

        Raises:
            MonthError: A month cannot be read, or the last precedes the first.
        """
        span = cls(Month.parse(first, where=where), Month.parse(last, where=where))
        if span.last < span.first:
            raise MonthError(
                "the span ends before it starts",
                where=where,
                found=f"{first} to {last}",
                expected="the earlier month first",
            )
        return span

    def __len__(self) -> int:
        return self.last - self.first + 1

    def __iter__(self) -> Iterator[Month]:
        return (self.first + i for i in range(len(self)))

    def __contains__(self, month: Month) -> bool:
        return self.first <= month <= self.last

    def position(self, month: Month, *, where: str = "") -> int:
        """Place of a month on this axis, 0 for the first.

        Raises:
            MonthError: The month lies outside the span.
        """
        if month not in self:
            raise MonthError(
                "month outside the span",
                where=where,
                found=str(month),
                expected=f"{self.first} to {self.last}",
            )
        return month - self.first

    def labels(self) -> list[str]:
        """Every month of the span as `YYYY-MM`."""
        return [str(month) for month in self]


def fiscal_month(fiscal_year: int, month_number: int) -> Month:
    """The calendar month of a United States fiscal year, which starts in October of the year before."""
    year = fiscal_year - 1 if month_number >= 10 else fiscal_year
    return Month(year * 12 + month_number - 1)
