"""Threshold knapsack deferred acceptance: a place fixes beforehand how far down its list each family may stand."""

from __future__ import annotations

import numpy as np
from jaxtyping import Bool, Int

from palanca.sharing.matching.market import NOWHERE, Market

ALWAYS = np.int64(np.iinfo(np.int64).max)  # there is room whoever else proposes


def threshold(market: Market) -> Int[np.ndarray, " family"]:
    """Let families propose; a place refuses one whose rank among those proposing is beyond its threshold.

    The threshold of a family at a place is the largest number of families, itself among them, that could stand there
    with it down to its priority whoever of the others should come; unless nothing can ever crowd it out, it is never
    larger than that of a family above. So a family that comes never makes a place take fewer, and telling the truth is
    best for families. What it guarantees: no
    capacity is exceeded, the matching is weakly envy-free, and no family gains by misreporting its wishes. The price:
    room stays free for families that may never propose, and the outcome is never better for any family than that of
    knapsack deferred acceptance.

    Args:
        market: Families and places; any number of needs.

    Returns:
        Place of each family; -1 where it has none.

    Reference:
        Threshold knapsack deferred acceptance; Delacretaz, Kominers and Teytelboym 2023; rule M3 of
        docs/matching.md.
    """
    order = market.best_place()
    served = [_in_order(market, place, able) for place, able in enumerate(market.served().T)]
    choice = np.zeros(len(market.families), np.int64)
    held = np.full(len(market.families), NOWHERE, np.int64)
    free = np.arange(len(market.families))
    while free.size:
        free = free[choice[free] < order.shape[1]]
        held[free] = order[free, choice[free]]
        free = _refused(market, served, held)
        held[free] = NOWHERE
        choice[free] += 1
    return held


def thresholds(
    sizes: Int[np.ndarray, "family need"], proposing: Bool[np.ndarray, " family"], capacity: Int[np.ndarray, " need"]
) -> Int[np.ndarray, " family"]:
    """How far down the list of those proposing each family may stand.

    Args:
        sizes: What each family that the place can serve takes, in the order of priority.
        proposing: Which of them are proposing.
        capacity: What the place has.

    Returns:
        Largest rank at which a family is accepted; `ALWAYS` where nothing can crowd it out, 0 where it has no room.
    """
    before = np.cumsum(proposing) - proposing
    others = np.full(len(sizes), ALWAYS)  # how many more may come, whoever they are
    for need, limit in zip(sizes.T, capacity, strict=True):
        taken = np.cumsum(need * proposing) - need * proposing
        left = limit - need - taken
        more = np.where(left < 0, NOWHERE, _most_others(need, ~proposing, np.maximum(left, 0)))
        others = np.minimum(others, np.where(need > 0, more, ALWAYS))
    own = np.where(others == ALWAYS, ALWAYS, np.where(others < 0, 0, before + others + 1))
    return np.where(own == ALWAYS, ALWAYS, np.minimum.accumulate(own))


def _in_order(market: Market, place: int, able: Bool[np.ndarray, " family"]) -> Int[np.ndarray, " served"]:
    """Families that a place can take, in the order of its priority."""
    found = np.flatnonzero(able)
    return found[np.argsort(market.priority[found, place])]


def _refused(
    market: Market, served: list[Int[np.ndarray, " _"]], held: Int[np.ndarray, " family"]
) -> Int[np.ndarray, " refused"]:
    """Families that propose where their rank is beyond their threshold."""
    found = []
    for place, able in enumerate(served):
        proposing = held[able] == place
        if not proposing.any():
            continue
        allowed = thresholds(market.sizes[able], proposing, market.capacities[place])
        found.append(able[proposing & (np.cumsum(proposing) > allowed)])
    return np.concatenate(found) if found else np.zeros(0, np.int64)


def _most_others(
    need: Int[np.ndarray, " family"], counted: Bool[np.ndarray, " family"], left: Int[np.ndarray, " family"]
) -> Int[np.ndarray, " family"]:
    """How many of the counted families before each may come, whichever they are, within what is left.

    The largest come first, for they are the worst case; where all of them fit there is no limit.
    """
    kinds = np.unique(need[counted])[::-1]
    each = (need[:, None] == kinds) & counted[:, None]
    before = np.cumsum(each, axis=0) - each  # (family, kind)
    number, open_, remaining = np.zeros(len(need), np.int64), np.ones(len(need), bool), left.copy()
    for kind, size in enumerate(kinds):
        fitting = remaining // size if size > 0 else before[:, kind]
        come = np.where(open_, np.minimum(before[:, kind], fitting), 0)
        number += come
        remaining -= come * size
        open_ &= come == before[:, kind]
    return np.where(open_, ALWAYS, number)
