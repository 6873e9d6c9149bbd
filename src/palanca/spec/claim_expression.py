"""The language in which a claim names its figure: series, labels and a closed list of functions, parsed and typed."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from palanca.core.clock import Span
from palanca.core.errors import MonthError
from palanca.data import catalogue
from palanca.spec.faults import Fault, FaultKind, Place

MOST_MONTHS = 1200  # a century: no series is as long


@dataclass(frozen=True)
class ReadingFunction:
    """One function of the language.

    Args:
        what: What it gives, for the reference page.
        months: Least and most arguments that are months.
        bound: Whether it takes a number besides.
        unit: Unit of what it gives; empty for the unit of its argument.
    """

    what: str
    months: tuple[int, int] = (0, 1)
    bound: bool = False
    unit: str = ""


FUNCTIONS: Mapping[str, ReadingFunction] = {
    "sum": ReadingFunction("total over the months", unit="total"),
    "mean": ReadingFunction("mean of the months"),
    "highest": ReadingFunction("highest month"),
    "lowest": ReadingFunction("lowest month"),
    "at": ReadingFunction("value in the month named", months=(1, 1)),
    "change": ReadingFunction(
        "change in percent from the first month to the last; with two arguments, from the mean of one to that of the "
        "other", months=(0, 2), unit="percent",
    ),
    "usual_change": ReadingFunction(
        "change in percent into the calendar month of the last month from the month before: the median of its years",
        unit="percent",
    ),
    "year_change": ReadingFunction("change in percent on the same months a year before", unit="percent"),
    "years_since_as_high": ReadingFunction("years back to the last month that was as high", unit="years"),
    "months_until_above": ReadingFunction(
        "months from the first to the first above the number named", bound=True, unit="months"
    ),
    "percent": ReadingFunction("a ratio in percent, month by month or as one number", months=(0, 0), unit="percent"),
}  # fmt: skip

CHANGES = tuple(name for name in FUNCTIONS if name.endswith("change"))


@dataclass(frozen=True)
class SeriesTerm:
    """A series of the catalogue; labels of one axis are added up, and so is an axis of which none is named."""

    series: str
    labels: tuple[str, ...] = ()


@dataclass(frozen=True)
class PlainNumber:
    """A number as written."""

    value: float


@dataclass(frozen=True)
class DaysTerm:
    """Days in the month."""


@dataclass(frozen=True)
class Operation:
    """Two parts under one of `+ - * /`."""

    sign: str
    left: Expression
    right: Expression


@dataclass(frozen=True)
class Applied:
    """A function of a part, with the months and the number that it was given."""

    function: str
    part: Expression
    months: tuple[Span, ...] = ()
    bound: float | None = None


Expression = SeriesTerm | PlainNumber | DaysTerm | Operation | Applied


@dataclass(frozen=True)
class Meaning:
    """What an expression stands for.

    Args:
        unit: Each base unit with its power, as events 1 and month -1.
        dated: Whether it has a value a month (or year), not one in all.
        yearly: Whether its series count years; nothing where it has none.
    """

    unit: tuple[tuple[str, int], ...] = ()
    dated: bool = False
    yearly: bool | None = None

    @property
    def unit_name(self) -> str:
        """The unit as it is written, as in `events / month`; empty for a plain ratio."""
        above = [name for name, power in self.unit if power > 0]
        below = [name for name, power in self.unit if power < 0]
        return " / ".join([" ".join(above) or "1", *below]) if self.unit else ""


class ExpressionFault(Exception):
    """Carries the fault of an expression from where it is found to whoever reads the file."""

    def __init__(self, kind: FaultKind, what: str, found: str = "", expected: str = "", hint: str = "") -> None:
        super().__init__(what)
        self.fault = Fault(kind, (), what, found, expected, hint)

    def at(self, place: Place) -> Fault:
        """The fault at its place in the file."""
        found = self.fault
        return Fault(found.kind, place, found.what, found.found, found.expected, found.hint)


def meaning(found: Expression) -> Meaning:
    """Unit of an expression, and whether it has a value for each month.

    Raises:
        ExpressionFault: Parts that do not fit each other.
    """
    if isinstance(found, PlainNumber):
        return Meaning()
    if isinstance(found, DaysTerm):
        return Meaning((("days", 1), ("month", -1)), dated=True, yearly=False)
    if isinstance(found, SeriesTerm):
        row = catalogue.get(found.series)
        return Meaning(_powers(row.unit), dated=True, yearly=row.yearly)
    if isinstance(found, Operation):
        return _combined(found, meaning(found.left), meaning(found.right))
    return _applied(found, meaning(found.part))


def terms(found: Expression) -> Iterator[SeriesTerm]:
    """Every series in an expression, in the order in which they stand."""
    if isinstance(found, SeriesTerm):
        yield found
    elif isinstance(found, Operation):
        yield from terms(found.left)
        yield from terms(found.right)
    elif isinstance(found, Applied):
        yield from terms(found.part)


def dated_part(found: Expression) -> Expression | None:
    """What of an expression has a value a month, to be drawn beside the claim; nothing where no part has."""
    if meaning(found).dated:
        return found if next(terms(found), None) else None
    if isinstance(found, Applied):
        return dated_part(found.part)
    if isinstance(found, Operation):
        return dated_part(found.left) or dated_part(found.right)
    return None


def is_change(found: Expression) -> bool:
    """Whether an expression is a change, which alone has a direction."""
    return isinstance(found, Applied) and found.function in CHANGES


def axes(found: Expression) -> tuple[str, ...]:
    """Axes along which a label is named, each once."""
    named = (axis for term in terms(found) for axis in chosen(term))
    return tuple(dict.fromkeys(named))


def chosen(term: SeriesTerm) -> dict[str, tuple[str, ...]]:
    """The labels that a term names, by axis."""
    row = catalogue.get(term.series)
    given = {axis: tuple(label for label in term.labels if label in known) for axis, known in row.labels.items()}
    return {axis: labels for axis, labels in given.items() if labels}


def swapped(found: Expression, axis: str, label: str) -> Expression:
    """The expression with another label in place of those that it names along an axis."""
    if isinstance(found, SeriesTerm):
        gone = chosen(found).get(axis, ())
        kept = dict.fromkeys(label if one in gone else one for one in found.labels)  # in its place, and once
        return SeriesTerm(found.series, tuple(kept))
    if isinstance(found, Operation):
        return Operation(found.sign, swapped(found.left, axis, label), swapped(found.right, axis, label))
    if isinstance(found, Applied):
        return Applied(found.function, swapped(found.part, axis, label), found.months, found.bound)
    return found


def months_of(text: str) -> Span:
    """`2024-01`, `2024-01..2024-03`, `2023` or `2021..2023` as whole months.

    Raises:
        MonthError: It is none of these, the last precedes the first, or there are more than any series has.
    """
    first, dots, last = text.strip().partition("..")
    last = last if dots else first
    year = re.compile(r"\d{4}")
    start = f"{first}-01" if year.fullmatch(first) else first
    end = f"{last}-12" if year.fullmatch(last) else last
    span = Span.parse(start, end)
    if len(span) > MOST_MONTHS:
        raise MonthError("too many months", found=f"{len(span):,}", expected=f"{MOST_MONTHS:,} at most")
    return span


def _combined(found: Operation, left: Meaning, right: Meaning) -> Meaning:
    if None not in (left.yearly, right.yearly) and left.yearly != right.yearly and left.dated and right.dated:
        raise ExpressionFault(
            FaultKind.UNIT_MISFIT, "a series of months beside one of years", "both in one sum or ratio",
            "each within a function, such as `sum` or `mean`",
        )  # fmt: skip
    yearly = left.yearly if left.yearly is not None else right.yearly
    dated = left.dated or right.dated
    if found.sign in ("+", "-"):
        if left.unit != right.unit and left.unit and right.unit:
            raise ExpressionFault(
                FaultKind.UNIT_MISFIT, "parts of different units are added", f"{left.unit_name} and {right.unit_name}",
                "one unit",
            )  # fmt: skip
        return Meaning(left.unit or right.unit, dated, yearly)
    turned = -1 if found.sign == "/" else 1
    powers = Counter(dict(left.unit))
    for name, power in right.unit:
        powers[name] += turned * power
    return Meaning(tuple(sorted((name, power) for name, power in powers.items() if power)), dated, yearly)


def _applied(found: Applied, part: Meaning) -> Meaning:
    if found.function == "percent":
        if part.unit:
            raise ExpressionFault(
                FaultKind.UNIT_MISFIT, "`percent` takes a ratio of like things", part.unit_name, "a plain ratio"
            )
        return Meaning((("percent", 1),), part.dated, part.yearly)
    if not part.dated:
        raise ExpressionFault(FaultKind.WRONG_QUANTITY, f"`{found.function}` takes values by month", "one number")
    unit = FUNCTIONS[found.function].unit
    if unit == "total":
        time = "year" if part.yearly else "month"
        if dict(part.unit).get(time) != -1:
            raise ExpressionFault(
                FaultKind.UNIT_MISFIT, "`sum` takes counts by month or year", part.unit_name or "a plain ratio",
                "`mean`, `highest` or `lowest`",
            )  # fmt: skip
        return Meaning(tuple(pair for pair in part.unit if pair[0] != time), dated=False, yearly=part.yearly)
    return Meaning(((unit, 1),) if unit else part.unit, dated=False, yearly=part.yearly)


def _powers(unit: str) -> tuple[tuple[str, int], ...]:
    above, *below = unit.split(" / ")
    return tuple(sorted([(above, 1), *((name, -1) for name in below)]))
