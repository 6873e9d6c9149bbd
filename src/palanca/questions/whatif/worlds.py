"""Runs history and other worlds for a chunk of draws: levers changed, governments frozen or not.

Every world goes through the same compiled function, so that nothing before a change moves, to the bit, and a new
question compiles nothing. History is run once for each chunk and kept; another world is run from the month before it
may differ. Governments answer to attention as it differs from history's: what they did in history is in the record
already.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache, partial

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array
from jax.tree_util import register_dataclass
from jaxtyping import Float

from palanca.core import digest
from palanca.core.errors import UnsettledError
from palanca.kernel.keys import normals
from palanca.model import ensemble
from palanca.model.attention import Reaction, ReactionState, ToAttention, usual_at
from palanca.model.month import Lived
from palanca.model.outcomes import MonthlyOutcomes
from palanca.model.parameters import ParameterEntry
from palanca.model.run import CorridorInputs, Stretch, fixed, onward, spread, through, under
from palanca.model.world import Shocks, World
from palanca.policy.follow import STAGES
from palanca.policy.levers import LeverLevels
from palanca.questions import outcomes
from palanca.questions.whatif.answers import Deals

ORIGINS, GROUPS, SECTORS, PLACES = "by origin", "by group", "by sector", "by place"
ATTENTION, DEALS = "attention", "deal chance"
CHUNKS_KEPT = 4  # of history, so that 256 draws are run once however many questions are put to them
Values = dict[str, Array]
Block = dict[str, np.ndarray]


@dataclass(frozen=True)
class OtherWorld:
    """One world to run beside history.

    Args:
        levers: Its levers, month first.
        held: Parameters held at a number of their own, in the table's units.
        answers: Whether governments answer.
        places: Lawful places by parole, (month) [people / month].
        end: Place after the last month run, if it is asked of some months only; the others are then history's.
    """

    levers: LeverLevels
    held: Mapping[str, float]
    answers: bool
    places: np.ndarray
    end: int | None = None


@register_dataclass
@dataclass(frozen=True)
class Start:
    """Where things stand at the start of a month.

    Args:
        world: The world.
        usual: Log of the encounters that governments are used to [log points].
    """

    world: World
    usual: Float[Array, "*month draw"]


@register_dataclass
@dataclass(frozen=True)
class Record:
    """All months of a world, month first and draw last.

    Args:
        numbers: What `keep` names.
        attention: Log of last month's encounters over what governments are used to [log points].
        starts: What another world may start from, kept of history alone.
    """

    numbers: Values
    attention: Float[Array, "*month draw"]
    starts: Start | None

    def told(self, places: np.ndarray) -> Values:
        """Every number by name.

        Args:
            places: Lawful places by parole, (month) [people / month].
        """
        admitted = self.numbers["admitted"] + jnp.asarray(places)[:, None]
        return self.numbers | {"admitted": admitted, ATTENTION: self.attention}


@register_dataclass
@dataclass(frozen=True)
class HistoryChunk:
    """History for a chunk of draws.

    Args:
        values: Parameters.
        shocks: Surprises that replay solved.
        record: History run forward from them.
    """

    values: Values
    shocks: Shocks
    record: Record

    def start(self, place: Array) -> Start:
        """Where things stood at the start of a month, by its place."""
        assert self.record.starts is not None  # history keeps them
        found: Start = jax.tree.map(lambda leaf: leaf[place], self.record.starts)
        return found


@register_dataclass
@dataclass(frozen=True)
class WorldChange:
    """What makes a world another than history.

    Args:
        levers: Its levers, month first.
        rule: How governments answer to attention as it differs from history's.
        push: What deals add to log effort, (month, draw) [log points].
        months: Those that are run: from the first that may differ.
    """

    levers: LeverLevels
    rule: Reaction
    push: Float[Array, "month draw"]
    months: Stretch


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
        first: Place of the first month to keep; no world differs before it.
        key: Key of the noise about the answers.
    """

    inputs: CorridorInputs
    places: np.ndarray
    entries: tuple[ParameterEntry, ...]
    free: np.ndarray
    others: Mapping[str, OtherWorld]
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
        past = past_of(self.inputs, self.entries, self.free[:, draws])
        rule, none = self._rule(draws), jnp.zeros_like(past.shocks.effort)
        found, places = {"history": past.record}, {"history": self.places}
        for name, world in self.others.items():
            answers = rule if world.answers else _nobody(len(draws))
            turn = WorldChange(world.levers, answers, none, stretch(self.first, world.end or len(none)))
            places[name] = world.places
            dealing = world.answers and self.deals is not None
            found[name] = self._dealing(past, world, turn, draws) if dealing else _world(self.inputs, past, world, turn)
        numbers = {
            f"{world}/{name}": np.asarray(part)[self.first :]
            for world, record in found.items()
            for name, part in record.told(places[world]).items()
        }
        return numbers | self._chances(found, draws)

    def _draws(self, job: int) -> list[int]:
        """Numbers of a chunk's draws; the last chunk is filled up with its last draw, which nobody sees."""
        begin = job * ensemble.CHUNK
        return [min(draw, self.free.shape[1] - 1) for draw in range(begin, begin + ensemble.CHUNK)]

    def _rule(self, draws: list[int]) -> Reaction:
        """Drawn answers: a draw's noise depends on the key and its own number alone."""
        noise = normals(self.key, "whatif/answers", draws, (len(STAGES) + 1,)) * self.spread[:, None]
        mean = np.append(np.asarray(self.reaction.gates), np.asarray(self.reaction.effort))[:, None]
        drawn = jnp.asarray(mean + noise)
        return Reaction(drawn[:-1], drawn[-1] if self.deals is None else jnp.zeros_like(drawn[-1]))

    def _chances(self, found: Mapping[str, Record], draws: list[int]) -> Block:
        """Chance of a deal in each month of every world, where there are rules for deals."""
        if self.deals is None:
            return {}
        return {
            f"{name}/{DEALS}": self.deals.chance(
                np.asarray(record.attention), draws, shifted=not name.startswith("history")
            )[self.first :]
            for name, record in found.items()
        }

    def _dealing(self, past: HistoryChunk, world: OtherWorld, turn: WorldChange, draws: list[int]) -> Record:
        """The world in which deals follow attention and attention follows deals: run until neither moves.

        A month's deals rest on the months before it, so every pass settles one month more at least.
        """
        assert self.deals is not None
        attention, push = np.asarray(past.record.attention), np.asarray(turn.push)
        noise, power = self.deals.noise(draws, len(attention)), np.asarray(past.values["effort_power"])
        for _ in range(len(attention) + 1):
            found = _world(self.inputs, past, world, replace(turn, push=jnp.asarray(push)))
            wanted = self.deals.push(np.asarray(found.attention), attention, draws, noise, power)
            if np.array_equal(wanted, push):
                return found
            push = wanted
        raise UnsettledError("deals and attention chase each other", found=f"{len(attention) + 1} passes")


def stretch(first: int, end: int) -> Stretch:
    """Months from a place on to before another, as compiled code takes them."""
    return Stretch(jnp.array(first, int), jnp.array(end, int))


def _world(inputs: CorridorInputs, past: HistoryChunk, world: OtherWorld, turn: WorldChange) -> Record:
    """One world beside history; one with parameters of its own differs from the first month on."""
    if not world.held:
        return run(inputs, past, turn)
    held = {name: jnp.full_like(past.values[name], number) for name, number in world.held.items()}
    whole = replace(turn.months, first=jnp.zeros_like(turn.months.first))
    return run(inputs, replace(past, values=past.values | held), replace(turn, months=whole))


def _nobody(draws: int) -> Reaction:
    """Governments that do not answer."""
    return Reaction(jnp.zeros((len(STAGES), draws)), jnp.zeros(draws))


@dataclass(frozen=True, eq=False)
class _Chunk:
    """Draws of a corridor; two of the same content are one."""

    inputs: CorridorInputs
    entries: tuple[ParameterEntry, ...]
    free: np.ndarray

    def __hash__(self) -> int:
        return hash(self.mark)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Chunk) and self.mark == other.mark

    @cached_property
    def mark(self) -> tuple[object, ...]:
        """What tells it from others."""
        leaves = jax.tree.leaves((self.inputs, self.free))
        return (self.entries, *(digest.of_bytes(np.asarray(leaf).tobytes()) for leaf in leaves))


def past_of(inputs: CorridorInputs, entries: tuple[ParameterEntry, ...], free: np.ndarray) -> HistoryChunk:
    """History of one chunk of draws, run once however many questions are put to it.

    Args:
        inputs: The corridor with levers as recorded.
        entries: Where each parameter lies among the free numbers.
        free: Free numbers of the chunk, (length, draw).
    """
    return _past(_Chunk(inputs, entries, free))


@lru_cache(maxsize=CHUNKS_KEPT)
def _past(chunk: _Chunk) -> HistoryChunk:
    """Solved from the figures, then run forward as every other world is; nobody answers, as what they did is in it."""
    values = ensemble.constrained_chunk(jnp.asarray(chunk.free), chunk.entries)
    shocks = ensemble.solved_chunk(chunk.inputs, values)
    none = jnp.zeros_like(shocks.effort)
    turn = WorldChange(chunk.inputs.levers, _nobody(none.shape[-1]), none, stretch(0, len(none)))
    found = run(chunk.inputs, HistoryChunk(values, shocks, _blank(chunk.inputs, values, shocks)), turn, starts=True)
    return jax.block_until_ready(HistoryChunk(values, shocks, found))


def _blank(inputs: CorridorInputs, values: Values, shocks: Shocks) -> Record:
    """A record of nothing, but for the world as it starts."""
    months, draws = shocks.effort.shape
    start = spread(inputs.start, draws)
    kept = fixed(inputs.corridor, values)
    seen = jax.eval_shape(lambda: through(start, under(inputs, inputs.levers, shocks), kept, select=_numbers)[1])
    numbers = jax.tree.map(lambda leaf: jnp.zeros(leaf.shape, leaf.dtype), seen)
    starts = jax.tree.map(lambda leaf: jnp.broadcast_to(leaf, (months, *leaf.shape)), Start(start, usual_at(start)))
    return Record(numbers, jnp.zeros_like(shocks.effort), starts)


@partial(jax.jit, static_argnames="starts")
def run(inputs: CorridorInputs, past: HistoryChunk, turn: WorldChange, *, starts: bool = False) -> Record:
    """One world from the surprises of history; months that are not run are history's.

    Args:
        inputs: The corridor with levers as recorded.
        past: History, with the parameters of this world.
        turn: What is otherwise.
        starts: Whether to keep what other worlds may start from; the arithmetic is the same.
    """
    at = past.start(turn.months.first)
    answer = ToAttention(turn.rule, at.usual, past.record.attention, turn.push)
    given = under(inputs, turn.levers, past.shocks)
    kept = fixed(inputs.corridor, past.values)
    into = past.record if starts else replace(past.record, starts=None)
    return onward(at.world, given, kept, turn.months, into, answer, partial(_row, starts=starts))


def _numbers(lived: Lived, _: None) -> Values:
    return keep(lived.outcomes)


def _row(lived: Lived, answered: ReactionState, *, starts: bool) -> Record:
    """One month of a record."""
    start = Start(lived.before, answered.usual_before) if starts else None
    return Record(keep(lived.outcomes), answered.attention, start)


def keep(seen: MonthlyOutcomes) -> Values:
    """Every outcome of a month as a whole, and the parts of some, draw last; admissions without those by parole."""
    fields = {name: getattr(seen, name)[None] for name in outcomes.FIELDS}
    nowhere = jnp.zeros(1)
    found = {one.name: outcomes.OutcomeQuery(one).of(fields, nowhere)[0] for one in outcomes.OUTCOMES.values()}
    found |= {f"{name} {ORIGINS}": getattr(seen, name) for name in ("set_out", "darien", "stops", "let_in", "held")}
    return found | {
        f"encounters {ORIGINS}": jnp.sum(seen.encounters, axis=1),
        f"encounters {GROUPS}": jnp.sum(seen.encounters, axis=0),
        f"encounters {SECTORS}": seen.sectors,
        f"deaths {PLACES}": seen.deaths,
    }
