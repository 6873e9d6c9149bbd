"""YAML → facts that a faithful model reproduces; all faults of a file come together, each with its line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from palanca.core.errors import UsageError
from palanca.spec import declared, marks
from palanca.spec.declared import Draft, FileFormat
from palanca.spec.facts_probes import PROBES
from palanca.spec.facts_schema import Assertion, Fact, FactsFile, Step
from palanca.spec.faults import Fault, FaultKind, Place, unknown

FORMAT = FileFormat(
    "facts", FactsFile, "shipped case with facts", "docs/reference/facts-format.md shows how one is written.",
    name="facts.yaml",
)  # fmt: skip
FEWEST = 2  # months of deals whose prices are compared
SLOTS = ("evidence", "given", "when", "then", "tolerance")  # `needs` may be left out


@dataclass(frozen=True)
class Facts:
    """Facts in the order of their files.

    Args:
        case: Name of the case that they are about.
        facts: The facts.
        where: File and line of each, by number.
    """

    case: str
    facts: tuple[Fact, ...]
    where: dict[int, str]

    def only(self, numbers: Sequence[int]) -> Facts:
        """Some of them.

        Raises:
            UsageError: There is none of a number.
        """
        missing = [number for number in numbers if number not in self.where]
        if missing:
            raise UsageError(
                "no such fact",
                where="--only",
                found=", ".join(map(str, missing)),
                expected="among " + ", ".join(map(str, self.where)),
            )
        return Facts(self.case, tuple(fact for fact in self.facts if fact.id in numbers), self.where)

    def and_also(self, more: Facts) -> Facts:
        """These and others.

        Raises:
            UsageError: They are about another case, or a number stands in both.
        """
        if more.case != self.case:
            raise UsageError("facts of another case", where="--add", found=more.case, expected=self.case)
        twice = [number for number in more.where if number in self.where]
        if twice:
            raise UsageError(
                "a fact of this number is there already",
                where=more.where[twice[0]],
                found=str(twice[0]),
                expected=f"a number above {max(self.where)}",
            )
        return Facts(self.case, (*self.facts, *more.facts), self.where | more.where)


def load_facts(what: str | Path) -> Facts:
    """Read the facts of a shipped case by its name, or from a file.

    Raises:
        CaseFileError: There is no such file or name, or the file is not YAML.
        CaseErrors: It has faults; all of them, each with file and line.
    """
    return _read(marks.read(FORMAT.find(what)))


def loads_facts(text: str, name: str = "facts") -> Facts:
    """Read facts from YAML text; `name` is what messages call it.

    Raises:
        CaseFileError: The text is not YAML.
        CaseErrors: It has faults.
    """
    return _read(marks.parse(text, name))


def _read(marked: marks.Marked) -> Facts:
    file = declared.read(marked, FactsFile, _faults)
    where = {fact.id: marked.where(("facts", i)) for i, fact in enumerate(file.facts)}
    return Facts(file.case, file.facts, where)


def quantities(step: Step) -> tuple[str, ...]:
    """Names of what a step gives."""
    named = step.measure or step.deal
    return tuple(named) if named else tuple(name for name, _, _ in PROBES[step.probe].gives)


def _faults(draft: Draft[FactsFile]) -> Iterator[Fault]:
    first: dict[int, Place] = {}
    if draft.whole("facts") and not draft.file.facts:
        yield Fault(FaultKind.MISSING_FIELD, ("facts",), "no fact", "an empty list", "one fact at least")
    for place, fact in draft.items("facts"):
        if fact.id in first:
            expected = f"once; first on line {draft.marked.lines.get((*first[fact.id], 'id'), 1)}"
            yield Fault(FaultKind.CONTRADICTION, (*place, "id"), "the number stands twice", str(fact.id), expected)
        first.setdefault(fact.id, place)
        yield from faults_of(fact, place)


def faults_of(fact: Fact, place: Place, otherwise: str = "not_expressible") -> Iterator[Fault]:
    """Faults of one fact that its shape alone does not show; `otherwise` is the key of what cannot be judged."""
    given = [name for name in SLOTS if getattr(fact, name)]
    if fact.not_expressible is not None:
        if given:
            what, expected = "a fact that is not expressible is not judged", "it left out, or `not_expressible`"
            yield Fault(FaultKind.CONTRADICTION, (*place, given[0]), what, f"`{given[0]}`", expected)
        return
    for name in SLOTS:
        if name not in given:
            yield Fault(FaultKind.MISSING_FIELD, place, f"`{name}` is missing", expected=f"it, or `{otherwise}`")
    known: list[str] = []
    for j, step in enumerate(fact.when):
        yield from _step(step, (*place, "when", j))
        known += quantities(step) if step.probe in PROBES else ()
    for name in {name for name in known if known.count(name) > 1}:
        yield Fault(
            FaultKind.CONTRADICTION, (*place, "when"), "two steps give a quantity of one name", repr(name), "two names"
        )
    for key in ("needs", "then"):
        for j, assertion in enumerate(getattr(fact, key)):
            yield from _assertion(assertion, (*place, key, j), known)


def _step(step: Step, place: Place) -> Iterator[Fault]:
    if step.probe not in PROBES:
        yield unknown(FaultKind.UNKNOWN_NAME, (*place, "probe"), "unknown probe", step.probe, PROBES)
        return
    probe = PROBES[step.probe]
    for name in sorted(step.model_fields_set - {"probe"}):
        if name not in probe.keys:
            yield unknown(FaultKind.UNKNOWN_KEY, (*place, name), f"`{step.probe}` does not take this", name, probe.keys)
    for name in probe.needs:
        if not getattr(step, name):
            yield Fault(FaultKind.MISSING_FIELD, place, f"`{name}` is missing")
    if step.at is not None and len(step.at) < FEWEST:
        yield Fault(FaultKind.OUT_OF_BOUNDS, (*place, "at"), "too few months", str(len(step.at)), f"{FEWEST} at least")
    if step.probe == "worlds" and not step.changes:
        for name, measure in (step.measure or {}).items():
            if measure.twin:
                found = f"world: {measure.world}"
                yield Fault(FaultKind.MISSING_FIELD, (*place, "measure", name), "there is no twin", found, "`changes`")
    if step.probe == "deal" and step.seat is None:
        for name, one in (step.deal or {}).items():
            if one.twin:
                found = f"world: {one.world}"
                yield Fault(FaultKind.MISSING_FIELD, (*place, "deal", name), "there is no twin", found, "`seat`")


def _assertion(assertion: Assertion, place: Place, known: Sequence[str]) -> Iterator[Fault]:
    for key in ("quantity", "times"):
        name = getattr(assertion, key)
        if known and name is not None and name not in known:
            yield unknown(FaultKind.UNKNOWN_NAME, (*place, key), "no step gives this quantity", name, known)
