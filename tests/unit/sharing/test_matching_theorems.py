"""What each rule guarantees, on small markets: every matching and every misreport is tried."""

from __future__ import annotations

import itertools
from dataclasses import replace
from functools import partial

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markets import drawn, every, gains, market, standing

from palanca.sharing.matching.deferred import deferred_acceptance
from palanca.sharing.matching.knapsack import knapsack
from palanca.sharing.matching.market import Market, as_units
from palanca.sharing.matching.report import objections
from palanca.sharing.matching.threshold import threshold, thresholds
from palanca.sharing.matching.trading import improve, trading_cycles

SEEDS = st.integers(0, 2**31 - 1)
some = settings(max_examples=60, deadline=None, derandomize=True)
ANY = 10**6  # whoever comes
few = settings(max_examples=30, deadline=None, derandomize=True)


@some
@given(SEEDS)
def test_deferred_acceptance_is_stable_best_for_families_and_places_whom_every_stable_matching_places(seed):
    found = drawn(seed, units=True)
    places = deferred_acceptance(found)
    stable = [one for one in every(found) if objections(found, one).blocking == 0]
    assert any((one == places).all() for one in stable)
    for one in stable:
        assert (standing(found, places) <= standing(found, one)).all()
        assert ((one >= 0) == (places >= 0)).all()  # rural hospitals: who is placed, and
        assert (np.bincount(one + 1, minlength=4) == np.bincount(places + 1, minlength=4)).all()  # how many where


@few
@given(SEEDS)
def test_no_family_gains_by_misreporting_under_deferred_acceptance(seed):
    found = drawn(seed, units=True)
    assert not [gains(found, deferred_acceptance, at) for at in range(len(found.families))
                if gains(found, deferred_acceptance, at) is not None]  # fmt: skip


@some
@given(SEEDS)
def test_with_one_need_deferred_acceptance_is_knapsack_deferred_acceptance(seed):
    found = drawn(seed, needs=1)
    assert (deferred_acceptance(found) == knapsack(found)).all()


@some
@given(SEEDS)
def test_knapsack_is_the_best_weakly_envy_free_matching_for_every_family(seed):
    found = drawn(seed)
    places = knapsack(found)
    free = [one for one in every(found) if objections(found, one).strong_envy == 0]
    assert any((one == places).all() for one in free)
    for one in free:
        assert (standing(found, places) <= standing(found, one)).all()


def test_knapsack_can_be_manipulated():
    """So it is not claimed to be strategy-proof: a family frees room for itself by leaving a place out."""
    assert any(
        gains(drawn(seed), knapsack, at) is not None for seed in range(2000) for at in range(len(drawn(seed).families))
    )


@some
@given(SEEDS)
def test_threshold_is_weakly_envy_free_and_never_better_than_knapsack(seed):
    found = drawn(seed)
    places = threshold(found)
    assert any((one == places).all() for one in every(found))
    assert objections(found, places).strong_envy == 0
    assert (standing(found, places) >= standing(found, knapsack(found))).all()


@pytest.mark.parametrize("rule", [threshold, trading_cycles])
@few
@given(SEEDS)
def test_no_family_gains_by_misreporting_under_thresholds_or_cycles(rule, seed):
    found = drawn(seed)
    assert all(gains(found, rule, at) is None for at in range(len(found.families)))


@some
@given(SEEDS)
def test_trading_cycles_are_pareto_efficient(seed):
    found = drawn(seed)
    mine = standing(found, trading_cycles(found))
    for one in every(found):
        theirs = standing(found, one)
        assert not ((theirs <= mine).all() and (theirs < mine).any())


@some
@given(SEEDS)
def test_cycles_from_an_endowment_leave_no_family_worse_off_and_cannot_be_gamed(seed):
    found = drawn(seed)
    feasible = list(every(found))
    endowment = feasible[seed % len(feasible)]
    places = improve(found, endowment)
    assert any((one == places).all() for one in feasible)
    assert (standing(found, places) <= standing(found, endowment)).all()
    for family, place in enumerate(endowment):
        assert gains(found, partial(_kept, endowment=endowment, family=family, place=place), family) is None


@some
@given(SEEDS)
def test_the_largest_rank_of_a_threshold_is_what_counting_every_set_gives(seed):
    """By the definition: n is the largest for which every set of n - 1 others with those proposing leaves room."""
    random = np.random.default_rng(seed)
    sizes = random.integers(0, 4, (5, 2))
    capacity = random.integers(3, 9, 2)
    proposing = random.random(5) < 0.5
    own = []
    for at, size in enumerate(sizes):
        above = list(range(at))
        there = [one for one in above if proposing[one]]
        worst = 0 if _room(sizes[there], size, capacity) else -1
        for count in range(len(there), at + 1):
            sets = [one for one in _subsets(above, count) if set(there) <= set(one)]
            if worst >= 0 and all(_room(sizes[list(one)], size, capacity) for one in sets):
                worst = count + 1
        own.append(0 if worst < 0 else ANY if worst == at + 1 else worst)
    expected = [one if one == ANY else min(own[: at + 1]) for at, one in enumerate(own)]
    assert [min(one, ANY) for one in thresholds(sizes, proposing, capacity)] == expected


def test_families_as_units_ignore_their_sizes():
    found = market([[5], [3], [1]], [[2]], [[0], [0], [0]], [[0], [1], [2]])
    assert deferred_acceptance(found).tolist() == [-1, -1, 0]  # neither of the first two fits where two people may be
    assert deferred_acceptance(as_units(found)).tolist() == [0, 0, -1]


def test_an_endowment_stays_as_it_is_where_every_family_holds_its_favourite():
    found = market([[1], [2]], [[2], [1]], [[1, 0], [0, 1]], [[0, 0], [1, 1]])
    held = np.array([1, 0])
    assert improve(found, held).tolist() == held.tolist()
    assert partial(improve, endowment=np.array([-1, -1]))(found).tolist() == held.tolist()


def _kept(said: Market, endowment: np.ndarray, family: int, place: int) -> np.ndarray:
    """Cycles from an endowment; a family that leaves its own place off its list has it at the end of it."""
    if place >= 0 and said.rank[family, place] < 0:
        rank = said.rank.copy()
        rank[family, place] = len(said.places)
        said = replace(said, rank=rank)
    return improve(said, endowment)


def _room(others: np.ndarray, size: np.ndarray, capacity: np.ndarray) -> bool:
    return bool(((others.sum(axis=0) + size <= capacity) | (size == 0)).all())


def _subsets(given: list[int], count: int) -> list[tuple[int, ...]]:
    return list(itertools.combinations(given, count))
