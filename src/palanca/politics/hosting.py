"""What control and hosting cost the transit country: flat while few people are stuck, steep once many are."""

from __future__ import annotations

from dataclasses import dataclass

import jax.numpy as jnp
from jax import Array
from jax.tree_util import register_dataclass
from jax.typing import ArrayLike
from jaxtyping import Float


@register_dataclass
@dataclass(frozen=True)
class Host:
    """The transit country's own politics.

    Args:
        money: Cost of one unit of effort for a month, in the money of its treasury [payoff / effort / month].
        sovereignty: How much dearer acting for a neighbour is than acting for oneself [1 = no dearer].
        threshold: People stuck up to whom nobody minds [people]; infinite turns the threshold off.
        steepness: Rise of the price of effort per threshold of people stuck above it [share]; 0 keeps it flat.
        burden: Cost of a thousand people stuck above the threshold [payoff / thousand people / month].
    """

    money: Float[ArrayLike, "*#draw"]
    sovereignty: Float[ArrayLike, "*#draw"]
    threshold: Float[ArrayLike, "*#draw"]
    steepness: Float[ArrayLike, "*#draw"]
    burden: Float[ArrayLike, "*#draw"]


def excess(stuck: Float[ArrayLike, "*#draw"], host: Host) -> Float[Array, "*#draw"]:
    """People stuck above the threshold [people]."""
    return jnp.maximum(jnp.asarray(stuck, dtype=float) - jnp.asarray(host.threshold, dtype=float), 0.0)


def price(stuck: Float[ArrayLike, "*#draw"], host: Host) -> Float[Array, "*#draw"]:
    """What one more unit of effort costs for a month [payoff / effort / month].

    Args:
        stuck: People stuck in the country [people].
        host: Its politics.

    Reference:
        Equation N7 of docs/model.md: money * sovereignty * (1 + steepness * excess / threshold).
    """
    over = excess(stuck, host) / jnp.asarray(host.threshold, dtype=float)
    return jnp.asarray(host.money) * jnp.asarray(host.sovereignty) * (1.0 + jnp.asarray(host.steepness) * over)
