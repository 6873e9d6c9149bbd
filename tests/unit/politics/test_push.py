"""What drives departures is felt years later, whole and no more."""

from __future__ import annotations

import jax.numpy as jnp
import numpy as np
import pytest
from scipy import stats

from palanca.politics.push import STAGES, delayed

PULSE = jnp.zeros(600).at[0].set(1.0)


def test_nothing_is_lost_on_the_way_and_the_mean_delay_is_as_declared() -> None:
    felt = np.asarray(delayed(PULSE, 3.0))
    assert felt.sum() == pytest.approx(1.0, abs=1e-9)
    assert (felt * np.arange(600)).sum() == pytest.approx(36.0, abs=1e-6)


def test_the_delay_is_negative_binomial() -> None:
    expected = stats.nbinom.pmf(np.arange(600) - STAGES, STAGES, STAGES / 36.0)
    np.testing.assert_allclose(delayed(PULSE, 3.0), expected, atol=1e-14)


def test_no_delay_is_felt_at_once_and_a_lasting_level_in_the_end() -> None:
    wild = jnp.asarray(np.random.default_rng(1).normal(size=50))
    np.testing.assert_array_equal(delayed(wild, 0.0), wild)
    assert float(delayed(jnp.full(600, 2.0), 3.0)[-1]) == pytest.approx(2.0, abs=1e-9)
    np.testing.assert_allclose(delayed(jnp.full(60, 2.0), 3.0, before=2.0), 2.0, rtol=1e-14)


def test_delays_differ_by_draw() -> None:
    felt = delayed(PULSE[:, None], jnp.array([1.0, 3.0]))
    assert felt.shape == (600, 2)
    np.testing.assert_allclose((felt * np.arange(600)[:, None]).sum(axis=0), [12.0, 36.0], rtol=1e-6)
