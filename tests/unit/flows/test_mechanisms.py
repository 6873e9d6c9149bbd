"""Each mechanism by pencil: one month's arithmetic small enough to check by hand."""

from __future__ import annotations

import corridors
import jax.numpy as jnp
import numpy as np

from palanca.flows import belief, crossing, line, sectors, setting_out
from palanca.kernel.curves import hazard_chance, log_odds, logistic, ration
from palanca.model.parameters import records


def flows(**fixed: object):
    return records(corridors.values(1, **fixed))[0]


def test_words_halve_in_their_half_life() -> None:
    news = jnp.full((3, 3, 1), 0.8)
    params = flows(news_half_life=3.0)
    for _ in range(3):
        news = belief.hear(news, jnp.zeros((3, 3, 1)), params.news_half_life)
    np.testing.assert_allclose(news, 0.4, rtol=1e-12)


def test_words_are_held_between_minus_one_and_one() -> None:
    params = flows(news_half_life=2.0)
    loud = belief.hear(jnp.full((3, 3, 1), 0.9), jnp.full((3, 3, 1), 0.8), params.news_half_life)
    np.testing.assert_allclose(loud, 1.0, rtol=0.0)
    np.testing.assert_allclose(belief.hear(-loud, jnp.full((3, 3, 1), -1.0), params.news_half_life), -1.0, rtol=0.0)


def test_a_word_moves_the_chance_towards_what_it_announces_as_far_as_it_is_trusted() -> None:
    params, chance = flows(trust=0.5), jnp.full((3, 3, 1), 0.4)
    np.testing.assert_allclose(belief.told(chance, jnp.zeros((3, 3, 1)), params), 0.4, rtol=1e-12)
    np.testing.assert_allclose(belief.told(chance, jnp.full((3, 3, 1), 0.8), params), 0.4 + 0.5 * 0.8 * 0.6, rtol=1e-12)
    np.testing.assert_allclose(
        belief.told(chance, jnp.full((3, 3, 1), -0.8), params), 0.4 - 0.5 * 0.8 * 0.4, rtol=1e-12
    )
    for edge in (0.0, 1.0):
        loud = belief.told(jnp.full((3, 3, 1), edge), jnp.full((3, 3, 1), 1.0 - 2.0 * edge), flows(trust=1.0))
        assert np.all((np.asarray(loud) >= 0.0) & (np.asarray(loud) <= 1.0))


def test_belief_moves_its_share_of_the_way_and_reaches_nothing_exactly() -> None:
    params = flows(belief_speed=0.25)
    np.testing.assert_allclose(
        belief.update(jnp.full((3, 3, 1), 0.8), jnp.full((3, 3, 1), 0.4), params), 0.7, rtol=1e-12
    )
    np.testing.assert_allclose(belief.update(jnp.zeros((3, 3, 1)), jnp.zeros((3, 3, 1)), params), 0.0, rtol=0.0)


def test_dread_fades_with_words_alone_and_stays_where_deeds_back_them() -> None:
    """Words: a half-life of a month, so that half of each is there a month later; all dread acts on setting out."""
    params = flows(belief_speed=0.5, warning_half_life=1.0, now_words=0.0, now_deeds=0.0)
    zero, one = jnp.zeros((3, 3, 1)), jnp.ones((3, 3, 1))
    warned, felt, seen = one, zero, []
    for _ in range(4):
        felt = belief.dread(felt, warned, zero, params)
        warned = belief.hear(warned, zero, params.warning_half_life)
        seen.append(float(felt[0, 0, 0]))
    np.testing.assert_allclose(seen, [0.5, 0.5, 0.375, 0.25], rtol=1e-12)
    for _ in range(60):
        felt = belief.dread(felt, zero, one, params)
    np.testing.assert_allclose(felt, 1.0, rtol=1e-12)


def test_what_acts_at_once_does_not_act_on_setting_out() -> None:
    params = flows(belief_speed=1.0, now_words=0.3, now_deeds=0.9)
    one = jnp.ones((3, 3, 1))
    np.testing.assert_allclose(belief.dread(0.0 * one, one, one, params), 1.0 - 0.3 * 0.9, rtol=1e-12)


def test_at_the_line_all_cross_who_are_sure_and_fewer_by_a_law_of_their_chance_and_dread() -> None:
    params = flows(hope_line=1.2, dread=2.0, now_words=0.25, now_deeds=0.5)
    one, circular = jnp.ones((3, 3, 1)), jnp.array(np.array([[0.0], [0.5], [1.0]]) * np.ones(3))
    np.testing.assert_allclose(belief.at_the_line(one, 0.0 * one, 0.0 * one, circular, params), 1.0, rtol=1e-12)
    none = np.asarray(belief.at_the_line(0.0 * one, 0.0 * one, 0.0 * one, circular, params))
    np.testing.assert_allclose(none[:, 0, 0], np.exp([-1.2, -0.6, 0.0]), rtol=1e-12)
    feared = np.asarray(belief.at_the_line(one, 0.4 * one, one, circular, params))
    np.testing.assert_allclose(feared, np.exp(-2.0 * (1.0 - 0.9 * 0.5)), rtol=1e-12)


def test_a_way_closed_to_those_without_hope_brings_nobody_back() -> None:
    """What a legal way takes from the road is scaled by belief, so that it is nothing where nobody hopes."""
    inputs, params = corridors.quiet(), flows(parole_substitute=2.0)
    zero, cell = jnp.zeros((3, 3)), jnp.ones((3, 3, 1))

    def set_out(parole: float, hope: float) -> np.ndarray:
        return np.asarray(
            setting_out.intended(
                (hope * cell, 0.0 * cell), (zero, zero + parole, zero, zero, zero), jnp.array(0.0), 0.0 * cell,
                (jnp.array(0), jnp.array(0.0)), inputs.corridor, params,
            )
        )  # fmt: skip

    np.testing.assert_allclose(set_out(0.0, 0.0) / set_out(1.0, 0.0), 1.0, rtol=1e-12)
    np.testing.assert_allclose(set_out(0.0, 0.5) / set_out(1.0, 0.5), np.exp(1.0), rtol=1e-12)


def test_newcomers_shares_sum_to_one_however_many_walk_up() -> None:
    for intake in (-30.0, 0.0, 30.0):
        shares = line.newcomers(jnp.full((3, 3), intake), jnp.full((3, 3, 1), 0.7), flows(walk_up=0.05))
        np.testing.assert_allclose(shares.port + shares.cross + shares.wait, 1.0, rtol=1e-14)
        assert np.all(np.asarray(shares.cross) > 0.0)


def test_usual_intake_leaves_the_usual_share_at_the_port() -> None:
    shares = line.newcomers(jnp.zeros((3, 3)), jnp.full((3, 3, 1), 0.5), flows(walk_up=0.05, cross_new=0.8))
    np.testing.assert_allclose(shares.port, 0.05, rtol=1e-9)
    np.testing.assert_allclose(shares.cross, 0.95 * 0.8 * 0.5, rtol=1e-9)


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
    opened, params = jnp.zeros((3, 3)), flows(darien_share=1.0)
    walks, air = np.asarray(corridor.walks), np.asarray(corridor.air)
    for visa, walked in ((jnp.zeros(3), walks * (1.0 - air)), (jnp.ones(3), walks)):
        come, share = setting_out.darien_way(visa, opened, corridor, params)
        np.testing.assert_allclose(come, 1.0, rtol=1e-12)
        np.testing.assert_allclose(np.asarray(share)[:, 0, 0], walked, rtol=1e-12)


def test_a_closed_darien_keeps_back_its_share_of_those_who_walk_it_and_nobody_else() -> None:
    corridor, params = corridors.quiet().corridor, flows(darien_share=0.8, closure_effect=0.25)
    walking = np.asarray(corridor.walks) * 0.8
    come, share = setting_out.darien_way(jnp.ones(3), jnp.full((3, 3), 0.4), corridor, params)
    np.testing.assert_allclose(np.asarray(come)[:, 0, 0], 1.0 - 0.1 * walking, rtol=1e-12)
    np.testing.assert_allclose(np.asarray(come * share)[:, 0, 0], 0.9 * walking, rtol=1e-12)
    np.testing.assert_allclose(np.asarray(come * (1.0 - share))[:, 0, 0], 1.0 - walking, rtol=1e-12)


def test_push_adds_up_its_drivers_and_a_licence_lifts_its_share_of_sanctions() -> None:
    params = flows(push_democracy=-2.0, push_income=-0.5, push_oil=-0.2, push_sanctions=0.3, aid_effect=0.1)
    zero, one, cell = jnp.zeros(3), jnp.ones(3), jnp.ones((3, 3))

    def pushed(outside: tuple, levers: tuple) -> np.ndarray:
        return np.asarray(setting_out.push(outside, levers, params))[..., 0]

    none = 0.0 * cell
    np.testing.assert_allclose(pushed((-0.1 * one, 0.2 * one, -1.5 * one), (none, none, none)), 0.2 - 0.1 + 0.3)
    np.testing.assert_allclose(pushed((zero, zero, zero), (cell, 0.25 * cell, none)), 0.3 * 0.75, rtol=1e-12)
    np.testing.assert_allclose(pushed((zero, zero, zero), (none, 0.25 * cell, 2.0 * cell)), -0.2, rtol=1e-12)


def test_circular_migration_fades_by_its_rate_and_with_it_its_season() -> None:
    corridor = corridors.quiet().corridor
    params = flows(circular_fade=0.05, season_circular=np.arange(12) / 10.0, season_asylum=0.0)
    start, later = (setting_out.circulating(jnp.array(y), corridor, params) for y in (0.0, 4.0))
    np.testing.assert_allclose(later, np.asarray(start) * np.exp(-0.2), rtol=1e-12)
    seasons = np.asarray(setting_out.season(jnp.array(6), jnp.array(4.0), corridor, params))
    np.testing.assert_allclose(seasons, 0.6 * np.asarray(later), rtol=1e-12)


def test_an_open_air_route_raises_setting_out_by_its_effect() -> None:
    inputs, params = corridors.quiet(), flows(air_route=0.9)
    zero, cell = jnp.zeros((3, 3)), jnp.zeros((3, 3, 1))
    when = (jnp.array(0), jnp.array(0.0))
    shut, opened = (
        np.asarray(
            setting_out.intended(
                (cell, cell), (zero, zero, zero, zero + way, zero), jnp.array(0.0), cell, when, inputs.corridor, params
            )
        )
        for way in (0.0, 0.5)
    )
    np.testing.assert_allclose(opened / shut, np.exp(0.45), rtol=1e-12)


def test_curves_have_their_closed_forms() -> None:
    assert float(logistic(jnp.array(0.0))) == 0.5
    np.testing.assert_allclose(log_odds(jnp.array([0.0, 1.0])), [-np.log(499.0), np.log(499.0)], rtol=1e-12)
    np.testing.assert_allclose(
        hazard_chance(jnp.array([0.0, 1e-12, 1.0])), [0.0, 1e-12, 1.0 - np.exp(-1.0)], rtol=1e-12
    )
    np.testing.assert_allclose(ration(jnp.array([0.0, 50.0, 200.0]), jnp.array(100.0)), [1.0, 1.0, 0.5], rtol=1e-12)


def test_who_is_removed_from_detention_tries_again_next_month_by_the_chance_of_those_sent_home() -> None:
    """Everyone detained, of whom half are removed: of these a quarter comes again, none of them within the month."""
    params = flows(retry_home=0.25, detained_removed=0.5)
    cell, zero, release = jnp.full((3, 3, 1), 80.0), jnp.zeros((3, 3, 1)), jnp.ones((3, 3))
    one = jnp.ones((3, 3, 1))
    after = crossing.aftermath(
        cell, (zero, 0.5 * one), (zero, zero, zero, one, zero, zero), release, (zero, zero), params
    )
    for name, people in (("again", 10.0), ("removed", 30.0), ("let_in", 40.0), ("soon", 0.0), ("gone_home", 0.0)):
        np.testing.assert_allclose(getattr(after, name), people, rtol=1e-12, atol=1e-12)


def test_the_make_up_by_group_drifts_straight_between_new_years() -> None:
    params = flows()
    knots = np.asarray(params.mix_drift)
    for years, expected in ((1.0, knots[1]), (1.25, 0.75 * knots[1] + 0.25 * knots[2])):
        np.testing.assert_allclose(setting_out.drifted_mix(jnp.array(years), params), expected, rtol=1e-12)
    assert np.abs(knots[1] - knots[2]).max() > 0.01
