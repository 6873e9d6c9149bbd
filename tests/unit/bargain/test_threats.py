"""What each gets without a deal: threats at their chance, private best replies; lumps, and tables of arrivals."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import bargains
import jax
import jax.numpy as jnp
import numpy as np
import pytest

from palanca.bargain import menu, threats
from palanca.bargain.arrivals import bypassed, through_table
from palanca.bargain.concepts import agree
from palanca.bargain.feasible import assemble
from palanca.bargain.issues import Declaration, Issue, Party
from palanca.bargain.refusals import DeclarationError
from palanca.bargain.solve import Concept
from palanca.bargain.threats import Threat
from palanca.bargain.utility import Term

TARIFF = Threat("1", "2", harm=2.0, cost=0.6, survival=1.0, belief=0.4, reputation=1.0)


def test_a_tariff_threat_takes_from_its_target_what_the_closed_form_says():
    """T14: S = 10, h = 2, c = .6, p = .4: (p / 2)(c - h) = -.28, and the sender gains as much."""
    talks = bargains.pie(10.0, (1.0, 1.0))
    before = agree(talks)
    threatened, priced = threats.without_deal(
        replace(talks, disagreement=talks.disagreement), (TARIFF,), package=talks.status_quo
    )
    threatened = replace(threatened, disagreement=threatened.disagreement + 1.0)  # the pie's no deal is worth 1 each
    after = agree(threatened)
    assert priced == [True]
    np.testing.assert_allclose(after.payoffs - before.payoffs, [0.28, -0.28], atol=1e-6)
    np.testing.assert_allclose(threats.incidence(TARIFF, 0.5), -0.28, rtol=1e-15)
    assert float(after.gains[1]) > float(before.gains[1])  # the gain rises though the level falls


def test_a_court_cuts_leverage_in_proportion_to_the_chance_that_it_lets_stand():
    """dU_D/dpi = (p / 2)(h - c), and a struck-down threat does nothing."""
    np.testing.assert_allclose(threats.court_slope(TARIFF, 0.5), 0.2 * 1.4)
    struck = replace(TARIFF, survival=0.0)
    assert threats.incidence(struck, 0.5) == 0.0
    halved = replace(TARIFF, survival=0.5)
    np.testing.assert_allclose(threats.incidence(halved, 0.5), 0.5 * threats.incidence(TARIFF, 0.5))


def test_a_threat_dearer_than_ones_word_is_not_priced():
    idle = replace(TARIFF, reputation=0.5)
    talks = bargains.pie(10.0)
    found, priced = threats.without_deal(talks, (idle,), package=talks.status_quo)
    assert priced == [False]
    np.testing.assert_allclose(found.disagreement, 0.0)


def test_variable_threats_give_half_the_sum_and_half_the_value_of_the_quarrel():
    """sum 8, val(A - B) = -2: payoffs (3, 5)."""
    mine, theirs = np.array([[4.0, 1.0], [6.0, 0.0]]), np.array([[4.0, 3.0], [1.0, 2.0]])
    np.testing.assert_allclose(threats.variable_threats(mine, theirs), (3.0, 5.0), atol=1e-12)


def test_without_a_deal_nobody_gives_and_each_does_what_pays_it_alone():
    """D's own effort solves 6 e = theta_D F exp(-theta_D e); all gifts stay at nothing."""
    found = np.asarray(threats.private_optimum(bargains.with_own_effort(cap=4.0)))
    effort = found[1]
    np.testing.assert_allclose(6.0 * effort, 0.3 * 40.0 * np.exp(-0.3 * effort), rtol=1e-7)
    np.testing.assert_allclose(found[[0, 2, 3]], 0.0, atol=1e-7)
    capped = np.asarray(threats.private_optimum(bargains.with_own_effort(cap=0.5)))
    np.testing.assert_allclose(capped[1], 0.5, atol=1e-8)


def test_the_worst_case_is_no_better_than_any_package_of_the_others():
    talks = bargains.with_own_effort(cap=1.0)
    worst = threats.worst_case(talks, 0)
    alone = threats.private_optimum(talks)
    np.testing.assert_allclose(worst, talks.payoffs(alone)[0], rtol=1e-8)  # T can do no worse than nothing


LUMPS = tuple(
    Issue(name, owner, 0.0, 1.0, menu=entries)
    for name, owner, entries in (
        ("licence", "D", (0.0, 1.0)),
        ("visas", "D", (0.0, 0.3, 1.0)),
        ("aid", "D", (0.0, 0.5, 1.0)),
        ("returns", "T", (0.0, 0.4, 0.8, 1.0)),
    )
)
LUMP_TERMS = (
    Term("T", "licence", "linear", (2.0,)),
    Term("D", "licence", "linear", (-1.5,)),
    Term("T", "visas", "log", (3.0, 2.0)),
    Term("D", "visas", "quadratic", (-0.5, 2.0)),
    Term("T", "aid", "linear", (1.0,)),
    Term("D", "aid", "linear", (-0.9,)),
    Term("T", "returns", "quadratic", (-1.0, 1.0)),
    Term("D", "returns", "log", (5.0, 1.0)),
)


@pytest.mark.parametrize("concept", list(Concept))
def test_lumpy_issues_give_the_best_of_every_combination(concept):
    """Against brute force, exactly."""
    talks = assemble(Declaration((Party("D"), Party("T")), LUMPS, LUMP_TERMS))
    gains = {z: np.asarray(talks.gains(jnp.array(z))) for z in product(*(issue.menu for issue in LUMPS))}
    fine = {z: g for z, g in gains.items() if np.all(g > 1e-6)}
    ideal = np.max(list(fine.values()), axis=0)
    score = {
        Concept.NASH: np.prod,
        Concept.UTILITARIAN: np.sum,
        Concept.EGALITARIAN: np.min,
        Concept.KALAI_SMORODINSKY: lambda g: np.min(g / ideal),
    }[concept]
    best = max(fine, key=lambda z: score(fine[z]))
    outcome = menu.agree_in_lumps(talks, LUMPS, concept)
    np.testing.assert_array_equal(outcome.package, best)
    smooth = agree(talks, Concept.NASH)
    if concept is Concept.NASH:
        assert np.prod(outcome.gains) <= np.prod(smooth.gains)


def test_a_lump_beside_free_issues_is_chosen_with_the_rest_solved():
    issues = (LUMPS[0], *(replace(issue, menu=()) for issue in LUMPS[1:]))
    talks = assemble(Declaration((Party("D"), Party("T")), issues, LUMP_TERMS))
    outcome = menu.agree_in_lumps(talks, issues)
    free = jnp.array([False, True, True, True])
    each = [agree(talks, free=free, fixed=jnp.array([x, 0.0, 0.0, 0.0])) for x in (0.0, 1.0)]
    best = max(each, key=lambda one: float(jnp.prod(one.gains)))
    np.testing.assert_allclose(outcome.package, best.package, atol=1e-8)
    with pytest.raises(DeclarationError, match="ideals across lumps"):
        menu.agree_in_lumps(talks, issues, Concept.KALAI_SMORODINSKY)


def test_no_effort_leaves_the_whole_flow_and_a_flow_that_goes_round_feels_none():
    flow = bypassed(jnp.array([30.0, 10.0]), jnp.array([0.2, 1.0]), 0.7, 0.3, 3, (0, 1))
    np.testing.assert_allclose(flow.arrivals(jnp.zeros(3)), 40.0)
    by_hand = 30 * (0.8 * np.exp(-0.7 * 2 - 0.3) + 0.2 * np.exp(-0.3)) + 10 * np.exp(-0.3)
    np.testing.assert_allclose(flow.arrivals(jnp.array([2.0, 1.0, 5.0])), by_hand)
    assert np.all(np.linalg.eigvalsh(jax.hessian(flow.arrivals)(jnp.array([1.0, 1.0, 0.0]))) > -1e-12)


def test_a_curve_through_a_table_meets_it_falls_and_bends_one_way():
    effort = np.array([0.0, 0.3, 0.8, 1.5, 2.5, 4.0])
    for people in (35 * np.exp(-0.6 * effort) + 5, 40.0 / (1.0 + effort) ** 2, 40.0 - 9.0 * effort):
        table = through_table(effort, people, 0)
        curve = jax.vmap(lambda e, table=table: table.arrivals(jnp.array([e, 0.0])))
        np.testing.assert_allclose(curve(jnp.array(effort)), people, atol=1e-3 * np.ptp(people))
        fine = np.asarray(curve(jnp.linspace(0.0, 4.0, 801)))
        assert np.all(np.diff(fine) < 1e-9)
        assert np.all(np.diff(fine, 2) > -1e-9)


def test_a_deal_over_a_table_is_close_to_the_deal_over_the_flow_it_was_drawn_from():
    talks = bargains.corridor()
    effort = np.linspace(0.0, 3.0, 13)
    people = [float(talks.arrivals.arrivals(jnp.zeros(8).at[0].set(e))) for e in effort]
    drawn = replace(talks, arrivals=through_table(effort, np.array(people), 0))
    np.testing.assert_allclose(agree(drawn).package, agree(talks).package, atol=2e-3)
