"""Chances of dying on the way: in a crossing, and in the transit country (equation F9)."""

from __future__ import annotations

from jax import Array

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
