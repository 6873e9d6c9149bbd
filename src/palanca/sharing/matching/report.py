"""What a matching does: who is placed, what it is worth, who could object, what stays free, who is left out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Int

from palanca.sharing.matching.knapsack import room
from palanca.sharing.matching.market import Market, check_places, taken


@dataclass(frozen=True)
class GroupCount:
    """How many of a group are left without a place.

    Args:
        group: Its label.
        families: Families in all.
        people: People in all.
        unplaced_families: Families without a place.
        unplaced_people: People without a place.
    """

    group: str
    families: int
    people: int
    unplaced_families: int
    unplaced_people: int


@dataclass(frozen=True, eq=False)
class Report:
    """A matching in numbers.

    Args:
        families: Families placed.
        people: People placed.
        welfare: Sum of scores [unit of the score]; nothing without scores.
        mean_rank: Mean rank of the places of those placed; 1 is the favourite.
        favourites: Families at their favourite among the places that could take them.
        blocking: Pairs that block: the family prefers the place, which would have room for it if it sent away families
            of lower priority; 0 means stable.
        strong_envy: Pairs of families of which one prefers the place of another that has lower priority there, and that
            other would not fit beside all of higher priority who would go there; 0 means weakly envy-free.
        weak_envy: Pairs with the same envy where that other takes nothing that those above it would need.
        waste: Pairs of a family and a place that it prefers and that has free room for it as things stand.
        free: What stays free of each capacity.
        left_out: Families and people without a place, by group, the largest first.
        too_large: Families for whom even an empty place has no room, by name.
    """

    families: int
    people: int
    welfare: float | None
    mean_rank: float
    favourites: int
    blocking: int
    strong_envy: int
    weak_envy: int
    waste: int
    free: Int[np.ndarray, "place need"]
    left_out: tuple[GroupCount, ...]
    too_large: tuple[str, ...]


@dataclass(frozen=True)
class Objections:
    """Pairs that object to a matching, by kind; see `Report`."""

    blocking: int = 0
    strong_envy: int = 0
    weak_envy: int = 0
    waste: int = 0


def report(market: Market, places: Int[np.ndarray, " family"]) -> Report:
    """Say what a matching does.

    Args:
        market: Families and places.
        places: Place of each family; -1 where it has none.

    Raises:
        MatchingError: The matching breaks a capacity or uses a pair that is not acceptable.
    """
    check_places(market, places)
    placed = np.flatnonzero(places >= 0)
    better = (market.rank < 0) | ~market.acceptable()
    rank = 1 + (np.where(better, len(market.places), market.rank) < _own_rank(market, places)[:, None]).sum(axis=1)
    score = None if market.score is None else float(market.score[placed, places[placed]].sum())
    found = objections(market, places)
    return Report(
        families=len(placed),
        people=int(market.people[placed].sum()),
        welfare=score,
        mean_rank=float(rank[placed].mean()) if placed.size else float("nan"),
        favourites=int((rank[placed] == 1).sum()),
        blocking=found.blocking,
        strong_envy=found.strong_envy,
        weak_envy=found.weak_envy,
        waste=found.waste,
        free=market.capacities - taken(market, places),
        left_out=left_out(market, places),
        too_large=market.too_large(),
    )


def objections(market: Market, places: Int[np.ndarray, " family"]) -> Objections:
    """Count the pairs that object, place by place."""
    able, own = market.acceptable(), _own_rank(market, places)
    counts = np.zeros(4, np.int64)
    for place in range(len(market.places)):
        wishing = able[:, place] & (market.rank[:, place] < own)
        counts += _at_place(market, place, wishing, places == place)
    blocking, strong, weak, waste = (int(one) for one in counts)
    return Objections(blocking, strong, weak, waste)


def left_out(market: Market, places: Int[np.ndarray, " family"]) -> tuple[GroupCount, ...]:
    """Families and people without a place by group, the largest number of people first."""
    labels = np.array(market.groups or ("all",) * len(market.families), object)
    out = places < 0
    found = [
        GroupCount(
            str(group),
            int((labels == group).sum()),
            int(market.people[labels == group].sum()),
            int((out & (labels == group)).sum()),
            int(market.people[out & (labels == group)].sum()),
        )
        for group in dict.fromkeys(labels)
    ]
    return tuple(sorted(found, key=lambda one: -one.unplaced_people))


def _own_rank(market: Market, places: Int[np.ndarray, " family"]) -> Int[np.ndarray, " family"]:
    """How each family ranks what it has; worse than any place where it has none."""
    own = market.rank[np.arange(len(places)), places]
    return np.where(places >= 0, own, len(market.places))


def _at_place(
    market: Market, place: int, wishing: Bool[np.ndarray, " family"], here: Bool[np.ndarray, " family"]
) -> Int[np.ndarray, " kind"]:
    """Blocking pairs, strong envy, weak envy and waste at one place."""
    wish, held = np.flatnonzero(wishing), np.flatnonzero(here)
    held = held[np.argsort(market.priority[held, place])]
    capacity, sizes = market.capacities[place], market.sizes
    total = np.vstack([np.zeros_like(capacity), np.cumsum(sizes[held], axis=0)])
    above = np.searchsorted(market.priority[held, place], market.priority[wish, place])
    blocking = ((total[above] + sizes[wish] <= capacity) | (sizes[wish] == 0)).all(axis=1).sum()
    waste = ((total[-1] + sizes[wish] <= capacity) | (sizes[wish] == 0)).all(axis=1).sum()
    everyone = np.concatenate([wish, held])
    order = np.argsort(market.priority[everyone, place])
    fits = room(sizes[everyone[order]], capacity)
    wishers_above = np.cumsum(order < len(wish))
    envied = order >= len(wish)
    strong = wishers_above[envied & ~fits].sum()
    weak = wishers_above[envied & fits].sum()
    return np.array([blocking, strong, weak, waste])
