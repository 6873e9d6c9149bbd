"""Who proposes: shares of a pie in closed form, an ultimatum that leaves its target the threat, and limits at Nash."""

from __future__ import annotations

from dataclasses import replace

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from bargains import assemble, pie, threatened

from palanca.bargain import protocol
from palanca.bargain.feasible import BargainProblem
from palanca.bargain.issues import Declaration, Issue, Party
from palanca.bargain.refusals import DeclarationError
from palanca.bargain.solve import BargainOutcome, Concept
from palanca.bargain.threats import Threat
from palanca.bargain.utility import Term
from palanca.core.errors import BargainError
from palanca.questions.bargaining import batched

ROWS = 4  # of every batch, so that one compilation serves all


def effort_for_money(worth: float, cost: float, dear: float, most: float, slope: float = 0.0) -> BargainProblem:
    """T's effort, worth so much a unit to D at a cost of cost e^2 / 2, for D's money at slope m + dear m^2 / 2."""
    declared = Declaration(
        (Party("D"), Party("T")),
        (Issue("effort", "T", 0.0, most), Issue("money", "D", 0.0, 9.0)),
        (
            Term("D", "effort", "linear", (worth,)), Term("T", "effort", "quadratic", (0.0, cost)),
            Term("D", "money", "quadratic", (-slope, dear)), Term("T", "money", "linear", (1.0,)),
        ),
    )  # fmt: skip
    return assemble(declared)


PIE = effort_for_money(1.0, 0.0, 0.0, 1.0, slope=1.0)  # D's to divide: u_D = 1 - m, u_T = m
CURVED = effort_for_money(1.0, 0.0, 2.0, 1.0)  # u_D = 1 - u_T^2
DEAR = effort_for_money(3.0, 1.0, 0.0, 5.0, slope=1.0)  # effort of 3 is efficient, whatever is paid


def rows(*each: BargainProblem) -> BargainProblem:
    """Bargains side by side, the draw first; the last again until there are `ROWS`."""
    filled = [*each, *[each[-1]] * (ROWS - len(each))]
    return jax.tree.map(lambda *leaves: jnp.stack(leaves), *filled)


def talks(*closed: str) -> protocol.Talks:
    """Solves every draw with some issues closed."""

    def solve(problem: BargainProblem, concept: Concept) -> BargainOutcome:
        return batched.each(problem, np.array([name not in closed for name in problem.issues]), concept)

    return solve


def in_turn(problem: BargainProblem, patience: np.ndarray, first: int = 0) -> np.ndarray:
    """Gains by row."""
    filled = np.concatenate([patience, np.repeat(patience[-1:], ROWS - len(patience), axis=0)])
    return np.asarray(protocol.in_turn(problem, filled, first, talks()).gains)[: len(patience)]


def test_offers_in_turn_split_a_pie_as_rubinstein_has_it_whoever_is_first():
    patience = np.array([(0.9, 0.9), (0.9, 0.8), (0.5, 0.99), (0.3, 0.2)])
    for first in (0, 1):
        for (d1, d2), gains in zip(patience, in_turn(rows(PIE), patience, first), strict=True):
            mine, theirs = (d1, d2) if first == 0 else (d2, d1)
            assert gains[first] == pytest.approx((1 - theirs) / (1 - mine * theirs), abs=1e-6)
            assert gains.sum() == pytest.approx(1.0, abs=1e-6)


def test_as_time_between_offers_goes_to_nothing_shares_go_as_impatience_and_being_first_no_longer_counts():
    rates, between = np.array([0.05, 0.15]), np.array([1.0, 0.1, 0.01])
    patience = np.stack([np.asarray(protocol.discount(np.exp(-rates), dt)) for dt in between])
    off = in_turn(rows(PIE), patience)[:, 0] - 0.75
    assert (off > 0.0).all()
    np.testing.assert_allclose(off[1:] / off[:-1], 0.1, rtol=0.05)
    assert in_turn(rows(PIE), patience, 1)[2, 0] == pytest.approx(0.75, abs=3e-4)


def test_on_a_curved_frontier_offers_in_turn_come_to_nash_weighted_by_patience():
    """The most of a log(1 - v^2) + b log v lies at v^2 = b / (2 a + b); with equal patience that is Nash."""
    rates = np.array([[0.1, 0.1], [0.1, 0.2], [0.3, 0.1]])
    found = in_turn(rows(CURVED), np.exp(-1e-3 * rates))[:, 1]
    weight = (1 / rates) / (1 / rates).sum(axis=1, keepdims=True)
    np.testing.assert_allclose(found**2, weight[:, 1] / (2 * weight[:, 0] + weight[:, 1]), atol=2e-4)
    assert found[0] == pytest.approx(float(talks()(rows(CURVED), Concept.NASH).gains[0, 1]), abs=1e-4)


def test_each_offer_leaves_the_other_what_waiting_for_its_own_is_worth():
    patience = np.array([[0.8, 0.6]])
    first, second = (in_turn(rows(CURVED), patience, who)[0] for who in (0, 1))
    assert first[1] == pytest.approx(0.6 * second[1], abs=1e-6)
    assert second[0] == pytest.approx(0.8 * first[0], abs=1e-6)
    assert first[0] == pytest.approx(1.0 - first[1] ** 2, abs=1e-6)


def test_who_proposes_takes_all_that_a_deal_is_worth_above_what_others_have_without_it():
    worse = replace(PIE, disagreement=jnp.array([0.1, 0.2]))
    for proposer, payoffs in enumerate(([0.8, 0.2], [0.1, 0.9])):
        found = protocol.offer(rows(worse), proposer, talks())
        np.testing.assert_allclose(found.payoffs[0], payoffs, atol=1e-6)
        assert found.gains[0, 1 - proposer] == pytest.approx(0.0, abs=1e-6)


def test_under_an_ultimatum_the_target_is_left_what_the_threat_would_leave_and_effort_comes_without_payment():
    """With money closed and harm h at chance p effort is sqrt(2 p h): the target is paid nothing."""
    each = [threatened(DEAR, Threat(harm=h, cost=0.0, belief=p), "D", "T") for h, p in ((2.0, 1.0), (4.0, 0.25))]
    found = protocol.offer(rows(*each), 0, talks("money"))
    np.testing.assert_allclose(np.asarray(found.package)[:2, 0], np.sqrt([4.0, 2.0]), atol=1e-4)
    np.testing.assert_allclose(np.asarray(found.package)[:2, 1], 0.0, atol=1e-9)
    np.testing.assert_allclose(np.asarray(found.payoffs)[:2, 1], [-2.0, -1.0], atol=1e-6)


def test_threat_and_payment_are_substitutes_and_without_a_threat_a_closed_table_holds_no_deal():
    """Free to pay, D has the efficient effort of 3 either way; the threat lowers what it pays by just the harm."""
    both = rows(DEAR, threatened(DEAR, Threat(harm=2.0, cost=0.0), "D", "T"))
    paid = protocol.offer(both, 0, talks())
    np.testing.assert_allclose(np.asarray(paid.package)[:2], [[3.0, 4.5], [3.0, 2.5]], atol=1e-4)
    assert np.asarray(protocol.offer(both, 0, talks("money")).agreed)[:2].tolist() == [False, True]


def test_without_room_for_a_deal_offers_in_turn_end_in_none():
    too_much = replace(PIE, disagreement=jnp.array([0.7, 0.5]))
    found = protocol.in_turn(rows(too_much, PIE), np.full((ROWS, 2), 0.9), 0, talks())
    assert np.asarray(found.agreed)[:2].tolist() == [False, True]
    np.testing.assert_allclose(found.payoffs[0], [0.7, 0.5])


def test_offers_in_turn_are_refused_over_lumps_among_three_and_without_patience():
    lumpy = replace(rows(PIE), menus=((0.0, 1.0), ()))
    with pytest.raises(DeclarationError, match="any size"):
        protocol.in_turn(lumpy, np.full((ROWS, 2), 0.9), 0, talks())
    with pytest.raises(DeclarationError, match="two parties"):
        protocol.in_turn(rows(pie(1.0, (0.0, 0.0, 0.0))), np.full((1, 3), 0.9), 0, talks())
    with pytest.raises(BargainError, match="patience"):
        protocol.in_turn(rows(PIE), np.full((ROWS, 2), 1.0), 0, talks())
    with pytest.raises(BargainError, match="time between offers"):
        protocol.discount(0.9, 0.0)
