"""Which facts are wanted: those of a case and those that a user adds, by their numbers."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from palanca.core.errors import UsageError
from palanca.spec import marks
from palanca.spec.facts import FORMAT, Facts, load_facts, loads_facts


def wanted(case: str, only: Sequence[int] | None, add: Sequence[str]) -> tuple[Facts, list[str]]:
    """The facts of a case and those added, as far as wanted.

    Args:
        case: Name of the case.
        only: Numbers of those wanted; nothing for all.
        add: Paths of files of further facts, or their texts.

    Returns:
        The facts, and the text of each file that was added.

    Raises:
        UsageError: There is no fact of a number, or a number stands twice.
        CaseFileError: There is no such file, or it is not YAML.
        CaseErrors: A file has faults.
    """
    found = load_facts(case)
    texts = [given if "\n" in given else marks.text(FORMAT.find(given)) for given in add]
    for given, text in zip(add, texts, strict=True):
        found = found.and_also(loads_facts(text, "facts" if "\n" in given else Path(given).name))
    return (found if only is None else found.only(only)), texts


def parsed(text: str) -> list[int]:
    """Numbers of facts written `1,24`.

    Raises:
        UsageError: It is something else.
    """
    parts = [part.strip() for part in text.split(",")]
    if not all(part.isascii() and part.isdecimal() for part in parts):
        raise UsageError("cannot read the facts", where="--only", found=repr(text), expected="numbers, as 1,24")
    return [int(part) for part in parts]
