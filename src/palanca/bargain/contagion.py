"""Link issues or keep them apart, when a false alarm on one brings down all that hang together."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import TypeAlias

import jax.numpy as jnp
from jax import Array
from jax.tree_util import register_dataclass
from jax.typing import ArrayLike
from jaxtyping import Bool, Float

from palanca.bargain import bounds
from palanca.bargain.bounds import Amount, Flag, Number

EachIssue: TypeAlias = Float[ArrayLike, "issue *#draw"]

MOST_ISSUES = 10


@register_dataclass
@dataclass(frozen=True)
class Linking:
    """What cooperation is worth with issues apart and with all of them linked, counting only promises that hold.

    Args:
        apart: Value with each issue on its own [payoff].
        linked: Value with all linked; 0 where the bundle does not hold [payoff].
        kept_apart: Whether each issue holds on its own.
        kept_linked: Whether the bundle holds.
    """

    apart: Amount
    linked: Amount
    kept_apart: Bool[Array, "issue *#draw"]
    kept_linked: Flag


def lasting_value(gain: Number, patience: Number, false_alarm: Number) -> Amount:
    """Value of cooperation that ends for good at the first false alarm [payoff]: g / (1 - d (1 - eps)).

    Args:
        gain: Gain each month while it lasts, the month of the alarm included [payoff / month].
        patience: Weight of next month's payoff [share].
        false_alarm: Chance that honest conduct looks like a breach [chance / month].
    """
    d = bounds.patience(patience)
    return bounds.finite(gain, "gain") / (1.0 - d * (1.0 - bounds.chance(false_alarm, "chance of a false alarm")))


def contagion_cost(gain: Number, patience: Number, false_alarm_elsewhere: Number) -> Amount:
    """What an issue watched without error loses by being linked to one that is not [payoff].

    Args:
        gain: Gain from the issue each month [payoff / month].
        patience: Weight of next month's payoff [share].
        false_alarm_elsewhere: Chance of a false alarm on the other issue [chance / month].

    Reference:
        g [1 / (1 - d) - 1 / (1 - d (1 - eps))]; Thomas and Willig 2006 on why parties compartmentalise.
    """
    return lasting_value(gain, patience, 0.0) - lasting_value(gain, patience, false_alarm_elsewhere)


def link_or_not(
    gains: EachIssue, temptations: EachIssue, patience: Number, false_alarms: EachIssue, detections: EachIssue
) -> Linking:
    """Compare silos with a single bundle, in which any alarm ends everything and any breach risks everything.

    Linking pools slack, so that an issue that cannot hold alone may hold with others; its price is contagion. In the
    bundle every set of issues is checked as a breach, not only all of them at once.

    Args:
        gains: Gain from each issue each month [payoff / month].
        temptations: What one breach saves on each issue [payoff].
        patience: Weight of next month's payoff [share].
        false_alarms: Chance that honest conduct looks like a breach, by issue [chance / month].
        detections: Chance that a breach is seen, by issue [chance].

    Reference:
        A breach on a set S pays unless Dev_S <= d (m_S - eps) v, with v the lasting value, eps the chance of any
        false alarm and m_S the chance of any alarm given the breach.
    """
    gain = bounds.at_least_zero(gains, "gain")
    dev = bounds.at_least_zero(temptations, "temptation")
    d = bounds.patience(patience)
    quiet = 1.0 - bounds.chance(false_alarms, "chance of a false alarm")
    unseen = 1.0 - bounds.chance(detections, "chance of detection")
    count = bounds.whole(gain.shape[0], "number of issues", 1, MOST_ISSUES)

    alone = lasting_value(gain, d, 1.0 - quiet)
    kept_apart = dev <= d * (quiet - unseen) * alone
    all_quiet = jnp.prod(quiet, axis=0)
    together = lasting_value(jnp.sum(gain, axis=0), d, 1.0 - all_quiet)
    kept_linked = jnp.ones(jnp.broadcast_shapes(together.shape, dev.shape[1:], unseen.shape[1:]), dtype=bool)
    for breached in product((False, True), repeat=count):
        chosen = jnp.asarray(breached).reshape((count,) + (1,) * (max(unseen.ndim, quiet.ndim, dev.ndim) - 1))
        still_quiet = jnp.prod(jnp.where(chosen, unseen, quiet), axis=0)
        saved = jnp.sum(jnp.where(chosen, dev, 0.0), axis=0)
        kept_linked &= saved <= d * (all_quiet - still_quiet) * together
    return Linking(
        apart=jnp.sum(jnp.where(kept_apart, alone, 0.0), axis=0),
        linked=jnp.where(kept_linked, together, 0.0),
        kept_apart=kept_apart,
        kept_linked=kept_linked,
    )
