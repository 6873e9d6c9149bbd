"""Promises hold exactly where what would be lost outweighs what a breach saves."""

from __future__ import annotations

from dataclasses import replace

import jax.numpy as jnp
import numpy as np
import pytest
from bargains import agree, assemble
from hypothesis import given, settings
from hypothesis import strategies as st

from palanca.bargain.enforceability import (
    SelfEnforcing,
    effective_patience,
    minimum_patience,
    slack,
    temptations,
    weakest_side,
    weight_of_loss,
)
from palanca.bargain.issues import Declaration, Issue, Party
from palanca.bargain.utility import Term
from palanca.core.errors import BargainError

AMOUNT = st.floats(0.05, 20.0)
CHANCE = st.floats(0.05, 1.0)
DILEMMA = {"temptation": 5.0 - 3.0, "gain": 3.0 - 1.0}  # payoffs T, R, P = 5, 3, 1


def test_the_prisoners_dilemma_needs_a_patience_of_one_half() -> None:
    assert float(minimum_patience(**DILEMMA)) == 0.5
    assert float(slack(**DILEMMA, patience=0.501)) > 0.0 > float(slack(**DILEMMA, patience=0.499))


def test_the_set_of_equilibria_of_a_general_solver_holds_cooperation_just_above_that_patience() -> None:
    quantecon = pytest.importorskip("quantecon", reason="QuantEcon is not installed; it is an oracle only")
    stage = quantecon.game_theory
    game = stage.NormalFormGame([stage.Player([[3.0, 0.0], [5.0, 1.0]]), stage.Player([[3.0, 0.0], [5.0, 1.0]])])
    for patience, within in ((0.501, True), (0.499, False)):
        hull = stage.RepeatedGame(game, patience).equilibrium_payoffs(options={"u_init": np.zeros(2)})
        sides = hull.equations
        assert bool(np.all(sides[:, :2] @ np.array([3.0, 3.0]) + sides[:, 2] <= 1e-6)) == within


def test_a_breach_seen_six_times_in_ten_needs_more_patience() -> None:
    assert float(minimum_patience(1.0, 1.0, detection=0.6)) == pytest.approx(0.625, abs=1e-15)


def test_an_office_that_may_change_hands_needs_more_patience() -> None:
    assert float(minimum_patience(**DILEMMA, exit_hazard=0.15)) == pytest.approx(0.5 / 0.85, abs=1e-15)
    assert float(effective_patience(0.5 / 0.85, 0.15)) == pytest.approx(0.5, abs=1e-15)


def test_a_temptation_beyond_all_punishment_leaves_nobody_patient_enough() -> None:
    assert float(minimum_patience(1.0, 1.0, exit_hazard=0.6)) > 1.0
    assert float(minimum_patience(1.0, 1.0, detection=0.0)) == 1.0


@given(gain=AMOUNT, dev=AMOUNT, m=CHANCE, h=st.floats(0.0, 0.5))
@settings(max_examples=80, deadline=None)
def test_slack_is_nought_exactly_at_the_minimum_patience(gain, dev, m, h) -> None:
    needed = float(minimum_patience(gain, dev, m, h))
    if needed < 1.0:
        assert float(slack(gain, dev, needed, m, h)) == pytest.approx(0.0, abs=1e-9 * (gain + dev))


@given(gain=AMOUNT, dev=AMOUNT, m=st.floats(0.05, 0.9), h=st.floats(0.0, 0.5), more=st.floats(0.01, 0.1))
@settings(max_examples=80, deadline=None)
def test_patience_needed_rises_with_temptation_and_turnover_and_falls_with_detection(gain, dev, m, h, more) -> None:
    base = minimum_patience(gain, dev, m, h)
    assert minimum_patience(gain, dev * (1.0 + more), m, h) > base
    assert minimum_patience(gain, dev, m, h + more) > base
    assert minimum_patience(gain, dev, m + more, h) < base
    assert minimum_patience(gain * (1.0 + more), dev, m, h) < base


def test_the_weakest_side_is_named_with_its_margin() -> None:
    place, margin = weakest_side(jnp.array([0.5, 0.85]), jnp.array([0.9, 0.8]))
    assert int(place) == 1
    assert float(margin) == pytest.approx(-0.05, abs=1e-15)


def effort_for_payment(value: float, patience: float):
    """The transit country's effort costs it e^2 / 2; the destination gains `value` e and pays x; no deal is worth 0."""
    declared = Declaration(
        (Party("D"), Party("T")),
        (Issue("effort", "T", 0.0, 2.0 * value), Issue("payment", "D", 0.0, 2.0 * value**2)),
        (
            Term("D", "effort", "linear", (value,)),
            Term("T", "effort", "quadratic", (0.0, 1.0)),
            Term("T", "payment", "linear", (1.0,)),
            Term("D", "payment", "linear", (-1.0,)),
        ),
    )
    weight = jnp.full(2, float(weight_of_loss(patience)))
    return assemble(declared, rules=(SelfEnforcing(weight),))


@pytest.mark.parametrize("patience", [0.2, 0.4, 0.5, 0.6, 0.65, 0.7, 0.74, 0.8, 0.95])
def test_the_deal_that_needs_no_judge_has_three_regimes_of_patience(patience) -> None:
    """Maximise (V e - x)(x - e^2 / 2) under x <= d V e and e^2 / 2 <= d x, solved by hand."""
    value = 2.0
    deal = agree(effort_for_payment(value, patience))
    if patience < 2 / 3:  # both promises bind
        expected = 2.0 * patience**2 * value, 2.0 * patience**3 * value**2
    elif patience <= 3 / 4:  # the destination's promise to pay binds
        expected = 4.0 / 3.0 * patience * value, 4.0 / 3.0 * patience**2 * value**2
    else:  # the deal of a judge
        expected = value, 0.75 * value**2
    assert np.asarray(deal.package) == pytest.approx(np.array(expected), rel=2e-5)


def test_what_a_breach_saves_is_the_cost_of_what_one_promised() -> None:
    problem = effort_for_payment(2.0, 0.5)
    assert np.asarray(temptations(problem, jnp.array([1.2, 0.9]))) == pytest.approx([0.9, 1.2**2 / 2.0], abs=1e-12)
    assert np.asarray(problem.rules[0].slack(jnp.array([1.2, 0.9]), problem)) == pytest.approx(
        [float(slack(2.4 - 0.9, 0.9, 0.5)), float(slack(0.9 - 0.72, 0.72, 0.5))], abs=1e-12
    )


def test_a_breach_that_nobody_sees_leaves_no_deal_without_a_judge() -> None:
    problem = effort_for_payment(2.0, 0.9)
    unseen = replace(problem, rules=(SelfEnforcing(jnp.full(2, float(weight_of_loss(0.9, detection=0.0)))),))
    assert bool(agree(problem).agreed)
    assert not bool(agree(unseen).agreed)


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        (lambda: slack(1.0, 1.0, 1.0), "patience"),
        (lambda: slack(1.0, -1.0, 0.5), "temptation"),
        (lambda: slack(float("nan"), 1.0, 0.5), "gain"),
        (lambda: minimum_patience(0.0, 1.0), "gain"),
        (lambda: minimum_patience(1.0, 1.0, detection=1.1), "detection"),
        (lambda: minimum_patience(1.0, 1.0, exit_hazard=-0.1), "leaving office"),
        (lambda: weakest_side(jnp.array([0.5]), jnp.array([1.0])), "patience"),
    ],
)
def test_numbers_out_of_range_are_refused_by_name(wrong, named) -> None:
    with pytest.raises(BargainError, match=named) as told:
        wrong()
    assert "expected" in str(told.value)
