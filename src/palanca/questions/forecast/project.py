"""The months ahead, drawn: arrivals from the panel of past figures, all else from the corridor replayed on them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, replace

import jax
import jax.numpy as jnp
import numpy as np

from palanca.core.clock import Month, Span
from palanca.data.read import Figures
from palanca.infer import history
from palanca.infer.history import PreparedCase
from palanca.infer.posterior import AbstractDraws
from palanca.kernel.keys import normals
from palanca.model import cells
from palanca.model.outcomes import MonthlyOutcomes
from palanca.model.parameters import Layout
from palanca.model.run import Values, replay
from palanca.policy.follow import STAGES
from palanca.questions.forecast import deals, horizon, misfits, panel, panel_figures, scenario, worlds
from palanca.questions.forecast import reaction_rule as habit
from palanca.questions.forecast.misfits import Misfit
from palanca.questions.forecast.reaction_rule import Habits
from palanca.questions.forecast.span import ForecastSpan
from palanca.questions.forecast.suppositions import AS_THEY_ARE, DEALS, PERSIST, REACT, RECORD, Supposition
from palanca.questions.forecast.worlds import DrawnSurprises, Known, MonthsAhead, Moves
from palanca.spec.schema import Case

CHUNK = 64  # draws compiled for at once
LEARNED_FROM = 64  # draws whose mean habits are learned at, however many paths are wanted
Progress = Callable[[int, int], None]
Kept = dict[str, np.ndarray]
Live = Callable[[Known, DrawnSurprises, Values, np.ndarray], MonthlyOutcomes]


@dataclass(frozen=True, eq=False)
class Forecast:
    """What one forecast found.

    Args:
        case: The case.
        last: The last known month.
        months: The months ahead.
        suppositions: What was supposed; levers as they are come first.
        worlds: By a supposition's name the months ahead, `MonthlyOutcomes` by name, month first and draw last.
        seen: What the figures later showed, encounters by origin (month, origin); NaN where not known.
        past: Encounters by origin of the case's months up to the last known, (month, origin).
        figures: The figures in force; what they tell of months after the last known is only shown beside the forecast.
    """

    case: Case
    last: Month
    months: tuple[Month, ...]
    suppositions: tuple[Supposition, ...]
    worlds: Mapping[str, Kept]
    seen: np.ndarray
    past: np.ndarray
    figures: Figures


def forecast(
    setting: PreparedCase,
    fit: AbstractDraws,
    span: ForecastSpan,
    suppositions: Sequence[Supposition] = (),
    *,
    progress: Progress | None = None,
) -> Forecast:
    """Draw the months ahead with levers as they are, and under every supposition with the same surprises.

    Nothing after the last known month is used, but for levers where these are to follow the record: the case is lined
    up anew with the figures that end with that month.

    Args:
        setting: From `history.prepare`.
        fit: Fitted parameters.
        span: Which months, how many paths.
        suppositions: What else is supposed; names must differ.
        progress: Called as `progress(draws done, draws wanted)`.

    Raises:
        UsageError: See `ForecastSpan.check` and `suppositions.check`.
        ChangeError: A change names nothing, fits nothing, or alters nothing.
    """
    case, last = setting.case, span.check(setting.case)
    setting, full = history.as_known(setting, span.last), setting
    inputs = setting.inputs
    free = fit.draws(span.key, range(span.draws))
    known, gaps = learned(setting, fit.layout, fit.draws(span.key, range(LEARNED_FROM)).mean(axis=1), last)
    arrivals = arrivals_now(setting, span)
    moved = moves(known, (span.months, span.draws), span.key)
    base = horizon.persisting(inputs, last, span.months)
    others = {one.name: _world(setting, span, one, (base, known)) for one in suppositions if not one.plain}
    found: dict[str, Kept] = {name: {} for name in (PERSIST, *others)}
    for first in range(0, span.draws, CHUNK):
        chosen = np.minimum(np.arange(first, first + CHUNK), span.draws - 1)
        values = fit.layout.constrain(jnp.asarray(free[:, chosen]))
        paths, some = jax.tree.map(lambda part, chosen=chosen: jnp.asarray(part[..., chosen]), (arrivals, moved))
        at, drawn, seen = worlds.expected(inputs, base, paths, some, values, jnp.asarray(last))
        width = min(CHUNK, span.draws - first)
        _store(found[PERSIST], seen, first, width, span.draws)
        for name, live in others.items():
            _store(found[name], live(at, drawn, values, chosen), first, width, span.draws)
        if progress is not None:
            progress(first + width, span.draws)
    away = misfits.factors(gaps, span.months, span.draws, span.key)
    for world in found.values():
        _as_published(setting, world, away)
    past = np.asarray(inputs.figures.encounters)[: last + 1]
    return Forecast(
        case=case,
        last=span.last,
        months=span.ahead,
        suppositions=(AS_THEY_ARE, *(one for one in suppositions if not one.plain)),
        worlds=found,
        seen=cells.by_origin(Span(span.ahead[0], span.ahead[-1]), case, full.figures),
        past=past,
        figures=full.figures,
    )


def arrivals_now(setting: PreparedCase, span: ForecastSpan) -> np.ndarray:
    """Encounters of the months ahead drawn by the panel from all months up to the last known, (month, origin, draw)."""
    past, circular = panel_figures.until(setting.case, span.last, setting.figures), panel_figures.circular(setting.case)
    return panel.paths(past.counts, past.first, circular, horizon=span.months, draws=span.draws, key=span.key).counts


def learned(setting: PreparedCase, layout: Layout, free: np.ndarray, last: int) -> tuple[Habits, dict[str, Misfit]]:
    """How practice moves and how far series are from the model, learned up to a month at one set of parameters."""
    values = layout.constrain(jnp.asarray(free[:, None]))
    shocks, seen = _replayed(setting.inputs, values)
    plain = {name: np.asarray(part) for name, part in values.items()}
    known = habit.learn(setting.evidence, plain, np.asarray(shocks.effort)[:, 0], last)
    return known, misfits.learn(setting.evidence, seen, last)


def moves(known: Habits, size: tuple[int, int], key: int) -> Moves:
    """Draw how delivery and practice move in the months ahead."""
    months, draws = size
    delivery = normals(key, "delivery", range(draws), (months,))
    steps = normals(key, "practice", range(draws), (months, len(STAGES)))
    return Moves(jnp.asarray(delivery), jnp.asarray(np.cumsum(known.walk[:, None] * steps, axis=0)))


_replayed = jax.jit(replay)


def _world(setting: PreparedCase, span: ForecastSpan, given: Supposition, plain: tuple[MonthsAhead, Habits]) -> Live:
    """How the months ahead go under a supposition, some draws at a time."""
    base, known = plain
    last = span.check(setting.case)
    if given.follow == DEALS:
        return deals.dealing(setting, (span.ahead, last), base, known.reaction, draws=span.draws, key=span.key).live
    path = base
    if given.follow == RECORD:
        path = replace(base, levers=scenario.recorded(setting.case, span))
    if given.changes:
        path = scenario.under(scenario.plain(setting.case, span, given.follow), given.changes, span.last, path)
    reaction = known.reaction if given.follow == REACT else habit.none()

    def live(at: Known, drawn: DrawnSurprises, values: Values, _: np.ndarray) -> MonthlyOutcomes:
        return worlds.altered(setting.inputs, at, path, drawn, reaction, values)

    return live


def _store(kept: Kept, seen: MonthlyOutcomes, first: int, width: int, draws: int) -> None:
    for field in fields(MonthlyOutcomes):
        part = np.asarray(getattr(seen, field.name))
        block = kept.setdefault(field.name, np.empty((*part.shape[:-1], draws)))
        block[..., first : first + width] = part[..., :width]


def _as_published(setting: PreparedCase, world: Kept, away: dict[str, np.ndarray]) -> None:
    """Move stops, walkers of the Darien and sectors by how far figures are from the model; sectors keep their sum."""
    codes = cells.codes(setting.case)
    for target in setting.evidence.targets:
        if target.kind in ("stops", "darien"):
            world[target.kind][:, [codes.index(label) for label in target.labels]] *= away[target.kind]
    total = world["sectors"].sum(axis=1, keepdims=True)
    moved = world["sectors"] * away["sectors"]
    world["sectors"] = moved * (total / np.maximum(moved.sum(axis=1, keepdims=True), 1e-9))
