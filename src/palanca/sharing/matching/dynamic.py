"""People who arrive week by week: place each week's families at once, with or without room held back for later ones."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from jaxtyping import Float, Int

from palanca.core.errors import MatchingError
from palanca.sharing.matching.market import NOWHERE, Market, taken
from palanca.sharing.matching.optimum import optimum, prices, scores

Prices = Float[np.ndarray, "place need"]


def greedy(market: Market, week: Int[np.ndarray, " family"]) -> Int[np.ndarray, " family"]:
    """Place each week's families as well as the room that is left allows, as if nobody came after them.

    Args:
        market: All families, with scores.
        week: The week in which each arrives.

    Returns:
        Place of each family; -1 where it has none.
    """
    return _in_turn(market, week, lambda _week, left: np.zeros(left.shape))


def two_stage(
    market: Market,
    week: Int[np.ndarray, " family"],
    past: Market,
    *,
    samples: int = 4,
    key: int = 1,
) -> Int[np.ndarray, " family"]:
    """Place each week's families against the price of the room that they take from those who are still to come.

    The first stage is this week's integer programme; the second stage stands in it as prices, the mean over sampled
    futures of what one more unit of each capacity would add to this week and the rest of the year. Futures are drawn
    from families of the past, as many as are still to come.

    Args:
        market: All families, with scores; the rule sees those of a week only when it has come.
        week: The week in which each arrives; how many come each week counts as known beforehand.
        past: Families of the past, at the same places and with the same needs, with scores.
        samples: How many futures are drawn each week.
        key: Same key, same futures.

    Returns:
        Place of each family; -1 where it has none.

    Raises:
        MatchingError: The past has other places or needs, no families or no scores.

    Reference:
        Dynamic placement with dual prices; Ahani, Golz, Procaccia, Teytelboym and Trapp 2024, Operations Research
        72(3); rule M7 of docs/matching.md.
    """
    if (past.places, past.needs) != (market.places, market.needs) or not past.families:
        raise MatchingError(
            "families of the past do not fit the market",
            found=f"{len(past.families):,} families, {len(past.places)} places, needs {', '.join(past.needs)}",
            expected=f"some families, the same {len(market.places)} places, needs {', '.join(market.needs)}",
        )
    random = np.random.default_rng(key)

    def price(now: int, left: Int[np.ndarray, "place need"]) -> Prices:
        here, later = np.flatnonzero(week == now), int((week > now).sum())
        if not later:
            return np.zeros(left.shape)
        drawn = [
            prices(
                *_with_future(market, here, past, random.integers(len(past.families), size=later)), left.astype(float)
            )
            for _ in range(samples)
        ]
        return np.mean(drawn, axis=0)

    return _in_turn(market, week, price)


def _in_turn(
    market: Market, week: Int[np.ndarray, " family"], price: Callable[[int, Int[np.ndarray, "place need"]], Prices]
) -> Int[np.ndarray, " family"]:
    """Week after week, the best matching of its families within the room left, less the price of what they take."""
    places = np.full(len(market.families), NOWHERE, np.int64)
    for now in np.unique(week):
        here = np.flatnonzero(week == now)
        left = market.capacities - taken(market, places)
        part = replace(chosen(market, here), capacities=left)
        net = scores(part) - part.sizes @ price(int(now), left).T
        places[here] = optimum(part, net).places
    return places


def chosen(market: Market, rows: Int[np.ndarray, " row"]) -> Market:
    """The market with some of its families only."""
    return replace(
        market,
        families=tuple(market.families[row] for row in rows),
        sizes=market.sizes[rows],
        rank=market.rank[rows],
        priority=market.priority[rows],
        people=market.people[rows],
        score=None if market.score is None else market.score[rows],
        groups=tuple(market.groups[row] for row in rows) if market.groups else (),
    )


def _with_future(
    market: Market, here: Int[np.ndarray, " row"], past: Market, drawn: Int[np.ndarray, " draw"]
) -> tuple[Market, Float[np.ndarray, " family"]]:
    """Families of this week and all of the past, with how many there are of each: one, or as often as drawn."""
    number = np.concatenate([np.ones(here.size), np.bincount(drawn, minlength=len(past.families))])
    kept = number > 0
    families = len(here) + len(past.families)
    able = np.concatenate([market.acceptable()[here], past.acceptable()])
    order = np.where(able, np.arange(families)[:, None], NOWHERE)
    joined = Market(
        families=tuple(str(one) for one in range(families)),
        places=market.places,
        needs=market.needs,
        sizes=np.concatenate([market.sizes[here], past.sizes]),
        capacities=market.capacities,
        rank=np.where(able, np.arange(len(market.places)), NOWHERE),
        priority=order,
        people=np.concatenate([market.people[here], past.people]),
        score=np.concatenate([scores(market)[here], scores(past)]),
    )
    return chosen(joined, np.flatnonzero(kept)), number[kept]
