"""Issues linked against issues in silos: closed forms, what always holds, and what need not."""

from __future__ import annotations

from dataclasses import replace

import bargains
import jax.numpy as jnp
import numpy as np
import pytest
from bargains import agree, assemble

from palanca.bargain.issues import Declaration, Issue, Party
from palanca.bargain.linkage import comparative_interest, compare, world
from palanca.bargain.refusals import DeclarationError
from palanca.bargain.utility import Term


def together(problem):
    """All issues in one silo."""
    return (problem.issues,)


def apart(problem):
    """Each issue in a silo of its own."""
    return tuple((name,) for name in problem.issues)


def silos(pies):
    return tuple((f"{k} to 1", f"{k} to 2") for k in range(pies))


def best_of_corners(a, b):
    """The Nash deal over two linear pies from its three candidates (section on linear issues), a1/b1 > a2/b2."""
    candidates = [(1.0, 0.0)]
    if b[1] < b[0]:
        candidates.append(((b[0] + b[1]) / (2 * b[0]), 0.0))
    if a[1] > a[0]:
        candidates.append((1.0, (a[1] - a[0]) / (2 * a[1])))
    payoffs = [(a[0] * x + a[1] * y, b[0] * (1 - x) + b[1] * (1 - y)) for x, y in candidates]
    return max(payoffs, key=lambda u: u[0] * u[1])


def draws(number, seed=11):
    rng = np.random.default_rng(seed)
    for _ in range(number):
        a, b = rng.uniform(0.2, 3.0, 2), rng.uniform(0.2, 3.0, 2)
        order = np.argsort(-a / b)
        yield tuple(a[order]), tuple(b[order])


def test_the_textbook_pair_of_pies_is_worth_two_each_when_linked():
    """a = (2, 1), b = (1, 2): separate (1.5, 1.5), joint (2, 2)."""
    problem = bargains.linear_pies((2.0, 1.0), (1.0, 2.0))
    found = compare(problem, silos(2), together(problem))
    np.testing.assert_allclose(found.before.payoffs, [1.5, 1.5], atol=1e-7)
    np.testing.assert_allclose(found.after.payoffs, [2.0, 2.0], atol=1e-7)
    assert found.losers == ()


def test_three_hundred_random_pairs_of_linear_pies_meet_their_closed_form():
    """T9."""
    for a, b in draws(300):
        np.testing.assert_allclose(agree(bargains.linear_pies(a, b)).gains, best_of_corners(a, b), rtol=2e-7)


def test_equal_relative_interests_gain_nothing_from_linkage():
    """T10: b_k / a_k the same for all k."""
    problem = bargains.linear_pies((1.0, 2.5, 0.7), (2.0, 5.0, 1.4))
    found = compare(problem, silos(3), together(problem))
    np.testing.assert_allclose(found.change, 0.0, atol=1e-6)
    np.testing.assert_allclose(found.log_product, 0.0, atol=1e-7)


def test_linking_everything_never_lowers_the_product_and_harms_nobody_over_linear_pies():
    """T11, and midpoint domination: with equal weights each gets at least half of its ideal, what silos give."""
    for a, b in draws(20, seed=3):
        problem = bargains.linear_pies(a, b)
        found = compare(problem, silos(2), together(problem))
        assert found.log_product > -1e-8
        assert np.min(found.change) > -1e-6
        np.testing.assert_allclose(found.before.gains, [sum(a) / 2, sum(b) / 2], rtol=1e-7)


def test_one_party_can_lose_from_linkage():
    """T12: separate (2.130, 5.837), joint (2.917, 4.833); the second loses 17 percent."""
    problem = bargains.curved_pies(((0.8418, 0.1257), (2.6535, 0.8085)), ((4.3446, 0.3968), (3.4756, 0.9337)))
    found = compare(problem, silos(2), together(problem))
    np.testing.assert_allclose(found.before.gains, [2.130, 5.837], atol=6e-4)
    np.testing.assert_allclose(found.after.gains, [2.917, 4.833], atol=6e-4)
    assert found.losers == ("2",)
    np.testing.assert_allclose(found.change[1] / found.before.payoffs[1], -0.172, atol=1e-3)
    assert found.log_product > 0.0


def test_merging_only_some_silos_can_lower_the_product():
    """T12: among random curved pies a partial merge sometimes makes the two together worse off by Nash's measure."""
    rng = np.random.default_rng(8)
    fell = 0
    for _ in range(25):
        first, second = (
            tuple((float(s), float(p)) for s, p in zip(rng.uniform(0.5, 4.0, 3), rng.uniform(0.1, 1.0, 3), strict=True))
            for _ in range(2)
        )
        problem = bargains.curved_pies(first, second)
        three = silos(3)
        found = compare(problem, three, (three[0] + three[1], three[2]))
        fell += found.log_product < -1e-6
        assert compare(problem, three, together(problem)).log_product > -1e-7
    assert 0 < fell < 25


def test_a_threat_is_heard_in_its_own_silo_alone():
    problem = bargains.linear_pies((2.0, 1.0), (1.0, 2.0))
    threatened = replace(problem, disagreement=problem.disagreement - jnp.array([0.0, 0.4]))
    with pytest.raises(DeclarationError, match="belongs to no silo"):
        world(threatened, silos(2))
    heard = world(threatened, silos(2), threatened="0 to 1")
    calm = world(problem, silos(2))
    # pie 0: u1 = 2x, u2 = 1 - x, d = (0, -.4): 2x . (1.4 - x) is greatest at x = .7
    np.testing.assert_allclose(heard.payoffs, [1.4 + 0.5, 0.3 + 1.0], atol=1e-6)
    np.testing.assert_allclose(calm.payoffs, [1.5, 1.5], atol=1e-6)


def test_one_sided_favours_find_a_deal_only_when_linked():
    """Each silo holds a gift of one side only, so nothing is agreed until they are put together."""
    problem = bargains.corridor()
    found = compare(problem, apart(problem), together(problem))
    assert not found.before.agreed.any()
    np.testing.assert_allclose(found.before.payoffs, problem.disagreement)
    assert found.after.agreed.all()
    assert np.all(found.change > 1.0)


def test_comparative_interest_is_the_share_of_what_is_at_stake():
    problem = assemble(
        Declaration(
            (Party("D"), Party("T")),
            (Issue("aid", "D"), Issue("returns", "T")),
            (
                Term("D", "aid", "linear", (-1.0,)),
                Term("D", "returns", "linear", (3.0,)),
                Term("T", "aid", "linear", (4.0,)),
                Term("T", "returns", "linear", (-1.0,)),
            ),
        )
    )
    np.testing.assert_allclose(comparative_interest(problem), [[0.25, 0.75], [0.8, 0.2]], atol=1e-9)
