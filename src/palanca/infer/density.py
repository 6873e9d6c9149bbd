"""How published counts scatter about the model's numbers."""

from __future__ import annotations

import jax.numpy as jnp
from jax import Array

FLOOR = 10.0  # the unit to which the main publisher rounds


def scatter(count: Array, mean: Array, spread: Array) -> Array:
    """Log density of the log of a rounded count about the model's number.

    A negative binomial with a spread near 1 hardly minds a number a hundred times too large, and a fit then drifts
    there; on logs with a floor both sides weigh alike, and counts below the rounding weigh little.

    Args:
        count: Published count; anything where masked out by the caller.
        mean: The model's number.
        spread: Coefficient of variation left at large counts [log points].

    Reference:
        Equation O3 of docs/model.md.
    """
    chance = (mean + 0.5 * FLOOR) / (mean + FLOOR) ** 2
    return normal(jnp.log(count + FLOOR), jnp.log(mean + FLOOR), jnp.sqrt(spread**2 + chance))


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
