"""Reaction rules: equal paths give no answer, a surge raises effort, and the odds recover what made them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from palanca.core.clock import Month
from palanca.core.errors import UsageError
from palanca.kernel.keys import stream
from palanca.questions.ledger import odds
from palanca.questions.ledger.odds import Odds
from palanca.questions.ledger.rules import PRIORS, Rules, lifted, nearness

DRAWS, MONTHS = 16, 24


def answer(rules: Rules, attention: np.ndarray, base: np.ndarray, uniform: np.ndarray) -> np.ndarray:
    """What deals of a changed world add to effort beyond those of the recorded one, both drawn with the same noise."""
    return lifted(rules, attention, uniform) - lifted(rules, base, uniform)


def made(slope: float = 2.0, step: float = 0.5, half_life: float = 8.0) -> Rules:
    """Rules by hand: one deal in five quarters at usual arrivals."""
    line = np.array([[np.log(0.25)], [slope], [0.0]]) * np.ones(DRAWS)
    rule = Odds(tuple(PRIORS), line, ())
    ones = np.ones(DRAWS)
    return Rules(rule, rule, ones, step * ones, half_life * ones, np.array(0.0), (), 40, 8, 8, (step,))


@pytest.fixture(scope="module")
def paths() -> tuple[np.ndarray, np.ndarray]:
    rng = stream(3, "paths")
    return rng.normal(0.0, 0.3, (MONTHS, DRAWS)), rng.uniform(size=(MONTHS, DRAWS))


def test_equal_paths_have_no_answer_to_the_bit(paths) -> None:
    base, uniform = paths
    assert not answer(made(), base.copy(), base, uniform).any()


def test_nothing_moves_before_the_paths_part(paths) -> None:
    base, uniform = paths
    changed = base.copy()
    changed[10:] += 2.0
    found = answer(made(), changed, base, uniform)
    assert not found[:10].any()
    assert found[10:].any()


def test_more_arrivals_bring_no_less_effort_and_the_two_ways_cancel(paths) -> None:
    base, uniform = paths
    up = answer(made(), base + 1.0, base, uniform)
    assert (up >= 0.0).all()
    assert up.max() > 0.0
    assert np.array_equal(answer(made(), base, base + 1.0, uniform), -up)


def test_what_a_deal_added_halves_in_its_half_life() -> None:
    """A deal in the first month alone: chance one there, none after."""
    high, low = np.full((MONTHS, DRAWS), -60.0), np.full((MONTHS, DRAWS), -60.0)
    high[0] = 60.0
    found = answer(made(step=0.5, half_life=6.0), high, low, np.full((MONTHS, DRAWS), 0.5))
    expected = 0.5 * 0.5 ** (np.arange(MONTHS) / 6.0)
    assert found == pytest.approx(np.tile(expected[:, None], DRAWS), abs=1e-12)


def test_a_months_chance_makes_up_a_quarters() -> None:
    """Over many draws deals come in three months as often as the rule says of a quarter."""
    uniform = stream(1, "chance").uniform(size=(3, 4_000))
    rules = made()
    wide = replace(
        rules,
        **{name: np.resize(getattr(rules, name), 4_000) for name in ("effort_share", "step", "half_life")},
        deal=Odds(rules.deal.terms, np.tile(rules.deal.values[:, :1], 4_000), ()),
    )
    usual, never = np.zeros((3, 4_000)), np.full((3, 4_000), -80.0)
    share = np.mean(answer(wide, usual, never, uniform)[-1] > 0.0)
    assert share == pytest.approx(0.2, abs=4.0 * np.sqrt(0.2 * 0.8 / 4_000))


def test_the_clock_stands_at_one_in_the_month_of_an_election_and_can_be_followed() -> None:
    months = [Month.parse("2024-05"), Month.parse("2024-11")]
    assert nearness(months) == pytest.approx([np.exp(-1.0), 1.0])
    assert made().over(months).near.shape == (2, 1)


def test_odds_recover_what_made_many_cases_and_keep_the_prior_without_any() -> None:
    rng = stream(1, "cases")
    x = rng.normal(size=4_000)
    design = np.column_stack([np.ones_like(x), x])
    came = rng.uniform(size=x.size) < odds.chance(-0.5 + 1.5 * x)
    prior = {"level": (0.0, 2.0), "slope": (0.0, 2.0)}
    many = odds.learn(design, came, prior, draws=200, key=1, purpose="many")
    for one, truth in zip(many.told, (-0.5, 1.5), strict=True):
        assert abs(one.mean - truth) < 4.0 * one.sd
        assert one.low < one.mean < one.high
        assert one.label == "learned"
    none = odds.learn(design[:0], came[:0], prior, draws=200, key=1, purpose="none")
    assert [one.ratio for one in none.told] == pytest.approx([1.0, 1.0], abs=0.1)
    assert {one.label for one in none.told} <= {"assumed", "in between"}


def test_terms_that_do_not_match_their_priors_are_refused() -> None:
    with pytest.raises(UsageError, match="every term"):
        odds.learn(np.ones((3, 1)), np.ones(3, bool), {"a": (0.0, 1.0), "b": (0.0, 1.0)}, draws=2, key=1, purpose="x")
