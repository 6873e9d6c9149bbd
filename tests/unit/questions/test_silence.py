"""Silence against criticism: the rate at which they balance, and how the outcome is told."""

from __future__ import annotations

import numpy as np
import pytest

from palanca.core.clock import Month
from palanca.questions.bargaining.silence import MOST_A_YEAR, Silence, flip_rate
from palanca.view import silence as view


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


def told(later: np.ndarray, now: np.ndarray) -> Silence:
    level = np.full((2, *later.shape), 0.5)
    return Silence(Month.parse("2024-01"), "MEX", now, level, later, flip_rate(later - now[None]), 50.0)


def test_the_sentences_say_whether_the_sign_changes() -> None:
    rising = np.linspace(0.0, 6.0, 120)[:, None] * np.ones(10)
    yes = view.says(told(rising, np.ones(10)))
    assert "borne out" in yes[2]
    assert "not borne out" not in yes[2]
    never = view.says(told(np.zeros((120, 10)), np.ones(10)))
    assert "in no draw: not borne out" in never[2]
    assert "assumed" in never[-1]


def test_a_year_is_the_mean_of_its_months() -> None:
    rising = np.linspace(0.0, 6.0, 24)[:, None] * np.ones(4)
    rows = view.by_year(told(rising, np.ones(4)))
    assert len(rows) == 2
    assert rows[1]["net"] == pytest.approx(rising[12:, 0].mean() - 1.0)
