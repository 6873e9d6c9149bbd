"""Which levers are taken away, from which month and for how long; read and checked before anything heavy is loaded."""

from __future__ import annotations

from dataclasses import dataclass

from palanca.core.clock import Month
from palanca.core.errors import UsageError
from palanca.spec import schedule, tables
from palanca.spec.schema import Case


@dataclass(frozen=True)
class LeverScope:
    """What is taken away.

    Args:
        month: First month without a lever.
        months: For how many months.
        levers: Short names of the levers in force in that month whose effect an equation computes.
        silent: Those in force that are recorded only.
    """

    month: Month
    months: int
    levers: tuple[str, ...]
    silent: tuple[str, ...]

    @property
    def last(self) -> Month:
        """Last month without a lever."""
        return self.month + (self.months - 1)


def read(case: Case, month: str | None, months: int) -> LeverScope:
    """Read what is asked for.

    Args:
        case: The case.
        month: First month without a lever, `YYYY-MM`; by default the last from which the case holds all months.
        months: For how many months.

    Raises:
        UsageError: The months lie outside the case, or no lever that acts is in force then.
        MonthError: The month is none.
    """
    span = case.span.span
    if not 1 <= months <= len(span):
        raise UsageError("cannot read the length", where="--for", found=str(months), expected=f"1 to {len(span)}")
    latest = span.last + (1 - months)
    begin = latest if month is None else Month.parse(month, where="MONTH")
    if not span.first <= begin <= latest:
        raise UsageError(
            "these months lie outside the case",
            where="MONTH",
            found=f"{months} month{'s' if months > 1 else ''} from {begin}",
            expected=f"a first month from {span.first} to {latest}",
        )
    place = span.position(begin)
    in_force = dict.fromkeys(one.lever for one in schedule.settings(case) if one.in_force[place] > 0.0)
    acting = {name: tables.mechanisms()[case.levers[name].mechanism].acts for name in in_force}
    found = tuple(name for name, acts in acting.items() if acts)
    if not found:
        raise UsageError("no lever that acts is in force", where="MONTH", found=str(begin))
    return LeverScope(begin, months, found, tuple(name for name, acts in acting.items() if not acts))
