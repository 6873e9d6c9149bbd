"""The transit country's price of effort is flat below its threshold of people stuck and rises above it (fact 30)."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from palanca.politics.hosting import Host, excess, price

HOST = Host(money=2.0, sovereignty=1.5, threshold=50_000.0, steepness=0.8, burden=0.1)
FEW, MANY = np.linspace(0.0, 50_000.0, 11), np.linspace(50_000.0, 200_000.0, 16)


def test_price_by_hand() -> None:
    assert float(price(75_000.0, HOST)) == pytest.approx(2.0 * 1.5 * (1.0 + 0.8 * 0.5), abs=1e-12)
    assert float(excess(75_000.0, HOST)) == 25_000.0


def test_price_is_flat_up_to_the_threshold_and_rises_with_every_person_above() -> None:
    assert np.ptp(np.asarray(price(FEW, HOST))) == 0.0
    assert np.all(np.diff(np.asarray(price(MANY, HOST))) > 0.0)


def test_a_threshold_out_of_reach_or_no_steepness_leaves_the_price_flat() -> None:
    for flat in (replace(HOST, threshold=np.inf), replace(HOST, steepness=0.0)):
        np.testing.assert_array_equal(price(MANY, flat), 3.0)


def test_sovereignty_multiplies_the_price_of_effort() -> None:
    prouder = replace(HOST, sovereignty=3.0)
    assert float(price(90_000.0, prouder)) == pytest.approx(2.0 * float(price(90_000.0, HOST)), abs=1e-12)
