"""What arrivals cost the government of the destination at home."""

from __future__ import annotations

import jax.numpy as jnp
from jax import Array
from jax.typing import ArrayLike
from jaxtyping import Float


def salience(attention: Float[ArrayLike, "*#draw"], clock: Float[ArrayLike, "*#draw"]) -> Float[Array, "*#draw"]:
    """Weight of one arrival in politics [1 at usual attention, far from an election].

    Args:
        attention: Attention of the public [1 at the usual].
        clock: Weight of the election clock [1 far from an election].
    """
    return jnp.asarray(attention) * jnp.asarray(clock)


def cost_m(
    arrivals_m: Float[ArrayLike, "*#draw"], attention: Float[ArrayLike, "*#draw"], clock: Float[ArrayLike, "*#draw"]
) -> Float[Array, "*#draw"]:
    """Political cost of a month's arrivals [thousands of arrivals at usual salience / month].

    Args:
        arrivals_m: Arrivals [thousand people / month].
        attention: Attention of the public [1 at the usual].
        clock: Weight of the election clock [1 far from an election].

    Reference:
        Equation N4 of docs/model.md: cost = attention * clock * arrivals.
    """
    return salience(attention, clock) * jnp.asarray(arrivals_m)
