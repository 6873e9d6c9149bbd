"""What is drawn, listed and said of skill are the numbers of its rows, in the palette, with words for the blind."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest
import skills

from palanca.evidence.skill import MODEL, NOTHING
from palanca.report import skill as page
from palanca.view import skill as charts
from palanca.view import skill_prose, skill_tables, theme


@pytest.fixture(scope="module")
def found():
    return skills.skill(closer=0.9)


@pytest.fixture(scope="module")
def drawn(found):
    return charts.of_skill(found)


def test_every_chart_has_a_name_a_caption_a_source_a_key_a_unit_and_words(drawn) -> None:
    assert len({one.id for one in drawn}) == len(drawn) == 6
    for one in drawn:
        assert one.caption.endswith(".")
        assert one.source
        assert one.key
        for panel in one.panels:
            assert panel.alt.endswith(".")
            assert any(panel.unit in note.text for note in panel.figure.layout.annotations)


def test_every_colour_comes_from_the_palette_and_every_drawing_is_plain_json(drawn) -> None:
    known = set(theme.darkened()) | {"rgba(0,0,0,0)"}
    for one in drawn:
        for panel in one.panels:
            text = panel.figure.to_json()
            used = set(re.findall(r'"(#[0-9a-fA-F]+|rgba?\([^)]*\))"', text))
            assert used <= known, (one.id, used - known)
            assert "NaN" not in json.dumps(json.loads(text))


def test_dots_and_bars_are_ratios_and_their_intervals(found) -> None:
    model = next(t for t in charts.ratios(found).panels[0].figure.data if t.name == "palanca")
    rows = found.select(of="total", forecast=MODEL, given=NOTHING, window="all")
    assert list(model.y) == pytest.approx([row.ratio for row in rows], abs=1e-3)
    tops = [mid + up for mid, up in zip(model.y, model.error_y.array, strict=True)]
    assert tops == pytest.approx([row.high for row in rows], abs=1e-3)


def test_coverage_is_drawn_in_hundredths(found) -> None:
    panel = charts.coverage(found).panels[1].figure
    model = next(t for t in panel.data if t.name == "palanca")
    rows = found.select(of="total", forecast=MODEL, given=NOTHING, window="all")
    assert list(model.y) == pytest.approx([100 * row.held_80 for row in rows], abs=0.06)


def test_a_path_starts_at_what_was_known_and_stands_at_its_months(found) -> None:
    paths = charts.together(found).panels[0].figure.data[0]
    assert list(paths.x[:5]) == ["2014-01", "2014-02", "2014-04", "2014-07", None]
    assert paths.y[0] == pytest.approx(found.fan[0].known)
    assert paths.y[2] == pytest.approx(found.fan[1].middle, rel=1e-4)


def test_bands_stand_at_the_month_that_they_are_of(found) -> None:
    month = charts.beside(found).panels[1].figure.data[2]
    at = list(month.x).index("2014-04")
    assert month.y[at] == pytest.approx(found.fan[1].middle, rel=1e-4)


def test_sparse_starts_are_not_joined_to_bands() -> None:
    assert "skill-bands" not in [one.id for one in charts.of_skill(skills.skill(every=6))]


def test_tables_show_ratios_with_intervals_and_all_rows_of_one_table_share_their_columns(found) -> None:
    shown = skill_tables.tables(found)
    assert len(shown) == 5
    for lines in [*shown.values(), skill_tables.labels(found)]:
        assert len({tuple(line) for line in lines}) == 1
    first = skill_tables.ratios(found)[0]
    assert first["forecast"] == "palanca"
    assert re.fullmatch(r"0\.90 \[0\.90, 0\.90\]", first["1 month"])


def test_a_series_of_zero_shows_a_dash() -> None:
    row = skills.skill().rows[0]
    assert skill_tables.ratio(replace(row, ratio=None, low=None, high=None)) == theme.NONE
    assert skill_tables.ratio(replace(row, ratio=0.934, low=None, high=None)) == "0.93"


def test_sentences_say_what_is_better_and_what_is_worse() -> None:
    better, worse = (" ".join(skill_prose.headline(skills.skill(closer=c))) for c in (0.7, 1.5))
    assert "better beyond chance at 1 month, 3 months, 6 months, 12 months; worse beyond chance at none" in better
    assert "No baseline is better" in better
    assert "better beyond chance at none; worse beyond chance at 1 month" in worse
    assert "Better than the model" in worse


def test_the_number_of_candidates_is_stated(found) -> None:
    said = " ".join(skill_prose.method(found))
    assert "300 candidate structures" in said
    assert "445 scored rows" in said


def test_the_page_holds_every_chart_and_fetches_nothing(found, drawn) -> None:
    text = page.html(found)
    assert all(f'id="{one.id}"' in text for one in drawn)
    assert 'src="http' not in text
    assert "@import" not in text
    assert "300 candidate structures" in text
