"""Legal ways that a scheme opens: who applies in place of the road, the queue, decisions, and who is admitted (F11)."""

from __future__ import annotations

from dataclasses import dataclass

import jax.numpy as jnp
from jax import Array
from jax.tree_util import register_dataclass
from jaxtyping import Float

from palanca.kernel.axes import PerCell, Scalar, ScalarLike
from palanca.kernel.curves import TINY, ration


@register_dataclass
@dataclass(frozen=True)
class Behaviour:
    """How people answer to a legal way; no figure of the fit bears on any of it.

    Args:
        preference: Odds that somebody who is sure to be accepted at once applies, against a road without hope [odds].
        patience: Wait that divides the worth of a procedure by e [months].
        dissimilarity: How far applying adds people who would have stayed: 0 none, 1 all of them are new [share].
        queue_quit: Share of those in the queue, not decided on, who give up in a month [share].
        quit_road: Share of those who give up that takes the road [share].
        refused_road: Share of those refused for good that takes the road [share].
        appeal_heard: Share of appeals that is decided in a month [share].
    """

    preference: Float[Array, " draw"]
    patience: Float[Array, " draw"]
    dissimilarity: Float[Array, " draw"]
    queue_quit: Float[Array, " draw"]
    quit_road: Float[Array, " draw"]
    refused_road: Float[Array, " draw"]
    appeal_heard: Float[Array, " draw"]


@register_dataclass
@dataclass(frozen=True)
class ProcedureRules:
    """What procedures are open in a month, and to whom.

    Args:
        covered: 1 for a cell that may apply, 0 for others.
        reach: Share of those covered who know of it and can apply [share].
        labour: 1 for a procedure of those who migrate for work, 0 for one of everyone else.
        capacity: Decisions a month [people / month].
        least_wait: Months that a decision takes without any congestion, 1 at least [months].
        accepted: Share of first decisions that accept [share].
        appeal: Share of those refused who appeal [share].
        appeal_won: Share of appeals that succeed [share].
        pools: 1 where those whom a procedure accepts wait for a place of a pool; in none, acceptance admits.
        places: Places of each pool [people / month].
    """

    covered: Float[Array, "*month procedure origin group"]
    reach: Float[Array, "*month procedure draw"]
    labour: Float[Array, "*month procedure"]
    capacity: Float[Array, "*month procedure draw"]
    least_wait: Float[Array, "*month procedure draw"]
    accepted: Float[Array, "*month procedure origin draw"]
    appeal: Float[Array, "*month procedure draw"]
    appeal_won: Float[Array, "*month procedure draw"]
    pools: Float[Array, "*month procedure pool"]
    places: Float[Array, "*month pool draw"]


PerQueue = Float[Array, "procedure origin group draw"]


@register_dataclass
@dataclass(frozen=True)
class Queues:
    """Stocks of people in procedures at the start of a month [people].

    Args:
        applied: Waiting for a first decision.
        appealed: Waiting for the decision of an appeal.
        cleared: Accepted and waiting for a place.
        onward: Refused or tired of waiting, taking the road this month.
    """

    applied: Float[Array, "*month procedure origin group draw"]
    appealed: Float[Array, "*month procedure origin group draw"]
    cleared: Float[Array, "*month procedure origin group draw"]
    onward: Float[Array, "*month origin group draw"]


@register_dataclass
@dataclass(frozen=True)
class Procedures:
    """All that a month needs to know of the procedures of a scheme."""

    rules: ProcedureRules
    behaviour: Behaviour
    queues: Queues


@register_dataclass
@dataclass(frozen=True)
class LegalMonth:
    """What a month did in the procedures, [people / month] unless said otherwise.

    Args:
        road: Newcomers on the road: those who did not apply, and those who come from a procedure.
        joined: New applications.
        decided: First decisions.
        admitted: People admitted.
        stayed: People who left a procedure and stay at home.
        wait: Months from application to admission that this month's applicants expect, (procedure, draw) [months].
        queues: Stocks at the end of the month [people].
        imbalance: Largest breach of the accounts over cells, relative to their size, (draw).
    """

    road: Float[Array, "*month origin group draw"]
    joined: Float[Array, "*month procedure origin group draw"]
    decided: Float[Array, "*month procedure origin group draw"]
    admitted: Float[Array, "*month procedure origin group draw"]
    stayed: Float[Array, "*month origin group draw"]
    wait: Float[Array, "*month procedure draw"]
    queues: Queues
    imbalance: Float[Array, "*month draw"]


def nobody(procedures: int, cells: tuple[int, int], draws: int) -> Queues:
    """Empty queues [people]; `cells` are how many origins and groups there are."""
    empty = jnp.zeros((procedures, *cells, draws))
    return Queues(empty, empty, empty, empty[0] if procedures else jnp.zeros((*cells, draws)))


def expected_wait(queues: Queues, rules: ProcedureRules) -> Float[Array, "procedure draw"]:
    """Months until admission that somebody who applies now expects: for a decision, then for a place [months].

    Without capacity, or with people ahead and no places, it has no end.

    Reference:
        Equation F11b of docs/model.md.
    """
    line = jnp.sum(queues.applied, axis=(1, 2))
    decision = jnp.maximum(rules.least_wait, _months(line, rules.capacity))
    ahead = jnp.einsum("pk,pd->kd", rules.pools, jnp.sum(queues.cleared, axis=(1, 2)))
    turn = jnp.where(rules.pools[..., None] > 0.0, _months(ahead, rules.places)[None], 0.0)
    return decision + jnp.sum(turn, axis=1)


def appeal(
    belief: PerCell, circular: PerCell, wait: Float[Array, "procedure draw"], hope: ScalarLike, given: Procedures
) -> PerQueue:
    """Odds of applying in each procedure against taking the road [odds].

    They grow in proportion to the chance of being accepted, fall with the wait, and fall with the believed chance of
    being let in at the border by as much as that chance is found to draw people on to the road.

    Args:
        belief: Believed chance of being let in on the road [chance].
        circular: Share of a cell that migrates for work [share].
        wait: From `expected_wait` [months].
        hope: `hope_set` of equation F1 [log points per unit of chance].
        given: ProcedureRules and behaviour.

    Reference:
        Equation F11a of docs/model.md.
    """
    rules, people = given.rules, given.behaviour
    labour = rules.labour[:, None, None, None]
    who = rules.covered[..., None] * (labour * circular + (1.0 - labour) * (1.0 - circular))
    chance = rules.accepted + (1.0 - rules.accepted) * (rules.appeal * rules.appeal_won)[:, None]
    worth = chance * (rules.reach * jnp.exp(-wait / people.patience))[:, None]
    return who * people.preference * worth[:, :, None] * jnp.exp(-hope * belief)


def choose(odds: PerQueue, dissimilarity: ScalarLike) -> tuple[PerCell, PerQueue]:
    """Newcomers on the road, and applications, as multiples of those who would have come without any procedure.

    Nested choice: applying and the road are alike and share a nest, staying is apart. With `U` the sum of the odds, the
    nest grows by `(1 + U) ** dissimilarity`, and the road has `1 / (1 + U)` of it.

    Args:
        odds: From `appeal` [odds].
        dissimilarity: 0 takes every applicant from the road, 1 takes none from it [share].

    Reference:
        Nested logit (McFadden 1978); staying is taken for so common that its share does not change. Equation F11 of
        docs/model.md.
    """
    road = (1.0 + jnp.sum(odds, axis=0)) ** (dissimilarity - 1.0)
    return road, odds * road


def live(newcomers: PerCell, belief: PerCell, circular: PerCell, hope: ScalarLike, given: Procedures) -> LegalMonth:
    """One month of the procedures: who applies, who is decided on, who is admitted, who takes the road.

    Args:
        newcomers: People who would enter the corridor this month if there were no procedure [people / month].
        belief: Believed chance of being let in on the road [chance].
        circular: Share of a cell that migrates for work [share].
        hope: `hope_set` of equation F1 [log points per unit of chance].
        given: ProcedureRules, behaviour, and the queues at the start of the month.

    Reference:
        Equations F11 to F11d of docs/model.md.
    """
    rules, people, before = given.rules, given.behaviour, given.queues
    wait = expected_wait(before, rules)
    road, applied = choose(appeal(belief, circular, wait, hope, given), people.dissimilarity)
    joined = newcomers * applied
    ready = before.applied / rules.least_wait[:, None, None]
    decided = ready * ration(jnp.sum(ready, axis=(1, 2)), rules.capacity)[:, None, None]
    yes = decided * rules.accepted[:, :, None]
    appealing = (decided - yes) * rules.appeal[:, None, None]
    left = (before.applied - decided) * people.queue_quit
    heard = before.appealed * people.appeal_heard
    won = heard * rules.appeal_won[:, None, None]
    lost = decided - yes - appealing + heard - won
    cleared = before.cleared + yes + won
    admitted = cleared * _let_through(jnp.sum(cleared, axis=(1, 2)), rules)[:, None, None]
    to_road = jnp.sum(left * people.quit_road + lost * people.refused_road, axis=0)
    after = Queues(
        applied=before.applied - decided - left + joined,
        appealed=before.appealed - heard + appealing,
        cleared=cleared - admitted,
        onward=to_road,
    )
    stayed = jnp.sum(left + lost, axis=0) - to_road
    went = jnp.sum(admitted, axis=0) + stayed + before.onward
    return LegalMonth(
        road=newcomers * road + before.onward,
        joined=joined,
        decided=decided,
        admitted=admitted,
        stayed=stayed,
        wait=wait,
        queues=after,
        imbalance=_imbalance(before, after, jnp.sum(joined, axis=0), went),
    )


def stock(queues: Queues) -> PerCell:
    """Everyone in a procedure, or leaving one for the road [people]."""
    return jnp.sum(queues.applied + queues.appealed + queues.cleared, axis=0) + queues.onward


def _imbalance(before: Queues, after: Queues, joined: PerCell, went: PerCell) -> Scalar:
    """Largest difference between who was there or joined and who left or is there, relative to their size.

    Reference:
        Equation F11d of docs/model.md.
    """
    came, gone = stock(before) + joined, went + stock(after)
    return jnp.max(jnp.abs(came - gone) / jnp.maximum(came, 1.0), axis=(0, 1))


def _let_through(cleared: Float[Array, "procedure draw"], rules: ProcedureRules) -> Float[Array, "procedure draw"]:
    """Share of those accepted who are admitted this month: all, or as many as their pool has places for."""
    wanted = jnp.einsum("pk,pd->kd", rules.pools, cleared)
    free = 1.0 - jnp.sum(rules.pools, axis=1)
    return jnp.einsum("pk,kd->pd", rules.pools, ration(wanted, rules.places)) + free[:, None]


def _months(people: Array, capacity: Array) -> Array:
    """Months that a line takes at a capacity; without end where there is none."""
    some = capacity > 0.0
    return jnp.where(some, people / jnp.where(some, jnp.maximum(capacity, TINY), 1.0), jnp.inf)
