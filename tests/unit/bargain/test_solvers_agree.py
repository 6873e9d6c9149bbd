"""Three solvers written apart give one answer, and the compiled one knows how it moves."""

from __future__ import annotations

from dataclasses import replace

import bargains
import jax
import jax.numpy as jnp
import numpy as np
import pytest
import reference_solvers as reference
from bargains import agree

from palanca.bargain import shapley, solve
from palanca.bargain.concepts import agree_on_each
from palanca.bargain.feasible import TINY
from palanca.bargain.refusals import UnsettledError
from palanca.bargain.solve import Concept

NO_WORSE = 1e-7  # of the log of Nash's product
SAME = 1e-4  # of an issue's bounds and of a gain's range; CLARABEL stops about 1e-8 from the best objective


def apart(problem, ours, theirs):
    """Largest difference in amounts and gains, as shares of their ranges."""
    assert bool(ours.agreed) == theirs.agreed
    wide = np.asarray(problem.high - problem.low)
    gains = np.abs(np.asarray(ours.gains) - theirs.gains) / reference.ranges(problem)[: len(problem.parties)]
    return max(np.max(np.abs(np.asarray(ours.package) - theirs.package) / wide), np.max(gains))


def compare(seed, parties, concepts):
    problem = bargains.drawn(seed, parties)
    free, fixed = np.ones(len(problem.issues), bool), np.asarray(problem.status_quo)
    conic = reference.Conic(problem)
    opinions = 0
    for concept in concepts:
        ours = agree(problem, concept)
        assert apart(problem, ours, conic.solve(free, fixed, concept)) < SAME, (seed, concept)
        third = third_opinion(problem, free, fixed, concept)
        if third is not None and worth(problem, third) > worth(problem, ours) - NO_WORSE:
            assert apart(problem, ours, third) < SAME, (seed, concept)
            opinions += 1
    return opinions


def third_opinion(problem, free, fixed, concept):
    """SLSQP, where it is asked and does not stop without an answer."""
    if concept not in (Concept.NASH, Concept.EGALITARIAN):
        return None
    try:
        return reference.sequential(problem, free, fixed, concept)
    except UnsettledError:
        return None


def worth(problem, found):
    """Nash's product in logs: an SLSQP that stopped early is told by a lower one; a right one cannot be lower."""
    return float(np.asarray(problem.weight) @ np.log(np.maximum(np.asarray(found.gains), 1e-12)))


@pytest.mark.parametrize("parties", [2, 3])
def test_every_concept_agrees_on_a_few_random_problems(parties):
    for seed in range(3):
        compare(seed, parties, Concept)


@pytest.mark.slow
@pytest.mark.parametrize("block", range(4))
def test_two_hundred_random_problems_agree(block):
    agreeing = sum(compare(seed, 2 + seed % 2, [Concept.NASH]) for seed in range(50 * block, 50 * block + 50))
    assert agreeing >= 45  # SLSQP gives up or stops early in a few, which ones depending on the machine


def test_a_deal_exists_exactly_where_each_side_has_something_to_give():
    """T30: two issues of T and six of D: (2^2 - 1)(2^6 - 1) = 189 of 256 subsets."""
    problem = bargains.corridor()
    held = shapley.subsets(8)
    outcome = agree_on_each(problem, jnp.asarray(held))
    expected = held[:, :2].any(axis=1) & held[:, 2:].any(axis=1)
    np.testing.assert_array_equal(outcome.agreed, expected)
    assert int(outcome.agreed.sum()) == 189
    np.testing.assert_array_equal(np.asarray(outcome.gains)[~expected], 0.0)


def test_the_reference_solver_finds_the_same_subsets_without_a_deal():
    """T30 by CVXPY, on every eleventh subset."""
    problem = bargains.corridor()
    held = shapley.subsets(8)[::11]
    ours = agree_on_each(problem, jnp.asarray(held))
    conic = reference.Conic(problem)
    theirs = [conic.solve(free, np.asarray(problem.status_quo), Concept.NASH) for free in held]
    np.testing.assert_array_equal(ours.agreed, [one.agreed for one in theirs])
    np.testing.assert_allclose(ours.gains, [one.gains for one in theirs], atol=1e-3)


def test_the_proof_of_no_deal_is_that_of_the_reference_solver():
    problem = replace(bargains.pie(floors=(0.7, 0.4)))
    theirs = reference.Conic(problem).solve(np.ones(2, bool), np.zeros(2), Concept.NASH)
    ours = agree(problem)
    np.testing.assert_allclose(ours.margin, theirs.margin, atol=1e-7)
    np.testing.assert_allclose(ours.clash, theirs.clash, atol=1e-5)


@pytest.mark.long
@pytest.mark.parametrize("concept", list(Concept))
def test_slopes_by_the_implicit_function_theorem_are_those_of_central_differences(concept):
    """T31: how the package moves with dislike, a bargaining weight and the flow; forwards, backwards, and by steps."""
    base = bargains.corridor()
    free = jnp.ones(8, bool)

    def package(x):
        arrivals = replace(base.arrivals, size=base.arrivals.size * x[1])
        problem = replace(
            base, dislike=base.dislike.at[0].set(x[0]), arrivals=arrivals, weight=jnp.array([x[2], 1.0 - x[2]])
        )
        problem = replace(problem, disagreement=problem.payoffs(problem.status_quo))
        return solve.one(problem, free, problem.status_quo, jnp.array(concept.number)).package

    at, step = jnp.array([1.0, 1.0, 0.5]), 1e-4
    forwards, backwards = jax.jacfwd(package)(at), jax.jacrev(package)(at)
    moves = np.eye(3) * step
    by_steps = np.stack([(package(at + m) - package(at - m)) / (2 * step) for m in moves], axis=1)
    np.testing.assert_allclose(forwards, by_steps, atol=1e-6)
    np.testing.assert_allclose(forwards, backwards, atol=1e-10)
    np.testing.assert_allclose(forwards[1], 0.0, atol=1e-6)  # readmission stands at its bound
    assert float(forwards[0, 0]) > 0.1
    gifts = np.abs(forwards[2:, 0])  # a sum of payoffs asks each issue by itself, so gifts do not answer to arrivals
    assert np.max(gifts) < 1e-6 if concept is Concept.UTILITARIAN else np.min(gifts) > 0.01


@pytest.mark.slow
@pytest.mark.long
def test_slopes_map_over_draws():
    base = bargains.corridor()
    free = jnp.ones(8, bool)

    def effort(dislike):
        problem = replace(base, dislike=base.dislike.at[0].set(dislike))
        problem = replace(problem, disagreement=problem.payoffs(problem.status_quo))
        return solve.bargain(problem, free, problem.status_quo, jnp.array(0)).package[0]

    slopes = jax.vmap(jax.grad(effort))(jnp.array([0.8, 1.0]))
    alone = [jax.grad(effort)(dislike) for dislike in (0.8, 1.0)]
    np.testing.assert_allclose(slopes, alone, rtol=1e-9)


def test_prices_are_what_slack_is_worth():
    """The price of the pie's budget is the slope of the sum of weighted log gains in its size: 1 / surplus."""
    problem = bargains.pie(1.0, (0.3, 0.1))
    outcome = agree(problem)
    price = dict(zip(problem.names(), np.asarray(outcome.price), strict=True))["budget pie"]
    np.testing.assert_allclose(price, 1.0 / 0.6, rtol=1e-6)


def test_no_issue_on_the_table_is_no_deal():
    outcome = agree(bargains.corridor(), free=jnp.zeros(8, bool))
    assert not bool(outcome.agreed)
    assert float(outcome.margin) <= TINY
