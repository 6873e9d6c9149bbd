"""The push of an origin: how democracy, sanctions and oil move people to leave, years later.

Sanctions and repression are rival accounts of the same departures: each has a coefficient of its own, and either can be
turned off alone.
"""

from __future__ import annotations

from dataclasses import dataclass

import jax
import jax.numpy as jnp
from jax import Array, lax
from jax.tree_util import register_dataclass
from jax.typing import ArrayLike
from jaxtyping import Float

STAGES = 3  # of a delay; the more, the less its length varies about its mean


@register_dataclass
@dataclass(frozen=True)
class Drivers:
    """One thing for each driver of departures: its path, its strength, or its delay.

    Args:
        democracy: Of the loss of democracy since the start [index; log departures / index; years].
        sanctions: Of the share of the economy under sanctions [share; log departures / share; years].
        oil: Of the log of oil revenue below its usual [log; log departures / log; years].
    """

    democracy: Float[ArrayLike, "*#month *#draw"]
    sanctions: Float[ArrayLike, "*#month *#draw"]
    oil: Float[ArrayLike, "*#month *#draw"]


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


def log_push(drivers: Drivers, strength: Drivers, years: Drivers) -> Float[Array, "month *#draw"]:
    """Log of departures over what they would be without these drivers [log].

    Args:
        drivers: Each driver by month.
        strength: Coefficient of each; one at 0 turns that driver off and leaves the others alone.
        years: Mean delay of each [years].

    Reference:
        Equation N9 of docs/model.md: sum of strength * delayed(driver, years).
    """
    one = jnp.asarray(strength.democracy) * delayed(jnp.asarray(drivers.democracy), years.democracy)
    two = jnp.asarray(strength.sanctions) * delayed(jnp.asarray(drivers.sanctions), years.sanctions)
    three = jnp.asarray(strength.oil) * delayed(jnp.asarray(drivers.oil), years.oil)
    return one + two + three
