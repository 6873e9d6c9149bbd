"""Issues that come in lumps, such as yes or no: every combination of their amounts tried, the rest solved for each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import product
from typing import TypeAlias

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array

from palanca.bargain.feasible import BargainProblem
from palanca.bargain.refusals import DeclarationError
from palanca.bargain.solve import BargainOutcome, Concept

MOST = 20_000
CLOSE = 1e-9
Solve: TypeAlias = Callable[[BargainProblem, Array, Array, Concept], BargainOutcome]


def lumpy(problem: BargainProblem) -> np.ndarray:
    """Which issues come in lumps, (issue)."""
    return np.array([bool(menu) for menu in problem.menus])


def combinations(problem: BargainProblem, used: np.ndarray) -> np.ndarray:
    """Every combination of amounts within their bounds of the lumpy issues in use, (combination, issue).

    Args:
        problem: One bargain, or many with the same menus.
        used: Which issues are on the table in any of them, (issue); the amount of an issue that is not stands at 0.

    Raises:
        DeclarationError: There are too many combinations to try, or the bounds leave a lumpy issue no amount.
    """
    low, high = (np.asarray(bound).reshape(-1, len(problem.issues)) for bound in (problem.low, problem.high))
    choices = []
    for k, listed in enumerate(problem.menus):
        menu = listed if used[k] else ()
        open_to = [x for x in menu if low[:, k].max() - CLOSE <= x <= high[:, k].min() + CLOSE]
        if menu and not open_to:
            raise DeclarationError("no amount of this issue lies within its bounds", where=problem.issues[k])
        choices.append(open_to or [0.0])
    number = int(np.prod([len(menu) for menu in choices], dtype=float))
    if number > MOST:
        raise DeclarationError("too many combinations of lumps", found=str(number), expected=f"{MOST} or fewer")
    return np.array(list(product(*choices)), dtype=float)


def nearest(problem: BargainProblem, package: np.ndarray) -> np.ndarray:
    """A package with every lumpy issue at the amount of its menu that lies nearest, (..., issue)."""
    found = np.array(package, dtype=float)
    for k, menu in enumerate(problem.menus):
        if menu:
            options = np.array(menu)
            found[..., k] = options[np.argmin(np.abs(found[..., k, None] - options), axis=-1)]
    return found


def agree_in_lumps(
    problem: BargainProblem, free: Array, fixed: Array, concept: Concept, solve: Solve
) -> BargainOutcome:
    """The best deal among all combinations of lumps, row by row.

    Args:
        problem: One bargain, or one for every row.
        free: Whether each issue is on the table, (row, issue).
        fixed: Amounts of those that are not, and of all without a deal, (row, issue).
        concept: How gains are divided.
        solve: Solves all rows: from the bargain, issues free, amounts of the others and a concept.

    Returns:
        The outcome of the best combination by row; where none has a deal that of the combination closest to one, with
        the package as fixed. Settled where every search converged.

    Reference:
        Kalai-Smorodinsky over all combinations: ideals are the best of any of them, and gains rise in their proportion,
        so it is the proportional solution with ideals for weights.
    """

    def solved(one: BargainProblem, by: Concept) -> BargainOutcome:
        return _each(one, free, fixed, by, solve)

    weight = problem.weight
    if concept is Concept.KALAI_SMORODINSKY:
        weight = _ideals(problem, len(free), solved)
        every = solved(replace(problem, weight=weight if problem.weight.ndim > 1 else weight[0]), Concept.EGALITARIAN)
    else:
        every = solved(problem, concept)
    agreed = np.asarray(every.agreed)
    score = np.where(agreed, _scores(np.asarray(every.gains), agreed, concept, np.asarray(weight)), -np.inf)
    margin = np.asarray(every.margin)
    place = np.where(
        agreed.any(axis=0), np.argmax(score, axis=0), np.argmax(np.nan_to_num(margin, nan=-np.inf), axis=0)
    )
    rows = np.arange(len(free))
    chosen: BargainOutcome = jax.tree.map(lambda leaf: leaf[place, rows], every)
    parties = len(problem.parties)
    blank = _payoffs(problem, fixed).at[:, :parties].set(problem.disagreement)
    made = chosen.agreed[:, None]
    return chosen._replace(
        package=jnp.where(made, chosen.package, fixed),
        payoffs=jnp.where(made, chosen.payoffs, blank),
        settled=jnp.all(every.settled, axis=0),
    )


def _each(problem: BargainProblem, free: Array, fixed: Array, concept: Concept, solve: Solve) -> BargainOutcome:
    """Outcomes with the lumpy issues on the table held at each combination; every field gains a first axis."""
    lumps = jnp.asarray(lumpy(problem))
    rows = combinations(problem, np.any(np.asarray(free), axis=0))
    found = [solve(problem, free & ~lumps, jnp.where(free & lumps, jnp.asarray(row), fixed), concept) for row in rows]
    return jax.tree.map(lambda *leaves: jnp.stack(leaves), *found)


def _ideals(problem: BargainProblem, rows: int, solved: Callable[[BargainProblem, Concept], BargainOutcome]) -> Array:
    """The most that each party can gain over all combinations with no other limit broken, (row, party) [payoff]."""
    found = []
    for party in range(len(problem.parties)):
        alone = jnp.zeros(problem.weight.shape).at[..., party].set(1.0)
        every = solved(replace(problem, weight=alone), Concept.UTILITARIAN)
        found.append(jnp.max(jnp.where(every.agreed, every.gains[..., party], 0.0), axis=0))
    ideal = jnp.stack(found, axis=1)
    return jnp.where(ideal > 0.0, ideal, 1.0).reshape(rows, -1)


def _scores(gains: np.ndarray, agreed: np.ndarray, concept: Concept, weight: np.ndarray) -> np.ndarray:
    """What the concept makes of each outcome, (combination, row); `weight` holds ideals for Kalai-Smorodinsky."""
    safe = np.where(agreed[..., None], gains, 1.0)
    if concept is Concept.NASH:
        return np.asarray((np.log(safe) * weight).sum(axis=-1))
    if concept is Concept.UTILITARIAN:
        return np.asarray((safe * weight).sum(axis=-1))
    return np.asarray(np.min(safe / weight, axis=-1))


def _payoffs(problem: BargainProblem, package: Array) -> Array:
    if problem.weight.ndim > 1:
        return jax.vmap(lambda one, z: one.payoffs(z))(problem, package)
    return jax.vmap(problem.payoffs)(package)
