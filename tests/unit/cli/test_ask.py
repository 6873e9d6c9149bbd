"""The question what next: what they refuse, what they write, and that it repeats."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from typer.testing import CliRunner

from palanca.cli.app import app
from palanca.core.errors import PalancaError

NEXT = ["ask", "next"]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ([*NEXT, "--suppose", "contention-stop"], ["no such supposition", "Did you mean 'contention-stops'?"]),
        ([*NEXT, "--from", "2030-01"], ["--from"]),
    ],
)
def test_what_cannot_be_asked_is_refused_before_long_work_with_a_way_out(
    words: list[str], says: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(app, words)
    assert isinstance(done.exception, PalancaError), done.output
    for text in says:
        assert text in str(done.exception)
    assert not list(tmp_path.iterdir())


@pytest.mark.long
def test_what_next_answers_with_intervals_and_sentences(tmp_path: Path, here) -> None:
    suppose = [*NEXT, "--suppose", "react", "--suppose", "deals", "--suppose", "contention-stops", "--draws", "20"]
    done = here(*suppose, "--months", "2", "--out", "next")
    assert done.returncode == 0, done.stderr
    assert "with levers as they are" in done.stdout
    rows = list(csv.DictReader((tmp_path / "next" / "next.csv").read_text(encoding="utf-8").splitlines()))
    stops = [row for row in rows if row["supposing"] == "contention-stops" and row["outcome"] == "encounters"]
    assert all(float(row["change 5 %"]) > 0.0 for row in stops)
