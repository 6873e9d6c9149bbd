"""Deals in the months ahead: attention by hand, effort that fades without deals, and what must not move."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from palanca.questions.forecast import deals as forecast_deals
from palanca.questions.ledger import rules
from palanca.questions.ledger.odds import Odds
from palanca.questions.ledger.rules import Rules
from palanca.questions.whatif.answers import Deals

ONE = np.array(1.0)  # power with which declared enforcement carries


def heeding(slope: float, draws: int) -> Rules:
    """Rules by which deals come the likelier the more attention there is."""
    rules_of = made(0.2, draws=draws)
    level, _, election = rules_of.deal.values
    return replace(rules_of, deal=replace(rules_of.deal, values=np.stack([level, slope + 0.0 * level, election])))


def made(chance: float, *, step: float = 0.5, half_life: float = 6.0, draws: int = 3) -> Rules:
    """Rules by which a deal on enforcement comes with the same chance every quarter."""
    level = np.log(chance / (1.0 - chance))
    odds = Odds(("level", "surge", "election"), np.outer([level, 0.0, 0.0], np.ones(draws)), ())
    ones = np.ones(draws)
    return Rules(odds, odds, ones, step * ones, half_life * ones, np.array(0.0), (), 1, 0, 0, ())


def test_attention_is_the_log_of_last_months_encounters_over_what_is_usual() -> None:
    came = np.array([[100.0 * np.e], [100.0], [100.0]])
    heard = forecast_deals.attention(came, 100.0, np.array([np.log(100.0)]))
    assert np.allclose(heard[:, 0], [0.0, 1.0, -1.0 / 12.0])


def test_what_no_deal_renews_halves_in_its_half_life() -> None:
    noise = np.ones((12, 3))  # above every chance: no deal comes
    lift = rules.lifted(made(0.2), np.zeros((12, 3)), noise, start=0.8)
    assert np.allclose(lift[5], 0.4)
    assert np.allclose(lift[11], 0.2)


def test_a_deal_lifts_effort_to_its_step_and_never_lowers_it() -> None:
    noise = np.zeros((4, 3))  # below every chance: a deal every month
    assert np.allclose(rules.lifted(made(0.2), np.zeros((4, 3)), noise), 0.5)
    assert np.allclose(rules.lifted(made(0.2), np.zeros((4, 3)), noise, start=2.0)[0], 2.0 * 0.5 ** (1.0 / 6.0))


@pytest.mark.parametrize("chance", [0.1, 0.5])
def test_deals_come_as_often_as_their_chance_by_quarter(chance: float) -> None:
    rng, months = np.random.default_rng(4), 3
    noise = rng.uniform(size=(months, 20_000))
    lift = rules.lifted(made(chance, draws=20_000), np.zeros((months, 20_000)), noise)
    assert abs(np.mean(lift.max(axis=0) > 0.0) - chance) < 4.0 * np.sqrt(chance * (1.0 - chance) / 20_000)


def test_rules_of_some_draws_answer_as_these_draws_do_among_all() -> None:
    rng = np.random.default_rng(5)
    path, noise = rng.normal(size=(6, 3)), rng.uniform(size=(6, 3))
    whole = rules.lifted(made(0.3), path, noise)
    chosen = np.array([2, 0])
    assert np.array_equal(rules.lifted(made(0.3).some(chosen), path[:, chosen], noise[:, chosen]), whole[:, chosen])


def test_more_attention_than_history_had_brings_deals_and_lifts_effort_and_less_takes_them_away() -> None:
    draws = list(range(300))
    deals = Deals(heeding(1.5, 300), np.zeros(6), np.zeros(6), key=3)
    noise, base = deals.noise(draws, 6), np.zeros((6, 300))
    more, less = (deals.push(base + heard, base, draws, noise, ONE) for heard in (1.0, -1.0))
    assert (more >= 0.0).all()
    assert more[-1].mean() > 0.05
    assert (less <= 0.0).all()
    assert less[-1].mean() < -0.02
    assert np.array_equal(deals.push(base, base, draws, noise, ONE), base)
    assert np.allclose(deals.push(base + 1.0, base, draws, noise, 0.5 * ONE), 0.5 * more)


def test_an_election_brought_near_acts_in_the_other_world_alone() -> None:
    rules_of = made(0.2, draws=200)
    level, surge, _ = rules_of.deal.values
    near = replace(rules_of, deal=replace(rules_of.deal, values=np.stack([level, surge, 2.0 + 0.0 * level])))
    deals = Deals(near, np.zeros(4), np.ones(4), key=3)
    draws, flat = list(range(200)), np.zeros((4, 200))
    assert (deals.chance(flat, draws, shifted=True) > deals.chance(flat, draws, shifted=False)).all()
    assert deals.push(flat, flat, draws, deals.noise(draws, 4), ONE)[-1].mean() > 0.05
