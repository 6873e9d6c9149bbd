"""The command that tries facts: what it lists, and what it refuses before any work."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from palanca.cli.app import app
from palanca.core.errors import CaseFileError, PalancaError, UsageError

SOUND = str(Path(__file__).parents[2] / "refused" / "facts" / "sound" / "facts.yaml")


def asked(*words: str):
    return CliRunner(env={"COLUMNS": "160"}).invoke(app, ["evidence", "facts", *words])


def test_a_list_names_every_fact_and_runs_nothing():
    rows = json.loads(asked("--list", "--format", "json").output)
    assert len(rows) == 26
    assert {row["judged"] for row in rows} == {"yes", "in part", "no"}


def test_a_list_holds_those_chosen_and_those_added():
    rows = json.loads(asked("--list", "--format", "json", "--add", SOUND, "--only", "24,101").output)
    assert [row["fact"] for row in rows] == [24, 101]


@pytest.mark.parametrize(
    ("words", "kind", "said"),
    [
        (["--only", "5"], UsageError, "no such fact"),
        (["--only", "one"], UsageError, "cannot read the facts"),
        (["--ship", "--only", "1"], UsageError, "only the whole scorecard"),
        (["--add", "nowhere.yaml"], CaseFileError, "no such facts"),
        (["us-mexcio"], CaseFileError, "no such case"),
    ],
)
def test_bad_input_is_refused_before_any_work(words, kind, said):
    found = asked(*words)
    assert isinstance(found.exception, PalancaError)
    assert type(found.exception) is kind
    assert said in str(found.exception)


@pytest.mark.slow
def test_a_fact_of_ones_own_is_answered_and_reproduced_without_its_file(tmp_path: Path, here) -> None:
    own = tmp_path / "own.yaml"
    own.write_text(Path(SOUND).read_text())
    words = ("--only", "101,29", "--add", str(own), "--draws", "4", "--out", "one", "--no-pictures")
    done = here("evidence", "facts", *words)
    assert done.returncode == 0, done.stderr
    assert "29 The linkage regime shifts" in done.stdout
    held = json.loads((tmp_path / "one" / "answer.json").read_text())
    assert held["data"]["result"]["coords"]["fact"] == [29, 101]
    own.unlink()
    again = here("reproduce", "one")
    assert "the same to the bit" in again.stdout, again.stdout + again.stderr
