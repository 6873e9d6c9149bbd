"""Schemes as declared: broken files earn their faults word for word; the shipped file leaves no scheme out."""

from __future__ import annotations

from pathlib import Path

import pytest

from palanca.core.errors import CaseErrors, CaseFileError, UsageError
from palanca.spec.facts import quantities
from palanca.spec.load import load
from palanca.spec.schemes import load_schemes, loads_schemes

BROKEN = Path(__file__).parents[2] / "refused" / "schemes"
FILES = sorted(BROKEN.glob("*.yaml"))
SOUND = BROKEN / "sound" / "schemes.yaml"
OF_FOUR, OF_TWO, OF_ONE = {"SYS42"}, {"SYS07", "SYS12", "SYS16", "SYS29", "SYS33", "SYS35", "SYS38"}, {"SYS40", "SYS41"}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_broken_file_earns_its_faults_in_these_words(path):
    lines = path.read_text().splitlines()
    assert lines[0] == "# Expected, word for word:"
    with pytest.raises(CaseErrors) as raised:
        load_schemes(path)
    assert raised.value.faults == [line[2:] for line in lines[1:] if line.startswith(f"# {path.name}:")]
    assert raised.value.faults


def test_the_faults_that_must_be_refused_each_have_a_broken_file():
    must = {"unknown-key", "unknown-probe", "unknown-issue", "unknown-quantity", "duplicate-id", "nothing-required"}
    assert {path.stem for path in FILES} >= must


def test_every_scheme_of_the_list_is_in_the_shipped_file_with_all_of_its_predictions():
    shipped = load_schemes("us-mexico").schemes
    assert [one.id for one in shipped] == [f"SYS{k:02}" for k in range(1, 43)]
    for one in shipped:
        expected = 4 if one.id in OF_FOUR else 2 if one.id in OF_TWO else 1 if one.id in OF_ONE else 3
        assert len(one.predictions) == expected, one.id


def test_levers_and_sources_of_the_case_and_of_the_schemes_name_each_other():
    case, shipped = load("us-mexico"), load_schemes("us-mexico").schemes
    assert {name for lever in case.levers.values() for name in lever.system} <= {one.id for one in shipped}
    assert not {name for one in shipped for name in one.source if name not in case.sources}


def test_a_prediction_has_a_check_or_says_what_it_requires_of_the_model():
    for scheme in load_schemes("us-mexico").schemes:
        for one in scheme.predictions:
            assert bool(one.then) or one.requires is not None, scheme.id
            given = {name for step in one.when for name in quantities(step)}
            assert {part.quantity for part in one.then} <= given


def test_schemes_are_chosen_by_id_and_an_unknown_one_is_refused_with_the_nearest():
    shipped = load_schemes("us-mexico")
    assert [one.id for one in shipped.only(["SYS13", "SYS01"]).schemes] == ["SYS01", "SYS13"]
    with pytest.raises(UsageError, match=r"no such scheme[\s\S]*'SYS43'[\s\S]*Did you mean 'SYS4"):
        shipped.only(["SYS43"])


def test_every_prediction_knows_its_line():
    found = loads_schemes(SOUND.read_text(), "own.yaml")
    assert (found.where["SYS01", 0], found.where["SYS42", 0]) == ("own.yaml:9", "own.yaml:25")


def test_a_missing_file_is_told_with_the_nearest_name():
    with pytest.raises(CaseFileError, match="Did you mean 'us-mexico'"):
        load_schemes("us-mexcio")
