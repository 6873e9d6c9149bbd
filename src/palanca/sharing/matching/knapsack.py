"""Knapsack deferred acceptance: families propose, and places with several capacities accept by priority."""

from __future__ import annotations

import numpy as np
from jaxtyping import Bool, Int

from palanca.sharing.matching.market import NOWHERE, Market


def knapsack(market: Market) -> Int[np.ndarray, " family"]:
    """Let families propose; a place keeps one if it has room beside all of higher priority that ever proposed.

    Room is asked for only in the capacities that the family itself needs. What it guarantees: no capacity is exceeded;
    the matching is weakly envy-free (a family can envy one of lower priority only where that one took nothing that its
    own acceptance would have needed); and of all weakly envy-free matchings no family has a better place in any other.
    What it does not: it is not strategy-proof, room may stay free, and the outcome need be neither stable in the sense
    of blocking pairs nor Pareto-efficient.

    Args:
        market: Families and places; any number of needs.

    Returns:
        Place of each family; -1 where it has none.

    Reference:
        Knapsack deferred acceptance; Delacretaz, Kominers and Teytelboym 2023, American Economic Review 113(10);
        rule M2 of docs/matching.md.
    """
    order = market.best_place()
    offered = [np.zeros(0, np.int64) for _ in market.places]  # everyone who ever proposed, by priority
    choice = np.zeros(len(market.families), np.int64)
    held = np.full(len(market.families), NOWHERE, np.int64)
    free = np.arange(len(market.families))
    while free.size:
        free = free[choice[free] < order.shape[1]]
        held[free] = order[free, choice[free]]
        free = free[held[free] >= 0]
        refused = []
        for place in np.unique(held[free]):
            both = np.concatenate([offered[place], free[held[free] == place]])
            both = both[np.argsort(market.priority[both, place])]
            offered[place] = both
            refused.append(both[(held[both] == place) & ~room(market.sizes[both], market.capacities[place])])
        free = np.concatenate(refused) if refused else np.zeros(0, np.int64)
        held[free] = NOWHERE
        choice[free] += 1
    return held


def room(sizes: Int[np.ndarray, "family need"], capacity: Int[np.ndarray, " need"]) -> Bool[np.ndarray, " family"]:
    """Which families have room beside all that stand before them, in the capacities that they need.

    Args:
        sizes: What each takes, in the order of priority.
        capacity: What the place has.
    """
    return ((np.cumsum(sizes, axis=0) <= capacity) | (sizes == 0)).all(axis=1)
