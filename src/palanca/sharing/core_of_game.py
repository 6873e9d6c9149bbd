"""Stability against groups: the core of a game, or the certificate that it is empty."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Float
from scipy.optimize import linprog

from palanca.core.errors import SharingError
from palanca.sharing.market import Costs, clearing
from palanca.sharing.quotas import coalitions

MOST = 12  # countries of which the core is looked for
CLOSE = 1e-9  # of the worth of all


@dataclass(frozen=True)
class GameCore:
    """What a game's core says.

    Attributes:
        empty: Whether every division of what all together have is one that some group can better on its own.
        allocation: A division in the core, the one that leaves every group the most above what it has on its own; if
            the core is empty, the one that leaves the group with the greatest complaint the least [unit of the worth].
        excess: The greatest complaint under it [unit of the worth]; 0 or less if the core is not empty.
        certificate: Balanced weights over coalitions: of the coalitions that a country is in they sum to 1, and the
            weighted sum of worths is above the worth of all; zeros if the core is not empty.
    """

    empty: bool
    allocation: Float[np.ndarray, " country"]
    excess: float
    certificate: Float[np.ndarray, " coalition"]


def core(worth: Float[np.ndarray, " coalition"]) -> GameCore:
    """Look for a division of the worth of all that no group can better.

    Args:
        worth: What each coalition has on its own; coalition s holds country k if bit k of s is set; 0 for nobody.

    Raises:
        SharingError: The worths are not those of every coalition of 2 to 12 countries, or no numbers.

    Reference:
        Bondareva 1963, Shapley 1967: the core is empty exactly if balanced weights exist under which the coalitions'
        worths sum above the worth of all. Both come from one linear programme, the least core.
    """
    count = len(worth).bit_length() - 1
    if len(worth) != 2**count or not 2 <= count <= MOST or not np.isfinite(worth).all():
        raise SharingError(
            "not a game whose core can be looked for",
            found=f"{len(worth)} worths",
            expected=f"a number for every coalition of 2 to {MOST} countries",
        )
    members = coalitions(count)[1:-1].astype(float)
    scale = max(float(np.abs(worth).max()), 1.0)
    own = worth[1:-1] / scale
    found = linprog(
        np.r_[np.zeros(count), 1.0],
        A_ub=np.c_[-members, -np.ones(len(members))],
        b_ub=-own,
        A_eq=np.r_[np.ones(count), 0.0][None],
        b_eq=[worth[-1] / scale],
        bounds=[(None, None)] * (count + 1),
        method="highs",
    )
    empty = bool(found.fun > CLOSE)
    weights = np.zeros(len(worth))
    if empty:
        duals = -found.ineqlin.marginals
        weights[1:-1] = duals / (members.T @ duals).mean()
    return GameCore(empty, found.x[:count] * scale, float(found.fun) * scale, weights)


def savings(costs: Costs, quota: Float[np.ndarray, " country"]) -> Float[np.ndarray, " coalition"]:
    """What each coalition saves when it may trade its own quotas among its members [usd].

    Reference:
        A market game: its core is never empty, and the market's own division lies in it (Shapley and Shubik 1969).
    """
    held = coalitions(len(quota))
    alone = costs.total(quota)
    found = np.zeros(len(held))
    for place, inside in enumerate(held):
        if inside.sum() > 1:
            part = _of(costs, inside)
            hosted = part.supply(clearing(part, float(quota[inside].sum())))
            found[place] = float(alone[inside].sum() - part.total(hosted).sum())
    return found


def scheme_worth(costs: Costs, benefit: Float[np.ndarray, " country"], total: float) -> Float[np.ndarray, " coalition"]:
    """What each coalition makes of a scheme of its own, if the others host nobody [usd].

    It hosts until one person more costs it what that person is worth to its members together, at most the total.

    Args:
        costs: What hosting costs.
        benefit: What a person hosted is worth to each [usd / person].
        total: People in need of a place.
    """
    held = coalitions(len(benefit))
    found = np.zeros(len(held))
    for place, inside in enumerate(held):
        if inside.any():
            part, worth = _of(costs, inside), float(benefit[inside].sum())
            hosted = part.supply(worth)
            if hosted.sum() > total:
                hosted = part.supply(clearing(part, total))
            found[place] = worth * float(hosted.sum()) - float(part.total(hosted).sum())
    return found


def _of(costs: Costs, inside: np.ndarray) -> Costs:
    return replace(
        costs, start=costs.start[inside], slope=costs.slope[inside], low=costs.low[inside], high=costs.high[inside]
    )
