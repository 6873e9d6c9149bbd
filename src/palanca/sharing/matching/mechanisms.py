"""Every rule by which families can be matched to places, with what it guarantees and what it does not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from jaxtyping import Int

from palanca.sharing.matching.deferred import deferred_acceptance
from palanca.sharing.matching.knapsack import knapsack
from palanca.sharing.matching.market import Market
from palanca.sharing.matching.optimum import optimum
from palanca.sharing.matching.threshold import threshold
from palanca.sharing.matching.trading import improve, trading_cycles

Rule = Callable[[Market], Int[np.ndarray, " family"]]


@dataclass(frozen=True)
class MatchingRule:
    """A rule by its name.

    Args:
        name: As a user writes it.
        label: As a table shows it.
        run: The rule.
        guarantees: What holds whatever the market.
        lacks: What may fail.
        scored: Whether it needs scores.
    """

    name: str
    label: str
    run: Rule
    guarantees: str
    lacks: str
    scored: bool = False


def _knapsack(market: Market) -> Int[np.ndarray, " family"]:
    """The same matching either way; with one need much faster."""
    return deferred_acceptance(market) if len(market.needs) == 1 else knapsack(market)


def _best(market: Market) -> Int[np.ndarray, " family"]:
    return optimum(market).places


def _improved(market: Market) -> Int[np.ndarray, " family"]:
    return improve(market, optimum(market).places)


MECHANISMS = {
    one.name: one
    for one in (
        MatchingRule(
            "knapsack",
            "knapsack deferred acceptance",
            _knapsack,
            "weakly envy-free; best for every family among weakly envy-free matchings",
            "not strategy-proof; room may stay free",
        ),
        MatchingRule(
            "threshold",
            "threshold deferred acceptance",
            threshold,
            "weakly envy-free; strategy-proof for families",
            "more room stays free",
        ),
        MatchingRule(
            "cycles",
            "top trading cycles",
            trading_cycles,
            "Pareto-efficient; strategy-proof for families",
            "families may envy others of lower priority",
        ),
        MatchingRule(
            "optimum",
            "welfare optimum",
            _best,
            "highest sum of scores",
            "neither stable nor strategy-proof; wishes do not count",
            scored=True,
        ),
        MatchingRule(
            "improved",
            "cycles from the optimum",
            _improved,
            "no family worse off than at the welfare optimum",
            "the sum of scores may fall; families may envy others of lower priority",
            scored=True,
        ),
    )
}
