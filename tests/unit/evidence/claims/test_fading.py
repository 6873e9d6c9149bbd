"""Fading: half-lives are read off what made them, spells off the ledger, and prices off what was paid."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from palanca.core.clock import Month
from palanca.evidence.claims import paid
from palanca.evidence.claims.fading import Fading, follow
from palanca.evidence.claims.found import Word, word
from palanca.evidence.claims.paid import PaidPrices
from palanca.evidence.claims.spells import Spell, spells
from palanca.questions.ledger import deployed
from palanca.spec.ledger import load_ledger

FIRST = Month.parse("2018-01")
DEAL = Month.parse("2019-01")
LENGTH = 60


def spell(until: Month = FIRST + (LENGTH - 1)) -> Spell:
    return Spell(DEAL, DEAL, until, False, ("a",))


def effort(half_life: float, draws: int = 3) -> np.ndarray:
    """Effort of 1, doubled at the deal, the rise halving every `half_life` months."""
    months = np.arange(LENGTH) - (DEAL - FIRST)
    rise = np.where(months >= 0, 0.5 ** (np.maximum(months, 0) / half_life), 0.0)
    return np.tile((1.0 + rise)[:, None], draws)


@pytest.mark.parametrize("half_life", [4.0, 8.0, 12.0])
def test_a_half_life_is_recovered_to_the_month_and_a_half_that_smoothing_costs(half_life) -> None:
    counted = np.full(LENGTH, 100.0)
    found = follow(spell(), FIRST, effort(half_life), counted, np.ones(LENGTH, bool))
    assert found.before == pytest.approx(1.0)
    assert np.abs(found.half_months - half_life).max() <= 1.5
    assert found.word is (Word.yes if 6.0 <= half_life <= 18.0 else Word.no)


def test_effort_that_stays_never_halves_and_effort_that_never_rose_has_no_half_time() -> None:
    counted, known = np.full(LENGTH, 100.0), np.ones(LENGTH, bool)
    kept = follow(spell(), FIRST, effort(1e9), counted, known)
    assert np.isinf(kept.half_months).all()
    assert kept.word is Word.no
    flat = follow(spell(), FIRST, np.ones((LENGTH, 3)), counted, known)
    assert np.isnan(flat.half_months).all()
    assert flat.word is Word.open


def test_too_short_a_look_and_a_level_not_told_leave_it_open() -> None:
    counted, known = np.full(LENGTH, 100.0), np.ones(LENGTH, bool)
    short = follow(spell(DEAL + 6), FIRST, effort(12.0), counted, known)
    assert np.isinf(short.half_months).all()
    assert short.word is Word.open
    untold = follow(spell(), FIRST, effort(8.0), counted, np.zeros(LENGTH, bool))
    assert not untold.before_known
    assert untold.word is Word.open


def test_the_climb_is_the_share_of_the_fall_made_up() -> None:
    counted = np.full(LENGTH, 100.0)
    counted[12:24], counted[24:] = 40.0, 70.0
    found = follow(spell(), FIRST, effort(8.0), counted, np.ones(LENGTH, bool))
    assert found.fell_share == pytest.approx(0.6)
    assert found.climb_share == pytest.approx(0.5)


def test_the_share_of_deals_that_fade_in_time_has_its_closed_form() -> None:
    counted, known = np.full(LENGTH, 100.0), np.ones(LENGTH, bool)
    both = tuple(follow(spell(), FIRST, effort(x), counted, known) for x in (8.0, 30.0))
    rate = Fading(both, 8.0, None, prices(np.ones((3, 4)))).rate()
    assert rate.mean() == pytest.approx(0.5, abs=0.02)  # beta(2, 2)
    assert rate.std() == pytest.approx(np.sqrt(0.05), abs=0.02)


def test_guards_deployed_halved_in_eight_months() -> None:
    assert deployed.half_life() == pytest.approx(15.0 * np.log(2.0) / np.log(26_916.0 / 7_348.0))


def test_spells_gather_acts_close_in_time_and_end_before_the_next() -> None:
    found = spells(load_ledger("us-mexico"), "MEX", "USA")
    by_first = {str(one.first): one for one in found}
    assert by_first["2019-06"].rows == ("joint-declaration", "tariff-review")
    assert by_first["2019-06"].threatened
    assert not by_first["2014-07"].threatened
    assert by_first["2021-03"].rows == ("vaccines-2021", "troops-2021")  # the favour of September answers nothing
    assert str(by_first["2021-03"].until) == "2022-06"
    for one, after in pairwise(found):
        assert one.renewed <= one.until < after.first


def prices(values: np.ndarray) -> PaidPrices:
    """Prices of spells of one act each, as they come."""
    some = tuple(spell() for _ in values)
    slope = paid.slopes(values, 1)
    return PaidPrices(some, np.ones(len(values)), values, np.ones(len(values)), slope, slope, slope)


def test_a_price_that_rises_evenly_has_its_slope_whatever_spells_are_drawn() -> None:
    rising = np.arange(5.0)[:, None] * 2.0 * np.ones(50)
    assert paid.slopes(rising, 1) == pytest.approx(np.full(50, 2.0))
    assert prices(rising).word is Word.yes
    assert prices(-rising).word is Word.no
    assert prices(rising[:2]).word is Word.open


def test_words_follow_the_chance_and_nothing_known_is_open() -> None:
    assert [word(x) for x in (0.95, 0.05, 0.5, float("nan"))] == [Word.yes, Word.no, Word.open, Word.open]
