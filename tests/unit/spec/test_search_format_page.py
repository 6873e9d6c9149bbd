"""The page on the format of a search says what the code says, and its example is a sound search."""

from __future__ import annotations

import re
from pathlib import Path

from palanca.spec.load import load
from palanca.spec.search_file import SearchFile, loads_search
from palanca.spec.search_file_outcomes import AIMS

PAGE = (Path(__file__).parents[3] / "docs" / "reference" / "search-format.md").read_text(encoding="utf-8")


def test_the_example_reads():
    example = re.search(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
    assert example is not None
    assert loads_search(example[1], load("us-mexico")).names == ("contention", "chnv_parole")


def test_every_outcome_and_every_key_has_its_line():
    for aim in AIMS.values():
        assert f"| `{aim.name}` | {aim.unit} | {aim.want} | {aim.what} |" in PAGE
    for key in SearchFile.model_fields:
        assert f"| `{key}` |" in PAGE
