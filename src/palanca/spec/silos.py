"""YAML → two ways to divide the issues of a table among silos; all faults come together, each with its line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from palanca.core.errors import CaseErrors
from palanca.spec import load, marks, packaged
from palanca.spec.faults import Fault, Kind, Place, unknown

FOLDER = "silos"
SIDES = ("before", "after")
Partition: TypeAlias = tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Division:
    """Two ways to divide the issues.

    Attributes:
        before: Issues by silo in the world to begin with.
        after: Issues by silo in the world instead.
    """

    before: Partition
    after: Partition


def load_silos(what: str | Path, issues: Sequence[str], table: str = "") -> Division:
    """Read a division from a file, or a shipped one by its name.

    Args:
        what: Path, or a name such as `before-2018`.
        issues: Issues of the table.
        table: Shipped name of the table, under which shipped divisions are looked for.

    Raises:
        CaseFileError: There is no such file or name, or the file is not YAML.
        CaseErrors: It has faults; all of them, each with file and line.
    """
    return read(marks.read(find(what, table)), issues)


def loads_silos(text: str, issues: Sequence[str], name: str = "silos") -> Division:
    """Read a division from YAML text; `name` is what messages call it.

    Raises:
        CaseFileError: The text is not YAML.
        CaseErrors: It has faults.
    """
    return read(marks.parse(text, name), issues)


def shipped(table: str) -> list[str]:
    """Names of the divisions that come with a shipped table."""
    return list(packaged.in_folder(table, FOLDER)) if table else []


def find(what: str | Path, table: str = "") -> Path:
    """The file behind a path or the name of a shipped division.

    Raises:
        CaseFileError: Neither a file nor a shipped division of this table.
    """
    known = packaged.in_folder(table, FOLDER) if table else {}
    way_out = "Write one with `before:` and `after:`, each a list of lists."
    return packaged.find(what, known, noun="division into silos", kind="shipped division", way_out=way_out)


def read(marked: marks.Marked, issues: Sequence[str]) -> Division:
    """Turn marked YAML into a division; a side that is left out links all issues.

    Raises:
        CaseErrors: It has faults; all of them, each with file and line.
    """
    found = [*marked.faults, *_faults(marked, issues)]
    if found:
        raise CaseErrors(load.worded(found, marked))
    content = marked.content if isinstance(marked.content, dict) else {}
    linked = (tuple(issues),)
    return Division(*(content.get(side, linked) for side in SIDES))


def _faults(marked: marks.Marked, issues: Sequence[str]) -> Iterator[Fault]:
    content = marked.content
    if not isinstance(content, dict):
        yield Fault(Kind.WRONG_TYPE, (), "the wrong kind of value", "no mapping", "`before:`, `after:` or both")
        return
    for key in content:
        if key not in SIDES:
            yield unknown(Kind.UNKNOWN_KEY, (key,), "unknown key", key, SIDES)
    sides = [side for side in SIDES if side in content]
    if not sides:
        yield Fault(Kind.MISSING_FIELD, (), "neither `before` nor `after` is given", expected="one of them at least")
    for side in sides:
        yield from _side(marked, side, content[side], issues)


def _side(marked: marks.Marked, side: str, given: object, issues: Sequence[str]) -> Iterator[Fault]:
    if not isinstance(given, tuple):
        yield _wrong((side,), given, "a list of silos, each a list of issues")
        return
    first: dict[str, Place] = {}
    sound = True
    for i, silo in enumerate(given):
        if not isinstance(silo, tuple):
            yield _wrong((side, i), silo, "a silo: a list of issues")
            sound = False
            continue
        if not silo:
            yield Fault(Kind.OUT_OF_BOUNDS, (side, i), "an empty silo", "no issue", "one issue at least")
        for j, name in enumerate(silo):
            place: Place = (side, i, j)
            if not isinstance(name, str):
                yield _wrong(place, name, "the name of an issue")
            elif name not in issues:
                yield unknown(Kind.UNKNOWN_NAME, place, "unknown issue", name, issues)
            elif name in first:
                line = marked.lines[first[name]]
                yield Fault(
                    Kind.CONTRADICTION, place, "the issue stands twice", repr(name), f"once; first on line {line}"
                )
            else:
                first[name] = place
    missed = [name for name in issues if name not in first]
    if sound and missed:
        yield Fault(Kind.MISSING_FIELD, (side,), f"no silo for {', '.join(missed)}", expected="every issue once")


def _wrong(place: Place, found: object, expected: str) -> Fault:
    shown = "a mapping" if isinstance(found, dict) else "a list" if isinstance(found, tuple) else repr(found)
    return Fault(Kind.WRONG_TYPE, place, "the wrong kind of value", shown, expected)
