"""The push of an origin: how democracy, sanctions and oil move people to leave, years later.

Sanctions and repression are rival accounts of the same departures: each has a coefficient of its own, and either can be
turned off alone.
"""

from __future__ import annotations

import jax
import jax.numpy as jnp
from jax import Array, lax
from jax.typing import ArrayLike
from jaxtyping import Float

STAGES = 3  # of a delay; the more, the less its length varies about its mean


def delayed(
    driver: Float[Array, "month *#draw"], years: Float[ArrayLike, "*#draw"], before: Float[ArrayLike, "*#draw"] = 0.0
) -> Float[Array, "month *#draw"]:
    """What of a driver is felt in each month, when it takes years to be felt.

    A chain of stages, each handing on the same share a month; nothing is lost on the way, and the mean delay is
    `years` exactly, but never less than one month for each of the `STAGES`.

    Args:
        driver: The driver by month [any unit].
        years: Mean delay [years]; 0 means at once.
        before: The driver's level before the first month [the same unit].

    Returns:
        What is felt [the same unit]: with a lasting level, in the end that level.

    Reference:
        Equation N9 of docs/model.md: s_j' = s_j + q (s_{j-1} - s_j) with q = stages / months; the delay is
        negative-binomial with that mean.
    """
    months = 12.0 * jnp.asarray(years, dtype=float)
    share = jnp.minimum(STAGES / jnp.maximum(months, STAGES), 1.0)
    shape = jnp.broadcast_shapes(driver.shape[1:], months.shape, jnp.shape(before))
    held = jnp.broadcast_to(jnp.asarray(before, dtype=float), (STAGES, *shape))

    def month(stages: Array, now: Array) -> tuple[Array, Array]:
        fed = jnp.concatenate([jnp.broadcast_to(now, shape)[None], stages[:-1]])
        return stages + share * (fed - stages), stages[-1]

    felt = lax.scan(month, held, driver)[1]
    at_once = jax.vmap(lambda now: jnp.broadcast_to(now, shape))(driver)
    return jnp.where(months > 0.0, felt, at_once)
