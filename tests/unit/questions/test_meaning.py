"""Definitions that invariance does not guard: signs, sizes and zeros of what governments do, each by hand."""

from __future__ import annotations

from types import SimpleNamespace

import jax.numpy as jnp
import numpy as np
import pytest

from palanca.core.clock import Month
from palanca.infer import history, politics
from palanca.infer.politics_attention import polls
from palanca.questions.bargaining import ablation, enforcement
from palanca.questions.bargaining.prepared import prepare
from palanca.questions.forecast import deals as forecast_deals
from palanca.questions.ledger import rules
from palanca.questions.ledger.odds import Odds
from palanca.questions.ledger.rules import Rules
from palanca.questions.leverage import withdrawal
from palanca.questions.leverage.month import STOPS
from palanca.questions.whatif.answers import Deals
from palanca.questions.whatif.public import _FittedPublic, public
from palanca.spec.bargain_spec import load_bargain
from palanca.spec.load import load

ONE = np.array(1.0)  # power with which declared enforcement carries


def test_a_breach_is_seen_with_the_chance_of_what_is_promised_weighted_by_how_far_it_moves() -> None:
    """Two issues of the European Union, moved by half and by all of their range: (.5 a + 1 b) / 1.5."""
    table = prepare(load_bargain("eu-turkey"), [], corridor=None, draws=4)
    problem = table.at(None)
    low, high, quo = (np.asarray(part) for part in (problem.low, problem.high, problem.status_quo))
    owner = problem.parties.index("EU")
    first, second = [k for k in range(len(problem.issues)) if problem.owner[k] == owner][:2]
    package = quo.copy()
    package[:, first] = quo[:, first] + 0.5 * (high - low)[:, first]
    package[:, second] = quo[:, second] + (high - low)[:, second]
    a, b = (table.number(f"issues.{problem.issues[k]}.observed") for k in (first, second))
    seen = enforcement.detection(table, problem, jnp.asarray(package))
    assert seen[:, owner] == pytest.approx((0.5 * a + b) / 1.5, abs=1e-12)
    assert (seen[:, owner] > 0.0).all()
    assert (seen[:, 1 - owner] == 1.0).all()  # who delivers nothing breaks nothing
    deal = SimpleNamespace(
        package=jnp.asarray(package), gains=np.full((4, 2), 8.0), agreed=np.ones(4, bool), settled=np.ones(4, bool)
    )
    one = enforcement.enforcement(table, problem, deal)[owner]
    assert (one.saves > 0.0).all()
    assert one.needed == pytest.approx(one.saves / (one.saves + seen[:, owner] * 8.0), rel=1e-9)


def test_an_ablation_is_the_run_without_the_mechanism_less_the_run_with_it() -> None:
    def made(scale: float, deals: int) -> SimpleNamespace:
        return SimpleNamespace(
            issues=("enforcement", "silence"),
            encounters=np.full((6, 2), 100.0 * scale),
            effort=np.full((2, 2), scale),
            struck=np.arange(2)[:, None] + np.zeros((2, 2)) < deals,
            packages=np.full((2, 2, 2), scale),
            deaths=np.full((6, 2), 10.0 * scale),
        )

    found = ablation._compared("clock", made(1.0, 2), made(3.0, 1))
    assert found.arrivals == pytest.approx([np.log(3.0)] * 2)
    assert found.effort == pytest.approx([2.0] * 2)
    assert found.deals.tolist() == [-1, -1]
    assert found.silence == pytest.approx([2.0] * 2)
    assert found.deaths == pytest.approx([20.0] * 2)


def made_rules(surge: float, draws: int = 2) -> Rules:
    odds = Odds(("level", "surge", "election"), np.outer([-50.0, surge, 0.0], np.ones(draws)), ())
    ones = np.ones(draws)
    return Rules(odds, odds, ones, np.log(2.0) * ones, 6.0 * ones, np.array(0.0), (), 1, 0, 0, ())


def test_deals_that_more_attention_brings_raise_effort_and_those_it_spares_lower_it() -> None:
    """At attention 1 a deal is sure and doubles effort; at 0 there is none."""
    deals = Deals(made_rules(100.0), np.zeros(1), np.zeros(1), key=1)
    noise, calm, surge = np.full((1, 2), 0.5), np.zeros((1, 2)), np.ones((1, 2))
    assert deals.push(surge, calm, [0, 1], noise, ONE) == pytest.approx(np.log(2.0) * surge)
    assert deals.push(calm, surge, [0, 1], noise, ONE) == pytest.approx(-np.log(2.0) * surge)
    assert (deals.push(surge, surge, [0, 1], noise, ONE) == 0.0).all()


def test_rules_are_learned_on_the_measure_they_are_applied_to() -> None:
    """A steady flow draws no attention; after a month of twice as many it is log 2, then 11/12 of what is left."""
    first = Month.parse("2015-01")
    flow = {first + i: 100.0 for i in range(40)}
    quarters = [first + 30, first + 33]
    assert rules.attention_before(quarters, flow) == pytest.approx([0.0, 0.0], abs=1e-12)
    surge = {**flow, first + 29: 200.0}
    found = rules.attention_before(quarters, surge)
    assert found[0] == pytest.approx(np.log(2.0))
    after = np.array([[surge[first + i]] for i in range(30, 34)])
    path = forecast_deals.attention(after, surge[first + 29], np.log(np.array([100.0])))[:, 0]
    assert found == pytest.approx(path[[0, 3]], abs=1e-12)


def test_the_public_of_history_heeds_what_politics_says_and_a_rise_as_its_own_rule_has_it() -> None:
    """Attention is exp of N2, worked out here month by month; in history the two accounts are one."""
    case, months = load("us-mexico"), [Month.parse("2023-01") + i for i in range(6)]
    known = politics.fitted(case.case)
    rise, fade, used = (known.drawn(name, 2, 1) for name in ("rise", "fade_months", "used_months"))
    lost, adapt = (1.0 - 0.5 ** (1.0 / part) for part in (fade, used))
    usual, heed = np.full(2, np.log(polls().arrivals[0])), np.zeros(2)
    rows = []
    for came in polls().arrivals:
        rows.append(heed)
        gap = np.log(came) - usual
        heed, usual = (1.0 - lost) * heed + rise * gap, usual + adapt * gap
    place = months[0] - polls().first
    expected = np.exp(np.array(rows)[place : place + 6])
    told = public(_FittedPublic(known, polls()), months, np.zeros((6, 2)), {}, key=1)
    assert told.attention == pytest.approx(expected, rel=1e-5)
    assert known.attention(months[0], months[-1], 2, 1) == pytest.approx(expected, rel=1e-5)
    assert told.salience == pytest.approx(known.salience(months[0], months[-1], 2, 1), rel=1e-9)


def test_a_partner_that_stops_does_nothing_at_all() -> None:
    case = load("us-mexico")
    inputs = history.prepare(case).inputs
    stopped = withdrawal.levers(case, inputs, "MEX")
    recorded = np.asarray(inputs.levers.effort)
    assert recorded.max() > 1.0
    assert not np.asarray(stopped.effort).any()
    assert not np.asarray(stopped.returns).any()
    assert withdrawal.STOPPED == {"effort": 0.0, "returns": 0.0}
    assert STOPS[2] == "stops"
    assert np.array_equal(stopped.slots, inputs.levers.slots)  # what the destination does goes on
