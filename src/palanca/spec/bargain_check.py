"""Rules that span sections of a bargaining table; all breaches are reported together."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from itertools import combinations, pairwise

from palanca.spec import bargain_clauses as clauses
from palanca.spec import rules, uncertain
from palanca.spec.bargain_clauses import overlap
from palanca.spec.bargain_schema import (
    FORMS,
    LEVERS,
    BargainFile,
    FlowSpec,
    IssueSpec,
    PartySpec,
    PayoffSpec,
)
from palanca.spec.declared import Draft
from palanca.spec.faults import Fault, FaultKind, Place, unknown
from palanca.spec.ledger import Ledger
from palanca.spec.schema import Case, Source

# Names of numbers are joined by dots, so that no name may hold one.
NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")


@dataclass(frozen=True)
class Beside:
    """What a bargaining table builds on.

    Args:
        case: Its case; None without one.
        ledger: The deal ledger beside the case; None without one.
    """

    case: Case | None = None
    ledger: Ledger | None = None

    @property
    def sources(self) -> dict[str, Source]:
        """Documents that the case and its ledger already name."""
        return dict(self.ledger.sources if self.ledger is not None else self.case.sources if self.case else {})


def faults(draft: Draft[BargainFile], beside: Beside) -> list[Fault]:
    """Every breach of every rule among what can be read."""
    file, parties, issues = draft.file, draft.names("parties"), draft.names("issues")
    found = [*_counts(draft), *_names(draft)]
    found += rules.sources(draft, beside.sources, "the case or its ledger")
    for place, party in draft.items("parties"):
        found += _party(party, beside.case, place)
    for place, issue in draft.items("issues"):
        found += [*_issue(issue, parties, beside.ledger, place), *_on_table(issue, (*place, "on_table"))]
    for place, payoff in draft.items("payoffs"):
        found += rules.known(
            payoff.voice, (*parties, *draft.names("ratifiers")), "party or ratifier", (*place, "voice")
        )
        found += [*rules.known(payoff.issue, issues, "issue", (*place, "issue")), *_form(payoff, place)]
    if draft.whole("arrivals"):
        found += rules.known(file.arrivals.party, parties, "party", ("arrivals", "party"))
    for place, ratifier in draft.items("ratifiers"):
        found += rules.known(ratifier.party, parties, "party", (*place, "party"))
    for place, budget in draft.items("budgets"):
        for name in budget.weights:
            found += rules.known(name, issues, "issue", (*place, "weights", name))
    if draft.whole("flow"):
        found += _flow(file.flow, draft, beside.case)
    for place, threat in draft.items("threats"):
        for key in ("sender", "target"):
            found += rules.known(getattr(threat, key), parties, "party", (*place, key))
        if threat.sender == threat.target:
            what = "a party threatens itself"
            expected = "two parties that differ"
            found.append(Fault(FaultKind.WRONG_HOLDER, (*place, "target"), what, threat.target, expected))
        found += rules.in_order(threat.first, threat.last, (*place, "to"))
    found += clauses.faults(draft)
    for figure in uncertain.figures(draft):
        hollow = figure.place[0] == "payoffs" and figure.place[-1] != "best"
        found += figure.fault("this payoff is not concave" if hollow else uncertain.MISPLACED)
    return found


def _counts(draft: Draft[BargainFile]) -> Iterator[Fault]:
    if draft.declares("issues") and not draft.names("issues"):
        yield Fault(
            FaultKind.MISSING_FIELD, ("issues",), "there is nothing to bargain over", "no issues", "one issue or more"
        )
    if draft.declares("parties") and len(draft.names("parties")) < 2:
        found = f"{len(draft.names('parties'))} at the table"
        yield Fault(FaultKind.MISSING_FIELD, ("parties",), "a bargain needs two parties", found, "two or more")


def _names(draft: Draft[BargainFile]) -> Iterator[Fault]:
    """Every name can stand in a dotted name, and stands once."""
    for section in ("payoffs", "threats", "protocols", "ties"):
        names = draft.listed(section)
        yield from rules.once(names, section, "name", "name")
        for at, name in enumerate(names):
            yield from _name(name, (section, at, "name"))
    groups = tuple(group.name for group in draft.file.flow.groups) if draft.whole("flow") else ()
    for at, name in enumerate(groups):
        yield from _name(name, ("flow", "groups", at, "name"))
    for fault in rules.once(groups, "groups", "name", "name"):
        yield replace(fault, place=("flow", *fault.place))
    for section in ("parties", "issues", "ratifiers", "budgets"):
        for name in draft.names(section):
            yield from _name(name, (section, name))
    for name in draft.names("ratifiers"):
        if name in draft.names("parties"):
            what, expected = "a party has this name", "a name of its own"
            yield Fault(FaultKind.DUPLICATE_KEY, ("ratifiers", name), what, repr(name), expected)


def _name(name: str, place: Place) -> Iterator[Fault]:
    if name and not NAME.fullmatch(name):
        expected = "a letter, then letters, figures, `_` and `-`"
        yield Fault(FaultKind.WRONG_TYPE, place, "a name that cannot be used", repr(name), expected)


def _party(party: PartySpec, case: Case | None, place: Place) -> Iterator[Fault]:
    code = str(place[-1])
    if case is not None and code not in case.countries:
        yield unknown(FaultKind.UNKNOWN_NAME, place, "no such country in the case", code, case.countries)
    elif case is not None and party.role != case.countries[code].role:
        what, role = "the case gives it another role", case.countries[code].role
        yield Fault(FaultKind.WRONG_ROLES, (*place, "role"), what, repr(party.role), repr(role))
    for at, (one, other) in enumerate(pairwise(party.elections), 1):
        if other <= one:
            found, expected = f"{other} after {one}", "the earlier day first"
            yield Fault(FaultKind.REVERSED_DATES, (*place, "elections", at), "elections out of order", found, expected)


def _issue(issue: IssueSpec, parties: Collection[str], ledger: Ledger | None, place: Place) -> Iterator[Fault]:
    if issue.owner not in parties:
        what = "nobody at the table can deliver this issue"
        yield unknown(FaultKind.UNKNOWN_NAME, (*place, "owner"), what, issue.owner, parties)
    if not issue.low < issue.high:
        found = f"{issue.low:g} to {issue.high:g}"
        yield Fault(FaultKind.OUT_OF_BOUNDS, (*place, "high"), "bounds in disorder", found, "`low` below `high`")
    else:
        amounts: list[tuple[Place, float]] = [((*place, "status_quo"), issue.status_quo)]
        amounts += [((*place, "menu", at), amount) for at, amount in enumerate(issue.menu)]
        for where, amount in amounts:
            if not issue.low <= amount <= issue.high:
                expected = f"from {issue.low:g} to {issue.high:g}"
                yield Fault(FaultKind.OUT_OF_BOUNDS, where, "outside the bounds of the issue", f"{amount:g}", expected)
    for at, name in enumerate(issue.ledger):
        if ledger is None:
            yield Fault(
                FaultKind.UNKNOWN_NAME, (*place, "ledger", at), "there is no ledger to look this up in", repr(name),
                "a case that has a ledger, or no `ledger`",
            )  # fmt: skip
        else:
            yield from rules.known(name, ledger.issues, "issue of the ledger", (*place, "ledger", at))


def _on_table(issue: IssueSpec, place: Place) -> Iterator[Fault]:
    """Windows in which an issue can be on the table."""
    windows = list(enumerate(issue.on_table or ()))
    for at, window in windows:
        yield from rules.in_order(window.first, window.last, (*place, at, "to"))
        if not issue.low < window.cap <= issue.high and issue.low < issue.high:
            expected = f"above {issue.low:g}, and {issue.high:g} at most"
            yield Fault(
                FaultKind.OUT_OF_BOUNDS, (*place, at, "cap"), "a cap outside the bounds of the issue",
                f"{window.cap:g}", expected,
            )  # fmt: skip
    for (_, one), (at, other) in combinations(windows, 2):
        if overlap(one, other):
            yield Fault(
                FaultKind.CONTRADICTION, (*place, at), "two caps on one day", f"a window from {other.first}",
                f"no day of the window from {one.first} to {one.last or 'open'}",
            )  # fmt: skip


def _form(payoff: PayoffSpec, place: Place) -> Iterator[Fault]:
    if payoff.form not in FORMS:
        yield unknown(FaultKind.UNKNOWN_NAME, (*place, "form"), "unknown form of payoff", payoff.form, FORMS)
        return
    wanted, expected = payoff.wanted, ", ".join(FORMS[payoff.form])
    if payoff.form == "quadratic":
        expected += "; or best, curve"
    for name in payoff.given:
        if name not in wanted:
            yield Fault(
                FaultKind.WRONG_QUANTITY,
                (*place, name),
                f"{payoff.form!r} takes no such coefficient",
                repr(name),
                expected,
            )
    for name in wanted:
        if name not in payoff.given:
            yield Fault(
                FaultKind.MISSING_FIELD, place, f"`{name}` is missing", f"a {payoff.form!r} without it", expected
            )


def _flow(flow: FlowSpec, draft: Draft[BargainFile], case: Case | None) -> Iterator[Fault]:
    moving = {name: issue.lever for name, issue in draft.file.issues.items() if issue.lever != "none"}
    for at, group in enumerate(flow.groups):
        for name in group.held_back_by:
            place: Place = ("flow", "groups", at, "held_back_by", name)
            yield from rules.known(name, draft.names("issues"), "issue", place)
    if not flow.corridor:
        for name, lever in moving.items():
            yield Fault(
                FaultKind.WRONG_QUANTITY, ("issues", name, "lever"), "there is no corridor to move", repr(lever),
                "no `lever`, or `corridor: true` under `flow`",
            )  # fmt: skip
        return
    if case is None:
        yield Fault(FaultKind.MISSING_FIELD, ("flow", "corridor"), "no case has this corridor", "no `case`", "its name")
    if not moving and draft.whole("issues"):
        yield Fault(
            FaultKind.MISSING_FIELD, ("flow", "corridor"), "no issue moves the corridor", "no `lever`",
            f"an issue whose `lever` is one of {', '.join(LEVERS)}",
        )  # fmt: skip
    for (one, lever), (other, same) in combinations(moving.items(), 2):
        if lever == same:
            expected = f"one issue alone; {one!r} already moves it"
            yield Fault(
                FaultKind.CONTRADICTION, ("issues", other, "lever"), "two issues on one axis", repr(same), expected
            )
