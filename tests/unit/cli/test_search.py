"""The command search: what it refuses before long work, what it lists, and that it repeats to the bit."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from palanca.cli.app import app
from palanca.core.errors import PalancaError

FILE = """\
case: us-mexico
title: Two levers
window: {first: 2023-01, last: 2023-03}
levers:
  - {set: levers.contention.effort, low: 0, high: 3}
  - {set: levers.chnv_parole.slots, low: 0, high: 60000}
objectives:
  - {outcome: encounters}
  - {outcome: held}
"""


@pytest.mark.parametrize(
    ("words", "texts"),
    [
        (["two-yaers"], ["no such search", "Did you mean 'two-years'?"]),
        (["--case", "us-mexcio"], ["no such case"]),
        (["two-years", "--out", "taken"], ["taken", "could not write"]),
        (["harm.yaml"], ["deaths is never sought this way"]),
    ],
)
def test_what_cannot_be_sought_is_refused_with_a_way_out(
    words: list[str], texts: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "taken").write_text("a file in the place of a folder")
    (tmp_path / "harm.yaml").write_text(FILE + "  - {outcome: deaths, want: more}\n", encoding="utf-8")
    done = CliRunner().invoke(app, ["search", *words])
    assert isinstance(done.exception, PalancaError), done.output
    for text in texts:
        assert text in str(done.exception)


def test_shipped_searches_are_listed() -> None:
    done = CliRunner().invoke(app, ["search", "--list", "--format", "json"])
    (row,) = json.loads(done.stdout)
    assert (row["name"], row["levers"], row["objectives"]) == ("two-years", 6, "encounters, held, cost_transit")


@pytest.mark.slow
def test_an_answer_is_written_whole_and_reproduced_to_the_bit_without_its_file(tmp_path: Path, here) -> None:
    (tmp_path / "mine.yaml").write_text(FILE, encoding="utf-8")
    few = ["--packages", "8", "--population", "4", "--draws", "4", "--no-pictures", "--out", "one"]
    done = here("search", "mine.yaml", *few)
    assert done.returncode == 0, done.stderr
    assert "deaths on the way" in " ".join(done.stdout.split())
    (tmp_path / "mine.yaml").unlink()
    again = here("reproduce", "one")
    assert again.returncode == 0, again.stderr
    assert "the same to the bit" in again.stdout
