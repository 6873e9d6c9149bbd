"""Laws of procedures: accounts close, limits hold, and choices and rations are those of their closed forms."""

from __future__ import annotations

from dataclasses import replace

import corridors
import jax.numpy as jnp
import numpy as np
import offices
import pytest

from palanca.flows import procedures
from palanca.flows.procedures import Procedures, Queues

DRAWS = 3
HOPE = jnp.array([0.8, 1.0, 1.2])
CELLS = (corridors.ORIGINS, corridors.GROUPS, DRAWS)


def month(at: int = 10, **settings: float) -> tuple[Procedures, np.ndarray]:
    """ProcedureRules of one month with people in every queue, and newcomers."""
    rng = np.random.default_rng(6)
    every = offices.changed(offices.rules(DRAWS), **settings)
    rules = type(every)(**{name: value[at] for name, value in vars(every).items()})
    stocks = [jnp.asarray(rng.uniform(5.0, 60.0, (3, *CELLS))) for _ in range(3)]
    queues = Queues(*stocks, onward=jnp.asarray(rng.uniform(0.0, 9.0, CELLS)))
    return Procedures(rules, offices.behaviour(DRAWS), queues), rng.uniform(50.0, 200.0, CELLS)


def lived(given: Procedures, newcomers: np.ndarray, belief: float = 0.5):
    circular = jnp.full(CELLS, 0.3)
    return procedures.live(jnp.asarray(newcomers), jnp.full(CELLS, belief), circular, HOPE, given)


def test_everyone_who_was_there_or_came_is_somewhere() -> None:
    given, newcomers = month()
    found = lived(given, newcomers)
    before, after = (procedures.stock(one) for one in (given.queues, found.queues))
    came = before + found.joined.sum(axis=0)
    went = found.admitted.sum(axis=0) + found.stayed + given.queues.onward + after
    np.testing.assert_allclose(came, went, rtol=1e-12)
    assert float(jnp.max(found.imbalance)) < 1e-12
    for stock in vars(found.queues).values():
        assert float(jnp.min(stock)) >= 0.0


def test_a_broken_account_is_told() -> None:
    given, newcomers = month()
    found = lived(given, newcomers)
    lost = replace(found.queues, cleared=found.queues.cleared * 0.9)
    gap = procedures._imbalance(given.queues, lost, found.joined.sum(axis=0), found.admitted.sum(axis=0) + found.stayed)
    assert float(gap.min()) > 1e-3


@pytest.mark.parametrize(
    "shut", [{"capacity": 0.0}, {"accepted": 0.0, "appeal": 0.0}, {"covered": 0.0}, {"reach": 0.0}]
)
def test_where_nobody_can_be_accepted_nobody_applies_and_the_road_is_as_before(shut: dict[str, float]) -> None:
    given, newcomers = month(**shut)
    found = lived(given, newcomers)
    np.testing.assert_array_equal(found.joined, 0.0)
    np.testing.assert_allclose(found.road, newcomers + given.queues.onward, rtol=1e-15)


def test_without_capacity_the_queue_empties_by_those_who_give_up_alone() -> None:
    given, newcomers = month(capacity=0.0)
    found = lived(given, newcomers)
    np.testing.assert_array_equal(found.decided, 0.0)
    stay = given.queues.applied * (1.0 - given.behaviour.queue_quit)
    np.testing.assert_allclose(found.queues.applied, stay, rtol=1e-12)


def test_with_room_for_all_the_wait_is_the_least_and_everyone_ready_is_decided_on() -> None:
    given, newcomers = month(capacity=1e12, places=1e12)
    found = lived(given, newcomers)
    np.testing.assert_allclose(found.wait, given.rules.least_wait, rtol=1e-6)
    np.testing.assert_allclose(found.decided, given.queues.applied / given.rules.least_wait[:, None, None], rtol=1e-12)
    np.testing.assert_array_equal(found.queues.cleared, 0.0)


def test_the_nest_grows_by_its_power_and_divides_by_the_odds() -> None:
    odds = jnp.asarray(np.random.default_rng(2).uniform(0.0, 3.0, (2, *CELLS)))
    whole = 1.0 + np.asarray(odds).sum(axis=0)
    for power in (0.0, 0.35, 1.0):
        road, applied = procedures.choose(odds, jnp.full(DRAWS, power))
        np.testing.assert_allclose(road + applied.sum(axis=0), whole**power, rtol=1e-12)
        np.testing.assert_allclose(applied / road, odds, rtol=1e-12)
    np.testing.assert_allclose(procedures.choose(odds, jnp.ones(DRAWS))[0], 1.0)  # all who apply would have stayed


def test_who_believes_more_in_the_road_applies_less_by_the_fitted_response() -> None:
    given, _ = month()
    circular, wait = jnp.zeros(CELLS), jnp.full((3, DRAWS), 5.0)
    low, high = (procedures.appeal(jnp.full(CELLS, b), circular, wait, HOPE, given) for b in (0.2, 0.7))
    kept = np.asarray(low) > 0.0
    np.testing.assert_allclose(
        np.log(np.asarray(low / high))[kept], np.broadcast_to(0.5 * HOPE, low.shape)[kept], rtol=1e-9
    )


def test_a_year_more_of_waiting_divides_the_odds_by_its_patience() -> None:
    given, _ = month()
    circular, belief = jnp.zeros(CELLS), jnp.full(CELLS, 0.4)
    soon, late = (procedures.appeal(belief, circular, jnp.full((3, DRAWS), w), HOPE, given) for w in (3.0, 15.0))
    kept = np.asarray(soon) > 0.0
    ratio = np.broadcast_to(np.exp(12.0 / np.asarray(given.behaviour.patience)), soon.shape)
    np.testing.assert_allclose(np.asarray(soon / jnp.where(late > 0.0, late, 1.0))[kept], ratio[kept], rtol=1e-9)


def test_work_is_for_those_who_migrate_for_work_and_the_rest_for_the_others() -> None:
    given, _ = month()
    wait, belief = jnp.full((3, DRAWS), 5.0), jnp.full(CELLS, 0.4)
    all_work = procedures.appeal(belief, jnp.ones(CELLS), wait, HOPE, given)
    assert not np.any(np.asarray(all_work[:2]))
    assert float(all_work[2].min()) > 0.0


def test_places_of_a_pool_are_never_exceeded_and_shared_in_proportion() -> None:
    given, newcomers = month(places=40.0)
    found = lived(given, newcomers)
    shared = np.asarray(found.admitted[:2]).sum(axis=(0, 1, 2))
    np.testing.assert_allclose(shared, 40.0, rtol=1e-12)
    accepted = np.asarray(found.admitted[:2] + found.queues.cleared[:2])
    np.testing.assert_allclose(
        np.asarray(found.admitted[:2]) / accepted, 40.0 / accepted.sum(axis=(0, 1, 2)) + 0.0 * accepted, rtol=1e-9
    )
    np.testing.assert_array_equal(found.queues.cleared[2], 0.0)  # in no pool: acceptance admits


def test_without_places_nobody_is_admitted_and_the_wait_has_no_end() -> None:
    given, newcomers = month(places=0.0)
    found = lived(given, newcomers)
    np.testing.assert_array_equal(found.admitted[:2], 0.0)
    assert np.all(np.isinf(np.asarray(found.wait[:2])))
    assert np.all(np.isfinite(np.asarray(found.wait[2])))


def test_a_steady_stream_settles_where_the_queue_loses_what_joins_it() -> None:
    """Constant newcomers, room for all: applied -> joined / (d + (1 - d) q) with d = 1 / wait and q who give up."""
    given, newcomers = month(capacity=1e12, places=1e12)
    for _ in range(400):
        found = lived(given, newcomers)
        given = replace(given, queues=found.queues)
    decided = 1.0 / np.asarray(given.rules.least_wait)[:, None, None]
    leaving = decided + (1.0 - decided) * np.asarray(given.behaviour.queue_quit)
    np.testing.assert_allclose(found.queues.applied, np.asarray(found.joined) / leaving, rtol=1e-9, atol=1e-9)
