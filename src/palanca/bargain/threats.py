"""Threats of what follows if there is no deal: when they are believed, what courts leave of them, and who pays."""

from __future__ import annotations

from dataclasses import dataclass

import jax.numpy as jnp
from jax.tree_util import register_dataclass

from palanca.bargain import bounds
from palanca.bargain.bounds import Amount, Flag, Number


@register_dataclass
@dataclass(frozen=True)
class Threat:
    """What a party says it will do to another if there is no deal.

    Args:
        harm: Cost to the target if carried out [payoff], 0 or more.
        cost: Cost to the sender if carried out [payoff]; below 0 if it gains.
        survival: Chance that law and courts let it stand [chance].
        belief: Chance, as the target sees it, that it would be carried out [chance].
        reputation: Cost to the sender of not doing what it said [payoff]; an assumption with a prior.
    """

    harm: Number
    cost: Number
    survival: Number = 1.0
    belief: Number = 1.0
    reputation: Number = 0.0

    def credible(self) -> Flag:
        """Whether backing down would cost the sender at least as much as carrying it out."""
        return jnp.asarray(self.reputation) >= jnp.asarray(self.cost)

    def chance(self, *, bluffs: bool = False) -> Amount:
        """Chance that it strikes without a deal, 0 where it is not credible [chance].

        Args:
            bluffs: Whether it counts too where carrying it out is not worth its cost.
        """
        stands = bounds.chance(self.survival, "chance to stand in court")
        carried_out = bounds.chance(self.belief, "chance that the threat is carried out")
        return stands * carried_out * (self.credible() | bluffs)


@register_dataclass
@dataclass(frozen=True)
class Incidence:
    """What a threat changes, in payoff levels and not in gains over no deal, which rise as no deal gets worse.

    Args:
        no_deal_sender: Change of what the sender gets with no deal [payoff].
        no_deal_target: The same for the target.
        sender: Change of what the sender gets from the deal, could payoff be handed over [payoff].
        target: The same for the target; the two sum to 0, for the deal itself stays efficient.
    """

    no_deal_sender: Amount
    no_deal_target: Amount
    sender: Amount
    target: Amount


def incidence(threat: Threat, weight_sender: Number = 0.5, *, bluffs: bool = False) -> Incidence:
    """Who gains and who loses from a threat that is never carried out.

    Args:
        threat: What was said; where it is not credible it moves nothing.
        weight_sender: Bargaining weight of the sender; the target has the rest [share].
        bluffs: See `Threat.chance`.

    Reference:
        Transferable Nash solution u_i = d_i + a_i (S - sum d), so the target's deal moves by -a_S pi p h + a_T pi p c:
        at equal weights (pi p / 2) (c - h). A threat pays only if it hurts the target more than the sender, and in
        proportion to the chance pi to stand in court; equation B7 of docs/model.md.
    """
    weight = bounds.chance(weight_sender, "weight of the sender")
    real = threat.chance(bluffs=bluffs)
    hurt = real * bounds.at_least_zero(threat.harm, "harm")
    spent = real * bounds.finite(threat.cost, "cost to the sender")
    target = (1.0 - weight) * spent - weight * hurt
    return Incidence(no_deal_sender=-spent, no_deal_target=-hurt, sender=-target, target=target)
