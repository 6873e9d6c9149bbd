"""One word per idea: names in the code and texts about people keep to the word list."""

from __future__ import annotations

import ast
import re

from tree import ROOT, kept_texts, python_files

# Words that docs/glossary.md replaces by another, or that name a drawer instead of an idea.
DRAWERS = {"utils", "util", "helper", "helpers", "misc", "common", "stuff", "manager", "handler", "base"}
REPLACED = {
    "actor",
    "player",
    "agent",
    "sim",
    "batch",
    "config",
    "override",
    "knob",
    "snapshot",
    "df",
    "contract",
}
ABOUT_PEOPLE = re.compile(
    r"\b(illegals?|illegal (immigra|migra|alien)\w*|aliens?|invasion|swarm|flood of)\b", re.IGNORECASE
)


def words_of(name: str) -> set[str]:
    """The words in `snake_case`, `CamelCase` or `UPPER_CASE`, in small letters."""
    return {word.lower() for word in re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+", name)}


def test_no_package_or_module_is_named_for_a_drawer_or_by_a_replaced_word():
    named = {file.name: words_of(file.path.parent.name) | words_of(file.path.stem) for file in python_files("src")}
    assert not {name: words & (DRAWERS | REPLACED) for name, words in named.items() if words & (DRAWERS | REPLACED)}


def test_no_function_or_class_is_named_by_a_replaced_word():
    kinds = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
    found = [
        f"{file.name}:{node.lineno} {node.name}"
        for file in python_files("src")
        for node in ast.walk(file.tree)
        if isinstance(node, kinds) and words_of(node.name) & REPLACED
    ]
    assert not found


def test_words_about_people_are_neutral():
    """Only the glossary names the words that are not used, and this test."""
    spared = {"docs/glossary.md", "tests/shape/test_shape_of_words.py"}
    found = [
        f"{name}: {match[0]}"
        for name, text in kept_texts().items()
        if name not in spared and not name.endswith(".csv")
        for match in ABOUT_PEOPLE.finditer(text)
    ]
    assert not found


def test_the_glossary_gives_every_replaced_word_its_place():
    glossary = words_of((ROOT / "docs" / "glossary.md").read_text(encoding="utf-8"))
    assert not REPLACED - glossary
