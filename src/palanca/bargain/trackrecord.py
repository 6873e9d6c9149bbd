"""What a government learns about its partner from promises kept and broken, and what relief it then renews."""

from __future__ import annotations

import jax.numpy as jnp
from jax.typing import ArrayLike

from palanca.bargain import bounds
from palanca.bargain.bounds import Amount, Number
from palanca.kernel.curves import logistic


def after(belief: Number, seen_if_first: Number, seen_if_second: Number) -> Amount:
    """Belief that the partner is of the first kind once something has been seen [chance].

    What neither kind could have done leaves belief where it was.

    Args:
        belief: Belief before [chance].
        seen_if_first: Chance that the first kind does what was seen [chance].
        seen_if_second: The same for the second kind [chance].

    Reference:
        Bayes: p' = p x / (p x + (1 - p) y).
    """
    p = bounds.chance(belief, "belief")
    first = p * bounds.chance(seen_if_first, "chance under the first kind")
    second = (1.0 - p) * bounds.chance(seen_if_second, "chance under the second kind")
    either = first + second
    return jnp.where(either > 0.0, first / jnp.where(either > 0.0, either, 1.0), p)


def renewal_chance(
    belief: Number, keeps_first: ArrayLike, keeps_second: ArrayLike, worth: Number, cost: Number, precision: Number
) -> Amount:
    """Chance that relief is renewed next round, given what is believed of the partner [chance].

    Args:
        belief: Belief that the partner is of the first kind [chance].
        keeps_first: Chance that the first kind keeps the clause [chance].
        keeps_second: The same for the second kind [chance].
        worth: What the clause is worth kept [payoff].
        cost: What the relief costs politically [payoff].
        precision: How closely the decision follows payoff [per unit of payoff].
    """
    p = bounds.chance(belief, "belief")
    x = bounds.chance(keeps_first, "chance under the first kind")
    y = bounds.chance(keeps_second, "chance under the second kind")
    hoped = bounds.at_least_zero(worth, "worth of the clause") * (p * x + (1.0 - p) * y)
    return logistic(bounds.precision(precision) * (hoped - bounds.at_least_zero(cost, "cost of relief")))
