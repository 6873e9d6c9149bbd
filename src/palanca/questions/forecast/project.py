"""The months ahead, drawn: arrivals from the panel of past figures, all else from the corridor replayed on them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from typing import Protocol

import jax
import jax.numpy as jnp
import numpy as np

from palanca.core.clock import Month, Span
from palanca.core.errors import UsageError
from palanca.infer.history import PreparedCase
from palanca.kernel.keys import normals
from palanca.model import build, cells
from palanca.model.outcomes import MonthlyOutcomes
from palanca.model.parameters import Layout
from palanca.model.run import replay
from palanca.policy.follow import STAGES
from palanca.questions.forecast import horizon, misfits, panel, scenario, worlds
from palanca.questions.forecast import reaction_rule as habit
from palanca.questions.forecast.misfits import Misfit
from palanca.questions.forecast.reaction_rule import Habits
from palanca.questions.forecast.worlds import MonthsAhead, Moves
from palanca.spec.edit import Change
from palanca.spec.schema import Case

CHUNK = 64  # draws compiled for at once
PANEL_FROM = Month.parse("2001-10")  # encounters by origin are published from here on
LEARNED_FROM = 64  # draws whose mean habits are learned at, however many paths are wanted
LEAST = 3  # months of the case that must be known before a forecast [months]
MOST = 60
PERSIST, RECORD, REACT = "persist", "record", "react"
Progress = Callable[[int, int], None]
Kept = dict[str, np.ndarray]


class Draws(Protocol):
    """Fitted parameters to draw from: a posterior, or a quick fit."""

    @property
    def layout(self) -> Layout:
        """Where each parameter lies."""
        ...

    def draws(self, key: int, chosen: range) -> np.ndarray:
        """Free numbers of some draws, (length, draw)."""
        ...


@dataclass(frozen=True, eq=False)
class Forecast:
    """What one forecast found.

    Args:
        case: The case.
        last: The last known month.
        months: The months ahead.
        levers: What the levers follow: `persist`, `record` or `react`.
        expected: The months ahead with levers as they are, `MonthlyOutcomes` by name, month first and draw last.
        changed: The same with the levers asked for; None if they persist.
        seen: What the figures later showed, encounters by origin (month, origin); NaN where not known.
        past: Encounters by origin of the case's months up to the last known, (month, origin).
        habits: How practice was seen to move.
        changes: Declared changes of the months ahead, on top of what the levers follow.
    """

    case: Case
    last: Month
    months: tuple[Month, ...]
    levers: str
    expected: Kept
    changed: Kept | None
    seen: np.ndarray
    past: np.ndarray
    habits: Habits
    changes: tuple[Change, ...] = ()

    @property
    def shown(self) -> Kept:
        """The world asked for: with changed levers if there are any."""
        return self.expected if self.changed is None else self.changed


@dataclass(frozen=True)
class Ask:
    """What to forecast.

    Args:
        last: The last month taken as known.
        months: How many months ahead.
        levers: `persist`, `record` or `react`.
        changes: Declared changes of the months ahead, on top of what the levers follow.
        draws: How many paths.
        key: Same key, same bits.
    """

    last: Month
    months: int
    levers: str = PERSIST
    changes: tuple[Change, ...] = ()
    draws: int = 400
    key: int = 1

    def check(self, case: Case) -> int:
        """Refuse what cannot be forecast.

        Returns:
            Place of the last known month on the case's axis.

        Raises:
            UsageError: The start lies beyond the figures or too early, the horizon is not a number of months, or
                levers are to follow what they cannot.
        """
        span = case.span.span
        if self.levers not in (PERSIST, RECORD, REACT):
            raise UsageError(
                "levers cannot follow that",
                where="--levers",
                found=repr(self.levers),
                expected=f"{PERSIST}, {RECORD}, {REACT}, or a file of changes",
            )
        if not 1 <= self.months <= MOST:
            raise UsageError("not a horizon", where="--months", found=str(self.months), expected=f"1 to {MOST} months")
        if self.last not in span:
            raise UsageError(
                "the start lies outside the figures",
                where="--from",
                found=str(self.last),
                expected=f"a month from {span.first + LEAST} to {span.last}, the last one of the case",
                way_out="The case and its fit end there. Newer figures in a store revise these months, and "
                "`palanca data show ID --store FOLDER` prints later ones; no forecast starts from them yet.",
            )
        if self.last - span.first < LEAST:
            raise UsageError(
                "too little is known by then",
                where="--from",
                found=str(self.last),
                expected=f"{span.first + LEAST} or later",
            )
        return span.position(self.last)

    def plain(self, case: Case) -> Case:
        """The case that declared changes are laid over: with its whole record, or as it stood when last known."""
        end = self.last + self.months
        return scenario.longer(case, end) if self.levers == RECORD else scenario.held(case, self.last, end)


def forecast(setting: PreparedCase, fit: Draws, ask: Ask, *, progress: Progress | None = None) -> Forecast:
    """Draw the months ahead.

    Nothing after the last known month is used, but for levers when these are to follow the record.

    Args:
        setting: From `history.prepare`.
        fit: Fitted parameters.
        ask: What to forecast.
        progress: Called as `progress(draws done, draws wanted)`.

    Raises:
        UsageError: See `Ask.check`.
        ChangeError: A change names nothing, fits nothing, or alters nothing.
    """
    case, inputs = setting.case, setting.inputs
    last = ask.check(case)
    free = fit.draws(ask.key, range(ask.draws))
    known, gaps = learned(setting, fit.layout, fit.draws(ask.key, range(LEARNED_FROM)).mean(axis=1), last)
    arrivals = arrivals_now(case, ask)
    moved = moves(known, (ask.months, ask.draws), ask.key)
    base = horizon.persisting(inputs, last, ask.months)
    other = _other(setting, ask, base, last)
    reaction = known.reaction if ask.levers == REACT else habit.none()
    plain: Kept = {}
    changed: Kept = {}
    for first in range(0, ask.draws, CHUNK):
        chosen = np.minimum(np.arange(first, first + CHUNK), ask.draws - 1)
        values = fit.layout.constrain(jnp.asarray(free[:, chosen]))
        paths, some = jax.tree.map(lambda part, chosen=chosen: jnp.asarray(part[..., chosen]), (arrivals, moved))
        at, drawn, seen = expected(inputs, base, paths, some, values, jnp.asarray(last))
        width = min(CHUNK, ask.draws - first)
        _store(plain, seen, first, width, ask.draws)
        if other is not None:
            _store(changed, altered(inputs, at, other, drawn, reaction, values), first, width, ask.draws)
        if progress is not None:
            progress(first + width, ask.draws)
    away = misfits.factors(gaps, ask.months, ask.draws, ask.key)
    for world in (plain, changed):
        _as_published(setting, world, away)
    figures = np.asarray(inputs.figures.encounters)
    later = np.full((ask.months, figures.shape[1]), np.nan)
    there = figures[last + 1 : last + 1 + ask.months]
    later[: len(there)] = there
    return Forecast(
        case=case,
        last=ask.last,
        months=tuple(ask.last + 1 + i for i in range(ask.months)),
        levers=ask.levers,
        expected=plain,
        changed=changed or None,
        seen=later,
        past=figures[: last + 1],
        habits=known,
        changes=ask.changes,
    )


def arrivals_now(case: Case, ask: Ask) -> np.ndarray:
    """Encounters of the months ahead drawn by the panel from all months up to the last known, (month, origin, draw)."""
    counts = cells.by_origin(Span(PANEL_FROM, ask.last), build.codes(case))
    circular = [origin.kind == "circular" for origin in case.origins.values()]
    return panel.paths(counts, PANEL_FROM, circular, horizon=ask.months, draws=ask.draws, key=ask.key).counts


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


expected = jax.jit(worlds.expected)
altered = jax.jit(worlds.altered)
_replayed = jax.jit(replay)


def _other(setting: PreparedCase, ask: Ask, base: MonthsAhead, last: int) -> MonthsAhead | None:
    """The path of the world asked for, if it is another than levers as they are."""
    recorded = ask.levers == RECORD
    path = horizon.recorded(setting.inputs, last, ask.months, practice=False) if recorded else base
    if ask.changes:
        return scenario.under(ask.plain(setting.case), ask.changes, ask.last, path)
    return None if ask.levers == PERSIST else path


def _store(kept: Kept, seen: MonthlyOutcomes, first: int, width: int, draws: int) -> None:
    for field in fields(MonthlyOutcomes):
        part = np.asarray(getattr(seen, field.name))
        block = kept.setdefault(field.name, np.empty((*part.shape[:-1], draws)))
        block[..., first : first + width] = part[..., :width]


def _as_published(setting: PreparedCase, world: Kept, away: dict[str, np.ndarray]) -> None:
    """Move stops, walkers of the Darien and sectors by how far figures are from the model; sectors keep their sum."""
    if not world:
        return
    codes = build.codes(setting.case)
    for target in setting.evidence.targets:
        if target.kind in ("stops", "darien"):
            world[target.kind][:, [codes.index(label) for label in target.labels]] *= away[target.kind]
    total = world["sectors"].sum(axis=1, keepdims=True)
    moved = world["sectors"] * away["sectors"]
    world["sectors"] = moved * (total / np.maximum(moved.sum(axis=1, keepdims=True), 1e-9))


def bands(sample: np.ndarray, levels: Sequence[float] = (0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95)) -> np.ndarray:
    """Percentiles over draws, level first."""
    return np.asarray(np.quantile(sample, levels, axis=-1))
