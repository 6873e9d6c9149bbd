"""Every way to ask for a division that cannot be made is refused in words: who, how many, and the way out."""

from __future__ import annotations

import numpy as np
import pytest

from palanca.core.errors import SharingError
from palanca.sharing import core_of_game, keys, market, participation, quotas

POPULATION = keys.KEYS["population"]


@pytest.mark.parametrize(
    ("ask", "words"),
    [
        (lambda: keys.custom({"population": 0.0, "gdp": 0.0}), "sum to 0"),
        (lambda: keys.custom({}), "sum to 0"),
        (lambda: keys.custom({"population": -0.5, "gdp": 1.0}), "negative weight.*population -0.5"),
        (lambda: keys.custom({"population": float("nan")}), "negative weight"),
        (lambda: keys.custom({"populaton": 1.0}), "unknown measure.*Did you mean 'population'"),
        (lambda: keys.custom({"population": 1.0}, {"gdp": 0.3}), "cap without a weight.*gdp"),
        (lambda: keys.custom({"population": 1.0, "gdp": 1.0}, {"gdp": -0.3}), "cap below 0"),
        (lambda: keys.custom({"unemployment": 1.0}, {"unemployment": 0.3}), "nothing says how large"),
        (lambda: keys.named("eu2014"), "no such key.*Did you mean"),
        (lambda: keys.key_shares(POPULATION, np.array([[1.0], [np.nan]]), "AB"), r"no figure.*B \(population\)"),
        (
            lambda: keys.key_shares(POPULATION, np.array([[1.0], [-2.0]]), "AB"),
            r"cannot be shared by.*B \(population\)",
        ),
        (lambda: keys.key_shares(POPULATION, np.array([[0.0], [0.0]]), "AB"), "every country has 0"),
        (lambda: keys.key_shares(POPULATION, np.array([[1.0, 2.0]]), "A"), "do not fit"),
        (lambda: quotas.whole(np.array([0.5, 0.4]), 10), "do not divide a whole"),
        (lambda: quotas.whole(np.array([0.5, 0.5]), -1), "total that cannot be divided"),
        (lambda: quotas.filled(np.array([0.5, 0.5]), 10, np.array([3.0, -1.0]), "AB"), "not a capacity.*B -1"),
        (lambda: quotas.uniform(np.array([1.0, -1.0]), 3.0), "no number of people"),
        (lambda: quotas.uniform(np.array([1.0, 1.0]), -3.0), "total that cannot be divided"),
        (lambda: quotas.coalitions(30), "too many countries"),
        (lambda: market.costs(np.array([1.0, 1.0]), np.array([1.0, 0.0]), "AB"), "does not rise.*B 0"),
        (
            lambda: market.costs(np.ones(1), np.ones(1), "A", low=np.array([3.0]), high=np.array([2.0])),
            "bounds in disorder",
        ),
        (lambda: market.fund(np.array([1.0, 2.0]), np.array([0.5, 0.6])), "do not divide a fund"),
        (lambda: core_of_game.core(np.zeros(3)), "not a game"),
        (lambda: participation.hold(np.zeros(2), np.zeros(2), from_outside=-1.0), "money below nothing"),
    ],
)
def test_what_cannot_be_shared_is_refused(ask, words):
    with pytest.raises(SharingError, match=f"(?s){words}"):
        ask()


def bounded():
    return market.costs(np.ones(3), np.ones(3), "ABC", low=np.array([2.0, 0.0, 0.0]), high=np.array([5.0, 5.0, 20.0]))


def test_quotas_above_capacity_are_refused_with_how_many_and_of_whom():
    with pytest.raises(
        SharingError, match=r"(?s)quotas above capacity.*A 3, B 7 people too many.*lower the total by 10"
    ):
        market.trade(bounded(), np.array([8.0, 12.0, 1.0]), "ABC")


def test_quotas_below_what_must_be_hosted_are_refused():
    with pytest.raises(SharingError, match=r"(?s)below what must be hosted.*A 1"):
        market.trade(bounded(), np.array([1.0, 1.0, 1.0]), "ABC")


@pytest.mark.parametrize("price", [-1.0, float("nan"), float("inf")])
def test_a_set_price_is_a_price(price):
    with pytest.raises(SharingError, match="not a price"):
        market.quota_or_pay(bounded(), np.array([3.0, 3.0, 3.0]), price, "ABC")


def test_transfers_in_a_circle_are_refused_and_the_circle_named():
    payments = np.zeros((4, 4))
    payments[0, 1] = payments[1, 2] = payments[2, 1] = 1.0
    with pytest.raises(SharingError, match=r"(?s)circle.*B pays C pays B"):
        market.check_transfers(payments, "ABCD")
    payments[2, 1] = 0.0
    market.check_transfers(payments, "ABCD")
    with pytest.raises(SharingError, match=r"(?s)A pays A"):
        market.check_transfers(np.diag([1.0, 0.0]), "AB")


def test_a_scheme_that_no_country_would_join_is_refused_with_the_rounds_as_its_certificate():
    made = market.costs(np.full(2, 10.0), np.ones(2), "AB")
    stake = participation.Stake(made, np.array([1.0, 2.0]), np.zeros(2))
    divide = participation.taking_over(np.array([0.9, 0.1]), 10.0, np.full(2, np.inf))
    joined = participation.join(stake, divide, np.zeros_like)
    assert not joined.inside.any()
    with pytest.raises(SharingError, match=r"(?s)no country would join.*round 1: A -120; round 2: B -130"):
        participation.check_joined(joined, "AB")
