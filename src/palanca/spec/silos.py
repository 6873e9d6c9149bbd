"""YAML → two ways to divide the issues of a table among silos; all faults come together, each with its line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from palanca.spec import declared, marks, rules
from palanca.spec.declared import Draft, FileFormat
from palanca.spec.faults import Fault, FaultKind, Place
from palanca.spec.schema import Strict, Text

Partition: TypeAlias = tuple[tuple[str, ...], ...]
SIDES = ("before", "after")


class SilosFile(Strict):
    """A division as its file has it; a side that is left out links all issues.

    Args:
        before: Issues by silo in the world to begin with.
        after: Issues by silo in the world instead.
    """

    before: tuple[tuple[Text, ...], ...] | None = None
    after: tuple[tuple[Text, ...], ...] | None = None


FORMAT = FileFormat(
    "division into silos", SilosFile, "shipped division",
    "Write one with `before:` and `after:`, each a list of lists.", folder="silos",
)  # fmt: skip


@dataclass(frozen=True)
class SiloDivision:
    """Two ways to divide the issues.

    Attributes:
        before: Issues by silo in the world to begin with.
        after: Issues by silo in the world instead.
    """

    before: Partition
    after: Partition


def load_silos(what: str | Path, issues: Sequence[str], table: str = "") -> SiloDivision:
    """Read a division from a file, or a shipped one by its name.

    Args:
        what: Path, or a name such as `before-2018`.
        issues: Issues of the table.
        table: Shipped name of the table, under which shipped divisions are looked for.

    Raises:
        CaseFileError: There is no such file or name, or the file is not YAML.
        CaseErrors: It has faults; all of them, each with file and line.
    """
    return _read(marks.read(FORMAT.find(what, table)), tuple(issues))


def loads_silos(text: str, issues: Sequence[str], name: str = "silos") -> SiloDivision:
    """Read a division from YAML text; `name` is what messages call it.

    Raises:
        CaseFileError: The text is not YAML.
        CaseErrors: It has faults.
    """
    return _read(marks.parse(text, name), tuple(issues))


def _read(marked: marks.Marked, issues: tuple[str, ...]) -> SiloDivision:
    file = declared.read(marked, SilosFile, lambda draft: _faults(draft, issues))
    return SiloDivision(*((issues,) if side is None else side for side in (file.before, file.after)))


def _faults(draft: Draft[SilosFile], issues: tuple[str, ...]) -> Iterator[Fault]:
    sides = {side: getattr(draft.file, side) for side in SIDES if draft.whole(side)}
    if len(sides) == len(SIDES) and not any(side is not None for side in sides.values()):
        yield Fault(
            FaultKind.MISSING_FIELD, (), "neither `before` nor `after` is given", expected="one of them at least"
        )
    for side, silos in sides.items():
        if silos is not None:
            yield from _side(draft, (side,), silos, issues)


def _side(draft: Draft[SilosFile], side: Place, silos: Partition, issues: tuple[str, ...]) -> Iterator[Fault]:
    first: dict[str, Place] = {}
    for i, silo in enumerate(silos):
        if not silo:
            yield Fault(FaultKind.OUT_OF_BOUNDS, (*side, i), "an empty silo", "no issue", "one issue at least")
        for j, name in enumerate(silo):
            place: Place = (*side, i, j)
            yield from rules.known(name, issues, "issue", place)
            if name in first:
                expected = f"once; first on line {draft.marked.lines[first[name]]}"
                yield Fault(FaultKind.CONTRADICTION, place, "the issue stands twice", repr(name), expected)
            first.setdefault(name, place)
    missed = [name for name in issues if name not in first]
    if missed:
        yield Fault(FaultKind.MISSING_FIELD, side, f"no silo for {', '.join(missed)}", expected="every issue once")
