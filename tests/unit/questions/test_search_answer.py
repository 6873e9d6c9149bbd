"""A search told: harm beside every package, differences from the record, what decides, data on named axes."""

from __future__ import annotations

import numpy as np
import pytest

from palanca.questions.search import answer, charts, tables
from palanca.questions.search.discover import BeliefPart, Discovery
from palanca.questions.search.find import BASELINES, Found
from palanca.show.estimate import Basis, Estimate
from palanca.spec.load import load
from palanca.spec.search_file import given, loads_search
from palanca.spec.search_file_outcomes import AIMS

TEXT = """\
case: us-mexico
title: Two levers
window: {first: 2023-01, last: 2023-04}
levers:
  - {set: levers.contention.effort, low: 0, high: 3}
  - {set: levers.chnv_parole.slots, low: 0, high: 60000}
objectives:
  - {outcome: encounters}
  - {outcome: holds}
"""
DECIDED = Discovery("balanced", "best holds", "encounters", 0.6, 0.6, 0.8, (BeliefPart(("dread above 1",), 0.5, 0.9),))
UNDECIDED = Discovery("balanced", "best holds", "held", 0.6, 0.6, 0.55, ())


@pytest.fixture(scope="module")
def found() -> Found:
    """Each package shown brings 100 less of everything than the one before it; it holds in one draw of four."""
    by_draw = {name: 1000.0 - np.arange(4.0)[:, None] * 100.0 + np.linspace(-10.0, 10.0, 24) for name in AIMS}
    by_draw["holds"] = np.tile(np.arange(24) % 4 == 0, (4, 1)).astype(float)
    rng = np.random.default_rng(1)
    judged = {name: rng.random(9) * 100.0 for name in AIMS}
    values = rng.random((9, 2))
    shown = np.concatenate([np.full((1, 2), np.nan), np.zeros((1, 2)), values[[2, 5]]])
    names = (*BASELINES, "best holds", "balanced")
    return Found(loads_search(TEXT, load("us-mexico")), values, judged, np.array([2, 5]), names, shown, by_draw, 24)


def test_the_balanced_package_comes_first_with_deaths_against_the_record(found) -> None:
    """The fourth package shown has 300 less than the record in every draw."""
    first, second, third, *_ = answer.findings(found, [])
    assert first.text.startswith("Of 9 packages of 2 levers, 2 are beaten by no other")
    assert "'balanced' brings 300 fewer encounters a month" in second.text
    assert "300 fewer deaths on the way" in second.text
    assert third.numbers["cost_transit"].estimate == pytest.approx(-300.0)
    assert third.basis is Basis.assumed
    assert "holds in 25\u00a0% of draws" in third.text


def test_deaths_and_people_on_hold_stand_beside_every_package_though_not_sought(found) -> None:
    assert tables.asked(found) == ["encounters", "holds", "deaths", "held"]
    (first, other, levers, unbeaten) = tables.of(found, [])
    assert first.columns == ("package", "encounters", "holds", "deaths", "on hold")
    assert [row[0] for row in first.rows] == ["the record", "balanced", "best holds", "everything off"]
    cell = first.rows[1][3]
    assert isinstance(cell, Estimate)
    assert cell.estimate == pytest.approx(700.0)
    assert first.rows[1][2] == 0.25
    assert len(first.columns) + len(other.columns) - 2 == len(AIMS)
    assert levers.rows[0][1] == "as recorded"
    assert [row[0] for row in unbeaten.rows] == [2, 5]


def test_of_many_objectives_harm_keeps_its_place_in_the_first_table(found) -> None:
    assert set(tables.first(found)) >= {"deaths", "held"}
    assert len(tables.first(found)) == tables.FIRST


def test_what_decides_is_told_and_so_is_that_nothing_does(found) -> None:
    *_, decided, undecided = answer.findings(found, [DECIDED, UNDECIDED])
    assert "90\u00a0% with dread above 1" in decided.text
    assert "no parameter decides" in undecided.text
    assert tables.of(found, [DECIDED])[-1].rows[0][3] == "dread above 1"


def test_the_data_hold_every_package_tried_and_draws_of_those_shown(found) -> None:
    data = answer.dataset(found)
    assert data["tried"].dims == ("package", "lever")
    assert data["unbeaten"].values.tolist() == [k in (2, 5) for k in range(9)]
    assert data["deaths"].dims == ("option", "draw")
    gap = data["deaths"].sel(option="balanced") - data["deaths"].sel(option="the record")
    assert np.allclose(gap, -300.0)
    assert data["encounters_judged"].attrs["units"] == "events / month"


def test_charts_hold_the_record_beside_what_was_tried(found) -> None:
    trade, packages = charts.of(found)
    assert {"tried", "unbeaten", "the record", "balanced"} <= {one.label for one in trade.panels[0].series}
    assert len(packages.panels[0].series[-1].x) == 2 + len(tables.asked(found))


def test_a_manifest_keeps_the_name_of_a_shipped_search_and_the_content_of_any_other(tmp_path) -> None:
    case = load("us-mexico")
    assert given("two-years", case)[1] == "two-years"
    (tmp_path / "mine.yaml").write_text(TEXT, encoding="utf-8")
    assert given(tmp_path / "mine.yaml", case)[1] == TEXT
    assert given(TEXT, case)[1] == TEXT
