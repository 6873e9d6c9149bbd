"""Leverage, never one number: what would be lost, at what price, what it bought, and whether it can be used at all."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple

import jax
import jax.numpy as jnp
from jax import Array
from jaxtyping import Bool, Float

from palanca.bargain import ties
from palanca.bargain.feasible import BargainProblem
from palanca.bargain.refusals import DeclarationError
from palanca.bargain.reply import best_reply


class Dependence(NamedTuple):
    """What one party would lose if another stopped delivering; each is a comparison of two worlds.

    Attributes:
        sensitivity: Loss before it adapts [payoff].
        vulnerability: Loss after it has done what it can alone [payoff]; between 0 and the sensitivity.
        kept_share: Vulnerability over sensitivity [share]; 1 when it can do nothing itself.
        people_at_once: Further arrivals before it adapts [people / month].
        people_after: Further arrivals after it has [people / month].
        shadow_price: What one more unit of each of the partner's issues is worth to it [payoff / unit].
        adapted: Package after it has adapted to the stop [unit of issue].
        settled: Whether both searches converged.
    """

    sensitivity: Float[Array, ""]
    vulnerability: Float[Array, ""]
    kept_share: Float[Array, ""]
    people_at_once: Float[Array, ""]
    people_after: Float[Array, ""]
    shadow_price: Float[Array, " issue"]
    adapted: Float[Array, " issue"]
    settled: Bool[Array, ""]


@jax.jit
def dependence_of(
    problem: BargainProblem, package: Array, party: Array, stopped: Array, own: Array, to: Array
) -> Dependence:
    """`dependence` as arithmetic, to be mapped over draws; the party by place, issues as marks.

    What is tied to an issue that stops stops too; the party may then set its own part of the tie as suits it.
    """
    gone = jnp.where(ties.freed(problem, stopped), to, package)
    with_it = best_reply(problem, party, own, package)
    alone = replace(problem, ties=(), tie_ratio=jnp.zeros(0))
    without = best_reply(alone, party, own & ~ties.held(problem, stopped), gone)
    # A search stops a hair below the best; doing nothing new is always open, so 0 <= N <= S holds exactly.
    best = jnp.maximum(with_it.payoff, problem.payoffs(package)[party])
    unchanged = problem.payoffs(gone)[party]
    sensitivity, vulnerability = best - unchanged, best - jnp.maximum(without.payoff, unchanged)
    slope = jax.grad(lambda z: problem.payoffs(z)[party])(with_it.package)
    people = _people(problem)
    return Dependence(
        sensitivity=sensitivity,
        vulnerability=vulnerability,
        kept_share=jnp.where(sensitivity > 0.0, vulnerability / jnp.where(sensitivity > 0.0, sensitivity, 1.0), 1.0),
        people_at_once=people(gone) - people(package),
        people_after=people(without.package) - people(with_it.package),
        shadow_price=jnp.where(stopped, slope, 0.0),
        adapted=without.package,
        settled=with_it.settled & without.settled,
    )


def independent(problem: BargainProblem, holder: str) -> BargainProblem:
    """The same talks in a world where what the holder does moves no arrivals, disagreement worked out afresh.

    What the disagreement holds beyond the status quo, such as a threat, is kept.
    """
    if problem.arrivals is None:
        raise DeclarationError("nothing arrives in these talks", way_out="Declare a flow of people first.")
    freed = replace(problem, arrivals=problem.arrivals.held_fixed(problem.owned(_at(problem, holder)), problem.low))
    parties = len(problem.parties)
    shift = freed.payoffs(problem.status_quo)[:parties] - problem.payoffs(problem.status_quo)[:parties]
    return replace(freed, disagreement=problem.disagreement + shift)


def _people(problem: BargainProblem) -> Callable[[Array], Array]:
    return problem.arrivals.arrivals if problem.arrivals is not None else (lambda _: jnp.array(0.0))


def _at(problem: BargainProblem, party: str) -> int:
    if party not in problem.parties:
        raise DeclarationError("unknown party", found=repr(party), expected="one of " + ", ".join(problem.parties))
    return problem.parties.index(party)
