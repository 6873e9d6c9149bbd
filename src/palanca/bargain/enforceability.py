"""Whether a deal holds without a judge: what a side would save by breaking it against what it would lose after."""

from __future__ import annotations

from dataclasses import dataclass

import jax.numpy as jnp
from jax import Array
from jax.tree_util import register_dataclass
from jax.typing import ArrayLike
from jaxtyping import Float, Int

from palanca.bargain import bounds, ties
from palanca.bargain.bounds import Amount, Number
from palanca.bargain.feasible import BargainProblem


def effective_patience(patience: Number, exit_hazard: Number) -> Amount:
    """Patience of an office that may change hands: who leaves does not collect [share].

    Args:
        patience: Weight of next month's payoff [share].
        exit_hazard: Chance to lose office or mandate within a month [chance / month].
    """
    return bounds.patience(patience) * (1.0 - bounds.chance(exit_hazard, "chance of leaving office"))


def weight_of_loss(patience: Number, detection: Number = 1.0, exit_hazard: Number = 0.0) -> Amount:
    """How much a month's loss counts against what one breach saves [1]: d m / (1 - d).

    Args:
        patience: Weight of next month's payoff [share].
        detection: Chance that a breach is seen [chance].
        exit_hazard: Chance to leave office within a month [chance / month].
    """
    d = effective_patience(patience, exit_hazard)
    return d / (1.0 - d) * bounds.chance(detection, "chance of detection")


def slack(
    gain: Number, temptation: Number, patience: Number, detection: Number = 1.0, exit_hazard: Number = 0.0
) -> Amount:
    """What honouring the deal is worth above breaking it once; a side honours it where this is not below 0 [payoff].

    Args:
        gain: Payoff with the deal less payoff once it is over [payoff / month].
        temptation: What one breach saves [payoff].
        patience: Weight of next month's payoff [share].
        detection: Chance that a breach is seen [chance].
        exit_hazard: Chance to leave office within a month [chance / month].

    Reference:
        d / (1 - d) * m * (U - P) - Dev, concave where U is concave and Dev convex; equation B14 of docs/model.md.
    """
    lost = weight_of_loss(patience, detection, exit_hazard) * bounds.finite(gain, "gain from the deal")
    return lost - bounds.at_least_zero(temptation, "temptation")


def minimum_patience(gain: Number, temptation: Number, detection: Number = 1.0, exit_hazard: Number = 0.0) -> Amount:
    """Patience from which on a side honours the deal [share]; at 1 or above nobody is patient enough.

    Args:
        gain: Payoff with the deal less payoff once it is over, above 0 [payoff / month].
        temptation: What one breach saves [payoff].
        detection: Chance that a breach is seen [chance].
        exit_hazard: Chance to leave office within a month [chance / month].

    Reference:
        Grim trigger, (T - R) / (T - P) for a prisoners' dilemma: Dev / (Dev + m (U - P)), over 1 - h.
    """
    dev = bounds.at_least_zero(temptation, "temptation")
    lost = bounds.chance(detection, "chance of detection") * bounds.positive(gain, "gain from the deal")
    stay = 1.0 - bounds.chance(exit_hazard, "chance of leaving office")
    alone = dev / jnp.where(dev + lost > 0.0, dev + lost, 1.0)
    return jnp.where(stay > 0.0, alone / jnp.where(stay > 0.0, stay, 1.0), jnp.where(dev > 0.0, jnp.inf, 0.0))


def weakest_side(
    patience_needed: Float[ArrayLike, "side *#draw"], patience: Float[ArrayLike, "side *#draw"]
) -> tuple[Int[Array, "*#draw"], Amount]:
    """Which side breaks first, and by how much its patience exceeds what the deal needs [share].

    Args:
        patience_needed: Minimum patience of each side [share].
        patience: Patience that each side has [share].

    Returns:
        The place of the side with the least margin, and that margin; below 0 the deal does not hold.
    """
    margin = bounds.patience(patience) - bounds.at_least_zero(patience_needed, "patience needed")
    return jnp.argmin(margin, axis=0), jnp.min(margin, axis=0)


def temptations(problem: BargainProblem, package: Float[Array, " issue"]) -> Float[Array, " party"]:
    """What each party would save in a month by doing what it does without a deal, the others as agreed [payoff].

    What others owe under a tie to an issue that it breaks falls away in the same month.
    """
    parties = range(len(problem.parties))
    gone = [ties.freed(problem, problem.owned(party) > 0.0) for party in parties]
    broken = [jnp.where(gone[party], problem.status_quo, package) for party in parties]
    agreed = problem.payoffs(package)
    return jnp.stack([problem.payoffs(broken[party])[party] - agreed[party] for party in parties])


@register_dataclass
@dataclass(frozen=True)
class SelfEnforcing:
    """A limit on packages: every party would rather honour the deal than break it once and lose it.

    Args:
        weight: How much a month's loss of the deal counts for each party, from `weight_of_loss` [1].
    """

    weight: Float[Array, " party"]

    def slack(self, package: Float[Array, " issue"], problem: BargainProblem) -> Float[Array, " party"]:
        """What honouring is worth above breaking once, party by party [payoff]; `slack` for a whole package."""
        return self.weight * problem.gains(package) - temptations(problem, package)
