"""Which issues a gain is made of: exact Shapley shares over all subsets, and how they bear a redrawn list."""

from __future__ import annotations

from math import factorial

import numpy as np

from palanca.bargain.refusals import DeclarationError

Worth = np.ndarray  # (subset,) or (subset, party): subset s holds issue k if bit k of s is set


def subsets(issues: int) -> np.ndarray:
    """All subsets, (subset, issue), in the order of their bits."""
    return (np.arange(2**issues)[:, None] >> np.arange(issues) & 1).astype(bool)


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


def merged(worth: Worth, groups: list[list[int]]) -> np.ndarray:
    """Worth of every subset of a coarser list, in which some issues come only together.

    Args:
        worth: Worth of each subset of the finer list, (subset, ...).
        groups: Issues of each coarse issue; each fine issue once.
    """
    check_groups(groups, _count(worth))
    held = np.array([sum(1 << k for k in group) for group in groups])
    return worth[subsets(len(groups)).astype(int) @ held]


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
