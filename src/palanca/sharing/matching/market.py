"""A matching market in arrays: what families need and want, what places hold and whom they put first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Bool, Float, Int

from palanca.core.errors import MatchingError
from palanca.core.wording import listed

NOWHERE = -1  # a family without a place; a pair that is not acceptable
NAMED = 10  # names in a message before it says how many more


@dataclass(frozen=True, eq=False)
class Market:
    """Families to be placed and places that can take them.

    A pair is acceptable if the family wants the place (`rank`) and the place can serve the family (`priority`).
    The two are kept apart because thresholds rest on whom a place can serve, never on what families say.

    Args:
        families: A name for each family.
        places: A name for each place.
        needs: A name for each need, such as `people`, `children` or `wheelchair flats`.
        sizes: What a family takes of each capacity [units of the need].
        capacities: What a place has of each [units of the need].
        rank: How a family ranks a place, 0 for the best; -1 where it would rather not be placed at all.
        priority: How a place ranks a family, 0 for the first; -1 where it lacks what the family needs.
        people: How many people a family is [people].
        score: What a pair is expected to add, such as employed members; nothing if nobody scored them.
        groups: A label for each family, by which those left unplaced are counted.
    """

    families: tuple[str, ...]
    places: tuple[str, ...]
    needs: tuple[str, ...]
    sizes: Int[np.ndarray, "family need"]
    capacities: Int[np.ndarray, "place need"]
    rank: Int[np.ndarray, "family place"]
    priority: Int[np.ndarray, "family place"]
    people: Int[np.ndarray, " family"]
    score: Float[np.ndarray, "family place"] | None = None
    groups: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        _check_names(self)
        _check_shapes(self)
        _check_amounts(self)
        _check_order(self.rank, self.families, "ranks two places the same")
        _check_order(self.priority.T, self.places, "gives two families the same priority")

    def acceptable(self) -> Bool[np.ndarray, "family place"]:
        """Where the family wants the place and the place, if it were empty, could take the family."""
        return (self.rank >= 0) & self.served()

    def served(self) -> Bool[np.ndarray, "family place"]:
        """Where the place, if it were empty, could take the family, whether or not the family wants it."""
        return (self.priority >= 0) & self.fits()

    def fits(self) -> Bool[np.ndarray, "family place"]:
        """Where an empty place would have room for the family."""
        room = np.ones((len(self.families), len(self.places)), bool)
        for size, capacity in zip(self.sizes.T, self.capacities.T, strict=True):
            room &= size[:, None] <= capacity
        return room

    def too_large(self) -> tuple[str, ...]:
        """Names of families for which even an empty place has no room, wherever it is."""
        return tuple(np.array(self.families, object)[~self.fits().any(axis=1)])

    def best_place(self) -> Int[np.ndarray, "family choice"]:
        """Places of each family in the order of its wishes; -1 after the last that is acceptable."""
        last = len(self.places)
        order = np.argsort(np.where(self.acceptable(), self.rank, last), axis=1, kind="stable").astype(np.int32)
        order[np.arange(last) >= self.acceptable().sum(axis=1)[:, None]] = NOWHERE
        return order


def as_units(market: Market) -> Market:
    """The same market with each family counted as one, whatever its size: a capacity is then a number of families.

    Raises:
        MatchingError: There are several capacities.
    """
    if len(market.needs) != 1:
        raise MatchingError(
            "families can be counted at one capacity only",
            found=f"several capacities: {names(market.needs)}",
            expected="one, of which each family takes one",
        )
    return replace(market, needs=("families",), sizes=np.ones((len(market.families), 1), np.int64))


def ranked(score: Float[np.ndarray, "one other"], able: Bool[np.ndarray, "one other"]) -> Int[np.ndarray, "one other"]:
    """Strict ranks by falling score, ties in the order of the columns; -1 where not `able`.

    Args:
        score: What each pair is worth.
        able: Which pairs are possible.
    """
    order = np.argsort(np.where(able, -score, np.inf), axis=1, kind="stable")
    found = np.empty(score.shape, np.int32)
    np.put_along_axis(found, order, np.arange(score.shape[1], dtype=np.int32)[None, :], axis=1)
    return np.where(able, found, NOWHERE).astype(np.int32)


def check_places(market: Market, places: Int[np.ndarray, " family"]) -> None:
    """Refuse an assignment of families to places that the market cannot hold.

    Raises:
        MatchingError: A family stands at a place that it does not accept or that cannot serve it, or a place is over
            one of its capacities.
    """
    placed = np.flatnonzero(places >= 0)
    wrong = placed[~market.acceptable()[placed, places[placed]]]
    if wrong.size:
        raise MatchingError(
            "families stand at a place that is not acceptable",
            found=names([market.families[one] for one in wrong]),
            expected="for each family a place that it wants and that can serve it, or none",
        )
    over = np.argwhere(taken(market, places) > market.capacities)
    if over.size:
        place, need = (int(one) for one in over[0])
        raise MatchingError(
            f"{market.places[place]} is over its capacity of {market.needs[need]}",
            found=f"{int(taken(market, places)[place, need]):,}",
            expected=f"at most {int(market.capacities[place, need]):,}",
        )


def taken(market: Market, places: Int[np.ndarray, " family"]) -> Int[np.ndarray, "place need"]:
    """What the families at each place take of each capacity [units of the need]."""
    found = np.zeros(market.capacities.shape, np.int64)
    placed = places >= 0
    np.add.at(found, places[placed], market.sizes[placed])
    return found


def names(several: Sequence[str]) -> str:
    """Names for a message: the first few, and how many more."""
    shown = listed(list(several[:NAMED]), NAMED)
    return shown if len(several) <= NAMED else f"{shown} and {len(several) - NAMED:,} more"


def _check_names(market: Market) -> None:
    for what, given in (("family", market.families), ("place", market.places), ("need", market.needs)):
        twice = [name for name, count in Counter(given).items() if count > 1]
        if twice:
            raise MatchingError(f"the same {what} stands twice", found=names(twice), expected="each name once")


def _check_shapes(market: Market) -> None:
    families, places, needs = len(market.families), len(market.places), len(market.needs)
    wanted = {
        "sizes": (market.sizes, (families, needs)),
        "capacities": (market.capacities, (places, needs)),
        "rank": (market.rank, (families, places)),
        "priority": (market.priority, (families, places)),
        "people": (market.people, (families,)),
    }
    if market.score is not None:
        wanted["score"] = (market.score, (families, places))
    for what, (given, shape) in wanted.items():
        if given.shape != shape:
            raise MatchingError(f"{what} has the wrong shape", found=str(given.shape), expected=str(shape))
    if market.groups and len(market.groups) != families:
        raise MatchingError("groups do not number the families", found=str(len(market.groups)), expected=str(families))


def _check_amounts(market: Market) -> None:
    below = [market.places[at] for at in np.flatnonzero((market.capacities < 0).any(axis=1))]
    if below:
        raise MatchingError("a capacity is below zero", found=names(below), expected="0 or more at each place")
    less = [market.families[at] for at in np.flatnonzero((market.sizes < 0).any(axis=1) | (market.people < 0))]
    if less:
        raise MatchingError("a size is below zero", found=names(less), expected="0 or more for each family")
    if market.score is not None and not np.isfinite(market.score[market.priority >= 0]).all():
        raise MatchingError("a score is no finite number", expected="one number for each pair that can be served")


def _check_order(order: Int[np.ndarray, "one other"], who: tuple[str, ...], what: str) -> None:
    """Ranks at or above zero are strict in each row."""
    if order.shape[1] < 2:
        return
    sorted_rows = np.sort(order, axis=1)
    tied = ((sorted_rows[:, 1:] == sorted_rows[:, :-1]) & (sorted_rows[:, 1:] >= 0)).any(axis=1)
    if tied.any():
        named = names([who[at] for at in np.flatnonzero(tied)])
        raise MatchingError(f"an order {what}", found=named, expected="a strict order, ties broken beforehand")
