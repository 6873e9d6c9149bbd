"""The reference says what the code says: commands, parameters, levers, equations."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest
from tree import ROOT, SOURCE

import draw_reference

REFERENCE = ROOT / "docs" / "reference"
MODEL = (ROOT / "docs" / "model.md").read_text(encoding="utf-8")
REDRAW = "run `make docs`, and read the difference"
# tests of each hold it to its schema
BY_HAND = {"bargain-format.md", "ledger-format.md", "facts-format.md", "own-table.md", "search-format.md",
           "silos-format.md"}  # fmt: skip
EQUATIONS = {"F": 10, "O": 4, "P": 10, "N": 9, "B": 18, "R": 2, "L": 5, "S": 6}  # how many of each letter


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


PARAMETERS = table(SOURCE / "spec" / "parameters.csv")
MECHANISMS = table(SOURCE / "spec" / "mechanisms.csv")


def test_the_page_of_commands_is_what_their_help_says():
    assert (REFERENCE / "commands.md").read_text(encoding="utf-8") == draw_reference.commands(), REDRAW


def test_the_page_of_commands_has_an_entry_for_every_command():
    page = (REFERENCE / "commands.md").read_text(encoding="utf-8")
    entries = re.findall(r"^## palanca ?(.*)$", page, re.MULTILINE)
    assert entries == [" ".join(words) for words in draw_reference.paths()]
    assert {"data list", "case check", "run", "fit"} <= set(entries)


def test_every_page_of_the_reference_is_drawn_and_up_to_date():
    drawn = draw_reference.pages()
    assert {path.name for path in REFERENCE.glob("*.md")} == set(drawn) | BY_HAND
    stale = [name for name, page in drawn.items() if (REFERENCE / name).read_text(encoding="utf-8") != page]
    assert not stale, REDRAW


@pytest.mark.parametrize(
    ("page", "rows"), [("parameters.md", PARAMETERS), ("levers.md", MECHANISMS)], ids=["parameters", "levers"]
)
def test_every_parameter_and_mechanism_has_its_line_with_unit_and_meaning(page, rows):
    lines = (REFERENCE / page).read_text(encoding="utf-8").splitlines()
    for row in rows:
        name = row.get("name") or row["mechanism"]
        entry = next((line for line in lines if re.match(rf"\| `?{name}`? \|", line)), "")
        assert row["unit"] in entry, name
        assert row["what"].replace("|", r"\|") in entry, name


ACTING = [row for row in MECHANISMS if row["equation"]]  # the others are recorded, no equation yet


@pytest.mark.parametrize("row", [*PARAMETERS, *ACTING], ids=lambda row: row.get("name") or row["mechanism"])
def test_the_equation_that_a_parameter_or_mechanism_names_stands_in_the_model(row):
    for equation in re.split(r"[ |,]+", row["equation"]):
        assert re.fullmatch(r"[FO]\d+[a-z]?", equation)
        assert re.search(rf"\*\*{equation}[a-z]?\*\*", MODEL), equation


@pytest.mark.parametrize("name", [f"{letter}{i + 1}" for letter, most in EQUATIONS.items() for i in range(most)])
def test_every_equation_is_there_once_and_names_a_file_that_exists_if_any(name):
    assert len(re.findall(rf"\*\*{name}a?\*\*", MODEL)) + len(re.findall(rf"\*\*{name}[b-z]\*\*", MODEL)) >= 1
    assert len(re.findall(rf"\*\*{name}\*\*", MODEL)) <= 1
    for file in re.findall(rf"\*\*{name}[a-z]?\*\* \(`([\w/]+\.py)`\)", MODEL):
        assert (SOURCE / file).exists(), file


def test_every_equation_that_a_docstring_names_stands_in_the_model():
    spans = re.compile(r"[Ee]quations? ([A-Z]\d+[a-z]?)(?: (?:to|and) ([A-Z]\d+[a-z]?))?")
    named = {
        (str(path.relative_to(SOURCE)), equation)
        for path in sorted(SOURCE.rglob("*.py"))
        for pair in spans.findall(path.read_text(encoding="utf-8"))
        for equation in pair
        if equation
    }
    assert {equation[0] for _, equation in named} >= {"F", "O", "P", "N", "B"}
    assert not [(file, equation) for file, equation in named if not re.search(rf"\*\*{equation}[a-z]?\*\*", MODEL)]


def test_an_equation_that_a_docstring_of_politics_or_bargaining_names_names_that_file_in_the_model():
    for package in ("politics", "bargain"):
        for path in sorted((SOURCE / package).glob("*.py")):
            for first in re.findall(r"[Ee]quations? ([NB]\d+)", path.read_text(encoding="utf-8")):
                above = MODEL[: MODEL.index(f"**{first}**")].rpartition("\n## ")[2]
                line = MODEL[MODEL.index(f"**{first}**") :].partition("\n\n")[0]
                assert f"`{package}/{path.name}`" in above + line, (path.name, first)
