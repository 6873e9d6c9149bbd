"""Harm on the way: chances of dying, of being kidnapped and extorted, and what the way costs (equation F9)."""

from __future__ import annotations

from dataclasses import dataclass

import jax.numpy as jnp
from jax import Array
from jax.tree_util import register_dataclass

from palanca.flows.corridor import CorridorShape
from palanca.flows.params import FlowParams
from palanca.kernel.axes import CellLike, PerCell


def crossing_death(chance: PerCell, heat: Array, crowd: Array, params: FlowParams) -> PerCell:
    """Chance of dying in a crossing [deaths / crossing].

    Those who expect to be let in give themselves up where it is safe; the others hide from view, and die of it.

    Args:
        chance: Chance of being let in as people are told it, from `belief.told` [chance].
        heat: Seasonal weight of deaths [index].
        crowd: Last month's encounters over the reference, (draw) [index].
        params: Uses `death_border` and `death_crowding`.

    Reference:
        Equation F9 of docs/model.md.
    """
    return params.death_border * heat * (1.0 - chance) * _thinned(crowd, params)


def transit_death(crowd: Array, corridor: CorridorShape, params: FlowParams) -> CellLike:
    """Chance of dying on the way through the transit country, zero for its own nationals [chance].

    Args:
        crowd: Last month's encounters over the reference, (draw) [index].
        corridor: Tells the transit country's own nationals.
        params: Uses `death_transit` and `death_crowding`.

    Reference:
        Equation F9 of docs/model.md.
    """
    return corridor.foreign[:, None, None] * params.death_transit * _thinned(crowd, params)


def _thinned(crowd: Array, params: FlowParams) -> Array:
    """Recorded deaths hardly rise with the number of people once many are on the way: a part of the chance alone."""
    return 1.0 / (1.0 + params.death_crowding * crowd)


@register_dataclass
@dataclass(frozen=True)
class Harmed:
    """What a month did to people on the way besides, each (origin, group, draw).

    Args:
        kidnapped: People kidnapped [people / month].
        extorted: People extorted [people / month].
        fees: Fees paid for the way by those who begin it without an appointment [usd / month].
    """

    kidnapped: PerCell
    extorted: PerCell
    fees: PerCell


def on_the_way(
    new: PerCell, road: PerCell, hold: PerCell, hazard: PerCell, corridor: CorridorShape, params: FlowParams
) -> Harmed:
    """People kidnapped and extorted on the road and on hold, and what the way cost those who began it.

    Control makes harm in two ways: it costs tries, which raise the chance on the road and the fee, and it keeps
    people on hold for months in which they are exposed. None of it is fitted, and nothing depends on it.

    Args:
        new: People beginning the way without an appointment [people / month].
        road: People on the road this month [people / month].
        hold: People on hold at the start of the month [people].
        hazard: Hazard of being stopped: coming through takes its exponential in tries.
        corridor: Tells the transit country's own nationals, who are at home.
        params: Chances per month, the fee, and the powers with which tries raise them.

    Reference:
        Equations F9a and F9b of docs/model.md.
    """
    foreign, riskier = corridor.foreign[:, None, None], jnp.exp(params.harm_friction * hazard)

    def suffered(on_road: Array, on_hold: Array) -> PerCell:
        return foreign * (jnp.minimum(on_road * riskier, 1.0) * road + on_hold * hold)

    return Harmed(
        kidnapped=suffered(params.kidnap_road, params.kidnap_hold),
        extorted=suffered(params.extort_road, params.extort_hold),
        fees=params.fee * jnp.exp(params.fee_friction * hazard) * new,
    )
