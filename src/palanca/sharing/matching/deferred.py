"""Family-proposing deferred acceptance with one capacity: as many families, or people, as a place has room for."""

from __future__ import annotations

import numpy as np
from jaxtyping import Bool, Int

from palanca.core.errors import MatchingError
from palanca.sharing.matching.market import NOWHERE, Market

Index = Int[np.ndarray, " family"]


def deferred_acceptance(market: Market) -> Int[np.ndarray, " family"]:
    """Let families propose down their lists; each place keeps those it puts first, up to the first that does not fit.

    With families of size one (`market.as_units`) this is the deferred acceptance of Gale and Shapley: the outcome is
    stable, no stable one is better for any family, no family gains by misreporting its wishes, and the same families
    are placed in every stable matching (rural hospitals). With larger sizes it is knapsack deferred acceptance with one
    need: no family envies one of lower priority, but room may stay free that a smaller family of lower priority could
    use, and a family may gain by misreporting.

    Args:
        market: Families and places; one need.

    Returns:
        Place of each family; -1 where it has none.

    Raises:
        MatchingError: There are several needs.

    Reference:
        Gale and Shapley 1962; equation S1 of docs/matching.md.
    """
    if len(market.needs) != 1:
        raise MatchingError(
            "deferred acceptance takes one capacity",
            found=f"{len(market.needs)} needs",
            expected="one",
            way_out="Use knapsack deferred acceptance.",
        )
    order, size, capacity = market.best_place(), market.sizes[:, 0], market.capacities[:, 0]
    lowest = np.full(len(market.places), len(market.families), np.int64)  # first priority that found no room
    choice = np.zeros(len(market.families), np.int64)
    held = np.full(len(market.families), NOWHERE, np.int64)
    free = np.arange(len(market.families))
    while free.size:
        _propose(market, order, choice, held, free, lowest)
        asked = np.zeros(len(market.places), bool)
        asked[held[free[held[free] >= 0]]] = True
        rows = np.flatnonzero((held >= 0) & asked[np.maximum(held, 0)])
        free = rows[_no_room(market, rows, held[rows], size, capacity, lowest)]
        held[free] = NOWHERE
        choice[free] += 1
    return held


def _propose(market: Market, order: Index, choice: Index, held: Index, free: Index, lowest: Index) -> None:
    """Move families that hold nothing to their next place that has not filled up before them."""
    looking = free
    while looking.size:
        looking = looking[choice[looking] < order.shape[1]]
        place = order[looking, choice[looking]]
        looking, place = looking[place >= 0], place[place >= 0]
        hopeful = (market.priority[looking, place] < lowest[place]) | (market.sizes[looking, 0] == 0)
        held[looking[hopeful]] = place[hopeful]
        looking = looking[~hopeful]
        choice[looking] += 1


def _no_room(
    market: Market, rows: Index, place: Index, size: Index, capacity: Index, lowest: Index
) -> Bool[np.ndarray, " row"]:
    """Which of the families at their places go beyond the capacity; notes the first of each place."""
    families = np.int64(len(market.families))
    priority = market.priority[rows, place].astype(np.int64)
    order = np.argsort(place * families + priority, kind="stable")
    place_sorted, size_sorted = place[order], size[rows[order]]
    total = np.cumsum(size_sorted)
    first = np.searchsorted(place_sorted, place_sorted)  # first row of the same place
    within = total - (total[first] - size_sorted[first])
    over = (within > capacity[place_sorted]) & (size_sorted > 0)
    np.minimum.at(lowest, place_sorted[over], priority[order][over])
    found = np.empty(len(rows), bool)
    found[order] = over
    return found
