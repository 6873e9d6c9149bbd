"""After the deal: delivery fades as its reward does, and renewing it costs more the more people are held back."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import jax
import jax.numpy as jnp
from jax import Array, lax
from jax.tree_util import register_dataclass
from jax.typing import ArrayLike
from jaxtyping import Float

from palanca.bargain import bounds
from palanca.bargain.bounds import Amount, Number
from palanca.bargain.selfenforcing import self_enforcing, sustainable_effort


@register_dataclass
@dataclass(frozen=True)
class Renewals:
    """Deals struck one after another over the same matter.

    Args:
        effort: Effort agreed each time [effort].
        payment: Price each time [payoff / month].
        held_back: People held back when each was struck, in units of a month of unit effort [effort months].
    """

    effort: Float[Array, "deal *#draw"]
    payment: Float[Array, "deal *#draw"]
    held_back: Float[Array, "deal *#draw"]


def fading_effort(payment: Number, half_life: Number, trust_by_month: Float[ArrayLike, "month *#draw"]) -> Array:
    """Effort that is still worth its while each month after a payment that is not renewed.

    What is left of a one-off reward halves every `half_life` months, so effort halves every two half-lives; a fall
    of trust, such as an election drawing near, shows as waning delivery before any breach is declared.

    Args:
        payment: Reward when the deal was struck [payoff / month].
        half_life: Time in which half of the reward is used up [months].
        trust_by_month: `keeping.trust` of the transit country in each month from the first [share].

    Returns:
        Effort by month, shape (month, draw) [effort].
    """
    believed = bounds.chance(trust_by_month, "trust in the doer")
    months = jnp.arange(believed.shape[0], dtype=float).reshape((-1,) + (1,) * (believed.ndim - 1))
    left = bounds.at_least_zero(payment, "payment") * 0.5 ** (months / bounds.positive(half_life, "half-life"))
    return sustainable_effort(left, believed)


def renewals(
    value: Number, release: Number, leak: Number, trust_payer: Number, trust_doer: Number, *, months: int, deals: int
) -> Renewals:
    """Prices of deals renewed every so many months while those held back pile up behind the partner's effort.

    A partner that stops lets go not only this month's people but those held back before: so effort is worth
    value + release * held_back, and leverage is greatest just after delivery, when arrivals are low.

    Args:
        value: What a unit of effort is worth when nobody is held back [payoff / effort / month].
        release: What each unit held back adds to that [payoff / effort / month per effort month].
        leak: Share of those held back who go home, settle or get through each month [share / month], above 0.
        trust_payer: `keeping.trust` of the destination [share].
        trust_doer: `keeping.trust` of the transit country [share].
        months: Months from one deal to the next.
        deals: How many deals.

    Reference:
        held' = (1 - leak) held + effort. With phi = effort / value of `self_enforcing` and frequent renewal the
        price tends to that at value / (1 - release phi / leak), if release phi < leak; else it climbs without end.
    """
    worth = bounds.at_least_zero(value, "value of effort")
    adds = bounds.at_least_zero(release, "worth of those held back")
    stay = 1.0 - bounds.chance(bounds.positive(leak, "leak"), "leak")
    length = bounds.whole(months, "months from deal to deal", 1, 1200)
    count = bounds.whole(deals, "number of deals", 1, 1200)
    a = bounds.chance(trust_payer, "trust in the payer")
    b = bounds.chance(trust_doer, "trust in the doer")
    return _renewed(worth, adds, stay**length, (1.0 - stay**length) / (1.0 - stay), (a, b), count)


@partial(jax.jit, static_argnames="deals")
def _renewed(
    worth: Array, adds: Array, still: Array, piled: Array, trusted: tuple[Array, Array], deals: int
) -> Renewals:
    """Deal after deal: what is left of those held back, and how many one more unit of effort adds by the next."""

    def renew(held: Amount, _: None) -> tuple[Amount, tuple[Amount, Amount, Amount]]:
        deal = self_enforcing(worth + adds * held, *trusted)
        return still * held + piled * deal.effort, (deal.effort, deal.payment, held)

    start = jnp.zeros_like(worth + adds + still + trusted[0] + trusted[1])
    _, (effort, payment, held) = lax.scan(renew, start, None, length=deals)
    return Renewals(effort=effort, payment=payment, held_back=held)
