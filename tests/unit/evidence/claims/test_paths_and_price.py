"""Worlds of returns and places, deals struck again, and the origin's contrast: sums, limits and words."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from palanca.core.clock import Month
from palanca.data.read import packaged_figures
from palanca.evidence.claims import after, fading, pathways, price, rows, venezuela, words
from palanca.evidence.claims.found import Word
from palanca.evidence.claims.pathways import Core, PathwayRecord, Pathways, interaction
from palanca.evidence.claims.price import CROWDS, Price
from palanca.infer import history, store
from palanca.kernel.keys import stream
from palanca.questions.bargaining import prepared
from palanca.questions.ledger import rules
from palanca.spec.bargain_spec import load_bargain
from palanca.spec.load import load

DRAWS = 4


def test_effects_that_add_have_no_interaction() -> None:
    rng = stream(1, "worlds")
    neither, one, other = rng.uniform(50.0, 100.0, (3, 8))
    assert interaction(one + other - neither, one, other, neither) == pytest.approx(np.zeros(8), abs=1e-12)
    assert interaction(one + other - neither + 5.0, one, other, neither) == pytest.approx(np.full(8, 5.0))


def made(worlds: np.ndarray) -> Pathways:
    months = tuple(Month.parse("2023-01") + i for i in range(3))
    counted = PathwayRecord(months, np.full(3, 20.0), np.array([10.0, 40_000.0, 20.0]), np.array([10.0, np.nan, 30.0]))
    core = Core(months, np.full((3, 8), 0.1), np.full((3, 8), 30_000.0), np.full((3, 8), 0.1))
    return Pathways(months, worlds, core, counted)


def test_effects_are_told_against_the_world_with_neither() -> None:
    worlds = np.zeros((4, 4, 8))
    worlds[:, 0] = np.array([70.0, 90.0, 80.0, 100.0])[:, None]
    found = made(worlds)
    assert found.effect("both", "encounters") == pytest.approx(np.full(8, -30.0))
    assert found.interaction("encounters") == pytest.approx(np.zeros(8))
    assert found.record.ratio == pytest.approx(1.0)
    assert [str(month) for month in found.record.binding] == ["2023-02"]


def test_places_always_opened_in_full_say_nothing_of_moving_together() -> None:
    core = made(np.zeros((4, 4, 8))).core
    assert core is not None
    assert np.isnan(core.over_draws)
    assert core.at_most == 1.0
    assert core.word is Word.no


def test_returns_and_places_that_move_as_one_are_seen_to() -> None:
    months = (Month.parse("2023-01"),)
    share = np.linspace(0.1, 0.9, 8)[None]
    core = Core(months, share, 30_000.0 * share, np.zeros((1, 8)))
    assert core.over_draws == pytest.approx(1.0)
    assert core.word is Word.yes


def test_paths_are_told_with_those_who_wait_and_die() -> None:
    worlds = np.zeros((4, 4, 8))
    worlds[:, 2] = np.array([10.0, 11.0, 12.0, 15.0])[:, None]
    found = words.pathways(made(worlds))
    assert "5.00 fewer deaths on the way a month" in found[1].text
    assert "people on hold" in found[1].text
    assert found[1].numbers["deaths"].estimate == pytest.approx(-5.0)
    assert {row.what for row in rows.pathways_of(made(worlds))} >= {"deaths: both, against neither"}


def priced(rise: float) -> Price:
    crowd = 1.0 + rise * np.maximum(np.array(CROWDS) - 1.0, 0.0)
    conceded = crowd[:, None, None] * np.ones((1, 2, 8))
    ones = np.ones((len(CROWDS), 2, 8))
    labels = {"threshold": "assumed", "steepness": "assumed"}
    return Price((), np.full(8, 5e4), conceded, ones, ones, labels, np.ones((3, 8)), np.linspace(-1.0, 1.0, 8))


def test_a_price_is_flat_to_the_threshold_and_rises_above_it_as_made() -> None:
    found = priced(0.5)
    assert (found.below == 1.0).all()
    assert found.above == pytest.approx(np.full(8, 1.5))
    assert found.rises is Word.yes
    assert found.identified is Word.open
    assert priced(0.0).rises is Word.no
    assert "not identified" in words.price(found)[1].text


def test_a_deal_that_is_not_struck_has_no_price() -> None:
    found = priced(0.5)
    found.conceded[:] = np.nan
    assert np.isnan(found.price).all()
    assert found.rises is Word.open


def test_encounters_of_the_origin_did_not_rise_beyond_other_months_when_flights_stopped() -> None:
    moved, null = venezuela.contrasts(packaged_figures().until("2024-08"))
    assert np.isfinite(null).all()
    assert null.size > 12
    assert np.mean(null >= moved) > 0.1


@pytest.fixture(scope="module")
def whole() -> SimpleNamespace:
    """The reference case, a few draws, and its table for three months."""
    case = load("us-mexico")
    posterior, _ = store.choose(case, stale_too=True)
    setting = history.prepare(case)
    months = [Month.parse(month) for month in ("2021-04", "2023-04", "2024-01")]
    table = prepared.prepare(load_bargain("us-mexico"), months, corridor=(setting, posterior), draws=DRAWS)
    return SimpleNamespace(setting=setting, posterior=posterior, table=table)


@pytest.mark.long
def test_the_price_of_the_case_is_flat_to_the_bit_up_to_the_threshold(whole) -> None:
    found = price.price(whole.setting, whole.table)
    flat = [found.price[CROWDS.index(crowd)] for crowd in (0.0, 0.5, 1.0)]
    assert np.array_equal(flat[0], flat[1])
    assert np.array_equal(flat[0], flat[2])
    known = np.isfinite(found.above)
    assert (found.above[known] >= 1.0).all()


@pytest.mark.long
def test_the_world_with_both_halves_is_history(whole) -> None:
    found = pathways.pathways(whole.setting, whole.posterior, draws=DRAWS)
    figures = found.record.encountered.mean()
    assert found.worlds[0, 0] == pytest.approx(np.full(DRAWS, figures), rel=0.01)
    assert (found.effect("places only", "encounters") < 0.0).all()


@pytest.mark.long
def test_fading_effort_lets_through_more_than_lasting_effort_and_less_than_none(whole) -> None:
    found = after.worlds(whole.setting, whole.posterior, Month.parse("2019-06"), draws=DRAWS)
    total = found.encounters.sum(axis=1)
    assert (total[0] < total[1]).all()
    assert (total[1] < total[2]).all()
    assert ((found.climb > 0.0) & (found.climb < 1.5)).all()
    faded = fading.fading(whole.setting, whole.posterior, draws=DRAWS)
    assert any("on the way" in one.text for one in words.fading(faded))


@pytest.mark.long
def test_rules_of_the_case_and_what_the_origin_could_do(whole) -> None:
    learned = rules.learned(whole.setting, draws=DRAWS)
    assert {row.reading for row in rows.reactions(learned)[:9]} <= {"learned", "in between", "assumed"}
    could = venezuela.discretion(whole.setting, whole.posterior, draws=DRAWS)
    assert could.stopped
    assert (could.capable > 0.0).all()
    assert could.departures is Word.open
    assert "not identified" in words.discretion(could)[-1].text
