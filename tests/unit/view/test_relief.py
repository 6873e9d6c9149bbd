"""What is drawn, listed and said of a relief on conditions are its numbers, with words for those who cannot see."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from palanca.questions.relief import facts
from palanca.questions.relief import play as playing
from palanca.report import relief as page
from palanca.spec.relief import load_relief
from palanca.view import relief, relief_prose, relief_tables, theme

START = (
    "import sys; from functools import partial; import typer; from palanca.cli import snapback, fail; "
    "app = typer.Typer(); app.callback()(lambda: None); snapback.register(app); "
    "sys.exit(fail.guarded(partial(app, prog_name='palanca')))"
)


@pytest.fixture(scope="module")
def study():
    return facts.study(playing.prepare(load_relief("us-mexico"), 8, 50, 1))


def test_every_chart_says_what_it_shows_in_words_and_in_colours_of_the_palette(study) -> None:
    known = set(theme.darkened()) | {"rgba(0,0,0,0)"}
    for one in relief.of_study(study):
        assert one.caption.endswith(".")
        assert one.key
        for panel in one.panels:
            assert panel.alt.endswith(".")
            used = set(re.findall(r'"(#[0-9a-fA-F]+|rgba?\([^)]*\))"', panel.figure.to_json()))
            assert used <= known


def test_bars_are_the_shares_of_draws(study) -> None:
    figure = relief.findings(study).panels[0].figure
    drawn = [x for trace in figure.data for x in trace.x]
    assert drawn == pytest.approx([100.0 * one.chance for one in study.findings], abs=0.06)


def test_the_line_of_what_happened_steps_on_the_day(study) -> None:
    panels = {panel.title: panel.figure for panel in relief.course(study).panels}
    for title, day in (("Gold", "2024-01-29"), ("Oil and gas", "2024-04-17"), ("Return flights", "2024-02-13")):
        line = next(trace for trace in panels[title].data if trace.name == "what happened")
        assert list(line.x) == ["2023-10-18", day, "2024-06-18"]
        assert list(line.y) == [100, 0, 0]
        assert line.line.shape == "hv"
    kept = next(trace for trace in panels["Bond trading"].data if trace.name == "what happened")
    assert set(kept.y) == {100}


def test_medians_and_bands_are_those_of_the_draws(study) -> None:
    place = study.setting.place("candidate")
    values = 100.0 * np.asarray(study.courses[facts.DECLARED].in_force)[:, :, place]
    figure = next(panel.figure for panel in relief.course(study).panels if panel.title == "Oil and gas")
    high, low, mid = (np.array(trace.y) for trace in figure.data[:3])
    for drawn, level in ((low, 0.05), (mid, 0.5), (high, 0.95)):
        assert drawn == pytest.approx(np.quantile(values, level, axis=0), rel=1e-3, abs=1e-3)


def test_tables_hold_each_month_variant_and_belief_and_what_happened(study) -> None:
    assert len(relief_tables.by_month(study)) == 8 * (2 * 4 + 1)
    rows = {(row["month"], row["what"]): row["happened"] for row in relief_tables.by_month(study)}
    assert [rows[month, "in force: Gold"] for month in (3, 4)] == ["yes", "no"]
    assert [rows[month, "in force: Oil and gas"] for month in (5, 6)] == ["yes", "no"]
    assert [rows[month, "flights go on"] for month in (3, 4)] == ["yes", "no"]
    assert rows[8, "kept: Repatriation flights taken"] == "yes"
    assert len(relief_tables.variants(study)) == len(study.courses)
    assert len(relief_tables.beliefs(study.setting.relief)) == len(study.setting.numbers)
    assert relief_tables.findings(study)[0]["draws that have it, %"] == 100.0 * study.findings[0].chance


def test_due_dates_are_told_and_marked(study) -> None:
    rows = {row["clause"]: row for row in relief_tables.due(study.setting.relief)}
    dear = rows["A candidate who could win may stand"]
    assert (dear["due"], dear["month of the game"], dear["source"]) == ("2023-11-30", 2, "ROADMAP-2023")
    panels = {panel.title: panel.figure for panel in relief.kept(study).panels}
    marked = {title: [note.text for note in figure.layout.annotations] for title, figure in panels.items()}
    assert {title for title, notes in marked.items() if "due" in notes} == {"A candidate who could win may stand"}
    assert any("falls due in month 2" in sentence for sentence in relief_prose.why(study))


def test_beliefs_are_worded_as_their_interval(study) -> None:
    beliefs = study.setting.relief.beliefs()
    assert relief_tables.believed(beliefs["office.worth"]) == "40, times or divided by 5.2 (90 %)"
    assert relief_tables.believed(beliefs["snap_cost.lapse"]) == "0.1 to 0.6"


def test_sentences_say_when_the_game_does_not_have_a_fact_and_that_numbers_are_judgements(study) -> None:
    said = relief_prose.headline(study)
    whole = {one.id: one for one in study.findings}
    for sentence, name in zip(said, relief_prose.WHOLE, strict=False):
        assert f"{100 * whole[name].chance:.0f}\u00a0%" in sentence
        assert ("does not produce it" in sentence) == (whole[name].chance < relief_prose.FEW)
    caution = relief_prose.caution(study)
    assert "42 of 43 beliefs are judgements" in caution
    assert "death" in caution
    every = [*said, *relief_prose.why(study), *relief_prose.severity_says(study), *relief_prose.people_say(study)]
    assert all(sentence.endswith(".") for sentence in every)
    assert any("month 4" in sentence for sentence in relief_prose.why(study))


def test_the_page_stands_alone_and_names_its_sources(study) -> None:
    html = page.html(study, {"draws": "30"})
    assert "Venezuela 2023-24" in html
    assert 'src="http' not in html
    for row in relief_tables.findings(study):
        assert str(row["what was seen, or follows"]).split("'")[0] in html


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["us-mexcio"], ["no such relief", "Did you mean 'us-mexico'?"]),
        (["--months", "0"], ["--months"]),
        (["--draws", "3"], ["--draws"]),
        (["--out", "taken"], ["taken", "could not write"]),
    ],
)
def test_what_cannot_be_played_is_refused_with_a_way_out(words, says, tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file in the place of a folder")
    done = subprocess.run(
        [sys.executable, "-c", START, "relief", *words],
        cwd=tmp_path, env={**os.environ, "JAX_PLATFORMS": "cpu"}, capture_output=True, text=True, timeout=120,
        check=False,
    )  # fmt: skip
    assert done.returncode == 2, done.stderr
    for text in says:
        assert text in done.stderr, done.stderr
    assert "Traceback" not in done.stderr
