"""Attention of the public: it rises with arrivals above what people are used to, and fades; the usual adapts.

In the long run a lasting level of arrivals draws no attention at all, whatever that level: people get used to it.
What is remembered of the usual and what is remembered of the stir enter alike, so figures of
attention alone cannot tell which of the two is the slower; a user declares that the usual is.
"""

from __future__ import annotations

from dataclasses import dataclass

import jax.numpy as jnp
from jax import Array, lax
from jax.tree_util import register_dataclass
from jax.typing import ArrayLike
from jaxtyping import Float


@register_dataclass
@dataclass(frozen=True)
class Heeding:
    """How the public heeds arrivals.

    Args:
        rise: Log attention that a month adds per unit of log arrivals above the usual [1 / month]; 0 turns attention
            off.
        fade: Share of log attention that is gone a month later [share / month]; 0 means that it never fades.
        adapt: Share of the gap to this month's arrivals by which the usual moves [share / month]; 0 means that people
            never get used to anything.
    """

    rise: Float[ArrayLike, "*#draw"]
    fade: Float[ArrayLike, "*#draw"]
    adapt: Float[ArrayLike, "*#draw"]


@register_dataclass
@dataclass(frozen=True)
class Mind:
    """What the public carries from month to month.

    Args:
        log_attention: Log of attention [0 at the usual].
        log_usual: Log of the arrivals that people are used to [log people / month].
    """

    log_attention: Float[Array, "*#draw"]
    log_usual: Float[Array, "*#draw"]

    def attention(self) -> Float[Array, "*#draw"]:
        """Attention as a multiple of the usual [1 at the usual]."""
        return jnp.exp(self.log_attention)


def share_from_half_life(months: Float[ArrayLike, "*#draw"]) -> Float[Array, "*#draw"]:
    """Share lost or gained a month if half is in `months` [share / month]; 0 for an infinite half-life."""
    return -jnp.expm1(-jnp.log(2.0) / jnp.asarray(months, dtype=float))


def settled(arrivals: Float[ArrayLike, "*#draw"]) -> Mind:
    """A public long used to these arrivals [people / month]: attention is at its usual."""
    usual = jnp.log(jnp.asarray(arrivals, dtype=float))
    return Mind(jnp.zeros_like(usual), usual)


def step(mind: Mind, arrivals: Float[ArrayLike, "*#draw"], heeding: Heeding) -> Mind:
    """The public a month later.

    Args:
        mind: The public at the start of the month.
        arrivals: Arrivals in the month [people / month], above 0.
        heeding: How it heeds them.

    Reference:
        Equations N1 and N2 of docs/model.md: u' = u + adapt (log arrivals - u) and
        a' = (1 - fade) a + rise (log arrivals - u).
    """
    gap = jnp.log(jnp.asarray(arrivals, dtype=float)) - mind.log_usual
    return Mind(
        log_attention=(1.0 - jnp.asarray(heeding.fade)) * mind.log_attention + jnp.asarray(heeding.rise) * gap,
        log_usual=mind.log_usual + jnp.asarray(heeding.adapt) * gap,
    )


def path(start: Mind, arrivals: Float[Array, "month *#draw"], heeding: Heeding) -> Float[Array, "month *#draw"]:
    """Attention as each month begins, so that a month's attention rests on arrivals of the months before alone.

    Args:
        start: The public as the first month begins.
        arrivals: Arrivals by month [people / month].
        heeding: How it heeds them.

    Returns:
        Attention [1 at the usual]; the first entry is that of `start`.
    """
    shape = jnp.broadcast_shapes(
        arrivals.shape[1:], *(jnp.shape(x) for x in (start.log_attention, heeding.rise, heeding.fade, heeding.adapt))
    )
    first = Mind(*(jnp.broadcast_to(x, shape) for x in (start.log_attention, start.log_usual)))

    def month(mind: Mind, now: Array) -> tuple[Mind, Array]:
        return step(mind, now, heeding), mind.attention()

    return lax.scan(month, first, arrivals)[1]
