"""How published counts scatter about the model's numbers."""

from __future__ import annotations

import jax.numpy as jnp
from jax import Array
from jax.scipy.special import gammaln


def negative_binomial(count: Array, mean: Array, spread: Array) -> Array:
    """Log density of an over-dispersed count with variance `mean + (spread * mean)**2`.

    Args:
        count: Published count; anything where masked out by the caller.
        mean: The model's number.
        spread: Coefficient of variation left at large counts [log points].

    Reference:
        Equation O3 of docs/model.md.
    """
    size = 1.0 / spread**2
    safe = jnp.maximum(mean, 1e-3)
    return (
        gammaln(count + size)
        - gammaln(size)
        - gammaln(count + 1.0)
        + size * (jnp.log(size) - jnp.log(size + safe))
        + count * (jnp.log(safe) - jnp.log(size + safe))
    )


def normal(value: Array, mean: Array, sd: Array) -> Array:
    """Log density of a normal."""
    return -0.5 * ((value - mean) / sd) ** 2 - jnp.log(sd) - 0.5 * jnp.log(2.0 * jnp.pi)


def shared_and_own(innovation: Array, own: Array, shared: Array, weight: Array) -> Array:
    """Log density of innovations that are a shared factor plus each origin's own, by month.

    Args:
        innovation: (month, origin) [log points].
        own: Variance of each origin's own part, (month, origin).
        shared: Standard deviation of the shared factor.
        weight: 1 where the origin counts in the month, else 0, (month, origin).

    Returns:
        Log density by month, (month).

    Reference:
        Normal with covariance diag(own) + shared**2, by the matrix determinant lemma; equation O1.
    """
    precision = weight / own
    total = jnp.sum(precision, axis=-1)
    middle = jnp.sum(precision * innovation, axis=-1)
    scale = 1.0 + shared**2 * total
    quadratic = jnp.sum(precision * innovation**2, axis=-1) - shared**2 * middle**2 / scale
    log_det = jnp.sum(weight * jnp.log(own), axis=-1) + jnp.log(scale)
    return -0.5 * (quadratic + log_det + jnp.sum(weight, axis=-1) * jnp.log(2.0 * jnp.pi))
