"""Linking pools what holds promises and spreads what breaks them: closed forms, chance runs, and who should link."""

from __future__ import annotations

import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from palanca.bargain.contagion import contagion_cost, lasting_value, link_or_not
from palanca.core.errors import BargainError
from palanca.kernel.keys import stream

RUNS = 200_000


def lived(gain: float, patience: float, false_alarm: float, purpose: str) -> tuple[float, float]:
    """Mean and standard error of discounted gains over many lives that end at the first false alarm."""
    months = stream(4, purpose).geometric(false_alarm, RUNS)
    worth = gain * (1.0 - patience**months) / (1.0 - patience)
    return float(worth.mean()), float(worth.std() / np.sqrt(RUNS))


def test_contagion_costs_what_the_closed_form_says() -> None:
    assert float(contagion_cost(1.0, 0.9, 0.1)) == pytest.approx(10.0 - 1.0 / 0.19, abs=1e-14)
    assert float(contagion_cost(1.0, 0.9, 0.1)) == pytest.approx(4.7368, abs=1e-4)


def test_chance_runs_of_linked_and_separate_issues_agree_with_the_closed_form() -> None:
    """One issue watched without error and worth 1, one worth 2 with a false alarm in ten months."""
    both = link_or_not(jnp.array([1.0, 2.0]), jnp.zeros(2), 0.9, jnp.array([0.0, 0.1]), jnp.ones(2))
    assert float(both.apart) == pytest.approx(20.526, abs=1e-3)
    assert float(both.linked) == pytest.approx(15.789, abs=1e-3)
    assert float(both.apart - both.linked) == pytest.approx(float(contagion_cost(1.0, 0.9, 0.1)), abs=1e-12)
    for gain, known, found in ((3.0, 0.0, both.linked), (2.0, 10.0, both.apart)):
        mean, error = lived(gain, 0.9, 0.1, f"lives {gain}")
        assert abs(known + mean - float(found)) < 4.0 * error
        assert error < 0.03


@given(g=st.floats(0.1, 5.0), d=st.floats(0.1, 0.95), eps=st.floats(0.01, 0.9), more=st.floats(0.01, 0.09))
@settings(max_examples=60, deadline=None)
def test_contagion_costs_more_the_more_false_alarms_and_nothing_without(g, d, eps, more) -> None:
    assert float(contagion_cost(g, d, 0.0)) == 0.0
    assert contagion_cost(g, d, eps + more) > contagion_cost(g, d, eps) > 0.0


def test_linking_pays_where_a_slack_issue_carries_one_that_cannot_hold_alone() -> None:
    """Alone the second needs 0.9 * 1 / 0.1 = 9 of punishment and has 9 < 10; pooled, 12 <= 27."""
    carried = link_or_not(jnp.array([2.0, 1.0]), jnp.array([2.0, 10.0]), 0.9, jnp.zeros(2), jnp.ones(2))
    assert np.asarray(carried.kept_apart).tolist() == [True, False]
    assert bool(carried.kept_linked)
    assert (float(carried.apart), float(carried.linked)) == (pytest.approx(20.0), pytest.approx(30.0))


def test_the_same_issues_are_better_apart_once_alarms_are_false_often_enough() -> None:
    """Alarms must cost the carried issue more than it brings: below eps = 1/18 linking pays, above it does not."""
    eps = jnp.array([[0.0, 0.0], [1.0 / 18.0 - 1e-6, 1.0 / 18.0 + 1e-6]])
    found = link_or_not(jnp.array([[2.0], [1.0]]), jnp.array([[2.0], [10.0]]), 0.9, eps, jnp.ones((2, 1)))
    assert np.asarray(found.kept_linked).all()
    assert np.asarray(found.linked > found.apart).tolist() == [True, False]


def test_issues_that_are_alike_gain_nothing_by_linking() -> None:
    """With perfect monitoring the bundle holds exactly where each issue does (Bernheim and Whinston)."""
    for dev in (8.9, 9.1):
        found = link_or_not(jnp.ones(3), jnp.full(3, dev), 0.9, jnp.zeros(3), jnp.ones(3))
        assert np.asarray(found.kept_apart).all() == bool(found.kept_linked) == (dev < 9.0)
        assert float(found.apart) == pytest.approx(float(found.linked), rel=1e-12)


def test_a_bundle_is_only_as_sound_as_its_least_watched_breach() -> None:
    """A breach of all is sure to be seen, but the tempting issue alone is seen one time in ten."""
    found = link_or_not(jnp.array([1.0, 1.0]), jnp.array([0.1, 5.0]), 0.9, jnp.zeros(2), jnp.array([1.0, 0.1]))
    assert 0.9 * 1.0 * 20.0 >= 5.1
    assert 0.9 * 0.1 * 20.0 < 5.0
    assert not bool(found.kept_linked)
    assert float(found.linked) == 0.0


def test_a_single_issue_is_the_same_apart_and_linked() -> None:
    found = link_or_not(jnp.array([2.0]), jnp.array([1.0]), 0.8, jnp.array([0.05]), jnp.array([0.9]))
    assert float(found.apart) == float(found.linked) == pytest.approx(float(lasting_value(2.0, 0.8, 0.05)))


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        (lambda: contagion_cost(1.0, 1.0, 0.1), "patience"),
        (lambda: contagion_cost(1.0, 0.9, 1.1), "false alarm"),
        (lambda: link_or_not(jnp.ones(2), -jnp.ones(2), 0.9, jnp.zeros(2), jnp.ones(2)), "temptation"),
        (lambda: link_or_not(jnp.ones(2), jnp.ones(2), 0.9, jnp.zeros(2), jnp.full(2, 2.0)), "detection"),
        (lambda: link_or_not(jnp.ones(0), jnp.ones(0), 0.9, jnp.zeros(0), jnp.ones(0)), "number of issues"),
        (lambda: link_or_not(jnp.ones(11), jnp.ones(11), 0.9, jnp.zeros(11), jnp.ones(11)), "number of issues"),
    ],
)
def test_numbers_out_of_range_are_refused_by_name(wrong, named) -> None:
    with pytest.raises(BargainError, match=named):
        wrong()
