"""A second program, written from the equations alone, gives the same numbers as the compiled engine."""

from __future__ import annotations

from dataclasses import fields, replace

import corridors
import jax.numpy as jnp
import numpy as np
import other_figures
import pytest
from corridors import history, twin

import numpy_corridor
from palanca.model import build, parameters
from palanca.model.outcomes import MonthlyOutcomes
from palanca.model.run import CorridorInputs
from palanca.spec import schedule
from palanca.spec.load import load

SAME = 1e-9  # both work in double precision; sums of a few hundred terms in another order differ by 1e-13
NOBODY = 1e-6  # people; below this a relative difference says nothing


def plain(values: dict) -> dict[str, np.ndarray]:
    return {name: np.asarray(value) for name, value in values.items()}


def worst(engine: MonthlyOutcomes, other: dict[str, np.ndarray]) -> dict[str, float]:
    """Largest relative difference, field by field."""
    assert set(other) == {field.name for field in fields(MonthlyOutcomes)}
    out = {}
    for name, theirs in other.items():
        ours = np.asarray(getattr(engine, name))
        assert ours.shape == theirs.shape, name
        scale = 1.0 if name == "imbalance" else np.maximum(np.abs(theirs), NOBODY)
        out[name] = float(np.max(np.abs(ours - theirs) / scale))
    return out


def compare(inputs: CorridorInputs, values: dict, now: object) -> None:
    """Replay, project and a what-if agree on every field."""
    second, numbers = numpy_corridor.Plain.of(inputs), plain(values)
    shocks, seen = corridors.replayed(inputs, values)
    their_shocks, their_seen = numpy_corridor.replay(second, numbers)
    for name in ("factor", "pace", "effort", "slope", "at_bound"):
        np.testing.assert_allclose(getattr(shocks, name), their_shocks[name], rtol=SAME, atol=1e-15, err_msg=name)
    assert max(worst(seen, their_seen).values()) < SAME
    for levers in (inputs.levers, now):
        theirs = numpy_corridor.project(second, numpy_corridor.arrays_of(levers), their_shocks, numbers)
        assert max(worst(twin(inputs, levers, shocks, values), theirs).values()) < SAME


def test_a_small_corridor_with_every_lever_in_use_agrees_month_by_month() -> None:
    inputs = corridors.eventful()
    now = corridors.changed(inputs.levers, 12, effort=0.4, order=0.0, slots=150.0, removal=0.2, reception=0.1)
    compare(inputs, corridors.values(draws=6), now)


def test_a_new_order_where_history_had_none_agrees() -> None:
    inputs = corridors.eventful()
    now = corridors.changed(inputs.levers, 2, order=0.8, acceptance=0.5, wait_abroad=0.3, returns=0.9, returns_cap=90.0)
    compare(inputs, corridors.values(draws=6, seed=5), now)


def test_the_comparison_notices_a_change_in_the_ninth_digit() -> None:
    inputs = corridors.eventful()
    values = corridors.values(draws=2)
    nudged = {**values, "cross_waiting": values["cross_waiting"] * (1.0 + 1e-8)}
    _, seen = corridors.replayed(inputs, values)
    _, theirs = numpy_corridor.replay(numpy_corridor.Plain.of(inputs), plain(nudged))
    assert max(worst(seen, theirs).values()) > SAME


@pytest.mark.slow
def test_the_us_mexico_case_agrees_for_eight_draws_of_the_prior() -> None:
    case = schedule.until(load("us-mexico"), other_figures.followed_to())  # the rival knows no series that end early
    inputs = build.inputs(case)
    plan = parameters.layout(case)
    noise = np.random.default_rng(8).standard_normal((plan.length, 8))
    values = plan.constrain(jnp.array(plan.centre()[:, None] + plan.spread()[:, None] * noise))
    now = replace(inputs.levers, effort=inputs.levers.effort * 0.5, order=inputs.levers.order * 0.0)
    compare(inputs, values, now)


def test_history_is_replay_followed_by_its_own_projection() -> None:
    inputs, values = corridors.eventful(), corridors.values(draws=3)
    shocks, seen = history(inputs, values)
    alone, _ = corridors.replayed(inputs, values)
    np.testing.assert_allclose(shocks.factor, alone.factor, rtol=1e-12)
    again = twin(inputs, inputs.levers, shocks, values)
    np.testing.assert_allclose(seen.encounters, again.encounters, rtol=1e-12)
