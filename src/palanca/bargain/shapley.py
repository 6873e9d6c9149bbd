"""Which issues a gain is made of: exact Shapley shares over all subsets, and how they bear a redrawn list."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import pairwise
from math import factorial

import jax.numpy as jnp
import numpy as np

from palanca.bargain.concepts import agree_on_each
from palanca.bargain.feasible import BargainProblem
from palanca.bargain.refusals import DeclarationError
from palanca.bargain.solve import Concept

MOST_EXACT = 12

Worth = np.ndarray  # (subset,) or (subset, party): subset s holds issue k if bit k of s is set


@dataclass(frozen=True)
class Worths:
    """What every subset of issues is worth.

    Attributes:
        gains: What each party gains when only those issues are on the table [payoff], (subset, party).
        agreed: Whether there is a deal at all, (subset).
        issues: Names; issue k is in subset s if bit k of s is set.
    """

    gains: np.ndarray
    agreed: np.ndarray
    issues: tuple[str, ...]

    @property
    def no_deals(self) -> int:
        """How many subsets end without a deal."""
        return int((~self.agreed).sum())


def subsets(issues: int) -> np.ndarray:
    """All subsets, (subset, issue), in the order of their bits."""
    return (np.arange(2**issues)[:, None] >> np.arange(issues) & 1).astype(bool)


def worths(problem: BargainProblem, concept: Concept = Concept.NASH) -> Worths:
    """Solve every subset of issues once; shares, pairs and merged lists are all drawn from the result.

    Raises:
        DeclarationError: If there are more than 12 issues; use `sampled`.
        UnsettledError: If a search does not converge.
    """
    if len(problem.issues) > MOST_EXACT:
        raise DeclarationError(
            "too many issues for every subset",
            found=str(len(problem.issues)),
            expected=f"{MOST_EXACT} or fewer",
            way_out="Use `sampled`, which draws orders of the issues instead.",
        )
    gains, agreed = _solve(problem, subsets(len(problem.issues)), concept)
    return Worths(gains, agreed, problem.issues)


def _solve(problem: BargainProblem, free: np.ndarray, concept: Concept) -> tuple[np.ndarray, np.ndarray]:
    found = agree_on_each(problem, jnp.asarray(free), concept)
    return np.asarray(found.gains), np.asarray(found.agreed)


def shares(worth: Worth) -> np.ndarray:
    """Shapley share of each issue; they sum to the worth of all less the worth of none.

    Args:
        worth: Worth of each subset, (subset, ...).

    Returns:
        (issue, ...), in the unit of `worth`.

    Reference:
        phi_k = sum_S |S|! (K - |S| - 1)! / K! [v(S + k) - v(S)]; Shapley 1953, equation B12 of docs/model.md.
    """
    issues = _count(worth)
    number = np.arange(2**issues)
    size = subsets(issues).sum(axis=1)
    weight = np.array([factorial(s) * factorial(issues - s - 1) / factorial(issues) for s in range(issues)])
    found = []
    for k in range(issues):
        out = number[(number >> k & 1) == 0]
        found.append(np.tensordot(weight[size[out]], worth[out | 1 << k] - worth[out], axes=1))
    return np.array(found)


def pairs(worth: Worth) -> np.ndarray:
    """How much two issues are worth together beyond each alone, on average over the rest.

    Args:
        worth: Worth of each subset, (subset).

    Returns:
        (issue, issue), symmetric, 0 on the diagonal: above 0 if they complete, below if they replace each other.

    Reference:
        Shapley interaction index, Grabisch and Roubens 1999.
    """
    issues = _count(worth)
    number, size = np.arange(2**issues), subsets(issues).sum(axis=1)
    most = max(issues - 1, 1)
    weight = np.array([factorial(s) * factorial(max(issues - s - 2, 0)) / factorial(most) for s in range(issues)])
    found = np.zeros((issues, issues))
    for a in range(issues):
        for b in range(a):
            out = number[(number >> a & 1 | number >> b & 1) == 0]
            one, other = 1 << a, 1 << b
            more = worth[out | one | other] - worth[out | one] - worth[out | other] + worth[out]
            found[a, b] = found[b, a] = weight[size[out]] @ more
    return found


def merged(worth: Worth, groups: list[list[int]]) -> np.ndarray:
    """Worth of every subset of a coarser list, in which some issues come only together.

    Args:
        worth: Worth of each subset of the finer list, (subset, ...).
        groups: Issues of each coarse issue; each fine issue once.
    """
    check_groups(groups, _count(worth))
    held = np.array([sum(1 << k for k in group) for group in groups])
    return worth[subsets(len(groups)).astype(int) @ held]


def split(problem: BargainProblem, found: Worths, issue: str, concept: Concept = Concept.NASH) -> np.ndarray:
    """Worth of every subset of a finer list, in which one issue is two halves that can come one without the other.

    Args:
        problem: The bargain.
        found: Worths of its issues.
        issue: Which one is cut in two: each half lets it go half way from the status quo to its bounds.
        concept: How gains are divided.

    Returns:
        (subset, party); the second half is the last issue.
    """
    at, issues = problem.at(issue), len(problem.issues)
    middle = 0.5 * (problem.status_quo[at] + jnp.array([problem.low[at], problem.high[at]]))
    half = replace(problem, low=problem.low.at[at].set(middle[0]), high=problem.high.at[at].set(middle[1]))
    held = subsets(issues)
    halves = found.gains.copy()
    halves[held[:, at]] = _solve(half, held[held[:, at]], concept)[0]
    number, here = np.arange(2**issues), 1 << at
    with_second = np.where(held[:, at, None], found.gains, halves[number | here])
    first_only = np.where(held[:, at, None], halves, found.gains)
    return np.concatenate([first_only, with_second])


@dataclass(frozen=True)
class Robustness:
    """One redrawn list of issues and what becomes of the shares.

    Attributes:
        change: What was redrawn, in words.
        shares: Share of each original issue, halves added up [payoff], (issue); issues merged with another share a sum.
        moved: Largest change of any share that the redrawing leaves comparable, of the whole [share].
    """

    change: str
    shares: np.ndarray
    moved: float


def robustness(problem: BargainProblem, found: Worths, party: str, concept: Concept = Concept.NASH) -> list[Robustness]:
    """Shapley shares depend on the list of issues: each issue cut in two, and each neighbouring pair merged, in turn.

    Args:
        problem: The bargain.
        found: Worths of its issues.
        party: Whose gain is shared out.
        concept: How gains are divided.
    """
    if party not in problem.parties:
        raise DeclarationError("unknown party", found=repr(party), expected="one of " + ", ".join(problem.parties))
    at, issues = problem.parties.index(party), len(found.issues)
    plain = shares(found.gains[:, at])
    whole = max(abs(float(found.gains[-1, at])), 1e-300)
    rows = []
    for k, name in enumerate(found.issues):
        cut = shares(split(problem, found, name, concept)[:, at])
        back = cut[:-1].copy()
        back[k] += cut[-1]
        rows.append(Robustness(f"{name} cut in two", back, float(np.max(np.abs(back - plain))) / whole))
    for a, b in pairwise(range(issues)):
        groups = [[k] for k in range(issues) if k not in (a, b)] + [[a, b]]
        coarse = shares(merged(found.gains[:, at], groups))
        back, apart = plain.copy(), np.delete(np.arange(issues), [a, b])
        back[apart], back[[a, b]] = coarse[:-1], coarse[-1]
        off = np.append(coarse[:-1] - plain[apart], coarse[-1] - plain[a] - plain[b])
        name = f"{found.issues[a]} merged with {found.issues[b]}"
        rows.append(Robustness(name, back, float(np.max(np.abs(off))) / whole))
    return rows


def sampled(
    worth: Callable[[np.ndarray], np.ndarray], issues: int, orders: int, noise: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Shapley shares from random orders of the issues, each taken forwards and backwards.

    Args:
        worth: Worth of many subsets at once: (subset, issue) of booleans to (subset).
        issues: How many there are.
        orders: Pairs of orders to draw, 2 or more.
        noise: Where chance comes from.

    Returns:
        Shares and their standard errors, (issue).

    Reference:
        Antithetic permutation sampling, Mitchell and others 2022.
    """
    drawn = [noise.permutation(issues) for _ in range(orders)]
    walks = np.array([[order, order[::-1]] for order in drawn]).reshape(2 * orders, issues)
    place = np.argsort(walks, axis=1)
    held = place[:, None, :] < np.arange(issues + 1)[None, :, None]  # after each step of a walk, what is on the table
    unique, back = np.unique(held.reshape(-1, issues), axis=0, return_inverse=True)
    value = worth(unique)[back.reshape(-1)].reshape(2 * orders, issues + 1)
    added = np.take_along_axis(np.diff(value, axis=1), place, axis=1)
    each = added.reshape(orders, 2, issues).mean(axis=1)
    return each.mean(axis=0), each.std(axis=0, ddof=1) / np.sqrt(orders)


def worth_to(
    problem: BargainProblem, party: int, concept: Concept = Concept.NASH
) -> Callable[[np.ndarray], np.ndarray]:
    """What subsets of issues are worth to one party, for `sampled` [payoff]."""
    return lambda held: _solve(problem, held, concept)[0][:, party]


def check_groups(groups: list[list[int]], issues: int) -> None:
    """Refuse groups that miss an issue or name one twice.

    Raises:
        DeclarationError: Names the issues' places.
    """
    named = sorted(k for group in groups for k in group)
    if named != list(range(issues)):
        raise DeclarationError(
            "these groups do not hold each issue once", found=str(named), expected=f"0 to {issues - 1}, once each"
        )


def _count(worth: Worth) -> int:
    issues = len(worth).bit_length() - 1
    if len(worth) != 2**issues:
        raise DeclarationError("worths of subsets must number a power of two", found=str(len(worth)))
    return issues
