"""Democracy repairs and erodes at constant rates a year; twelve months make exactly a year."""

from __future__ import annotations

from dataclasses import replace

import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from palanca.politics.democracy import Slow, path, step

STILL = Slow(best=0.8, repair=0.0, drift=0.0, harm=0.0, benefit=0.0)
ALL = Slow(best=0.8, repair=0.05, drift=0.03, harm=0.1, benefit=0.04)
SHARE = st.floats(0.0, 1.0)


def test_with_every_rate_at_nothing_it_stands_still() -> None:
    assert float(step(0.37, 1.0, 1.0, 1.0, STILL)) == 0.37


def test_repair_alone_closes_the_gap_exponentially() -> None:
    none = jnp.zeros(120)
    walked = path(0.3, none, none, none, replace(STILL, repair=0.1))
    np.testing.assert_allclose(walked, 0.8 - 0.5 * np.exp(-0.1 * np.arange(1, 121) / 12.0), rtol=1e-12)


def test_drift_alone_decays_exponentially() -> None:
    assert float(step(0.4, 0.0, 0.0, 0.0, replace(STILL, drift=0.2), years=5.0)) == pytest.approx(0.4 / np.e, rel=1e-14)


@given(level=st.floats(0.0, 0.8), silence=SHARE, criticism=SHARE, pressure=SHARE)
@settings(max_examples=60, deadline=None)
def test_twelve_months_make_a_year_and_bounds_hold(level, silence, criticism, pressure) -> None:
    month = level
    for _ in range(12):
        month = float(step(month, silence, criticism, pressure, ALL))
    assert month == pytest.approx(float(step(level, silence, criticism, pressure, ALL, years=1.0)), abs=1e-14)
    assert 0.0 <= month <= 0.8


def test_silence_harms_only_under_pressure_and_criticism_helps() -> None:
    base = float(step(0.5, 0.0, 0.0, 1.0, ALL))
    assert float(step(0.5, 1.0, 0.0, 1.0, ALL)) < base < float(step(0.5, 0.0, 1.0, 1.0, ALL))
    assert float(step(0.5, 1.0, 0.0, 0.0, ALL)) == float(step(0.5, 0.0, 0.0, 0.0, ALL))
    assert float(step(0.5, 1.0, 0.0, 1.0, replace(ALL, harm=0.0))) == base
    assert float(step(0.5, 0.0, 1.0, 1.0, replace(ALL, benefit=0.0))) == base


def test_it_comes_to_rest_where_repair_and_loss_balance() -> None:
    found = step(0.2, 1.0, 0.5, 0.5, ALL, years=1000.0)
    up, down = 0.05 + 0.04 * 0.5, 0.03 + 0.1 * 0.5
    assert float(found) == pytest.approx(0.8 * up / (up + down), abs=1e-12)
