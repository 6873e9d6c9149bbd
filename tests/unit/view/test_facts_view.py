"""The scorecard shown: no fact is lost on the way to a table, a sentence, a chart or a page."""

from __future__ import annotations

import json

import facts_cards
import pytest
from tree import ROOT

from palanca.core.errors import FitError
from palanca.evidence.facts import store
from palanca.report import facts as page
from palanca.spec.load import load
from palanca.view import facts as charts
from palanca.view import facts_format, facts_page, facts_prose, facts_tables


def test_every_fact_has_a_row_with_its_chance_and_what_decides():
    rows = facts_tables.scores(facts_cards.card())
    assert [row["verdict"] for row in rows] == ["produced", "in between", "not produced", "not expressible"]
    assert rows[0]["chance"] == "100\u00a0% [96, 100]"
    assert rows[2]["decides"] == "fall of encounters: 0.05 [−0.1, 0.2]; asserted 0.1 to 0.5"
    assert [row["judged"] for row in rows] == ["whole", "in part", "whole", "no"]


def test_numbers_for_other_programs_keep_what_is_not_expressible():
    rows = facts_tables.numbers(facts_cards.card())
    assert {row["fact"] for row in rows} == {1, 2, 3, 4}
    assert rows[0]["error"] == 0.0
    assert rows[0]["holds in"] == 1.0
    assert [row["quantity"] for row in rows if row["fact"] == 4] == [None]
    assert len({tuple(row) for row in rows}) == 1


def test_the_count_adds_up_and_names_what_fails():
    said = facts_prose.headline(facts_cards.card())
    assert said[0].startswith("Of 4 facts, 1 produced")
    assert "1 in between, 1 not produced" in said[0]
    assert "1 not expressible" in said[0]
    assert "Of the 2 that separate rival explanations, 1 produced" in said[1]
    assert said[2:] == ["Judged only in part: 2 Fact <2>.", "Not produced: 3 Fact <3>.", "Not expressible: 4 Fact <4>."]


def test_a_fact_says_what_decides_and_what_it_was_tried_on():
    first, _, third, last = facts_cards.card().scores
    assert any("What decides" in sentence for sentence in facts_prose.fails(third))
    assert not any("What decides" in sentence for sentence in facts_prose.fails(first))
    assert facts_prose.fails(last) == ["Not expressible: There is no such thing in the model."]
    assert any("two worlds" in sentence for sentence in facts_prose.context(first))


def test_the_chart_of_chances_has_every_fact_and_the_strips_every_assertion():
    chances, ranges = charts.of_card(facts_cards.card())
    figure = chances.panels[0].figure
    assert sum(len(trace.x) for trace in figure.data) == 4
    assert list(figure.layout.yaxis.ticktext) == [f"{i} Fact <{i}>" for i in range(1, 5)]
    assert len(ranges.panels) == 3
    shape = ranges.panels[0].figure.layout.shapes[0]
    assert (shape.x0, shape.x1) == (0.1, 0.5)
    assert "fall of encounters: 0.05" in ranges.panels[0].alt


def test_the_page_escapes_titles_and_puts_what_fails_first():
    html = page.html(facts_cards.card(), {"Draws": "64"})
    assert "Fact &lt;3&gt;" in html
    assert "Fact <3>" not in html.partition("<script")[0]
    places = [html.index(f'id="{name}"') for name in ("not-produced", "in-between", "produced", "not-expressible")]
    assert places == sorted(places)


def test_the_page_of_the_docs_holds_every_fact_once():
    text = facts_page.markdown(facts_cards.card())
    assert [line for line in text.splitlines() if line.startswith("### ")] == [
        "### 3 Fact <3>", "### 2 Fact <2>", "### 1 Fact <1>", "### 4 Fact <4>",
    ]  # fmt: skip


def test_a_scorecard_comes_back_from_disk_with_the_marks_of_what_it_rests_on(tmp_path):
    case = load("us-mexico")
    path = store.write(tmp_path / "facts.json", facts_cards.card(), case)
    found = store.read(case, path)
    assert found.scores == facts_cards.card().scores
    assert store.stale(found, case) == []
    assert len(json.loads(path.read_text())["scores"]) == 4
    path.write_text("{}")
    with pytest.raises(FitError, match="cannot read the scorecard"):
        store.read(case, path)


def test_the_shipped_scorecard_rests_on_what_is_here_now():
    case = load("us-mexico")
    assert store.stale(store.read(case), case) == [], "make it again: `palanca facts --ship`"


def test_the_page_on_the_format_has_every_probe_and_quantity():
    text = (ROOT / "docs" / "reference" / "facts-format.md").read_text(encoding="utf-8")
    assert facts_format.probes() in text
    assert facts_format.quantities() in text


def test_the_page_of_the_shipped_scorecard_is_up_to_date():
    text = (ROOT / "docs" / "reference" / "facts.md").read_text(encoding="utf-8")
    assert text == facts_page.markdown(store.read(load("us-mexico"))), "run `make docs`"
