"""The transit country stops some, removes few, sends the rest back south, from where most come again (F4)."""

from __future__ import annotations

from dataclasses import dataclass

import jax.numpy as jnp
from jax import Array
from jax.tree_util import register_dataclass

from palanca.flows.corridor import CorridorShape
from palanca.flows.params import FlowParams
from palanca.kernel.axes import CellLike, PerCell
from palanca.kernel.curves import hazard_chance, ration

MOST_HAZARD = 20.0


@register_dataclass
@dataclass(frozen=True)
class Transit:
    """What one month in the transit country does to those in it [people / month], each (origin, group, draw).

    `taken` counts everyone removed; `removed` those of them who do not come again.
    """

    died: PerCell
    stopped: PerCell
    passed: PerCell
    taken: PerCell
    removed: PerCell
    settled: PerCell
    quit: PerCell
    back_south: PerCell


def carried(declared: Array, params: FlowParams) -> PerCell:
    """Declared enforcement as it carries: a judgement of how much more there was, taken as more or less than judged.

    Routine control stays 1 and none stays none.

    Args:
        declared: Declared enforcement, (origin, group) [multiples of routine control].
        params: Uses `effort_power`, 1 for judgements that are right.

    Reference:
        Equation F4b of docs/model.md.
    """
    some = declared[..., None] > 0.0
    return jnp.where(some, jnp.where(some, declared[..., None], 1.0) ** params.effort_power, 0.0)


def exposure(declared: CellLike, by_land: Array, corridor: CorridorShape, params: FlowParams) -> PerCell:
    """How hard a unit of effort falls on each cell; zero on the transit country's own nationals [effort].

    Args:
        declared: Declared enforcement by cell [multiples of routine control], (origin, group, draw).
        by_land: Share of each origin that comes by land [share], (origin).
        corridor: Tells the transit country's own nationals.
        params: Exposure by origin and by group.
    """
    land = by_land[:, None] + (1.0 - by_land[:, None]) * params.air_exposure
    return (
        declared * (corridor.foreign[:, None] * land)[:, None] * params.stop_exposure[:, None] * params.stop_group[None]
    )


def pass_through(
    travellers: PerCell,
    effort: Array,
    weight: PerCell,
    ceiling: Array,
    dying: CellLike,
    params: FlowParams,
) -> Transit:
    """Stop, remove up to the ceiling, send south, or let pass.

    Args:
        travellers: People in transit this month, newcomers and those who come again [people / month].
        effort: Hazard of being stopped per unit of exposure [effort], (draw).
        weight: Exposure of each cell.
        ceiling: Most people that the transit country can remove [people / month], (draw).
        dying: Chance of dying on the way, from `harm.transit_death`.
        params: Shares of what happens to those stopped.

    Returns:
        Everyone's fate; the fields but `stopped` and `taken` sum to `travellers`.

    Reference:
        Equation F4 of docs/model.md.
    """
    died = dying * travellers
    alive = travellers - died
    stopped = alive * hazard_chance(effort * weight)
    wanted = stopped * params.removal_share[:, None]
    taken = wanted * ration(wanted.sum(axis=(0, 1)), ceiling)
    again = taken * params.removed_return
    rest = stopped - taken
    settled = rest * params.settle_share[:, None]
    left = (rest - settled) * params.transit_quit
    return Transit(
        died=died,
        stopped=stopped,
        passed=alive - stopped,
        taken=taken,
        removed=taken - again,
        settled=settled,
        quit=left,
        back_south=rest - settled - left + again,
    )


def stops_on_the_way(passing: PerCell, effort: Array, weight: PerCell) -> PerCell:
    """Stops of people who come through in the end: as many as it takes, exp(effort * weight) - 1 each [events / month].

    Args:
        passing: People who come through for certain, such as those with an appointment [people / month].
        effort: Hazard of being stopped per unit of exposure [effort], (draw).
        weight: Exposure of each cell.

    Reference:
        Mean number of failures before a success of chance exp(-effort * weight); equation F4.
    """
    return passing * jnp.expm1(jnp.minimum(effort * weight, MOST_HAZARD))
