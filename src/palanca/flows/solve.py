"""In replay, solves each origin's surprise from its encounters and the effort from the transit country's stops.

Given the effort, encounters are linear in the exponential of an origin's surprise, so that step is a division.
Stops rise with the effort, so that step is a root in one unknown; see docs/model.md, section Replay.
"""

from __future__ import annotations

from dataclasses import dataclass

import jax
import jax.numpy as jnp
from jax import Array
from jax.tree_util import register_dataclass

from palanca.flows.transit import arrests
from palanca.kernel.axes import PerCell, PerOrigin
from palanca.kernel.curves import TINY

LOWEST, HIGHEST = 1e-4, 1e4
MOST_EFFORT = 8.0
NEWTON_STEPS = 12


@register_dataclass
@dataclass(frozen=True)
class Puzzle:
    """One month's known numbers.

    Args:
        approach: Newcomers alive in transit, before the surprise [people / month], (origin, group, draw).
        again: People coming again from the south, alive in transit [people / month], (origin, group, draw).
        weight: Exposure to effort, (origin, group, draw).
        yield_new: Encounters per newcomer who reaches the line [share], (origin, group, draw).
        certain: Encounters that happen whatever newcomers do [people / month], (origin, draw).
        seen: Encounters in the figures [people / month], (origin, 1).
    """

    approach: PerCell
    again: PerCell
    weight: PerCell
    yield_new: PerCell
    certain: PerOrigin
    seen: PerOrigin


@register_dataclass
@dataclass(frozen=True)
class Solved:
    """The surprise as a factor on newcomers, the effort, and the share of encounters that is new."""

    factor: PerOrigin
    effort: Array
    new_share: PerOrigin
    at_bound: PerOrigin


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

    def excess(effort: Array) -> Array:
        alive = puzzle.approach * _factor(puzzle, effort)[:, None] + puzzle.again
        return jnp.log(arrests(alive, effort, puzzle.weight) + 1.0) - jnp.log(stops + 1.0)

    def newton(effort: Array, _: None) -> tuple[Array, None]:
        value, slope = jax.jvp(excess, (effort,), (jnp.ones_like(effort),))
        step = value / jnp.where(jnp.abs(slope) > TINY, slope, 1.0)
        return jnp.clip(effort - step, effort * 0.2, jnp.minimum(effort * 5.0, MOST_EFFORT)), None

    found, _ = jax.lax.scan(newton, jax.lax.stop_gradient(start), None, length=NEWTON_STEPS)
    found = jax.lax.stop_gradient(found)
    for _ in range(2):  # two differentiable steps carry first and second derivatives through the root
        found, _ = newton(found, None)
    effort = jnp.where(known > 0.5, found, declared)
    factor = _factor(puzzle, effort)
    fresh = factor * _reach(puzzle, puzzle.approach, effort)
    total = fresh + _reach(puzzle, puzzle.again, effort) + puzzle.certain
    at_bound = jnp.where((factor <= LOWEST) | (factor >= HIGHEST), 1.0, 0.0)
    return Solved(factor, effort, fresh / jnp.maximum(total, TINY), at_bound)


def _reach(puzzle: Puzzle, alive: PerCell, effort: Array) -> PerOrigin:
    return jnp.sum(alive * jnp.exp(-effort * puzzle.weight) * puzzle.yield_new, axis=1)


def _factor(puzzle: Puzzle, effort: Array) -> PerOrigin:
    needed = puzzle.seen - puzzle.certain - _reach(puzzle, puzzle.again, effort)
    per_unit = _reach(puzzle, puzzle.approach, effort)
    return jnp.clip(needed / jnp.maximum(per_unit, TINY), LOWEST, HIGHEST)
