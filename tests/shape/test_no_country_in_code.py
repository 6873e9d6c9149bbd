"""No country, nationality or border sector stands in the code: cases name them."""

from __future__ import annotations

import ast
import re

from tree import python_files

from palanca.data import catalogue
from palanca.spec.load import load, shipped

AXES = ("origin", "origin5", "origin11", "country", "sector", "state", "border", "place")
PLAIN = {"OTH", "OTHER5", "sea", "land", "other", "border", "transit", "darien"}  # words of every corridor
# Readers of one publisher's layout know its words; so does what checks the packaged figures against one another.
PUBLISHERS = ("src/palanca/data/importers/", "src/palanca/data/agree.py")
# Each with the reason why it may stay for now.
CLAIM = "tries a claim of one source about named countries, which the case does not declare yet"
EXAMPLE = "an example in a help text or a form"
SPARED: dict[str, str] = {
    "src/palanca/cli/why.py": EXAMPLE,
    "src/palanca/web/api.py": EXAMPLE,
    "src/palanca/web/asked_fields.py": EXAMPLE,
    "src/palanca/evidence/claims/linked_tone.py": CLAIM,
    "src/palanca/evidence/claims/pathways.py": CLAIM,
    "src/palanca/evidence/claims/venezuela.py": CLAIM,
    "src/palanca/evidence/facts/bargains.py": CLAIM,
    "src/palanca/evidence/ledger/after_highs.py": CLAIM,
    "src/palanca/infer/agree.py": "a remark on one misfit of the first corridor",
    "src/palanca/infer/politics_democracy.py": "countries of the index that the shipped politics were fitted to",
    "src/palanca/infer/synthetic.py": "which part of the first corridor known parameters are recovered on",
    "src/palanca/questions/why/causes.py": "words for causes of the first corridor",
    "src/palanca/questions/why/decompose.py": "words for causes of the first corridor",
    "src/palanca/spec/sharing_countries.py": "countries among which responsibility is shared",
    "src/palanca/sharing/keys.py": "the name of a published distribution key",
}


def names() -> set[str]:
    """Codes and names of countries, origins and sectors of every shipped case, and labels of the packaged series."""
    found: set[str] = set()
    for case in map(load, shipped()):
        for section in (case.countries, case.origins, case.sectors):
            found |= {*section, *(one.name for one in section.values())}
    for row in catalogue.entries().values():
        found |= {label for axis in AXES for label in row.labels.get(axis, ())}
    return found - PLAIN - {"Other nationalities", "Sea border", "Land borders", "European Union"}


def strings(tree: ast.AST) -> list[str]:
    """Every string that code works with; texts that explain it are left out."""
    bodies = (node.body for node in ast.walk(tree) if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef))
    texts = {id(one.value) for body in bodies for one in body if isinstance(one, ast.Expr)}
    return [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in texts
    ]


def test_code_names_no_country_nationality_or_sector():
    pattern = re.compile(
        r"(?<![A-Za-z0-9_])(" + "|".join(sorted(map(re.escape, names()), key=len, reverse=True)) + r")(?![A-Za-z0-9_])"
    )
    found = {
        file.name: sorted(
            {match for text in strings(file.tree) for match in pattern.findall(text.replace("us-mexico", ""))}
        )
        for file in python_files("src")
        if not file.name.startswith(PUBLISHERS)
    }
    found = {name: words for name, words in found.items() if words}
    assert {name: words for name, words in found.items() if name not in SPARED} == {}
    assert set(SPARED) <= set(found), "what is no longer needed is taken off the list"
