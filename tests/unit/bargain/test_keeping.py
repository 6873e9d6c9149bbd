"""Promises hold exactly where what would be lost outweighs what a breach saves."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from palanca.bargain.keeping import (
    effective_patience,
    minimum_patience,
    minimum_patience_for,
    pooled_patience,
    slack,
    trust,
    weakest_side,
)
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


def test_three_months_of_punishment_need_the_root_of_a_cubic() -> None:
    needed = float(minimum_patience_for(**DILEMMA, months=3))
    assert needed == pytest.approx(0.543689, abs=1e-6)
    assert needed + needed**2 + needed**3 == pytest.approx(1.0, abs=1e-14)


def test_one_month_of_punishment_needs_the_ratio_itself_and_a_long_one_tends_to_grim() -> None:
    assert float(minimum_patience_for(2.0, 1.0, 1)) == pytest.approx(0.5, abs=1e-14)
    assert float(minimum_patience_for(**DILEMMA, months=600)) == pytest.approx(0.5, abs=1e-12)


def test_a_temptation_beyond_all_punishment_leaves_nobody_patient_enough() -> None:
    assert float(minimum_patience_for(1.0, 3.5, 3)) > 1.0
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


@given(gain=AMOUNT, share=st.floats(0.05, 0.9), months=st.integers(1, 60))
@settings(max_examples=60, deadline=None)
def test_a_longer_punishment_needs_no_more_patience(gain, share, months) -> None:
    dev = share * gain
    needed = float(minimum_patience_for(gain, dev, months))
    assert float(minimum_patience_for(gain, dev, months + 1)) <= needed + 1e-14
    assert needed >= float(minimum_patience(gain, dev)) - 1e-12
    assert np.sum(needed ** np.arange(1, months + 1)) == pytest.approx(share, abs=1e-11)


@given(values=st.lists(st.tuples(AMOUNT, AMOUNT), min_size=2, max_size=6))
@settings(max_examples=80, deadline=None)
def test_pooled_patience_is_a_mediant_of_what_each_issue_needs(values) -> None:
    gains, temptations = (jnp.array(column) for column in zip(*values, strict=True))
    alone = np.asarray(minimum_patience(gains, temptations))
    pooled = float(pooled_patience(gains, temptations))
    assert alone.min() - 1e-12 <= pooled <= alone.max() + 1e-12
    weight = np.asarray(gains + temptations)
    assert pooled == pytest.approx(float(np.average(alone, weights=weight)), abs=1e-12)


def test_pooling_issues_that_are_alike_changes_nothing() -> None:
    assert float(pooled_patience(jnp.full(4, 3.0), jnp.full(4, 2.0))) == pytest.approx(0.4, abs=1e-15)


@given(d=st.floats(0.05, 0.95), m=CHANCE, h=st.floats(0.0, 0.9), worth=AMOUNT)
@settings(max_examples=60, deadline=None)
def test_trust_is_the_largest_payment_a_side_keeps_making(d, m, h, worth) -> None:
    paid = float(trust(d, m, h)) * worth
    assert float(slack(worth - paid, paid, d, m, h)) == pytest.approx(0.0, abs=1e-9 * worth / (1.0 - d))
    assert float(slack(worth - 1.01 * paid, 1.01 * paid, d, m, h)) < 0.0


def test_trust_with_sure_detection_is_patience() -> None:
    assert float(trust(0.8)) == pytest.approx(0.8, abs=1e-15)
    assert float(trust(0.8, detection=0.0)) == 0.0


def test_the_weakest_side_is_named_with_its_margin() -> None:
    place, margin = weakest_side(jnp.array([0.5, 0.85]), jnp.array([0.9, 0.8]))
    assert int(place) == 1
    assert float(margin) == pytest.approx(-0.05, abs=1e-15)


def test_arithmetic_compiles_and_agrees() -> None:
    """Known limits are checked outside; inside, the same numbers come out."""
    needed = jax.jit(lambda dev: minimum_patience_for(2.0, dev, 3))(2.0)
    assert float(needed) == pytest.approx(float(minimum_patience_for(2.0, 2.0, 3)), abs=1e-15)


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        (lambda: slack(1.0, 1.0, 1.0), "patience"),
        (lambda: slack(1.0, -1.0, 0.5), "temptation"),
        (lambda: slack(float("nan"), 1.0, 0.5), "gain"),
        (lambda: minimum_patience(0.0, 1.0), "gain"),
        (lambda: minimum_patience(1.0, 1.0, detection=1.1), "detection"),
        (lambda: minimum_patience(1.0, 1.0, exit_hazard=-0.1), "leaving office"),
        (lambda: minimum_patience_for(1.0, 1.0, 0), "length of the punishment"),
        (lambda: minimum_patience_for(1.0, 1.0, -3), "length of the punishment"),
        (lambda: minimum_patience_for(1.0, 1.0, 3, detection=0.0), "detection"),
        (lambda: pooled_patience(jnp.array([1.0, -1.0]), jnp.array([1.0, 1.0])), "gain"),
        (lambda: weakest_side(jnp.array([0.5]), jnp.array([1.0])), "patience"),
    ],
)
def test_numbers_out_of_range_are_refused_by_name(wrong, named) -> None:
    with pytest.raises(BargainError, match=named) as told:
        wrong()
    assert "expected" in str(told.value)
