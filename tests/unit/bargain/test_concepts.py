"""Known divisions: each concept gives what its theorem says, whatever the scale in which payoffs are counted."""

from __future__ import annotations

from dataclasses import replace

import bargains
import jax.numpy as jnp
import numpy as np
import pytest
from bargains import agree, assemble

from palanca.bargain.concepts import clashes, salience_mean
from palanca.bargain.issues import Declaration, Issue, Party, Ratifier
from palanca.bargain.solve import Concept
from palanca.bargain.utility import Term

CLOSE = 1e-7  # the last barrier weight is 1e-10; what it adds is of this order over the price of a limit


def test_a_sum_is_split_in_equal_gains_above_no_deal():
    """T1: u_1 = d_1 + (S - d_1 - d_2) / 2."""
    np.testing.assert_allclose(agree(bargains.pie(disagreement=(0.3, 0.1))).payoffs, [0.6, 0.4], atol=CLOSE)


def test_unequal_weights_split_the_surplus_in_their_proportion():
    """T2: u_1 = d_1 + a_1 S', .3 + .7 x .6."""
    problem = bargains.pie(disagreement=(0.3, 0.1), weights=(0.7, 0.3))
    np.testing.assert_allclose(agree(problem).payoffs, [0.72, 0.28], atol=CLOSE)


@pytest.mark.parametrize("concept", [Concept.NASH, Concept.KALAI_SMORODINSKY])
def test_counting_payoffs_in_other_units_changes_no_package(concept):
    """T3: u -> c u + k for each party by itself."""
    problem = bargains.corridor()
    factor, shift = np.array([7.0, 0.02]), np.array([-3.0, 11.0])
    terms = tuple(replace(t, coefficients=t.coefficients * _by_voice(t, factor)) for t in problem.terms)
    again = replace(problem, dislike=problem.dislike * factor, terms=terms, disagreement=problem.disagreement * factor)
    plain, scaled = agree(problem, concept), agree(again, concept)
    np.testing.assert_allclose(scaled.package, plain.package, atol=1e-7)
    np.testing.assert_allclose(scaled.gains, plain.gains * factor, rtol=1e-7)
    moved = _shifted(shift)
    np.testing.assert_allclose(agree(moved, concept).package, agree(_shifted(np.zeros(2)), concept).package, atol=1e-7)


def _by_voice(terms, factor):
    """Factors for the coefficients that scale a payoff; rates, exponents and thresholds are left alone."""
    scaled = {"linear": (1, 0, 0), "quadratic": (1, 1, 0), "log": (1, 0, 0)}[terms.form]
    by = np.array([factor[v] for v in terms.voice])[:, None]
    return jnp.array(np.where(np.array(scaled) > 0, by, 1.0))


def _shifted(shift):
    """A pie in which each party also counts a constant: the disagreement shifts with it."""
    problem = bargains.pie(disagreement=(0.3, 0.1))
    terms = tuple(replace(t, origin=t.origin + jnp.array(shift)[jnp.array(t.voice)]) for t in problem.terms)
    return replace(problem, terms=terms, disagreement=problem.disagreement + jnp.array(shift))


def test_a_truncated_triangle_tells_kalai_smorodinsky_from_nash():
    """T8: u1 <= .5, u1 + u2 <= 1: the ray to the ideal point against the corner."""
    problem = bargains.pie(highs=(0.5, 1.0))
    np.testing.assert_allclose(agree(problem, Concept.KALAI_SMORODINSKY).payoffs, [1 / 3, 2 / 3], atol=CLOSE)
    np.testing.assert_allclose(agree(problem, Concept.NASH).payoffs, [0.5, 0.5], atol=1e-5)  # two limits meet there
    np.testing.assert_allclose(agree(problem, Concept.EGALITARIAN).payoffs, [0.5, 0.5], atol=CLOSE)


@pytest.mark.parametrize(("floors", "first"), [((0.7, None), 0.7), ((0.3, None), 0.5)], ids=["it binds", "it does not"])
def test_a_floor_moves_the_split_only_when_it_binds(floors, first):
    """T15: min share .7 gives .7, .3 leaves one half."""
    np.testing.assert_allclose(agree(bargains.pie(floors=floors)).payoffs[0], first, atol=1e-6)


def test_floors_that_clash_are_named_with_the_weights_of_the_proof():
    """T15: .7 and .4 of one pie; the pie and both floors share the blame, and their weighted slack stays below 0."""
    problem = bargains.pie(floors=(0.7, 0.4))
    outcome = agree(problem)
    found = {clash.name: clash.weight for clash in clashes(problem, outcome)}
    assert not bool(outcome.agreed)
    assert set(found) == {"floor of 1", "floor of 2", "budget pie"}
    # Ranges are 1 for each floor and 2 for the pie; the proof adds the floors and twice the pie: 1 - 1.1 < 0.
    np.testing.assert_allclose(
        [found["floor of 1"], found["floor of 2"], found["budget pie"]], [0.25, 0.25, 0.5], atol=1e-6
    )
    np.testing.assert_allclose(outcome.margin, 0.25 * (1.0 - 1.1), atol=1e-8)
    np.testing.assert_allclose(outcome.payoffs, problem.disagreement)


def test_a_ratifier_binds_although_what_it_minds_and_what_it_likes_are_alike_in_size():
    """It wants as much aid given as returns are taken; from corner to corner its stakes cancel."""
    declared = Declaration(
        (Party("D"), Party("T")),
        (Issue("aid", "D"), Issue("returns", "T")),
        (
            Term("D", "aid", "quadratic", (-1.0, 3.0)),
            Term("D", "returns", "linear", (3.0,)),
            Term("T", "aid", "log", (3.0, 2.0)),
            Term("T", "returns", "linear", (-0.5,)),
            Term("unions", "aid", "linear", (1.0,)),
            Term("unions", "returns", "linear", (-1.0,)),
        ),
        (Ratifier("unions", "T"),),
    )
    alone = agree(assemble(replace(declared, ratifiers=(), terms=declared.terms[:4])))
    problem = assemble(declared)
    bound = agree(problem)
    assert float(alone.package[1] - alone.package[0]) > 0.1
    np.testing.assert_allclose(bound.package[0], bound.package[1], atol=1e-7)
    assert float(bound.price[2]) > 0.01


def test_more_parties_share_equally_what_they_add():
    """T32: d = (1, 2, .5), S = 10: each gets d_i + 6.5 / 3."""
    outcome = agree(bargains.pie(10.0, (1.0, 2.0, 0.5)))
    np.testing.assert_allclose(outcome.payoffs, np.array([1.0, 2.0, 0.5]) + 6.5 / 3, atol=2e-6)


def test_concepts_nearly_coincide_in_a_rich_package():
    """Divisible issues equalise gains: the concept matters for who pays, little for what is in the package."""
    found = {concept: agree(bargains.corridor(), concept) for concept in Concept}
    solved = np.array([found[concept].package for concept in Concept])
    assert np.max(np.ptp(solved, axis=0)) < 0.15
    gains = np.array([found[concept].gains for concept in Concept])
    assert gains.sum(axis=1).argmax() == list(Concept).index(Concept.UTILITARIAN)
    np.testing.assert_allclose(*found[Concept.EGALITARIAN].gains, rtol=1e-7)
    assert np.log(gains).sum(axis=1).argmax() == list(Concept).index(Concept.NASH)


def test_kalai_smorodinsky_gives_all_the_same_share_of_their_ideal():
    problem = bargains.corridor()
    outcome = agree(problem, Concept.KALAI_SMORODINSKY)
    ideal = [_most(problem, party) for party in range(2)]
    share = np.asarray(outcome.gains) / ideal
    np.testing.assert_allclose(share[0], share[1], rtol=1e-6)


def _most(problem, party):
    """The most that a party can gain while the other loses nothing, through its weight alone."""
    weight = jnp.array([1e-6, 1.0] if party else [1.0, 1e-6])
    outcome = agree(replace(problem, weight=weight / weight.sum()), Concept.UTILITARIAN)
    return float(outcome.gains[party])


def test_the_salience_weighted_mean_is_the_mean_of_wishes_by_power_times_care():
    """Two issues; D wants none of what it gives and all of what it gets, as does T."""
    problem = assemble(
        Declaration(
            (Party("D", 3.0), Party("T", 1.0)),
            (Issue("aid", "D"), Issue("returns", "T")),
            (
                Term("D", "aid", "linear", (-1.0,)),
                Term("D", "returns", "linear", (3.0,)),
                Term("T", "aid", "linear", (4.0,)),
                Term("T", "returns", "linear", (-1.0,)),
            ),
        )
    )
    mean = salience_mean(problem)
    # aid: T's wish 1 weighs .25 x .8, D's wish 0 weighs .75 x .25; returns: D's wish 1 weighs .75 x .75, T's .25 x .2
    np.testing.assert_allclose(mean.package, [0.2 / 0.3875, 0.5625 / 0.6125], atol=1e-9)
    np.testing.assert_allclose(mean.gains, [-0.2 / 0.3875 + 3 * 0.5625 / 0.6125, 4 * 0.2 / 0.3875 - 0.5625 / 0.6125])
