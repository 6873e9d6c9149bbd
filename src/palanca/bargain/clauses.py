"""Conditions on relief: which of them a government keeps that fears for its office, and which no relief can buy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import jax.numpy as jnp
import numpy as np
from jax import Array
from jax.tree_util import register_dataclass
from jax.typing import ArrayLike
from jaxtyping import Bool, Float

from palanca.bargain import bounds
from palanca.bargain.bounds import Amount, Flag, Number
from palanca.kernel.curves import logistic

EachClause: TypeAlias = Float[ArrayLike, "clause *#draw"]
MOST_CLAUSES = 10


@register_dataclass
@dataclass(frozen=True)
class Clauses:
    """What each condition costs the government that is asked to keep it, and what hangs on it.

    Args:
        survival_cost: Fall in the log chance to stay in office if the clause is kept [log points], 0 or more.
        relief: Revenue that hangs on the clause [payoff / month].
        snap_chance: Chance that a breach is seen and the relief withdrawn [chance].
    """

    survival_cost: EachClause
    relief: EachClause
    snap_chance: EachClause


@register_dataclass
@dataclass(frozen=True)
class Office:
    """What staying in power is worth to the government under conditions.

    Args:
        worth: Worth of office itself [payoff / month].
        revenue: Revenue that comes whatever is done [payoff / month].
        distrust: Chance, in its eyes, that relief is withdrawn however it behaves [chance].
    """

    worth: Number
    revenue: Number = 0.0
    distrust: Number = 0.0


def snap_chance(seen_chance: Number, resolve: Number, snap_cost: Number, precision: Number) -> Amount:
    """Chance that a breach is seen and answered by withdrawing relief [chance].

    Args:
        seen_chance: Chance that a breach is seen [chance].
        resolve: What the destination gains by answering [payoff].
        snap_cost: What it loses by answering: oil price, flights lost, more departures [payoff].
        precision: How closely the decision follows payoff [per unit of payoff].

    Reference:
        m * logistic(kappa (b - c)).
    """
    drive = bounds.finite(resolve, "resolve") - bounds.at_least_zero(snap_cost, "cost of snapping back")
    return bounds.chance(seen_chance, "chance of detection") * logistic(bounds.precision(precision) * drive)


def snap_cost(losses: Number, months_to_election: Number, lift: Number = 0.6, spell: Number = 6.0) -> Amount:
    """What withdrawing relief costs the destination, dearer as its election draws near [payoff].

    Args:
        losses: Oil price, lost deportation flights and further departures, far from any election [payoff].
        months_to_election: Months to the destination's next election [months].
        lift: By how much losses weigh more on election day [share].
        spell: Months over which that weight fades going back [months].
    """
    away = bounds.at_least_zero(months_to_election, "months to the election")
    weight = 1.0 + bounds.at_least_zero(lift, "lift") * jnp.exp(-away / bounds.positive(spell, "spell"))
    return bounds.at_least_zero(losses, "losses") * weight


def bearable_bundle(clauses: Clauses, office: Office) -> Amount:
    """Total survival cost below which all clauses are kept when breaking any one ends all relief [log points].

    At risk is the sum of what each clause puts at risk; with equal snap chances, psi times all the relief.

    Reference:
        log(a / (a - sum psi rho)); the function -log(1 - x) is convex and 0 at 0, so bundling keeps whatever
        was kept clause by clause, and sometimes more.
    """
    _, relief, snap = _checked(clauses, office)
    return -jnp.log1p(-jnp.sum(snap * relief, axis=0) / _all(office, relief))


def kept_as_a_bundle(clauses: Clauses, office: Office) -> Flag:
    """Whether all clauses are kept when they stand and fall together; if not, the cheap ones fall too."""
    return jnp.sum(jnp.asarray(clauses.survival_cost), axis=0) < bearable_bundle(clauses, office)


def best_kept(clauses: Clauses, office: Office) -> Bool[Array, "clause *#draw"]:
    """The set of clauses that pays best of all sets, each breach answered by its own slice of relief.

    Reference:
        Enumeration of the 2^n sets C of exp(-sum_C s) (W + R0 + sum_C rho + sum_not C (1 - psi) rho).
    """
    cost, relief, snap = _checked(clauses, office)
    count = bounds.whole(cost.shape[0], "number of clauses", 1, MOST_CLAUSES)
    axes = max(cost.ndim, relief.ndim, snap.ndim)
    kept = jnp.asarray(subsets(count)).reshape((2**count, count) + (1,) * (axes - 1))
    revenue = jnp.sum(jnp.where(kept, relief, (1.0 - snap) * relief), axis=1)
    survival = jnp.exp(-jnp.sum(jnp.where(kept, cost, 0.0), axis=1))
    best = jnp.argmax(survival * (_base(office) + revenue), axis=0)
    return jnp.moveaxis(jnp.asarray(subsets(count))[best], -1, 0)


def dearest_clause(snap_chance: Number, most_relief: Number, office: Office) -> Amount:
    """Survival cost from which on no relief up to a cap buys a clause [log points].

    Without a cap (infinite relief) it is -log(1 - psi); with one it falls to 0 as office is worth more.

    Args:
        snap_chance: Chance that a breach is seen and answered [chance].
        most_relief: Most relief that can be tied to the clause [payoff / month]; may be infinite.
        office: What staying in power is worth.
    """
    snap = bounds.chance(snap_chance, "chance of snapback")
    cap = jnp.asarray(most_relief, dtype=float)
    bounds.at_least_zero(jnp.where(jnp.isposinf(cap), 0.0, cap), "most relief")
    held = jnp.where(jnp.isinf(cap), 1.0, cap * (1.0 - bounds.chance(office.distrust, "distrust")))
    share = jnp.where(jnp.isinf(cap), 1.0, held / (_base(office) + held))
    return -jnp.log1p(-snap * share)


def subsets(count: int) -> Bool[np.ndarray, "set clause"]:
    """All sets of some clauses; the place of a set spells it in binary, the first clause lowest."""
    return (np.arange(2**count)[:, None] >> np.arange(count)[None, :] & 1).astype(bool)


def _base(office: Office) -> Amount:
    base = bounds.at_least_zero(office.worth, "worth of office") + bounds.at_least_zero(office.revenue, "revenue")
    return bounds.positive(base, "worth of office with revenue")


def _all(office: Office, relief: Array) -> Amount:
    return _base(office) + jnp.sum(relief, axis=0)


def _checked(clauses: Clauses, office: Office) -> tuple[Array, Array, Array]:
    """Survival costs, relief as far as it is trusted to last, and snap chances."""
    cost = bounds.at_least_zero(clauses.survival_cost, "survival cost of a clause")
    relief = bounds.at_least_zero(clauses.relief, "relief tied to a clause")
    snap = bounds.chance(clauses.snap_chance, "chance of snapback")
    return cost, relief * (1.0 - bounds.chance(office.distrust, "distrust")), snap
