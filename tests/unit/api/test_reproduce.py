"""What is answered again from a manifest: questions alone, with the arguments that they take."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import palanca
from palanca.api import questions

MANIFEST = {
    "format": 2, "question": "whatif", "arguments": {}, "case": "us-mexico", "inputs": {}, "marks": {}, "key": 1,
    "draws": 20, "files": {}, "versions": {}, "machine": "",
}  # fmt: skip


@pytest.mark.parametrize(
    "question",
    ["evidence.backtest.ship", "corridor.fit.draws", "case.model_copy", "_made", "evidence", "repr", "__class__"],
)
def test_a_manifest_of_anything_but_a_question_is_refused(question: str, tmp_path: Path) -> None:
    path = tmp_path / "manifest.json"
    path.write_text(json.dumps(MANIFEST | {"question": question}))
    with pytest.raises(palanca.PalancaError, match="the manifest is of no question"):
        palanca.reproduce(path)


@pytest.mark.parametrize("argument", ["ship", "run", "store", "self", "out"])
def test_a_manifest_cannot_hand_a_question_what_it_does_not_take(argument: str, tmp_path: Path) -> None:
    """Neither shipped scores nor any folder can be named by a file that a stranger wrote."""
    path = tmp_path / "manifest.json"
    path.write_text(json.dumps(MANIFEST | {"arguments": {argument: "anything"}}))
    with pytest.raises(palanca.PalancaError, match="no such argument"):
        palanca.reproduce(path)


def test_no_question_takes_a_place_to_write_to() -> None:
    known = questions.arguments()
    assert "changes" in known["whatif"]
    assert not {name for names in known.values() for name in names} & {"ship", "out", "store", "folder", "run"}
