"""Clauses that bind two issues by a ratio: a deal holds both or neither, and a breach of either frees both."""

from __future__ import annotations

from dataclasses import replace

import jax.numpy as jnp
from jax import Array
from jaxtyping import Bool, Float

from palanca.bargain.feasible import BargainProblem


def standing(problem: BargainProblem, free: Bool[Array, " issue"]) -> Bool[Array, " issue"]:
    """Issues of a deal that can be set: of a tied pair both, if both are on the table and their bounds can meet.

    Reference:
        Equation B18 of docs/model.md.
    """
    low, high = _ends(problem)
    on = free
    for (first, second), least, most in zip(problem.ties, low, high, strict=True):
        both = free[first] & free[second] & (least < most)
        on = on.at[first].set(both).at[second].set(both)
    return on


def sought(problem: BargainProblem, on: Bool[Array, " issue"]) -> Bool[Array, " issue"]:
    """Issues whose amounts a search looks for: all that can be set but the second of each tie, which follows."""
    for _, second in problem.ties:
        on = on.at[second].set(False)
    return on


def narrowed(problem: BargainProblem, on: Bool[Array, " issue"]) -> BargainProblem:
    """The same talks with the first issue of each tie kept where the second stays within its own bounds."""
    low, high = problem.low, problem.high
    for (first, _), least, most in zip(problem.ties, *_ends(problem), strict=True):
        low = low.at[first].set(jnp.where(on[first], least, low[first]))
        high = high.at[first].set(jnp.where(on[first], most, high[first]))
    return replace(problem, low=low, high=high)


def followed(
    problem: BargainProblem, package: Float[Array, " issue"], free: Bool[Array, " issue"]
) -> Float[Array, " issue"]:
    """The package with the second issue of each tie at its ratio to the first, where the first is free."""
    for at, (first, second) in enumerate(problem.ties):
        bound = problem.tie_ratio[at] * package[first]
        package = package.at[second].set(jnp.where(free[first], bound, package[second]))
    return package


def freed(problem: BargainProblem, broken: Bool[Array, " issue"]) -> Bool[Array, " issue"]:
    """Issues that no longer bind once some are broken: these, and whatever is tied to them."""
    for pair in problem.ties:
        either = broken[pair[0]] | broken[pair[1]]
        broken = broken.at[jnp.array(pair)].set(either)
    return broken


def held(problem: BargainProblem, broken: Bool[Array, " issue"]) -> Bool[Array, " issue"]:
    """Tied issues of which neither is broken: no side alone may move them."""
    tied = jnp.array([any(k in pair for pair in problem.ties) for k in range(len(problem.issues))])
    return tied & ~freed(problem, broken)


def _ends(problem: BargainProblem) -> tuple[Array, Array]:
    """Least and greatest amount of the first issue of each tie at which both stay within their bounds."""
    first, second = (jnp.array([pair[at] for pair in problem.ties], dtype=int) for at in (0, 1))
    ratio = problem.tie_ratio
    low = jnp.maximum(problem.low[first], problem.low[second] / ratio)
    return low, jnp.minimum(problem.high[first], problem.high[second] / ratio)
