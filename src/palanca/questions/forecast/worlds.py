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

from palanca.kernel.axes import Scalar
from palanca.model import run
from palanca.model.attention import USUAL_MONTHS, Reaction, ToAttention
from palanca.model.month import Lived
from palanca.model.outcomes import MonthlyOutcomes
from palanca.model.run import CorridorInputs, Values, fixed
from palanca.model.world import CorridorFigures, MonthInputs, Outside, Surprise, World
from palanca.policy import follow as rules
from palanca.policy.follow import STAGES, Gates
from palanca.policy.levers import LeverLevels


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
        practised: Levers of the month from which its gates and returns are carried on; None if they are its own.
        silent: Months since delivered effort was last solved from stops.
    """

    world: World
    effort: Scalar
    usual: Scalar
    figures: CorridorFigures
    levers: LeverLevels
    practised: LeverLevels | None
    silent: Float[Array, ""]


@register_dataclass
@dataclass(frozen=True)
class MonthsAhead:
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
class Moves:
    """How delivery and practice move in the months ahead.

    Args:
        delivery: Monthly scatter of delivered effort, standard normal, (month, draw).
        practice: How far each gate has moved by itself, (month, gate, draw) [log odds].
    """

    delivery: Float[Array, "month draw"]
    practice: Float[Array, "month gate draw"]


@register_dataclass
@dataclass(frozen=True)
class DrawnSurprises:
    """What is drawn of the months ahead, the same in every world compared.

    Args:
        surprise: What no lever explains.
        practice: How far each gate has moved by itself, (month, gate, draw) [log odds].
    """

    surprise: Surprise
    practice: Float[Array, "month gate draw"]


def known(inputs: CorridorInputs, values: Values, last: Array) -> Known:
    """Replay history and stop at a month.

    Args:
        inputs: The corridor with its figures; nothing after the month is used.
        values: Parameters by name, draw last.
        last: Place of the last known month on the axis.
    """
    shocks, worlds = run.replay(inputs, values, lambda lived, _: lived.world)
    told, then = run.practised(inputs)
    world, effort, figures, levers, practised = jax.tree.map(
        lambda leaf: leaf[last], (worlds, shocks.effort, told, inputs.levers, then)
    )
    places = jnp.arange(inputs.figures.encounters.shape[0])
    total = jnp.log(jnp.maximum(inputs.figures.encounters.sum(axis=1), 1.0))
    weight = jnp.where(places <= last, jnp.exp((places - last) / USUAL_MONTHS), 0.0)
    usual = jnp.broadcast_to(jnp.sum(weight * total) / jnp.sum(weight), effort.shape)
    lasting = (inputs.figures.stops_source >= 0.0) & (places <= last)
    silent = (last - jnp.max(jnp.where(lasting, places, 0))).astype(float)
    return Known(world, effort, usual, figures, levers, practised, silent)


@jax.jit
def expected(
    inputs: CorridorInputs, path: MonthsAhead, arrivals: Array, moves: Moves, values: Values, last: Array
) -> tuple[Known, DrawnSurprises, MonthlyOutcomes]:
    """Where things stand, and the months ahead replayed on drawn arrivals with levers as the path has them.

    Args:
        inputs: The corridor.
        path: What is taken as given.
        arrivals: Drawn encounters, (month, origin, draw) [events / month].
        moves: How delivery and practice move.
        values: Parameters by name, with as many draws as the arrivals, or one.
        last: Place of the last known month.

    Returns:
        Where things stand, the surprises behind the drawn arrivals, and what each month leaves for the record.
    """
    at, routine = known(inputs, values, last), values["effort_routine"]

    def lean(gap: Array, noise: Array) -> tuple[Array, Array]:
        gap = values["delivery_persistence"] * gap + values["delivery_sd"] * noise
        return gap, gap

    draws = arrivals.shape[-1]
    begin = jnp.broadcast_to(jnp.log(at.effort / routine), (draws,))
    _, gaps = jax.lax.scan(lean, begin, moves.delivery.at[0].multiply(_widened(at.silent, values)))
    plain = _given(at, path, moves.practice)
    silent = jnp.zeros(len(path.given))
    figures = replace(plain.figures, encounters=arrivals, stops=silent, stops_source=silent)
    given = replace(plain, figures=figures, effort=routine * jnp.exp(gaps))

    def both(lived: Lived, _: None) -> tuple[Surprise, MonthlyOutcomes]:
        return lived.surprise, lived.outcomes

    kept = fixed(inputs.corridor, values)
    _, (surprise, seen) = run.through(run.spread(at.world, draws), given, kept, select=both)
    return at, DrawnSurprises(surprise, moves.practice), seen


@jax.jit
def altered(
    inputs: CorridorInputs, at: Known, path: MonthsAhead, drawn: DrawnSurprises, reaction: Reaction, values: Values
) -> MonthlyOutcomes:
    """The months ahead with other levers, what governments do next, or both; every surprise kept.

    Args:
        inputs: The corridor.
        at: Where things stand, from `expected`.
        path: What is taken as given in this world.
        drawn: From `expected`.
        reaction: How governments answer to attention.
        values: Parameters by name, with as many draws as the surprises, or one.

    Returns:
        What each month leaves for the record; with the same path and no reaction, what `expected` gave.
    """
    effort = drawn.surprise.effort
    nothing, draws = jnp.zeros_like(effort), effort.shape[-1]
    answer = ToAttention(reaction, jnp.broadcast_to(at.usual, (draws,)), nothing, nothing)
    given = replace(_given(at, path, drawn.practice), surprise=drawn.surprise)
    kept = fixed(inputs.corridor, values)
    found: MonthlyOutcomes = run.through(run.spread(at.world, draws), given, kept, react=answer)[1]
    return found


def _widened(silent: Array, values: Values) -> Array:
    """Scatter of the first month's effort over that of one month, (draw): the months without stops add theirs (O2)."""
    lasting = values["delivery_persistence"] ** 2
    return jnp.where(silent > 0.0, jnp.sqrt((1.0 - lasting ** (silent + 1.0)) / (1.0 - lasting)), 1.0)


def _given(at: Known, path: MonthsAhead, practice: Array) -> MonthInputs:
    """The months ahead measured against the last known one."""
    months = len(path.given)
    figures, levers, practised = jax.tree.map(
        lambda leaf: jnp.broadcast_to(leaf, (months, *leaf.shape)), (at.figures, at.levers, at.practised)
    )
    where = path.given[:, None, None, None]
    return MonthInputs(
        outside=path.outside,
        levers=path.levers,
        figures=figures,
        recorded=levers,
        practised=practised,
        gates=rules.lifted(path.gates),
        gate_given=Gates(*(where for _ in STAGES)),
        gates_moved=practice,
    )
