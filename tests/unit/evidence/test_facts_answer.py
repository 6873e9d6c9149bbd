"""What the answer on facts says: no fact is lost on the way to a sentence, a table, a chart, the data or a page."""

from __future__ import annotations

import json

import facts_cards
import numpy as np
import pytest
from tree import ROOT

from palanca.core.errors import FitError, UsageError
from palanca.evidence.facts import answer, numbers, page, store, tables, words
from palanca.evidence.facts.scorecard import FactTrials
from palanca.spec.facts_probes import PROBES
from palanca.spec.load import load

CARD = facts_cards.card()


def trials() -> FactTrials:
    """Draws behind the made-up scorecard: as many as it says, all alike."""
    return FactTrials(CARD, {(one.id, given.name): np.full(64, 0.05) for one in CARD.scores for given in one.numbers})


def test_every_fact_has_a_row_with_its_chance_and_those_not_produced_come_first() -> None:
    rows = tables.chances(CARD)
    assert [row[2] for row in rows.rows] == ["not produced", "in between", "produced", "not expressible"]
    assert rows.texts()[2][1] == "100 [96, 100]"
    assert rows.rows[3][1] is None


def test_what_decides_is_the_assertion_that_holds_least_often() -> None:
    rows = tables.deciding(CARD).frame().set_index("fact")
    assert rows.loc[3, "decides"] == "fall of encounters: 0.050 [−0.100, 0.200]; asserted 0.1 to 0.5"
    assert list(rows["judged"]) == ["whole", "in part", "whole", "no"]


def test_assertions_and_quantities_beside_them_are_told_apart() -> None:
    every = {one.name: one.frame() for one in tables.all_of(CARD)}
    assert list(every["assertions"]["what"]) == ["fall of encounters"] * 3
    assert list(every["assertions"]["holds in"]) == pytest.approx([100.0, 50.0, 3.125])
    assert list(every["quantities that nothing is asserted of"]["quantity"]) == ["people on hold"] * 3
    assert len(every["claims"]) == 4


def test_the_count_adds_up_and_names_what_fails() -> None:
    found = answer.findings(CARD)
    assert found[0].text.startswith("Of 4 facts the model produces 1 ")
    assert sum(one.estimate for one in found[0].numbers.values()) == 4
    assert "Of the 2 facts that separate rival explanations the model produces 1;" in found[1].text
    texts = [one.text for one in found[2:]]
    assert texts == ["Not produced: 3 Fact <3>.", "Judged only in part: 2 Fact <2>.", "Not expressible: 4 Fact <4>."]


def test_a_fact_says_what_decides_and_what_it_was_tried_on() -> None:
    first, _, third, last = CARD.scores
    assert any("What decides" in text for text in words.fails(third))
    assert not any("What decides" in text for text in words.fails(first))
    assert words.fails(last) == ["Not expressible: There is no such thing in the model."]
    assert any("two worlds" in text for text in words.context(first))


def test_charts_have_every_judged_fact_and_every_assertion() -> None:
    chances, assertions = answer.charts(CARD)
    drawn = {name: value for one in chances.panels[0].series for name, value in zip(one.x, one.y, strict=True)}
    assert drawn == {"1 Fact <1>": 100.0, "2 Fact <2>": 50.0, "3 Fact <3>": 3.125}
    assert assertions.panels[0].series[0].y == (100.0, 50.0, 3.125)


def test_the_data_hold_chances_and_the_draws_of_the_fit() -> None:
    data = answer.dataset(trials())
    assert list(data["chance"].sel(fact=[1, 3]).values) == [100.0, 3.125]
    assert np.isnan(data["chance"].sel(fact=4))
    assert data["drawn"].dims == ("drawn_quantity", "draw")
    assert data["drawn"].sel(drawn_quantity="1.fall").size == 64
    assert float(data["median"].sel(quantity="2.held")) == 12_000.0


def test_what_is_drawn_otherwise_is_in_the_data_without_its_draws() -> None:
    drawn = {**trials().draws, (1, "fall"): np.zeros(2000)}
    data = answer.dataset(FactTrials(CARD, drawn))
    assert "1.fall" not in data["drawn_quantity"].values
    assert float(data["median"].sel(quantity="1.fall")) == 0.05


def test_numbers_of_facts_are_read_and_what_is_no_number_is_refused() -> None:
    assert numbers.parsed("1, 24") == [1, 24]
    for text in ("one", "1,,2", "²"):
        with pytest.raises(UsageError, match="cannot read the facts"):
            numbers.parsed(text)


def test_facts_given_as_text_are_the_same_as_from_their_file() -> None:
    path = ROOT / "tests" / "refused" / "facts" / "sound" / "facts.yaml"
    from_file, texts = numbers.wanted("us-mexico", [24, 101], [str(path)])
    from_text, again = numbers.wanted("us-mexico", [24, 101], texts)
    assert from_file.facts == from_text.facts
    assert texts == again


def test_the_page_of_the_docs_holds_every_fact_once() -> None:
    text = page.markdown(CARD)
    assert [line for line in text.splitlines() if line.startswith("### ")] == [
        "### 3 Fact <3>", "### 2 Fact <2>", "### 1 Fact <1>", "### 4 Fact <4>",
    ]  # fmt: skip


def test_a_scorecard_comes_back_from_disk_with_the_marks_of_what_it_rests_on(tmp_path) -> None:
    case = load("us-mexico")
    path = store.write(tmp_path / "facts.json", CARD, case)
    found = store.read(case, path)
    assert found.scores == CARD.scores
    assert store.stale(found, case) == []
    assert len(json.loads(path.read_text())["scores"]) == 4
    path.write_text("{}")
    with pytest.raises(FitError, match="cannot read the scorecard"):
        store.read(case, path)


def test_the_shipped_scorecard_rests_on_what_is_here_now() -> None:
    case = load("us-mexico")
    assert store.stale(store.read(case), case) == [], "make it again: `palanca evidence facts --ship`"


def test_no_correlation_is_asserted_to_be_above_one() -> None:
    for one in store.read(load("us-mexico")).scores:
        units = {given.name: given.unit for given in one.numbers}
        for part in one.tried:
            if units[part.quantity] == "correlation":
                assert part.low is None or part.low <= 1.0, one.title


def test_the_page_on_the_format_has_every_probe_and_quantity() -> None:
    text = (ROOT / "docs" / "reference" / "facts-format.md").read_text(encoding="utf-8")
    for name, probe in PROBES.items():
        needs, takes = (", ".join(f"`{key}`" for key in keys) or "–" for keys in (probe.needs, probe.takes))
        named = "deal" if "deal" in probe.needs else "measure"
        gives = ", ".join(f"`{quantity}`" for quantity, _, _ in probe.gives) or f"what `{named}` names"
        assert f"| `{name}` | {probe.what} | {needs} | {takes} | {gives} |" in text
        for quantity, unit, what in probe.gives:
            assert f"| `{name}` | `{quantity}` | {unit} | {what} |" in text


def test_the_page_of_the_shipped_scorecard_is_up_to_date() -> None:
    text = (ROOT / "docs" / "reference" / "facts.md").read_text(encoding="utf-8")
    assert text == page.markdown(store.read(load("us-mexico"))), "run `make docs`"
