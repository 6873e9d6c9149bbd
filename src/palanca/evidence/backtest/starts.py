"""Months from which a backtest starts, and those from which no forecast can be scored."""

from __future__ import annotations

from palanca.core.clock import Month
from palanca.core.errors import UsageError
from palanca.evidence.backtest import regimes
from palanca.spec.schema import Case

LEAST = 3  # months of the case before the first January from which anything is fitted


def earliest(case: Case) -> Month:
    """First month of a case to start from: parameters rest on the months before its year."""
    enough = case.span.span.first + LEAST
    return enough if enough.number == 1 else Month.parse(f"{enough.year + 1}-01")


def starts(case: Case, every: int = 1, first: Month | None = None, last: Month | None = None) -> list[Month]:
    """Months to start from.

    Args:
        case: The case.
        every: Months from one start to the next.
        first: First start; if not given, that of the first stretch that is scored, or the earliest possible.
        last: Last start; the latest possible if not given.

    Raises:
        UsageError: There is none, or a forecast from there cannot be scored.
    """
    latest = case.span.last + (-1)  # of the last month itself nothing is known a month ahead
    soonest = earliest(case)
    for name, month in (("--from", first), ("--until", last)):
        if month is not None and not soonest <= month <= latest:
            raise UsageError(
                "no forecast from there can be scored",
                where=name,
                found=str(month),
                expected=f"a month from {soonest} to {latest}",
                way_out="Parameters rest on months of the case before the start's year; a month after it is scored.",
            )
    usual = [one.first for one in regimes.of(case.case).regimes]
    begin, end = first or max([soonest, *usual[:1]]), last or latest
    if end < begin or every < 1:
        raise UsageError(
            "no month to start from",
            where="--until" if end < begin else "--every",
            found=f"{begin} to {end}" if end < begin else str(every),
            expected="--from before --until" if end < begin else "1 or more",
        )
    return [begin + i for i in range(0, end - begin + 1, every)]
