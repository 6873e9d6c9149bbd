"""Each mechanism by pencil: one month's arithmetic small enough to check by hand."""

from __future__ import annotations

import corridors
import jax.numpy as jnp
import numpy as np

from palanca.flows import belief, line, sectors, setting_out
from palanca.kernel.curves import hazard_chance, log_odds, logistic, ration
from palanca.model.parameters import records


def flows(**fixed: object):
    return records(corridors.values(1, **fixed))[0]


def test_words_halve_in_their_half_life() -> None:
    news = jnp.full((3, 3, 1), 0.8)
    params = flows(news_half_life=3.0)
    for _ in range(3):
        news = belief.hear(news, jnp.zeros((3, 3, 1)), params)
    np.testing.assert_allclose(news, 0.4, rtol=1e-12)


def test_belief_moves_its_share_of_the_way_and_stays_within_its_edges() -> None:
    params = flows(belief_speed=0.25)
    even = belief.update(jnp.full((3, 3, 1), 2.0), jnp.full((3, 3, 1), 0.5), params)
    np.testing.assert_allclose(even, 1.5, rtol=1e-12)
    sure = belief.update(jnp.zeros((3, 3, 1)), jnp.ones((3, 3, 1)), params)
    np.testing.assert_allclose(sure, 0.25 * np.log(99.0), rtol=1e-12)


def test_newcomers_shares_sum_to_one_however_many_walk_up() -> None:
    for intake in (-30.0, 0.0, 30.0):
        shares = line.newcomers(jnp.full((3, 3), intake), flows(walk_up=0.05))
        np.testing.assert_allclose(shares.port + shares.cross + shares.wait, 1.0, rtol=1e-14)
        assert np.all(np.asarray(shares.cross) > 0.0)


def test_usual_intake_leaves_the_usual_share_at_the_port() -> None:
    shares = line.newcomers(jnp.zeros((3, 3)), flows(walk_up=0.05, cross_new=0.8))
    np.testing.assert_allclose(shares.port, 0.05, rtol=1e-9)
    np.testing.assert_allclose(shares.cross, 0.95 * 0.8, rtol=1e-9)


def test_a_hardened_sector_loses_to_the_others_and_the_sum_stays() -> None:
    params = flows(appeal=0.0, drift=0.0, barrier_effect=np.log(2.0))
    people = jnp.full((3, 1), 100.0)
    weights = sectors.appeal_weights(params)
    knots = (jnp.array(0), jnp.array(0.0))
    open_line = sectors.divide(people, weights, knots, jnp.zeros(3), params)
    np.testing.assert_allclose(open_line[:, 0], [100.0, 100.0, 100.0], rtol=1e-12)
    hardened = sectors.divide(people, weights, knots, jnp.array([1.0, 0.0, 0.0]), params)
    np.testing.assert_allclose(hardened[:, 0], [60.0, 120.0, 120.0], rtol=1e-12)


def test_people_who_set_out_arrive_by_their_delays() -> None:
    corridor = corridors.quiet().corridor
    now, last, before = (jnp.full((3, 3, 1), x) for x in (100.0, 10.0, 1.0))
    arriving = np.asarray(setting_out.approach(now, (last, before), corridor))
    delay = np.asarray(corridor.delay)
    np.testing.assert_allclose(arriving[:, 0, 0], 100.0 * delay[0] + 10.0 * delay[1] + delay[2], rtol=1e-12)


def test_who_flies_in_does_not_walk_the_darien_until_a_visa_is_asked() -> None:
    corridor = corridors.quiet().corridor
    entries, params = jnp.full((3, 3, 1), 100.0), flows(darien_share=1.0)
    before = np.asarray(setting_out.through_darien(entries, jnp.zeros(3), corridor, params))[:, 0, 0]
    after = np.asarray(setting_out.through_darien(entries, jnp.ones(3), corridor, params))[:, 0, 0]
    walks, air = np.asarray(corridor.walks), np.asarray(corridor.air)
    np.testing.assert_allclose(before, 100.0 * walks * (1.0 - air), rtol=1e-12)
    np.testing.assert_allclose(after, 100.0 * walks, rtol=1e-12)


def test_curves_have_their_closed_forms() -> None:
    assert float(logistic(jnp.array(0.0))) == 0.5
    np.testing.assert_allclose(log_odds(jnp.array([0.0, 1.0])), [-np.log(499.0), np.log(499.0)], rtol=1e-12)
    np.testing.assert_allclose(
        hazard_chance(jnp.array([0.0, 1e-12, 1.0])), [0.0, 1e-12, 1.0 - np.exp(-1.0)], rtol=1e-12
    )
    np.testing.assert_allclose(ration(jnp.array([0.0, 50.0, 200.0]), jnp.array(100.0)), [1.0, 1.0, 0.5], rtol=1e-12)
