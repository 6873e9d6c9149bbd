"""The command whatif: what it refuses before long work, what it writes, and that it repeats to the bit."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from palanca.cli.app import app
from palanca.core.errors import PalancaError

SET = ["whatif", "--set", "levers.contention.effort=0"]


@pytest.mark.parametrize(
    ("words", "texts"),
    [
        (["whatif"], ["nothing to change", "palanca whatif --list"]),
        (["whatif", "--changes", "never-june-2091"], ["no such changes", "Did you mean 'never-june-2019'?"]),
        ([*SET, "--from", "2024-03", "--until", "2024-01"], ["ends before it starts"]),
        ([*SET, "--from", "2012-01"], ["outside the span"]),
        ([*SET, "--set", "levers.contention.effort=2"], ["contradict"]),
        (["whatif", "--set", "elections.USA.2024-10=2024-05"], ["unknown election", "USA.2024-11"]),
        (["whatif", "--changes", "no-contention", "--from", "2024-01"], ["months without a change"]),
    ],
)
def test_what_cannot_be_run_is_refused_before_long_work_with_a_way_out(
    words: list[str], texts: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(app, words)
    assert isinstance(done.exception, PalancaError), done.output
    for text in texts:
        assert text in str(done.exception)
    assert not list(tmp_path.iterdir())


def test_shipped_changes_are_listed_with_their_questions() -> None:
    done = CliRunner().invoke(app, ["whatif", "--list", "--format", "json"])
    named = {row["name"]: row["asks"] for row in json.loads(done.stdout)}
    assert named["never-june-2019"].startswith("What if the deal of June 2019")
    assert all(asks.startswith("What if ") and asks.endswith("?") for asks in named.values())


@pytest.mark.slow
def test_an_answer_is_written_whole_and_reproduced_to_the_bit(tmp_path: Path, here) -> None:
    done = here("whatif", "--changes", "contention-stops-in-february", "--draws", "8", "--no-pictures", "--out", "one")
    assert done.returncode == 0, done.stderr
    assert "What if Mexico had stopped contention in February 2024" in done.stdout
    assert "deaths on the way" in done.stdout
    again = here("reproduce", "one")
    assert again.returncode == 0, again.stderr
    assert "the same to the bit" in again.stdout
    names = {path.name for path in (tmp_path / "one").iterdir()}
    assert names == {"answer.html", "answer.json", "data.csv", "data.nc", "manifest.json"}
    held = json.loads((tmp_path / "one" / "answer.json").read_text(encoding="utf-8"))
    data = held["data"]["encounters"]
    before = data["coords"]["month"].index("2024-01")
    worlds = [data["estimate"][place][before] for place in range(2)]
    assert worlds[0] == worlds[1]  # nothing moves before the change


@pytest.mark.slow
def test_months_before_anything_differs_cannot_be_told(here) -> None:
    done = here(*SET, "--from", "2024-02", "--draws", "2", "--months", "2023-01..2023-06")
    assert done.returncode == 2
    assert "2024-01 on" in done.stderr
