"""Multidimensional top trading cycles: places lend their turn to families, and families trade turns in cycles."""

from __future__ import annotations

import numpy as np
from jaxtyping import Bool, Int

from palanca.sharing.matching.market import NOWHERE, Market, check_places, taken

LAST = np.int64(np.iinfo(np.int64).max)  # a plain int would be wrapped to the width of the ranks


def trading_cycles(market: Market) -> Int[np.ndarray, " family"]:
    """Match families in cycles: each points at its best place with room, each place at the first in its order.

    What it guarantees: no capacity is exceeded, the matching is Pareto-efficient (no other makes one family better off
    and none worse off) and no family gains by misreporting its wishes. What it does not: families may envy others of
    lower priority, also strongly.

    Args:
        market: Families and places; any number of needs.

    Returns:
        Place of each family; -1 where it has none.

    Reference:
        Multidimensional top trading cycles; Delacretaz, Kominers and Teytelboym 2023; with one need and families of
        size one, the top trading cycles of Abdulkadiroglu and Sonmez 2003. rule M4 of docs/matching.md.
    """
    left = market.served()  # whether or not the family wants the place: a turn must not hang on what families say
    wanted = market.rank >= 0
    held = np.full(len(market.families), NOWHERE, np.int64)
    room = market.capacities.astype(np.int64)
    while True:
        target = _favourite(market, left & wanted)
        if (target < 0).all():
            return held
        turn = _first(market, left & (target >= 0)[:, None])
        for cycle in _cycles(target, turn):
            held[cycle] = target[cycle]
            room[target[cycle]] -= market.sizes[cycle]
            left[cycle] = False
            for place in target[cycle]:
                left[:, place] &= (market.sizes <= room[place]).all(axis=1)


def improve(market: Market, endowment: Int[np.ndarray, " family"]) -> Int[np.ndarray, " family"]:
    """Let families who hold a place already trade it in cycles that leave nobody worse off.

    A cycle is carried out if every place in it has room for the newcomer once the family whose turn it lends has gone;
    where no cycle has, one family after the other, in the order in which they stand, is refused by every place that has
    no such room, until one is refused by the place that it points at. What it guarantees: no capacity is exceeded and
    every family ends at a place at least as good to it as its endowment. What it does not: the outcome may be
    Pareto-inefficient (with several needs, no rule that families cannot manipulate is both), and families may envy.

    Args:
        market: Families and places; any number of needs.
        endowment: The place that each family holds; -1 for none.

    Returns:
        Place of each family; -1 where it has none.

    Raises:
        MatchingError: The endowment is over a capacity, or at a place that is not acceptable.

    Reference:
        Multidimensional top trading cycles with endowment; Delacretaz, Kominers and Teytelboym 2023; rule M5 of
        docs/matching.md.
    """
    check_places(market, endowment)
    held = endowment.astype(np.int64)
    left = _no_worse(market, held)
    waiting = np.ones(len(held), bool)
    while True:
        settled = taken(market, np.where(waiting, NOWHERE, held))
        for place, capacity in enumerate(market.capacities):
            left[:, place] &= (market.sizes <= capacity - settled[place]).all(axis=1)
        target = np.where(waiting, _favourite(market, left), NOWHERE)
        if (target < 0).all():
            return held
        turn = _first(market, (market.priority >= 0) & (target >= 0)[:, None])
        room = _room_beside(market, held, turn)
        cycles = [cycle for cycle in _cycles(target, turn) if room[cycle, target[cycle]].all()]
        for cycle in cycles:
            held[cycle] = target[cycle]
            waiting[cycle] = False
        if not cycles:
            _refuse_one(left, room, target, turn)


def _no_worse(market: Market, endowment: Int[np.ndarray, " family"]) -> Bool[np.ndarray, "family place"]:
    """Acceptable pairs that the family likes at least as well as its endowment."""
    rows = np.arange(len(endowment))
    limit = np.where(endowment >= 0, market.rank[rows, endowment], LAST)
    return market.acceptable() & (market.rank <= limit[:, None])


def _room_beside(
    market: Market, held: Int[np.ndarray, " family"], turn: Int[np.ndarray, " place"]
) -> Bool[np.ndarray, "family place"]:
    """Whether a place has room for a family once the one at whom the place points has gone, if that one is there."""
    used = taken(market, held)
    for place, family in enumerate(turn):
        if family >= 0 and held[family] == place:
            used[place] -= market.sizes[family]
    free = market.capacities - used
    room = (market.sizes[:, None, :] <= free[None, :, :]).all(axis=2)
    here = np.flatnonzero(held >= 0)
    room[here, held[here]] = True  # who stays where it is needs no more room
    return room


def _refuse_one(
    left: Bool[np.ndarray, "family place"],
    room: Bool[np.ndarray, "family place"],
    target: Int[np.ndarray, " family"],
    turn: Int[np.ndarray, " place"],
) -> None:
    """Strike places without room off the lists of families with a turn, up to one that loses its target."""
    for family in np.unique(turn[turn >= 0]):
        left[family] &= room[family]
        if not left[family, target[family]]:
            return


def _favourite(market: Market, left: Bool[np.ndarray, "family place"]) -> Int[np.ndarray, " family"]:
    """The best place left of each family; -1 for none."""
    best = np.where(left, market.rank, LAST).argmin(axis=1)
    return np.where(left.any(axis=1), best, NOWHERE)


def _first(market: Market, able: Bool[np.ndarray, "family place"]) -> Int[np.ndarray, " place"]:
    """The family that each place puts first among those able; -1 for none."""
    first = np.where(able, market.priority, LAST).argmin(axis=0)
    return np.where(able.any(axis=0), first, NOWHERE)


def _cycles(target: Int[np.ndarray, " family"], turn: Int[np.ndarray, " place"]) -> list[list[int]]:
    """Families of each cycle in which families point at places and places at families."""
    seen: dict[int, int] = {}  # place -> the walk on which it was met
    found = []
    for start in np.unique(target[target >= 0]):
        place, path = int(start), list[int]()
        while place not in seen:
            seen[place] = int(start)
            path.append(place)
            place = int(target[turn[place]])
        if seen[place] == start:
            found.append([int(turn[one]) for one in path[path.index(place) :]])
    return found
