"""One made-up answer through every outlet: terminal, Python, page, JSON, CSV, netCDF, manifest, pictures."""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from plotly.offline import get_plotlyjs

from palanca.core.errors import UsageError
from palanca.show import chart, document, draw, estimate, files, manifest, page, table, terminal
from palanca.show.answer import Answer, Finding, Provenance
from palanca.show.chart import Chart, Kind, Panel
from palanca.show.estimate import Basis, Estimate

MONTHS = ("2024-01", "2024-02", "2024-03")
LONG = "a name that is rather long for one cell of a table and wraps"


def made(rows: int = 3, text: str = "There would have been 30 more deaths [20, 40].") -> Answer:
    draws = np.arange(3 * 40, dtype=float).reshape(3, 40)
    data = xr.Dataset(
        {"deaths": xr.Variable(("month", "draw"), draws, {"units": "deaths / month", "long_name": "deaths"})},
        {"month": np.array(MONTHS, dtype="datetime64[ns]")},
    )
    found = Estimate(30.0, 20.0, 40.0, "deaths")
    shown = table.of_rows(
        "By place", [{"place": f"{LONG} {k}", "change": found, "other": found, "count": k} for k in range(rows)]
    )
    series = (chart.band("history", MONTHS, draws), chart.line("figures", MONTHS, draws[:, 0], "figures", "dots"))
    drawn = Chart("deaths", Kind.lines, "Deaths", "What to see.", (Panel(series, "deaths / month"),))
    provenance = Provenance("whatif", {"months": None}, "small", {"case": "abc"}, 1, 40)
    return Answer("What if?", data, (Finding(text, {"deaths": found}),), (shown,), (drawn,), ("Beware.",), provenance)


def test_the_first_screen_has_question_finding_table_caveat_and_where_the_rest_is():
    lines = terminal.first_screen(made(), 80).splitlines()
    assert lines[0] == "What if?"
    assert lines[2] == "- There would have been 30 more deaths [20, 40]. (learned)"
    assert "Caution: Beware." in lines
    assert lines[-1].startswith("More: --full")


@pytest.mark.parametrize("width", [40, 60, 80, 120])
@pytest.mark.parametrize("rows", [1, 40])
def test_no_line_is_wider_than_the_terminal_and_no_word_is_cut(width, rows):
    text = terminal.first_screen(made(rows), width)
    assert max(len(line) for line in text.splitlines()) <= width
    assert "…" not in text
    assert "[20.0, 40.0]" in text


def test_the_first_screen_is_never_longer_than_forty_lines():
    assert len(terminal.first_screen(made(200), 80).splitlines()) <= 40
    assert "more rows with --full" in terminal.first_screen(made(200), 80)
    assert len(terminal.full(made(200), 80).splitlines()) > 200


def test_the_prompt_shows_less_than_two_kilobytes():
    assert len(repr(made(200, "word " * 900)).encode()) < 2000


def test_an_answer_shows_itself_in_a_notebook_with_findings_chart_and_table():
    html = made()._repr_html_()
    assert "There would have been 30 more deaths" in html
    assert "Plotly.newPlot" in html
    assert "<table" in html
    assert "more rows" not in html
    assert "--full" not in made(200)._repr_html_()


def test_two_cells_of_a_notebook_draw_into_places_of_their_own():
    answer = made()
    first, second = (set(re.findall(r'id="(chart-\w+)"', answer._repr_html_())) for _ in range(2))
    assert len(first) == len(second) == 1
    assert first != second


def test_nothing_that_a_notebook_shows_is_fetched():
    html = made()._repr_html_().replace(get_plotlyjs(), "")
    assert "http" not in re.sub(r"https?://www\.w3\.org\S*", "", html)
    assert " src=" not in html


def test_a_finding_rests_on_its_first_number_unless_it_states_another_basis():
    numbers = {"one": Estimate(1.0, 0.0, 2.0, basis=Basis.assumed), "two": Estimate(1.0, 0.0, 2.0)}
    assert Finding("One.", numbers).basis is Basis.assumed
    assert Finding("One.", numbers, Basis.between).basis is Basis.between
    assert Finding("None.").basis is Basis.learned


def test_a_table_for_pandas_has_three_columns_an_estimate():
    frame = made().table("By place")
    assert list(frame.columns) == [
        "place",
        "change",
        "change low",
        "change high",
        "other",
        "other low",
        "other high",
        "count",
    ]
    assert frame["change high"].tolist() == [40.0] * 3


@pytest.mark.parametrize("ask", ["table", "plot"])
def test_a_name_that_is_not_there_is_refused_with_the_nearest(ask):
    with pytest.raises(UsageError, match="no such"):
        getattr(made(), ask)("dearhs")


def test_a_chart_of_an_answer_without_draws_is_refused():
    with pytest.raises(UsageError, match="has no chart"):
        replace(made(), charts=()).plot()


def test_the_document_is_one_and_its_numbers_have_the_same_keys_everywhere():
    held = json.loads(document.as_json(made()))
    (number,) = held["findings"][0]["numbers"]
    assert number == {
        "name": "deaths", "estimate": 30.0, "low": 20.0, "high": 40.0, "level": 0.9, "unit": "deaths",
        "basis": "learned",
    }  # fmt: skip
    deaths = held["data"]["deaths"]
    assert deaths["dims"] == ["month"]
    assert deaths["coords"]["month"] == list(MONTHS)
    assert deaths["estimate"] == [19.5, 59.5, 99.5]
    assert held["tables"][0]["rows"][0]["change"]["high"] == 40.0


def test_the_csv_is_one_tidy_table_with_every_number():
    rows = list(csv.DictReader(io.StringIO(document.as_csv(made()))))
    assert len(rows) == 3
    first = rows[0]
    assert (first["variable"], first["month"], first["unit"]) == ("deaths", "2024-01", "deaths / month")
    assert float(first["estimate"]) == 19.5
    assert float(first["low"]) == pytest.approx(np.quantile(np.arange(40.0), 0.05))


def test_a_text_that_a_spreadsheet_would_run_is_quoted():
    assert document.safe("=cmd()") == "'=cmd()"
    assert document.safe("plain") == "plain"


def test_what_is_no_number_is_null():
    one = made()
    found = one.data.assign(deaths=one.data["deaths"] * np.nan)
    held = json.loads(document.as_json(replace(one, data=found)))
    assert held["data"]["deaths"]["estimate"] == [None] * 3


def test_an_answer_is_saved_whole_and_its_manifest_knows_every_file(tmp_path: Path):
    names = made().save(tmp_path / "out", pictures=False)
    assert set(names) == {"answer.html", "answer.json", "data.csv", "data.nc", "manifest.json"}
    held = manifest.read(tmp_path / "out")
    assert set(held.files) == set(names) - {"manifest.json"}
    assert not manifest.differences(held, manifest.now(made()))
    data = xr.load_dataset(tmp_path / "out" / "data.nc", engine="h5netcdf")
    assert np.allclose(data["deaths"], made().data["deaths"], rtol=2e-4)
    assert data["deaths"].attrs["units"] == "deaths / month"


def test_a_changed_number_is_found_by_the_manifest(tmp_path: Path):
    made().save(tmp_path, pictures=False)
    one = made()
    other = replace(one, data=one.data.assign(deaths=one.data["deaths"] + 1.0))
    found = manifest.differences(manifest.read(tmp_path), manifest.now(other))
    assert {difference.name for difference in found} == {"answer.json", "data.csv"}
    assert "not the same" in manifest.verdict(found)


@pytest.mark.parametrize("text", ["", "[]", '{"format": 2}', '{"format": 1}', "[" * 9000])
def test_what_is_no_manifest_is_refused(text, tmp_path: Path):
    (tmp_path / "manifest.json").write_text(text)
    with pytest.raises(UsageError, match="cannot read the manifest"):
        manifest.read(tmp_path)


def test_the_page_fetches_nothing_and_escapes_every_text():
    html = page.html(made(text="<script>alert(1)</script>"))
    assert "<script>alert(1)" not in html
    assert 'src="http' not in html
    assert '<link rel="stylesheet"' not in html
    assert "@import" not in html
    assert "&lt;script&gt;alert(1)" in html
    assert "Beware." in html


@pytest.mark.parametrize("kind", list(Kind))
def test_every_kind_of_chart_is_drawn_with_its_unit_and_no_powers_of_ten(kind):
    y = (100_000.0, 250_000.0, 150_000.0)
    low, high = (90_000.0, 240_000.0, 140_000.0), (110_000.0, 260_000.0, 160_000.0)
    if kind is Kind.timeline:
        low, high = (24_288.0,) * 3, (24_290.0,) * 3
    x = (1.0, 2.0, 3.0) if kind is Kind.scatter else ("a", "b", "c") if kind not in (Kind.lines, Kind.areas) else MONTHS
    one = chart.Series("series", x, y, low, high)
    figure = draw.figure(Chart("x", kind, "Title", "Caption.", (Panel((one, replace(one, label="other")), "people"),)))
    assert figure.data
    assert figure.layout.title.text == "Title"
    assert "e+" not in figure.to_json()
    if kind not in (Kind.parallel, Kind.heat, Kind.timeline, Kind.scatter):
        assert any(note.text == "people" for note in figure.layout.annotations)


@pytest.mark.slow
@pytest.mark.skipif(not files.can_draw(), reason="no Chrome or Chromium is installed to draw pictures with")
def test_charts_are_saved_as_svg_and_png(tmp_path: Path):
    names = made().save(tmp_path)
    assert {"charts/deaths.svg", "charts/deaths.png"} <= set(names)
    written = (tmp_path / "charts" / "deaths.svg").read_text().lstrip()
    assert written.startswith("<svg")
    size = draw.figure(made().charts[0]).layout
    assert f'viewBox="0 0 {size.width} {size.height}"' in written  # as large as it was laid out
    assert (tmp_path / "charts" / "deaths.png").read_bytes()[:4] == b"\x89PNG"


def test_an_estimate_of_few_draws_says_so():
    assert estimate.of([1.0, 3.0]).level is None


def test_a_brief_table_leaves_out_columns_and_rows_that_do_not_fit_and_names_them():
    whole = table.of_rows("All.", [{"id": f"number_{k}", "count": k, "text": "long words " * 9} for k in range(9)])
    text = table.printed(table.brief(whole, 40, 4), 40)
    assert "number_3" in text
    assert "number_4" not in text
    assert "Columns with --full: text." in text.replace("\n", " ")
    assert "5 more rows with --full" in text.replace("\n", " ")
