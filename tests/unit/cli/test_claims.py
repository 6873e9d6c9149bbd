"""The command that checks claims: a file of one's own, the example, bad input, the same answer in every form."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

import palanca
from palanca.cli.app import app
from palanca.core.errors import CaseErrors, CaseFileError, PalancaError, SeriesError, UsageError
from palanca.spec.claims import example


def asked(*words: str):
    return CliRunner(env={"COLUMNS": "100"}).invoke(app, ["claims", *words])


def test_the_example_is_a_file_that_the_command_checks(tmp_path):
    own = tmp_path / "own.yaml"
    own.write_text(asked("--example").output)
    shown = asked(str(own))
    assert shown.exit_code == 0
    assert "Of 5 claims, 4 are supported" in shown.output
    assert "december" in shown.output


def test_the_first_screen_is_short_narrow_and_leads_with_the_counts():
    lines = asked().stdout.splitlines()
    assert len(lines) <= 40
    assert max(map(len, lines)) <= 100
    assert lines[2].startswith("- Of 98 claims, ")


def test_json_csv_and_python_hold_the_same_verdicts():
    found = palanca.claims(only=["CL003-17", "CL000-01"])
    held = json.loads(asked("--only", "CL003-17,CL000-01", "--format", "json").output)
    assert held["data"]["verdict"]["estimate"] == list(found.data["verdict"].values) == ["supported", "understated"]
    rows = asked("--only", "CL003-17,CL000-01", "--format", "csv").output.splitlines()
    assert "verdict,,CL000-01,supported,supported,supported," in rows


@pytest.mark.parametrize(
    ("words", "kind", "said"),
    [
        (["nowhere.yaml"], CaseFileError, "no such claims"),
        (["us-mexcio"], CaseFileError, "Did you mean 'us-mexico'"),
        (["--only", "CL999-01"], UsageError, "no such claim"),
        (["--store", "nowhere"], SeriesError, "no store of figures"),
    ],
)
def test_bad_input_is_refused(words, kind, said):
    found = asked(*words)
    assert isinstance(found.exception, PalancaError)
    assert type(found.exception) is kind
    assert said in str(found.exception)


def test_faults_of_a_file_are_told_with_their_lines_and_nothing_is_written(tmp_path):
    own = tmp_path / "own.yaml"
    own.write_text(example().replace("figure: usbp_total", "figure: usbp_totl"))
    found = asked(str(own), "--out", str(tmp_path / "out"))
    assert type(found.exception) is CaseErrors
    assert "own.yaml:15: claims[0].figure: unknown series: found 'usbp_totl'" in str(found.exception)
    assert not (tmp_path / "out").exists()


def test_figures_known_long_ago_settle_little():
    shown = asked("--as-known", "2019-01", "--only", "CL000-01", "--format", "json")
    held = json.loads(shown.output)
    assert held["data"]["verdict"]["estimate"] == ["not checkable"]
    (row,) = held["tables"][0]["rows"]
    assert row["would need"] == "usbp_total has no figure for 2023-12; it covers 1999-10 to 2018-12"


def test_an_answer_is_written_with_a_chart_a_claim_and_comes_out_the_same_without_its_file(tmp_path):
    own = tmp_path / "own.yaml"
    own.write_text(example())
    assert asked(str(own), "--out", str(tmp_path / "out"), "--no-pictures").exit_code == 0
    own.unlink()
    page = (tmp_path / "out" / "answer.html").read_text(encoding="utf-8")
    assert all(f"{name}: " in page for name in ("december", "record", "fall", "families"))
    assert "U.S. Border Patrol" in page
    assert palanca.reproduce(tmp_path / "out").same


@pytest.mark.slow
def test_what_is_handed_on_is_answered_by_the_model_with_an_interval_and_its_basis(tmp_path):
    found = palanca.claims(only=["CL000-05"], ask=True, draws=24)
    (row,) = found.table("Handed on to the model").to_dict("records")
    model = palanca.load("us-mexico").why("2023-12", "2024-01", draws=24)
    assert row["answer"] == model.findings[1].text
    assert row["number"] == model.findings[1].numbers["Mexico's levers"].estimate
    assert row["basis"] == str(model.findings[1].basis)
    assert row["number low"] < row["number"] < row["number high"]
