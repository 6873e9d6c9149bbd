"""The command leverage: what it refuses before long work, what it writes, and that it repeats to the bit."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from palanca.cli.app import app
from palanca.core.errors import PalancaError
from palanca.spec.load import load

LAST = load("us-mexico").span.last


@pytest.mark.parametrize(
    ("words", "texts"),
    [
        (["--case", "us-mexcio"], ["no such case", "Did you mean 'us-mexico'?"]),
        (["MXE"], ["holds no lever", "Did you mean 'MEX'?"]),
        (["GTM", "2024-01"], ["holds no lever"]),
        (["MEX", str(LAST + -3), "--for", "6"], [f"2013-10 to {LAST + -5}"]),
        (["MEX", "2024-01", "--for", "0"], ["--for"]),
        (["PER"], ["holds no lever", "MEX"]),
        (["MEX", "March"], ["MONTH", "YYYY-MM"]),
        (["MEX", "2013-09"], ["goes beyond the case", "a first month from 2013-10"]),
        (["MEX", str(LAST + 1)], ["goes beyond the case"]),
        (["MEX", str(LAST + -1), "--for", "1,3"], ["goes beyond the case", f"3 months from {LAST + -1}"]),
        (["MEX", "--months", "2024-03..2023-09"], ["ends before it starts"]),
        (["MEX", "2024-03", "--months", "2024-01..2024-02"], ["given twice", "--months"]),
        (["MEX", "--months", "2024-01..2024-02", "--shares"], ["--shares", "one month"]),
        (["MEX", "--for", "1;3"], ["--for", "1,3,6"]),
        (["MEX", "--for", "0"], ["--for"]),
        (["MEX", "--for", "²"], ["--for"]),
        (["MEX", "--table", "none.yaml"], ["no such bargaining table", "none.yaml"]),
        (["MEX", "--table", "eu-turkey"], ["--table", "declares its flow by itself", "corridor: true"]),
        (["MEX", "2024-03", "--out", "taken"], ["taken", "could not write"]),
        (["MEX", "2024-03", "--fit", "none.nc"], ["no fit", "palanca fit us-mexico"]),
    ],
)
def test_what_cannot_be_compared_is_refused_with_a_way_out(
    words: list[str], texts: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "taken").write_text("a file in the place of a folder")
    done = CliRunner().invoke(app, ["leverage", *words])
    assert isinstance(done.exception, PalancaError), done.output
    for text in texts:
        assert text in str(done.exception)


def test_too_few_draws_are_refused_by_the_option_itself() -> None:
    done = CliRunner().invoke(app, ["leverage", "MEX", "--draws", "1"])
    assert done.exit_code == 2
    assert "--draws" in done.output


@pytest.mark.long
@pytest.mark.slow
def test_an_answer_is_written_whole_and_reproduced_to_the_bit(tmp_path: Path, here) -> None:
    done = here("leverage", "MEX", "2024-03", "--for", "3", "--draws", "4", "--no-pictures", "--out", "one")
    assert done.returncode == 0, done.stderr
    assert "Had Mexico stopped for 3 months from March" in done.stdout
    assert "deaths on the way" in done.stdout
    again = here("reproduce", "one")
    assert again.returncode == 0, again.stderr
    assert "the same to the bit" in again.stdout
    data = json.loads((tmp_path / "one" / "answer.json").read_text(encoding="utf-8"))["data"]
    worlds = data["encounters"]["coords"]["world"]
    total = np.array(data["encounters"]["estimate"])[0, :, 0].sum(axis=-1)
    by_world = dict(zip(worlds, total, strict=True))
    assert by_world["recorded"] < by_world["routine"] < by_world["unenforced"] <= by_world["stopped"]
    assert by_world["limited"] < by_world["stopped"]
    assert "shares" not in data
    assert data["sensitivity"]["estimate"][0] >= data["vulnerability"]["estimate"][0]


@pytest.mark.slow
def test_a_government_whose_lever_moves_nobody_is_told_plainly(here) -> None:
    done = here("leverage", "VEN", "2023-12", "--for", "1", "--draws", "2")
    assert done.returncode == 0, done.stderr
    assert "The model measures no leverage of Venezuela" in done.stdout
