"""Several answers on one page, answers read back from their folders, and how each is asked again."""

from __future__ import annotations

import json
import re
import shlex
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import typer
import xarray as xr

import palanca
from palanca.cli.app import app
from palanca.core.errors import UsageError
from palanca.show import chart, page, recipe, report, saved, table
from palanca.show.answer import Answer, Finding, Provenance
from palanca.show.chart import Chart, Kind, Panel
from palanca.show.estimate import Basis, Estimate
from palanca.show.report import Unanswered

MONTHS = ("2024-01", "2024-02", "2024-03")


def made(question: str = "whatif", rows: int = 9, text: str = "There would have been 30 more deaths.") -> Answer:
    draws = np.arange(3 * 40, dtype=float).reshape(3, 40)
    data = xr.Dataset(
        {"deaths": xr.Variable(("month", "draw"), draws, {"units": "deaths / month", "long_name": "deaths"})},
        {"month": np.array(MONTHS, dtype="datetime64[ns]")},
    )
    found = Estimate(30.0, 20.0, 40.0, "deaths", basis=Basis.between, assumed_share=0.3, assumed_by=("a", "b"))
    none = Estimate(float("nan"), float("nan"), float("nan"), "deaths", None)
    cells = [
        {
            "place": f"place {k}",
            "deaths": found,
            "none": none,
            "share": 0.5 + k,
            "count": k,
            "known": k > 2,
            "gap": None,
        }
        for k in range(rows)
    ]
    empty = table.Table("Nothing", ("a", "b"), ())
    shown = table.of_rows("By place", cells, units={"deaths": "people"}, note="A note.")
    series = (chart.band("history", MONTHS, draws), chart.line("figures", MONTHS, draws[:, 0], "figures", "dots"))
    drawn = Chart(
        "by month", Kind.lines, "Deaths", "See.", (Panel(series, "deaths / month", marks=((MONTHS[1], "then"),)),)
    )
    arguments: dict[str, object] = {"changes": [{"set": "levers.a.effort", "to": 0, "from": "2024-01"}], "key": 1}
    provenance = Provenance(question, arguments | {"draws": 40}, "small", {"case": "abc"}, 1, 40, notes=("Stale.",))
    said = (Finding(text, {"deaths": found}), Finding("Published.", basis=Basis.published))
    return Answer("What if?", data, said, (shown, empty), (drawn,), ("Beware.", "Beware twice."), provenance)


def test_an_answer_read_back_makes_the_same_page_to_the_byte(tmp_path: Path) -> None:
    answer = made()
    answer.save(tmp_path, pictures=False)
    again = saved.read(tmp_path)
    assert page.html(again) == (tmp_path / "answer.html").read_text(encoding="utf-8")
    assert np.allclose(again.data["deaths"], answer.data["deaths"], rtol=2e-4)
    assert again.findings == answer.findings


def test_a_page_opens_with_the_answers_in_order_and_holds_plotly_once() -> None:
    answers = [made(text="First of all."), made("evidence.fit", text="It agrees."), made("run", text="Second.")]
    html = report.html(answers, "Title", [Unanswered("forecast", "no figures")])
    places = [
        html.index(text)
        for text in ("First of all.", "Second.", "no figures", 'id="charts"', "It agrees.", 'id="method"')
    ]
    assert places == sorted(places)
    assert html.count('<script id="plotly"') == 1
    assert len(html.encode()) < 5_000_000
    assert "3 more rows below, with the charts" in html
    assert "--full" not in html


def test_ids_are_told_apart_and_every_panel_has_its_figure() -> None:
    html = report.html([made(), made(), made("evidence.fit")], "Title")
    ids = re.findall(r'\bid="([^"]+)"', html)
    assert len(ids) == len(set(ids))
    figures = json.loads(re.findall(r'<script id="figures"[^>]*>(.*?)</script>', html)[0])
    assert set(figures) == {one for one in ids if "plot-" in one}
    assert len(figures) == 3
    named = re.findall(r'(?:href="#|aria-labelledby=")([^"]+)"', html)
    assert set(named) <= set(ids)


def test_nothing_that_a_report_shows_is_fetched_and_texts_are_escaped() -> None:
    html = report.html([replace(made(text="<img src=x>"), question="</script><b>")], "<i>")
    assert not re.findall(
        r"<(?:img|i|b)\b|<[^>&]*\ssrc=|https?://", re.sub(r'<script id="plotly".*?</script>', "", html, flags=re.S)
    )


def test_what_answers_cannot_tell_stands_once_with_those_that_say_so() -> None:
    html = report.html([made(), made("run")], "Title")
    limits = html[html.index('id="limits"') :]
    assert limits.count("Beware twice.") == 1
    assert "whatif, run" in limits


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (lambda folder: (folder / "answer.json").write_text("{}"), "not the file that the manifest names"),
        (lambda folder: (folder / "answer.json").unlink(), "answer.json"),
        (lambda folder: (folder / "manifest.json").unlink(), "manifest"),
        (lambda folder: (folder / "data.nc").write_bytes(b""), "data.nc"),
    ],
)  # fmt: skip
def test_a_folder_that_is_no_answer_is_refused(tmp_path: Path, spoil, told: str) -> None:
    made().save(tmp_path, pictures=False)
    spoil(tmp_path)
    with pytest.raises(UsageError, match=re.escape(told)):
        palanca.report([tmp_path])


def test_an_answer_of_another_layout_is_refused_though_its_manifest_agrees(tmp_path: Path) -> None:
    made().save(tmp_path, pictures=False)
    path = tmp_path / "answer.json"
    held = json.loads(path.read_text())
    del held["charts"]
    path.write_text(json.dumps(held))
    manifest = json.loads((tmp_path / "manifest.json").read_text())
    manifest["files"]["answer.json"] = saved.digest.of_bytes(path.read_bytes())
    (tmp_path / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(UsageError, match="KeyError: 'charts'"):
        palanca.report(tmp_path)


def test_no_folder_and_no_answer_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no folder of an answer"):
        palanca.report(tmp_path / "none")
    with pytest.raises(UsageError, match="no answer to report"):
        palanca.report([])


def test_a_report_is_written_whole_and_returned(tmp_path: Path) -> None:
    html = palanca.report(made(), tmp_path / "page.html", title="Mine")
    assert (tmp_path / "page.html").read_text(encoding="utf-8") == html
    assert "<h1>Mine</h1>" in html


def test_a_page_that_would_be_too_large_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="too large"):
        palanca.report([made(text="x" * 3_500_000)], tmp_path / "page.html")
    assert not (tmp_path / "page.html").exists()


@pytest.mark.parametrize("name", list(recipe.FORMS))
def test_every_command_is_one_that_palanca_reads(name: str) -> None:
    given = {"changes": [{"set": "a"}], "months": "2024-01..2024-02", "first": "2023-12", "last": "2024-01",
             "ahead": 3, "government": "MEX", "month": "2024-01", "lengths": [1, 3], "shares": True, "scheme": "s",
             "variants": False,
             "only": ["1"], "ask": True, "file": "us-mexico", "years": 3, "slow": False, "search": "two-years",
             "packages": 60, "population": 10, "outcome": "deaths", "draws": 40, "key": 2}  # fmt: skip
    if name == "evidence.levers":
        given["months"] = 3
    words = shlex.split(recipe.command(Provenance(name, given, "us-mexico", {}, 2, 40)))
    command = typer.main.get_command(app)
    below = recipe.FORMS[name].words.split()
    for word in below:
        command = command.commands[word]
    context = command.make_context(name, words[1 + len(below) :])
    assert context.params["key"] == 2
    assert "us-mexico" in (context.params.get("case"), context.params.get("file"))


def test_what_only_python_can_ask_has_no_command() -> None:
    assert recipe.command(Provenance("forecast", {"suppose": [{"name": "x", "changes": []}]}, "c", {}, 1, 8)) == ""
    assert recipe.command(Provenance("quotas", {}, "c", {}, 1, 8)) == ""


def test_python_of_a_recipe_runs_and_hands_the_same_arguments(monkeypatch: pytest.MonkeyPatch) -> None:
    text = 'a "file"\nwith \\ lines\n'
    answer = made()
    asked = replace(
        answer,
        question="Back\\slash?",
        provenance=replace(answer.provenance, question="claims", arguments={"file": text}),
    )
    held: dict[str, object] = {}
    monkeypatch.setattr(palanca, "claims", lambda **given: held.update(given), raising=False)
    exec(compile(recipe.python(asked), "ask.py", "exec"), {})  # what a user would run
    assert held == {"file": text}


def test_a_note_on_the_fit_is_told_once() -> None:
    assert report.html([made(), made("run")], "Title").count("Stale.") == 1
