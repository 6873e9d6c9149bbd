"""Repeats the month over the clock, for many draws at once: replay, and twin worlds that share its surprises."""

from __future__ import annotations

from dataclasses import dataclass

import jax
import jax.numpy as jnp
from jax import Array
from jax.tree_util import register_dataclass

from palanca.flows import sectors
from palanca.flows.corridor import Corridor
from palanca.model import month
from palanca.model.month import Fixed
from palanca.model.outcomes import MonthlyOutcomes
from palanca.model.parameters import records
from palanca.model.world import Figures, Outside, Shocks, World
from palanca.policy.levers import LeverLevels


@register_dataclass
@dataclass(frozen=True)
class CorridorInputs:
    """One corridor ready to run: its constants, what happened outside, the figures, the recorded levers."""

    corridor: Corridor
    outside: Outside
    figures: Figures
    levers: LeverLevels
    start: World


def fixed(corridor: Corridor, values: dict[str, Array]) -> Fixed:
    """What stays the same through a run, from parameters with their axis of draws."""
    flows, policy = records(values)
    return Fixed(corridor=corridor, flows=flows, policy=policy, appeal=sectors.appeal_weights(flows))


def replay(inputs: CorridorInputs, values: dict[str, Array]) -> tuple[Shocks, MonthlyOutcomes]:
    """History as the figures have it: the surprises that, month by month, give what was counted.

    Args:
        inputs: The corridor.
        values: Parameters by name, each with its axes and that of draws.

    Returns:
        The surprises, and what each month leaves for the record; month first, draw last.
    """
    kept = fixed(inputs.corridor, values)

    def step(world: World, at: tuple[Outside, Figures, LeverLevels]) -> tuple[World, tuple[Shocks, MonthlyOutcomes]]:
        world, shocks, seen = month.replayed(world, *at, kept)
        return world, (shocks, seen)

    given = (inputs.outside, inputs.figures, inputs.levers)
    _, (shocks, seen) = jax.lax.scan(step, _spread(inputs.start, values), given)
    return shocks, seen


def project(inputs: CorridorInputs, now: LeverLevels, shocks: Shocks, values: dict[str, Array]) -> MonthlyOutcomes:
    """A twin world: the surprises of history under levers that may differ from those recorded.

    Args:
        inputs: The corridor, with the levers as recorded.
        now: The levers of the twin world.
        shocks: From `replay`.
        values: Parameters of the twin world.

    Returns:
        What each month leaves for the record; with unchanged levers, history.
    """
    kept = fixed(inputs.corridor, values)

    def step(
        world: World, at: tuple[Outside, Figures, LeverLevels, LeverLevels, Shocks]
    ) -> tuple[World, MonthlyOutcomes]:
        outside, figures, then, changed, surprise = at
        return month.projected(world, outside, figures, (then, changed), surprise, kept)

    given = (inputs.outside, inputs.figures, inputs.levers, now, shocks)
    _, seen = jax.lax.scan(step, _spread(inputs.start, values), given)
    return seen


@jax.jit
def history(inputs: CorridorInputs, values: dict[str, Array]) -> tuple[Shocks, MonthlyOutcomes]:
    """Replay, then the same history run forward from its surprises, as every twin world will be."""
    shocks, _ = replay(inputs, values)
    return shocks, project(inputs, inputs.levers, shocks, values)


@jax.jit
def twin(inputs: CorridorInputs, now: LeverLevels, shocks: Shocks, values: dict[str, Array]) -> MonthlyOutcomes:
    """A twin world from surprises already solved."""
    return project(inputs, now, shocks, values)


def _spread(world: World, values: dict[str, Array]) -> World:
    """Give the starting world the axis of draws."""
    draws = next(iter(values.values())).shape[-1]
    return jax.tree.map(lambda leaf: jnp.broadcast_to(leaf, (*leaf.shape[:-1], draws)), world)
