"""Choosing with error: the better an option pays the likelier it is taken, up to always taking the best."""

from __future__ import annotations

import jax
import jax.numpy as jnp
from jax import Array
from jaxtyping import Bool, Float

from palanca.bargain import bounds
from palanca.bargain.bounds import Number

ROUNDING = 1e-10  # payoffs are sums of a few terms over some months: equal ones differ by far less


def choose(
    payoff: Float[Array, "option ..."], precision: Number, allowed: Bool[Array, "option ..."] | None = None
) -> Float[Array, "option ..."]:
    """Chance of each option; those that are not allowed have none, and at least one must be allowed.

    Args:
        payoff: What each option is worth [payoff].
        precision: How closely choices follow payoffs [per unit of payoff]; infinite for always the best, where bests
            that are equal but for rounding share alike, and 0 for no regard to payoff.
        allowed: Which options there are; all if left out.

    Reference:
        Logit quantal response (McKelvey and Palfrey 1998): chances proportional to exp(precision * payoff).
    """
    sharp = bounds.precision(precision)
    open_to = jnp.ones_like(payoff, dtype=bool) if allowed is None else allowed
    worth = jnp.where(open_to, payoff, -jnp.inf)
    top = jnp.max(worth, axis=0)
    best = worth >= top - ROUNDING * jnp.maximum(1.0, jnp.abs(top))
    sure = best / jnp.sum(best, axis=0)
    held = jnp.where(jnp.isinf(sharp), 0.0, sharp)
    return jnp.where(jnp.isinf(sharp), sure, jax.nn.softmax(jnp.where(open_to, held * payoff, -jnp.inf), axis=0))
