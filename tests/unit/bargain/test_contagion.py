"""Linked issues end together: closed forms, chance runs, and the false alarms at which linking stops paying."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from palanca.bargain.contagion import SiloGains, lasting_value, tolerated_alarms
from palanca.core.errors import BargainError
from palanca.kernel.keys import stream

RUNS = 200_000


def silos(gain: list[float], issues: list[float]) -> SiloGains:
    return SiloGains(np.array(gain), np.array(issues))


def test_contagion_costs_what_the_closed_form_says() -> None:
    """T26: an issue watched without error, linked to one with a false alarm in ten months."""
    cost = lasting_value(1.0, 0.9, 0.0) - lasting_value(1.0, 0.9, 0.1)
    assert float(cost) == pytest.approx(10.0 - 1.0 / 0.19, abs=1e-14)
    assert float(cost) == pytest.approx(4.7368, abs=1e-4)


def test_chance_runs_agree_with_the_closed_form() -> None:
    months = stream(4, "lives").geometric(0.1, RUNS)
    worth = 3.0 * (1.0 - 0.9**months) / (1.0 - 0.9)
    assert abs(worth.mean() - float(lasting_value(3.0, 0.9, 0.1))) < 4.0 * worth.std() / np.sqrt(RUNS)


def test_silos_last_until_the_first_alarm_on_any_of_their_issues() -> None:
    """Two issues of gain 1 apart, and linked: 1 / (1 - .9 * .9) each, and 2 / (1 - .9 * .81) together."""
    alarm = np.array([0.1])
    assert silos([1.0, 1.0], [1.0, 1.0]).lasting(0.9, alarm)[0] == pytest.approx(2.0 / 0.19, rel=1e-14)
    assert silos([2.0], [2.0]).lasting(0.9, alarm)[0] == pytest.approx(2.0 / (1.0 - 0.9 * 0.81), rel=1e-14)


def test_the_tolerated_alarm_solves_the_quadratic_of_two_issues() -> None:
    """Linked gain 2.5 against 1 + 1: 2.5 (1 - d q) = 2 (1 - d q^2) with q = 1 - eps, so 2 d q^2 - 2.5 d q + .5 = 0."""
    d = 0.9
    quiet = max(np.roots([2.0 * d, -2.5 * d, 0.5]).real)
    found = tolerated_alarms(silos([1.0, 1.0], [1.0, 1.0]), silos([2.5], [2.0]), d)
    assert found == pytest.approx(1.0 - quiet, abs=1e-9)


def test_linking_that_gains_nothing_tolerates_no_alarm_and_linking_of_one_silo_any() -> None:
    apart = silos([1.0, 1.0], [1.0, 1.0])
    assert tolerated_alarms(apart, silos([2.0], [2.0]), 0.9) == 0.0
    assert tolerated_alarms(apart, silos([1.9], [2.0]), 0.9) == 0.0
    assert tolerated_alarms(silos([1.0], [2.0]), silos([1.1], [2.0]), 0.9) == np.inf


@given(more=st.floats(0.01, 0.5), further=st.floats(0.01, 0.5), d=st.floats(0.5, 0.98))
@settings(max_examples=40, deadline=None)
def test_linking_that_gains_more_tolerates_no_fewer_alarms(more, further, d) -> None:
    apart = silos([1.0, 1.0], [2.0, 3.0])
    few, many = (tolerated_alarms(apart, silos([2.0 + x], [5.0]), d) for x in (more, more + further))
    assert 0.0 < few <= many


def test_patience_out_of_range_is_refused_by_name() -> None:
    with pytest.raises(BargainError, match="patience"):
        tolerated_alarms(silos([1.0], [1.0]), silos([1.0], [1.0]), 1.0)
