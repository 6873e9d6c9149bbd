"""Runs one government's withdrawal from each month on: who would come, by what stops and by how the others respond."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array
from jax.tree_util import register_dataclass

from palanca.core.clock import Month
from palanca.kernel.keys import normals
from palanca.model import ensemble, run
from palanca.model.attention import Reaction, ToAttention
from palanca.model.parameters import ParameterEntry
from palanca.model.run import CorridorInputs, fixed
from palanca.policy.levers import LeverLevels
from palanca.questions.bargaining import response
from palanca.questions.bargaining.response import AS_RECORDED, Settings
from palanca.questions.corridor import Corridor
from palanca.questions.leverage import withdrawal
from palanca.questions.leverage.scope import LENGTHS, TRANSIT
from palanca.questions.options import RunOptions
from palanca.questions.sweep import run as sweep
from palanca.questions.sweep.plan import SweepPlan, marks
from palanca.questions.whatif import worlds
from palanca.questions.whatif.run import habits
from palanca.questions.whatif.worlds import HistoryChunk
from palanca.spec.bargain_spec import BargainSpec

RECORDED, ROUTINE, UNENFORCED, STOPPED = "recorded", "routine", "unenforced", "stopped"
ANSWERED, LIMITED = "answered", "limited"
KEPT = ("encounters", "held", "deaths")


@dataclass(frozen=True, eq=False)
class Withdrawals:
    """What would have come had a government stopped.

    Args:
        country: Who stops.
        months: First months without its cooperation.
        lengths: For how many months.
        worlds: As recorded and stopped; stopped with the other governments answering; of a transit country also at
            routine control, without enforcement, and stopped with the destination's own limits as far as law allows.
        encounters: Encounters, mean over the months out, (month, world, length, origin, draw) [events / month].
        held: People on hold at the end of the months out, (month, world, length, draw) [people].
        deaths: Deaths on the way, mean, (month, world, length, draw) [deaths / month].
    """

    country: str
    months: tuple[Month, ...]
    lengths: tuple[int, ...]
    worlds: tuple[str, ...]
    encounters: np.ndarray
    held: np.ndarray
    deaths: np.ndarray

    def more(self, outcome: str, world: str, length: int) -> np.ndarray:
        """An outcome of a world less what was recorded; encounters of all origins, (month, draw)."""
        values = getattr(self, outcome)
        whole = values.sum(axis=3) if outcome == "encounters" else values
        k = self.lengths.index(length)
        return np.asarray(whole[:, self.worlds.index(world), k] - whole[:, 0, k])

    def by_origin(self, world: str, length: int) -> np.ndarray:
        """Further encounters than recorded, (month, origin, draw) [events / month]."""
        k = self.lengths.index(length)
        return np.asarray(self.encounters[:, self.worlds.index(world), k] - self.encounters[:, 0, k])


@register_dataclass
@dataclass(frozen=True)
class OtherWorlds:
    """Worlds of one window.

    Args:
        levers: Levers of each, world first, then month.
        answers: 1 for worlds in which governments answer, 0 elsewhere.
        rule: How they answer, draw last.
    """

    levers: LeverLevels
    answers: Array
    rule: Reaction


@dataclass(frozen=True, eq=False)
class StopWindows:
    """The work: every window of every world for one chunk of draws.

    Args:
        inputs: The corridor with levers as recorded.
        entries: Where each parameter lies among the free numbers.
        free: Free numbers, (length, draw).
        levers: Levers of each world, world first, then month.
        answers: Whether governments answer, by world.
        reaction: Mean answer of governments, gates then effort.
        spread: Standard error of each.
        places: Place of each window's first month.
        lengths: Lengths told [months].
        key: Key of the noise about the answers.
    """

    inputs: CorridorInputs
    entries: tuple[ParameterEntry, ...]
    free: np.ndarray
    levers: LeverLevels
    answers: np.ndarray
    reaction: np.ndarray
    spread: np.ndarray
    places: tuple[int, ...]
    lengths: tuple[int, ...]
    key: int

    @property
    def jobs(self) -> int:
        """How many chunks."""
        return -(-self.free.shape[1] // ensemble.CHUNK)

    def __call__(self, job: int) -> dict[str, np.ndarray]:
        """One chunk: what `KEPT` names, window first and draw last."""
        begin = job * ensemble.CHUNK
        draws = [min(draw, self.free.shape[1] - 1) for draw in range(begin, begin + ensemble.CHUNK)]
        past = worlds.past_of(self.inputs, self.entries, self.free[:, draws])
        noise = normals(self.key, "withdrawn/answers", draws, (len(self.reaction),))
        drawn = jnp.asarray(self.reaction[:, None] + self.spread[:, None] * noise)
        others = OtherWorlds(self.levers, jnp.asarray(self.answers), Reaction(drawn[:-1], drawn[-1]))
        found = [_window(self.inputs, past, others, jnp.asarray(place), self.lengths) for place in self.places]
        return {name: np.stack([np.asarray(one[name]) for one in found]) for name in KEPT}


@partial(jax.jit, static_argnames="lengths")
def _window(
    inputs: CorridorInputs,
    past: HistoryChunk,
    others: OtherWorlds,
    place: Array,
    lengths: tuple[int, ...],
) -> dict[str, Array]:
    """Every world of one window; world first, then length, draw last."""
    horizon, kept = max(lengths), fixed(inputs.corridor, past.values)
    start = past.start(place)
    given, attention = run.some((run.under(inputs, inputs.levers, past.shocks), past.record.attention), place, horizon)

    def one(levers: LeverLevels, answers: Array) -> dict[str, Array]:
        rule = Reaction(others.rule.gates * answers, others.rule.effort * answers)
        react = ToAttention(rule, start.usual, attention, jnp.zeros_like(attention))
        now = replace(given, levers=run.some(levers, place, horizon))
        _, seen = run.through(start.world, now, kept, react=react)
        encounters, deaths, held = seen.encounters.sum(axis=2), seen.deaths.sum(axis=1), seen.held.sum(axis=1)
        return {
            "encounters": jnp.stack([encounters[:n].mean(axis=0) for n in lengths]),
            "held": jnp.stack([held[n - 1] for n in lengths]),
            "deaths": jnp.stack([deaths[:n].mean(axis=0) for n in lengths]),
        }

    return jax.vmap(one)(others.levers, others.answers)


def withdraw(
    corridor: Corridor,
    country: str,
    months: Sequence[Month],
    options: RunOptions,
    *,
    lengths: Sequence[int] = LENGTHS,
    table: BargainSpec | None = None,
) -> Withdrawals:
    """Withdraw one government's cooperation from each month on.

    Args:
        corridor: The fitted corridor.
        country: Who stops.
        months: First months without its cooperation.
        options: How to run it.
        lengths: For how many months each.
        table: A bargaining table that says how far the destination's own limits may go; used where the transit country
            stops.

    Raises:
        StoreError: The store was written by another question, fit, case, edition of the figures or code.
        ClusterError: The scheduler does not answer.
    """
    case, chosen = corridor.case, tuple(sorted(set(lengths)))
    worlds_of, answers = _worlds(corridor, country, table)
    learned = habits(corridor, options.key)
    work = StopWindows(
        inputs=corridor.inputs,
        entries=corridor.fit.layout.entries,
        free=corridor.free(options.draws, options.key),
        levers=jax.tree.map(lambda *leaves: jnp.stack(leaves), *worlds_of.values()),
        answers=np.array(answers),
        reaction=np.append(np.asarray(learned.reaction.gates), np.asarray(learned.reaction.effort)),
        spread=learned.spread,
        places=tuple(case.span.span.position(month) for month in months),
        lengths=chosen,
        key=options.key,
    )
    named = tuple(worlds_of)
    question = ("withdrawal", country, [str(month) for month in months], chosen, named, options.draws, options.key)
    last = options.draws - (work.jobs - 1) * ensemble.CHUNK
    plan = SweepPlan("leverage", work.jobs, marks(case, work.free, question, corridor.setting.figures), work, last)
    found = sweep.run(
        plan, store=options.store, workers=options.workers, cluster=options.cluster, progress=options.progress
    )
    return Withdrawals(country, tuple(months), chosen, named, *(found.read(name) for name in KEPT))


def _worlds(corridor: Corridor, country: str, table: BargainSpec | None) -> tuple[dict[str, LeverLevels], list[float]]:
    """Levers of each world by name, and whether governments answer in it."""
    case, inputs = corridor.case, corridor.inputs
    gone = withdrawal.levers(case, inputs, country)
    found = {RECORDED: inputs.levers, STOPPED: gone, ANSWERED: gone}
    if case.countries[country].role == TRANSIT:
        found |= {
            ROUTINE: withdrawal.enforcing(inputs, withdrawal.ROUTINE),
            UNENFORCED: withdrawal.enforcing(inputs, 0.0),
        }
        if table is not None:
            found[LIMITED] = _limited(corridor, gone, table)
    return found, [float(name == ANSWERED) for name in found]


def _limited(corridor: Corridor, gone: LeverLevels, table: BargainSpec) -> LeverLevels:
    """The same levers with the destination's own limits as far as law allows, month by month."""
    span, inputs = corridor.case.span.span, corridor.inputs
    issues = [name for name, issue in table.issues.items() if issue.lever == "own"]
    caps = []
    for place, month in enumerate(span):
        legal = table.caps(month)
        caps.append(max([response.levels(inputs, place)["own"], *(legal[name] for name in issues)]))

    def one(then: LeverLevels, own: Array) -> LeverLevels:
        recorded = jnp.asarray(AS_RECORDED)
        return response.changed(then, Settings(recorded, recorded, recorded, own), inputs)

    capped: LeverLevels = jax.vmap(one)(gone, jnp.asarray(caps))
    return capped
