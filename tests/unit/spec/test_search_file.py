"""Searches as files: what is sought, within which bounds, and every fault with its line and the nearest name."""

from __future__ import annotations

import pytest

from palanca.core.errors import CaseErrors, CaseFileError
from palanca.spec.load import load
from palanca.spec.search_file import FORMAT, load_search, loads_search
from palanca.spec.search_file_outcomes import AIMS, ALWAYS_SHOWN, NEVER

CASE = load("us-mexico")
SOUND = """\
case: us-mexico
title: Two levers
window: {first: 2023-01, last: 2023-06}
levers:
  - {set: levers.contention.effort, low: 0, high: 3}
  - {set: levers.chnv_parole.slots, low: 0, high: 30000, from: 2023-02, until: 2023-05}
objectives:
  - {outcome: encounters, want: less}
  - {outcome: deaths}
limits:
  - {outcome: held, most: 100000}
"""


def faults(text: str) -> list[str]:
    with pytest.raises(CaseErrors) as raised:
        loads_search(text, CASE, "it.yaml")
    return raised.value.faults


def test_a_sound_search_becomes_dated_changes_of_the_case():
    found = loads_search(SOUND, CASE)
    assert found.names == ("contention", "chnv_parole")
    one, other = found.changes((1.5, 2000.0))
    assert (one.target, one.value, str(one.first), str(one.last)) == (
        "levers.contention.effort",
        1.5,
        "2023-01",
        "2023-06",
    )
    assert (str(other.first), str(other.last)) == ("2023-02", "2023-05")


def test_every_shipped_search_reads_and_the_first_has_six_levers():
    assert {len(load_search(name, CASE).names) for name in FORMAT.shipped(CASE.case)} == {6}


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("contention.effort", "contentoin.effort", ["it.yaml:5", "unknown lever", "Did you mean 'contention'?"]),
        ("contention.effort", "contention.strength", ["wrong quantity", "levers.contention.effort"]),
        ("levers.contention.effort", "parameters.hope_set", ["not a lever", "levers.ID.QUANTITY"]),
        ("contention.effort", "border_prosecution.strength", ["it.yaml:5", "no equation yet", "'prosecution'"]),
        ("chnv_parole.slots", "contention.effort", ["it.yaml:6", "the lever stands twice", "entry 1"]),
        ("low: 0, high: 3}", "low: 3, high: 0}", ["it.yaml:5", "bounds are reversed", "3 to 0"]),
        ("low: 0, high: 3}", "low: 0, high: 30}", ["leave those of the mechanism", "within 0 to 10"]),
        ("low: 0, high: 3}", "low: 0, high: 3, origins: [VNE]}", ["unknown origin", "Did you mean 'VEN'?"]),
        ("first: 2023-01, last: 2023-06", "first: 2023-06, last: 2023-01", ["it.yaml:3", "ends before it starts"]),
        ("last: 2023-06", "last: 2099-06", ["leaves the case", "2013-10 to "]),
        ("until: 2023-05", "until: 2023-07", ["it.yaml:6", "months leave the window"]),
        ("until: 2023-05", "until: 2023-01", ["it.yaml:6", "the lever ends before it starts"]),
        ("outcome: deaths", "outcome: deahts", ["it.yaml:9", "unknown outcome", "Did you mean 'deaths'?"]),
        ("outcome: deaths", "outcome: encounters", ["the objective stands twice"]),
        ("most: 100000", "most: 1, least: 0", ["one bound is meant"]),
        ("case: us-mexico", "case: us-mexcio", ["a search of another case", "Did you mean 'us-mexico'?"]),
        ("title: Two levers", "titel: Two levers", ["unknown key", "Did you mean 'title'?"]),
    ],
)
def test_a_fault_comes_with_its_line_and_the_way_out(old, new, said):
    assert old in SOUND
    listed = "\n".join(faults(SOUND.replace(old, new, 1)))
    for text in said:
        assert text in listed


@pytest.mark.parametrize("name", [name for name, aim in AIMS.items() if aim.want == "less"])
def test_no_objective_rewards_harm_or_cost(name):
    listed = faults(
        SOUND.replace("{outcome: deaths}", f"{{outcome: {name}, want: more}}").replace("want: less", "want: less")
    )
    assert any("never sought this way" in line and AIMS[name].why in line for line in listed)


def test_nor_does_a_limit_ask_for_at_least_so_many_deaths():
    assert any("deaths are harm" in line for line in faults(SOUND.replace("held, most", "deaths, least")))


@pytest.mark.parametrize("name", NEVER)
def test_enforcement_as_such_is_never_an_aim(name):
    listed = faults(SOUND.replace("{outcome: deaths}", f"{{outcome: {name}, want: more}}"))
    assert any("a search is not asked for" in line and NEVER[name] in line for line in listed)


def test_deaths_and_people_on_hold_are_always_shown_and_only_ever_to_be_fewer():
    assert {AIMS[name].want for name in ALWAYS_SHOWN} == {"less"}
    assert AIMS["admitted"].want == "more"


def test_a_name_that_is_no_search_is_answered_by_the_nearest():
    with pytest.raises(CaseFileError, match="Did you mean 'two-years'"):
        load_search("two-yaers", CASE)
