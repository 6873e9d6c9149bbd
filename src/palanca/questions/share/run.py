"""Runs the worlds of a sharing scheme on the surprises of history, chunk by chunk of draws."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array

from palanca.core.clock import Month
from palanca.flows.procedures import Behaviour, ProcedureRules
from palanca.model import build, ensemble
from palanca.model.legal import InProcedures
from palanca.model.month import Lived
from palanca.model.run import CorridorInputs, State, fixed, some, through, under
from palanca.policy.levers import LeverLevels
from palanca.questions import outcomes
from palanca.questions.corridor import Corridor
from palanca.questions.leverage import scope, withdrawal
from palanca.questions.share import setup
from palanca.questions.share.setup import Line, Setting, Terms
from palanca.questions.whatif.worlds import HistoryChunk, keep, past_of
from palanca.spec import edit

RECORD, SCHEME, DEFECTS = "record", "scheme", "destination leaves"
PROBED = 3  # months for which the transit country stops, to see what leverage it holds
Block = dict[str, np.ndarray]
Progress = Callable[[int, int], None]


@dataclass(frozen=True, eq=False)
class SharingWorld:
    """One world to run.

    Args:
        terms: How it differs from the scheme as declared.
        levers: Its levers, all months of the case.
        places: Lawful places by parole in its levers, all months [people / month].
    """

    terms: Terms
    levers: LeverLevels
    places: np.ndarray


@dataclass(frozen=True, eq=False)
class Shared:
    """Worlds of a scheme and the numbers of each.

    Args:
        setting: The scheme.
        months: Months run, from the first of the scheme.
        probes: First months of the stretches in which the transit country stops.
        lines: Queues of each world, in order.
        numbers: By world and outcome, (month, ..., draw).
    """

    setting: Setting
    months: tuple[Month, ...]
    probes: tuple[Month, ...]
    lines: Mapping[str, tuple[Line, ...]]
    numbers: Mapping[str, Block]

    def total(self, world: str, outcome: str) -> np.ndarray:
        """An outcome over all months: the sum of a flow, the mean of a stock, (..., draw)."""
        values = self.numbers[world][outcome]
        stock = outcomes.OUTCOMES[outcome].stock if outcome in outcomes.OUTCOMES else outcome in STOCKS
        return np.asarray(values.mean(axis=0) if stock else values.sum(axis=0))

    @property
    def years(self) -> float:
        """How long the months run are [years]."""
        return len(self.months) / setup.YEAR


STOCKS = ("queue", "cleared", "wait")


def run(
    corridor: Corridor, setting: Setting, variants: Mapping[str, Terms], key: int, progress: Progress | None = None
) -> Shared:
    """Run the record, the scheme, its variants, and the first two without the transit country's cooperation.

    Args:
        corridor: The fitted corridor.
        setting: The scheme.
        variants: Terms by name; `scheme` is among them.
        key: Key of the draws of the fit.
        progress: ToldScheme how many worlds are done, of how many.
    """
    case, first = setting.scheme.case, setting.scheme.file.start
    changed = edit.apply(case, setting.scheme.changes)
    kept, moved = (SharingWorld(Terms(), build.levers(one), outcomes.places(one)) for one in (case, changed))
    worlds = {RECORD: replace(kept, terms=Terms(open=False))}
    for name, terms in variants.items():
        worlds[name] = replace(moved if terms.levers else kept, terms=terms)
    probes = _probes(case.span.last, first)
    partner = next((code for code in scope.governments(case) if case.countries[code].role == scope.TRANSIT), None)
    if partner is not None:
        worlds |= _stopped(corridor, {name: worlds[name] for name in (RECORD, SCHEME)}, probes, partner)
    free = corridor.free(setting.draws, key)
    numbers: dict[str, list[Block]] = {name: [] for name in worlds}
    chunks = range(0, setting.draws, ensemble.CHUNK)
    done, all_of = 0, len(worlds) * len(chunks)
    for begin in chunks:
        past = past_of(corridor.inputs, corridor.fit.layout.entries, ensemble.padded(free, begin))
        for name, world in worlds.items():
            numbers[name].append(_chunk(corridor, setting, world, past, begin))
            done += 1
            if progress is not None:
                progress(done, all_of)
    return Shared(
        setting=setting,
        months=tuple(case.span.span)[case.span.span.position(first) :],
        probes=probes if partner is not None else (),
        lines={name: setup.lines(setting, world.terms) for name, world in worlds.items()},
        numbers={name: _joined(blocks) for name, blocks in numbers.items()},
    )


def _joined(blocks: list[Block]) -> Block:
    """Chunks one after the other along the axis of draws."""
    return {name: np.concatenate([block[name] for block in blocks], axis=-1) for name in blocks[0]}


def stopped(world: str, probe: Month) -> str:
    """Name of a world in which the transit country stops for some months."""
    return f"{world}, stopped {probe}"


def _probes(last: Month, first: Month) -> tuple[Month, ...]:
    """A year and two years into the scheme, as far as the case goes on."""
    return tuple(month for month in (first + 12, first + 24) if month + (PROBED - 1) <= last)


def _stopped(
    corridor: Corridor, worlds: Mapping[str, SharingWorld], probes: tuple[Month, ...], partner: str
) -> dict[str, SharingWorld]:
    found = {}
    for name, world in worlds.items():
        gone = withdrawal.levers(corridor.case, replace(corridor.inputs, levers=world.levers), partner)
        for probe in probes:
            at = corridor.case.span.span.position(probe)
            found[stopped(name, probe)] = replace(world, levers=withdrawal.between(world.levers, gone, at, PROBED))
    return found


def _chunk(corridor: Corridor, setting: Setting, world: SharingWorld, past: HistoryChunk, begin: int) -> Block:
    """One world for one chunk of draws."""
    draws = [min(begin + one, setting.draws - 1) for one in range(ensemble.CHUNK)]
    here = replace(setting, numbers={name: values[draws] for name, values in setting.numbers.items()})
    first = corridor.case.span.span.position(setting.scheme.file.start)
    rules, people = setup.rules(here, world.terms), setup.behaviour(here)
    seen = _live(corridor.inputs, past, world.levers, rules, people, first)
    last = min(ensemble.CHUNK, setting.draws - begin)
    found = {name: np.asarray(values)[..., :last] for name, values in seen.items()}
    return found | {"admitted": found["admitted"] + world.places[first:, None]}


@partial(jax.jit, static_argnames="first")
def _live(
    inputs: CorridorInputs,
    past: HistoryChunk,
    levers: LeverLevels,
    rules: ProcedureRules,
    people: Behaviour,
    first: int,
) -> dict[str, Array]:
    """All months from the first of the scheme on, from the world as history had it then."""
    start = past.start(jnp.array(first)).world
    given = some(under(inputs, levers, past.shocks), jnp.array(first), rules.places.shape[0])
    kept = fixed(inputs.corridor, past.values)
    found: dict[str, Array] = through(start, given, kept, react=InProcedures(rules, people), select=_row)[1]
    return found


def _row(lived: Lived, _: State) -> dict[str, Array]:
    """What is kept of a month: every outcome, and what happened in the procedures."""
    legal = lived.legal
    assert legal is not None
    queues = legal.queues
    return keep(lived.outcomes) | {
        "applied": jnp.sum(legal.joined, axis=2),
        "decided": jnp.sum(legal.decided, axis=2),
        "placed": jnp.sum(legal.admitted, axis=2),
        "queue": jnp.sum(queues.applied + queues.appealed, axis=2),
        "cleared": jnp.sum(queues.cleared, axis=2),
        "stayed": jnp.sum(legal.stayed, axis=1),
        "onward": jnp.sum(queues.onward, axis=1),
        "wait": legal.wait,
        "imbalance": jnp.maximum(legal.imbalance, lived.outcomes.imbalance),
    }
