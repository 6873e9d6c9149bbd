"""The deal that needs no judge: effort against payment when either side keeps it only while it pays.

The transit country's effort e costs it e^2 / 2; the destination gains `value` e and pays x. Each month either may
stop, after which there is nothing between them. Both weigh alike in the deal.
"""

from __future__ import annotations

from dataclasses import dataclass

import jax.numpy as jnp
from jax.tree_util import register_dataclass

from palanca.bargain import bounds
from palanca.bargain.bounds import Amount, Flag, Number


@register_dataclass
@dataclass(frozen=True)
class Package:
    """What is done and what is paid for it each month.

    Args:
        effort: Effort of the transit country [effort].
        payment: What the destination pays [payoff / month].
        payer_binds: Whether it is the destination's promise to pay that holds the deal down.
        doer_binds: Whether it is the transit country's promise of effort.
    """

    effort: Amount
    payment: Amount
    payer_binds: Flag
    doer_binds: Flag


def self_enforcing(value: Number, trust_payer: Number, trust_doer: Number) -> Package:
    """The Nash deal among those that both sides keep of themselves.

    With trust a in the payer and b in the doer, promises are kept while x <= a value e and e^2 / 2 <= b x. The deal
    is then e = value min(1, 4a/3) min(1, 3b/2) and x = min(a, 3/4) value e. As patience falls the payer's promise
    binds first, below 3/4, and effort falls with the square of patience once both bind.

    Args:
        value: What a unit of effort is worth to the destination [payoff / effort / month].
        trust_payer: `keeping.trust` of the destination [share].
        trust_doer: `keeping.trust` of the transit country [share].

    Reference:
        Maximise (value e - x)(x - e^2 / 2) under both promises. For common patience d and sure detection a = b = d:
        e = 2 d^2 value below 2/3, (4/3) d value up to 3/4, value beyond.
    """
    worth = bounds.at_least_zero(value, "value of effort")
    a = bounds.chance(trust_payer, "trust in the payer")
    b = bounds.chance(trust_doer, "trust in the doer")
    effort = worth * jnp.minimum(1.0, 4.0 * a / 3.0) * jnp.minimum(1.0, 1.5 * b)
    return Package(
        effort=effort,
        payment=jnp.minimum(a, 0.75) * worth * effort,
        payer_binds=a < 0.75,
        doer_binds=b < 2.0 / 3.0,
    )


def sustainable_effort(payment: Number, trust_doer: Number) -> Amount:
    """Most effort that a payment fixed by statute keeps up [effort]: sqrt(2 b x).

    Args:
        payment: What the destination is bound to pay while effort lasts [payoff / month].
        trust_doer: `keeping.trust` of the transit country [share].
    """
    paid = bounds.at_least_zero(payment, "payment")
    return jnp.sqrt(2.0 * bounds.chance(trust_doer, "trust in the doer") * paid)


def least_payment(effort: Number, trust_doer: Number) -> Amount:
    """Least payment that keeps an effort up [payoff / month]: e^2 / (2 b), the inverse of `sustainable_effort`.

    Args:
        effort: Effort wanted [effort].
        trust_doer: `keeping.trust` of the transit country, above 0 [share].
    """
    wanted = bounds.at_least_zero(effort, "effort")
    b = bounds.positive(bounds.chance(trust_doer, "trust in the doer"), "trust in the doer")
    return wanted**2 / (2.0 * b)
