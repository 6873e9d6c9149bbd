"""Months from which a backtest starts, and those from which no forecast can be scored."""

from __future__ import annotations

from palanca.core.clock import Month
from palanca.core.errors import UsageError
from palanca.spec.schema import Case

FIRST = Month.parse("2014-01")


def starts(case: Case, every: int = 1, first: Month | None = None, last: Month | None = None) -> list[Month]:
    """Months to start from.

    Args:
        case: The case.
        every: Months from one start to the next.
        first: First start; the earliest possible if not given.
        last: Last start; the latest possible if not given.

    Raises:
        UsageError: There is none, or a forecast from there cannot be scored.
    """
    latest = case.span.last + (-1)  # of the last month itself nothing is known a month ahead
    for name, month in (("--from", first), ("--until", last)):
        if month is not None and not FIRST <= month <= latest:
            raise UsageError(
                "no forecast from there can be scored",
                where=name,
                found=str(month),
                expected=f"a month from {FIRST} to {latest}",
                way_out="Starts need a year of figures before them to fit on, and a month after them to be scored.",
            )
    begin, end = first or FIRST, last or latest
    if end < begin or every < 1:
        raise UsageError(
            "no month to start from",
            where="--until" if end < begin else "--every",
            found=f"{begin} to {end}" if end < begin else str(every),
            expected="--from before --until" if end < begin else "1 or more",
        )
    return [begin + i for i in range(0, end - begin + 1, every)]
