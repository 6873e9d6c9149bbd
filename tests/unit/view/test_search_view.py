"""A search shown: intervals as they are, harm beside every package, a page that holds itself."""

from __future__ import annotations

import numpy as np
import pytest

from palanca.questions.search.discover import Discovery, Part
from palanca.questions.search.find import BASELINES, Found
from palanca.report import search as page
from palanca.spec.load import load
from palanca.spec.search_file import loads_search
from palanca.spec.search_file_outcomes import AIMS
from palanca.view import search as charts
from palanca.view import search_prose as prose
from palanca.view import search_tables as tables

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
DECIDED = Discovery("balanced", "best holds", "encounters", 0.6, 0.6, 0.8, (Part(("hope above 1",), 0.5, 0.9),))
UNDECIDED = Discovery("balanced", "best holds", "held", 0.6, 0.6, 0.55, ())


@pytest.fixture(scope="module")
def found() -> Found:
    rng = np.random.default_rng(1)
    by_draw = {name: np.arange(4.0)[:, None] * 100.0 + np.linspace(-10.0, 10.0, 21) + 50.0 for name in AIMS}
    by_draw["holds"] = (rng.random((4, 21)) < 0.5).astype(float)
    judged = {name: rng.random(9) * 100.0 for name in AIMS}
    values = rng.random((9, 2))
    shown = np.concatenate([np.full((1, 2), np.nan), np.zeros((1, 2)), values[[2, 5]]])
    names = (*BASELINES, "balanced", "best holds")
    return Found(loads_search(TEXT, load("us-mexico")), values, judged, np.array([2, 5]), names, shown, by_draw, 21)


def test_a_cell_is_the_median_with_its_interval_and_a_chance_stands_alone(found):
    row = tables.outcomes(found, ["deaths", "holds"])[1]
    assert row["deaths"] == "150 [141, 159]"
    assert row["holds"] == f"{100 * found.by_draw['holds'][1].mean():.0f}\u00a0%"
    assert tables.levers(found)[0]["contention"] == tables.RECORD


def test_deaths_and_people_on_hold_stand_beside_every_package_though_not_sought(found):
    assert tables.asked(found) == ["encounters", "holds", "deaths", "held"]
    lines = prose.harm(found)
    assert len(lines) == 2
    assert all(name in line for line in lines for name in found.shown)
    assert set(tables.asked(found)) | set(tables.others(found)) == set(AIMS)


def test_every_package_tried_has_its_row_and_the_unbeaten_are_marked(found):
    rows = tables.tried(found)
    assert [row["package"] for row in rows if row["unbeaten"]] == [2, 5]
    assert len(tables.numbers(found)) == 4 * (2 + len(AIMS))


def test_what_decides_is_told_and_so_is_that_nothing_does():
    decided, undecided = prose.decides([DECIDED, UNDECIDED])
    assert "90\u00a0% of draws with hope above 1" in decided
    assert "no parameter decides" in undecided


def test_the_page_has_both_charts_and_fetches_nothing(found):
    assert [one.id for one in charts.of_search(found)] == ["search-trade-off", "search-packages"]
    text = page.html(found, [DECIDED, UNDECIDED], {"Case": "us-mexico"})
    assert "Two levers" in text
    assert 'src="http' not in text
