"""Inequality against a key: zero where both agree, known values, and what scale and splitting leave alone."""

from __future__ import annotations

import numpy as np
import pytest

from palanca.sharing.inequality import gini, theil

KEY = np.array([0.5, 0.3, 0.2])


def test_both_are_zero_where_everyone_bears_by_the_key() -> None:
    even = 900.0 * KEY[:, None] * np.ones(2)
    np.testing.assert_allclose(gini(even, KEY), 0.0, atol=1e-12)
    np.testing.assert_allclose(theil(even, KEY), 0.0, atol=1e-12)


def test_if_one_bears_all_gini_is_the_share_of_the_others_and_theil_the_log_of_its_own() -> None:
    all_on_last = np.array([[0.0], [0.0], [700.0]])
    assert gini(all_on_last, KEY)[0] == pytest.approx(0.8)
    assert theil(all_on_last, KEY)[0] == pytest.approx(np.log(5.0))


def test_gini_is_half_the_mean_difference_over_the_mean() -> None:
    burden = np.array([[10.0], [50.0], [5.0]])
    each = burden[:, 0] / KEY
    pairs = np.abs(each[:, None] - each[None, :]) * KEY[:, None] * KEY[None, :]
    assert gini(burden, KEY)[0] == pytest.approx(pairs.sum() / 2.0 / (each @ KEY))


def test_neither_moves_with_the_scale_or_when_a_country_is_split_in_proportion() -> None:
    burden, split = np.array([[10.0], [50.0], [5.0]]), np.array([[10.0], [50.0], [2.0], [3.0]])
    key = np.array([0.5, 0.3, 0.08, 0.12])
    for measure in (gini, theil):
        assert measure(7.0 * burden, KEY)[0] == pytest.approx(measure(burden, KEY)[0])
        assert measure(split, key)[0] == pytest.approx(measure(burden, KEY)[0])
