"""Attention weighs more near an election; cost is attention times clock times arrivals."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from palanca.politics.clock import months_to_next, weight


def test_months_to_the_next_election_by_hand() -> None:
    found = months_to_next(np.array([98, 99, 100, 101, 124, 125]), np.array([124, 100]))
    assert np.asarray(found).tolist() == [2.0, 1.0, 0.0, 23.0, 0.0, np.inf]
    assert np.isinf(np.asarray(months_to_next(np.array([1]), np.array([], dtype=int)))).all()


def test_the_clock_peaks_at_the_election_and_is_one_far_away_or_switched_off() -> None:
    assert float(weight(0.0, 0.6, 6.0)) == pytest.approx(1.6, abs=1e-15)
    assert float(weight(6.0, 0.6, 6.0)) == pytest.approx(1.0 + 0.6 / np.e, abs=1e-15)
    assert float(weight(np.inf, 0.6, 6.0)) == 1.0
    assert np.all(np.asarray(weight(np.arange(24.0), 0.0, 6.0)) == 1.0)
    assert np.all(np.diff(np.asarray(weight(np.arange(24.0), 0.6, 6.0))) < 0.0)


def test_slopes_stay_finite_where_no_election_is_in_sight() -> None:
    assert float(jax.grad(lambda tau: weight(jnp.inf, 0.6, tau))(6.0)) == 0.0
