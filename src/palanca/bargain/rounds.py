"""Offers in turn: what patience and outside options make of a split, and its limit when answers come fast."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import jax.numpy as jnp
from jax.tree_util import register_dataclass
from scipy.optimize import brentq

from palanca.bargain import bounds
from palanca.bargain.bounds import Amount, Flag, Number
from palanca.core.errors import BargainError


@register_dataclass
@dataclass(frozen=True)
class Split:
    """How one unit of surplus ends up [share of the surplus].

    Args:
        first: What the first side gets; its outside option where there is no deal.
        second: What the second side gets.
        agreed: Whether the two outside options leave room for a deal at all.
    """

    first: Amount
    second: Amount
    agreed: Flag


def patience_of(rate: Number, period: Number) -> Amount:
    """Weight of a payoff one period later, from impatience per unit of time: exp(-rate * period).

    Args:
        rate: Impatience [share per unit of time].
        period: Time between offers [units of time].
    """
    return jnp.exp(-bounds.positive(rate, "impatience") * bounds.positive(period, "time between offers"))


def offers_in_turn(
    patience_first: Number, patience_second: Number, option_first: Number = 0.0, option_second: Number = 0.0
) -> Split:
    """Split when the first side proposes first and whoever turns an offer down may leave for an outside option.

    An option is a floor: it does nothing until it beats waiting for one's turn, and then it is all one gets.

    Args:
        patience_first: Weight of next round's payoff to the first side [share].
        patience_second: The same for the second side [share].
        option_first: What the first side gets if it leaves [share of the surplus].
        option_second: The same for the second side [share of the surplus].

    Reference:
        Rubinstein 1982 (Econometrica 50:97-109): (1 - d2) / (1 - d1 d2). Binmore, Shaked and Sutton 1989 for the
        options: the first side's share is a fixed point of v = 1 - max(d2 (1 - max(d1 v, w1)), w2). Capping or
        flooring an increasing contraction caps or floors its fixed point, which gives the closed form.
    """
    d1 = bounds.patience(patience_first, "patience of the first side")
    d2 = bounds.patience(patience_second, "patience of the second side")
    w1, w2 = _options(option_first, option_second)
    alone = (1.0 - d2) / (1.0 - d1 * d2)
    share = jnp.minimum(1.0 - w2, jnp.maximum(alone, 1.0 - d2 * (1.0 - w1)))
    return _split(share, w1, w2)


def fast_offers(
    impatience_first: Number, impatience_second: Number, option_first: Number = 0.0, option_second: Number = 0.0
) -> Split:
    """Split when offers follow one another without delay: the weighted Nash split with options as floors.

    Args:
        impatience_first: Impatience of the first side [share per unit of time].
        impatience_second: The same for the second side.
        option_first: What the first side gets if it leaves [share of the surplus].
        option_second: The same for the second side [share of the surplus].

    Reference:
        Binmore, Rubinstein and Wolinsky 1986: weights are inverse to impatience, so the first gets r2 / (r1 + r2).
    """
    r1 = bounds.positive(impatience_first, "impatience of the first side")
    r2 = bounds.positive(impatience_second, "impatience of the second side")
    w1, w2 = _options(option_first, option_second)
    return _split(jnp.minimum(1.0 - w2, jnp.maximum(w1, r2 / (r1 + r2))), w1, w2)


def offers_on_a_frontier(
    frontier: Callable[[float], float], best_first: float, patience_first: float, patience_second: float
) -> tuple[float, float]:
    """What the first side is offered on a curved frontier: when it proposes, and when the other does [payoff].

    Each proposes what leaves the other just willing not to wait: f(x) = d2 f(y) and y = d1 x.

    Args:
        frontier: Most the second side can get when the first gets this much; falling, concave, 0 at `best_first`.
        best_first: Most the first side can get [payoff].
        patience_first: Weight of next round's payoff to the first side [share].
        patience_second: The same for the second side [share].

    Raises:
        BargainError: If the frontier does not fall to 0 at `best_first`.

    Reference:
        Rubinstein 1982; as patience tends to 1 both tend to the Nash point (Binmore, Rubinstein and Wolinsky 1986).
    """
    d1 = float(bounds.patience(patience_first, "patience of the first side"))
    d2 = float(bounds.patience(patience_second, "patience of the second side"))
    best = float(bounds.positive(best_first, "best payoff of the first side"))
    top, end = frontier(0.0), frontier(best)
    if not (top > 0.0 and abs(end) <= 1e-9 * top):
        raise BargainError(
            "the frontier is not one to bargain over",
            found=f"{top:g} at 0 and {end:g} at {best:g}",
            expected="above 0 at 0, falling to 0 at the first side's best payoff",
        )
    proposing = brentq(lambda x: frontier(x) - d2 * frontier(d1 * x), 0.0, best, xtol=1e-14 * best)
    return proposing, d1 * proposing


def _options(first: Number, second: Number) -> tuple[Amount, Amount]:
    return bounds.at_least_zero(first, "first outside option"), bounds.at_least_zero(second, "second outside option")


def _split(share: Amount, option_first: Amount, option_second: Amount) -> Split:
    agreed = option_first + option_second <= 1.0
    return Split(
        first=jnp.where(agreed, share, option_first),
        second=jnp.where(agreed, 1.0 - share, option_second),
        agreed=agreed,
    )
