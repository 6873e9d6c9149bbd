"""Threats chosen in advance: what each side would do if talks fail, picked for the deal that it brings."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float
from scipy.optimize import linprog

from palanca.core.errors import BargainError

Table = Float[np.ndarray, "_threat_first _threat_second"]  # refused by name if unlike, so the axes are not bound here


@dataclass(frozen=True)
class ChosenThreats:
    """The deal under the best threats of both sides, payoffs being transferable.

    Args:
        surplus: Most the two can have together [payoff].
        edge: How far the best threats leave the first side ahead of the second if carried out [payoff].
        first: What the first side gets from the deal [payoff].
        second: What the second side gets.
        mix_first: Chance with which the first side announces each of its threats; sums to 1 [chance].
        mix_second: The same for the second side.
    """

    surplus: float
    edge: float
    first: float
    second: float
    mix_first: Float[np.ndarray, " threat_first"]
    mix_second: Float[np.ndarray, " threat_second"]


def chosen_threats(payoff_first: Table, payoff_second: Table) -> ChosenThreats:
    """Split the largest joint payoff by the value of the game of threats, in which one gains what the other loses.

    Args:
        payoff_first: What the first side gets if both do as threatened [payoff].
        payoff_second: What the second side gets.

    Raises:
        BargainError: If the tables differ in shape, are empty, or hold something that is not a number.

    Reference:
        Nash 1953 (Econometrica 21:128-140): s = max(A + B), v = value of the zero-sum game A - B,
        u1 = (s + v) / 2 and u2 = (s - v) / 2.
    """
    a, b = np.asarray(payoff_first, dtype=float), np.asarray(payoff_second, dtype=float)
    if a.shape != b.shape or a.ndim != 2 or a.size == 0 or not (np.isfinite(a).all() and np.isfinite(b).all()):
        raise BargainError(
            "the two tables of threats do not fit together",
            found=f"shapes {a.shape} and {b.shape}",
            expected="two tables of finite numbers, one row and one column or more, alike in shape",
        )
    edge, mix_first = _value(a - b)
    _, mix_second = _value((b - a).T)
    surplus = float((a + b).max())
    return ChosenThreats(
        surplus=surplus,
        edge=edge,
        first=(surplus + edge) / 2.0,
        second=(surplus - edge) / 2.0,
        mix_first=mix_first,
        mix_second=mix_second,
    )


def _value(gain: np.ndarray) -> tuple[float, np.ndarray]:
    """Value and best mix of the row side: raise v subject to mix @ gain >= v in every column."""
    rows, columns = gain.shape
    found = linprog(
        c=np.r_[np.zeros(rows), -1.0],
        A_ub=np.c_[-gain.T, np.ones(columns)],
        b_ub=np.zeros(columns),
        A_eq=np.r_[np.ones(rows), 0.0][None, :],
        b_eq=[1.0],
        bounds=[(0.0, None)] * rows + [(None, None)],
        method="highs",
    )
    if not found.success:
        raise BargainError("the game of threats has no value that can be found", found=found.message)
    return float(found.x[-1]), np.asarray(found.x[:-1])
