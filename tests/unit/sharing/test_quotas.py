"""Quotas: exact to the person, within one of the exact share, under capacities; and the uniform rule."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from palanca.bargain import shapley
from palanca.sharing.quotas import capacity_worth, coalitions, filled, uniform, whole

counts = st.lists(st.integers(0, 1000), min_size=2, max_size=7).filter(lambda values: sum(values) > 0)


def shares_of(values: list[int]) -> np.ndarray:
    return np.array(values, dtype=float) / sum(values)


@settings(max_examples=100, deadline=None)
@given(counts, st.integers(0, 100_000))
def test_quotas_are_exact_to_the_person_and_within_one_of_the_share(values, total):
    share = shares_of(values)
    found = whole(share, total)
    assert found.sum() == total
    assert (np.abs(found - share * total) < 1.0).all()
    assert (found[share == 0.0] == 0).all()


def test_of_equal_remainders_the_first_named_is_rounded_up():
    np.testing.assert_array_equal(whole(np.full(3, 1 / 3), 4), [2, 1, 1])
    np.testing.assert_array_equal(whole(np.full(3, 1 / 3), 5), [2, 2, 1])


def test_one_person_more_can_cost_a_country_one_the_alabama_paradox():
    """Balinski and Young 2001: no method that keeps to the quota is free of it, which the docstring says."""
    share = shares_of([6, 6, 2])
    np.testing.assert_array_equal(whole(share, 10), [4, 4, 2])
    np.testing.assert_array_equal(whole(share, 11), [5, 5, 1])


@settings(max_examples=100, deadline=None)
@given(counts, st.integers(0, 3000), st.data())
def test_under_capacities_all_are_placed_who_can_be(values, total, data):
    share = shares_of(values)
    room = np.array(data.draw(st.lists(st.integers(0, 800), min_size=len(values), max_size=len(values))), dtype=float)
    found = filled(share, total, room, [f"C{k}" for k in range(len(values))])
    able = int(room[share > 0.0].sum())
    assert found.quotas.sum() == min(total, able)
    assert found.unplaced == max(total - able, 0)
    assert (found.quotas <= room).all()
    open_ = ~found.full & (share > 0.0)  # those with room left hold the same number for their share, to the person
    if open_.any():
        quota, part = found.quotas[open_], share[open_]
        assert ((quota - 1) / part).max() <= ((quota + 1) / part).min() + 1e-6


def test_what_is_above_a_capacity_goes_to_the_others_by_their_shares():
    found = filled(np.array([0.5, 0.3, 0.2]), 100, np.array([20.0, 100.0, 100.0]), "ABC")
    np.testing.assert_array_equal(found.quotas, [20, 48, 32])
    np.testing.assert_array_equal(found.over, [30, 0, 0])


def test_people_for_whom_there_is_no_room_are_counted():
    found = filled(np.array([0.5, 0.5]), 100, np.array([20.0, 30.0]), "AB")
    assert (found.unplaced, list(found.quotas)) == (50, [20, 30])


peaks = st.lists(st.integers(0, 12), min_size=2, max_size=5)


@settings(max_examples=150, deadline=None)
@given(peaks, st.integers(0, 40))
def test_the_uniform_rule_is_efficient(wishes, total):
    """T35: everybody is on the same side of its wish, so no exchange helps one without harming another."""
    wish = np.array(wishes, dtype=float)
    found = uniform(wish, float(total))
    assert found.sum() == pytest.approx(total)
    assert (found <= wish + 1e-9).all() if wish.sum() >= total else (found >= wish - 1e-9).all()


@settings(max_examples=60, deadline=None)
@given(peaks, st.integers(0, 40))
def test_nobody_gains_under_the_uniform_rule_by_misstating_its_wish(wishes, total):
    """T35, on a grid: what is received after a false wish is never on the same side and nearer."""
    wish = np.array(wishes, dtype=float)
    honest = uniform(wish, float(total))
    for country, false in itertools.product(range(len(wish)), range(0, 41, 2)):
        told = wish.copy()
        told[country] = false
        received = uniform(told, float(total))[country]
        side = np.sign(honest[country] - wish[country])
        nearer = side * (received - wish[country]) < side * (honest[country] - wish[country]) - 1e-9
        assert not (nearer and side * (received - wish[country]) >= -1e-9), (country, false)
        if side == 0.0:
            continue
        # Single-peaked likings may weigh the two sides as they will, so the false wish must not cross over either.
        assert side * (received - wish[country]) >= -1e-9 or np.isclose(received, honest[country])


def test_the_uniform_rule_is_known_by_hand():
    np.testing.assert_allclose(uniform(np.array([1.0, 4.0, 9.0]), 9.0), [1.0, 4.0, 4.0])
    np.testing.assert_allclose(uniform(np.array([1.0, 4.0, 9.0]), 20.0), [5.5, 5.5, 9.0])
    np.testing.assert_allclose(uniform(np.array([0.0, 0.0]), 3.0), [1.5, 1.5])


capacities = st.lists(st.integers(0, 50), min_size=2, max_size=6)


@settings(max_examples=60, deadline=None)
@given(capacities, st.integers(1, 200))
def test_shapley_shares_of_capacity_keep_the_axioms(room, total):
    """Efficiency, symmetry, nothing for a country without room, additivity."""
    capacity = np.array(room, dtype=float)
    worth = capacity_worth(capacity, float(total))
    found = shapley.shares(worth)
    assert found.sum() == pytest.approx(min(total, capacity.sum()))
    assert (found[capacity == 0.0] == 0.0).all()
    for one, other in itertools.combinations(range(len(room)), 2):
        if room[one] == room[other]:
            assert found[one] == pytest.approx(found[other])
        elif room[one] > room[other]:
            assert found[one] >= found[other] - 1e-9
    second = capacity_worth(capacity[::-1].copy(), float(total))
    np.testing.assert_allclose(shapley.shares(worth + second), found + shapley.shares(second), atol=1e-9)


def test_shapley_shares_are_the_mean_over_all_orders():
    capacity, total = np.array([10.0, 30.0, 50.0]), 60.0
    taken = np.zeros(3)
    for order in itertools.permutations(range(3)):
        left = total
        for country in order:
            taken[country] += min(capacity[country], left) / 6
            left -= min(capacity[country], left)
    np.testing.assert_allclose(shapley.shares(capacity_worth(capacity, total)), taken)


def test_coalitions_are_in_the_order_that_shapley_shares_take():
    np.testing.assert_array_equal(coalitions(4), shapley.subsets(4))
