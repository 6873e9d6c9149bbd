"""The command that tries facts: what it lists, and what it refuses before any work."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from palanca.cli import facts
from palanca.core.errors import CaseFileError, PalancaError, UsageError

SOUND = str(Path(__file__).parents[2] / "refused" / "facts" / "sound" / "facts.yaml")


def asked(*words: str):
    app = typer.Typer()
    facts.register(app)
    return CliRunner(env={"COLUMNS": "160"}).invoke(app, list(words))


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
