"""Leverage in closed form: shadow prices, dependence of who cannot adapt, routes side by side and in a row."""

from __future__ import annotations

from dataclasses import replace

import bargains
import jax.numpy as jnp
import numpy as np
import pytest

from palanca.bargain import shapley
from palanca.bargain.concepts import agree
from palanca.bargain.leverage import conversion, dependence, discretion, independent, realised
from palanca.bargain.refusals import DeclarationError


def game(worth):
    """Worth of every coalition of three, by the set of its members."""
    held = shapley.subsets(3)
    return np.array([worth({k for k in range(3) if row[k]}) for row in held], dtype=float)


def test_a_destination_with_two_routes_side_by_side_holds_two_thirds():
    """T27, the glove game: D and either of two transit countries."""
    value = game(lambda s: 0 in s and (1 in s or 2 in s))
    np.testing.assert_allclose(shapley.shares(value), [2 / 3, 1 / 6, 1 / 6], rtol=1e-14)
    assert shapley.pairs(value)[1, 2] < 0.0  # they replace each other


def test_two_transit_countries_in_a_row_hold_a_third_each():
    """T27, serial: all three must act."""
    value = game(lambda s: len(s) == 3)
    np.testing.assert_allclose(shapley.shares(value), [1 / 3] * 3, rtol=1e-14)
    np.testing.assert_allclose(shapley.pairs(value)[1, 2], 0.5, rtol=1e-14)


@pytest.fixture(scope="module")
def worths():
    return shapley.worths(bargains.corridor())


def test_shares_over_eight_issues_sum_to_the_whole_gain(worths):
    """T27 on 2^8; 67 subsets have no deal."""
    found = shapley.shares(worths.gains)
    np.testing.assert_allclose(found.sum(axis=0), worths.gains[-1], rtol=1e-13)
    assert worths.no_deals == 67
    assert np.argmax(found[:, 1]) == 0  # T's enforcement, a cost to it, is what everything else is sold for


def test_a_silent_issue_has_no_share_and_equals_share_alike():
    value = game(lambda s: 3.0 * (0 in s) * (1 in s))
    np.testing.assert_allclose(shapley.shares(value), [1.5, 1.5, 0.0], atol=1e-14)


def test_merging_all_but_one_issue_leaves_two_that_share_by_their_worths(worths):
    coarse = shapley.merged(worths.gains[:, 1], [[0, 1], [2, 3, 4, 5, 6, 7]])
    whole = worths.gains[-1, 1]
    np.testing.assert_allclose(coarse, [0.0, 0.0, 0.0, whole], atol=1e-12)  # neither side sells alone
    np.testing.assert_allclose(shapley.shares(coarse), [whole / 2, whole / 2])


def test_cutting_an_issue_in_two_is_worth_the_same_whole_but_moves_shares(worths):
    problem = bargains.corridor()
    cut = shapley.split(problem, worths, "enforcement")
    np.testing.assert_allclose(cut[-1], worths.gains[-1])
    both = np.arange(256) | 256
    held = shapley.subsets(8)[:, 0]
    np.testing.assert_allclose(cut[both[held]], worths.gains[held])  # both halves are the issue
    np.testing.assert_allclose(cut[:256][held], cut[256:][~held], atol=1e-7)  # the halves are alike
    panel = shapley.robustness(problem, worths, "T")
    assert len(panel) == 8 + 7
    for row in panel[:8]:
        np.testing.assert_allclose(row.shares.sum(), worths.gains[-1, 1])
    assert panel[0].moved > 0.03


def test_random_orders_find_the_exact_shares_within_their_error(worths):
    value = worths.gains[:, 1]
    found, error = shapley.sampled(lambda held: value[held @ (1 << np.arange(8))], 8, 400, np.random.default_rng(5))
    exact = shapley.shares(value)
    np.testing.assert_allclose(found.sum(), value[-1])
    assert np.all(np.abs(found - exact) < 4.0 * error + 1e-12)
    assert np.all(error < 0.03 * value[-1])


def test_the_shadow_price_is_the_slope_of_the_flow_and_meets_weighted_marginal_cost():
    """T28: mu = lambda theta F (1 - w) exp(-theta_T e - theta_D e_D); at the efficient package mu / g_D = MC / g_T."""
    problem = bargains.private_optimum(bargains.with_own_effort(cap=0.8, theta_t=0.7))
    deal = agree(problem)
    lost = dependence(problem, deal.package, "D", ("enforcement",), ("own effort",))
    effort = float(deal.package[0])
    from_flow = 0.7 * 40.0 * 0.9 * np.exp(-0.7 * effort - 0.3 * float(deal.package[1]))
    marginal_cost = 2.0 + 4.0 * effort
    np.testing.assert_allclose(lost.shadow_price[0], from_flow, rtol=1e-6)
    np.testing.assert_allclose(lost.shadow_price[0] / deal.gains[0], marginal_cost / deal.gains[1], rtol=1e-7)


def test_the_shadow_price_is_the_slope_of_the_best_payoff_by_the_envelope():
    """T28: dV_D/de_T by central differences, D re-optimising at each."""
    problem = bargains.private_optimum(bargains.with_own_effort(cap=4.0, theta_t=0.7))
    package = agree(problem).package

    def best(effort):
        at = package.at[0].set(effort)
        stop = dependence(problem, at, "D", ("enforcement",), ("own effort",))
        return float(problem.payoffs(stop.adapted)[0] + stop.vulnerability)

    step = 1e-4
    slope = (best(package[0] + step) - best(package[0] - step)) / (2 * step)
    price = dependence(problem, package, "D", ("enforcement",), ("own effort",)).shadow_price[0]
    np.testing.assert_allclose(price, slope, rtol=1e-6)


def test_who_has_no_means_of_its_own_is_as_vulnerable_as_sensitive():
    problem = bargains.corridor()
    deal = agree(problem)
    lost = dependence(problem, deal.package, "D", ("enforcement",), ())
    through = 40.0 * np.exp(-0.15) * 0.875 * (1.0 - np.exp(-0.6 * float(deal.package[0])))
    np.testing.assert_allclose(lost.people_at_once, through, rtol=1e-12)
    np.testing.assert_allclose([lost.sensitivity, lost.vulnerability], through, rtol=1e-9)
    np.testing.assert_allclose(lost.kept_share, 1.0, rtol=1e-9)


def test_leverage_bought_nothing_where_nobody_must_come_through():
    """w -> 1: all go round the transit country, so its effort is worth nothing and the two worlds are one."""
    round_it = bargains.corridor(bypass=1.0)
    np.testing.assert_allclose(realised(round_it, "T"), 0.0, atol=1e-6)
    assert float(realised(bargains.corridor(), "T")) > 1.0


def test_an_independent_world_keeps_the_threats_and_forgets_the_effort():
    problem = bargains.corridor()
    threatened = replace(problem, disagreement=problem.disagreement - jnp.array([0.3, 1.0]))
    free = independent(threatened, "T")
    at = problem.status_quo.at[0].set(2.0)
    np.testing.assert_allclose(free.payoffs(at)[0], problem.payoffs(problem.status_quo)[0])
    np.testing.assert_allclose(free.disagreement - free.payoffs(problem.status_quo), [-0.3, -1.0])


def test_dependence_converts_only_if_both_gain_from_political_issues():
    """Wagner: however uneven the dependence, a political issue that only costs buys nothing."""
    found = conversion(bargains.corridor(), ("silence", "forbearance"))
    assert bool(found.converts)
    assert float(found.least) > 0.0
    worthless = bargains.with_own_effort(democracy=1000.0)
    none = conversion(worthless, ("silence",))
    assert float(none.least) < 1e-3 * float(jnp.max(agree(worthless).gains))


def test_discretion_is_apart_from_capability():
    """A duty to keep up two thirds of the effort leaves the capability and takes away most of its use."""
    problem = bargains.corridor()
    package = agree(problem).package
    free_hand = discretion(problem, package, "T", ("enforcement",))
    duty = jnp.zeros(8).at[0].set(2.0 / 3.0 * package[0])
    bound = discretion(problem, package, "T", ("enforcement",), duty)
    np.testing.assert_allclose(free_hand.capability, bound.capability)
    np.testing.assert_allclose(free_hand.usable_share, 1.0, rtol=1e-6)  # effort is a cost, so it would stop it all
    e, k = float(package[0]), 0.6
    share = (np.exp(-k * e * 2 / 3) - np.exp(-k * e)) / (1.0 - np.exp(-k * e))
    np.testing.assert_allclose(bound.usable_share, share, rtol=1e-9)
    np.testing.assert_allclose(free_hand.gain_from_stopping, 2.0 * e + 2.0 * e**2, rtol=1e-6)


def test_more_than_twelve_issues_are_not_tried_one_by_one():
    problem = bargains.linear_pies((1.0,) * 7, (1.0,) * 7)
    with pytest.raises(DeclarationError, match="too many issues"):
        shapley.worths(problem)
