"""The questions what if, how much leverage and what next: what they refuse, what they write, and that it repeats."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from palanca.cli.app import app
from palanca.core.errors import PalancaError

WHATIF, LEVERAGE, NEXT = ["ask", "whatif"], ["ask", "leverage"], ["ask", "next"]
SET = [*WHATIF, "--set", "levers.contention.effort=0"]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (WHATIF, ["nothing to change", "palanca ask whatif --list"]),
        ([*WHATIF, "--changes", "never-june-2091"], ["no such changes", "Did you mean 'never-june-2019'?"]),
        ([*SET, "--from", "2024-03", "--until", "2024-01"], ["ends before it starts"]),
        ([*SET, "--from", "2012-01"], ["outside the span"]),
        ([*SET, "--set", "levers.contention.effort=2"], ["contradict"]),
        (
            [*WHATIF, "--set", "levers.contention.effort=2", "--from", "2024-01", "--until", "2024-01"],
            ["alters nothing"],
        ),
        ([*WHATIF, "--set", "elections.USA.2024-10=2024-05"], ["unknown election", "USA.2024-11"]),
        ([*SET, "--over", "2024-01"], ["--over", "FROM..TO"]),
        ([*SET, "--over", "2024-01..2025-01"], ["outside the case", "2025-01"]),
        ([*WHATIF, "--off", "linkige"], ["no such mechanism of bargaining", "Did you mean 'linkage'?"]),
        ([*WHATIF, "--without", "silense"], ["no such issue of bargaining", "Did you mean 'silence'?"]),
        ([*SET, "--off", "linkage"], ["set the levers themselves"]),
        ([*WHATIF, "--off", "linkage", "--over", "2023-01..2023-06"], ["--over", "does not go with --off"]),
        ([*WHATIF, "--without", "silence", "--workers", "2"], ["--workers", "keeps nothing"]),
        ([*LEVERAGE, "--over", "2024-01"], ["--over"]),
        ([*LEVERAGE, "--for", "1;3"], ["--for", "1,3,6"]),
        ([*LEVERAGE, "--for", "0"], ["--for"]),
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


def test_shipped_questions_are_listed_in_their_own_words() -> None:
    done = CliRunner().invoke(app, [*WHATIF, "--list", "--format", "json"])
    named = {row["name"]: row["asks"] for row in json.loads(done.stdout)}
    assert named["never-june-2019"].startswith("What if the deal of June 2019")
    assert all(asks.startswith("What if ") and asks.endswith("?") for asks in named.values())


@pytest.mark.slow
def test_a_whatif_writes_its_answer_and_asked_again_gives_the_same_bits(tmp_path: Path, here) -> None:
    words = [*WHATIF, "--changes", "contention-stops-in-february", "--draws", "8", "--out"]
    done = here(*words, "one")
    assert done.returncode == 0, done.stderr
    again = here("ask", "again", "one", "--out", "two")
    assert again.returncode == 0, again.stderr
    assert "the same to the bit" in again.stdout
    assert "What if Mexico had stopped contention in February 2024" in done.stdout
    assert "deaths on the way" in done.stdout
    for name in ("whatif.csv", "whatif.html"):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()
    rows = list(csv.DictReader((tmp_path / "one" / "whatif.csv").read_text(encoding="utf-8").splitlines()))
    before = [row for row in rows if row["month"] == "2024-01"]
    assert before
    assert all(float(row["change"]) == 0.0 for row in before)
    origins = [r for r in rows if r["outcome"] == "encounters" and r["part"] and r["world"] == "frozen"]
    assert {row["part"] for row in origins} >= {"VEN", "family", "tucson"}
    manifest = json.loads((tmp_path / "one" / "manifest.json").read_text(encoding="utf-8"))
    assert set(manifest["files"]) == {"whatif.csv", "whatif.html"}


@pytest.mark.slow
def test_months_before_anything_moves_cannot_be_told(here) -> None:
    words = [*SET, "--from", "2024-02", "--draws", "2", "--over"]
    done = here(*words, "2023-01..2023-06")
    assert done.returncode == 2
    assert "2024-01 on" in done.stderr


@pytest.mark.long
def test_leverage_and_what_next_answer_with_intervals_and_sentences(tmp_path: Path, here) -> None:
    done = here(*LEVERAGE, "--over", "2023-12..2024-01", "--draws", "8", "--out", "leverage")
    assert done.returncode == 0, done.stderr
    assert "Had Mexico stopped for 3 months" in done.stdout
    suppose = [*NEXT, "--suppose", "react", "--suppose", "deals", "--suppose", "contention-stops", "--draws", "20"]
    done = here(*suppose, "--months", "2", "--out", "next")
    assert done.returncode == 0, done.stderr
    assert "with levers as they are" in done.stdout
    rows = list(csv.DictReader((tmp_path / "next" / "next.csv").read_text(encoding="utf-8").splitlines()))
    stops = [row for row in rows if row["supposing"] == "contention-stops" and row["outcome"] == "encounters"]
    assert all(float(row["change 5 %"]) > 0.0 for row in stops)
