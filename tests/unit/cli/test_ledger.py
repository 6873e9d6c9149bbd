"""The command evidence ledger: what it refuses before any work, and that its answer is whole and repeats to the bit."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from palanca.cli.app import app
from palanca.core.errors import PalancaError


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (["--only", "fadding"], "Did you mean 'fading'?"),
        (["us-mexcio"], "Did you mean 'us-mexico'?"),
        (["--rows", "nowhere.yaml"], "nowhere.yaml"),
        (["--only", "fading", "--draws", "2"], "too few draws to judge a claim"),
        (["--only", "reactions", "--fit", "none.nc"], "no fit"),
    ],
)
def test_what_cannot_be_worked_out_is_refused_with_a_way_out(words: list[str], text: str) -> None:
    done = CliRunner().invoke(app, ["evidence", "ledger", *words])
    assert isinstance(done.exception, PalancaError), done.output
    assert text in str(done.exception)


@pytest.mark.slow
def test_reactions_are_answered_with_what_taught_them_and_reproduced_to_the_bit(tmp_path: Path, here) -> None:
    words = ("--only", "reactions,linked-tone", "--draws", "20", "--out", "one", "--no-pictures")
    done = here("evidence", "ledger", *words)
    assert done.returncode == 0, done.stderr
    assert "A quarter holds a deal with a chance of" in done.stdout
    held = json.loads((tmp_path / "one" / "answer.json").read_text())
    rows = {row["quantity"]: row for row in held["tables"][0]["rows"]}
    assert set(rows) >= {"ask: level", "ask: surge", "deal: level", "deal: surge"}
    assert rows["deal: surge"]["found"]["estimate"] > 0.0  # more arrivals, more deals
    assert {rows[name]["reading"] for name in ("ask: level", "deal: surge")} <= {"learned", "in between", "assumed"}
    again = here("reproduce", "one")
    assert "the same to the bit" in again.stdout, again.stdout + again.stderr
