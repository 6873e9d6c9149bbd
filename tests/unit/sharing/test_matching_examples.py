"""Markets worked out by hand, round by round, and agreement with an independent library."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from markets import drawn, market

from palanca.sharing.matching.deferred import deferred_acceptance
from palanca.sharing.matching.knapsack import knapsack
from palanca.sharing.matching.market import NOWHERE, as_units
from palanca.sharing.matching.report import objections
from palanca.sharing.matching.threshold import threshold
from palanca.sharing.matching.trading import improve, trading_cycles
from place_people import crowd, library


def ordered(rows: list[list[int]]) -> np.ndarray:
    """Ranks from lists in which a larger number is better and 0 is not wanted."""
    given = np.array(rows)
    return np.where(given > 0, given.max() - given, -1)


def test_knapsack_on_the_example_of_the_authors():
    """Input of the example in the authors' published code (Delacretaz, Kominers, Teytelboym); rounds by hand.

    The third and fourth are refused by the first place, beside the second (2 of 2). The third pushes the first out of
    the second place, the first pushes the second out of the first place, and the third place has no room for the second
    beside the fourth. Room for one stays free at the first place, which refused the third and fourth before.
    """
    found = market(
        [[1], [2], [1], [1]],
        [[2], [1], [2], [5]],
        ordered([[3, 4, 2, 1], [4, 1, 3, 2], [4, 3, 2, 1], [4, 1, 3, 2]]),
        ordered([[4, 3, 1, 4], [3, 1, 3, 3], [2, 4, 2, 2], [1, 2, 4, 1]]),
    )
    assert knapsack(found).tolist() == [0, 3, 1, 2]
    assert deferred_acceptance(found).tolist() == [0, 3, 1, 2]
    assert objections(found, np.array([0, 3, 1, 2])).waste == 2  # the third and fourth would fit


def test_thresholds_on_the_example_of_the_authors():
    """Input as above, seven families with two needs; the four rounds by hand, with thresholds by the definition.

    1: the sixth has rank 3 at the first place and threshold 2; the third has rank 2 at the second place, where the
    first (which nothing but one unit of the second need can crowd out) has 1; the last place has no room for the
    second. 2: the fifth has no room at the first place, nor a rank small enough has the sixth at the second. 3: the
    fifth takes the second need of the second place from the first, which 4: goes to the third place.
    """
    found = market(
        [[2, 1], [1, 0], [1, 0], [2, 0], [1, 1], [1, 0], [1, 0]],
        [[4, 2], [4, 1], [3, 1], [1, 0]],
        ordered([[2, 4, 3, 1], [3, 2, 1, 4], [3, 4, 2, 1], [4, 1, 3, 2], [4, 3, 2, 1], [4, 3, 2, 1], [1, 2, 3, 4]]),
        ordered([[7, 6, 5, 4], [6, 5, 4, 6], [5, 2, 3, 2], [4, 1, 7, 1], [3, 7, 2, 3], [2, 3, 6, 5], [1, 4, 1, 7]]),
    )
    assert threshold(found).tolist() == [2, 0, 0, 0, 1, 2, 3]


def test_trading_cycles_on_the_example_of_the_authors():
    """Input as above. The first matches itself; the second and third trade turns; the fourth follows at the third place
    when its turn comes; the fifth has lost the second place to the second family and takes the last.
    """
    found = market(
        [[1, 0], [2, 1], [0, 2], [1, 1], [3, 0]],
        [[3, 0], [3, 2], [3, 3], [3, 1]],
        ordered([[4, 0, 0, 0], [0, 4, 0, 0], [0, 0, 4, 0], [0, 0, 4, 0], [0, 4, 0, 3]]),
        # As published but for ranks below those that matter, which the code leaves at 0.
        ordered([[5, 2, 1, 3], [4, 3, 5, 2], [3, 5, 2, 1], [2, 4, 4, 5], [1, 1, 3, 4]]),
    )
    assert trading_cycles(found).tolist() == [0, 1, 2, 2, 3]


def test_a_place_lends_its_turn_to_a_family_that_does_not_want_it():
    """The first wants only the second place and is first at the other; it trades that turn with the second family.

    If places passed over families that do not want them, the first would gain by saying that it wants both.
    """
    found = market([[1]] * 3, [[1], [1]], [[-1, 0], [0, -1], [-1, 0]], [[0, 2], [1, 0], [2, 1]])
    assert trading_cycles(found).tolist() == [1, 0, NOWHERE]


def test_a_family_that_needs_nothing_scarce_passes_those_refused_for_it():
    """Weak envy is allowed: the third is taken below the second, who needed the one unit of the other capacity."""
    found = market([[1, 1], [1, 1], [1, 0]], [[2, 1]], [[0]] * 3, [[0], [1], [2]])
    places = knapsack(found)
    assert places.tolist() == [0, NOWHERE, NOWHERE]  # beside the first two, room for people is gone as well
    wider = replace(found, capacities=np.array([[3, 1]]))
    assert knapsack(wider).tolist() == [0, NOWHERE, 0]
    told = objections(wider, knapsack(wider))
    assert (told.strong_envy, told.weak_envy) == (0, 1)


def test_trade_from_an_endowment_needs_room_for_the_newcomer():
    """Two families want to swap; the larger does not fit where the smaller lives, so it is refused and both stay."""
    found = market([[2], [1]], [[2], [1]], [[1, 0], [0, 1]], [[0, 1], [1, 0]])
    assert improve(found, np.array([0, 1])).tolist() == [0, 1]
    wider = replace(found, capacities=np.array([[2], [2]]))
    assert improve(wider, np.array([0, 1])).tolist() == [1, 0]
    strangers_first = replace(wider, priority=np.array([[1, 0], [0, 1]]))
    assert improve(strangers_first, np.array([0, 1])).tolist() == [0, 1]  # turns go to those who do not live there


@pytest.mark.parametrize("block", range(4))
def test_deferred_acceptance_agrees_with_the_matching_library(block):
    """200 random instances of up to 30 families and 6 places, lists of which some are short."""
    for seed in range(50 * block, 50 * block + 50):
        random = np.random.default_rng(seed)
        families, places = int(random.integers(2, 31)), int(random.integers(1, 7))
        found = as_units(crowd(families, places, seed))
        found = replace(
            found,
            capacities=random.integers(1, 6, (places, 1)),
            rank=np.where(random.random((families, places)) < 0.2, -1, found.rank),
        )
        assert (deferred_acceptance(found) == library(found)).all()


def test_a_large_market_is_stable_and_stays_small():
    found = as_units(replace(crowd(3000, 40, 1), capacities=np.full((40, 1), 70)))
    places = deferred_acceptance(found)
    assert (places >= 0).sum() == 2800
    assert objections(found, places).blocking == 0


def test_ranks_of_any_width_give_the_same():
    for seed in range(20):
        found = drawn(seed)
        short = replace(found, rank=found.rank.astype(np.int16), priority=found.priority.astype(np.int32))
        for rule in (knapsack, threshold, trading_cycles):
            assert (rule(found) == rule(short)).all()
