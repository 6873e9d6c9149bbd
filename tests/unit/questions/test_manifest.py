"""A manifest brings back the same results, or says what differs."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from palanca.core.errors import UsageError
from palanca.questions import manifest
from palanca.questions.manifest import Difference

MARKS = {"case": "c1", "data": "d1", "code": "k1", "fit": "f1", "question": "q1"}
WORDS = ["ask", "toy", "--of", "a b", "--out", "old", "--store", "kept", "--cluster=tcp://h:1"]


def written(folder: Path, text: str = "1,2\n") -> manifest.Manifest:
    folder.mkdir(exist_ok=True)
    (folder / "toy.csv").write_text(text)
    manifest.write(folder, WORDS, MARKS, ["toy.csv"], key=3, draws=200)
    return manifest.read(folder)


def test_what_is_written_is_read_from_the_file_or_its_folder(tmp_path):
    found = written(tmp_path)
    assert found == manifest.read(tmp_path / "manifest.json")
    assert (found.arguments, found.marks, found.key, found.draws) == (tuple(WORDS), MARKS, 3, 200)
    assert list(found.files) == ["toy.csv"]
    assert {"palanca", "jax", "numpy"} <= set(found.versions)


def test_the_same_made_again_is_the_same_to_the_bit(tmp_path):
    found = manifest.differences(written(tmp_path / "then"), written(tmp_path / "now"))
    assert found == []
    assert manifest.verdict(found) == "The results are the same to the bit."


def test_what_differs_is_named_with_what_may_be_why(tmp_path):
    then, now = written(tmp_path / "then"), written(tmp_path / "now", "1,3\n")
    now = replace(now, marks=MARKS | {"data": "d2"}, versions=now.versions | {"jax": "0.1"})
    found = manifest.differences(then, now)
    assert [(one.what, one.name) for one in found] == [
        ("fingerprint", "data"), ("version", "jax"), ("file", "toy.csv"),
    ]  # fmt: skip
    assert found[0] == Difference("fingerprint", "data", "d1", "d2")
    said = manifest.verdict(found)
    assert said.startswith("The results are not the same: toy.csv.")
    assert "fingerprint of data, jax" in said


def test_results_that_agree_although_a_version_differs_are_still_the_same(tmp_path):
    then = written(tmp_path)
    found = manifest.differences(then, replace(then, python="3.99.0"))
    assert manifest.verdict(found) == "The results are the same to the bit, although these differ: python."


def test_a_file_that_is_no_longer_written_counts_as_a_difference(tmp_path):
    then = written(tmp_path)
    found = manifest.differences(then, replace(then, files={}))
    assert [(one.name, one.now) for one in found] == [("toy.csv", "")]


def test_made_again_means_in_another_folder_and_from_no_store():
    assert manifest.elsewhere(WORDS, Path("new")) == ["ask", "toy", "--of", "a b", "--out", "new"]
    assert manifest.elsewhere(["x", "--out=old", "y"], Path("new")) == ["x", "y", "--out", "new"]


def test_a_command_without_a_folder_of_results_cannot_be_compared():
    with pytest.raises(UsageError, match="expected --out"):
        manifest.elsewhere(["ask", "toy", "--store", "s"], Path("new"))


@pytest.mark.parametrize(
    "content", ["", "{", "[]", "{}", '{"format": 2}', '{"format": 1, "arguments": []}', '{"format": 1, "sizes": 3}']
)
def test_what_is_no_manifest_is_refused(tmp_path, content):
    (tmp_path / "manifest.json").write_text(content)
    with pytest.raises(UsageError, match="cannot read the manifest"):
        manifest.read(tmp_path)


def test_a_manifest_whose_entries_are_of_another_kind_is_refused(tmp_path):
    written(tmp_path)
    path = tmp_path / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"files": "toy.csv"}))
    with pytest.raises(UsageError, match="no table"):
        manifest.read(path)


def test_a_manifest_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(UsageError, match="No such file"):
        manifest.read(tmp_path / "none.json")
