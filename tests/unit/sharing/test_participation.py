"""Would it hold: exits, transfers that keep all in, who is left when losers leave, cores and certificates."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from palanca.sharing.core_of_game import core, savings, scheme_worth
from palanca.sharing.market import costs, trade
from palanca.sharing.participation import Stake, exits, hold, join, keeping, taking_over
from palanca.sharing.quotas import coalitions

NOBODY_PAYS = np.zeros_like
amounts = st.lists(st.integers(-50, 50), min_size=2, max_size=6)


def stake(start, slope, benefit, fallback=None) -> Stake:
    names = tuple(f"C{k}" for k in range(len(start)))
    made = costs(np.array(start, dtype=float), np.array(slope, dtype=float), names)
    return Stake(made, np.array(benefit, dtype=float), np.array(fallback or [0.0] * len(start), dtype=float))


def test_gains_are_worked_out_by_hand():
    held = stake([1, 2], [1, 1], [3, 1], [5, 0])
    found = held.gains(np.array([4.0, 2.0]), np.array([1.0, -1.0]))
    np.testing.assert_allclose(found, [3 * 6 - (4 + 8) - 1 - 5, 1 * 6 - (4 + 2) + 1])


def test_who_leaves_alone_saves_its_cost_and_loses_what_its_places_were_worth_to_it():
    held = stake([1, 2], [1, 1], [3, 1])
    hosted = np.array([4.0, 2.0])
    found = exits(held, hosted, np.zeros(2), keeping(hosted))
    np.testing.assert_allclose(found.others_hosted, [2.0, 4.0])
    np.testing.assert_allclose(found.leave, [3 * 2.0, 1 * 4.0])
    np.testing.assert_allclose(found.win, [12 - 3 * 4, 6 - 1 * 2])


def test_leaving_wins_the_most_when_the_others_take_over():
    """Free riding: the whole benefit without the cost."""
    held = stake([1, 2, 1], [1, 1, 2], [3, 1, 2])
    share, total = np.array([0.5, 0.25, 0.25]), 8.0
    divide = taking_over(share, total, np.full(3, np.inf))
    hosted = divide(np.ones(3, dtype=bool))
    np.testing.assert_allclose(hosted, share * total)
    over = exits(held, hosted, np.zeros(3), divide)
    kept = exits(held, hosted, np.zeros(3), keeping(hosted))
    np.testing.assert_allclose(over.win, held.costs.total(hosted))
    assert (over.win > kept.win).all()


@settings(max_examples=150, deadline=None)
@given(amounts, st.data())
def test_transfers_hold_exactly_when_a_linear_programme_says_so(gains, data):
    gain = np.array(gains, dtype=float)
    count = len(gain)
    several = st.lists(st.integers(0, 30), min_size=count, max_size=count)
    least = np.array(data.draw(several), dtype=float)
    most = np.array(data.draw(several), dtype=float)
    outside = float(data.draw(st.integers(0, 40)))
    found = hold(gain, least, most_paid=most, from_outside=outside)
    # Pay p_i <= most_i with gain - p >= least and -sum p <= what comes from outside.
    other = linprog(
        np.zeros(count),
        A_ub=[-np.ones(count)],
        b_ub=[outside],
        bounds=list(zip([None] * count, np.minimum(most, gain - least), strict=True)),
    )
    assert found.holds == (other.status == 0)
    if found.holds:
        assert (gain - found.paid >= least - 1e-9).all()
        assert (found.paid <= most + 1e-9).all()
        assert -1e-9 <= -found.paid.sum() <= outside + 1e-9
        assert np.maximum(-found.paid, 0.0).sum() == pytest.approx(found.bill)
    else:
        weight = found.certificate
        able = outside + most[weight == 0.0].sum()
        assert (gain - least)[weight > 0.0].sum() + able < 0.0


def test_the_bill_is_what_the_losers_lack():
    found = hold(np.array([10.0, -3.0, -1.0]), np.zeros(3))
    np.testing.assert_allclose(found.paid, [4.0, -3.0, -1.0])
    assert (found.bill, found.slack) == (4.0, 6.0)


def test_losers_leave_round_after_round():
    """C2 leaves first; with only C0 and C1 inside, C1's part of the whole is too dear for it."""
    held = stake([0, 0, 0], [1, 1, 1], [4, 2.2, 0.3])
    divide = taking_over(np.full(3, 1 / 3), 6.0, np.full(3, np.inf))
    found = join(held, divide, NOBODY_PAYS)
    assert list(found.inside) == [True, True, False]
    worse = stake([0, 0, 0], [1, 1, 1], [4, 0.7, 0.3])
    gone = join(worse, divide, NOBODY_PAYS)
    assert [[c for c, _ in left] for left in gone.rounds] == [[2], [1]]
    assert list(gone.inside) == [True, False, False]
    np.testing.assert_allclose(gone.hosted, [6.0, 0.0, 0.0])


def test_the_core_of_three_who_divide_one_by_majority_is_empty_with_the_known_certificate():
    """Any two of three have it all: weights of a half on each pair sum to 3/2 > 1."""
    worth = np.array([float(row.sum() >= 2) for row in coalitions(3)])
    found = core(worth)
    assert found.empty
    assert found.excess == pytest.approx(1 / 3)
    pairs = coalitions(3).sum(axis=1) == 2
    np.testing.assert_allclose(found.certificate[pairs], 0.5, atol=1e-9)
    assert found.certificate @ worth == pytest.approx(1.5)


@settings(max_examples=80, deadline=None)
@given(st.lists(st.integers(0, 30), min_size=8, max_size=8))
def test_a_core_is_kept_or_its_emptiness_proven(values):
    worth = np.array([0.0, *values[1:]])
    found, members = core(worth), coalitions(3)
    if found.empty:
        balance = members[:, :].T @ found.certificate
        np.testing.assert_allclose(balance, 1.0, atol=1e-7)
        assert (found.certificate >= -1e-9).all()
        assert found.certificate @ worth > worth[-1]
    else:
        assert found.allocation.sum() == pytest.approx(worth[-1], abs=1e-7)
        assert (members @ found.allocation >= worth - 1e-6).all()


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000))
def test_the_market_divides_its_own_savings_in_the_core(seed):
    """Shapley and Shubik 1969: no group does better by trading among itself."""
    rng = np.random.default_rng(seed)
    made = costs(rng.uniform(0, 20, 5), rng.uniform(0.2, 3, 5), "ABCDE")
    quota = rng.uniform(0, 30, 5)
    worth = savings(made, quota)
    gain = trade(made, quota, "ABCDE").gain
    assert worth[-1] == pytest.approx(gain.sum())
    assert (coalitions(5) @ gain >= worth - 1e-6).all()
    assert not core(worth).empty


def test_a_coalition_hosts_until_one_more_costs_what_it_is_worth_to_it():
    made = costs(np.array([0.0, 0.0]), np.array([1.0, 1.0]), "AB")
    worth = scheme_worth(made, np.array([2.0, 4.0]), 100.0)
    np.testing.assert_allclose(worth, [0.0, 2.0, 8.0, 6 * 12 - 2 * 18.0])
    short = scheme_worth(made, np.array([2.0, 4.0]), 6.0)
    np.testing.assert_allclose(short, [0.0, 2.0, 8.0, 6 * 6 - 2 * 4.5])


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000))
def test_a_scheme_whose_leavers_host_nobody_more_has_a_core(seed):
    """Groups that leave lose the others' places, so all together can always be kept in by transfers."""
    rng = np.random.default_rng(seed)
    made = costs(rng.uniform(0, 20, 4), rng.uniform(0.2, 3, 4), "ABCD")
    assert not core(scheme_worth(made, rng.uniform(0, 10, 4), rng.uniform(1, 60))).empty
