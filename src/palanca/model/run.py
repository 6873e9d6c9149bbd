"""Runs months one after the other, for many draws at once: every history, what-if and forecast goes through here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Protocol, TypeVar

import jax
import jax.numpy as jnp
from jax import Array
from jax.tree_util import register_dataclass

from palanca.flows import sectors
from palanca.flows.corridor import CorridorShape
from palanca.model import month
from palanca.model.fixed import Fixed
from palanca.model.month import Lived
from palanca.model.outcomes import MonthlyOutcomes
from palanca.model.parameters import records
from palanca.model.world import CorridorFigures, MonthInputs, Outside, Shocks, World
from palanca.policy import follow as rules
from palanca.policy.follow import STAGES, Gates
from palanca.policy.levers import LeverLevels

Values = dict[str, Array]
Part = TypeVar("Part")
State = Any  # arrays that a reaction carries from month to month
Select = Callable[[Lived, State], Any]


@register_dataclass
@dataclass(frozen=True)
class CorridorInputs:
    """One corridor ready to run: its constants, what happened outside, the figures, the recorded levers."""

    corridor: CorridorShape
    outside: Outside
    figures: CorridorFigures
    levers: LeverLevels
    start: World


class AbstractReaction(Protocol):
    """What a world makes of what it saw: changes what later months bring."""

    @property
    def months(self) -> Any:
        """What it takes of each month besides, month first."""
        ...

    def begin(self, world: World) -> State:
        """What it carries into the first month."""
        ...

    def meet(self, state: State, world: World, given: MonthInputs, now: Any) -> tuple[State, MonthInputs]:
        """What a month brings in this world; `now` is its part of `months`."""
        ...

    def learn(self, state: State, lived: Lived) -> State:
        """What it carries on from a month."""
        ...


@dataclass(frozen=True)
class NoReaction:
    """Every month brings what was given."""

    months: None = None

    def begin(self, world: World) -> State:
        """Nothing is carried."""
        return None

    def meet(self, state: State, world: World, given: MonthInputs, now: Any) -> tuple[State, MonthInputs]:
        """As given."""
        return state, given

    def learn(self, state: State, lived: Lived) -> State:
        """Nothing is learned."""
        return state


def outcomes(lived: Lived, _state: State) -> MonthlyOutcomes:
    """Keep what a month leaves for the record."""
    return lived.outcomes


def fixed(corridor: CorridorShape, values: Values) -> Fixed:
    """What stays the same through a run, from parameters with their axis of draws."""
    flows, policy = records(values)
    return Fixed(
        corridor=corridor,
        flows=flows,
        policy=policy,
        appeal=sectors.appeal_weights(flows),
        effort_routine=values["effort_routine"],
        delivery_persistence=values["delivery_persistence"],
    )


def recorded(inputs: CorridorInputs) -> MonthInputs:
    """The months of the case as recorded, their surprises to be solved from the figures."""
    figures, then = practised(inputs)
    given = None
    if figures.carried is not None:
        own = figures.carried.gates == jnp.arange(len(figures.carried.gates))
        given = Gates(*(own.astype(float)[:, None, None, None] for _ in STAGES))
    return MonthInputs(
        outside=inputs.outside,
        levers=inputs.levers,
        figures=figures,
        practised=then,
        gates=rules.lifted(figures.gates),
        gate_given=given,
        crowd=jnp.exp(inputs.figures.crowding),
    )


def practised(inputs: CorridorInputs) -> tuple[CorridorFigures, LeverLevels | None]:
    """The figures, and the levers under which their gates and returns came about; None if those of each month.

    Where gates are carried on from a month before, crowding and levers are those of that month.
    """
    figures, levers, source = inputs.figures, inputs.levers, inputs.figures.carried
    if source is None:
        return figures, None
    then: LeverLevels = jax.tree.map(lambda leaf: leaf[source.gates], levers)
    return replace(figures, crowding=figures.crowding[source.gates]), replace(
        then, removal=levers.removal[source.returns], effort=levers.effort
    )


def under(inputs: CorridorInputs, levers: LeverLevels, shocks: Shocks) -> MonthInputs:
    """The months of the case under levers that may differ from those recorded, with the surprises of history.

    The dead thin out with the crowd that was: a crowd that another world would see may hide the dead instead of sparing
    lives, and figures cannot tell.
    """
    figures, then = practised(inputs)
    return MonthInputs(
        outside=inputs.outside,
        levers=levers,
        figures=figures,
        recorded=inputs.levers,
        practised=then,
        surprise=shocks.surprise,
        crowd=jnp.exp(inputs.figures.crowding),
    )


def some(tree: Part, first: Array, months: int) -> Part:
    """Some months of what has months first, from a place that need not be known when this is compiled."""
    cut: Part = jax.tree.map(lambda leaf: jax.lax.dynamic_slice_in_dim(leaf, first, months), tree)
    return cut


def spread(world: World, draws: int) -> World:
    """Give a world the axis of draws."""
    return jax.tree.map(lambda leaf: jnp.broadcast_to(leaf, (*leaf.shape[:-1], draws)), world)


def through(
    start: World, given: MonthInputs, kept: Fixed, *, react: AbstractReaction | None = None, select: Select = outcomes
) -> tuple[World, Any]:
    """Live through months one after the other: the one scan.

    Args:
        start: The world at the start of the first month, with its axis of draws.
        given: What the months bring, month first.
        kept: Parameters and corridor.
        react: How the world answers to what it saw.
        select: What to keep of a month, from the month and from what the reaction carries into it.

    Returns:
        The world after the last month, and what was kept, month first.
    """
    answer = react if react is not None else NoReaction()

    def step(carry: tuple[World, State], at: tuple[MonthInputs, Any]) -> tuple[tuple[World, State], Any]:
        return _month(carry, at, kept, answer, select)

    (world, _), found = jax.lax.scan(step, (start, answer.begin(start)), (given, answer.months))
    return world, found


@register_dataclass
@dataclass(frozen=True)
class Stretch:
    """Some months in a row, by their places.

    Args:
        first: Place of the first.
        end: Place after the last.
    """

    first: Array
    end: Array


def onward(
    start: World, given: MonthInputs, kept: Fixed, which: Stretch, into: Part, react: AbstractReaction, select: Select
) -> Part:
    """Live through some months, whatever their places, in one compiled piece.

    Args:
        start: The world at the start of the first month that is run.
        given: What all months bring, month first.
        kept: Parameters and corridor.
        which: Months that are run.
        into: What is kept of all months, month first; rows of months that are run are set, the others stay as they are.
        react: How the world answers to what it saw.
        select: What to keep of a month, of the form of a row of `into`.
    """

    def step(i: Array, carry: tuple[tuple[World, State], Part]) -> tuple[tuple[World, State], Part]:
        at = jax.tree.map(lambda leaf: jax.lax.dynamic_index_in_dim(leaf, i, keepdims=False), (given, react.months))
        begun, found = _month(carry[0], at, kept, react, select)
        rows: Part = jax.tree.map(
            lambda whole, row: jax.lax.dynamic_update_index_in_dim(whole, row, i, 0), carry[1], found
        )
        return begun, rows

    done: Part = jax.lax.fori_loop(which.first, which.end, step, ((start, react.begin(start)), into))[1]
    return done


def last(
    start: World, of_month: Callable[[Array], MonthInputs], kept: Fixed, months: Array, empty: Part, select: Select
) -> Part:
    """What is kept of the last of some months, their number known only when this is run.

    Args:
        start: The world at the start of the first month.
        of_month: What a month brings, by its place among them.
        kept: Parameters and corridor.
        months: How many.
        empty: What is kept if there is none.
        select: What to keep of a month.
    """

    def step(i: Array, carry: tuple[World, Part]) -> tuple[World, Part]:
        lived = month.live(carry[0], of_month(i), kept)
        return lived.world, select(lived, None)

    found: Part = jax.lax.fori_loop(0, months, step, (start, empty))[1]
    return found


def _month(
    carry: tuple[World, State], at: tuple[MonthInputs, Any], kept: Fixed, react: AbstractReaction, select: Select
) -> tuple[tuple[World, State], Any]:
    """One month, and what is kept of it."""
    world, state = carry
    state, given = react.meet(state, world, *at)
    lived = month.live(world, given, kept)
    return (lived.world, react.learn(state, lived)), select(lived, state)


def replay(inputs: CorridorInputs, values: Values, select: Select = outcomes) -> tuple[Shocks, Any]:
    """History as the figures have it: the surprises that, month by month, give what was counted.

    Args:
        inputs: The corridor.
        values: Parameters by name, each with its axes and that of draws.
        select: What to keep of each month besides.

    Returns:
        The surprises, and what each month leaves for the record or what else is selected; month first, draw last.
    """

    def both(lived: Lived, state: State) -> tuple[Shocks | None, Any]:
        return lived.shocks, select(lived, state)

    draws = next(iter(values.values())).shape[-1]
    _, (shocks, found) = through(
        spread(inputs.start, draws), recorded(inputs), fixed(inputs.corridor, values), select=both
    )
    return shocks, found


def project(inputs: CorridorInputs, levers: LeverLevels, shocks: Shocks, values: Values) -> MonthlyOutcomes:
    """All months of the case in a world that shares the surprises of history.

    Args:
        inputs: The corridor, with the levers as recorded.
        levers: The levers of this world.
        shocks: From `replay`.
        values: Parameters of this world.

    Returns:
        What each month leaves for the record; with unchanged levers, history.
    """
    draws = next(iter(values.values())).shape[-1]
    start, kept = spread(inputs.start, draws), fixed(inputs.corridor, values)
    found: MonthlyOutcomes = through(start, under(inputs, levers, shocks), kept)[1]
    return found


def starts(inputs: CorridorInputs, values: Values) -> tuple[Shocks, World]:
    """The surprises of history, and the world at the start of each month as replay has it, month first."""
    return replay(inputs, values, lambda lived, _: lived.before)
