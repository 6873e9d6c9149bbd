"""Silence against criticism: the rate at which they balance."""

from __future__ import annotations

import numpy as np
import pytest

from palanca.questions.bargaining.silence import MOST_A_YEAR, flip_rate


def stream(paid: float, cost: float, months: int) -> np.ndarray:
    """Gains in the first month, a cost in the last, nothing between."""
    net = np.zeros((months, 1))
    net[0], net[-1] = -paid, cost
    return net


@pytest.mark.parametrize(("paid", "cost", "months"), [(1.0, 2.0, 121), (3.0, 4.0, 61), (1.0, 1.1, 25)])
def test_one_gain_and_one_later_cost_balance_at_the_closed_form(paid, cost, months) -> None:
    expected = np.log(cost / paid) / ((months - 1) / 12.0)
    assert flip_rate(stream(paid, cost, months)) == pytest.approx([expected], abs=1e-9)


def test_what_never_costs_more_than_it_pays_has_no_rate() -> None:
    assert np.isnan(flip_rate(stream(2.0, 1.0, 61))).all()
    assert np.isnan(flip_rate(stream(1.0, np.exp(MOST_A_YEAR * 10.0) * 2.0, 121))).all()


def test_draws_do_not_touch_one_another() -> None:
    both = np.concatenate([stream(1.0, 2.0, 61), stream(2.0, 1.0, 61)], axis=1)
    rate = flip_rate(both)
    assert rate[0] == pytest.approx(np.log(2.0) / 5.0, abs=1e-9)
    assert np.isnan(rate[1])
