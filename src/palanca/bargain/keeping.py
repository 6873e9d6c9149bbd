"""Whether a side keeps a promise: what it would save by breaking it against what it would lose from then on."""

from __future__ import annotations

from typing import TypeAlias

import jax
import jax.numpy as jnp
from jax import Array, lax
from jax.typing import ArrayLike
from jaxtyping import Float, Int

from palanca.bargain import bounds
from palanca.bargain.bounds import Amount, Number

EachIssue: TypeAlias = Float[ArrayLike, "issue *#draw"]
EachSide: TypeAlias = Float[ArrayLike, "side *#draw"]

NEWTON_STEPS = 60  # from the right on a convex rising sum: each step shrinks the gap, and the last ones square it


def effective_patience(patience: Number, exit_hazard: Number) -> Amount:
    """Patience of an office that may change hands: who leaves does not collect [share].

    Args:
        patience: Weight of next month's payoff [share].
        exit_hazard: Chance to lose office or mandate within a month [chance / month].
    """
    return bounds.patience(patience) * (1.0 - bounds.chance(exit_hazard, "chance of leaving office"))


def trust(patience: Number, detection: Number = 1.0, exit_hazard: Number = 0.0) -> Amount:
    """Largest share of a month's worth of the deal that a side can be trusted to pay for it [share].

    A side that gets w a month from the deal before its own payment x keeps paying while x <= trust * w. With sure
    detection this is patience itself.

    Args:
        patience: Weight of next month's payoff [share].
        detection: Chance that a breach is seen [chance].
        exit_hazard: Chance to leave office within a month [chance / month].

    Reference:
        Solve d m (w - x) >= (1 - d) x for x / w: d m / (1 - d + d m).
    """
    d = effective_patience(patience, exit_hazard)
    seen = d * bounds.chance(detection, "chance of detection")
    return seen / (1.0 - d + seen)


def slack(
    gain: Number, temptation: Number, patience: Number, detection: Number = 1.0, exit_hazard: Number = 0.0
) -> Amount:
    """What keeping the deal is worth above breaking it once; the side keeps it where this is not below 0 [payoff].

    Args:
        gain: Payoff with the deal less payoff once it is punished [payoff / month].
        temptation: What one breach saves [payoff].
        patience: Weight of next month's payoff [share].
        detection: Chance that a breach is seen [chance].
        exit_hazard: Chance to leave office within a month [chance / month].

    Reference:
        d / (1 - d) * m * (U - P) - Dev, concave where U is concave and Dev convex.
    """
    d = effective_patience(patience, exit_hazard)
    seen = bounds.chance(detection, "chance of detection") * bounds.finite(gain, "gain from the deal")
    return d / (1.0 - d) * seen - bounds.at_least_zero(temptation, "temptation")


def minimum_patience(gain: Number, temptation: Number, detection: Number = 1.0, exit_hazard: Number = 0.0) -> Amount:
    """Patience from which on a side keeps the deal [share]; at 1 or above nobody is patient enough.

    Args:
        gain: Payoff with the deal less payoff once it is punished, above 0 [payoff / month].
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


def minimum_patience_for(gain: Number, temptation: Number, months: int, detection: Number = 1.0) -> Amount:
    """Patience from which on a punishment of some months suffices [share]; at 1 or above none does.

    Args:
        gain: Payoff with the deal less payoff while punished, above 0 [payoff / month].
        temptation: What one breach saves [payoff].
        months: How long a breach is punished, after which the deal resumes [months].
        detection: Chance that a breach is seen, above 0 [chance].

    Reference:
        The root of d + d^2 + ... + d^L = Dev / (m (U - P)).
    """
    length = bounds.whole(months, "length of the punishment", 1, 1200)
    lost = bounds.positive(detection, "chance of detection") * bounds.positive(gain, "gain from the deal")
    bounds.chance(detection, "chance of detection")
    return _root_of_powers(bounds.at_least_zero(temptation, "temptation") / lost, jnp.asarray(length))


def pooled_patience(gains: EachIssue, temptations: EachIssue, detection: Number = 1.0) -> Amount:
    """Patience from which on several issues hold when breaking one ends them all [share].

    A mediant of the patience each issue needs alone, so it lies between them and equals them if they are alike.

    Args:
        gains: Payoff with the deal less payoff once punished, on each issue [payoff / month].
        temptations: What a breach saves on each issue [payoff].
        detection: Chance that a breach of all is seen [chance].

    Reference:
        Bernheim and Whinston 1990 (RAND Journal 21:1-26): sum Dev / (sum Dev + m sum gain).
    """
    gain = jnp.sum(bounds.positive(gains, "gain from the deal"), axis=0)
    return minimum_patience(gain, jnp.sum(bounds.at_least_zero(temptations, "temptation"), axis=0), detection)


def weakest_side(patience_needed: EachSide, patience: EachSide) -> tuple[Int[Array, "*#draw"], Amount]:
    """Which side breaks first, and by how much its patience exceeds what the deal needs [share].

    Args:
        patience_needed: Minimum patience of each side [share].
        patience: Patience that each side has [share].

    Returns:
        The place of the side with the least margin, and that margin; below 0 the deal does not hold.
    """
    margin = bounds.patience(patience) - bounds.at_least_zero(patience_needed, "patience needed")
    return jnp.argmin(margin, axis=0), jnp.min(margin, axis=0)


@jax.jit
def _root_of_powers(wanted: Array, months: Array) -> Array:
    """The d at which d + ... + d^months comes to what is wanted."""

    def nearer(_: Array | int, d: Array) -> Array:
        value, slope = _sum_of_powers(d, months)
        return d - (value - wanted) / slope

    return lax.fori_loop(0, NEWTON_STEPS, nearer, jnp.maximum(1.0, wanted))


def _sum_of_powers(d: Array, months: Array) -> tuple[Array, Array]:
    """The sum d + ... + d^months and its slope, by Horner's rule, which keeps its digits near 1."""

    def add(_: Array | int, so_far: tuple[Array, Array]) -> tuple[Array, Array]:
        value, slope = so_far
        return d * (1.0 + value), (1.0 + value) + d * slope

    return lax.fori_loop(0, months, add, (jnp.zeros_like(d), jnp.zeros_like(d)))
