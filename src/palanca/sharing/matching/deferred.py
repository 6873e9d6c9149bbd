"""Family-proposing deferred acceptance with one capacity: as many families, or people, as a place has room for."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Int

from palanca.core.errors import MatchingError
from palanca.sharing.matching.market import NOWHERE, Market


@dataclass(frozen=True, eq=False)
class Standing:
    """How far proposing has come; the arrays change while it goes on.

    Args:
        choice: How far down its list each family is.
        held: Place that holds each family; -1 for none.
        lowest: First priority that found no room at each place.
    """

    choice: Int[np.ndarray, " family"]
    held: Int[np.ndarray, " family"]
    lowest: Int[np.ndarray, " place"]


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
        Gale and Shapley 1962; rule M1 of docs/matching.md.
    """
    if len(market.needs) != 1:
        raise MatchingError(
            "deferred acceptance takes one capacity",
            found=f"{len(market.needs)} needs",
            expected="one",
            way_out="Use knapsack deferred acceptance.",
        )
    families = len(market.families)
    order = market.best_place()
    now = Standing(
        np.zeros(families, np.int64), np.full(families, NOWHERE), np.full(len(market.places), families, np.int64)
    )
    free = np.arange(families)
    while free.size:
        _propose(market, order, now, free)
        asked = np.zeros(len(market.places), bool)
        asked[now.held[free[now.held[free] >= 0]]] = True
        rows = np.flatnonzero((now.held >= 0) & asked[now.held])
        free = rows[_no_room(market, rows, now.held[rows], now.lowest)]
        now.held[free] = NOWHERE
        now.choice[free] += 1
    return now.held


def _propose(
    market: Market, order: Int[np.ndarray, "family choice"], now: Standing, free: Int[np.ndarray, " row"]
) -> None:
    """Move families that hold nothing to their next place that has not filled up before them."""
    looking = free
    while looking.size:
        looking = looking[now.choice[looking] < order.shape[1]]
        place = order[looking, now.choice[looking]]
        looking, place = looking[place >= 0], place[place >= 0]
        hopeful = (market.priority[looking, place] < now.lowest[place]) | (market.sizes[looking, 0] == 0)
        now.held[looking[hopeful]] = place[hopeful]
        looking = looking[~hopeful]
        now.choice[looking] += 1


def _no_room(
    market: Market,
    rows: Int[np.ndarray, " row"],
    place: Int[np.ndarray, " row"],
    lowest: Int[np.ndarray, " place"],
) -> Bool[np.ndarray, " row"]:
    """Which of the families at their places go beyond the capacity; notes the first of each place."""
    families = np.int64(len(market.families))
    priority = market.priority[rows, place].astype(np.int64)
    order = np.argsort(place * families + priority, kind="stable")
    place_sorted, size_sorted = place[order], market.sizes[rows[order], 0]
    total = np.cumsum(size_sorted)
    first = np.searchsorted(place_sorted, place_sorted)  # first row of the same place
    within = total - (total[first] - size_sorted[first])
    over = (within > market.capacities[place_sorted, 0]) & (size_sorted > 0)
    np.minimum.at(lowest, place_sorted[over], priority[order][over])
    found = np.empty(len(rows), bool)
    found[order] = over
    return found
