"""Which months can be bargained in: those that a table and its case hold; checked before anything is compiled."""

from __future__ import annotations

from palanca.core.clock import Month
from palanca.core.errors import UsageError
from palanca.spec.bargain_spec import BargainSpec
from palanca.spec.schema import Case

HORIZON = 3  # months over which arrivals are counted


def check(spec: BargainSpec, case: Case | None, month: Month | None) -> None:
    """Refuse a month that the table or the case does not hold, and a table of another case.

    Args:
        spec: The bargaining table.
        case: The case whose corridor it needs.
        month: The month asked for.

    Raises:
        UsageError: Says which months will do.
    """
    if not spec.file.flow.corridor:
        if month is not None:
            raise UsageError(
                "this table takes no month", where="--month", found=repr(str(month)), expected="nothing",
                way_out="Its flow is declared without a calendar: leave --month out.",
            )  # fmt: skip
        return
    if month is None:
        raise UsageError(
            "this table needs a month", where="--month", expected="YYYY-MM",
            way_out="Its arrivals come from the corridor, month by month: say which, as in --month 2021-03.",
        )  # fmt: skip
    if case is None:
        raise UsageError(
            "this table needs a corridor",
            where="table",
            found=spec.file.title,
            expected="a case with a fitted corridor",
        )
    span = case.span.span
    last = span.last + (1 - HORIZON)
    if not span.first <= month <= last:
        raise UsageError(
            "the month lies outside the case", where="--month", found=str(month), expected=f"{span.first} to {last}",
            way_out=f"Arrivals are counted over {HORIZON} months, all of which must lie within the case.",
        )  # fmt: skip
    strangers = [code for code in spec.parties if code not in case.countries]
    if strangers:
        raise UsageError(
            "the table is not of this case", where="--table", found=", ".join(strangers),
            expected="governments of the case: " + ", ".join(case.countries),
        )  # fmt: skip
