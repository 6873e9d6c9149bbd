"""History, what-ifs without a change, forecasts at the same levers and simulated figures agree: they share one scan."""

from __future__ import annotations

from dataclasses import fields, replace

import corridors
import jax
import jax.numpy as jnp
import numpy as np
import pytest

from palanca.infer import simulated, synthetic
from palanca.model import run
from palanca.model.attention import Reaction, ToAttention, usual_at
from palanca.model.outcomes import MonthlyOutcomes
from palanca.model.run import CorridorInputs, Values, fixed
from palanca.model.world import Shocks
from palanca.policy.follow import STAGES
from palanca.questions.bargaining import response
from palanca.questions.bargaining.response import Settings
from palanca.questions.forecast import horizon
from palanca.questions.forecast import worlds as months_ahead
from palanca.questions.forecast.worlds import Moves
from palanca.questions.whatif import worlds as whatif
from palanca.questions.whatif.worlds import WorldChange
from palanca.spec.load import load

DRAWS = 4
NAMES = [field.name for field in fields(MonthlyOutcomes) if field.name != "imbalance"]  # rounding need not be the same
HALFWAY = 15


@pytest.fixture(scope="module")
def inputs() -> CorridorInputs:
    return corridors.eventful()


@pytest.fixture(scope="module")
def values() -> Values:
    return corridors.values(DRAWS)


@pytest.fixture(scope="module")
def history(inputs: CorridorInputs, values: Values) -> tuple[Shocks, MonthlyOutcomes]:
    return corridors.replayed(inputs, values)


def agree(one: MonthlyOutcomes, other: MonthlyOutcomes) -> None:
    for name in NAMES:
        np.testing.assert_allclose(getattr(one, name), getattr(other, name), rtol=1e-9, atol=1e-9, err_msg=name)


def some(seen: MonthlyOutcomes, first: int) -> MonthlyOutcomes:
    return jax.tree.map(lambda leaf: leaf[first:], seen)


def test_a_what_if_without_a_change_is_history(inputs: CorridorInputs, values: Values, history) -> None:
    shocks, replayed = history
    agree(corridors.twin(inputs, inputs.levers, shocks, values), replayed)


def test_a_world_begun_at_any_month_goes_on_as_the_one_begun_at_the_first(
    inputs: CorridorInputs, values: Values, history
) -> None:
    shocks, _ = history
    _, starts = jax.jit(run.starts)(inputs, values)
    whole = corridors.twin(inputs, corridors.changed(inputs.levers, HALFWAY, effort=0.1, order=0.3), shocks, values)
    levers = corridors.changed(inputs.levers, HALFWAY, effort=0.1, order=0.3)
    start, given = (
        jax.tree.map(lambda leaf: leaf[HALFWAY], starts),
        jax.tree.map(lambda leaf: leaf[HALFWAY:], run.under(inputs, levers, shocks)),
    )
    _, later = run.through(start, given, fixed(inputs.corridor, values))
    agree(later, some(whole, HALFWAY))


def test_governments_that_answer_to_what_history_saw_change_nothing(
    inputs: CorridorInputs, values: Values, history
) -> None:
    """Attention compared with its own is nothing to answer, however strongly they would."""
    shocks, replayed = history
    start, kept = run.spread(inputs.start, DRAWS), fixed(inputs.corridor, values)
    rule = Reaction(jnp.full((len(STAGES), DRAWS), 0.5), jnp.full(DRAWS, 0.5))
    none = jnp.zeros_like(shocks.effort)
    given = run.under(inputs, inputs.levers, shocks)
    still = ToAttention(Reaction(0.0 * rule.gates, 0.0 * rule.effort), usual_at(start), none, none)
    _, attention = run.through(start, given, kept, react=still, select=lambda _, state: state.attention)
    _, seen = run.through(start, given, kept, react=ToAttention(rule, usual_at(start), attention, none))
    agree(seen, replayed)
    _, moved = run.through(start, given, kept, react=ToAttention(rule, usual_at(start), attention - 0.1, none))
    assert np.all(np.asarray(moved.stops).sum(axis=1)[3] > np.asarray(replayed.stops).sum(axis=1)[3])


def test_the_worlds_of_a_what_if_without_a_change_are_history(inputs: CorridorInputs, values: Values, history) -> None:
    shocks, replayed = history
    plan, free = corridors.layout(), corridors.free(DRAWS)
    past = whatif.past_of(inputs, plan.entries, free)
    none = jnp.zeros_like(shocks.effort)
    turn = WorldChange(
        inputs.levers,
        Reaction(jnp.zeros((len(STAGES), DRAWS)), jnp.zeros(DRAWS)),
        none,
        whatif.stretch(HALFWAY, len(none)),
    )
    same = whatif.run(inputs, past, turn)
    for name, numbers in past.record.numbers.items():
        np.testing.assert_array_equal(same.numbers[name], numbers, err_msg=name)
    np.testing.assert_allclose(same.numbers["stops by origin"], replayed.stops, rtol=1e-9, atol=1e-9)
    other = whatif.run(inputs, past, replace(turn, levers=corridors.changed(inputs.levers, HALFWAY, effort=0.1)))
    for name, numbers in past.record.numbers.items():
        np.testing.assert_array_equal(other.numbers[name][:HALFWAY], numbers[:HALFWAY], err_msg=name)
    assert not np.array_equal(other.numbers["stops"][HALFWAY:], past.record.numbers["stops"][HALFWAY:])


def test_a_window_under_the_levers_of_the_record_is_history(inputs: CorridorInputs, values: Values, history) -> None:
    shocks, replayed = history
    worlds, _ = response.starts(inputs, values)
    start = jax.tree.map(lambda leaf: leaf[HALFWAY], worlds)
    found = response.window(inputs, start, shocks, values, Settings.of([{}]), jnp.array(HALFWAY), 3)
    came = np.asarray(replayed.encounters)[HALFWAY : HALFWAY + 3].sum(axis=2).mean(axis=0)
    np.testing.assert_allclose(found["encounters"][0], came, rtol=1e-9)


def test_a_forecast_at_the_levers_figures_and_effort_that_came_is_history(values: Values) -> None:
    """From a quiet month on, with arrivals, practice and effort as they were, the months ahead are history."""
    inputs = corridors.quiet()
    inputs = replace(inputs, figures=replace(inputs.figures, crowding=jnp.full(corridors.MONTHS, np.log(0.1))))
    shocks, replayed = corridors.replayed(inputs, values)
    last, ahead = HALFWAY, corridors.MONTHS - HALFWAY - 1
    path = horizon.recorded(horizon.persisting(inputs, last, ahead), inputs, last, practice=True)
    path = replace(path, outside=jax.tree.map(lambda leaf: leaf[last + 1 :], inputs.outside))
    arrivals = jnp.broadcast_to(inputs.figures.encounters[last + 1 :, :, None], (ahead, corridors.ORIGINS, DRAWS))
    gaps = jnp.log(shocks.effort[last:] / values["effort_routine"])
    noise = (gaps[1:] - values["delivery_persistence"] * gaps[:-1]) / values["delivery_sd"]
    moves = Moves(noise, jnp.zeros((ahead, len(STAGES), DRAWS)))
    at, drawn, seen = jax.jit(months_ahead.expected)(inputs, path, arrivals, moves, values, jnp.array(last))
    agree(seen, some(replayed, last + 1))
    nobody = Reaction(jnp.zeros(len(STAGES)), jnp.zeros(()))
    agree(jax.jit(months_ahead.altered)(inputs, at, path, drawn, nobody, values), some(replayed, last + 1))


@pytest.mark.slow
def test_simulated_figures_are_those_that_history_run_from_their_surprises_shows() -> None:
    """Replay of made-up figures finds the surprises that made them, and run forward these give the figures again."""
    made_up = synthetic.carve(load("us-mexico"))
    truth, found = simulated.simulator(made_up)(3)
    inputs = replace(made_up.inputs, figures=found.figures)
    values = made_up.layout.constrain(truth.free[:, None])
    shocks, replayed = corridors.history(inputs, values)
    np.testing.assert_allclose(np.log(shocks.factor)[..., 0], truth.surprise, rtol=1e-6, atol=1e-6)
    np.testing.assert_allclose(shocks.effort[..., 0], truth.effort, rtol=1e-6)
    np.testing.assert_allclose(replayed.encounters.sum(axis=2)[..., 0], found.figures.encounters, rtol=1e-6)
    known = np.asarray(made_up.inputs.figures.stops_source) == 1.0
    np.testing.assert_allclose(
        replayed.stops.sum(axis=(1, 2))[known], np.asarray(found.figures.stops)[known], rtol=1e-6
    )
