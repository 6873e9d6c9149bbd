"""Dates that may name a day: read them, order them, and count the share of a month they leave in force."""

from __future__ import annotations

import re
from dataclasses import dataclass

from palanca.core.clock import Month
from palanca.core.errors import MonthError

_PATTERN = re.compile(r"([0-9]{4}-[0-9]{2})-([0-9]{2})")


@dataclass(frozen=True, order=True)
class Day:
    """One day of one calendar month."""

    month: Month
    number: int

    @classmethod
    def first_of(cls, text: str) -> Day:
        """Read `YYYY-MM-DD`, or `YYYY-MM` as the first day of that month.

        Raises:
            MonthError: The text is not a date, or the month has no such day.
        """
        month, day = _read(text)
        return cls(month, day or 1)

    @classmethod
    def last_of(cls, text: str) -> Day:
        """Read `YYYY-MM-DD`, or `YYYY-MM` as the last day of that month.

        Raises:
            MonthError: The text is not a date, or the month has no such day.
        """
        month, day = _read(text)
        return cls(month, day or month.days)

    @classmethod
    def start(cls, month: Month) -> Day:
        """The first day of a month."""
        return cls(month, 1)

    @classmethod
    def end(cls, month: Month) -> Day:
        """The last day of a month."""
        return cls(month, month.days)

    def before(self) -> Day:
        """The day before this one."""
        return Day(self.month, self.number - 1) if self.number > 1 else Day.end(self.month + -1)

    def after(self) -> Day:
        """The day after this one."""
        return Day(self.month, self.number + 1) if self.number < self.month.days else Day.start(self.month + 1)

    def __str__(self) -> str:
        return f"{self.month}-{self.number:02d}"


def share(month: Month, first: Day, last: Day) -> float:
    """The share of a month's days from `first` to `last`, both included.

    Example: an order of 20 March is in force on 12 of the 31 days of March.
    """
    if first.month.index < month.index < last.month.index:
        return 1.0
    if not first.month.index <= month.index <= last.month.index:
        return 0.0
    start, end = max(first, Day.start(month)), min(last, Day.end(month))
    return max(0, end.number - start.number + 1) / month.days if start <= end else 0.0


def _read(text: str) -> tuple[Month, int]:
    """The month of a date and its day, 0 where only the month is named."""
    match = _PATTERN.fullmatch(text.strip())
    if not match:
        return Month.parse(text), 0
    month, day = Month.parse(match[1]), int(match[2])
    if not 1 <= day <= month.days:
        raise MonthError("the month has no such day", found=repr(text), expected=f"a day from 1 to {month.days}")
    return month, day
