"""Effort for payment without a judge: closed forms against a general optimiser, fading, renewals, instalments."""

from __future__ import annotations

import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize

from palanca.bargain.fading import fading_effort, renewals
from palanca.bargain.keeping import trust
from palanca.bargain.selfenforcing import least_payment, self_enforcing, sustainable_effort
from palanca.bargain.tranches import tranches
from palanca.core.errors import BargainError

SHARE = st.floats(0.05, 0.98)


def by_optimiser(value: float, a: float, b: float) -> tuple[float, float]:
    """The Nash deal under both promises, by sequential quadratic programming from several starts."""
    promises = [
        {"type": "ineq", "fun": lambda z: a * value * z[0] - z[1]},
        {"type": "ineq", "fun": lambda z: b * z[1] - z[0] ** 2 / 2.0},
    ]

    def loss(z: np.ndarray) -> float:
        gains = value * z[0] - z[1], z[1] - z[0] ** 2 / 2.0
        return -np.log(max(gains[0], 1e-12)) - np.log(max(gains[1], 1e-12))

    tries = []
    for part in (0.3, 0.6, 0.9):
        effort = part * 2.0 * a * b * value
        start = np.array([effort, (effort**2 / (2.0 * b) + a * value * effort) / 2.0])
        options = {"maxiter": 500, "ftol": 1e-14}
        found = minimize(loss, start, method="SLSQP", constraints=promises, bounds=[(0, None)] * 2, options=options)
        if found.success and min(rule["fun"](found.x) for rule in promises) > -1e-8:
            tries.append((found.fun, *found.x))
    return min(tries)[1:]


@pytest.mark.parametrize("patience", [0.2, 0.4, 0.5, 0.6, 0.65, 0.7, 0.74, 0.8, 0.95])
def test_the_self_enforcing_deal_has_three_regimes_of_patience(patience) -> None:
    value = 2.0
    deal = self_enforcing(value, trust(patience), trust(patience))
    if patience < 2 / 3:
        expected = 2.0 * patience**2 * value, 2.0 * patience**3 * value**2
    elif patience <= 3 / 4:
        expected = 4.0 / 3.0 * patience * value, 4.0 / 3.0 * patience**2 * value**2
    else:
        expected = value, 0.75 * value**2
    assert (float(deal.effort), float(deal.payment)) == pytest.approx(expected, rel=1e-12)
    assert (float(deal.effort), float(deal.payment)) == pytest.approx(by_optimiser(value, patience, patience), abs=1e-3)
    assert (bool(deal.payer_binds), bool(deal.doer_binds)) == (patience < 0.75, patience < 2 / 3)


@pytest.mark.parametrize(("a", "b"), [(0.9, 0.4), (0.4, 0.9), (0.9, 0.9), (0.3, 0.5), (0.76, 0.65), (0.74, 0.68)])
def test_sides_that_are_trusted_unlike_meet_in_the_same_closed_form(a, b) -> None:
    deal = self_enforcing(1.5, a, b)
    assert (float(deal.effort), float(deal.payment)) == pytest.approx(by_optimiser(1.5, a, b), abs=1e-3)


@given(a=SHARE, b=SHARE, value=st.floats(0.1, 10.0))
@settings(max_examples=80, deadline=None)
def test_both_promises_hold_in_the_deal_and_effort_never_exceeds_the_efficient(a, b, value) -> None:
    deal = self_enforcing(value, a, b)
    effort, paid = float(deal.effort), float(deal.payment)
    assert paid <= a * value * effort * (1 + 1e-12)
    assert effort**2 / 2.0 <= b * paid * (1 + 1e-12)
    assert 0.0 < effort <= value


@given(low=SHARE, high=SHARE, other=SHARE)
@settings(max_examples=60, deadline=None)
def test_more_trust_in_either_side_never_lowers_effort(low, high, other) -> None:
    low, high = sorted((low, high))
    assert self_enforcing(1.0, low, other).effort <= self_enforcing(1.0, high, other).effort
    assert self_enforcing(1.0, other, low).effort <= self_enforcing(1.0, other, high).effort


def test_the_payers_promise_is_the_first_to_fail_as_patience_falls() -> None:
    deal = self_enforcing(1.0, 0.7, 0.7)
    assert bool(deal.payer_binds)
    assert not bool(deal.doer_binds)


def test_a_payment_fixed_by_statute_sustains_the_root_of_twice_its_trusted_part() -> None:
    assert float(sustainable_effort(0.3, 0.8)) == pytest.approx(0.69282, abs=1e-5)
    assert float(sustainable_effort(0.8, 0.9)) == pytest.approx(1.2, abs=1e-15)
    assert float(least_payment(sustainable_effort(0.3, 0.8), 0.8)) == pytest.approx(0.3, abs=1e-15)


def test_delivery_halves_every_two_half_lives_of_its_reward() -> None:
    effort = np.asarray(fading_effort(0.5, 6.0, jnp.full((25, 1), 0.9)))
    assert effort[0] == pytest.approx(np.sqrt(0.9), abs=1e-15)
    assert effort[12] / effort[0] == pytest.approx(0.5, abs=1e-14)
    assert effort[24] / effort[0] == pytest.approx(0.25, abs=1e-14)
    assert np.all(np.diff(effort[:, 0]) < 0.0)


def test_an_election_ahead_shows_as_waning_delivery_before_any_breach() -> None:
    patience, hazard = 0.95, np.array([0.0, 0.0, 0.1, 0.3, 0.5])
    effort = np.asarray(fading_effort(1.0, 1e9, trust(patience, 1.0, jnp.asarray(hazard))))
    assert effort[0] == pytest.approx(effort[1], rel=1e-8)
    assert np.all(np.diff(effort[1:]) < 0.0)
    assert np.all(effort > 0.0)


def test_renewal_costs_more_each_time_and_tends_to_its_closed_form() -> None:
    value, release, leak, a, b = 1.0, 0.02, 0.1, 0.7, 0.6
    deals = renewals(value, release, leak, a, b, months=1, deals=400)
    payment = np.asarray(deals.payment)
    assert np.all(np.diff(payment[:50]) > 0.0)
    phi = min(1.0, 4 * a / 3) * min(1.0, 1.5 * b)
    at_rest = value / (1.0 - release * phi / leak)
    assert payment[0] == pytest.approx(min(a, 0.75) * phi * value**2, rel=1e-12)
    assert payment[-1] == pytest.approx(min(a, 0.75) * phi * at_rest**2, rel=1e-9)


def test_renewal_costs_the_same_where_nobody_is_held_back() -> None:
    deals = renewals(1.0, 0.0, 0.1, 0.9, 0.9, months=6, deals=5)
    assert np.ptp(np.asarray(deals.payment)) == 0.0


def test_the_price_climbs_without_end_where_those_held_back_never_leave_fast_enough() -> None:
    payment = np.asarray(renewals(1.0, 0.3, 0.1, 0.9, 0.9, months=1, deals=100).payment)
    assert payment[-1] / payment[-2] == pytest.approx((1.0 - 0.1 + 0.3) ** 2, rel=1e-6)


def test_finite_instalments_unravel_and_a_future_restores_them() -> None:
    pay = jnp.full((5,), 0.6)
    broken = tranches(1.0, 0.5, pay, 0.9, 0.0, 0.0)
    assert not np.any(np.asarray(broken.kept))
    assert (float(broken.payer), float(broken.doer)) == (0.0, 0.0)
    whole = tranches(1.0, 0.5, pay, 0.9, 0.7, 0.0)
    assert np.all(np.asarray(whole.kept))
    assert float(whole.payer) == pytest.approx(sum(0.4 * 0.9**k for k in range(5)) + 0.7 * 0.9**5, abs=1e-12)
    assert float(whole.doer) == pytest.approx(sum(0.1 * 0.9**k for k in range(5)), abs=1e-12)


def test_the_future_that_restores_instalments_is_the_last_payment_over_patience() -> None:
    after = 0.6 / 0.9 + np.array([-1e-9, 1e-9])
    kept = np.asarray(tranches(1.0, 0.5, jnp.full((4, 1), 0.6), 0.9, after, 0.0).kept)
    assert kept.all(axis=0).tolist() == [False, True]
    assert not kept[:, 0].any()


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        (lambda: self_enforcing(1.0, 1.2, 0.5), "trust in the payer"),
        (lambda: self_enforcing(-1.0, 0.5, 0.5), "value of effort"),
        (lambda: sustainable_effort(-0.1, 0.5), "payment"),
        (lambda: least_payment(1.0, 0.0), "trust in the doer"),
        (lambda: fading_effort(1.0, 0.0, jnp.ones(3)), "half-life"),
        (lambda: renewals(1.0, 0.1, 0.0, 0.5, 0.5, months=1, deals=2), "leak"),
        (lambda: renewals(1.0, 0.1, 0.1, 0.5, 0.5, months=0, deals=2), "months from deal to deal"),
        (lambda: tranches(1.0, 0.5, jnp.ones(2), 0.9, -1.0, 0.0), "remains for the payer"),
        (lambda: tranches(1.0, 0.5, jnp.ones(2), 1.0, 1.0, 0.0), "patience"),
    ],
)
def test_numbers_out_of_range_are_refused_by_name(wrong, named) -> None:
    with pytest.raises(BargainError, match=named):
        wrong()
