"""Relief with conditions played month by month: clauses kept or broken, snapback by degrees, flights withheld.

Each month the government under conditions chooses which of the clauses that are due to keep; breaches are seen or
not; the destination forbears, withdraws the relief tied to what it saw broken, withdraws all, or restores all; then
flights go on or stop. Flights are held hostage for the relief that is withheld.
Everybody sees everything but unseen breaches. One draw at a time: map over the records for an ensemble.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array, lax
from jax.tree_util import register_dataclass
from jax.typing import ArrayLike
from jaxtyping import Float

from palanca.bargain import bounds
from palanca.bargain.choice import choose
from palanca.bargain.clauses import Office, subsets
from palanca.core.errors import BargainError

RESPONSES = ("forbear", "part", "full", "restore")
MOST_CLAUSES = 6

One = Float[ArrayLike, "*_draws"]
EachClause = Float[ArrayLike, "*_draws _clause"]  # unequal lengths are refused by name, so no axis is bound here
# What withdrawing a unit of relief costs by month; where slices differ, by the sets in force before and after as well.
SnapCosts: TypeAlias = Float[ArrayLike, " month"] | Float[ArrayLike, "month before after"]


@register_dataclass
@dataclass(frozen=True)
class Conditional:
    """Clauses of a conditional relief, as both sides see them.

    Args:
        survival_cost: Fall in the log chance to stay in office if a clause is kept [log points].
        relief: Revenue tied to each clause [payoff / month].
        seen_chance: Chance that a breach is seen [chance / month].
        worth: What each clause is worth to the destination while kept [payoff / month].
        due: Month of the game from which it can be broken, the first being 1 [month]; earlier nothing is owed, so it
            costs and brings nothing. Due from the outset if left out.
    """

    survival_cost: EachClause
    relief: EachClause
    seen_chance: EachClause
    worth: EachClause
    due: EachClause | One = 0.0


@register_dataclass
@dataclass(frozen=True)
class Stakes:
    """What else either side gains or loses.

    Args:
        relief_cost: Political cost to the destination of relief in force [per unit of relief / month].
        resolve: What it gains by withdrawing relief tied to a breach [per unit of relief].
        flights: What deportation flights are worth to it [payoff / month].
        standing: What letting flights go on is worth to the other government [payoff / month].
        retort: What stopping them is worth to it while relief is withheld [per unit of relief / month].
        restore_cost: Political cost to the destination of giving back what it withdrew [per unit of relief].
        word: What it loses by withdrawing relief tied to no breach that it sees [per unit of relief]: so withdrawing
            all costs its share for every clause that was kept.
    """

    relief_cost: One = 0.0
    resolve: One = 0.0
    flights: One = 0.0
    standing: One = 0.0
    retort: One = 0.0
    restore_cost: One = 0.0
    word: One = 0.0


@register_dataclass
@dataclass(frozen=True)
class ReliefPath:
    """What is to be expected month by month, from full relief on.

    Args:
        kept: Chance that each clause is kept in the month [chance]; 1 before it is due.
        unbroken: Chance that it has been kept in every month so far [chance].
        in_force: Chance that the relief tied to it is in force at the end of the month [chance].
        response: Chance of each of `RESPONSES` [chance].
        flights: Chance that flights go on [chance].
        relief: Relief in force at the end of the month [payoff / month].
        value_conditioned: What all of it is worth to the government under conditions [payoff].
        value_destination: The same to the destination [payoff].
    """

    kept: Float[Array, "*draw month clause"]
    unbroken: Float[Array, "*draw month clause"]
    in_force: Float[Array, "*draw month clause"]
    response: Float[Array, "*draw month response"]
    flights: Float[Array, "*draw month"]
    relief: Float[Array, "*draw month"]
    value_conditioned: Float[Array, "*draw"]
    value_destination: Float[Array, "*draw"]


@register_dataclass
@dataclass(frozen=True)
class _Month:
    """Choices of one month, by the set of slices in force at its start (axis `set`); stacked, months come first."""

    keeps: Float[Array, "*month kept set"]
    answers: Float[Array, "*month response set seen"]
    moves: Float[Array, "*month kept set set"]
    flies: Float[Array, "*month set"]


def play(
    deal: Conditional,
    office: Office,
    stakes: Stakes,
    snap_costs: SnapCosts,
    *,
    patience_conditioned: One,
    patience_destination: One,
    precision: One,
) -> ReliefPath:
    """Expected course of a conditional relief, each choosing with an eye to all months to come.

    Args:
        deal: The clauses.
        office: What staying in power is worth to the government under conditions; `distrust` is left aside, for
            here the destination's conduct is itself a choice.
        stakes: What else is at stake.
        snap_costs: What withdrawing relief costs the destination in each month [per unit of relief withdrawn], the
            same for all or by the sets of slices in force before and after, as `clauses.subsets` orders them; see
            `clauses.snap_cost`.
        patience_conditioned: Weight of next month's payoff to the government under conditions [share].
        patience_destination: The same to the destination [share].
        precision: How closely choices follow payoffs [per unit of payoff]; infinite for subgame perfection.

    Reference:
        One backward pass over a tree of perfect information with logit choices at every node (McKelvey and Palfrey
        1998). Office is lost with what it brings: payoffs to come count as far as it is kept. The destination plays
        on against whoever holds it.
    """
    _check(deal, office, stakes)
    costs = _costs(snap_costs, deal)
    ahead_o = bounds.patience(patience_conditioned, "patience of the government under conditions")
    ahead_d = bounds.patience(patience_destination, "patience of the destination")
    sharp = bounds.precision(precision)

    return _played(deal, office, stakes, costs, (ahead_o, ahead_d), sharp)


@jax.jit
def _played(
    deal: Conditional, office: Office, stakes: Stakes, costs: Array, ahead: tuple[Array, Array], sharp: Array
) -> ReliefPath:
    """Backwards through the months for the choices, then forward for what they lead to."""

    def back(later: tuple[Array, Array], now: tuple[Array, Array]) -> tuple[tuple[Array, Array], _Month]:
        cost, owed = now
        return _month(deal, office, stakes, cost, owed, (ahead[0] * later[0], ahead[1] * later[1]), sharp)

    nothing = jnp.zeros(2 ** jnp.shape(deal.relief)[0])
    due = jnp.broadcast_to(jnp.asarray(deal.due), jnp.shape(deal.relief))
    owed = due <= 1.0 + jnp.arange(costs.shape[0])[:, None]
    (value_o, value_d), months = lax.scan(back, (nothing, nothing), (costs, owed), reverse=True)
    return _course(deal, months, value_o[-1], value_d[-1])


def _month(
    deal: Conditional,
    office: Office,
    stakes: Stakes,
    snap_cost: Array,
    owed: Array,
    later: tuple[Array, Array],
    sharp: Array,
) -> tuple[tuple[Array, Array], _Month]:
    """Choices of a month from its last to its first, given what each set of slices is worth afterwards."""
    sets = jnp.asarray(subsets(jnp.shape(deal.relief)[0]))
    slices = jnp.asarray(deal.relief)
    target, open_to = _responses(sets.shape[1])
    start = jnp.arange(sets.shape[0])[None, :, None]

    stop = jnp.asarray(stakes.retort) * (jnp.sum(slices) - sets @ slices)
    go = jnp.full_like(stop, jnp.asarray(stakes.standing))
    flies = choose(jnp.stack([go, stop]), sharp)[0]
    aloft_o = flies * go + (1.0 - flies) * stop

    after_d = flies * jnp.asarray(stakes.flights) - jnp.asarray(stakes.relief_cost) * (sets @ slices) + later[1]
    worth_d = _after_change(sets, slices, stakes, snap_cost, after_d)[start, target, jnp.arange(sets.shape[0])]
    answers = choose(worth_d, sharp, open_to)

    steady_o = jnp.asarray(office.worth) + jnp.asarray(office.revenue) + sets @ slices + aloft_o + later[0]
    expects_o = jnp.sum(answers * steady_o[target], axis=0)
    expects_d = jnp.sum(answers * worth_d, axis=0)
    sees = _sees(sets, jnp.asarray(deal.seen_chance))
    stays = jnp.exp(-(sets @ jnp.where(owed, jnp.asarray(deal.survival_cost), 0.0)))[:, None]
    worth_o = stays * (sees @ expects_o.T)
    breakable = jnp.all(sets | owed, axis=1)
    keeps = choose(worth_o, sharp, jnp.broadcast_to(breakable[:, None], worth_o.shape))

    now_o = jnp.sum(keeps * worth_o, axis=0)
    brings = sets @ jnp.where(owed, jnp.asarray(deal.worth), 0.0)
    now_d = jnp.sum(keeps * (brings[:, None] + sees @ expects_d.T), axis=0)
    lands = jnp.sum(answers[..., None] * (target[..., None] == start[0, :, 0]), axis=0)
    moves = jnp.einsum("kq,ks,qsn->kqn", keeps, sees, lands)
    return (now_o, now_d), _Month(keeps=keeps, answers=answers, moves=moves, flies=flies)


def _after_change(
    sets: Array, slices: Array, stakes: Stakes, snap_cost: Array, after_d: Array
) -> Float[Array, "before after seen"]:
    """What a change of slices in force is worth to the destination, by the breaches that it saw."""
    out = sets[:, None, :] & ~sets[None, :, :]
    withdrawn, given = out @ slices, (sets[None, :, :] & ~sets[:, None, :]) @ slices
    punished = (out[:, :, None, :] & sets[None, None, :, :]) @ slices
    unearned = withdrawn[..., None] - punished
    steady = after_d[None, :] - snap_cost * withdrawn - jnp.asarray(stakes.restore_cost) * given
    return steady[..., None] + jnp.asarray(stakes.resolve) * punished - jnp.asarray(stakes.word) * unearned


def _course(deal: Conditional, months: _Month, value_o: Array, value_d: Array) -> ReliefPath:
    """Follow the chances forward from full relief."""
    sets = jnp.asarray(subsets(jnp.shape(deal.relief)[0]))
    sees = _sees(sets, jnp.asarray(deal.seen_chance))
    full = jnp.zeros(sets.shape[0]).at[-1].set(1.0)

    def forward(
        now: tuple[Array, Array], month: _Month
    ) -> tuple[tuple[Array, Array], tuple[Array, Array, Array, Array, Array]]:
        at, clean = now
        kept = sets.T @ (month.keeps @ at)
        response = jnp.einsum("q,kq,ks,rqs->r", at, month.keeps, sees, month.answers)
        moves = jnp.sum(month.moves, axis=0)
        still = jnp.einsum("jq,kqn,kj->jn", clean, month.moves, sets)
        after = at @ moves
        return (after, still), (kept, jnp.sum(still, axis=1), after @ sets, response, after @ month.flies)

    begin = (full, jnp.tile(full, (sets.shape[1], 1)))
    _, (kept, unbroken, in_force, response, flights) = lax.scan(forward, begin, months)
    return ReliefPath(
        kept=kept,
        unbroken=unbroken,
        in_force=in_force,
        response=response,
        flights=flights,
        relief=in_force @ jnp.asarray(deal.relief),
        value_conditioned=value_o,
        value_destination=value_d,
    )


def _sees(sets: Array, seen_chance: Array) -> Float[Array, "kept seen"]:
    """Chance that exactly a set of breaches is seen, given the clauses kept; what is kept is never seen broken."""
    kept, seen = sets[:, None, :], sets[None, :, :]
    each = jnp.where(kept, jnp.where(seen, 0.0, 1.0), jnp.where(seen, seen_chance, 1.0 - seen_chance))
    return jnp.prod(each, axis=-1)


def _responses(count: int) -> tuple[Array, Array]:
    """Slices left in force by each response (response, set, seen), and whether it differs from those before it.

    A response that would come to the same as another is closed, or it would be twice as likely by its name alone.
    """
    everything = 2**count - 1
    held = np.arange(2**count)[:, None]
    seen = np.arange(2**count)[None, :]
    part = held & ~seen
    target = np.stack(np.broadcast_arrays(held + 0 * seen, part, 0 * part, everything + 0 * part))
    open_to = np.stack(
        np.broadcast_arrays(
            part >= 0, (part != held) & (part != 0), (held != 0) & (seen >= 0), held + 0 * seen != everything
        )
    )
    return jnp.asarray(target), jnp.asarray(open_to)


def _costs(snap_costs: ArrayLike, deal: Conditional) -> Array:
    costs = bounds.at_least_zero(snap_costs, "cost of snapping back")
    sets = 2 ** jnp.shape(deal.relief)[0]
    if costs.ndim != 1 and costs.shape[1:] != (sets, sets):
        raise BargainError(
            "costs of snapping back do not fit the clauses",
            found=f"an array of shape {costs.shape}",
            expected=f"one number a month, or ({sets}, {sets}) of them: by the sets of slices before and after",
        )
    return costs


def _check(deal: Conditional, office: Office, stakes: Stakes) -> None:
    bounds.whole(len(jnp.shape(deal.relief)) and jnp.shape(deal.relief)[0], "number of clauses", 1, MOST_CLAUSES)
    bounds.alike(
        {
            "survival cost": deal.survival_cost,
            "relief": deal.relief,
            "seen chance": deal.seen_chance,
            "worth": deal.worth,
        }
    )
    bounds.at_least_zero(deal.survival_cost, "survival cost of a clause")
    bounds.at_least_zero(deal.relief, "relief tied to a clause")
    bounds.chance(deal.seen_chance, "chance of detection")
    bounds.at_least_zero(deal.worth, "worth of a clause")
    bounds.at_least_zero(deal.due, "month in which a clause falls due")
    if jnp.ndim(deal.due):
        bounds.alike({"relief": deal.relief, "due month": deal.due})
    bounds.at_least_zero(office.worth, "worth of office")
    bounds.at_least_zero(office.revenue, "revenue")
    for name, value in vars(stakes).items():
        bounds.at_least_zero(value, name.replace("_", " "))
