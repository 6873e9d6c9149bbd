"""The months after the last known one: first as expected with levers as they are, then as changed levers make them.

Arrivals are drawn from what the figures alone say (a statistical panel), and the corridor is replayed on them, as it
is on history: that gives the surprises behind each drawn path. A world with other levers keeps those surprises.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import jax
import jax.numpy as jnp
from jax import Array
from jax.tree_util import register_dataclass
from jaxtyping import Float

from palanca.flows import solve, transit
from palanca.kernel.axes import Scalar
from palanca.model import month
from palanca.model.month import CROWDING_REFERENCE, Before, Fixed
from palanca.model.outcomes import MonthlyOutcomes
from palanca.model.run import CorridorInputs, fixed
from palanca.model.world import Figures, Outside, World
from palanca.policy import follow as rules
from palanca.policy.follow import STAGES, Gates
from palanca.policy.levers import LeverLevels

USUAL_MONTHS = 12.0  # what governments take for usual fades over a year
Values = dict[str, Array]


@register_dataclass
@dataclass(frozen=True)
class Known:
    """Where things stand at the end of the last known month.

    Args:
        world: State then.
        effort: Delivered effort then, (draw) [effort].
        usual: Log of the encounters that governments are used to, (draw) [log points].
        figures: That month's figures.
        levers: That month's levers.
    """

    world: World
    effort: Scalar
    usual: Scalar
    figures: Figures
    levers: LeverLevels


@register_dataclass
@dataclass(frozen=True)
class Path:
    """What is taken as given of the months ahead; no axis of draws.

    Args:
        outside: What comes from outside the model, by month.
        levers: The levers, by month.
        gates: What follows encounters where that is given, by month [log odds].
        given: 1 for months in which `gates` is what follows encounters, 0 where the levers move it from the last
            known month.
    """

    outside: Outside
    levers: LeverLevels
    gates: Gates
    given: Float[Array, " month"]


@register_dataclass
@dataclass(frozen=True)
class Drawn:
    """What is drawn of the months ahead, the same in every world compared.

    Args:
        effort: Delivered effort, (month, draw) [effort].
        practice: How far each gate has moved by itself, (month, gate, draw) [log odds].
        factor: Surprise of each origin as a factor on newcomers, (month, origin, draw).
        pace: Share of those on hold who move, (month, origin, draw).
    """

    effort: Float[Array, "*month draw"]
    practice: Float[Array, "*month gate draw"]
    factor: Float[Array, "*month origin draw"]
    pace: Float[Array, "*month origin draw"]


@register_dataclass
@dataclass(frozen=True)
class Reaction:
    """How governments answer to attention: the log of last month's encounters over what they are used to.

    Args:
        gates: Monthly move of each gate per unit of attention, (gate) [log odds].
        effort: Monthly move of the log of delivered effort per unit of attention [log points].
    """

    gates: Float[Array, " gate"]
    effort: Float[Array, ""]


def known(inputs: CorridorInputs, values: Values, last: Array) -> Known:
    """Replay history and stop at a month.

    Args:
        inputs: The corridor with its figures; nothing after the month is used.
        values: Parameters by name, draw last.
        last: Place of the last known month on the axis.
    """
    kept = fixed(inputs.corridor, values)
    draws = next(iter(values.values())).shape[-1]
    start = _spread(inputs.start, draws)

    def step(
        carry: tuple[World, World, Array], at: tuple[Array, Outside, Figures, LeverLevels]
    ) -> tuple[tuple[World, World, Array], None]:
        world, stood, effort = carry
        place, outside, figures, levers = at
        world, shocks, _ = month.replayed(world, outside, figures, levers, kept)
        reached = place == last
        stood = jax.tree.map(lambda new, old: jnp.where(reached, new, old), world, stood)
        return (world, stood, jnp.where(reached, shocks.effort, effort)), None

    places = jnp.arange(inputs.figures.encounters.shape[0])
    given = (places, inputs.outside, inputs.figures, inputs.levers)
    (_, stood, effort), _ = jax.lax.scan(step, (start, start, jnp.ones(draws)), given)
    figures, levers = jax.tree.map(lambda leaf: leaf[last], (inputs.figures, inputs.levers))
    total = jnp.log(jnp.maximum(inputs.figures.encounters.sum(axis=1), 1.0))
    weight = jnp.where(places <= last, jnp.exp((places - last) / USUAL_MONTHS), 0.0)
    usual = jnp.broadcast_to(jnp.sum(weight * total) / jnp.sum(weight), (draws,))
    return Known(stood, effort, usual, figures, levers)


def expected(
    inputs: CorridorInputs, at: Known, path: Path, counts: Array, moved: tuple[Array, Array], values: Values
) -> tuple[Drawn, MonthlyOutcomes]:
    """Replay the months ahead on drawn arrivals, with levers as the path has them.

    Args:
        inputs: The corridor.
        at: Where things stand, from `known`.
        path: What is taken as given.
        counts: Drawn encounters, (month, origin, draw) [events / month].
        moved: Delivered effort, (month, draw) [effort], and the move of each gate, (month, gate, draw) [log odds].
        values: Parameters by name, with as many draws as the counts, or one.

    Returns:
        The surprises behind the drawn arrivals, and what each month leaves for the record.
    """
    kept = fixed(inputs.corridor, values)
    start = _spread(at.world, counts.shape[-1])

    def step(world: World, now: tuple[Path, Array, Array, Array]) -> tuple[World, tuple[Drawn, MonthlyOutcomes]]:
        given, seen_counts, effort, practice = now
        half = _before(world, at, given, practice, kept)
        figures = replace(at.figures, encounters=seen_counts)
        puzzle = month.puzzle(half, given.outside, figures, given.levers, kept)
        answer = solve.solve(puzzle, jnp.zeros_like(effort), jnp.zeros(()), effort, effort)
        surprise = (answer.factor, answer.pace, effort)
        ceiling = month.removal_ceiling(at.figures, at.levers, given.levers, kept.flows)
        world, seen = month.after(half, given.outside, given.levers, surprise, ceiling, kept)
        return world, (Drawn(effort, practice, answer.factor, answer.pace), seen)

    _, (drawn, seen) = jax.lax.scan(step, start, (path, counts, *moved))
    return drawn, seen


def altered(
    inputs: CorridorInputs, at: Known, path: Path, drawn: Drawn, reaction: Reaction, values: Values
) -> MonthlyOutcomes:
    """The months ahead with other levers, what governments do next, or both; every surprise kept.

    Args:
        inputs: The corridor.
        at: Where things stand, from `known`.
        path: What is taken as given in this world.
        drawn: From `expected`.
        reaction: How governments answer to attention; zeros for governments that do not.
        values: Parameters by name, with as many draws as the surprises, or one.

    Returns:
        What each month leaves for the record; with the same path and no reaction, what `expected` gave.
    """
    kept = fixed(inputs.corridor, values)
    draws = drawn.effort.shape[-1]
    answered = (jnp.zeros((len(STAGES), draws)), jnp.zeros(draws))
    start = (_spread(at.world, draws), jnp.broadcast_to(at.usual, (draws,)), answered)
    Moving = tuple[World, Array, tuple[Array, Array]]

    def step(carry: Moving, now: tuple[Path, Drawn]) -> tuple[Moving, MonthlyOutcomes]:
        world, usual, (gates, effort) = carry
        given, surprise = now
        arrivals = jnp.log(jnp.maximum(world.encounters, 1.0))
        gates = gates + reaction.gates[:, None] * (arrivals - usual)
        effort = effort + reaction.effort * (arrivals - usual)
        half = _before(world, at, given, surprise.practice + gates, kept)
        delivered = surprise.effort * jnp.exp(effort)
        ceiling = month.removal_ceiling(at.figures, at.levers, given.levers, kept.flows)
        moves = (surprise.factor, surprise.pace, delivered)
        world, seen = month.after(half, given.outside, given.levers, moves, ceiling, kept)
        return (world, usual + (arrivals - usual) / USUAL_MONTHS, (gates, effort)), seen

    _, seen = jax.lax.scan(step, start, (path, drawn))
    return seen


def _before(world: World, at: Known, given: Path, practice: Array, kept: Fixed) -> Before:
    """The first half of a month ahead: the gates are those last seen, moved by levers, crowding and practice."""
    levers = given.levers
    crowding = jnp.log(jnp.maximum(world.encounters, 1.0) / CROWDING_REFERENCE)
    computed = rules.gates(levers, kept.policy, crowding)
    then = rules.gates(at.levers, kept.policy, at.figures.crowding[..., None])
    moved = rules.unless_seen(rules.shifted(_lifted(at.figures.gates), then, computed), computed, at.levers)
    fixed_gates = _lifted(given.gates)
    gates = Gates(
        **{
            name: jnp.where(given.given > 0.0, getattr(fixed_gates, name), getattr(moved, name) + practice[k])
            for k, name in enumerate(STAGES)
        }
    )
    declared = transit.believed(at.levers.effort, levers.effort, kept.flows)
    return month.before(world, given.outside, levers, declared, rules.follow(levers, gates), kept)


def _lifted(gates: Gates) -> Gates:
    return Gates(*(getattr(gates, name)[..., None] for name in STAGES))


def _spread(world: World, draws: int) -> World:
    return jax.tree.map(lambda leaf: jnp.broadcast_to(leaf, (*leaf.shape[:-1], draws)), world)
