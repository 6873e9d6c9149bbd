"""Sharing schemes: broken files earn their faults word for word; shipped ones can be read and run what they say."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import pytest

from palanca.core.errors import CaseErrors, CaseFileError
from palanca.data.read import packaged_figures
from palanca.flows.procedures import Behaviour
from palanca.spec import edit, reference, sharing
from palanca.spec.load import load
from palanca.spec.schema import Case
from palanca.spec.sharing import given, load_sharing

BROKEN = Path(__file__).parents[2] / "refused" / "share"
FILES = sorted(BROKEN.glob("*.yaml"))
SOUND = BROKEN / "sound" / "scheme.yaml"
SHIPPED = ("americas-key", "los-angeles-declaration", "regional-quotas", "safe-mobility")


@pytest.fixture(scope="module")
def case() -> Case:
    return load("us-mexico", packaged_figures().months())


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_broken_file_earns_its_faults_in_these_words(path: Path, case: Case) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    assert lines[0] == "# Expected, word for word:"
    with pytest.raises(CaseErrors) as raised:
        load_sharing(path, case)
    assert raised.value.faults == [line[2:] for line in lines[1:] if line.startswith(f"# {path.name}:")]


def test_the_faults_that_must_be_refused_each_have_a_broken_file() -> None:
    must = {
        "zero-capacity",
        "criteria-above-one",
        "unknown-country",
        "start-outside",
        "weights-of-zero",
        "weights-negative",
    }
    assert {path.stem for path in FILES} >= must


def test_the_sound_file_has_no_fault_and_its_numbers_are_beliefs(case: Case) -> None:
    scheme = load_sharing(SOUND, case)
    beliefs = scheme.beliefs()
    assert beliefs["procedures.offices.capacity"].p1 == 5000.0
    assert beliefs["behaviour.patience"].family == "uniform"
    assert scheme.last == case.span.last


def test_a_number_on_behaviour_of_the_scheme_takes_the_place_of_the_usual_one(case: Case) -> None:
    text = SOUND.read_text("utf-8").replace("costs:\n", "behaviour: {patience: {exact: 3, source: OWN}}\ncosts:\n")
    assert given(text, case)[0].beliefs()["behaviour.patience"].middle == 3.0


@pytest.mark.parametrize("name", SHIPPED)
def test_a_shipped_scheme_can_be_read_and_its_levers_change_the_record(name: str, case: Case) -> None:
    scheme, kept = given(name, case)
    assert kept == name
    changes = scheme.changes
    assert (edit.apply(case, changes) is case) == (not changes)


def test_the_shipped_schemes_are_these(case: Case) -> None:
    assert tuple(sharing.FORMAT.shipped(case.case)) == SHIPPED


def test_a_name_that_is_not_there_is_told_with_the_nearest(case: Case) -> None:
    with pytest.raises(CaseFileError, match="Did you mean 'regional-quotas'"):
        load_sharing("regional-quota", case)


def test_the_packaged_numbers_on_behaviour_are_those_that_the_mechanism_takes() -> None:
    rows = sharing.behaviour()
    assert list(rows) == [one.name for one in fields(Behaviour)]
    assert all(0.0 < row.least < row.most and row.source for row in rows.values())


@pytest.mark.parametrize("record", reference.SHARING, ids=lambda record: record.__name__)
def test_every_key_of_a_scheme_is_explained_by_its_record(record: type) -> None:
    assert set(reference.meanings(record)) == set(record.model_fields)
