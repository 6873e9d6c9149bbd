"""The matching of highest welfare, by an integer programme, and what another place would be worth."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float, Int
from scipy.optimize import Bounds, LinearConstraint, linprog, milp
from scipy.sparse import csr_array, vstack

from palanca.core.errors import MatchingError
from palanca.sharing.matching.market import NOWHERE, Market

SECONDS = 300.0
GAP = 1e-9  # of welfare: what the solver calls the same


@dataclass(frozen=True, eq=False)
class Optimum:
    """A matching of highest welfare.

    Args:
        places: Place of each family; -1 where it has none.
        welfare: Sum of scores [unit of the score].
        bound: No matching is better than this [unit of the score]; equal to `welfare` if the solver finished.
    """

    places: Int[np.ndarray, " family"]
    welfare: float
    bound: float


@dataclass(frozen=True, eq=False)
class Pairs:
    """Pairs that may be matched, as columns of a programme.

    Args:
        family: Row of each pair.
        place: Column of each pair.
        use: What families take and places have: one row a family, then one a place and need.
        limit: The most of each row.
    """

    family: Int[np.ndarray, " pair"]
    place: Int[np.ndarray, " pair"]
    use: csr_array
    limit: Float[np.ndarray, " row"]


def optimum(
    market: Market, worth: Float[np.ndarray, "family place"] | None = None, *, seconds: float = SECONDS
) -> Optimum:
    """Find the matching with the highest sum of scores; families whom it serves badly may be left out.

    What it guarantees: no capacity is exceeded and no matching has a higher sum. What it does not: families' wishes
    count only through the score; it is neither stable nor free of envy, and where scores come from what families say,
    they may gain by misreporting.

    Args:
        market: Families and places; any number of needs.
        worth: What each pair adds [any unit]; by default the scores of the market.
        seconds: How long the solver may search [seconds]; where that is too short, `bound` says how far off it may be.

    Returns:
        The matching, its welfare and the bound.

    Raises:
        MatchingError: There are no scores, or the solver found no matching in time.

    Reference:
        The multiple multidimensional knapsack problem, solved by HiGHS; rule M6 of docs/matching.md.
    """
    value = scores(market) if worth is None else worth
    pairs = pairs_of(market, market.acceptable() & (value > 0.0))
    places = np.full(len(market.families), NOWHERE, np.int64)
    if not pairs.family.size:
        return Optimum(places, 0.0, 0.0)
    gain = value[pairs.family, pairs.place]
    found = milp(
        -gain,
        integrality=np.ones(gain.size),
        bounds=Bounds(0.0, 1.0),
        constraints=LinearConstraint(pairs.use, -np.inf, pairs.limit),
        # Without presolve it is as fast here, and prints no notes of its own on standard output.
        options={"time_limit": seconds, "mip_rel_gap": GAP, "presolve": False},
    )
    if found.x is None:
        raise MatchingError(
            "the solver found no matching",
            found=str(found.message),
            expected=f"one within {seconds:g} seconds",
            way_out="Give it longer, or match fewer families at a time.",
        )
    chosen = found.x > 0.5
    places[pairs.family[chosen]] = pairs.place[chosen]
    return Optimum(places, float(gain[chosen].sum()), float(-found.mip_dual_bound))


def prices(
    market: Market, weight: Float[np.ndarray, " family"], capacity: Float[np.ndarray, "place need"]
) -> Float[np.ndarray, "place need"]:
    """What one more unit of each capacity would add, if families could be divided.

    Args:
        market: Families and places, with scores.
        weight: How many of each family there are.
        capacity: What is left of each capacity [units of the need].

    Returns:
        Dual values of the linear relaxation [unit of the score per unit of the need]; 0 where room stays free.

    Raises:
        MatchingError: There are no scores, or the solver failed.
    """
    value = scores(market)
    pairs = pairs_of(market, market.acceptable() & (value > 0.0))
    if not pairs.family.size:
        return np.zeros(capacity.shape)
    limit = np.concatenate([weight, capacity.ravel()])
    found = linprog(-value[pairs.family, pairs.place], A_ub=pairs.use, b_ub=limit, method="highs")
    if found.x is None:
        raise MatchingError("the solver found no prices", found=str(found.message), expected="a bounded programme")
    return np.maximum(-found.ineqlin.marginals[len(market.families) :], 0.0).reshape(capacity.shape)


def pairs_of(market: Market, able: Bool[np.ndarray, "family place"]) -> Pairs:
    """The pairs that may be matched, with what they use up."""
    family, place = np.nonzero(able)
    column, count = np.arange(family.size), family.size
    one_place = csr_array((np.ones(count), (family, column)), shape=(len(market.families), count))
    needs = len(market.needs)
    rows = (place[:, None] * needs + np.arange(needs)).ravel()
    amounts = market.sizes[family].astype(float).ravel()
    room = csr_array((amounts, (rows, np.repeat(column, needs))), shape=(market.capacities.size, count))
    limit = np.concatenate([np.ones(len(market.families)), market.capacities.ravel().astype(float)])
    return Pairs(family, place, csr_array(vstack([one_place, room])), limit)


def scores(market: Market) -> Float[np.ndarray, "family place"]:
    """The scores of a market.

    Raises:
        MatchingError: It has none.
    """
    if market.score is None:
        raise MatchingError(
            "there are no scores to add up",
            expected="a score for each pair that can be served",
            way_out="Give scores, or choose a mechanism that goes by wishes and priorities.",
        )
    return market.score
