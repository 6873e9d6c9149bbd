"""Rules of protocols and ties in a bargaining table: who can propose what, and which two issues a clause can bind."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from typing import TypeAlias

from palanca.spec import rules
from palanca.spec.bargain_schema import PROPOSED, BargainFile, IssueSpec, OnTable, ProtocolSpec, ThreatSpec, TieSpec
from palanca.spec.declared import Draft
from palanca.spec.faults import Fault, FaultKind, Place

Dated: TypeAlias = OnTable | ProtocolSpec | ThreatSpec | TieSpec


def overlap(*dated: Dated) -> bool:
    """Whether some day lies in all of them."""
    ends = [one.last for one in dated if one.last is not None]
    return not ends or max(one.first for one in dated) <= min(ends)


def faults(draft: Draft[BargainFile]) -> Iterator[Fault]:
    """Every breach of a rule of protocols and ties among what can be read."""
    protocols, ties = list(draft.items("protocols")), list(draft.items("ties"))
    for place, one in protocols:
        yield from _protocol(one, draft, place)
    for (_, one), (place, other) in combinations(protocols, 2):
        if overlap(one, other):
            found, expected = f"{other.name!r} from {other.first}", f"no day on which {one.name!r} holds"
            yield Fault(FaultKind.CONTRADICTION, place, "two protocols on one day", found, expected)
    for place, tie in ties:
        yield from _tie(tie, draft, place)
    for (_, first), (place, second) in combinations(ties, 2):
        for name in sorted(set(first.issues) & set(second.issues)) if overlap(first, second) else ():
            expected = f"one tie of it a day; {first.name!r} already binds it"
            yield Fault(FaultKind.CONTRADICTION, (*place, "issues"), "an issue in two ties", repr(name), expected)


def _protocol(one: ProtocolSpec, draft: Draft[BargainFile], place: Place) -> Iterator[Fault]:
    yield from rules.in_order(one.first, one.last, (*place, "to"))
    for name in one.issues:
        yield from rules.known(name, draft.names("issues"), "issue", (*place, "issues"))
    if one.issues and one.form != "ultimatum":
        what, expected = f"{one.form!r} closes no issues", "`issues` with an ultimatum alone"
        yield Fault(FaultKind.WRONG_QUANTITY, (*place, "issues"), what, ", ".join(one.issues), expected)
    if one.form not in PROPOSED:
        if one.proposer is not None:
            what, expected = f"nobody proposes in {one.form!r}", "no `proposer`"
            yield Fault(FaultKind.WRONG_HOLDER, (*place, "proposer"), what, repr(one.proposer), expected)
        return
    parties = draft.names("parties")
    if one.proposer is None:
        expected = f"`proposer`, one of {', '.join(parties)}"
        yield Fault(FaultKind.MISSING_FIELD, place, "a protocol without a proposer", repr(one.form), expected)
        return
    yield from rules.known(one.proposer, parties, "party", (*place, "proposer"))
    if one.form == "alternating" and len(parties) != 2:
        what, found = "offers in turn need two parties", f"{len(parties)} at the table"
        yield Fault(FaultKind.WRONG_HOLDER, (*place, "form"), what, found, "two at the table")
    if one.form == "ultimatum":
        yield from _ultimatum(one, draft, place)


def _ultimatum(one: ProtocolSpec, draft: Draft[BargainFile], place: Place) -> Iterator[Fault]:
    if one.last is None:
        what = "an ultimatum without a deadline"
        yield Fault(FaultKind.MISSING_FIELD, (*place, "to"), what, "'open'", "the day on which it runs out")
    threats = [threat for _, threat in draft.items("threats") if threat.sender == one.proposer]
    if one.proposer in draft.names("parties") and not any(overlap(one, threat) for threat in threats):
        what, expected = "an ultimatum by a side without a threat", "one of its threats in force on some of these days"
        yield Fault(FaultKind.CONTRADICTION, (*place, "proposer"), what, repr(one.proposer), expected)


def _tie(tie: TieSpec, draft: Draft[BargainFile], place: Place) -> Iterator[Fault]:
    yield from rules.in_order(tie.first, tie.last, (*place, "to"))
    at = (*place, "issues")
    names = draft.names("issues")
    for name in tie.issues:
        yield from rules.known(name, names, "issue", at)
    declared = {step[-1]: issue for step, issue in draft.items("issues")}
    if any(name not in declared for name in tie.issues):
        return
    one, other = (declared[name] for name in tie.issues)
    if one.owner == other.owner:
        what, expected = "a tie within one side", "issues of two owners"
        yield Fault(FaultKind.WRONG_HOLDER, at, what, one.owner, expected)
    if one.per != other.per:
        found = ", ".join(f"{name} per {declared[name].per}" for name in tie.issues)
        what, expected = "a tie between issues of different periods", "two issues with the same `per`"
        yield Fault(FaultKind.WRONG_QUANTITY, at, what, found, expected)
    elif not _together(tie, one, other):
        what, expected = "a tie between issues of different periods", "two issues on the table on some day of the tie"
        yield Fault(FaultKind.WRONG_QUANTITY, at, what, ", ".join(tie.issues), expected)
    for name in tie.issues:
        if declared[name].menu or not declared[name].traded:
            what = "this issue cannot be tied"
            found = f"{name}, which {'comes in lumps' if declared[name].menu else 'is never traded'}"
            yield Fault(FaultKind.WRONG_QUANTITY, at, what, found, "issues that are traded in any amount")


def _together(tie: TieSpec, one: IssueSpec, other: IssueSpec) -> bool:
    """Whether both issues can be on the table on some day on which the tie holds."""
    ours, theirs = ((tie,) if issue.on_table is None else issue.on_table for issue in (one, other))
    return any(overlap(tie, mine, yours) for mine in ours for yours in theirs)
