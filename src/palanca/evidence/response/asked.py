"""From which months forecasts that are told the levers start; read and checked before anything heavy is loaded."""

from __future__ import annotations

from palanca.core.clock import Month
from palanca.core.errors import UsageError
from palanca.core.wording import nearest
from palanca.evidence.response.record import HOLDOUT, YEARS
from palanca.spec.schema import Case

FITTED_TO = Month.parse(
    "2024-08"
)  # last month known to the hold-out's fit: before an election and all that followed it
FIRST_YEAR = 2015
YEAR = 12


def read(case: Case, fitted_to: str | None, only: str | None) -> tuple[Month, str | None]:
    """The last month known to the hold-out's fit, and which exercise is wanted alone.

    Raises:
        UsageError: No forecast from the month can be scored, or there is no such exercise.
        MonthError: The month is none.
    """
    if only not in (None, HOLDOUT, YEARS):
        hint = nearest(only, (HOLDOUT, YEARS))
        raise UsageError(
            "no such exercise",
            where="--only",
            found=repr(only),
            expected=f"{HOLDOUT} or {YEARS}",
            way_out=f"Did you mean {hint!r}?" if hint else "",
        )
    month = FITTED_TO if fitted_to is None else Month.parse(fitted_to, where="--fitted-to")
    check(case, month)
    return month, only


def check(case: Case, fitted_to: Month) -> None:
    """Refuse a month from which no forecast can be scored.

    Raises:
        UsageError: The case ends with it, or begins less than two years before.
    """
    span = case.span.span
    if not span.first + 2 * YEAR <= fitted_to < span.last:
        raise UsageError(
            "no forecast from there can be scored",
            where="--fitted-to",
            found=str(fitted_to),
            expected=f"a month from {span.first + 2 * YEAR} to {span.last + -1}",
        )


def januaries(case: Case) -> list[Month]:
    """Every January from which a forecast can start: with a year of figures before it, and a month after."""
    span = case.span.span
    first = max(FIRST_YEAR, (span.first + YEAR).year)
    months = [Month.parse(f"{year}-01") for year in range(first, span.last.year + 1)]
    return [month for month in months if span.first + YEAR <= month < span.last]


def arguments(*, again: bool, fitted_to: str | None, only: str | None) -> dict[str, object]:
    """What is asked, as plain values by which it is asked again."""
    return {"again": again, "fitted_to": fitted_to, "only": only}
