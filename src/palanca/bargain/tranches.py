"""Payment by instalments: with a last one in sight the whole deal unravels, unless something remains after it."""

from __future__ import annotations

from dataclasses import dataclass

import jax
import jax.numpy as jnp
from jax import Array, lax
from jax.tree_util import register_dataclass
from jax.typing import ArrayLike
from jaxtyping import Bool, Float

from palanca.bargain import bounds
from palanca.bargain.bounds import Amount, Number


@register_dataclass
@dataclass(frozen=True)
class Tranches:
    """Which instalments are delivered and paid.

    Args:
        kept: Whether each instalment is reached, delivered and paid.
        payer: What the payer gets from all of it [payoff].
        doer: What the doer gets from all of it [payoff].
    """

    kept: Bool[Array, "tranche *#draw"]
    payer: Amount
    doer: Amount


def tranches(
    worth: Number,
    cost: Number,
    payments: Float[ArrayLike, "tranche *#draw"],
    patience: Number,
    after_payer: Number,
    after_doer: Number,
) -> Tranches:
    """Play instalments backwards: each time the doer delivers, then the payer pays or walks away.

    Args:
        worth: What an instalment is worth to the payer [payoff].
        cost: What it costs the doer [payoff].
        payments: What is paid for each, from the first [payoff].
        patience: Weight of the next instalment's payoffs [share].
        after_payer: What good relations after the last instalment are worth to the payer [payoff].
        after_doer: The same for the doer [payoff].

    Reference:
        Backward induction. The payer pays x only if x <= d * what it still expects; the doer delivers only if paid
        and not worse off. Nothing to come after the last payment means no last payment, so no delivery, and so on.
    """
    gain, spent = bounds.at_least_zero(worth, "worth"), bounds.at_least_zero(cost, "cost")
    d = bounds.patience(patience)
    paid = bounds.at_least_zero(payments, "payment")
    after = (
        bounds.at_least_zero(after_payer, "what remains for the payer"),
        bounds.at_least_zero(after_doer, "what remains for the doer"),
    )
    return _backwards(gain, spent, paid, d, after)


@jax.jit
def _backwards(gain: Array, spent: Array, paid: Array, d: Array, after: tuple[Array, Array]) -> Tranches:
    shape = jnp.broadcast_shapes(gain.shape, spent.shape, d.shape, paid.shape[1:], after[0].shape, after[1].shape)

    def back(later: tuple[Amount, Amount], x: Amount) -> tuple[tuple[Amount, Amount], Array]:
        payer, doer = later
        holds = (x <= d * payer) & (x - spent + d * doer >= 0.0)
        now = jnp.where(holds, gain - x + d * payer, 0.0), jnp.where(holds, x - spent + d * doer, 0.0)
        return now, jnp.broadcast_to(holds, shape)

    end = jnp.broadcast_to(after[0], shape), jnp.broadcast_to(after[1], shape)
    (payer, doer), holds = lax.scan(back, end, paid, reverse=True)
    return Tranches(kept=jnp.cumprod(holds, axis=0).astype(bool), payer=payer, doer=doer)
