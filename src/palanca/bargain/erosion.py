"""The slow loop in its plainest form: silence lets democracy erode, erosion pushes people out, need buys silence."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import jax
import jax.numpy as jnp
from jax import Array, lax
from jax.tree_util import register_dataclass
from jaxtyping import Float

from palanca.bargain import bounds
from palanca.bargain.bounds import Amount, Number


@register_dataclass
@dataclass(frozen=True)
class Erosion:
    """Links of the slow loop, each a straight line.

    Args:
        repair: Share of erosion undone each month [share / month], above 0.
        drift: Erosion that comes whatever is said [erosion / month].
        harm: Erosion that silence adds [erosion / month per unit of silence].
        silence: Silence that leverage buys [silence per unit of leverage].
        leverage: Leverage that outflow gives [leverage per person / month].
        outflow: Outflow without erosion [people / month].
        push: Outflow that erosion adds [people / month per unit of erosion].
    """

    repair: Number
    drift: Number
    harm: Number
    silence: Number
    leverage: Number
    outflow: Number
    push: Number


def next_erosion(now: Number, loop: Erosion) -> Amount:
    """Erosion a month later.

    Reference:
        B' = (1 - dB) B + a + b k l (f0 + f1 B).
    """
    carried, added = _line(loop)
    return carried * bounds.finite(now, "erosion") + added


def path(start: Number, loop: Erosion, months: int) -> Float[Array, "month *#draw"]:
    """Erosion at the end of each month."""
    carried, added = _line(loop)

    first = bounds.finite(start, "erosion") + jnp.zeros_like(carried + added)
    return _steps(first, carried, added, bounds.whole(months, "months", 1, 100_000))


def gain(loop: Erosion) -> Amount:
    """What comes back round the loop of a lasting unit of erosion [share]; above 1 it feeds on itself.

    Reference:
        Gamma = b k l f1 / dB.
    """
    return _round_trip(loop) * bounds.at_least_zero(loop.push, "push") / bounds.positive(loop.repair, "repair")


def rest(loop: Erosion) -> Amount:
    """Erosion at which the loop comes to rest; infinite where it never does.

    Reference:
        B* = (a + b k l f0) / (dB - b k l f1), reached only if b k l f1 < dB.
    """
    carried, added = _line(loop)
    left = 1.0 - carried
    return jnp.where(left > 0.0, added / jnp.where(left > 0.0, left, 1.0), jnp.inf)


def _line(loop: Erosion) -> tuple[Array, Array]:
    """What of erosion carries over, and what is added each month."""
    repair = bounds.chance(bounds.positive(loop.repair, "repair"), "repair")
    trip = _round_trip(loop)
    carried = 1.0 - (repair - trip * bounds.at_least_zero(loop.push, "push"))
    return carried, bounds.finite(loop.drift, "drift") + trip * bounds.at_least_zero(loop.outflow, "outflow")


def _round_trip(loop: Erosion) -> Array:
    return (
        bounds.at_least_zero(loop.harm, "harm of silence")
        * bounds.at_least_zero(loop.silence, "silence bought")
        * bounds.at_least_zero(loop.leverage, "leverage of outflow")
    )


@partial(jax.jit, static_argnames="months")
def _steps(start: Array, carried: Array, added: Array, months: int) -> Array:
    def on(now: Array, _: None) -> tuple[Array, Array]:
        after = carried * now + added
        return after, after

    return lax.scan(on, start, None, length=months)[1]
