"""How published counts scatter about the model's numbers."""

from __future__ import annotations

import jax.numpy as jnp
from jax import Array

FLOOR = 10.0  # the unit to which the main publisher rounds
INCIDENTS = ("deaths",)  # kinds of counts that come in incidents, so that single months lie far above the mean


def scatter(count: Array, at: tuple[Array, Array], lasting: Array, seen: Array) -> Array:
    """Log density of the log of rounded counts about the model's numbers, month by month.

    What a mechanism leaves out stays left out for months, so misfits lean on those of the month before. Taken as
    independent they would count the same evidence many times over, and parameters would look better known than
    they are.

    A negative binomial with a spread near 1 hardly minds a number a hundred times too large, and a fit then drifts
    there; on logs with a floor both sides weigh alike, and counts below the rounding weigh little.

    Args:
        count: Published counts, month first; anything where not seen.
        at: Where the log of count plus floor is expected, and its standard deviation, from `published`.
        lasting: Part of a month's misfit, per standard deviation, that is there a month later [share].
        seen: Whether there is a count to score, likewise.

    Returns:
        Log density by cell, zero where not seen.

    Reference:
        Equation O3 of docs/model.md: every misfit is normal by itself, and consecutive ones correlate by `lasting`.
    """
    middle, width = at
    misfit = (jnp.log(count + FLOOR) - middle) / width
    return jnp.where(seen, leaning(misfit, lasting, seen) - jnp.log(width), 0.0)


def published(mean: Array, spread: Array, kind: str) -> tuple[Array, Array]:
    """Mean and standard deviation of the log of a published count plus the floor [log points].

    Most counts have the model's number in their middle. Counts of incidents, in which many may die at once, have it
    as their mean: it lies above most months, and with the middle there it would miss a large part of the sum.

    Args:
        mean: The model's numbers.
        spread: Coefficient of variation left at large counts [log points].
        kind: Kind of the counts, as in `spread_KIND`.

    Reference:
        Equation O3 of docs/model.md.
    """
    rounding = mean + 0.5 * FLOOR
    if kind not in INCIDENTS:
        return jnp.log(mean + FLOOR), jnp.sqrt(spread**2 + rounding / (mean + FLOOR) ** 2)
    variance = jnp.log1p(((spread * mean) ** 2 + rounding) / (mean + FLOOR) ** 2)
    return jnp.log(mean + FLOOR) - 0.5 * variance, jnp.sqrt(variance)


def leaning(misfit: Array, lasting: Array, seen: Array) -> Array:
    """Log density of misfits per standard deviation, each leaning on that of the month before if it was seen.

    Args:
        misfit: Month first; finite everywhere.
        lasting: Correlation of consecutive misfits, without the axis of months.
        seen: Where a misfit counts, likewise.
    """
    before = jnp.concatenate([jnp.zeros_like(seen[:1]), seen[:-1]])
    last = jnp.concatenate([jnp.zeros_like(misfit[:1]), misfit[:-1]])
    carried = jnp.where(before, lasting, 0.0)
    return normal(misfit, carried * jnp.where(before, last, 0.0), jnp.sqrt(1.0 - carried**2))


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
