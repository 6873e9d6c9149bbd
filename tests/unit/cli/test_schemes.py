"""The command that tries schemes: what it lists, and what it refuses before any work."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from palanca.cli.app import app
from palanca.core.errors import CaseFileError, PalancaError, UsageError


def asked(*given: str):
    return CliRunner(env={"COLUMNS": "160"}).invoke(app, ["evidence", "schemes", *given])


def test_a_list_names_every_scheme_and_runs_nothing():
    rows = json.loads(asked("--list", "--format", "json").output)
    assert len(rows) == 42
    assert sum(row["predictions"] for row in rows) == 116


def test_a_list_holds_those_chosen():
    rows = json.loads(asked("--list", "--format", "json", "--only", "SYS13, SYS01").output)
    assert [row["scheme"] for row in rows] == ["SYS01", "SYS13"]


@pytest.mark.parametrize(
    ("given", "kind", "said"),
    [
        (["--only", "SYS99"], UsageError, "no such scheme"),
        (["--ship", "--only", "SYS01"], UsageError, "only the whole scorecard"),
        (["us-mexcio"], CaseFileError, "no such case"),
    ],
)
def test_bad_input_is_refused_before_any_work(given, kind, said):
    found = asked(*given)
    assert isinstance(found.exception, PalancaError)
    assert type(found.exception) is kind
    assert said in str(found.exception)
