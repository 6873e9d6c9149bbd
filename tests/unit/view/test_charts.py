"""Charts draw the numbers of the run, in the palette, with units, captions and words for those who cannot see them."""

from __future__ import annotations

import json
import re

import histories
import numpy as np
import pytest

from palanca.view import charts, encounters, people, series, theme


@pytest.fixture(scope="module")
def run():
    return histories.history()


@pytest.fixture(scope="module")
def drawn(run):
    return [*charts.of_history(run), *charts.of_agreement(run), *charts.of_twin(run)]


def test_every_chart_has_a_caption_of_sentences_a_key_and_words_for_every_panel(drawn):
    assert len(drawn) == 13
    for one in drawn:
        assert one.caption.endswith(".")
        assert len(one.caption) > 40
        assert one.key
        assert all(panel.alt.endswith(".") and panel.unit for panel in one.panels), one.id


def test_charts_have_names_of_their_own(drawn):
    assert len({one.id for one in drawn}) == len(drawn)


def test_every_axis_of_numbers_shows_its_unit(drawn):
    for one in drawn:
        for panel in one.panels:
            layout = panel.figure.layout
            shown = [note.text for note in layout.annotations] + [layout.xaxis.title.text or ""]
            assert any(panel.unit in text for text in shown), one.id


def test_what_shows_figures_names_their_publisher(drawn):
    for one in drawn:
        figures = any(mark.role == "figures" for mark in one.key)
        assert bool(one.source) >= figures, one.id


def test_every_colour_comes_from_the_palette(drawn):
    known = set(theme.darkened()) | {"rgba(0,0,0,0)"}
    for one in drawn:
        for panel in one.panels:
            used = set(re.findall(r'"(#[0-9a-fA-F]+|rgba?\([^)]*\))"', panel.figure.to_json()))
            assert used <= known, (one.id, used - known)


def test_the_line_of_encounters_is_the_median_and_the_dots_are_the_figures(run):
    traces = {trace.name: trace for trace in encounters.in_all(run).panels[0].figure.data}
    mid = series.band(series.total(run, "encounters")).mid
    np.testing.assert_allclose(np.array(traces["model"].y, dtype=float), mid, rtol=1e-4)
    np.testing.assert_allclose(np.array(traces["figures"].y, dtype=float), run.observed.sum("origin"), rtol=1e-4)


def test_the_twin_leaves_from_the_month_before_its_change(run):
    twin = next(t for t in encounters.in_all(run).panels[0].figure.data if t.name == "twin world")
    assert twin.x[0] == series.labels(run)[histories.CHANGED - 1]
    assert len(twin.x) == histories.MONTHS - histories.CHANGED + 1


def test_shares_of_what_follows_sum_to_a_hundred(run):
    layers = [np.array(trace.y, dtype=float) for trace in people.what_follows(run).panels[0].figure.data]
    np.testing.assert_allclose(np.sum(layers, axis=0), 100.0, atol=0.05)


def test_a_year_of_deaths_with_a_month_unrecorded_shows_no_record(run):
    border = people.deaths(run).panels[0].figure
    recorded = next(trace for trace in border.data if trace.name == "recorded")
    assert list(recorded.x) == ["2020"]


def test_a_run_without_a_twin_draws_none():
    alone = histories.history(twin=False)
    assert charts.of_twin(alone) == []
    for one in charts.of_history(alone):
        assert not any(mark.role.startswith("twin") for mark in one.key), one.id


def test_drawings_are_plain_json_without_numbers_that_are_none(drawn):
    for one in drawn:
        for panel in one.panels:
            assert "NaN" not in json.dumps(json.loads(panel.figure.to_json()))
