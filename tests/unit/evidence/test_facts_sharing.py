"""The probe of a sharing scheme reads falls as falls, and harm per person admitted."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from palanca.evidence.facts import sharing
from palanca.questions.share.run import DEFECTS, RECORD, SCHEME

TOTALS = {
    (RECORD, "irregular"): 200.0, (SCHEME, "irregular"): 150.0,
    (RECORD, "deaths"): 10.0, (SCHEME, "deaths"): 6.0,
    (RECORD, "lawful"): 100.0, (SCHEME, "lawful"): 120.0,
    (SCHEME, "placed"): 40.0, (DEFECTS, "placed"): 30.0,
}  # fmt: skip
TAKEN = {SCHEME: np.array([[60.0], [40.0]]), sharing.OWN: np.array([[55.0], [45.0]])}


def test_every_quantity_is_what_its_name_says() -> None:
    told = SimpleNamespace(
        total=lambda world, outcome: np.array([TOTALS[world, outcome]]),
        uneven=lambda world: (np.array([{RECORD: 0.31, SCHEME: 0.27}[world]]), None),
        leverage={RECORD: np.array([[1.0], [50.0]]), SCHEME: np.array([[1.0], [38.0]])},
        taken=TAKEN.__getitem__,
    )
    found = {name: float(values[0]) for name, values in sharing._read(told).items()}
    assert found == pytest.approx(
        {
            "arrivals_fall": 0.25,
            "arrivals_left": 0.75,
            "burden_fall": 0.04,
            "leverage_fall": 12.0,  # of the last month asked
            "harm_fall": 0.5,  # .05 a person admitted against .1
            "laxest_gains": 5.0,
            "lost_by_leaving": 0.25,
        }
    )
