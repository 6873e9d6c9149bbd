"""In replay, solves each origin's surprise from its encounters and the effort from the transit country's stops.

Given the effort, encounters rise with an origin's surprise by a rule whose inverse is the root of a quadratic. Stops
never fall when the effort rises, so that step is one root in one unknown; see docs/model.md, section Replay.
"""

from __future__ import annotations

from dataclasses import dataclass

import jax
import jax.numpy as jnp
from jax import Array
from jax.tree_util import register_dataclass

from palanca.flows.transit import stops_on_the_way
from palanca.kernel.axes import OriginLike, PerCell, PerOrigin
from palanca.kernel.curves import TINY

LOWEST, HIGHEST = 1e-9, 1e9
LEAST_EFFORT, MOST_EFFORT = 1e-6, 8.0
CLOSE = 1e-2  # a step on the log below this is the search's last: it and the two after it square what is left
MOST_STEPS = 80  # halving the range of logs that often leaves nothing of it


@register_dataclass
@dataclass(frozen=True)
class Puzzle:
    """One month's known numbers.

    Args:
        approach: Newcomers alive in transit, before the surprise [people / month], (origin, group, draw).
        again: People coming again from the south, alive in transit [people / month], (origin, group, draw).
        sure: People who come through in the end, however often they are stopped [people / month].
        weight: Exposure to effort, (origin, group, draw).
        yield_new: Encounters per newcomer who reaches the line [share], (origin, group, draw).
        on_hold: Encounters of those on hold at the line, if they all moved [people / month], (origin, draw).
        usual: The factor people are used to, (origin, draw).
        seen: Encounters in the figures [people / month], (origin, 1).
    """

    approach: PerCell
    again: PerCell
    sure: PerCell
    weight: PerCell
    yield_new: PerCell
    on_hold: PerOrigin
    usual: PerOrigin
    seen: OriginLike


@register_dataclass
@dataclass(frozen=True)
class Solved:
    """The surprise as a factor on newcomers, the pace of those on hold, and the effort.

    `slope` is the elasticity of encounters to the factor, `effort_slope` that of one more than the stops to the effort
    while encounters stay as they are; `at_bound` marks figures out of reach.
    """

    factor: PerOrigin
    pace: PerOrigin
    effort: Array
    slope: PerOrigin
    effort_slope: Array
    at_bound: PerOrigin


def pace(factor: PerOrigin, usual: PerOrigin) -> PerOrigin:
    """Share of those on hold who move: half when newcomers come as usual, fewer when fewer come [share].

    Reference:
        Equation F5 of docs/model.md.
    """
    return factor / (factor + usual)


def used_to(usual: PerOrigin, factor: PerOrigin, memory: Array) -> PerOrigin:
    """The factor people are used to next month: a slow geometric mean of those seen."""
    return usual * jnp.exp((1.0 - memory) * jnp.log(factor / usual))


def solve(puzzle: Puzzle, stops: Array, known: Array, declared: Array, start: Array) -> Solved:
    """Find the effort that gives the stops, and each origin's factor that gives its encounters.

    Args:
        puzzle: The month's known numbers.
        stops: People stopped in the figures [people / month], (draw).
        known: 1 where stops were published; elsewhere the effort is as declared.
        declared: Effort as declared [effort], (draw).
        start: Where the search starts [effort], (draw).

    Returns:
        The solution; `at_bound` marks origins whose figure lies outside what the model can reach.
    """
    goal = jnp.log(stops + 1.0) + jnp.zeros_like(declared)
    still = jax.lax.stop_gradient((puzzle, goal, start))
    found = search(*still, known)
    for _ in range(2):  # two differentiable steps carry first and second derivatives through the root
        value, effort_slope = gap(puzzle, goal, found)
        found = _newton(found, value, effort_slope)
    effort = jnp.where(known > 0.5, found, declared)
    factor, per_unit, held = _factor(puzzle, jnp.exp(-effort * puzzle.weight) * puzzle.yield_new)
    slope = factor * _steepness(puzzle, factor, per_unit, held) / jnp.maximum(puzzle.seen, TINY)
    at_bound = jnp.where((factor <= LOWEST) | (factor >= HIGHEST), 1.0, 0.0)
    return Solved(factor, pace(factor, puzzle.usual), effort, slope, effort_slope, at_bound)


def search(puzzle: Puzzle, goal: Array, start: Array, known: Array) -> Array:
    """Newton steps on the log of the effort, kept inside a bracket that shrinks at every step.

    A draw stops moving once its own gap is closed, so that its answer does not depend on the draws beside it.

    Args:
        puzzle: The month's known numbers.
        goal: Log of one more than the stops in the figures, (draw).
        start: Where the search starts [effort], (draw).
        known: 1 where there is anything to search for.

    Returns:
        The effort, or the end of its range on the side of a root that lies outside, (draw).
    """
    State = tuple[Array, Array, Array, Array, Array]

    def unfinished(state: State) -> Array:
        return jnp.any(~state[3]) & (state[4] < MOST_STEPS)

    def step(state: State) -> State:
        effort, low, high, done, count = state
        value, slope = gap(puzzle, goal, effort)
        low = jnp.where(value < 0.0, effort, low)
        high = jnp.where(value < 0.0, high, effort)
        out_of_reach = (low >= MOST_EFFORT) | (high <= LEAST_EFFORT)
        guess = _newton(effort, value, slope)
        at_edge = (guess <= LEAST_EFFORT) | (guess >= MOST_EFFORT)
        inside = ((guess > low) & (guess < high)) | (at_edge & (guess >= low) & (guess <= high))
        moved = jnp.where(inside, guess, jnp.sqrt(low * high))
        near = inside & (jnp.abs(guess - effort) < CLOSE * effort)
        return jnp.where(done, effort, moved), low, high, done | near | out_of_reach, count + 1

    at = jnp.clip(start, LEAST_EFFORT, MOST_EFFORT)
    low, high = jnp.full_like(at, LEAST_EFFORT), jnp.full_like(at, MOST_EFFORT)
    begin = (at, low, high, jnp.broadcast_to(known < 0.5, at.shape), jnp.array(0))
    return jax.lax.while_loop(unfinished, step, begin)[0]


def gap(puzzle: Puzzle, goal: Array, effort: Array) -> tuple[Array, Array]:
    """How far the log of the stops is above its goal, and its slope in the log of the effort, (draw).

    Args:
        puzzle: The month's known numbers.
        goal: Log of one more than the stops in the figures, (draw).
        effort: Where to look [effort], (draw).
    """
    caught = -jnp.expm1(-effort * puzzle.weight)
    slower = (1.0 - caught) * puzzle.weight
    factor, per_unit, held = _factor(puzzle, (1.0 - caught) * puzzle.yield_new)
    going = pace(factor, puzzle.usual)
    losing = slower * puzzle.yield_new
    lost = factor * _over_groups(puzzle.approach * losing) + going * _over_groups(puzzle.again * losing)
    moves = (factor > LOWEST) & (factor < HIGHEST)
    steeper = jnp.where(moves, lost / jnp.maximum(_steepness(puzzle, factor, per_unit, held), TINY), 0.0)
    new_caught, again_caught = _over_groups(puzzle.approach * caught), _over_groups(puzzle.again * caught)
    new_slower, again_slower = _over_groups(puzzle.approach * slower), _over_groups(puzzle.again * slower)
    quicker = puzzle.usual / (factor + puzzle.usual) ** 2
    on_the_way = stops_on_the_way(puzzle.sure, effort, puzzle.weight)
    stopped = jnp.sum(factor * new_caught + going * again_caught + _over_groups(on_the_way), axis=0)
    slope = jnp.sum(
        factor * new_slower
        + going * again_slower
        + steeper * (new_caught + quicker * again_caught)
        + _over_groups((on_the_way + puzzle.sure) * puzzle.weight),
        axis=0,
    )
    return jnp.log(stopped + 1.0) - goal, slope * effort / (stopped + 1.0)


def _newton(effort: Array, value: Array, slope: Array) -> Array:
    """One step on the log of the effort, at most to the ends of its range; flat ground points at the goal's side."""
    flat = slope <= TINY
    step = jnp.where(flat, -20.0 * jnp.sign(value), -value / jnp.where(flat, 1.0, slope))
    return jnp.clip(effort * jnp.exp(jnp.clip(step, -20.0, 20.0)), LEAST_EFFORT, MOST_EFFORT)


def _factor(puzzle: Puzzle, passing: Array) -> tuple[Array, Array, Array]:
    """Each origin's factor, the encounters of a unit of it, and those of everyone on hold, (origin, draw).

    The factor z solves seen = per_unit z + held z / (z + usual), a quadratic with one positive root.
    """
    per_unit = jnp.maximum(_over_groups(puzzle.approach * passing), TINY)
    held = _over_groups(puzzle.again * passing) + puzzle.on_hold
    middle = per_unit * puzzle.usual + held - puzzle.seen
    root = jnp.sqrt(middle**2 + 4.0 * per_unit * puzzle.seen * puzzle.usual)
    low = 2.0 * puzzle.seen * puzzle.usual / jnp.maximum(middle + root, TINY)
    factor = jnp.where(middle > 0.0, low, (root - middle) / (2.0 * per_unit))
    return jnp.clip(factor, LOWEST, HIGHEST), per_unit, held


def _steepness(puzzle: Puzzle, factor: Array, per_unit: Array, held: Array) -> Array:
    """How many more encounters a unit more of the factor brings."""
    return per_unit + held * puzzle.usual / (factor + puzzle.usual) ** 2


def _over_groups(cells: Array) -> Array:
    return jnp.sum(cells, axis=1)
