"""A tariff threatened for want of enforcement: what it does to a deal when courts may strike it down."""

from __future__ import annotations

from dataclasses import dataclass

import jax.numpy as jnp
from jax.tree_util import register_dataclass
from jax.typing import ArrayLike
from jaxtyping import Float

from palanca.bargain import bounds
from palanca.bargain.bounds import Amount, Flag, Number


@register_dataclass
@dataclass(frozen=True)
class Threat:
    """A harm announced in case talks fail.

    Args:
        harm: What it costs its target if carried out [payoff].
        own_cost: What it costs its sender [payoff].
        executed_chance: Chance, in the target's eyes, that it is carried out if talks fail [chance].
        survival_chance: Chance that it stands in court once carried out [chance].
    """

    harm: Number
    own_cost: Number
    executed_chance: Number
    survival_chance: Number


@register_dataclass
@dataclass(frozen=True)
class Incidence:
    """What a threat changes, in payoff levels and not in gains over no deal, which rise as no deal gets worse.

    Args:
        disagreement_sender: Change of what the sender gets with no deal [payoff].
        disagreement_target: The same for the target.
        sender: Change of what the sender gets from the deal [payoff].
        target: The same for the target; the two sum to 0, for the deal itself stays efficient.
    """

    disagreement_sender: Amount
    disagreement_target: Amount
    sender: Amount
    target: Amount


def incidence(threat: Threat, weight_sender: Number = 0.5) -> Incidence:
    """Who gains and who loses from a threat that is never carried out, where payoff can be transferred.

    Args:
        threat: The announced harm.
        weight_sender: Bargaining weight of the sender; the target has the rest [share].

    Reference:
        Transferable Nash solution u_i = d_i + a_i (S - sum d), so the target's deal moves by
        -a_S pi p h + a_T pi p c: at equal weights (pi p / 2) (c - h). It pays only if it hurts the target more than
        the sender, and in proportion to the chance pi to stand in court.
    """
    real = bounds.chance(threat.executed_chance, "chance that the threat is carried out") * bounds.chance(
        threat.survival_chance, "chance to stand in court"
    )
    weight = bounds.chance(weight_sender, "weight of the sender")
    hurt = real * bounds.at_least_zero(threat.harm, "harm")
    spent = real * bounds.at_least_zero(threat.own_cost, "own cost")
    target = (1.0 - weight) * spent - weight * hurt
    return Incidence(disagreement_sender=-spent, disagreement_target=-hurt, sender=-target, target=target)


def pays(threat: Threat, weight_sender: Number = 0.5) -> Flag:
    """Whether the sender does better with the threat than without."""
    return incidence(threat, weight_sender).sender > 0.0


def least_survival_chance(threat: Threat, concession: Number, weight_sender: Number = 0.5) -> Amount:
    """Chance to stand in court below which the threat no longer brings a given concession [chance].

    Above 1 no court is friendly enough; infinite where the threat does not pay at all.

    Args:
        threat: The announced harm; its own `survival_chance` is left aside.
        concession: What the target is to give up, in the sender's payoff [payoff].
        weight_sender: Bargaining weight of the sender [share].
    """
    sure = Threat(threat.harm, threat.own_cost, threat.executed_chance, 1.0)
    most = incidence(sure, weight_sender).sender
    asked = bounds.at_least_zero(concession, "concession")
    return jnp.where(most > 0.0, asked / jnp.where(most > 0.0, most, 1.0), jnp.inf)


def stepped_harm(
    rates: Float[ArrayLike, "month *#draw"], harm_per_rate: Number, patience: Number, standing_chance: Number
) -> Amount:
    """Present value of a tariff that rises by steps and may be struck down in any month [payoff].

    Args:
        rates: Tariff in each month from the first, such as 0.05, 0.10, ... [share of the price].
        harm_per_rate: Harm of a whole tariff of 1 in one month [payoff / month].
        patience: Weight of next month's payoff [share].
        standing_chance: Chance to stand another month once in force [chance / month]; the first month is sure.

    Returns:
        Sum over months of (patience * standing_chance)^month * rate * harm_per_rate.
    """
    kept = bounds.patience(patience) * bounds.chance(standing_chance, "chance to stand another month")
    levels = bounds.at_least_zero(rates, "tariff")
    total = jnp.zeros(())
    for level in levels[::-1]:
        total = level + kept * total
    return bounds.at_least_zero(harm_per_rate, "harm per tariff") * total
