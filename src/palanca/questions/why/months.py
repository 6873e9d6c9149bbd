"""Reads and checks the two months between which a change is shared out, before anything heavy is loaded."""

from __future__ import annotations

from palanca.core.clock import Month
from palanca.core.errors import UsageError
from palanca.spec.schema import Case

EARLIEST = 2  # months of the case before the first of the two: earlier shocks need a past
MOST = 12  # months between the two
ENCOUNTERS = "encounters"


def read(
    case: Case, first: str | None, last: str | None, outcome: str, *, episodes: bool
) -> tuple[Month, Month] | None:
    """The two months, or nothing where all changes that sources explain are wanted.

    Args:
        case: The case.
        first: The first month.
        last: The second.
        outcome: What changed.
        episodes: Whether all changes that sources explain are wanted.

    Raises:
        UsageError: Neither or both are wanted, or the months cannot be compared.
    """
    if episodes:
        if first is not None or last is not None or outcome != ENCOUNTERS:
            found = "months as well" if first is not None else f"outcome {outcome} as well"
            raise UsageError("either two months or all episodes", where="episodes", found=found)
        return None
    if first is None or last is None:
        raise UsageError(
            "no two months to compare",
            where="months",
            found=first or "none",
            expected="FIRST and LAST, YYYY-MM",
            way_out="As in: palanca why 2023-12 2024-01; or --episodes for all changes that the sources explain.",
        )
    months = Month.parse(first, where="FIRST"), Month.parse(last, where="LAST")
    check(case, *months)
    return months


def check(case: Case, first: Month, last: Month) -> None:
    """Refuse two months between which no change can be shared out.

    Raises:
        UsageError: They are not in order, too far apart, or outside the case.
    """
    span = case.span.span
    earliest = span.first + EARLIEST
    for name, month in (("FIRST", first), ("LAST", last)):
        if month not in span or month < earliest:
            raise UsageError(
                "no figures from which to take a change apart",
                where=name,
                found=str(month),
                expected=f"a month from {earliest} to {span.last}",
            )
    if last - first < 1:
        raise UsageError(
            "the second month does not come after the first",
            where="LAST",
            found=f"{first} {last}",
            expected="an earlier month, then a later one",
            way_out=f"Did you mean {last} {first}?" if last < first else "",
        )
    if last - first > MOST:
        raise UsageError(
            "the months are too far apart",
            where="LAST",
            found=f"{last - first} months",
            expected=f"{MOST} or fewer",
            way_out="Ask for a part of the time, or compare two calendar years month by month.",
        )
