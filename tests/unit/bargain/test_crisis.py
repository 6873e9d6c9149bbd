"""Range of deals, screening, shifts of power, chosen threats and the tariff of 2019, each against its closed form."""

from __future__ import annotations

import jax
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from palanca.bargain.chosen_threats import chosen_threats
from palanca.bargain.crisis import (
    deals_before_a_break,
    screening_offer,
    shift_can_be_paid_for,
    tolerable_position,
)
from palanca.bargain.tariff import Threat, incidence, least_survival_chance, pays, stepped_harm
from palanca.core.errors import BargainError

SOME = st.floats(0.01, 5.0)
CHANCE = st.floats(0.01, 1.0)


@given(p=st.floats(0.0, 1.0), a=SOME, b=SOME)
@settings(max_examples=30, deadline=None)
def test_the_range_of_deals_is_as_wide_as_the_costs_of_a_break(p, a, b) -> None:
    found = deals_before_a_break(p, a, b)
    assert float(found.high - found.low) == pytest.approx(a + b, rel=1e-12)
    assert found.low <= p <= found.high


def test_a_screening_offer_is_refused_one_time_in_four() -> None:
    offer = screening_offer(3.0, 2.0)
    assert float(offer.amount) == 1.5
    assert float(offer.break_chance) == 0.25


@given(value=SOME, dearest=SOME)
@settings(max_examples=40, deadline=None)
def test_no_other_screening_offer_is_worth_more(value, dearest) -> None:
    tried = np.linspace(0.0, dearest, 2001)
    worth = (value - tried) * tried / dearest
    best = screening_offer(value, dearest)
    assert float(best.worth) >= worth.max() - 1e-12
    assert float(best.worth) == pytest.approx(worth.max(), abs=1e-5 * max(value, dearest) ** 2)


def test_the_shift_that_no_deal_can_pay_for_starts_where_powell_says() -> None:
    critical = float(tolerable_position(0.9, 0.05, 0.9))
    assert critical == pytest.approx(0.733333, abs=1e-6)
    for position, breaks in ((critical - 1e-6, True), (critical + 1e-6, False)):
        a_break = (0.9 - 0.05) * 1.9
        the_best_deal = 1.0 + 0.9 * (position - 0.05)
        assert (a_break > the_best_deal) == breaks


def test_a_deal_fails_when_its_price_later_exceeds_what_can_be_given_now() -> None:
    assert bool(shift_can_be_paid_for(1.0, 0.9, 0.9))
    assert not bool(shift_can_be_paid_for(1.0, 0.9, 0.89))


def test_chosen_threats_of_two_by_two_tables() -> None:
    found = chosen_threats(np.array([[4.0, 1.0], [6.0, 0.0]]), np.array([[4.0, 3.0], [1.0, 2.0]]))
    assert found.surplus == 8.0
    assert found.edge == pytest.approx(-2.0, abs=1e-9)
    assert (found.first, found.second) == (pytest.approx(3.0, abs=1e-9), pytest.approx(5.0, abs=1e-9))
    assert found.mix_second == pytest.approx([0.0, 1.0], abs=1e-9)


def test_mixed_threats_are_found_by_the_program_as_on_a_grid() -> None:
    a, b = np.array([[3.0, 0.0], [0.0, 2.0]]), np.array([[0.0, 1.0], [1.0, 0.0]])
    grid = np.linspace(0.0, 1.0, 100_001)
    by_grid = np.minimum(*(np.outer(grid, (a - b)[0]) + np.outer(1.0 - grid, (a - b)[1])).T).max()
    found = chosen_threats(a, b)
    assert found.edge == pytest.approx(by_grid, abs=1e-4)
    assert found.edge == pytest.approx(5.0 / 7.0, abs=1e-9)
    assert found.mix_first.sum() == pytest.approx(1.0, abs=1e-9)


def test_chosen_threats_turn_round_with_the_sides() -> None:
    a, b = np.random.default_rng(3).normal(size=(2, 3, 4))
    one, other = chosen_threats(a, b), chosen_threats(b.T, a.T)
    assert (one.first, one.second) == pytest.approx((other.second, other.first), abs=1e-9)


def test_a_threat_lowers_its_target_by_half_of_what_it_hurts_more() -> None:
    moved = incidence(Threat(harm=2.0, own_cost=0.6, executed_chance=0.4, survival_chance=1.0))
    assert float(moved.target) == pytest.approx(-0.28, abs=1e-15)
    assert float(moved.sender) == pytest.approx(0.28, abs=1e-15)


@given(h=SOME, c=SOME, p=CHANCE, pi=CHANCE, w=st.floats(0.0, 1.0))
@settings(max_examples=60, deadline=None)
def test_incidence_is_the_difference_of_two_transferable_deals(h, c, p, pi, w) -> None:
    surplus = 30.0
    sender, target = -pi * p * c, -pi * p * h
    with_threat = target + (1.0 - w) * (surplus - sender - target)
    without = (1.0 - w) * surplus
    moved = incidence(Threat(h, c, p, pi), w)
    assert float(moved.target) == pytest.approx(with_threat - without, abs=1e-12)
    assert float(moved.sender + moved.target) == 0.0


@given(h=SOME, c=SOME, p=CHANCE, pi=CHANCE)
@settings(max_examples=40, deadline=None)
def test_a_court_cuts_leverage_in_proportion(h, c, p, pi) -> None:
    slope = jax.grad(lambda stands: incidence(Threat(h, c, p, stands)).sender)(pi)
    assert float(slope) == pytest.approx(p / 2.0 * (h - c), abs=1e-12)
    assert float(incidence(Threat(h, c, p, 0.0)).sender) == 0.0
    assert bool(pays(Threat(h, c, p, pi))) == (h > c)


def test_gains_over_no_deal_rise_although_the_target_is_worse_off() -> None:
    """Why levels are reported: no deal got worse by more than the deal did."""
    moved = incidence(Threat(harm=6.0, own_cost=3.5, executed_chance=0.5, survival_chance=1.0))
    assert moved.target < 0.0 < moved.target - moved.disagreement_target


def test_the_tariff_of_2019_extracts_most_where_no_court_stands_in_its_way() -> None:
    """Five points from 10 June, five more each month up to 25: present values by hand, then the price it is worth."""
    rates = np.array([0.05, 0.10, 0.15, 0.20, 0.25])
    harm = float(stepped_harm(rates, 40.0, 0.95, 1.0))
    assert harm == pytest.approx(40.0 * sum(rate * 0.95**k for k, rate in enumerate(rates)), rel=1e-14)
    halved = float(stepped_harm(rates, 40.0, 0.95, 0.5))
    assert halved == pytest.approx(40.0 * sum(rate * 0.475**k for k, rate in enumerate(rates)), rel=1e-14)
    bites = Threat(harm=harm, own_cost=0.3 * harm, executed_chance=0.5, survival_chance=1.0)
    least = float(least_survival_chance(bites, 2.0))
    assert 0.0 < least < 1.0
    at_least = Threat(bites.harm, bites.own_cost, bites.executed_chance, least)
    assert float(incidence(at_least).sender) == pytest.approx(2.0, abs=1e-12)


def test_a_threat_that_hurts_its_sender_more_buys_nothing_in_any_court() -> None:
    assert np.isinf(float(least_survival_chance(Threat(1.0, 2.0, 0.5, 1.0), 0.1)))


def test_a_stepped_tariff_takes_draws() -> None:
    many = stepped_harm(np.ones((3, 1)), np.array([1.0, 2.0]), 0.5, np.array([1.0, 0.0]))
    assert np.asarray(many) == pytest.approx([1.75, 2.0], abs=1e-15)


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        (lambda: deals_before_a_break(1.2, 0.1, 0.1), "chance to prevail"),
        (lambda: deals_before_a_break(0.5, -0.1, 0.1), "cost of a break"),
        (lambda: screening_offer(1.0, 0.0), "dearest cost"),
        (lambda: tolerable_position(0.9, 0.05, 1.0), "patience"),
        (lambda: incidence(Threat(1.0, 0.5, 0.5, 1.4)), "stand in court"),
        (lambda: incidence(Threat(1.0, -0.5, 0.5, 1.0)), "own cost"),
        (lambda: chosen_threats(np.ones((2, 2)), np.ones((2, 3))), "tables of threats"),
        (lambda: chosen_threats(np.full((2, 2), np.nan), np.ones((2, 2))), "tables of threats"),
    ],
)
def test_numbers_out_of_range_are_refused_by_name(wrong, named) -> None:
    with pytest.raises(BargainError, match=named):
        wrong()
