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
