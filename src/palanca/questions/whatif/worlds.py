"""Runs history and its twins for a chunk of draws in one compiled piece: levers changed, governments frozen or not.

Every world goes through the same compiled function, so that nothing before a change moves, to the bit, and a new
question compiles nothing. Governments answer to attention as it differs from history's: what they did in history is in
the record already.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array
from jax.tree_util import register_dataclass
from jaxtyping import Float

from palanca.core.errors import UnsettledError
from palanca.flows import transit
from palanca.kernel.keys import normals
from palanca.model import ensemble, month
from palanca.model.ahead import USUAL_MONTHS, Reaction
from palanca.model.month import CROWDING_REFERENCE, Fixed
from palanca.model.outcomes import MonthlyOutcomes
from palanca.model.parameters import ParameterEntry
from palanca.model.run import CorridorInputs, fixed
from palanca.model.world import Figures, Outside, Shocks, World
from palanca.policy import follow as rules
from palanca.policy.follow import STAGES, Gates
from palanca.policy.levers import LeverLevels
from palanca.questions import outcomes
from palanca.questions.whatif.answers import Deals

ORIGINS, GROUPS, SECTORS, PLACES = "by origin", "by group", "by sector", "by place"
HEED, DEALS = "attention", "deal chance"
Values = dict[str, Array]
Block = dict[str, np.ndarray]
Months = tuple[Outside, Figures, LeverLevels, LeverLevels, Shocks, Array, Array]


@register_dataclass
@dataclass(frozen=True)
class Answer:
    """How governments answer in a world, draw last; zeros for governments that are frozen.

    Args:
        gates: Monthly move of each gate per unit of attention beyond history's, (gate, draw) [log odds].
        effort: Monthly move of the log of delivered effort per unit of the same, (draw) [log points].
    """

    gates: Float[Array, "gate draw"]
    effort: Float[Array, " draw"]


@dataclass(frozen=True)
class Twin:
    """One world to run beside history.

    Args:
        levers: Its levers, month first.
        held: Parameters held at a number of their own, in the table's units.
        answers: Whether governments answer.
        places: Lawful places by parole, (month) [people / month].
    """

    levers: LeverLevels
    held: Mapping[str, float]
    answers: bool
    places: np.ndarray


@dataclass(frozen=True, eq=False)
class Chunks:
    """The work of a what-if, cut into chunks of draws: history, then every other world.

    Args:
        inputs: The corridor with levers as recorded.
        places: Lawful places by parole as recorded, (month) [people / month].
        entries: Where each parameter lies among the free numbers.
        free: Free numbers, (length, draw).
        others: Worlds beside history, by name.
        reaction: Mean answer of governments.
        spread: Standard error of each answer: those of the gates, then that of effort, (gate + 1).
        deals: Rules by which governments strike deals where they answer; without them effort answers by practice.
        first: Place of the first month to keep.
        key: Key of the noise about the answers.
    """

    inputs: CorridorInputs
    places: np.ndarray
    entries: tuple[ParameterEntry, ...]
    free: np.ndarray
    others: Mapping[str, Twin]
    reaction: Reaction
    spread: np.ndarray
    deals: Deals | None
    first: int
    key: int

    @property
    def jobs(self) -> int:
        """How many chunks."""
        return -(-self.free.shape[1] // ensemble.CHUNK)

    def __call__(self, job: int) -> Block:
        """One chunk: every kept number by `world/name`, month first and draw last."""
        draws = self._draws(job)
        values = ensemble.constrained_chunk(jnp.asarray(self.free[:, draws]), self.entries)
        shocks = ensemble.solved_chunk(self.inputs, values)
        frozen, free = self._answers(draws)
        none = jnp.zeros_like(shocks.effort)
        moving = _Moving(self.inputs, shocks, (none, none))  # nobody answers in history: what they did is in the record
        found = {"history": moving.world((self.inputs.levers, jnp.asarray(self.places)), values, frozen)}
        moving = replace(moving, given=(found["history"][HEED], none))
        for name, world in self.others.items():
            other = values | {p: jnp.full_like(values[p], number) for p, number in world.held.items()}
            now = world.levers, jnp.asarray(world.places)
            if world.answers and self.deals is not None:
                found[name] = self._dealing(moving, now, other, free, draws)
            else:
                found[name] = moving.world(now, other, free if world.answers else frozen)
        if self.deals is not None:
            for name, parts in found.items():
                heard = np.asarray(parts[HEED])
                chance = self.deals.chance(heard, draws, shifted=not name.startswith("history"))
                parts[DEALS] = jnp.asarray(chance)
        return {
            f"{world}/{name}": np.asarray(part)[self.first :]
            for world, parts in found.items()
            for name, part in parts.items()
        }

    def _draws(self, job: int) -> list[int]:
        """Numbers of a chunk's draws; the last chunk is filled up with its last draw, which nobody sees."""
        begin = job * ensemble.CHUNK
        return [min(draw, self.free.shape[1] - 1) for draw in range(begin, begin + ensemble.CHUNK)]

    def _answers(self, draws: list[int]) -> tuple[Answer, Answer]:
        """No answer, and drawn answers: a draw's noise depends on the key and its own number alone."""
        noise = normals(self.key, "whatif/answers", draws, (len(STAGES) + 1,)) * self.spread[:, None]
        mean = np.append(np.asarray(self.reaction.gates), np.asarray(self.reaction.effort))[:, None]
        drawn = jnp.asarray(mean + noise)
        effort = drawn[-1] if self.deals is None else jnp.zeros_like(drawn[-1])
        none = jnp.zeros_like(drawn)
        return Answer(none[:-1], none[-1]), Answer(drawn[:-1], effort)

    def _dealing(
        self, moving: _Moving, now: tuple[LeverLevels, Array], values: Values, answer: Answer, draws: list[int]
    ) -> Values:
        """The world in which deals follow attention and attention follows deals: run until neither moves.

        A month's deals rest on the months before it, so every pass settles one month more at least.
        """
        assert self.deals is not None
        heed, push = moving.given
        noise = self.deals.noise(draws, heed.shape[0])
        for _ in range(heed.shape[0] + 1):
            world = replace(moving, given=(heed, push)).world(now, values, answer)
            wanted = self.deals.push(np.asarray(world[HEED]), np.asarray(heed), draws, noise)
            if np.array_equal(wanted, np.asarray(push)):
                return world
            push = jnp.asarray(wanted)
        raise UnsettledError("deals and attention chase each other", found=f"{heed.shape[0] + 1} passes")


@dataclass(frozen=True, eq=False)
class _Moving:
    """What every world of a chunk shares; `given` is attention in history, and what deals add to log effort."""

    inputs: CorridorInputs
    shocks: Shocks
    given: tuple[Array, Array]

    def world(self, now: tuple[LeverLevels, Array], values: Values, answer: Answer) -> Values:
        """One world of the chunk; arguments as of `run`."""
        return dict(run(self.inputs, now, self.shocks, values, answer, self.given))


@jax.jit
def run(
    inputs: CorridorInputs,
    now: tuple[LeverLevels, Array],
    shocks: Shocks,
    values: Values,
    answer: Answer,
    given: tuple[Array, Array],
) -> Values:
    """One world from the surprises of history.

    Args:
        inputs: The corridor with levers as recorded.
        now: Levers of this world, and its lawful places by parole, (month) [people / month].
        shocks: What replay solved.
        values: Parameters of this world, draw last.
        answer: How governments answer.
        given: Attention in history, and what deals add to log effort, each (month, draw) [log points].

    Returns:
        What `keep` names, and attention [log points]; month first, draw last.
    """
    draws = shocks.effort.shape[-1]
    start = jax.tree.map(lambda leaf: jnp.broadcast_to(leaf, (*leaf.shape[:-1], draws)), inputs.start)
    usual = jnp.log(jnp.maximum(start.encounters, 1.0))
    months = (inputs.outside, inputs.figures, inputs.levers, now[0], shocks, *given)
    seen, heard = course((start, usual), months, answer, fixed(inputs.corridor, values))
    return keep(seen, now[1]) | {HEED: heard}


def course(begun: tuple[World, Array], months: Months, answer: Answer, kept: Fixed) -> tuple[MonthlyOutcomes, Array]:
    """Some months of one world, one after the other.

    Args:
        begun: The world at their start, and the log of arrivals that governments are used to, (draw) [log points].
        months: What is given of every month: outside, figures, levers as recorded and as changed, surprises, attention
            in history, and what deals add to log effort.
        answer: How governments answer.
        kept: Parameters and corridor.

    Returns:
        What each month leaves for the record, and attention (month, draw) [log points].
    """
    world, usual = begun
    unmoved = (jnp.zeros((len(STAGES), *usual.shape)), jnp.zeros_like(usual))

    def step(
        carry: tuple[World, Array, tuple[Array, Array]],
        at: tuple[Outside, Figures, LeverLevels, LeverLevels, Shocks, Array, Array],
    ) -> tuple[tuple[World, Array, tuple[Array, Array]], tuple[MonthlyOutcomes, Array]]:
        world, used_to, (gates, effort) = carry
        outside, figures, then, changed, surprise, before, push = at
        heard = jnp.log(jnp.maximum(world.encounters, 1.0)) - used_to
        gates = gates + answer.gates * (heard - before)
        effort = effort + answer.effort * (heard - before)
        follow = _gates(world, figures, (then, changed), gates, kept)
        declared = transit.believed(then.effort, changed.effort, kept.flows)
        half = month.before(world, outside, changed, declared, rules.follow(changed, follow), kept)
        ceiling = month.removal_ceiling(figures, then, changed, kept.flows)
        moves = (surprise.factor, surprise.pace, surprise.effort * jnp.exp(effort + push))
        world, seen = month.after(half, outside, changed, moves, ceiling, kept)
        return (world, used_to + heard / USUAL_MONTHS, (gates, effort)), (seen, heard)

    _, found = jax.lax.scan(step, (world, usual, unmoved), months)
    return found


def _gates(world: World, figures: Figures, levers: tuple[LeverLevels, LeverLevels], moved: Array, kept: Fixed) -> Gates:
    """What follows an encounter: as in `model.month.projected`, moved by how governments answered."""
    then, now = levers
    crowding = jnp.log(jnp.maximum(world.encounters, 1.0) / CROWDING_REFERENCE)
    computed = rules.gates(now, kept.policy, crowding)
    history = rules.gates(then, kept.policy, figures.crowding)
    lifted = Gates(*(getattr(figures.gates, name)[..., None] for name in STAGES))
    gates = rules.unless_seen(rules.shifted(lifted, history, computed), computed, then)
    return Gates(*(getattr(gates, name) + moved[k] for k, name in enumerate(STAGES)))


def keep(seen: MonthlyOutcomes, places: Array) -> Values:
    """Every outcome as a whole, and the parts of some; month first, draw last."""
    fields = {name: getattr(seen, name) for name in outcomes.FIELDS}
    found = {one.name: outcomes.Asked(one).of(fields, places) for one in outcomes.OUTCOMES.values()}
    found |= {f"{name} {ORIGINS}": fields[name] for name in ("stops", "let_in", "held")}
    return found | {
        f"encounters {ORIGINS}": jnp.sum(seen.encounters, axis=2),
        f"encounters {GROUPS}": jnp.sum(seen.encounters, axis=1),
        f"encounters {SECTORS}": seen.sectors,
        f"deaths {PLACES}": seen.deaths,
    }
