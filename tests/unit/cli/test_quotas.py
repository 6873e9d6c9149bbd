"""The quotas command: what it refuses, a first screen that fits, and an answer that repeats to the bit."""

from __future__ import annotations

import json
from pathlib import Path

import pytest


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--by", "eu2105"], ["no such key", "Did you mean 'eu2015'?"]),
        (["--countries", "USA,MEXX"], ["unknown country", "'MEXX'"]),
        (["--countries", "CUB,VEN"], ["no two countries", "CUB lacks gdp"]),
        (["--weight", "population"], ["cannot read a number by name", "--weight"]),
        (["--weight", "population=1", "--weight", "population=2"], ["cannot read a number by name"]),
        (["--weight", "population=-1"], ["a negative weight", "population -1"]),
        (["--weight", "population=0"], ["the weights sum to 0"]),
        (["--weight", "unemployment=1:0.3"], ["nothing says how large a country is"]),
        (["--capacity", "USA=1:2"], ["cannot read a number by name", "--capacity"]),
        (["--capacity", "USA=10.5"], ["not a capacity", "USA 10.5"]),
        (["--assume", "worth=0"], ["no country would join", "round 1", "USA"]),
        (["--total", "-3"], ["a total that cannot be divided"]),
        (["--year", "2050"], ["a year without figures", "2000 to 2023"]),
        (["--pay", "nan"], ["not a price"]),
        (["--draws", "3"], ["--draws"]),
        (["--out", "taken"], ["taken", "could not write"]),
    ],
)
def test_what_cannot_be_divided_is_refused_with_a_way_out(words, says, tmp_path: Path, here) -> None:
    (tmp_path / "taken").write_text("a file in the place of a folder")
    done = here("quotas", *words)
    assert done.returncode == 2, done.stderr
    for text in says:
        assert text in done.stderr, done.stderr
    assert "Traceback" not in done.stderr


def test_names_and_numbers_are_read_as_they_are_written(here) -> None:
    done = here(
        "quotas", "--countries", "usa, mex", "--weight", "population=1", "--weight", "unemployment=0.5:0.3",
        "--capacity", "mex=100", "--total", "1000", "--draws", "20", "--format", "json",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    document = json.loads(done.stdout)
    assert document["provenance"]["arguments"]["weights"] == {"population": [1.0], "unemployment": [0.5, 0.3]}
    assert document["provenance"]["arguments"]["capacity"] == {"MEX": 100.0}
    assert document["findings"][0]["basis"] == "published"


def test_the_first_screen_fits_a_terminal_of_eighty_columns(here, monkeypatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    done = here("quotas", "--by", "eu2015", "--draws", "20")
    assert done.returncode == 0, done.stderr
    assert max(map(len, done.stdout.splitlines())) <= 80
    assert "More:" in done.stdout


def test_an_answer_is_written_whole_and_reproduced_to_the_bit(here) -> None:
    done = here("quotas", "--by", "repaired", "--draws", "20", "--no-pictures", "--out", "one")
    assert done.returncode == 0, done.stderr
    again = here("reproduce", "one")
    assert again.returncode == 0, again.stderr
    assert "the same to the bit" in again.stdout
