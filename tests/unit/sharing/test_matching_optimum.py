"""The welfare optimum: by trying every matching, on the real instance, and as the measure of weekly placement."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markets import REAL, drawn, every, market, real

from palanca.core.errors import MatchingError
from palanca.sharing.matching import dynamic
from palanca.sharing.matching.knapsack import knapsack
from palanca.sharing.matching.market import check_places
from palanca.sharing.matching.mechanisms import MECHANISMS
from palanca.sharing.matching.optimum import optimum, prices
from palanca.sharing.matching.report import objections, report
from place_people import welfare, year


@settings(max_examples=40, deadline=None, derandomize=True)
@given(st.integers(0, 2**31 - 1))
def test_the_optimum_is_the_highest_sum_of_all_matchings(seed):
    found = drawn(seed)
    best = max(welfare(found, one) for one in every(found))
    got = optimum(found)
    assert got.welfare == pytest.approx(best, abs=1e-9)
    assert got.bound == pytest.approx(best, abs=1e-6)
    check_places(found, got.places)


@pytest.mark.slow
@pytest.mark.skipif(REAL is None, reason="the real instance is not shipped; PALANCA_RESETTLEMENT names its folder")
@pytest.mark.parametrize(
    ("capacity", "best", "cases", "people"),
    [("stated", 208.99808, 322, 831), ("actual", 193.09230, 320, None), ("actual and a tenth", 197.37789, 322, None)],
)
def test_the_optimum_of_the_real_instance(capacity, best, cases, people):
    """Fiscal year 2017, by another solver: sum of expected employed members, cases and people placed."""
    found = real(capacity)
    got = optimum(found)
    assert got.welfare == pytest.approx(best, abs=1e-4)
    assert (got.places >= 0).sum() == cases
    assert people is None or found.people[got.places >= 0].sum() == people


@pytest.mark.slow
@pytest.mark.skipif(REAL is None, reason="the real instance is not shipped; PALANCA_RESETTLEMENT names its folder")
def test_every_rule_keeps_within_the_optimum_on_the_real_instance():
    found = real()
    rules = ("knapsack", "threshold", "cycles")
    shares = {name: welfare(found, MECHANISMS[name].run(found)) / 208.99808 for name in rules}
    assert all(0.8 < share <= 1.0 for share in shares.values()), shares
    assert objections(found, knapsack(found)).strong_envy == 0


def test_a_negative_score_is_never_taken_and_missing_scores_are_refused():
    found = market([[1], [1]], [[2]], [[0], [0]], [[0], [1]], [[-1.0], [2.0]])
    assert optimum(found).places.tolist() == [-1, 0]
    with pytest.raises(MatchingError, match="no scores"):
        optimum(replace(found, score=None))


def test_the_price_of_room_is_what_the_first_family_left_out_would_have_added():
    """One place for two people; families of one add 5, 3 and 2: one more bed adds 2, and 0 where there is room."""
    found = market([[1], [1], [1]], [[2]], [[0]] * 3, [[0], [1], [2]], [[5.0], [3.0], [2.0]])
    assert prices(found, np.ones(3), np.array([[2.0]])).tolist() == [[2.0]]
    assert prices(found, np.ones(3), np.array([[3.5]])).tolist() == [[0.0]]
    assert prices(found, np.array([1.0, 3.0, 1.0]), np.array([[3.0]])).tolist() == [[3.0]]


def test_room_held_back_reaches_95_percent_of_hindsight_where_greedy_does_not():
    for seed in (1, 2):
        found, week, past = year(seed, families=120, places=4, weeks=12)
        best = optimum(found).welfare
        held, greedy = dynamic.two_stage(found, week, past, key=seed), dynamic.greedy(found, week)
        assert welfare(found, held) >= 0.95 * best
        assert welfare(found, greedy) < 0.9 * best
        check_places(found, held)


def test_with_one_week_both_weekly_rules_are_the_optimum():
    found, _, past = year(3, families=40, places=3)
    at_once = np.zeros(40, int)
    best = optimum(found).welfare
    for places in (dynamic.greedy(found, at_once), dynamic.two_stage(found, at_once, past)):
        assert welfare(found, places) == pytest.approx(best, abs=1e-6)


def test_with_room_for_all_nothing_is_held_back():
    found, week, past = year(4, families=40, places=3)
    found = replace(found, capacities=found.capacities * 10)
    best = found.score.max(axis=1).sum()
    assert welfare(found, dynamic.two_stage(found, week, past)) == pytest.approx(best)
    assert welfare(found, dynamic.greedy(found, week)) == pytest.approx(best)


def test_the_same_key_draws_the_same_futures():
    found, week, past = year(5, families=60, places=3, weeks=6)
    one, two = (dynamic.two_stage(found, week, past, key=7) for _ in range(2))
    assert (one == two).all()
    with pytest.raises(MatchingError, match="past do not fit"):
        dynamic.two_stage(found, week, dynamic.chosen(past, np.zeros(0, int)))


def test_a_report_counts_what_a_pencil_counts():
    """Two places for two and one; the third family is left out, the fourth fits nowhere."""
    found = market(
        [[1], [1], [1], [5]],
        [[2], [1]],
        [[0, 1], [0, 1], [0, 1], [0, 1]],
        [[0, 0], [1, 1], [2, 2], [3, 3]],
        [[3.0, 1.0], [2.0, 1.5], [1.0, 0.5], [9.0, 9.0]],
        ("old", "old", "new", "new"),
    )
    told = report(found, np.array([-1, 0, 1, -1]))
    assert (told.families, told.people, told.welfare) == (2, 2, 2.5)
    assert (told.mean_rank, told.favourites) == (1.5, 1)
    # The first could go to either place, the third to the first, where there is room for one more.
    assert (told.blocking, told.waste) == (3, 2)
    # At the second place, with room for one, the first comes before the third; at the first there is room for both.
    assert (told.strong_envy, told.weak_envy) == (1, 1)
    assert told.free.tolist() == [[1], [0]]
    assert [(one.group, one.people, one.unplaced_people) for one in told.left_out] == [("new", 6, 5), ("old", 2, 1)]
    assert told.too_large == ("f3",)


def test_a_matching_that_breaks_the_market_is_refused():
    found = market([[1], [2]], [[2]], [[0], [0]], [[0], [1]])
    with pytest.raises(MatchingError, match="over its capacity"):
        report(found, np.array([0, 0]))
    with pytest.raises(MatchingError, match="not acceptable"):
        report(replace(found, rank=np.array([[-1], [0]])), np.array([0, -1]))
