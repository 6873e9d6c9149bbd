"""Rules that every kind of declared file shares: names that are declared, dates in order, documents that are named."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Any

from palanca.spec.declared import Draft
from palanca.spec.faults import Fault, FaultKind, Place, unknown
from palanca.spec.schema import Case, CaseMonths, Coverage, Months

AXES = ("origins", "groups", "sectors")


def known(name: str, names: Iterable[str], noun: str, place: Place) -> Iterator[Fault]:
    """A fault if a name is not among those declared."""
    declared = tuple(names)
    if name not in declared:
        yield unknown(FaultKind.UNKNOWN_NAME, place, f"unknown {noun}", name, declared)


def in_order(
    first: Any, last: Any, place: Place, what: str = "it ends before it starts", expected: str = "the earlier day first"
) -> Iterator[Fault]:
    """A fault if something ends before it starts; what stays open does not end."""
    if last is not None and last < first:
        yield Fault(FaultKind.REVERSED_DATES, place, what, f"{first} to {last}", expected)


def months_in_order(
    months: Months | CaseMonths, place: Place, what: str = "the span ends before it starts"
) -> Iterator[Fault]:
    """A fault if months are reversed."""
    return in_order(months.first, months.last, place, what, "the earlier month first")


def inside(months: Months, case: Case, what: str, place: Place) -> Iterator[Fault]:
    """A fault if months in order leave the span of a case."""
    if months.first <= months.last and (months.first < case.span.first or case.span.last < months.last):
        expected = f"months from {case.span.first} to {case.span.last}"
        yield Fault(FaultKind.OUTSIDE_SPAN, place, what, f"{months.first} to {months.last}", expected)


def once(names: tuple[str, ...], section: str, key: str, noun: str) -> Iterator[Fault]:
    """A fault for every entry of a list whose name an earlier one has."""
    for at, name in enumerate(names):
        first = names.index(name)
        if name and first < at:
            expected = f"one {'entry' if noun == 'name' else 'row'} of this {noun}; first at {section}[{first}]"
            yield Fault(FaultKind.DUPLICATE_KEY, (section, at, key), f"the {noun} stands twice", repr(name), expected)


def sources(draft: Draft[Any], given: Collection[str] = (), whose: str = "") -> Iterator[Fault]:
    """Faults for documents that nobody names, and for those that are named twice.

    Args:
        draft: The file; its own documents stand under `sources`.
        given: Documents that its case, or what else it builds on, already names.
        whose: Who names those.
    """
    own = draft.names("sources")
    for name in own:
        if name in given:
            rest = "the case's entry alone" if whose == "the case" else "the earlier entry alone"
            what, expected = f"{whose} already names this source", f"a key of its own, or {rest}"
            yield Fault(FaultKind.DUPLICATE_KEY, ("sources", name), what, repr(name), expected)
    for place, record in draft.records():
        cited = getattr(record, "source", ())
        for name in cited if isinstance(cited, tuple) else ():
            yield from known(name, (*own, *given), "source", (*place, "source"))


def uncovered(coverage: Coverage, names: tuple[str, ...], place: Place, axis: str) -> Iterator[Fault]:
    """Faults of one coverage: names that the axis lacks, or nobody covered at all."""
    noun = axis.removesuffix("s")
    for key, given in (("only", coverage.only or ()), ("except", coverage.but)):
        for i, name in enumerate(given):
            yield from known(name, names, noun, (*place, i) if key == "only" else (*place, key, i))
    if not coverage.among(names) and all(name in names for name in (coverage.only or ())):
        yield Fault(FaultKind.OUT_OF_BOUNDS, place, f"no {noun} is covered", "nobody", f"at least one {noun}")
