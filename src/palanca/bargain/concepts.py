"""Deals by every concept side by side, and the plain reasons when there is none; nothing unsettled gets past here."""

from __future__ import annotations

from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array
from jaxtyping import Bool, Float

from palanca.bargain import menu
from palanca.bargain.feasible import TINY, BargainProblem
from palanca.bargain.refusals import UnsettledError
from palanca.bargain.solve import BargainOutcome, Concept, many, one

BISECTIONS = 60
SMALL, CHUNK = 8, 256  # subsets solved in one call, filled up so that two compilations serve every number
STANDS_IN_THE_WAY = 1e-3


class Clash(NamedTuple):
    """One limit that stands in the way of any deal.

    Attributes:
        name: Whose gain, floor or budget it is.
        weight: Its weight in the proof [share]; with these weights the limits' slacks never sum above the margin.
    """

    name: str
    weight: float


class Mean(NamedTuple):
    """The salience-weighted mean of what the parties want, issue by issue; a benchmark, not a bargain.

    Attributes:
        package: Amounts [unit of issue].
        payoffs: What each voice gets [payoff].
        gains: What each party gets beyond no deal [payoff].
        acceptable: Whether nobody loses and every limit is kept.
    """

    package: Float[Array, " issue"]
    payoffs: Float[Array, " voice"]
    gains: Float[Array, " party"]
    acceptable: Bool[Array, ""]


def agree_on_each(
    problem: BargainProblem, free: Array, concept: Concept = Concept.NASH, fixed: Array | None = None
) -> BargainOutcome:
    """What the talks end in for each of many subsets of issues; lumpy ones come out at an amount of their menu.

    Args:
        problem: The bargain.
        free: Whether each issue is on the table, (subset, issue).
        concept: How gains are divided.
        fixed: Amounts of those that are not, (subset, issue); the status quo if not given.

    Raises:
        UnsettledError: If any search does not converge, with the worst residual.
    """
    free = jnp.asarray(free, bool)
    fixed = jnp.broadcast_to(problem.status_quo, free.shape) if fixed is None else jnp.asarray(fixed, float)
    if not bool(np.any(menu.lumpy(problem) & np.asarray(free))):
        return settled(_solved(problem, free, fixed, concept))
    if concept is not Concept.KALAI_SMORODINSKY:
        return settled(menu.agree_in_lumps(problem, free, fixed, concept, _solved))
    rows = zip(free[:, None], fixed[:, None], strict=True)  # ideals differ by subset
    each = [menu.agree_in_lumps(problem, one, at, concept, _solved) for one, at in rows]
    return settled(jax.tree.map(lambda *leaves: jnp.concatenate(leaves), *each))


def _solved(problem: BargainProblem, free: Array, fixed: Array, concept: Concept) -> BargainOutcome:
    """Outcomes of many subsets, whatever menus say."""
    parts = []
    for first in range(0, len(free), CHUNK):
        held, given = free[first : first + CHUNK], fixed[first : first + CHUNK]
        size, code = len(held), jnp.array(concept.number)
        if size == 1:
            part = one(problem, held[0], given[0], code)
            parts.append(jax.tree.map(lambda x: x[None], part))
            continue
        full = CHUNK if size > SMALL else SMALL
        filled = [jnp.concatenate([rows, jnp.repeat(rows[:1], full - size, axis=0)]) for rows in (held, given)]
        part = many(problem, *filled, code)
        parts.append(jax.tree.map(lambda x, size=size: x[:size], part))
    whole: BargainOutcome = jax.tree.map(lambda *each: jnp.concatenate(each), *parts)
    return whole


def settled(outcome: BargainOutcome) -> BargainOutcome:
    """The outcome itself, if its search converged.

    Raises:
        UnsettledError: If not, with the residual.
    """
    fine = np.asarray(outcome.settled)
    if not fine.all():
        worst = float(np.max(np.nan_to_num(np.asarray(outcome.residual)[~fine], nan=np.inf)))
        raise UnsettledError(
            "the search for a deal did not converge",
            found=f"{int((~fine).sum())} of {fine.size} unsettled, residual {worst:.3g}",
            expected="a residual below 1e-7",
            way_out="Payoffs of very different sizes are the usual cause; check units, or bounds that nearly meet.",
        )
    return outcome


def clashes(problem: BargainProblem, outcome: BargainOutcome) -> tuple[Clash, ...]:
    """Which limits together leave no room for a deal, heaviest first; nothing if there is one.

    Reference:
        Duality: with weights w from the prices of max t s.t. c_j(z) >= t, max_z sum_j w_j c_j(z) = t <= 0.
    """
    if bool(outcome.agreed):
        return ()
    weights = np.asarray(outcome.clash)
    order = np.argsort(-weights)
    names = problem.names()
    return tuple(Clash(names[i], float(weights[i])) for i in order if weights[i] > STANDS_IN_THE_WAY)


@jax.jit
def salience_mean(problem: BargainProblem) -> Mean:
    """The mean of the parties' wishes, weighted by power and by how much each cares.

    A party's wish on an issue is its best amount with all else at the status quo; how much it cares is what the issue
    can change for it, as a share of all issues.

    Reference:
        The compromise model of Van den Bos 1991, z_k = sum a_i s_ik x_ik / sum a_i s_ik; equation B6 of docs/model.md.
    """
    wish, stake = wishes(problem)
    care = stake / jnp.maximum(stake.sum(axis=1, keepdims=True), TINY)
    power = problem.weight[:, None] * care
    heard = power.sum(axis=0)
    package = jnp.where(
        heard > 0.0, (power * wish).sum(axis=0) / jnp.where(heard > 0.0, heard, 1.0), problem.status_quo
    )
    payoffs, slack = problem.payoffs(package), problem.limits(package)
    return Mean(package, payoffs, problem.gains(package), jnp.all(slack >= 0.0))


def wishes(problem: BargainProblem) -> tuple[Float[Array, "party issue"], Float[Array, "party issue"]]:
    """Each party's best amount of each issue, all else at the status quo, and what the issue can change for it.

    Returns:
        Best amounts [unit of issue] and stakes, best less worst [payoff].
    """

    def alone(party: Array, issue: Array) -> tuple[Array, Array]:
        def payoff(amount: Array) -> Array:
            return problem.payoffs(problem.status_quo.at[issue].set(amount))[party]

        def halve(_: int, ends: tuple[Array, Array]) -> tuple[Array, Array]:
            middle = 0.5 * (ends[0] + ends[1])
            rising = jax.grad(payoff)(middle) > 0.0
            return jnp.where(rising, middle, ends[0]), jnp.where(rising, ends[1], middle)

        low, high = problem.low[issue], problem.high[issue]
        best = jnp.mean(jnp.array(jax.lax.fori_loop(0, BISECTIONS, halve, (low, high))))
        worst = jnp.minimum(payoff(low), payoff(high))
        stake = jnp.maximum(payoff(best) - worst, 0.0)
        return jnp.where(stake > 0.0, best, problem.status_quo[issue]), stake

    parties, issues = jnp.arange(len(problem.parties)), jnp.arange(len(problem.issues))
    return jax.vmap(lambda i: jax.vmap(lambda k: alone(i, k))(issues))(parties)
