"""The pact command: what it refuses, and that rules can be read by a program."""

from __future__ import annotations

import json

import pytest


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--only", "fadding"], ["no such result", "Did you mean 'fading'?"]),
        (["us-mexcio"], ["no such case", "Did you mean 'us-mexico'?"]),
        (["--only", "rules", "--fit", "none.nc"], ["no fit"]),
        (["--draws", "1"], ["--draws"]),
    ],
)
def test_what_cannot_be_worked_out_is_refused_with_a_way_out(words: list[str], says: list[str], here) -> None:
    done = here("pact", *words)
    assert done.returncode == 2, done.stdout
    for text in says:
        assert text in done.stderr


@pytest.mark.slow
def test_rules_are_told_with_what_taught_them(here) -> None:
    done = here("pact", "--only", "rules", "--draws", "16", "--format", "json")
    assert done.returncode == 0, done.stderr
    rows = json.loads(done.stdout)
    told = {row["what"]: row for row in rows if "ask: " in row["what"] or "deal: " in row["what"]}
    assert set(told) >= {"ask: level", "ask: surge", "deal: level", "deal: surge"}
    assert told["deal: surge"]["value"] > 0.0  # more arrivals, more deals
    assert all(row["5 %"] <= row["value"] <= row["95 %"] for row in told.values())
    assert {row["reading"] for row in told.values()} <= {"learned", "in between", "assumed"}
