"""YAML → claims on published figures, each with its expression read; all faults come together, each with its line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from palanca.core.errors import UsageError
from palanca.core.wording import listed, nearest
from palanca.data import catalogue
from palanca.spec import claim_expression, declared, load, marks, rules
from palanca.spec.claim_expression import Expression, ExpressionFault
from palanca.spec.claim_reader import parse
from palanca.spec.claims_schema import ClaimEntry, ClaimsFile
from palanca.spec.declared import Draft, FileFormat
from palanca.spec.faults import Fault, FaultKind, Place
from palanca.spec.schema import Case, Source

FORMAT = FileFormat(
    "claims", ClaimsFile, "shipped case with claims", "`palanca claims --example` prints a file to start from.",
    name="claims.yaml",
)  # fmt: skip
EXAMPLE = Path(__file__).with_name("claims_example.yaml")


@dataclass(frozen=True)
class ReadClaim:
    """One claim with its figure as an expression; nothing where it names none."""

    entry: ClaimEntry
    figure: Expression | None


@dataclass(frozen=True)
class Claims:
    """Claims in the order of their file.

    Args:
        case: The case that they are about, which answers what is handed on.
        claims: The claims.
        sources: Documents that they may name, their own and those of the case.
    """

    case: Case
    claims: tuple[ReadClaim, ...]
    sources: Mapping[str, Source]

    def only(self, ids: Sequence[str]) -> Claims:
        """Some of them.

        Raises:
            UsageError: There is none of an id; names the nearest.
        """
        known = [claim.entry.id for claim in self.claims]
        for name in ids:
            if name not in known:
                hint = nearest(name, known)
                raise UsageError(
                    "no such claim",
                    where="--only",
                    found=repr(name),
                    expected=f"among {listed(known, 6)}",
                    way_out=f"Did you mean {hint!r}?" if hint else "",
                )
        chosen = tuple(claim for claim in self.claims if claim.entry.id in ids)
        return Claims(self.case, chosen, self.sources)


def load_claims(what: str | Path) -> Claims:
    """Read the claims that come with a case by its name, or those of a file.

    Raises:
        CaseFileError: There is no such file or name, the file is not YAML, or it names a case that is not there.
        CaseErrors: It has faults; all of them, each with file and line.
    """
    path = FORMAT.find(what)
    return _read(marks.read(path), path.parent)


def loads_claims(text: str, name: str = "claims", folder: Path | None = None) -> Claims:
    """Read claims from YAML text; `name` is what messages call it.

    Raises:
        CaseFileError: The text is not YAML, or names a case that is not there.
        CaseErrors: It has faults.
    """
    return _read(marks.parse(text, name), folder or Path())


def example() -> str:
    """A file of claims to start from, with every key explained."""
    return marks.text(EXAMPLE)


def _read(marked: marks.Marked, folder: Path) -> Claims:
    path = load.named(marked, folder)
    case = load.load(path) if path is not None else None
    given = case.sources if case is not None else {}
    file = declared.read(marked, ClaimsFile, lambda draft: _faults(draft, given))
    case = case or load.load(file.case)
    read = tuple(ReadClaim(entry, None if entry.figure is None else parse(entry.figure)) for entry in file.claims)
    return Claims(case, read, {**case.sources, **file.sources})


def _faults(draft: Draft[ClaimsFile], given: Mapping[str, Source]) -> Iterator[Fault]:
    if draft.whole("claims") and not draft.file.claims:
        yield Fault(FaultKind.MISSING_FIELD, ("claims",), "no claim", "an empty list", "one claim at least")
    yield from rules.once(draft.listed("claims", "id"), "claims", "id", "id")
    yield from rules.sources(draft, tuple(given), "the case")
    for place, entry in draft.items("claims"):
        yield from _one(entry, place)


def _one(entry: ClaimEntry, place: Place) -> Iterator[Fault]:
    """Faults of one claim that its shape alone does not show."""
    parts = [name for name in ("months", "says") if getattr(entry, name) is not None]
    if entry.figure is None:
        if parts:
            yield Fault(FaultKind.MISSING_FIELD, place, "`figure` is missing", f"`{parts[0]}` without it", "a figure")
        elif entry.handed_on is None and entry.not_checkable is None:
            expected = "it, `handed_on` or `not_checkable`"
            yield Fault(FaultKind.MISSING_FIELD, place, "`figure` is missing", expected=expected)
        return
    if entry.not_checkable is not None:
        what = "a claim with a figure is checked"
        yield Fault(FaultKind.CONTRADICTION, (*place, "not_checkable"), what, "`not_checkable`", "one of the two")
    for name in ("months", "says"):
        if name not in parts:
            yield Fault(FaultKind.MISSING_FIELD, place, f"`{name}` is missing", expected="it beside `figure`")
    try:
        found = parse(entry.figure)
        if len(parts) == 2:
            yield from _fits(entry, found, place)
    except ExpressionFault as fault:
        yield fault.at((*place, "figure"))


def _fits(entry: ClaimEntry, found: Expression, place: Place) -> Iterator[Fault]:
    """Whether what is said can be said of this figure."""
    assert entry.months is not None
    assert entry.says is not None
    known = claim_expression.meaning(found)
    steps = len({month.year for month in entry.months}) if known.yearly else len(entry.months)
    if known.dated and steps > 1:
        what = "the figure has a value for each month"
        expected = "one month, or `sum`, `mean`, `highest`, `lowest` or `change` of it"
        yield Fault(FaultKind.WRONG_QUANTITY, (*place, "figure"), what, f"{steps} of them", expected)
    if next(claim_expression.terms(found), None) is None:
        yield Fault(FaultKind.WRONG_QUANTITY, (*place, "figure"), "the figure names no series", repr(entry.figure))
    if entry.says.direction is not None and not claim_expression.is_change(found):
        what, expected = "a direction is that of a change", "`change(...)` or another change of it"
        yield Fault(FaultKind.WRONG_QUANTITY, (*place, "figure"), what, repr(entry.figure), expected)
    yield from _ranked(entry, found, place)


def _ranked(entry: ClaimEntry, found: Expression, place: Place) -> Iterator[Fault]:
    assert entry.says is not None
    assert entry.months is not None
    given = [name for name in ("among_months", "among_labels") if getattr(entry, name) is not None]
    if (entry.says.rank is not None) != (len(given) == 1):
        what = "a rank is one among months or among labels"
        expected = "one of `among_months` and `among_labels`" if entry.says.rank is not None else "a rank beside it"
        yield Fault(FaultKind.WRONG_QUANTITY, (*place, *given[:1]), what, " and ".join(given) or "neither", expected)
    among = entry.among_months
    if among is not None and not (among.first <= entry.months.first and entry.months.last <= among.last):
        what, expected = (
            "the months of the claim lie outside these",
            f"{entry.months.first}..{entry.months.last} in them",
        )
        yield Fault(FaultKind.OUTSIDE_SPAN, (*place, "among_months"), what, f"{among.first}..{among.last}", expected)
    labels = entry.among_labels
    if labels is None:
        return
    axes = claim_expression.axes(found)
    yield from rules.known(labels.axis, axes, "axis of a label in the figure", (*place, "among_labels", "axis"))
    if labels.axis in axes:
        every = labels_of(found, labels.axis)
        for at, name in enumerate(labels.but):
            yield from rules.known(name, every, "label", (*place, "among_labels", "except", at))


def labels_of(found: Expression, axis: str) -> tuple[str, ...]:
    """Labels of an axis that every series with it in an expression has."""
    rows = [catalogue.get(term.series) for term in claim_expression.terms(found)]
    lists = [row.labels[axis] for row in rows if axis in row.labels]
    return tuple(label for label in lists[0] if all(label in labels for labels in lists)) if lists else ()
