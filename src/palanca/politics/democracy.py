"""Democracy as a slow stock: it repairs itself, drifts down, suffers from silence and gains from criticism."""

from __future__ import annotations

from dataclasses import dataclass

import jax.numpy as jnp
from jax import Array, lax
from jax.tree_util import register_dataclass
from jax.typing import ArrayLike
from jaxtyping import Float


@register_dataclass
@dataclass(frozen=True)
class Slow:
    """Rates of a country's democracy; each at 0 is off.

    Args:
        best: Level to which repair leads [index, 0 to 1].
        repair: Rate at which the gap to `best` closes by itself [1 / year].
        drift: Rate at which democracy is lost by itself [1 / year].
        harm: Rate of loss that full silence of the neighbour adds while there is pressure at home [1 / year].
        benefit: Rate at which full criticism closes the gap to `best` [1 / year].
    """

    best: Float[ArrayLike, "*#draw"]
    repair: Float[ArrayLike, "*#draw"]
    drift: Float[ArrayLike, "*#draw"]
    harm: Float[ArrayLike, "*#draw"]
    benefit: Float[ArrayLike, "*#draw"]


def step(
    level: Float[ArrayLike, "*#draw"],
    silence: Float[ArrayLike, "*#draw"],
    criticism: Float[ArrayLike, "*#draw"],
    pressure: Float[ArrayLike, "*#draw"],
    slow: Slow,
    years: float = 1.0 / 12.0,
) -> Float[Array, "*#draw"]:
    """Democracy a month later, or after any other time at the same settings.

    Args:
        level: Democracy now [index, 0 to `best`].
        silence: Silence of the neighbour [share, 0 to 1].
        criticism: Criticism by the neighbour [share, 0 to 1].
        pressure: How hard those in power at home press on institutions [share, 0 to 1]; silence harms only then.
        slow: Rates.
        years: Time that passes [years]; twelve months make exactly a year.

    Returns:
        Democracy [index], never below 0 nor above `best`.

    Reference:
        Equation N8 of docs/model.md, the exact solution of dD/dt = up (best - D) - down D over a month with
        up = repair + benefit * criticism and down = drift + harm * silence * pressure.
    """
    up = jnp.asarray(slow.repair) + jnp.asarray(slow.benefit) * jnp.asarray(criticism)
    down = jnp.asarray(slow.drift) + jnp.asarray(slow.harm) * jnp.asarray(silence) * jnp.asarray(pressure)
    both = up + down
    rest = jnp.where(both > 0.0, up * jnp.asarray(slow.best) / jnp.where(both > 0.0, both, 1.0), jnp.asarray(level))
    return rest + (jnp.asarray(level) - rest) * jnp.exp(-both * years)


def path(
    start: Float[ArrayLike, "*#draw"],
    silence: Float[Array, "month *#draw"],
    criticism: Float[Array, "month *#draw"],
    pressure: Float[Array, "month *#draw"],
    slow: Slow,
) -> Float[Array, "month *#draw"]:
    """Democracy at the end of each month [index].

    Args:
        start: Democracy as the first month begins [index].
        silence: Silence of the neighbour by month [share].
        criticism: Criticism by the neighbour by month [share].
        pressure: Pressure at home by month [share].
        slow: Rates.
    """
    rates = (slow.best, slow.repair, slow.drift, slow.harm, slow.benefit)
    shape = jnp.broadcast_shapes(*(x.shape[1:] for x in (silence, criticism, pressure)), *(jnp.shape(x) for x in rates))

    def month(level: Array, now: tuple[Array, Array, Array]) -> tuple[Array, Array]:
        after = step(level, *now, slow)
        return after, after

    first = jnp.broadcast_to(jnp.asarray(start, dtype=float), jnp.broadcast_shapes(shape, jnp.shape(start)))
    return lax.scan(month, first, (silence, criticism, pressure))[1]
