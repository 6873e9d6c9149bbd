"""Threats at their chance: one formula, what courts leave of it, who pays, and what each does without a deal."""

from __future__ import annotations

from dataclasses import replace

import bargains
import jax
import numpy as np
import pytest
from bargains import agree
from hypothesis import given, settings
from hypothesis import strategies as st

from palanca.bargain.threats import Threat, incidence
from palanca.core.errors import BargainError

TARIFF = Threat(harm=2.0, cost=0.6, survival=1.0, belief=0.4, reputation=1.0)
SOME = st.floats(0.01, 5.0)
CHANCE = st.floats(0.01, 1.0)


def test_a_tariff_threat_takes_from_its_target_what_the_closed_form_says():
    """T14: S = 10, h = 2, c = .6, p = .4: (p / 2)(c - h) = -.28, and the sender gains as much."""
    problem = bargains.pie(10.0, (1.0, 1.0))
    before, after = agree(problem), agree(bargains.threatened(problem, TARIFF, "1", "2"))
    np.testing.assert_allclose(after.payoffs - before.payoffs, [0.28, -0.28], atol=1e-6)
    assert float(incidence(TARIFF).target) == pytest.approx(-0.28, rel=1e-15)
    assert float(after.gains[1]) > float(before.gains[1])  # the gain rises though the level falls


@given(h=SOME, c=st.floats(-5.0, 5.0), p=CHANCE, pi=CHANCE, w=st.floats(0.0, 1.0))
@settings(max_examples=60, deadline=None)
def test_incidence_is_the_difference_of_two_transferable_deals_also_for_a_sender_who_gains(h, c, p, pi, w) -> None:
    surplus, moved = 30.0, incidence(Threat(h, c, pi, p, reputation=5.0), w)
    sender, target = -pi * p * c, -pi * p * h
    with_threat = target + (1.0 - w) * (surplus - sender - target)
    assert float(moved.target) == pytest.approx(with_threat - (1.0 - w) * surplus, abs=1e-12)
    assert (float(moved.no_deal_sender), float(moved.no_deal_target)) == pytest.approx((sender, target), abs=1e-15)
    assert float(moved.sender + moved.target) == 0.0


@given(h=SOME, c=SOME, p=CHANCE, pi=CHANCE)
@settings(max_examples=40, deadline=None)
def test_a_court_cuts_leverage_in_proportion_to_the_chance_that_it_lets_stand(h, c, p, pi) -> None:
    """dU_D/dpi = (p / 2)(h - c), and a struck-down threat does nothing."""
    slope = jax.grad(lambda stands: incidence(Threat(h, c, stands, p, reputation=9.0)).sender)(pi)
    assert float(slope) == pytest.approx(p / 2.0 * (h - c), abs=1e-12)
    assert float(incidence(Threat(h, c, 0.0, p, reputation=9.0)).sender) == 0.0


def test_a_threat_dearer_than_ones_word_counts_only_as_a_bluff():
    idle = replace(TARIFF, reputation=0.5)
    assert not bool(idle.credible())
    assert float(idle.chance()) == float(incidence(idle).target) == 0.0
    assert float(incidence(idle, bluffs=True).target) == float(incidence(TARIFF).target)


def test_draws_are_priced_one_by_one():
    both = Threat(np.array([2.0, 2.0]), np.array([0.6, 1.2]), 1.0, 0.4, 1.0)
    assert np.asarray(both.chance()) == pytest.approx([0.4, 0.0])


def test_gains_over_no_deal_rise_although_the_target_is_worse_off() -> None:
    """Why levels are reported: no deal got worse by more than the deal did."""
    moved = incidence(Threat(harm=6.0, cost=3.5, belief=0.5, reputation=4.0))
    assert moved.target < 0.0 < moved.target - moved.no_deal_target


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        (Threat(1.0, 0.5, survival=1.4), "stand in court"),
        (Threat(1.0, 0.5, belief=-0.1), "carried out"),
        (Threat(-1.0, 0.5), "harm"),
        (Threat(1.0, float("nan")), "cost to the sender"),
    ],
)
def test_a_threat_out_of_range_is_refused_by_name(wrong, named) -> None:
    with pytest.raises(BargainError, match=named):
        incidence(wrong)


def test_without_a_deal_nobody_gives_and_each_does_what_pays_it_alone():
    """D's own effort solves 6 e = theta_D F exp(-theta_D e); all gifts stay at nothing."""
    found = np.asarray(bargains.private_optimum(bargains.with_own_effort(cap=4.0)).status_quo)
    effort = found[1]
    np.testing.assert_allclose(6.0 * effort, 0.3 * 40.0 * np.exp(-0.3 * effort), rtol=1e-7)
    np.testing.assert_allclose(found[[0, 2, 3]], 0.0, atol=1e-7)
    capped = np.asarray(bargains.private_optimum(bargains.with_own_effort(cap=0.5)).status_quo)
    np.testing.assert_allclose(capped[1], 0.5, atol=1e-8)
