"""Reads a declared quantity off worlds: an outcome or a part of it, its months, and what it is set against."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from palanca.core.clock import Span
from palanca.core.errors import UsageError
from palanca.model.ensemble import EVERYTHING
from palanca.questions import outcomes
from palanca.spec.facts_schema import Measure
from palanca.spec.schema import Case

REPEATS = "repeats"  # asked for by facts alone: encounters of people encountered before
NEEDED = tuple(name for name in EVERYTHING if name in {*outcomes.FIELDS, REPEATS})
Series = Callable[[str, Span], np.ndarray]

GIVE: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "level": lambda x: x,
    "ratio": lambda x: x,
    "change": lambda x: x - 1.0,
    "fall": lambda x: 1.0 - x,
    "log": np.log,
}
UNIT = {"ratio": "times", "change": "share", "fall": "share", "log": "log points"}


def check(measure: Measure, case: Case, span: Span, where: str) -> None:
    """Refuse what cannot be read.

    Args:
        measure: What is asked for.
        case: Says which parts there are.
        span: Months that can be read.
        where: File and line.

    Raises:
        UsageError: An outcome or a part of it does not exist (with the nearest name), or a month lies outside.
    """
    for text in (*measure.of, *(measure.over or ())):
        if text != REPEATS:
            outcomes.find(text, case, where=where)
    for months in (measure.months, measure.against):
        if months is not None and not (months.first in span and months.last in span):
            raise UsageError(
                "months that are not in the world",
                where=where,
                found=f"{months.first} to {months.last}",
                expected=f"months from {span.first} to {span.last}",
            )


def unit(measure: Measure) -> str:
    """Unit of what a measure gives."""
    if measure.give in UNIT:
        return UNIT[measure.give]
    if measure.over is not None or measure.against is not None or "to" in measure.world.split("_"):
        return "share" if measure.over is not None else "times"
    name = measure.of[0].partition(":")[0]
    return "events / month" if name == REPEATS else outcomes.OUTCOMES[name].unit


def read(measure: Measure, record: Series, twin: Series | None) -> np.ndarray:
    """The quantity, by draw.

    Args:
        measure: What is asked for.
        record: Means over months of an outcome by its name in the record world, (draw).
        twin: The same in the twin; none where there is none.
    """
    worlds = {"record": record, "twin": twin}
    if measure.world == "record_less_twin":
        return GIVE[measure.give](_value(measure, record) - _value(measure, twin))
    first, _, second = measure.world.partition("_to_")
    value = _value(measure, worlds[first])
    if second:
        value = value / _value(measure, worlds[second])
    return GIVE[measure.give](value)


def _value(measure: Measure, series: Series | None) -> np.ndarray:
    if series is None:
        raise UsageError("there is no twin to read", found=measure.what, way_out="Name `changes` in this step.")
    value = _amount(measure, series, measure.months)
    return value if measure.against is None else value / _amount(measure, series, measure.against)


def _amount(measure: Measure, series: Series, months: Span) -> np.ndarray:
    value = _sum(measure.of, series, months)
    return value if measure.over is None else value / _sum(measure.over, series, months)


def _sum(names: Sequence[str], series: Series, months: Span) -> np.ndarray:
    return np.asarray(np.sum([series(name, months) for name in names], axis=0))
