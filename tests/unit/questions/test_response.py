"""How arrivals answer to levers: what is left alone stays, effort holds people back, the closed form is found again."""

from __future__ import annotations

from types import SimpleNamespace

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from palanca.core.clock import Month
from palanca.core.errors import UsageError
from palanca.infer import history, store
from palanca.model.run import replay
from palanca.questions.bargaining import emulator, response
from palanca.questions.bargaining.response import Response, Settings
from palanca.spec.load import load

pytestmark = pytest.mark.slow
DRAWS = 4
MONTHS = [Month.parse("2019-06"), Month.parse("2024-03")]
EFFORTS = (0.0, 1.0, 2.5, 5.0)
POINTS = [{}, *({"effort": effort} for effort in EFFORTS)]


@pytest.fixture(scope="module")
def found() -> SimpleNamespace:
    """The reference case run from two months on, under several efforts."""
    case = load("us-mexico")
    setting = history.prepare(case)
    posterior, _ = store.choose(case, stale_too=True)
    free = posterior.draws(1, range(DRAWS))
    answers = response.respond(setting, free, posterior, MONTHS, Settings.of(POINTS))
    return SimpleNamespace(case=case, setting=setting, posterior=posterior, free=free, answers=answers)


def respond(found: SimpleNamespace, months: list[Month], points: list[dict[str, float]], **more: int) -> Response:
    return response.respond(found.setting, found.free, found.posterior, months, Settings.of(points), **more)


def test_the_window_as_recorded_is_what_replay_gives(found) -> None:
    """Compared with one replay of the whole history; the window is another program over the same months."""
    values = found.posterior.layout.constrain(jnp.asarray(found.free))
    _, record = jax.jit(replay)(found.setting.inputs, values)
    whole = np.asarray(record.encounters).sum(axis=2)
    for at, month in enumerate(MONTHS):
        place = found.case.span.span.position(month)
        expected = whole[place : place + 3].mean(axis=0)
        assert np.allclose(found.answers.encounters[at, 0], expected, rtol=1e-6, atol=1e-6)


def test_the_level_of_effort_that_is_in_force_changes_nothing(found) -> None:
    """In months of one level throughout, so that setting it is no change; the same to the bit."""
    level = Month.parse("2024-05")
    place = found.case.span.span.position(level)
    effort = np.asarray(found.setting.inputs.levers.effort)[place : place + 3]
    levels = effort.reshape(3, -1).max(axis=1)
    assert (levels == levels[0]).all()
    points = [{}, {"effort": float(levels[0])}, {"effort": 0.0}, {}, {}]
    same = respond(found, [level], points)
    for name in ("encounters", "held", "deaths", "let_in", "stops"):
        block = getattr(same, name)
        assert np.array_equal(block[:, 0], block[:, 1])
    assert not np.array_equal(same.encounters[:, 0], same.encounters[:, 2])


def test_draws_do_not_depend_on_how_many_there_are(found) -> None:
    fewer = response.respond(
        found.setting, found.posterior.draws(1, range(DRAWS - 1)), found.posterior, MONTHS, Settings.of(POINTS)
    )
    assert np.array_equal(fewer.encounters, found.answers.encounters[..., :-1])


def test_the_more_effort_is_withdrawn_the_more_people_come(found) -> None:
    total = found.answers.encounters.sum(axis=2)[:, 1:]
    assert (np.diff(total, axis=1) < 0.0).all()


def test_own_nationals_do_not_move_in_the_first_month(found) -> None:
    """The transit country does not stop its own; others move at once."""
    home = list(found.case.origins).index("MEX")
    first = respond(found, MONTHS[1:], POINTS, horizon=1).encounters[0]
    assert np.allclose(first[2:, home], first[0, home], rtol=1e-9)
    assert (np.delete(first[1], home, axis=0).sum(axis=0) > 1.05 * np.delete(first[0], home, axis=0).sum(axis=0)).all()


def test_a_window_beyond_the_case_is_refused_with_the_months_that_would_do(found) -> None:
    with pytest.raises(UsageError, match="goes beyond the case") as raised:
        respond(found, [found.case.span.span.last], POINTS)
    assert str(found.case.span.span.last + (-2)) in str(raised.value)


def test_the_emulator_finds_a_closed_form_again() -> None:
    """Arrivals made by the form itself, with rates of effort that are on the list; exact to rounding."""
    size = np.array([[80.0, 150.0]])
    bypass = np.array([[0.2, 0.0]])
    rate = np.stack([emulator.RATES[[[40, 60]]], np.full((1, 2), 0.3), np.full((1, 2), 0.1), np.full((1, 2), 0.7)])
    truth = emulator.Emulator(size, bypass, rate, np.zeros((1, 2)))
    made = np.stack([truth.arrivals(**point) for point in emulator.grid()], axis=1)[:, :, None] * 1e3
    empty = np.zeros(())
    again = emulator.through(Response((MONTHS[0],), 3, made, empty, empty, empty, empty))
    assert np.allclose(again.size, size, rtol=1e-9)
    assert np.allclose(again.bypass_share, bypass, atol=1e-9)
    assert np.allclose(again.rate, rate, rtol=1e-9)
    assert (again.miss < 1e-9).all()


def test_the_emulator_says_how_far_it_misses() -> None:
    """An answer that rises with effort is not of the form, and the miss says so."""
    rising = np.array([50.0 + 10.0 * point["effort"] for point in emulator.grid()])
    empty = np.zeros(())
    found = Response((MONTHS[0],), 3, 1e3 * rising[None, :, None, None], empty, empty, empty, empty)
    miss = emulator.through(found).miss
    assert np.allclose(miss, rising.std() / rising.mean(), rtol=1e-9)


def test_between_points_of_the_grid_a_quantity_lies_in_proportion_and_on_them_is_met() -> None:
    """A quantity linear in every lever is met everywhere; effort beyond the grid counts as its end."""
    made = np.array(
        [[7.0 + 2.0 * p["effort"] - p["returns"] + 3.0 * p["parole"] - 4.0 * p["own"]] * 3 for p in emulator.grid()]
    )
    effort, returns, own = np.array([0.0, 2.5, 7.0]), np.array([0.0, 1.0, 0.25]), np.array([1.0, 0.0, 0.5])
    found = emulator.between(made, {"effort": effort, "returns": returns, "own": own})
    assert found == pytest.approx(7.0 + 2.0 * np.minimum(effort, 5.0) - returns - 4.0 * own, abs=1e-12)
    bent = np.array([[p["effort"] ** 2] for p in emulator.grid()])
    assert emulator.between(bent, {"effort": np.array([1.5])}) == pytest.approx([2.5], abs=1e-12)
