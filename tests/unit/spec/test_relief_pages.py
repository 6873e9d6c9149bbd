"""The pages on the formats of a relief and of silos say what the code reads."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from palanca.spec import reference, silos
from palanca.spec.bargain_spec import load_bargain

SILOS = (Path(__file__).parents[3] / "docs" / "reference" / "silos-format.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("record", reference.RELIEF, ids=lambda record: record.__name__)
def test_every_key_of_a_relief_is_explained_by_its_record(record):
    assert set(reference.meanings(record)) == set(record.model_fields)


def test_the_page_shows_a_clause_of_the_shipped_relief():
    page = reference.pages()["relief-format.md"]
    assert "survival_cost:" in page
    assert page.count("\n## ") == len(reference.RELIEF)


def test_the_example_of_silos_divides_the_shipped_table():
    example = re.search(r"```yaml\n(.*?)```", SILOS, re.DOTALL)
    assert example is not None
    issues = tuple(load_bargain("us-mexico").issues)
    found = silos.loads_silos(example[1], issues)
    assert sorted(name for silo in found.before for name in silo) == sorted(issues)
    assert len(found.after) == 1
    for side in silos.SIDES:
        assert f"| `{side}` |" in SILOS
