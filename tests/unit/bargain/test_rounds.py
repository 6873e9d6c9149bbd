"""Offers in turn agree with their closed forms, and with the Nash point when answers come fast."""

from __future__ import annotations

import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from palanca.bargain.rounds import fast_offers, offers_in_turn, offers_on_a_frontier, patience_of
from palanca.core.errors import BargainError

PATIENCE = st.floats(0.01, 0.99)
SHARE = st.floats(0.0, 1.0)


def played(d1: float, d2: float, w1: float, w2: float, rounds: int) -> float:
    """The proposer's share when talks end after so many rounds, solved from the last one back."""
    proposes = 1.0
    for left in range(rounds):
        d, w = (d2, w2) if (rounds - left) % 2 else (d1, w1)
        proposes = 1.0 - max(d * proposes, w)
    return proposes


def test_equally_patient_sides_split_as_rubinstein_says() -> None:
    split = offers_in_turn(0.9, 0.9)
    assert float(split.first) == pytest.approx(1.0 / 1.9, abs=1e-15)
    assert float(split.first) == pytest.approx(0.526316, abs=1e-6)
    assert float(split.first + split.second) == 1.0


def test_as_rounds_shorten_shares_are_inverse_to_impatience() -> None:
    period = 1e-5
    split = offers_in_turn(patience_of(0.05, period), patience_of(0.15, period))
    assert float(split.first) == pytest.approx(0.75, abs=2e-6)
    assert float(fast_offers(0.05, 0.15).first) == pytest.approx(0.75, abs=1e-15)


def test_an_outside_option_does_nothing_until_it_binds() -> None:
    patience = 1.0 - 1e-7
    assert float(offers_in_turn(patience, patience, 0.0, 0.3).first) == pytest.approx(0.5, abs=5e-8)
    assert float(offers_in_turn(patience, patience, 0.0, 0.7).first) == pytest.approx(0.3, abs=1e-15)
    assert float(fast_offers(0.1, 0.1, 0.0, 0.3).first) == 0.5
    assert float(fast_offers(0.1, 0.1, 0.0, 0.7).first) == pytest.approx(0.3, abs=1e-15)
    assert float(fast_offers(0.1, 0.1, 0.7, 0.0).first) == pytest.approx(0.7, abs=1e-15)


@given(d1=PATIENCE, d2=PATIENCE, w1=SHARE, part=SHARE)
@settings(max_examples=80, deadline=None)
def test_the_closed_form_with_options_is_what_backward_induction_finds(d1, d2, w1, part) -> None:
    w2 = part * (1.0 - w1) * 0.999
    rounds = 2 * int(np.ceil(np.log(1e-10) / np.log(d1 * d2)) + 2)
    found = float(offers_in_turn(d1, d2, w1, w2).first)
    assert found == pytest.approx(played(d1, d2, w1, w2, rounds), abs=1e-8)


@given(d1=PATIENCE, d2=PATIENCE, more=st.floats(0.001, 0.009))
@settings(max_examples=50, deadline=None)
def test_patience_is_strength(d1, d2, more) -> None:
    assert offers_in_turn(d1 + more, d2).first > offers_in_turn(d1, d2).first > offers_in_turn(d1, d2 + more).first


def test_options_that_leave_no_room_leave_no_deal() -> None:
    split = offers_in_turn(0.9, 0.9, 0.7, 0.4)
    assert not bool(split.agreed)
    assert (float(split.first), float(split.second)) == (0.7, 0.4)
    assert bool(fast_offers(0.1, 0.1, 0.6, 0.4).agreed)


def test_offers_on_a_curved_frontier_close_in_on_the_nash_point() -> None:
    """On u2 = sqrt(1 - u1) the point that maximises u1^a u2^(1 - a) has u1 = 2a / (1 + a)."""
    period = 1e-6
    frontier = lambda u: float(np.sqrt(max(1.0 - u, 0.0)))  # noqa: E731
    even = np.exp(-0.1 * period)
    proposing, answering = offers_on_a_frontier(frontier, 1.0, even, even)
    assert proposing == pytest.approx(2.0 / 3.0, abs=3e-7)
    assert answering < 2.0 / 3.0 < proposing or proposing == pytest.approx(answering, abs=1e-6)
    eager = offers_on_a_frontier(frontier, 1.0, np.exp(-0.05 * period), np.exp(-0.15 * period))
    assert eager[0] == pytest.approx(2 * 0.75 / 1.75, abs=1e-6)


def test_on_a_straight_frontier_offers_are_those_of_the_closed_form() -> None:
    proposing, _ = offers_on_a_frontier(lambda u: 1.0 - u, 1.0, 0.8, 0.6)
    assert proposing == pytest.approx(float(offers_in_turn(0.8, 0.6).first), abs=1e-12)


def test_draws_are_split_entry_by_entry() -> None:
    split = offers_in_turn(jnp.array([0.9, 0.5]), 0.9)
    assert split.first.shape == (2,)
    assert float(split.first[0]) == float(offers_in_turn(0.9, 0.9).first)


@pytest.mark.parametrize("wrong", [0.0, 1.0, -0.1, 1.5, float("nan")])
def test_patience_outside_its_range_is_refused_by_name(wrong) -> None:
    with pytest.raises(BargainError, match="patience of the second side is out of range") as told:
        offers_in_turn(0.9, wrong)
    assert "strictly between 0 and 1" in str(told.value)


def test_what_cannot_be_bargained_over_is_refused() -> None:
    with pytest.raises(BargainError, match="outside option"):
        fast_offers(0.1, 0.1, -0.2, 0.0)
    with pytest.raises(BargainError, match="impatience"):
        patience_of(0.0, 1.0)
    with pytest.raises(BargainError, match="frontier"):
        offers_on_a_frontier(lambda u: 2.0 - u, 1.0, 0.9, 0.9)
