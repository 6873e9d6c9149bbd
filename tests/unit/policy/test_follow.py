"""What the rules make of an encounter, gate by gate."""

from __future__ import annotations

from dataclasses import fields, replace

import corridors
import jax.numpy as jnp
import numpy as np
import pytest

from palanca.model.parameters import records
from palanca.policy import follow
from palanca.policy.levers import LeverLevels

CALM = jnp.zeros(1)


def month(**settings: object) -> LeverLevels:
    """The levers of one month, at rest but for those set."""
    levers = corridors.changed(corridors.quiet().levers, **settings)
    return replace(levers, **{field.name: getattr(levers, field.name)[0] for field in fields(LeverLevels)})


def policy(**fixed: object):
    return records(corridors.values(1, **fixed))[1]


def test_a_gate_is_closed_where_its_lever_is_off() -> None:
    levers = month()
    chances = follow.follow(levers, follow.gates(levers, policy(), CALM))
    assert np.all(np.asarray(chances.expelled) == 0.0)
    assert np.all(np.asarray(chances.abroad) == 0.0)


def test_gates_stand_in_a_row() -> None:
    levers = month(order=1.0, wait_abroad=1.0)
    even = follow.Gates(*(jnp.zeros((3, 3, 1)) for _ in follow.STAGES))
    chances = follow.follow(levers, even)
    shown = [float(np.asarray(value)[0, 0, 0]) for value in vars(chances).values()]
    np.testing.assert_allclose(shown, [0.5, 0.25, 0.125, 0.0625, 0.0625, 0.0], rtol=1e-14)


def test_half_an_order_halves_the_odds() -> None:
    full, half = (follow.gates(month(order=setting), policy(), CALM).expelled for setting in (1.0, 0.5))
    np.testing.assert_allclose(full - half, np.log(2.0), rtol=1e-12)


def test_practice_beyond_unchanged_levers_gives_the_gates_of_the_figures() -> None:
    levers, params = month(order=0.7, acceptance=0.4, wait_abroad=0.2), policy()
    seen = follow.Gates(*(jnp.full((3, 3, 1), x) for x in (0.1, -0.3, 1.7, 0.9)))
    computed = follow.gates(levers, params, CALM)
    again = follow.added(computed, follow.practice(seen, computed, levers))
    for stage in follow.STAGES:
        np.testing.assert_allclose(getattr(again, stage), getattr(seen, stage), rtol=1e-14)


def test_a_gate_that_was_not_in_use_shows_no_practice() -> None:
    levers = month()
    seen = follow.Gates(*(jnp.full((3, 3, 1), x) for x in (0.1, -0.3, 1.7, 0.9)))
    found = follow.practice(seen, follow.gates(levers, policy(), CALM), levers)
    assert not np.any(found.expelled)
    assert not np.any(found.abroad)
    assert np.all(np.asarray(found.home) != 0.0)


def test_crowding_takes_from_detention_alone() -> None:
    levers, params = month(order=1.0, wait_abroad=1.0), policy(crowding_detained=0.5)
    calm, crowded = (follow.gates(levers, params, jnp.array([x])) for x in (0.0, 2.0))
    np.testing.assert_allclose(calm.detained - crowded.detained, 1.0, rtol=1e-12)
    for stage in ("expelled", "abroad", "home"):
        assert np.array_equal(np.asarray(getattr(calm, stage)), np.asarray(getattr(crowded, stage)))


@pytest.mark.parametrize("release", [0.0, 0.4, 1.0])
def test_who_is_over_a_cap_is_let_in_as_far_as_people_are_released(release: float) -> None:
    levers = month()
    chances = follow.follow(levers, follow.gates(levers, policy(), CALM))
    held = follow.held(chances, jnp.full((3, 3, 1), 0.25), jnp.full((3, 3), release))
    np.testing.assert_allclose(held.home, 0.25 * chances.home, rtol=1e-14)
    over = 0.75 * np.asarray(chances.home)
    np.testing.assert_allclose(held.let_in - chances.let_in, release * over, rtol=1e-10, atol=1e-16)
    np.testing.assert_allclose(held.kept - chances.kept, (1.0 - release) * over, rtol=1e-10, atol=1e-16)
