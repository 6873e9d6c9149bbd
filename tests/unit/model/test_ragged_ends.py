"""Where a series ends before the months do: what stands in its place, worked by hand on a made-up corridor."""

from dataclasses import replace
from functools import cache

import corridors
import jax
import jax.numpy as jnp
import numpy as np
import pytest

from palanca.model import run
from palanca.model.parameters import records
from palanca.model.run import CorridorInputs, fixed
from palanca.model.world import CarriedFrom
from palanca.policy.follow import STAGES
from palanca.questions.forecast import horizon, worlds
from palanca.questions.forecast.worlds import Moves

END = 20  # the last month of which gates, stops and returns are known
MONTHS = corridors.MONTHS
PLACES = np.minimum(np.arange(MONTHS), END)


@cache
def whole() -> CorridorInputs:
    """Levers that change after the end as well: limits end, returns home are capped and end, removal falls by half."""
    inputs = corridors.eventful()
    removal = np.where(np.arange(MONTHS) >= 25, 0.2, np.asarray(inputs.levers.removal))
    return corridors.with_levers(inputs, removal=removal, slots=0.0)


@cache
def ragged() -> CorridorInputs:
    """The same with gates, stops and returns that end; what was known last stands in later months."""
    inputs, known = whole(), jnp.arange(MONTHS) <= END
    figures = inputs.figures
    return replace(
        inputs,
        figures=replace(
            figures,
            gates=jax.tree.map(lambda gate: gate[PLACES], figures.gates),
            stops=jnp.where(known, figures.stops, 0.0),
            stops_source=jnp.where(known, figures.stops_source, -1.0),
            returns=figures.returns[PLACES],
            carried=CarriedFrom(gates=jnp.array(PLACES), returns=jnp.array(PLACES)),
        ),
    )


@cache
def values() -> corridors.Values:
    return corridors.values(draws=2)


@cache
def lived(name: str) -> tuple:
    """Shocks, gates and outcomes of a replay."""
    inputs, given = {"whole": whole, "ragged": ragged}[name](), values()
    select = lambda month, _: (month.gates, month.outcomes, month.before.encounters)  # noqa: E731
    return jax.jit(lambda: run.replay(inputs, given, select))()


def numbers(name: str) -> np.ndarray:
    """A parameter of the gates, with axes of origin, group and draw."""
    return np.asarray(getattr(records(values())[1], name))


def test_months_with_figures_are_as_without_the_end() -> None:
    one, other = (jax.tree.leaves(lived(name)) for name in ("whole", "ragged"))
    for left, right in zip(one, other, strict=True):
        left, right = (np.broadcast_to(part, (MONTHS, *part.shape[1:])) for part in (left, right))
        np.testing.assert_allclose(*np.broadcast_arrays(right[: END + 1], left[: END + 1]), rtol=1e-12, atol=1e-9)


@pytest.mark.parametrize("month", [END + 1, 23, 24, 28])
def test_a_gate_follows_the_levers_from_the_last_month_known(month: int) -> None:
    """Log odds then, plus each lever's change since times its effect; detention also eases with crowding."""
    gates, levers = lived("ragged")[1][0], ragged().levers
    then = {name: np.asarray(getattr(ragged().figures.gates, name))[END, ..., None] for name in STAGES}
    limit, returns, room = (
        np.asarray(getattr(levers, name))[month] - np.asarray(getattr(levers, name))[END]
        for name in ("asylum_limit", "returns", "reception")
    )
    crowding = np.log(np.asarray(lived("ragged")[1][2])[month] / 30_000.0) - float(ragged().figures.crowding[END])
    home = then["home"] + numbers("limit_home") * limit[..., None] + numbers("returns_home") * returns[..., None]
    detained = (
        then["detained"]
        + numbers("limit_detained") * limit[..., None]
        - numbers("reception_detained") * room[..., None]
        - numbers("crowding_detained") * crowding
    )
    np.testing.assert_allclose(np.asarray(gates.home)[month], home, rtol=1e-12)
    np.testing.assert_allclose(np.asarray(gates.detained)[month], detained, rtol=1e-12)


def test_limits_that_end_send_fewer_home_and_returns_that_begin_send_more() -> None:
    """Limits are in force to month 23, returns of the last origin from month 23 to 27."""
    home = np.asarray(lived("ragged")[1][0].home)
    assert np.all(home[24, 0] < home[END, 0])
    gone = home[24] - home[END]
    assert np.all(gone[2] > gone[0])
    np.testing.assert_allclose(home[29], home[24] - gone + gone[0], rtol=1e-9)


def test_effort_without_stops_leans_back_to_routine() -> None:
    effort, outcomes = np.asarray(lived("ragged")[0].effort), lived("ragged")[1][1]
    routine, lasting = (np.asarray(values()[name]) for name in ("effort_routine", "delivery_persistence"))
    gap = np.log(effort / routine)
    for ahead in range(1, MONTHS - END):
        np.testing.assert_allclose(gap[END + ahead], lasting**ahead * gap[END], rtol=1e-9)
    stopped = np.asarray(outcomes.stops).sum(axis=(1, 2))
    assert not np.allclose(stopped[END + 1 :], 0.0)


def test_removals_stay_as_last_known_with_the_capacity_declared() -> None:
    """Half the capacity of month 20 from month 25 on, and at most half of its returns."""
    removed = np.asarray(lived("ragged")[1][1].returns).sum(axis=1)
    then, levers = float(ragged().figures.returns[END]), np.asarray(ragged().levers.removal)
    assert levers[26] == 0.5 * levers[END]
    assert np.all(removed[END + 1 : 25] <= then * (1.0 + 1e-9))
    assert np.all(removed[25:] <= 0.5 * then * (1.0 + 1e-9))
    assert np.any(removed[25:] > 0.49 * then)


def test_a_twin_with_the_same_levers_is_history_and_a_change_moves_gates_by_its_difference() -> None:
    shocks = lived("ragged")[0]
    kept = fixed(ragged().corridor, values())

    def gates(levers):
        start = run.spread(ragged().start, 2)
        return run.through(start, run.under(ragged(), levers, shocks), kept, select=lambda m, _: m.gates)[1]

    plain = jax.jit(gates)(ragged().levers)
    np.testing.assert_allclose(plain.home, lived("ragged")[1][0].home, rtol=1e-12)
    other = jax.jit(gates)(corridors.changed(ragged().levers, 26, asylum_limit=0.8))
    step = np.asarray(other.home)[26:] - np.asarray(plain.home)[26:]
    np.testing.assert_allclose(step, np.broadcast_to(0.8 * numbers("limit_home"), step.shape), rtol=1e-9)


@cache
def ahead(silent: bool) -> tuple:
    """Six months from the last one, without crowding: what was known, and effort drawn with one noise."""
    calm = corridors.with_values(values(), crowding_detained=0.0)
    last, months = jnp.asarray(MONTHS - 1), 6
    inputs = ragged() if silent else whole()
    path = horizon.persisting(inputs, MONTHS - 1, months)
    arrivals = jnp.broadcast_to(inputs.figures.encounters[-1][None, :, None], (months, corridors.ORIGINS, 2))
    moves = Moves(jnp.ones((months, 2)), jnp.zeros((months, len(STAGES), 2)))
    at, drawn, _ = worlds.expected(inputs, path, arrivals, moves, calm, last)
    given = replace(worlds._given(at, path, moves.practice), surprise=drawn.surprise)
    kept = fixed(inputs.corridor, calm)
    gates = run.through(run.spread(at.world, 2), given, kept, select=lambda m, _: m.gates)[1]
    shocks, before = run.replay(inputs, calm, lambda m, _: m.gates)
    return at, drawn, gates, before, shocks


def test_a_forecast_goes_on_from_gates_that_were_carried() -> None:
    _, _, gates, before, _ = ahead(silent=True)
    for name in ("home", "detained"):
        last = np.broadcast_to(np.asarray(getattr(before, name))[-1], getattr(gates, name).shape)
        np.testing.assert_allclose(getattr(gates, name), last, rtol=1e-9)


def test_effort_not_seen_for_months_is_less_sure_ahead() -> None:
    """After k silent months the first month ahead scatters as k + 1 months do."""
    silent, seen = ahead(silent=True), ahead(silent=False)
    assert float(silent[0].silent) == MONTHS - 1 - END
    assert float(seen[0].silent) == 0.0
    for at, drawn, *_ in (silent, seen):
        lasting, sd, routine = (
            np.asarray(values()[name]) for name in ("delivery_persistence", "delivery_sd", "effort_routine")
        )
        gap = np.log(np.asarray(drawn.surprise.effort)[0] / routine) - lasting * np.log(np.asarray(at.effort) / routine)
        spread = sd * np.sqrt(sum(lasting ** (2 * k) for k in range(int(at.silent) + 1)))
        np.testing.assert_allclose(gap, spread, rtol=1e-9)


def test_practice_is_given_for_scoring_only_where_it_was_published() -> None:
    path = horizon.persisting(ragged(), END - 2, 5)
    given = horizon.recorded(path, ragged(), END - 2, practice=True).given
    np.testing.assert_array_equal(given, [1.0, 1.0, 0.0, 0.0, 0.0])


def test_nothing_carried_means_nothing_computed() -> None:
    assert run.practised(whole())[1] is None
    assert run.recorded(whole()).gate_given is None
