"""Bargains solved for every draw at once; nothing unsettled gets past here unseen."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array

from palanca.bargain import menu
from palanca.bargain.concepts import settled
from palanca.bargain.feasible import BargainProblem
from palanca.bargain.leverage import Dependence, dependence_of, independent
from palanca.bargain.solve import BargainOutcome, Concept, bargain

MOST_UNSETTLED = 0.05


@jax.jit
def _each(problem: BargainProblem, free: Array, fixed: Array, concept: Array) -> BargainOutcome:
    return jax.vmap(bargain, in_axes=(0, None, 0, None))(problem, free, fixed, concept)


def _solved(problem: BargainProblem, free: Array, fixed: Array, concept: Concept) -> BargainOutcome:
    return _each(problem, free[0], fixed, jnp.array(concept.number))  # every draw has the same issues on the table


def each(
    problem: BargainProblem,
    free: np.ndarray,
    concept: Concept = Concept.NASH,
    fixed: Array | None = None,
    *,
    most_unsettled: float = MOST_UNSETTLED,
) -> BargainOutcome:
    """What the talks end in, draw by draw; an issue that comes in lumps at an amount of its menu.

    Args:
        problem: Bargains, the draw first.
        free: Issues on the table, (issue).
        concept: How gains are divided.
        fixed: Amounts of the others, (draw, issue); the status quo if not given.
        most_unsettled: Share of searches that may fail to converge.

    Raises:
        UnsettledError: More than that share of the searches did not converge, with the worst residual. Fewer leave no
            answer where they stand: no number in `package`, `payoffs` and `gains`, and `settled` says so.
    """
    held = problem.status_quo if fixed is None else fixed
    on = jnp.broadcast_to(jnp.asarray(free, bool), held.shape)
    if np.any(menu.lumpy(problem) & np.asarray(free, bool)):
        found = menu.agree_in_lumps(problem, on, held, concept, _solved)
    else:
        found = _solved(problem, on, held, concept)
    fine = jnp.asarray(found.settled)
    if float(jnp.mean(~fine)) > most_unsettled:
        settled(found)
    blank = {name: jnp.where(fine[:, None], getattr(found, name), jnp.nan) for name in ("package", "payoffs", "gains")}
    return found._replace(**blank)


@jax.jit
def _depends(
    problem: BargainProblem, package: Array, party: Array, stopped: Array, own: Array, to: Array
) -> Dependence:
    return jax.vmap(dependence_of, in_axes=(0, 0, None, None, None, 0))(problem, package, party, stopped, own, to)


def depends(
    problem: BargainProblem, package: Array, party: str, stopped: np.ndarray, own: np.ndarray, to: Array
) -> Dependence:
    """What a party would lose, were the partner to stop, draw by draw; see `bargain.leverage.dependence`."""
    at = jnp.array(problem.parties.index(party))
    return _depends(problem, package, at, jnp.asarray(stopped), jnp.asarray(own), to)


def without_need(problem: BargainProblem, holder: str) -> BargainProblem:
    """The same talks, draw by draw, in a world where what the holder does moves no arrivals."""
    freed: BargainProblem = jax.vmap(lambda one: independent(one, holder))(problem)
    return freed


def one_of(problem: BargainProblem, draw: int) -> BargainProblem:
    """The bargain of one draw."""
    taken: BargainProblem = jax.tree.map(lambda leaf: leaf[draw], problem)
    return taken


@jax.jit
def payoffs(problem: BargainProblem, package: Array) -> Array:
    """What each voice gets from a package, (draw, voice) [payoff]."""
    return jax.vmap(lambda one, z: one.payoffs(z))(problem, package)


def arrivals(problem: BargainProblem, package: Array) -> np.ndarray:
    """People arriving under a package, (draw) [unit of the table's flow]; none where nothing arrives."""
    if problem.arrivals is None:
        return np.zeros(problem.weight.shape[0])
    return np.asarray(_arrivals(problem, package))


@jax.jit
def _arrivals(problem: BargainProblem, package: Array) -> Array:
    return jax.vmap(lambda one, z: one.arrivals.arrivals(z))(problem, package)
