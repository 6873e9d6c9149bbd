"""The changes that come with a shipped case, and those of a command line, as one list."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from palanca.core import read_file
from palanca.core.clock import Month
from palanca.core.errors import ChangeError
from palanca.core.wording import listed, nearest
from palanca.spec import edit
from palanca.spec.edit import Change
from palanca.spec.schema import Case

FIRST = "no-contention"


def shipped(case: Case) -> dict[str, Path]:
    """Files of changes that come with a case, by name."""
    return edit.CHANGES.shipped(case.case)


def find(case: Case, what: str) -> Path:
    """A file of changes by its path, or by the name of a shipped one.

    Raises:
        ChangeError: Neither.
    """
    path, known = Path(what), shipped(case)
    if read_file.is_file(path):
        return path
    if what in known:
        return known[what]
    hint = nearest(what, known)
    raise ChangeError(
        "no such changes",
        where=what,
        found="neither a file nor the name of shipped changes",
        expected=f"a path, or one of {listed(known)}" if known else "a path",
        way_out=f"Did you mean {hint!r}?" if hint else "",
    )


def gather(
    case: Case, sets: Sequence[str], first: Month | None, last: Month | None, files: Sequence[str]
) -> list[Change]:
    """Every change of a command line; a shipped case with none of its own gets its first example.

    Args:
        case: The case to change.
        sets: Texts such as `levers.contention.effort=0`.
        first: First month of those texts.
        last: Last month of those texts.
        files: Paths or names of files of changes.

    Raises:
        ChangeError: A change cannot be read, or months are given that belong to no change.
    """
    if (first is not None or last is not None) and not sets:
        raise ChangeError(
            "months without a change",
            where="--from, --until",
            expected="at least one --set for them to apply to",
        )
    changes = [edit.parse_set(text, first, last) for text in sets]
    for what in files:
        changes += edit.read_changes(find(case, what))
    if not changes and FIRST in shipped(case):
        changes = edit.read_changes(shipped(case)[FIRST])
    return changes
