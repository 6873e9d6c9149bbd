"""Facts as declared: broken files earn their faults word for word; the shipped file leaves no fact out."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from palanca.core.errors import CaseErrors, CaseFileError, UsageError
from palanca.spec.facts import load_facts, loads_facts, quantities
from palanca.spec.load import load

BROKEN = Path(__file__).parents[2] / "refused" / "facts"
FILES = sorted(BROKEN.glob("*.yaml"))
SOUND = BROKEN / "sound" / "facts.yaml"
LISTED = [1, 2, 3, 4, 6, 7, 8, 9, 10, 12, 13, 16, 17, 18, 20, 22, 24, 26, 27, 29, 30, 33, 34, 35, 38, 40]
DISCRIMINATING = {1, 2, 4, 6, 10, 12, 16, 22, 24, 26, 30, 34, 38}
OUTSIDE = {7, 9, 13, 18}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_broken_file_earns_its_faults_in_these_words(path):
    lines = path.read_text().splitlines()
    assert lines[0] == "# Expected, word for word:"
    with pytest.raises(CaseErrors) as raised:
        load_facts(path)
    assert raised.value.faults == [line[2:] for line in lines[1:] if line.startswith(f"# {path.name}:")]
    assert raised.value.faults


def test_the_faults_that_must_be_refused_each_have_a_broken_file():
    must = {"unknown-key", "unknown-probe", "empty-then", "reversed-bounds", "missing-source", "duplicate-id"}
    assert {path.stem for path in FILES} >= must


def test_faults_of_rule_are_told_together_in_the_order_of_the_file():
    text = SOUND.read_text().replace("quantity: fall", "quantity: fal").replace("probe: worlds", "probe: world")
    with pytest.raises(CaseErrors) as raised:
        loads_facts(
            text.replace("    tolerance: {why: As the source has it.}\n", "") + text.split("facts:\n")[1], "it.yaml"
        )
    told = [fault.split(": ")[1:3] for fault in raised.value.faults]
    assert [place for place, _ in told] == [
        "facts[0]", "facts[0].when[0].probe", "facts[1].id", "facts[1].when[0].probe",
    ]  # fmt: skip


def test_every_fact_of_the_list_is_in_the_shipped_file_in_order():
    shipped = load_facts("us-mexico")
    assert [fact.id for fact in shipped.facts] == LISTED
    assert {fact.id for fact in shipped.facts if "D" in fact.marks} == DISCRIMINATING
    assert {fact.id for fact in shipped.facts if "O" in fact.marks} == OUTSIDE


def test_a_fact_without_a_judgement_gives_its_reason_and_nothing_else():
    silent = [fact for fact in load_facts("us-mexico").facts if fact.not_expressible]
    assert {fact.id for fact in silent} == {27, 33}
    assert all(len(fact.not_expressible) > 40 and not fact.then for fact in silent)


def test_sources_of_shipped_facts_are_sources_of_the_case():
    known = load("us-mexico").sources
    assert not {name for fact in load_facts("us-mexico").facts for name in fact.source if name not in known}


def test_every_asserted_quantity_is_given_by_a_step():
    for fact in load_facts("us-mexico").facts:
        given = {name for step in fact.when for name in quantities(step)}
        assert {one.quantity for one in fact.then} <= given


def test_facts_are_chosen_by_number_and_an_unknown_number_is_refused():
    shipped = load_facts("us-mexico")
    assert [fact.id for fact in shipped.only([24, 1]).facts] == [1, 24]
    with pytest.raises(UsageError, match="found 5;"):
        shipped.only([5])


def test_a_file_of_ones_own_is_added_unless_a_number_is_taken():
    shipped, own = load_facts("us-mexico"), load_facts(SOUND)
    assert [fact.id for fact in shipped.and_also(own).facts] == [*LISTED, 101]
    with pytest.raises(UsageError, match=r"facts.yaml:3.*found 101; expected a number above 101"):
        own.and_also(own)
    with pytest.raises(UsageError, match="another case"):
        shipped.and_also(loads_facts(SOUND.read_text().replace("us-mexico", "elsewhere")))


def test_a_missing_file_is_told_with_the_nearest_name():
    with pytest.raises(CaseFileError, match="Did you mean 'us-mexico'"):
        load_facts("us-mexcio")


def test_reading_facts_loads_nothing_heavy():
    asked = (
        "import sys; from palanca.spec.facts import load_facts; load_facts('us-mexico'); "
        "print(*sorted({'jax', 'numpy', 'xarray', 'pandas'} & set(sys.modules)))"
    )
    shown = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert shown.stdout.split() == []
