"""What may be supposed of the months ahead, however it is given, and back from its record."""

from __future__ import annotations

from pathlib import Path

import pytest

from palanca.core.errors import PalancaError
from palanca.questions.forecast import suppositions
from palanca.spec.load import load
from palanca.spec.schema import Case

FILE = "# Control is weak.\n- {set: levers.contention.effort, to: 0.5, from: 2024-10}\n"


@pytest.fixture(scope="module")
def case() -> Case:
    return load("us-mexico")


def test_words_names_files_and_texts_are_worlds(case: Case, tmp_path: Path) -> None:
    path = tmp_path / "weak.yaml"
    path.write_text(FILE)
    given = ["react", "contention-stops", "no-contention", str(path), "levers.cbp_one.slots=0"]
    found = suppositions.gather(case, given)
    assert [one.name for one in found] == ["react", "contention-stops", "no-contention", "weak", given[-1]]
    assert [one.follow for one in found] == ["react", *["persist"] * 4]
    assert found[3].text == "Control is weak"
    assert found[3].changes[0].value == 0.5
    assert found[4].changes[0].target == "levers.cbp_one.slots"


def test_levers_as_they_are_need_not_be_among_them(case: Case) -> None:
    assert suppositions.gather(case, "persist") == ()
    assert suppositions.gather(case, []) == ()


def test_parts_joined_are_one_world(case: Case) -> None:
    (one,) = suppositions.gather(case, "react+appointments-return+levers.contention.effort=0")
    assert one.follow == "react"
    assert [change.value for change in one.changes] == [44100, 0.0]
    assert one.label == "react + appointments return + levers.contention.effort=0"


def test_a_supposition_comes_back_from_its_record_without_its_file(case: Case, tmp_path: Path) -> None:
    path = tmp_path / "weak.yaml"
    path.write_text(FILE)
    (one,) = suppositions.gather(case, f"react+{path}")
    path.unlink()
    assert suppositions.gather(case, one.record())[0].record() == one.record()
    assert str(tmp_path) not in str(one.record())


@pytest.mark.parametrize(
    ("given", "texts"),
    [
        ("rect", ["no such supposition", "Did you mean 'react'?"]),
        ("contention-stop", ["Did you mean 'contention-stops'?"]),
        (["react", "react"], ["two suppositions have one name"]),
        ("deals+contention-stops", ["cannot be joined", "deals stand alone"]),
        ("react+record", ["cannot be joined"]),
        ({"name": "x"}, ["lacks a part"]),
        ({"name": "x", "text": "x", "follow": "whim", "changes": []}, ["no such supposition", "'whim'"]),
    ],
)
def test_what_cannot_be_supposed_is_refused_with_a_way_out(case: Case, given: object, texts: list[str]) -> None:
    with pytest.raises(PalancaError) as fault:
        suppositions.gather(case, given)  # type: ignore[arg-type]
    for text in texts:
        assert text in str(fault.value)


def test_every_name_is_listed_with_what_it_supposes(case: Case) -> None:
    rows = {row["name"]: row["supposes"] for row in suppositions.listing(case)}
    assert {"react", "deals", "record", "contention-stops", "no-contention"} <= set(rows)
    assert all(rows.values())
