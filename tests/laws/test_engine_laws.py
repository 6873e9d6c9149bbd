"""Laws that hold in every month, draw and what-if, whatever the parameters and the levers."""

from __future__ import annotations

from dataclasses import fields, replace

import corridors
import hypothesis.strategies as st
import jax.numpy as jnp
import numpy as np
from corridors import twin
from hypothesis import given, settings

from palanca.kernel import curves
from palanca.model import ensemble
from palanca.model.outcomes import MonthlyOutcomes
from palanca.model.parameters import records
from palanca.model.run import CorridorInputs
from palanca.policy import follow as rules
from palanca.policy.levers import LeverLevels

DRAWS = 4
MANY = settings(max_examples=25, deadline=None, derandomize=True)
BALANCE = 1e-9
NAMES = [field.name for field in fields(MonthlyOutcomes)]

seeds = st.integers(0, 10_000)
spreads = st.sampled_from([0.2, 0.6, 1.0])
levels = st.sampled_from([0.0, 0.05, 0.5, 1.0])


@st.composite
def changes(draw: st.DrawFn) -> dict[str, float]:
    """One to four levers set to something, for everyone."""
    cells = ("effort", "order", "acceptance", "returns", "wait_abroad", "asylum_limit", "reception", "news")
    others = ("shutdown", "parole", "work_visas", "visa", "barrier", "removal", "port_intake")
    others += ("sanctions", "oil_licence", "aid", "air_route", "closure")
    names = draw(st.lists(st.sampled_from(cells + others), min_size=1, max_size=4, unique=True))
    chosen = {name: draw(levels) for name in names}
    if draw(st.booleans()):
        chosen["returns_cap"] = draw(st.sampled_from([0.0, 20.0, 500.0]))
    if draw(st.booleans()):
        chosen["slots"] = draw(st.sampled_from([0.0, 10.0, 5000.0]))
    return chosen


def world(seed: int, spread: float) -> tuple[CorridorInputs, dict]:
    return corridors.eventful(seed), corridors.values(DRAWS, seed=seed + 1, spread=spread)


def array(seen: MonthlyOutcomes, name: str) -> np.ndarray:
    return np.asarray(getattr(seen, name))


@MANY
@given(seeds, spreads, changes(), st.integers(0, corridors.MONTHS - 1))
def test_everyone_who_set_out_is_somewhere(seed: int, spread: float, change: dict, first: int) -> None:
    """F8 in every month, draw and what-if, with caps and ceilings binding or not."""
    inputs, values = world(seed, spread)
    shocks, seen = corridors.replayed(inputs, values)
    other = twin(inputs, corridors.changed(inputs.levers, first, **change), shocks, values)
    for run in (seen, other):
        assert np.all(array(run, "imbalance") < BALANCE)
        by_hand = _both_sides(inputs, run)
        np.testing.assert_allclose(*by_hand, rtol=BALANCE)


def _both_sides(inputs: CorridorInputs, seen: MonthlyOutcomes) -> tuple[np.ndarray, np.ndarray]:
    """F8 once more from what the record shows, by origin."""
    start = inputs.start
    begin = np.asarray(start.south + start.waiting + start.again + start.abroad).sum(axis=1)
    end = array(seen, "held")
    first = np.broadcast_to(begin, end.shape[1:])[None]
    came = array(seen, "set_out") + np.concatenate([first, end[:-1]])
    left = sum(array(seen, name) for name in ("let_in", "evaded", "removed", "settled", "gone_home")) + end
    deaths = array(seen, "deaths").sum(axis=1)
    return came.sum(axis=1), left.sum(axis=1) + deaths


@MANY
@given(seeds, changes(), st.integers(1, corridors.MONTHS - 1))
def test_nothing_before_a_change_moves_to_the_bit(seed: int, change: dict, first: int) -> None:
    inputs, values = world(seed, 0.5)
    shocks, _ = corridors.replayed(inputs, values)
    base = twin(inputs, inputs.levers, shocks, values)
    other = twin(inputs, corridors.changed(inputs.levers, first, **change), shocks, values)
    for name in NAMES:
        assert np.array_equal(array(base, name)[:first], array(other, name)[:first]), name


def test_something_after_a_change_moves() -> None:
    inputs, values = world(1, 0.5)
    shocks, _ = corridors.replayed(inputs, values)
    base = twin(inputs, inputs.levers, shocks, values)
    other = twin(inputs, corridors.changed(inputs.levers, 12, effort=0.1), shocks, values)
    assert np.all(array(base, "encounters")[12, 1:] != array(other, "encounters")[12, 1:])


@MANY
@given(seeds, spreads)
def test_unchanged_levers_reproduce_history(seed: int, spread: float) -> None:
    inputs, values = world(seed, spread)
    shocks, seen = corridors.replayed(inputs, values)
    once = twin(inputs, inputs.levers, shocks, values)
    copy = replace(inputs.levers, **{f.name: jnp.array(getattr(inputs.levers, f.name)) for f in fields(LeverLevels)})
    again = twin(inputs, copy, shocks, values)
    for name in NAMES:
        assert np.array_equal(array(once, name), array(again, name)), name
    free = np.asarray(shocks.at_bound) == 0.0
    figures = np.broadcast_to(np.asarray(inputs.figures.encounters)[..., None], free.shape)
    for run in (seen, once):
        crossed = array(run, "encounters").sum(axis=2)
        np.testing.assert_allclose(crossed[free], figures[free], rtol=1e-6)


@MANY
@given(seeds, spreads)
def test_replay_finds_the_stops_that_were_counted(seed: int, spread: float) -> None:
    inputs, values = world(seed, spread)
    shocks, seen = corridors.replayed(inputs, values)
    source = np.asarray(inputs.figures.stops_source)
    ratio = np.where(source[:, None] > 1.5, np.asarray(values["stops_per_return"]), 1.0)
    wanted = np.asarray(inputs.figures.stops)[:, None] * ratio
    stopped = array(seen, "stops").sum(axis=1)
    effort = np.asarray(shocks.effort)
    known = (source[:, None] > 0.5) & (effort > 1.01e-6) & (effort < 7.99)
    assert known.mean() > 0.5
    np.testing.assert_allclose(stopped[known], wanted[known], rtol=1e-6)
    declared = np.broadcast_to(np.asarray(values["effort_early"]), effort.shape)
    unknown = source < 0.5
    assert np.array_equal(effort[unknown], declared[unknown])


@MANY
@given(seeds, changes(), st.integers(0, corridors.MONTHS - 1))
def test_parts_add_up_to_their_whole(seed: int, change: dict, first: int) -> None:
    """Sectors and what follows sum to encounters; stops by origin and by group agree; nobody is negative."""
    inputs, values = world(seed, 0.6)
    shocks, _ = corridors.replayed(inputs, values)
    seen = twin(inputs, corridors.changed(inputs.levers, first, **change), shocks, values)
    total = array(seen, "encounters").sum(axis=(1, 2))
    for name in ("sectors", "follow"):
        np.testing.assert_allclose(array(seen, name).sum(axis=1), total, rtol=BALANCE)
    np.testing.assert_allclose(array(seen, "stops").sum(axis=1), array(seen, "stops_group").sum(axis=1), rtol=BALANCE)
    np.testing.assert_allclose(array(seen, "stocks").sum(axis=1), array(seen, "held").sum(axis=1), rtol=BALANCE)
    assert np.all(array(seen, "repeats") <= total * (1.0 + BALANCE))
    for name in NAMES:
        values_of = array(seen, name)
        assert np.all(np.isfinite(values_of)), name
        assert np.all(values_of >= -BALANCE * np.maximum(total.max(), 1.0)), name


@MANY
@given(seeds, changes(), st.floats(-4.0, 3.0))
def test_chances_of_what_follows_sum_to_one(seed: int, change: dict, crowding: float) -> None:
    inputs, values = world(seed, 1.0)
    month = corridors.changed(inputs.levers, **change)
    levers = replace(month, **{f.name: getattr(month, f.name)[14] for f in fields(LeverLevels)})
    _, policy = records(values)
    chances = rules.follow(levers, rules.gates(levers, policy, jnp.full(DRAWS, crowding)))
    parts = [np.asarray(value) for value in vars(chances).values()]
    np.testing.assert_allclose(sum(parts), 1.0, rtol=1e-14)
    assert all(np.all((part >= 0.0) & (part <= 1.0)) for part in parts)
    kept = rules.held(chances, jnp.full((1, 1, DRAWS), 0.3), levers.release)
    np.testing.assert_allclose(sum(np.asarray(value) for value in vars(kept).values()), 1.0, rtol=1e-14)


@MANY
@given(st.floats(0.011, 0.989))
def test_log_odds_undo_the_logistic_curve(chance: float) -> None:
    odds = curves.log_odds(jnp.array(chance), 0.01)
    assert abs(float(curves.logistic(odds)) - chance) < 1e-14


def test_neither_chunks_nor_the_order_of_draws_change_a_bit() -> None:
    """One chunk, several chunks, a part of the draws, or all of them shuffled: the same bits for each draw."""
    inputs, plan = corridors.eventful(), corridors.layout()
    total = 2 * ensemble.CHUNK + 17
    free = corridors.free(total, seed=4)
    now = corridors.changed(inputs.levers, 10, effort=0.2, order=0.6)
    solved, base, other = ensemble.run(inputs, free, plan, now=now)
    assert solved is not None
    assert other is not None
    order = np.random.default_rng(0).permutation(total)
    few = order[:5]
    for pick in (order, few, few[:1]):
        solved_2, base_2, other_2 = ensemble.run(inputs, free[:, pick], plan, now=now)
        assert solved_2 is not None
        assert other_2 is not None
        assert np.array_equal(np.asarray(solved.factor)[..., pick], np.asarray(solved_2.factor))
        for name in NAMES:
            assert np.array_equal(base[name][..., pick], base_2[name]), name
            assert np.array_equal(other[name][..., pick], other_2[name]), name


def test_a_twin_with_unchanged_levers_equals_its_base_to_the_bit() -> None:
    inputs, plan = corridors.eventful(), corridors.layout()
    _, base, other = ensemble.run(inputs, corridors.free(9), plan, now=inputs.levers)
    assert other is not None
    for name in NAMES:
        assert np.array_equal(base[name], other[name]), name
