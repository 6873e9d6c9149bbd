"""A contested measure survives month by month; what is left of its strength is the mean of its chances."""

from __future__ import annotations

import numpy as np
import pytest

from palanca.politics.courts import expected_strength, standing_chance


def test_standing_by_hand() -> None:
    np.testing.assert_allclose(standing_chance(0.9, np.array([0.0, 1.0, 12.0])), [1.0, 0.9, 0.9**12])


def test_expected_strength_is_the_geometric_mean_of_months() -> None:
    found = expected_strength(2.0, np.array([0.9, 0.5]), 12)
    np.testing.assert_allclose(found, [2.0 * (1.0 - q**12) / (12 * (1.0 - q)) for q in (0.9, 0.5)], rtol=1e-14)


def test_a_survival_chance_of_one_turns_courts_off() -> None:
    assert float(expected_strength(2.0, 1.0, 24)) == pytest.approx(2.0, abs=1e-14)


def test_many_measures_in_court_survive_as_often_as_said() -> None:
    """Agreement with chance itself: 20,000 measures, a month at a time."""
    source = np.random.default_rng(1)
    standing = np.ones(20_000, dtype=bool)
    for _ in range(6):
        standing &= source.random(20_000) < 0.85
    assert standing.mean() == pytest.approx(float(standing_chance(0.85, 6.0)), abs=0.014)
