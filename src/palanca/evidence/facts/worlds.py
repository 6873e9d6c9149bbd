"""Probes of the flow of people: history and its twin, months drawn ahead, the season, the split of a change."""

from __future__ import annotations

from dataclasses import dataclass

import jax.numpy as jnp
import numpy as np

from palanca.core.clock import Month, Span
from palanca.evidence.facts import reading
from palanca.evidence.facts.bench import Bench, FactWorld
from palanca.evidence.facts.reading import REPEATS, Series
from palanca.model import cells
from palanca.questions import outcomes
from palanca.questions.forecast import project as drawing
from palanca.questions.forecast.project import Forecast
from palanca.questions.forecast.span import ForecastSpan
from palanca.questions.forecast.suppositions import PERSIST, Supposition
from palanca.questions.why import decompose as taking_apart
from palanca.spec.edit import Change
from palanca.spec.facts_schema import Step

AHEAD = 6  # months drawn in every forecast, so that all go through one compiled function
FEWEST = 2000  # paths: what is asked of them is how rare an outcome is, and 400 leave that open by two in a hundred
YEAR = 12
ADULTS = "single_adult"
RECORD_WORLD, TWIN = "as given", "twin"
Found = dict[str, np.ndarray]


@dataclass(frozen=True)
class Call:
    """One step of a fact, ready to be run.

    Args:
        step: What is asked.
        base: Changes that hold in every world of the fact.
        changes: Those and the step's own.
        where: File and line.
    """

    step: Step
    base: tuple[Change, ...]
    changes: tuple[Change, ...]
    where: str


def worlds(bench: Bench, call: Call) -> Found:
    """Quantities of history and, where changes are named, its twin."""
    record = series(bench, bench.world(call.base))
    twin = series(bench, bench.world(call.changes)) if call.step.changes else None
    return {name: reading.read(one, record, twin) for name, one in (call.step.measure or {}).items()}


def repeat(bench: Bench, call: Call) -> Found:
    """How far encounters exceed the people encountered, as recorded and in the twin."""
    found = {"excess": _excess(bench, call.base, call.step.months)}
    other = _excess(bench, call.changes, call.step.months) if call.step.changes else found["excess"]
    return found | {"excess_changed": other}


def forecast(bench: Bench, call: Call) -> Found:
    """Quantities of months drawn ahead of a start; the twin holds the step's changes, the record what levers follow."""
    step, corridor = call.step, bench.corridor
    assert step.start is not None  # the schema has seen to it
    follow, span = step.levers or PERSIST, ForecastSpan(step.start, AHEAD, max(bench.draws, FEWEST), bench.key)
    given = [Supposition(RECORD_WORLD, RECORD_WORLD, follow, call.base)]
    if step.changes:
        given.append(Supposition(TWIN, TWIN, follow, call.changes))
    found = drawing.forecast(corridor.setting, corridor.fit, span, given)
    record = _drawn(found, PERSIST if given[0].plain else RECORD_WORLD)
    twin = _drawn(found, TWIN) if step.changes else None
    return {name: reading.read(one, record, twin) for name, one in (step.measure or {}).items()}


def shares(bench: Bench, call: Call) -> Found:
    """The change from the month before, taken apart."""
    assert call.step.month is not None  # the schema has seen to it
    found = taking_apart.decompose(
        bench.corridor.setting, bench.corridor.fit, call.step.month, draws=bench.draws, key=bench.key
    )
    effort = found.parts["declared"] + found.parts["delivered"]
    return {
        "effort_log": effort,
        "effort_share": effort / found.change,
        "season_log": found.parts["season"],
        "shared_log": found.parts["shared"],
    }


def season(bench: Bench, call: Call) -> Found:
    """The model's season into a calendar month under two mixes of people.

    Weights are encounters of the month before, by origin. By group they are the replay's own cells for years that the
    case holds; before that all are taken as single adults, for figures by group begin with the case.
    """
    step = call.step
    assert step.month is not None  # the schema has seen to all three
    assert step.old_mix is not None
    assert step.new_mix is not None
    number = step.month.number - 1
    found: Found = {}
    for name, years in (("old", step.old_mix), ("new", step.new_mix)):
        each = np.stack([_growth(bench, year, number) for year in range(years[0], years[1] + 1)]) - 1.0
        found |= {f"{name}_least": each.min(axis=0), f"{name}_most": each.max(axis=0)}
    mix, level = _mix(bench, step.new_mix[1], number), _seasonal(bench, step.new_mix[1])
    both = np.stack([_weighed(level[m] / level[m - 2], mix) for m in range(YEAR)])
    return found | {"two_month_most": both.max(axis=0)}


def series(bench: Bench, world: FactWorld) -> Series:
    """Means over months of an outcome of a world, by name."""
    case, span = bench.corridor.case, bench.corridor.case.span.span

    def mean(text: str, months: Span) -> np.ndarray:
        rows = slice(span.position(months.first), span.position(months.last) + 1)
        if text == REPEATS:
            return np.asarray(world.fields[REPEATS][rows].mean(axis=0))
        asked = outcomes.find(text, case)
        fields = {name: jnp.asarray(world.fields[name]) for name in asked.outcome.fields}
        return np.asarray(asked.of(fields, jnp.asarray(world.places))[rows].mean(axis=0))

    return mean


def _excess(bench: Bench, changes: tuple[Change, ...], months: Span | None) -> np.ndarray:
    assert months is not None  # the schema has seen to it
    mean = series(bench, bench.world(changes))
    every, again = mean("encounters", months), mean(REPEATS, months)
    return np.asarray(every / (every - again) - 1.0)


def _drawn(found: Forecast, world: str) -> Series:
    """Means over months of encounters in a world of a forecast; those of the past are those counted."""
    origins = list(found.case.origins)
    first = found.months[0]

    def of_month(text: str, month: Month) -> np.ndarray:
        part = text.partition(":")[2]
        if month < first:
            row = found.past[month - first]
            return np.array([row[origins.index(part)] if part else row.sum()])
        cells_of = found.worlds[world]["encounters"][month - first]
        return np.asarray(cells_of[origins.index(part)].sum(axis=0) if part else cells_of.sum(axis=(0, 1)))

    def mean(text: str, months: Span) -> np.ndarray:
        return np.asarray(np.mean(np.broadcast_arrays(*(of_month(text, month) for month in months)), axis=0))

    return mean


def _growth(bench: Bench, year: int, number: int) -> np.ndarray:
    """Seasonal growth into a calendar month, weighed by who was counted in the month before it, (draw) [times]."""
    level = _seasonal(bench, year)
    return _weighed(level[number] / level[number - 1], _mix(bench, year, number))


def _seasonal(bench: Bench, year: int) -> np.ndarray:
    """Seasonal level of arrivals by calendar month, (calendar month, origin, group, draw) [1 at no season].

    Before the case as many migrate for seasonal work as in its first year.

    Reference:
        The season of equation F1 with the share of F1b, spread over the months of the way as in F3.
    """
    corridor = bench.corridor.inputs.corridor
    since = max(year - bench.corridor.case.span.span.first.year, 0)
    circular = np.asarray(corridor.circular)[None, :, :, None] * np.exp(-bench.values["circular_fade"] * since)
    log = circular * bench.values["season_circular"][:, None, None] + (1.0 - circular) * bench.values["season_asylum"][
        :, None, None
    ]  # fmt: skip
    delay = np.asarray(corridor.delay)
    return np.asarray(sum(delay[k][None, :, None, None] * np.roll(np.exp(log), k, axis=0) for k in range(len(delay))))


def _mix(bench: Bench, year: int, number: int) -> np.ndarray:
    """Share of each cell in the month before a calendar month of a year, (origin, group)."""
    month = Month(YEAR * year + number) + (-1)
    case = bench.corridor.case
    if month in case.span.span:
        part = bench.world(()).fields["encounters"][case.span.span.position(month)].mean(axis=-1)
    else:
        counts = cells.by_origin(Span(month, month), case)[0]
        part = np.zeros((len(counts), len(case.groups)))
        part[:, list(case.groups).index(ADULTS)] = counts
    return np.asarray(part / part.sum())


def _weighed(growth: np.ndarray, mix: np.ndarray) -> np.ndarray:
    return np.asarray((growth * mix[..., None]).sum(axis=(0, 1)))
