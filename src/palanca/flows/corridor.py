"""What is fixed about a corridor: which cells circulate, whose country is in transit, how long the way takes."""

from __future__ import annotations

from dataclasses import dataclass

from jax import Array
from jax.tree_util import register_dataclass
from jaxtyping import Float


@register_dataclass
@dataclass(frozen=True)
class CorridorShape:
    """Constants of the geography, without the axis of draws.

    Args:
        circular: 1 where a cell migrates for seasonal work, 0 where for asylum or family [share].
        foreign: 1 for an origin that must pass the transit country, 0 for its own nationals.
        delay: Share of those setting out who arrive after 0, 1, 2 months [share].
        air: Share that flies into the transit country while no visa is needed [share].
        walks: 1 for an origin whose way by land leads through the Darien.
        kept: 1 for a group whose members expect to be kept when they are detained, 0 for one that expects to be let in.
        hides: How far a group tries not to be seen, against single adults; others mostly surrender [share].
        heat: Seasonal weight of deaths at the border, mean 1 over the year [index].
    """

    circular: Float[Array, "origin group"]
    foreign: Float[Array, " origin"]
    delay: Float[Array, "delay origin"]
    air: Float[Array, " origin"]
    walks: Float[Array, " origin"]
    kept: Float[Array, " group"]
    hides: Float[Array, " group"]
    heat: Float[Array, " calendar_month"]
