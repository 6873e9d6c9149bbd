"""Bargaining in the shadow of a break: the range of deals, an offer made in the dark, a shift in power."""

from __future__ import annotations

from dataclasses import dataclass

import jax.numpy as jnp
from jax.tree_util import register_dataclass

from palanca.bargain import bounds
from palanca.bargain.bounds import Amount, Flag, Number


@register_dataclass
@dataclass(frozen=True)
class Range:
    """Deals that both sides prefer to a break, by the first side's share of the prize.

    Args:
        low: Least the first side takes [share of the prize].
        high: Most the second side gives [share of the prize].
    """

    low: Amount
    high: Amount


@register_dataclass
@dataclass(frozen=True)
class Offer:
    """The best single offer to a side whose cost is not known.

    Args:
        amount: What is offered [payoff].
        break_chance: Chance that it is turned down [chance].
        worth: What the offer is worth to whoever makes it [payoff].
    """

    amount: Amount
    break_chance: Amount
    worth: Amount


def deals_before_a_break(win_chance: Number, cost_first: Number, cost_second: Number) -> Range:
    """Deals that leave both sides better off than a break; as wide as the two costs of breaking together.

    The ends are not held within 0 and 1, for payments on other issues can carry a deal beyond the prize.

    Args:
        win_chance: Chance that the first side prevails in a break [chance].
        cost_first: What a break costs the first side [share of the prize].
        cost_second: The same for the second side.

    Reference:
        Fearon 1995 (International Organization 49:379-414): [p - c_A, p + c_B].
    """
    p = bounds.chance(win_chance, "chance to prevail")
    return Range(
        low=p - bounds.at_least_zero(cost_first, "first side's cost of a break"),
        high=p + bounds.at_least_zero(cost_second, "second side's cost of a break"),
    )


def screening_offer(value: Number, dearest_cost: Number) -> Offer:
    """The offer that balances a higher price against a higher chance of no for an answer.

    Args:
        value: What cooperation is worth to whoever offers [payoff].
        dearest_cost: The other side's cost lies anywhere from 0 to this, all alike likely [payoff].

    Reference:
        Fearon 1995: maximise (V - b) b / cbar, so b = min(V / 2, cbar), and the offer fails with chance 1 - b / cbar.
    """
    worth = bounds.at_least_zero(value, "value of cooperation")
    dearest = bounds.positive(dearest_cost, "dearest cost")
    amount = jnp.minimum(worth / 2.0, dearest)
    return Offer(amount=amount, break_chance=1.0 - amount / dearest, worth=(worth - amount) * amount / dearest)


def tolerable_position(position_now: Number, cost: Number, patience: Number) -> Amount:
    """Least position next period at which a declining side still prefers a deal today to a break today [chance].

    A break now fixes today's position for both periods; a deal gives at most the whole prize now and the worse
    position, less the cost of a break, later. Below this no deal can be had, whatever is offered.

    Args:
        position_now: Chance to prevail today [chance].
        cost: What a break costs [share of the prize].
        patience: Weight of next period's payoff [share].

    Reference:
        Powell 2006 (International Organization 60:169-203), two periods: ((p - c) (1 + d) - 1) / d + c.
    """
    d = bounds.patience(patience)
    c = bounds.at_least_zero(cost, "cost of a break")
    return ((bounds.chance(position_now, "position today") - c) * (1.0 + d) - 1.0) / d + c


def shift_can_be_paid_for(loss_of_position: Number, patience: Number, most_given_now: Number) -> Flag:
    """Whether what can be handed over now makes up for the position that a deal would lose later.

    Args:
        loss_of_position: What the deal costs its declining side later, break avoided [payoff, next period].
        patience: Weight of next period's payoff [share].
        most_given_now: Most that can be transferred to that side today [payoff].

    Reference:
        Powell 2006: commitment fails if the discounted shift exceeds today's bargaining surplus.
    """
    shift = bounds.patience(patience) * bounds.at_least_zero(loss_of_position, "loss of position")
    return shift <= bounds.at_least_zero(most_given_now, "most that can be given now")
