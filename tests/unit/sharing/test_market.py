"""The market for quotas: price is marginal cost, costs are least, gains in closed form, and what it does not see."""

from __future__ import annotations

import cvxpy as cp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from palanca.sharing import market
from palanca.sharing.market import costs, trade

slopes, amounts = st.floats(0.05, 5.0), st.floats(0.0, 100.0)


@st.composite
def situations(draw):
    """Start, slope, quota, least and most of a few countries, quotas within bounds."""
    count = draw(st.integers(2, 6))
    several = lambda one: np.array(draw(st.lists(one, min_size=count, max_size=count)))  # noqa: E731 (one word)
    quota = several(amounts)
    low, high = quota * several(st.floats(0.0, 1.0)), quota + several(st.floats(0.0, 60.0))
    return several(st.floats(0.0, 50.0)), several(slopes), quota, low, high


@st.composite
def inner(draw):
    """The same where the market ends strictly between the bounds: start, slope, quota, hosted, price."""
    count = draw(st.integers(2, 6))
    several = lambda one: np.array(draw(st.lists(one, min_size=count, max_size=count)))  # noqa: E731 (one word)
    slope, hosted, price = several(slopes), several(st.floats(0.5, 100.0)), draw(st.floats(1.0, 600.0))
    part = several(st.floats(0.1, 1.0))
    return price - slope * hosted, slope, part / part.sum() * hosted.sum(), hosted, price


def made(situation):
    """Costs, quotas and names of a drawn situation."""
    start, slope, quota, low, high = situation
    names = tuple(f"C{k}" for k in range(len(quota)))
    return costs(start, slope, names, low=low, high=high), quota, names


@settings(max_examples=80, deadline=None)
@given(inner())
def test_without_bounds_price_quotas_and_gains_are_the_closed_form(situation):
    """T34."""
    start, slope, quota, hosted, price = situation
    names = tuple(f"C{k}" for k in range(len(quota)))
    found = trade(costs(start, slope, names), quota, names)
    closed = (quota.sum() + (start / slope).sum()) / (1.0 / slope).sum()
    assert found.price == pytest.approx(closed, rel=1e-10, abs=1e-9)
    assert found.price == pytest.approx(price, rel=1e-10, abs=1e-9)
    np.testing.assert_allclose(found.hosted, hosted, atol=1e-7)
    np.testing.assert_allclose(found.gain, slope * (hosted - quota) ** 2 / 2, atol=1e-5)


@settings(max_examples=100, deadline=None)
@given(situations())
def test_within_bounds_the_conditions_of_least_cost_hold(situation):
    """Price equals marginal cost inside the bounds, is below it at the least and above it where a country is full."""
    curves, quota, names = made(situation)
    found = trade(curves, quota, names)
    assert found.hosted.sum() == pytest.approx(quota.sum(), abs=1e-7)
    assert found.paid.sum() == pytest.approx(0.0, abs=1e-5)
    assert (found.gain >= -1e-6).all()
    marginal, inside = curves.marginal(found.hosted), ~found.at_low & ~found.at_high
    np.testing.assert_allclose(marginal[inside], found.price, atol=1e-7)
    assert (marginal[found.at_low & ~found.at_high] >= found.price - 1e-7).all()
    assert (marginal[found.at_high & ~found.at_low] <= found.price + 1e-7).all()


def test_the_price_is_the_multiplier_that_another_solver_finds():
    """T34, with bounds."""
    rng = np.random.default_rng(3)
    for _ in range(10):
        count = 6
        quota = rng.uniform(10, 50, count)
        made = costs(
            rng.uniform(0, 40, count),
            rng.uniform(0.2, 3, count),
            "ABCDEF",
            low=quota * 0.5,
            high=quota * rng.uniform(1, 2, count),
        )
        amount = cp.Variable(count)
        whole = cp.sum(amount) == quota.sum()
        aim = made.start @ amount + 0.5 * cp.sum(cp.multiply(made.slope, amount**2))
        cp.Problem(cp.Minimize(aim), [whole, amount >= made.low, amount <= made.high]).solve(solver=cp.CLARABEL)
        found = trade(made, quota, "ABCDEF")
        np.testing.assert_allclose(found.hosted, amount.value, atol=1e-4)
        assert found.price == pytest.approx(-float(whole.dual_value), abs=1e-4)


def test_full_countries_and_a_total_that_fills_all_are_priced():
    made = costs(np.array([1.0, 2.0]), np.array([1.0, 1.0]), "AB", high=np.array([5.0, 5.0]))
    found = trade(made, np.array([5.0, 5.0]), "AB")
    np.testing.assert_allclose(found.hosted, [5.0, 5.0])
    np.testing.assert_allclose(found.paid, [0.0, 0.0])
    nothing = trade(made, np.array([0.0, 0.0]), "AB")
    np.testing.assert_allclose(nothing.hosted, [0.0, 0.0])


@settings(max_examples=60, deadline=None)
@given(situations(), st.floats(0.0, 200.0))
def test_quota_or_pay_hosts_while_hosting_is_cheaper(situation, price):
    curves, quota, names = made(situation)
    found = market.quota_or_pay(curves, quota, price, names)
    assert (found.hosted <= quota + 1e-9).all()
    assert (found.gain >= -1e-6).all()
    np.testing.assert_allclose(found.paid, price * (quota - found.hosted))
    paying = found.hosted > curves.low + 1e-9
    assert (curves.marginal(found.hosted)[paying] <= price + 1e-6).all()
    assert found.short >= -1e-9
    assert found.fund == pytest.approx(found.paid.sum())


@settings(max_examples=60, deadline=None)
@given(situations())
def test_quota_or_pay_at_the_market_price_is_the_market(situation):
    curves, quota, names = made(situation)
    cleared = trade(curves, quota, names)
    found = market.quota_or_pay(curves, quota, cleared.price, names, sells=True)
    np.testing.assert_allclose(found.hosted, cleared.hosted, atol=1e-7)
    assert found.short == pytest.approx(0.0, abs=1e-6)
    lower = market.quota_or_pay(curves, quota, cleared.price * 0.5, names, sells=True)
    assert lower.short >= -1e-7


def test_a_fund_hands_on_what_it_takes_in():
    paid = np.array([6.0, 2.0, 0.0])
    received = market.fund(paid, np.array([0.0, 0.25, 0.75]))
    np.testing.assert_allclose(received, [0.0, 2.0, 6.0])
    assert (paid - received).sum() == 0.0


def test_clearing_is_not_efficient_when_it_matters_to_others_where_people_are_hosted():
    """Hagen 2022: two alike countries, and a person hosted by the first is worth 4 to the second."""
    made = costs(np.array([0.0, 0.0]), np.array([1.0, 1.0]), "AB")
    quota, spill = np.array([5.0, 5.0]), np.array([[0.0, 4.0], [0.0, 0.0]])
    np.testing.assert_allclose(trade(made, quota, "AB").hosted, [5.0, 5.0])
    np.testing.assert_allclose(market.efficient(made, quota, spill, "AB").hosted, [7.0, 3.0])
    assert market.externality_loss(made, quota, spill, "AB") == pytest.approx(4 * 2 - ((49 + 9) - 50) / 2)


@settings(max_examples=60, deadline=None)
@given(situations(), st.floats(-20.0, 20.0))
def test_clearing_is_efficient_when_others_value_a_person_the_same_wherever_hosted(situation, worth):
    curves, quota, names = made(situation)
    spill = np.full((len(quota), len(quota)), worth)
    assert market.externality_loss(curves, quota, spill, names) == pytest.approx(0.0, abs=1e-5)


@settings(max_examples=60, deadline=None)
@given(situations(), st.integers(0, 1000))
def test_what_the_market_misses_is_never_negative(situation, seed):
    curves, quota, names = made(situation)
    spill = np.random.default_rng(seed).uniform(-10, 10, (len(quota), len(quota)))
    assert market.externality_loss(curves, quota, spill, names) >= -1e-5


def test_payments_are_matched_without_a_circle_and_keep_every_account():
    paid = np.array([7.0, -4.0, 3.0, -6.0])
    found = market.matched_payments(paid)
    np.testing.assert_allclose(found.sum(axis=1) - found.sum(axis=0), paid)
    market.check_transfers(found, "ABCD")
