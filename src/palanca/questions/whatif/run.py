"""Asks what if: composes declared changes, runs their worlds beside history, and keeps what differs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import jax
import numpy as np

from palanca.core.clock import Month
from palanca.core.errors import ChangeError
from palanca.infer import history
from palanca.model import build, ensemble
from palanca.policy.levers import LeverLevels
from palanca.questions import outcomes
from palanca.questions.corridor import Corridor
from palanca.questions.forecast import project as forecast
from palanca.questions.forecast.reaction_rule import Habits
from palanca.questions.ledger import rules
from palanca.questions.ledger.rules import Rules
from palanca.questions.leverage import scope, withdrawal
from palanca.questions.options import RunOptions
from palanca.questions.sweep import run as sweep
from palanca.questions.sweep.plan import SweepPlan, marks
from palanca.questions.whatif.answers import LEARNED, Deals, nearness
from palanca.questions.whatif.elections import moved
from palanca.questions.whatif.worlds import Chunks, OtherWorld
from palanca.spec import bargain_spec, edit, ledger, schedule
from palanca.spec.edit import Change
from palanca.spec.schema import Case

HISTORY, FROZEN, ANSWERING = "history", "frozen", "answering"
WITHOUT = {HISTORY: "history, partner stops", FROZEN: "frozen, partner stops"}
DIGITS = 1e-9  # a change smaller than this share of a number is how its sums were taken, not an effect
PROBED = 3  # months for which the partner stops, to see what leverage it holds


@dataclass(frozen=True, eq=False)
class Answered:
    """History and the worlds asked for.

    Args:
        case: The case as recorded.
        changes: What is otherwise.
        months: Months kept: from the one before anything moves to the last of the case.
        first: The first month that may differ.
        last: The last month with a change of levers.
        probed: The first of the months in which the partner stops, or nothing where no country is in transit.
        numbers: By `world/outcome`, (month, ..., draw); worlds are `history`, `frozen`, `answering`, and those of
            `WITHOUT`.
    """

    case: Case
    changes: tuple[Change, ...]
    months: tuple[Month, ...]
    first: Month
    last: Month
    probed: Month | None
    numbers: dict[str, np.ndarray]

    @property
    def outcomes(self) -> frozenset[str]:
        """What is known of history."""
        return frozenset(name.partition("/")[2] for name in self.numbers if name.startswith(f"{HISTORY}/"))

    @property
    def begins(self) -> Month:
        """First month in which arrivals differ with governments frozen; that of the first change where none do."""
        apart = np.flatnonzero(np.any(self.effect(FROZEN, "encounters") != 0.0, axis=-1))
        return self.months[int(apart[0])] if apart.size else self.first

    def of(self, world: str, outcome: str) -> np.ndarray:
        """Numbers of one outcome in one world, (month, ..., draw)."""
        return self.numbers[f"{world}/{outcome}"]

    def effect(self, world: str, outcome: str) -> np.ndarray:
        """A world less history, (month, ..., draw); what only the last digits make is none."""
        now, then = self.of(world, outcome), self.of(HISTORY, outcome)
        gap = now - then
        return np.where(np.abs(gap) <= DIGITS * np.abs(then), 0.0, gap)

    def leverage(self, world: str) -> np.ndarray:
        """Further encounters had the partner stopped for `PROBED` months, mean over them, (draw) [events / month]."""
        if self.probed is None:
            return np.full(self.of(HISTORY, "encounters").shape[-1], np.nan)
        rows = self.rows(self.probed, self.probed + (PROBED - 1))
        gap = self.of(WITHOUT[world], "encounters")[rows] - self.of(world, "encounters")[rows]
        return np.asarray(gap.mean(axis=0))

    def rows(self, first: Month, last: Month) -> slice:
        """Places of some months among those kept."""
        return slice(first - self.months[0], last - self.months[0] + 1)


def run(corridor: Corridor, changes: Sequence[Change], options: RunOptions) -> Answered:
    """Run history and its twins under declared changes, governments frozen and answering.

    Args:
        corridor: The fitted corridor.
        changes: What is otherwise.
        options: How to run it.

    Raises:
        ChangeError: A change names nothing, fits nothing, contradicts another, or alters nothing that moves people.
        StoreError: The store was written by another question, fit, case, edition of the figures or code.
        ClusterError: The scheduler does not answer.
    """
    altered = _altered(corridor, changes)
    jobs = _work(corridor, altered, options)
    case, question = corridor.case, (tuple(changes), options.draws, options.key)
    last = options.draws - (jobs.jobs - 1) * ensemble.CHUNK
    plan = SweepPlan("whatif", jobs.jobs, marks(case, jobs.free, question, corridor.setting.figures), jobs, last)
    found = sweep.run(
        plan, store=options.store, workers=options.workers, cluster=options.cluster, progress=options.progress
    )
    numbers = {name: found.read(name) for name in found.names}
    first = altered.first
    probed = _probed(case, first) if _partner(case) else None
    return Answered(case, tuple(changes), tuple(case.span.span)[jobs.first :], first, altered.last, probed, numbers)


@dataclass(frozen=True, eq=False)
class _AlteredCase:
    """A case with its changes, and its levers.

    Args:
        changes: What is otherwise.
        case: The case with them.
        levers: Its levers, month first.
        held: Parameters that have a value of their own.
        first: First month in which something differs.
        last: Last month in which something differs.
    """

    changes: tuple[Change, ...]
    case: Case
    levers: LeverLevels
    held: dict[str, float]
    first: Month
    last: Month


def _altered(corridor: Corridor, changes: Sequence[Change]) -> _AlteredCase:
    changed = edit.apply(corridor.case, list(changes))
    now, held = build.levers(changed), history.overrides(corridor.case, changed)
    span = corridor.case.span.span
    ends = (span.first, span.last) if held else _months(corridor, now, changes)
    return _AlteredCase(tuple(changes), changed, now, held, *ends)


def _work(corridor: Corridor, altered: _AlteredCase, options: RunOptions) -> Chunks:
    """What a what-if has to compute, cut into chunks of draws."""
    case, inputs = corridor.case, corridor.inputs
    changed, now, held, first = altered.case, altered.levers, altered.held, altered.first
    recorded, places = outcomes.places(case), outcomes.places(changed)
    others = {name: OtherWorld(now, held, name == ANSWERING, places) for name in (FROZEN, ANSWERING)}
    partner, span, practice = _partner(case), case.span.span, habits(corridor, options.key)
    if partner is not None:
        at = span.position(_probed(case, first))
        for name, levers, given in ((HISTORY, inputs.levers, recorded), (FROZEN, now, places)):
            stopped = withdrawal.levers(changed if name == FROZEN else case, replace(inputs, levers=levers), partner)
            gone = withdrawal.between(levers, stopped, at, PROBED)
            alike = held if name == FROZEN else {}
            others[WITHOUT[name]] = OtherWorld(gone, alike, answers=False, places=given, end=at + PROBED)
    return Chunks(
        inputs=inputs,
        places=recorded,
        entries=corridor.fit.layout.entries,
        free=corridor.free(options.draws, options.key),
        others=others,
        reaction=practice.reaction,
        spread=practice.spread,
        deals=_deals(corridor, altered.changes, options.key),
        first=max(span.position(first) - 1, 0),
        key=options.key,
    )


def _probed(case: Case, first: Month) -> Month:
    """First of the months in which the partner stops: the third of the change, if the case goes on long enough."""
    return min(first + (PROBED - 1), case.span.last + (1 - PROBED))


def _months(corridor: Corridor, now: LeverLevels, changes: Sequence[Change]) -> tuple[Month, Month]:
    """First and last month in which a lever or the nearness of an election differs.

    Raises:
        ChangeError: Nothing differs that moves people or what they weigh in politics.
    """
    case = corridor.case
    span = case.span.span
    pairs = zip(jax.tree.leaves(corridor.inputs.levers), jax.tree.leaves(now), strict=True)
    apart = np.zeros(len(span), bool)
    for old, new in pairs:
        apart |= (np.asarray(old) != np.asarray(new)).reshape(len(span), -1).any(axis=1)
    clocks = [np.asarray(nearness(tuple(span), shifts)) for shifts in ({}, moved(case, changes))]
    apart |= (clocks[0] != clocks[1]).reshape(len(span), -1).any(axis=1)
    places = np.flatnonzero(apart)
    if places.size:
        return span.first + int(places[0]), span.first + int(places[-1])
    raise ChangeError(
        "the changes alter nothing",
        where=", ".join(change.spot for change in changes),
        found="the same levers in every month",
        expected="another value in at least one month",
        way_out=_too_late(case, changes),
    )


def _too_late(case: Case, changes: Sequence[Change]) -> str:
    """Which of the levers changed are felt so late that the span ends first."""
    names = dict.fromkeys(change.target.split(".")[1] for change in changes)
    late = [
        f"{name} is felt {schedule.lag(case, name)} months after it is set"
        for name in names
        if name in case.levers and schedule.lag(case, name)
    ]
    return f"Change it earlier: {'; '.join(late)}." if late else ""


def _deals(corridor: Corridor, changes: Sequence[Change], key: int) -> Deals | None:
    """How deals follow attention, where the case has a ledger and a bargaining table to learn it from."""
    case = corridor.case
    if case.case not in ledger.FORMAT.shipped() or case.case not in bargain_spec.FORMAT.shipped():
        return None
    months = tuple(case.span.span)
    shifts = moved(case, changes)
    return Deals(_learned(corridor, key), nearness(months, {}), nearness(months, shifts), key)


@lru_cache(maxsize=4)
def _learned(corridor: Corridor, key: int) -> Rules:
    return rules.learned(corridor.setting, draws=LEARNED, key=key)


@lru_cache(maxsize=4)
def habits(corridor: Corridor, key: int) -> Habits:
    """How practice was seen to follow attention in the months of the case."""
    middle = corridor.free(forecast.LEARNED_FROM, key).mean(axis=1)
    last = len(corridor.case.span.span) - 1
    return forecast.learned(corridor.setting, corridor.fit.layout, middle, last)[0]


def _partner(case: Case) -> str | None:
    """The country in transit, if it holds a lever."""
    held = scope.governments(case)
    return next((code for code in held if case.countries[code].role == scope.TRANSIT), None)
