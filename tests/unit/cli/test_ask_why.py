"""The why question: what it refuses before long work, and that its numbers can be read by a program."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from palanca.cli import ask_why
from palanca.core.errors import PalancaError

APP = typer.Typer()
APP.callback()(lambda: None)
ask_why.register(APP)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ([], ["no two months", "--from YYYY-MM --to YYYY-MM"]),
        (["--from", "2023-12"], ["no two months", "--to nothing"]),
        (["--from", "2023-12", "--to", "2024-01", "--episodes"], ["--episodes"]),
        (["--from", "December", "--to", "2024-01"], ["--from", "YYYY-MM"]),
        (["--from", "2024-01", "--to", "2023-12"], ["does not come after", "Did you mean --from 2023-12 --to 2024-01"]),
        (["--from", "2023-12", "--to", "2024-12"], ["--to", "a month from 2013-12 to 2024-08"]),
        (["--from", "2019-01", "--to", "2021-01"], ["too far apart", "24 months", "12 or fewer"]),
        (["--from", "2023-12", "--to", "2024-01", "--outcome", "death"], ["no such outcome", "Did you mean 'deaths'?"]),
        (["--from", "2023-12", "--to", "2024-01", "--out", "taken"], ["taken", "could not write"]),
        (["--from", "2023-12", "--to", "2024-01", "--fit", "none.nc"], ["no fit"]),
    ],
)
def test_what_cannot_be_shared_out_is_refused_with_a_way_out(words, says, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PALANCA_CACHE", "")
    (tmp_path / "taken").write_text("a file in the place of a folder")
    done = CliRunner().invoke(APP, ["why", *words])
    assert isinstance(done.exception, PalancaError), done.output
    for text in says:
        assert text in str(done.exception)


@pytest.mark.long
def test_the_rows_of_january_2024_sum_to_the_fall_that_was_published(monkeypatch) -> None:
    monkeypatch.setenv("PALANCA_CACHE", "")
    words = ["why", "--from", "2023-12", "--to", "2024-01", "--draws", "16", "--format", "json", "--stale"]
    done = CliRunner().invoke(APP, words)
    assert done.exit_code == 0, done.output
    rows = json.loads(done.stdout)
    *parts, whole = rows
    assert whole["mean"] == pytest.approx(-125_520.0, rel=1e-9)
    assert sum(row["mean"] for row in parts) == pytest.approx(whole["mean"], rel=1e-9)
    part = {row["cause"]: row for row in parts}
    assert 0.2 < part["declared"]["share"] + part["delivered"]["share"] < 0.5
