"""YAML → a sharing scheme in the world of a case; all faults come together, each with its line."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from palanca.core.clock import Month
from palanca.spec import declared, edit, marks, rules, uncertain
from palanca.spec.declared import Draft, FileFormat
from palanca.spec.edit import Change
from palanca.spec.faults import Fault, FaultKind, Place
from palanca.spec.schema import Case
from palanca.spec.sharing_countries import NAMES
from palanca.spec.sharing_schema import SharingFile
from palanca.spec.uncertain import Uncertain

FORMAT = FileFormat(
    "sharing scheme", SharingFile, "shipped sharing scheme", "docs/reference/sharing-format.md says what one holds.",
    folder="sharing",
)  # fmt: skip
WEIGHTED = "weighted"


@dataclass(frozen=True)
class BehaviourRow:
    """One number on how people answer to a procedure: even between two ends, because no figure bears on it."""

    name: str
    unit: str
    least: float
    most: float
    what: str
    source: str


@dataclass(frozen=True)
class SharingScheme:
    """A sharing scheme and the case in whose world it runs.

    Attributes:
        file: What is declared.
        case: The case.
        changes: What else differs from the record, each with its line.
    """

    file: SharingFile
    case: Case
    changes: tuple[Change, ...] = ()

    @property
    def last(self) -> Month:
        """Last month in which procedures are open."""
        return self.file.end or self.case.span.last

    def beliefs(self) -> dict[str, Uncertain]:
        """Every uncertain number by its place in the file, and how people answer, as `behaviour.patience`."""
        usual = {f"behaviour.{row.name}": Uncertain("uniform", row.least, row.most) for row in behaviour().values()}
        return usual | {figure.name: figure.law() for figure in uncertain.figures(Draft.of(self.file))}


@cache
def behaviour() -> Mapping[str, BehaviourRow]:
    """How people answer to procedures, by name: the packaged ranges."""
    with Path(__file__).with_name("behaviour.csv").open(newline="", encoding="utf-8") as stream:
        rows = [
            BehaviourRow(row["name"], row["unit"], float(row["least"]), float(row["most"]), row["what"], row["source"])
            for row in csv.DictReader(stream)
        ]
    return {row.name: row for row in rows}


def load_sharing(what: str | Path, case: Case) -> SharingScheme:
    """Read a scheme from a file, or one that is shipped with the case by its name.

    Raises:
        CaseFileError: There is no such file or name, or the file is not YAML.
        CaseErrors: It has faults; all of them, each with file and line.
        ChangeError: A lever fits nothing or alters nothing.
    """
    return _read(marks.read(FORMAT.find(what, case.case)), case)


def given(scheme: str | Path, case: Case) -> tuple[SharingScheme, str]:
    """A scheme by name, path or content, and what a manifest keeps: the name of a shipped one, or the content.

    Raises:
        CaseFileError: There is no such file or name, or it is not YAML.
        CaseErrors: It has faults.
        ChangeError: A lever fits nothing or alters nothing.
    """
    if isinstance(scheme, str) and "\n" in scheme:
        return _read(marks.parse(scheme, "scheme"), case), scheme
    found, path = load_sharing(scheme, case), FORMAT.find(scheme, case.case)
    shipped = path == FORMAT.shipped(case.case).get(str(scheme))
    return found, str(scheme) if shipped else path.read_text(encoding="utf-8")


def _read(marked: marks.Marked, case: Case) -> SharingScheme:
    file = declared.read(marked, SharingFile, lambda draft: _faults(draft, case))
    changes = tuple(
        Change(row.set, row.to, row.first, row.last, row.origins, row.groups, row.sectors, marked.where(("levers", at)))
        for at, row in enumerate(file.levers)
    )
    edit.apply(case, changes)  # refuse a lever that fits nothing before long work starts
    return SharingScheme(file, case, changes)


def _faults(draft: Draft[SharingFile], case: Case) -> Iterator[Fault]:
    if draft.whole("case"):
        yield from rules.known(draft.file.case, [case.case], "case of a scheme", ("case",))
    if draft.whole("start", "end"):
        yield from _months(draft.file, case)
    if draft.whole("members"):
        yield from _members(draft, case)
    yield from _division(draft)
    if draft.whole("criteria"):
        yield from _criteria(draft, case)
    yield from _procedures(draft, case)
    for name in draft.names("behaviour"):
        yield from rules.known(name, behaviour(), "number on how people answer", ("behaviour", name))
    yield from rules.sources(draft, case.sources, "the case")
    for figure in uncertain.figures(draft):
        yield from figure.fault()


def _months(file: SharingFile, case: Case) -> Iterator[Fault]:
    span = case.span
    expected = f"a month from {span.first} to {span.last}"
    for key, month in (("start", file.start), ("end", file.end)):
        if month is not None and not span.first <= month <= span.last:
            yield Fault(FaultKind.OUTSIDE_SPAN, (key,), "the month lies outside the case", str(month), expected)
    yield from rules.in_order(file.start, file.end, ("end",), expected="the earlier month first")


def countries(case: Case) -> tuple[str, ...]:
    """Codes of every country that a scheme may name."""
    return tuple(dict.fromkeys((*case.countries, *NAMES)))


def _members(draft: Draft[SharingFile], case: Case) -> Iterator[Fault]:
    members, known = draft.file.members, countries(case)
    for at, code in enumerate(members):
        yield from rules.known(code, known, "country", ("members", at))
        if code in members[:at]:
            yield Fault(FaultKind.DUPLICATE_KEY, ("members", at), "the country stands twice", repr(code), "once")
    destination = next(code for code, country in case.countries.items() if country.role == "destination")
    if members[0] != destination:
        what = "the destination of the corridor does not come first"
        yield Fault(FaultKind.WRONG_ROLES, ("members", 0), what, repr(members[0]), repr(destination))
    named: list[tuple[Place, str]] = [(("pledges", code), code) for code in draft.names("pledges")]
    named += [(("ceilings", code), code) for code in draft.names("ceilings")]
    named += [(("absent", at), code) for at, code in enumerate(draft.file.absent or ())]
    if draft.whole("criteria"):
        named += [(("criteria", "own", code), code) for code in draft.file.criteria.own]
    for place, code in named:
        yield from rules.known(code, members, "member", place)


def _division(draft: Draft[SharingFile]) -> Iterator[Fault]:
    if draft.whole("places", "pledges") and (draft.file.places is None) == (not draft.file.pledges):
        found = "neither" if draft.file.places is None else "both"
        what = "places are divided by the key or pledged"
        yield Fault(FaultKind.CONTRADICTION, ("places",), what, found, "`places` or `pledges`")
    if draft.whole("key"):
        key = draft.file.key
        if (key.kind == WEIGHTED) != bool(key.weights):
            expected = "weights for a weighted key, and only for one"
            yield Fault(FaultKind.CONTRADICTION, ("key", "weights"), "weights and key disagree", key.kind, expected)
        if key.weights and (min(key.weights.values()) < 0.0 or sum(key.weights.values()) <= 0.0):
            what = "weights are negative or sum to zero"
            found = ", ".join(f"{name} {weight:g}" for name, weight in key.weights.items())
            yield Fault(FaultKind.OUT_OF_BOUNDS, ("key", "weights"), what, found, "none below 0, one above 0")
    for code, most in draft.file.ceilings.items() if draft.whole("ceilings") else ():
        if most < 0:
            yield Fault(FaultKind.OUT_OF_BOUNDS, ("ceilings", code), "the ceiling", str(most), "0 or more")


def _criteria(draft: Draft[SharingFile], case: Case) -> Iterator[Fault]:
    criteria = draft.file.criteria
    for name in criteria.common:
        yield from rules.known(name, case.origins, "origin", ("criteria", "common", name))
    for member, own in criteria.own.items():
        for name in own:
            yield from rules.known(name, case.origins, "origin", ("criteria", "own", member, name))
    if not criteria.congruent and not criteria.own:
        what = "members decide by their own rules, and none has one"
        yield Fault(FaultKind.MISSING_FIELD, ("criteria", "own"), what, "nothing", "one member's rule at least")


def _procedures(draft: Draft[SharingFile], case: Case) -> Iterator[Fault]:
    if draft.declares("procedures") and not draft.names("procedures"):
        yield Fault(FaultKind.MISSING_FIELD, ("procedures",), "nobody can apply", "no procedure", "one at least")
    for place, one in draft.items("procedures"):
        for at, code in enumerate(one.at):
            yield from rules.known(code, countries(case), "country", (*place, "at", at))
        for axis in ("origins", "groups"):
            yield from rules.uncovered(getattr(one, axis), tuple(getattr(case, axis)), (*place, axis), axis)
        for code in one.hosts if draft.whole("members") else ():
            yield from rules.known(code, draft.file.members, "member", (*place, "hosts", code))
        if one.hosts and one.placed:
            what, expected = "hosts are named where places decide who takes whom", "`placed: false`, or no `hosts`"
            yield Fault(FaultKind.CONTRADICTION, (*place, "hosts"), what, ", ".join(one.hosts), expected)
        if (one.appeal is None) != (one.appeal_won is None):
            what = "an appeal needs both the share that appeals and the share that succeeds"
            yield Fault(FaultKind.MISSING_FIELD, place, what, "one", "`appeal` and `appeal_won`, or neither")
