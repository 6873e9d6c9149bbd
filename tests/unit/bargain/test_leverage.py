"""Leverage in closed form: shadow prices, dependence of who cannot adapt, routes side by side and in a row."""

from __future__ import annotations

from dataclasses import replace

import bargains
import jax.numpy as jnp
import numpy as np
import pytest
from bargains import agree, dependence

from palanca.bargain import shapley
from palanca.bargain.concepts import agree_on_each
from palanca.bargain.leverage import independent


def game(worth):
    """Worth of every coalition of three, by the set of its members."""
    held = shapley.subsets(3)
    return np.array([worth({k for k in range(3) if row[k]}) for row in held], dtype=float)


def test_a_destination_with_two_routes_side_by_side_holds_two_thirds():
    """T27, the glove game: D and either of two transit countries."""
    value = game(lambda s: 0 in s and (1 in s or 2 in s))
    np.testing.assert_allclose(shapley.shares(value), [2 / 3, 1 / 6, 1 / 6], rtol=1e-14)


def test_two_transit_countries_in_a_row_hold_a_third_each():
    """T27, serial: all three must act."""
    value = game(lambda s: len(s) == 3)
    np.testing.assert_allclose(shapley.shares(value), [1 / 3] * 3, rtol=1e-14)


@pytest.fixture(scope="module")
def worths():
    return agree_on_each(bargains.corridor(), jnp.asarray(shapley.subsets(8)))


def test_shares_over_eight_issues_sum_to_the_whole_gain(worths):
    """T27 on 2^8; 67 subsets have no deal."""
    found = shapley.shares(np.asarray(worths.gains))
    np.testing.assert_allclose(found.sum(axis=0), worths.gains[-1], rtol=1e-13)
    assert int((~worths.agreed).sum()) == 67
    assert np.argmax(found[:, 1]) == 0  # T's enforcement, a cost to it, is what everything else is sold for


def test_a_silent_issue_has_no_share_and_equals_share_alike():
    value = game(lambda s: 3.0 * (0 in s) * (1 in s))
    np.testing.assert_allclose(shapley.shares(value), [1.5, 1.5, 0.0], atol=1e-14)


def test_merging_all_but_one_issue_leaves_two_that_share_by_their_worths(worths):
    coarse = shapley.merged(np.asarray(worths.gains)[:, 1], [[0, 1], [2, 3, 4, 5, 6, 7]])
    whole = worths.gains[-1, 1]
    np.testing.assert_allclose(coarse, [0.0, 0.0, 0.0, whole], atol=1e-12)  # neither side sells alone
    np.testing.assert_allclose(shapley.shares(coarse), [whole / 2, whole / 2])


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


def test_an_independent_world_keeps_the_threats_and_forgets_the_effort():
    problem = bargains.corridor()
    threatened = replace(problem, disagreement=problem.disagreement - jnp.array([0.3, 1.0]))
    free = independent(threatened, "T")
    at = problem.status_quo.at[0].set(2.0)
    np.testing.assert_allclose(free.payoffs(at)[0], problem.payoffs(problem.status_quo)[0])
    np.testing.assert_allclose(free.disagreement - free.payoffs(problem.status_quo), [-0.3, -1.0])
