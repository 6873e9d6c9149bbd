"""`palanca match` from files to a screen: the rules, bad input without a traceback, and the same again."""

from __future__ import annotations

import json

import pytest

import palanca
from palanca.spec.placement import texts

FAMILIES = "family,people\nSmall,1\nHuge,9\n"
PLACES = "place,people\nPort,2\n"
PAIRS = "family,place,rank,score\nSmall,Port,1,0.5\nHuge,Port,1,2\n"


def write(folder, **parts: str) -> str:
    for name, text in {"families": FAMILIES, "places": PLACES, "pairs": PAIRS, **parts}.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return str(folder)


def test_the_example_is_matched_by_every_rule(here) -> None:
    told = here("match", "--rules", "knapsack,threshold,cycles,optimum,greedy")
    assert told.returncode == 0, told.stderr
    assert "How would 30 families (101 people) be matched to 5 places?" in told.stdout
    for label in ("knapsack deferred", "top trading cycles", "welfare optimum", "week by week"):
        assert label in told.stdout


def test_a_family_larger_than_any_place_is_named_and_left_unplaced(here, tmp_path) -> None:
    told = here("match", write(tmp_path), "--full")
    assert told.returncode == 0, told.stderr
    assert "Even an empty place has no room for Huge: left unplaced." in told.stdout.replace("\n  ", " ")


@pytest.mark.parametrize(
    ("parts", "words", "told"),
    [
        ({"pairs": PAIRS.replace("Huge,Port", "Huge,Prt")}, (), "pairs.csv:3"),
        ({"families": FAMILIES + "Small,1\n"}, (), "stands a second time"),
        ({"places": PLACES.replace("2", "-2")}, (), "expected a whole number of 0 or more"),
        ({}, ("--rules", "knapsak"), "Did you mean 'knapsack'?"),
        ({}, ("--rules", "greedy"), "several weeks in families.csv"),
        ({"pairs": "family,place,rank\nSmall,Port,1\n"}, ("--rules", "optimum"), "scores in pairs.csv"),
        ({}, ("--unit", "beds"), "expected people, families"),
        ({"families": "family,people,beds\nS,1,1\n", "places": "place,people,beds\nPort,2,2\n",
          "pairs": "family,place,rank\nS,Port,1\n"}, ("--unit", "families"), "several capacities"),
        ({"families": "family,people,week\nSmall,1,0\nHuge,9,0\n"}, (), "no family is to be placed"),
    ],
)  # fmt: skip
def test_bad_input_is_refused_with_a_way_out(here, tmp_path, parts, words, told) -> None:
    refused = here("match", write(tmp_path, **parts), *words)
    assert refused.returncode == 2
    assert told in refused.stderr
    assert "Traceback" not in refused.stderr


def test_the_example_can_be_written_and_read_again(here, tmp_path) -> None:
    assert here("match", "--example", str(tmp_path / "mine")).returncode == 0
    told = here("match", str(tmp_path / "mine"), "--rules", "cycles", "--format", "json")
    assert told.returncode == 0, told.stderr
    assert json.loads(told.stdout)["provenance"]["arguments"]["files"] == texts("example")


def test_the_same_again_from_the_manifest(tmp_path) -> None:
    answer = palanca.match("example", rules=["knapsack", "held-back"], key=3)
    answer.save(tmp_path / "out", pictures=False)
    again = palanca.reproduce(tmp_path / "out")
    assert again.same, again.verdict


def test_families_are_counted_as_units_where_that_is_asked_for(tmp_path) -> None:
    write(tmp_path)
    assert float(palanca.match(tmp_path, rules=["knapsack"], unit="families").data["families_placed"][0]) == 2.0
    assert float(palanca.match(tmp_path, rules=["knapsack"]).data["families_placed"][0]) == 1.0


def test_numbers_of_a_small_market_are_those_of_a_pencil(tmp_path) -> None:
    """Two beds; the first of two families in the file wants them all, the second adds more: one rule takes either."""
    write(
        tmp_path,
        families="family,group,people\nFirst,x,2\nSecond,y,2\n",
        pairs="family,place,rank,priority,score\nFirst,Port,1,1,1\nSecond,Port,1,2,3\n",
    )
    found = palanca.match(tmp_path, rules=["knapsack", "cycles", "optimum"])
    assert found.data["placed_at"].values.tolist() == [["Port", ""], ["Port", ""], ["", "Port"]]
    assert found.data["welfare"].values.tolist() == [1.0, 1.0, 3.0]
    assert found.table("Rules compared")["share"].round(1).tolist() == [33.3, 33.3, 100.0]
    assert found.data["strong_envy"].values.tolist() == [0, 0, 1]
    assert found.data["blocking"].values.tolist() == [0, 0, 1]
    assert found.data["unplaced_people"].sel(group="y").values.tolist() == [2, 2, 0]
    assert found.findings[0].numbers["share of the highest sum, cycles"].estimate == pytest.approx(100.0 / 3.0)
