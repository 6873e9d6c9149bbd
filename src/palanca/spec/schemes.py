"""YAML → schemes that govern a corridor, each with predictions; all faults of a file come together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from palanca.core.errors import UsageError
from palanca.core.wording import listed, nearest
from palanca.spec import declared, marks
from palanca.spec.bargain_spec import load_bargain
from palanca.spec.declared import Draft, FileFormat
from palanca.spec.facts import faults_of
from palanca.spec.faults import Fault, FaultKind, Place, unknown
from palanca.spec.schemes_schema import KINDS, Prediction, Requires, Scheme, SchemesFile

FORMAT = FileFormat(
    "schemes", SchemesFile, "shipped case with schemes", "docs/schemes.md shows how one is written.",
    name="schemes.yaml",
)  # fmt: skip


@dataclass(frozen=True)
class Schemes:
    """Schemes in the order of their file.

    Args:
        case: Name of the case that they are about.
        schemes: The schemes.
        where: File and line of each prediction, by scheme and place.
    """

    case: str
    schemes: tuple[Scheme, ...]
    where: dict[tuple[str, int], str]

    def only(self, names: Sequence[str]) -> Schemes:
        """Some of them.

        Raises:
            UsageError: There is none of a name; tells the nearest.
        """
        known = [one.id for one in self.schemes]
        for name in names:
            if name not in known:
                hint = nearest(name, known)
                raise UsageError(
                    "no such scheme",
                    where="--only",
                    found=repr(name),
                    expected=f"one of {listed(known, 50)}",
                    way_out=f"Did you mean {hint!r}?" if hint else "",
                )
        return Schemes(self.case, tuple(one for one in self.schemes if one.id in names), self.where)


def load_schemes(what: str | Path) -> Schemes:
    """Read the schemes of a shipped case by its name, or from a file.

    Raises:
        CaseFileError: There is no such file or name, or the file is not YAML.
        CaseErrors: It has faults; all of them, each with file and line.
    """
    return _read(marks.read(FORMAT.find(what)))


def loads_schemes(text: str, name: str = "schemes") -> Schemes:
    """Read schemes from YAML text; `name` is what messages call it.

    Raises:
        CaseFileError: The text is not YAML.
        CaseErrors: It has faults.
    """
    return _read(marks.parse(text, name))


def _read(marked: marks.Marked) -> Schemes:
    file = declared.read(marked, SchemesFile, _faults)
    where = {
        (one.id, k): marked.where(("schemes", i, "predictions", k))
        for i, one in enumerate(file.schemes)
        for k in range(len(one.predictions))
    }
    return Schemes(file.case, file.schemes, where)


def _faults(draft: Draft[SchemesFile]) -> Iterator[Fault]:
    if draft.whole("schemes") and not draft.file.schemes:
        yield Fault(FaultKind.MISSING_FIELD, ("schemes",), "no scheme", "an empty list", "one scheme at least")
    issues = list(load_bargain(draft.file.case).issues)
    first: dict[str, Place] = {}
    for place, scheme in draft.items("schemes"):
        if scheme.id in first:
            expected = f"once; first on line {draft.marked.lines.get((*first[scheme.id], 'id'), 1)}"
            yield Fault(FaultKind.CONTRADICTION, (*place, "id"), "the scheme stands twice", scheme.id, expected)
        first.setdefault(scheme.id, place)
        if not scheme.predictions:
            expected = "one prediction at least"
            yield Fault(FaultKind.MISSING_FIELD, (*place, "predictions"), "no prediction", "an empty list", expected)
        for k, name in enumerate(scheme.issues):
            if name not in issues:
                yield unknown(FaultKind.UNKNOWN_NAME, (*place, "issues", k), "no such issue", name, issues)
        yield from _requires(scheme.requires, (*place, "requires"))
        for k, prediction in enumerate(scheme.predictions):
            yield from _prediction(prediction, (*place, "predictions", k))


def _prediction(prediction: Prediction, place: Place) -> Iterator[Fault]:
    """Faults of one prediction: requirements that name nothing, and those of the fact that it is tried as."""
    yield from _requires(prediction.requires, (*place, "requires"))
    if prediction.when or prediction.then or prediction.requires is None:
        yield from faults_of(prediction.fact(1, "prediction", ("any",)), place, "requires")


def _requires(given: Requires | None, place: Place) -> Iterator[Fault]:
    if given is not None and not given.named:
        yield Fault(FaultKind.MISSING_FIELD, place, "nothing is required", expected="one of " + ", ".join(KINDS))
