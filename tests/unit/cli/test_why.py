"""The command why: what it refuses before long work, what it writes, and that it repeats to the bit."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from palanca.cli.app import app
from palanca.core.errors import PalancaError
from palanca.spec.load import load

LAST = load("us-mexico").span.last

MONTHS = ["2023-12", "2024-01"]


@pytest.mark.parametrize(
    ("words", "texts"),
    [
        ([], ["no two months", "palanca why 2023-12 2024-01"]),
        (["2023-12"], ["no two months", "2023-12"]),
        ([*MONTHS, "--episodes"], ["either two months or all episodes"]),
        (["--episodes", "--outcome", "deaths"], ["either two months or all episodes", "deaths"]),
        (["December", "2024-01"], ["FIRST", "YYYY-MM"]),
        (["2024-01-15", "2024-03"], ["FIRST"]),
        (["2024-01", "2023-12"], ["does not come after", "Did you mean 2023-12 2024-01?"]),
        (["2024-01", "2024-01"], ["does not come after"]),
        (["2013-10", "2014-02"], ["FIRST", "a month from 2013-12"]),
        ([str(LAST + -1), str(LAST + 1)], ["LAST", f"a month from 2013-12 to {LAST}"]),
        (["2019-01", "2021-01"], ["too far apart", "24 months", "12 or fewer"]),
        ([*MONTHS, "--outcome", "death"], ["no such outcome", "Did you mean 'deaths'?"]),
        ([*MONTHS, "--case", "us-mexic"], ["us-mexico"]),
        ([*MONTHS, "--out", "taken"], ["taken", "could not write"]),
        ([*MONTHS, "--fit", "none.nc"], ["no fit"]),
    ],
)
def test_what_cannot_be_shared_out_is_refused_with_a_way_out(
    words: list[str], texts: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "taken").write_text("a file in the place of a folder")
    done = CliRunner().invoke(app, ["why", *words])
    assert isinstance(done.exception, PalancaError), done.output
    for text in texts:
        assert text in str(done.exception)


@pytest.mark.slow
def test_the_parts_of_january_2024_sum_to_the_fall_that_was_published(tmp_path: Path, here) -> None:
    done = here("why", *MONTHS, "--draws", "40", "--no-pictures", "--out", "one", "--format", "json")
    assert done.returncode == 0, done.stderr
    held = json.loads(done.stdout)
    change = held["findings"][0]["numbers"][-1]
    assert change["name"] == "change"
    assert change["estimate"] == -125_520.0
    (split,) = [one for one in held["findings"] if one["numbers"] and one["numbers"][0]["name"] == "as declared"]
    declared, beyond, together = split["numbers"]
    assert 16.0 < together["low"] <= together["high"] < 44.0
    assert declared["high"] - declared["low"] > together["high"] - together["low"]  # their sum is what stops tell
    assert declared["basis"] == beyond["basis"] == "learned"  # the power of declared effort is fitted to stops
    assert declared["estimate"] + beyond["estimate"] == pytest.approx(together["estimate"], abs=1.0)
    again = here("reproduce", "one")
    assert again.returncode == 0, again.stderr
    assert "the same to the bit" in again.stdout
