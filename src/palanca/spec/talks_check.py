"""Rules that span sections of a bargaining table; all breaches are reported together."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations, pairwise

from palanca.spec.belief import MISPLACED
from palanca.spec.faults import Fault, Kind, Place, unknown
from palanca.spec.talks_parts import Parts
from palanca.spec.talks_schema import FORMS, LEVERS, Budget, Flow, Issue, Party, Payoff, Threat, Window

# Names of numbers are joined by dots, so that no name may hold one.
NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")


@dataclass(frozen=True)
class Frame:
    """What entries are checked against: every name that is declared, whether or not its entry can be read.

    Args:
        roles: Role of every country of the case; None without a case.
        readable: Sections of which at least the names can be read.
        parties: Codes of the parties.
        issues: Names of the issues.
        ratifiers: Names of the ratifiers.
        payoffs: The name of every payoff, by its place; empty where it has none.
        threats: The name of every threat, by its place.
        ledger: Issues of the deal ledger; None where there is no ledger.
        own_sources: Sources that the table declares.
        given_sources: Sources that the case and its ledger declare.
    """

    roles: Mapping[str, str] | None
    readable: tuple[str, ...]
    parties: tuple[str, ...]
    issues: tuple[str, ...]
    ratifiers: tuple[str, ...]
    payoffs: tuple[str, ...]
    threats: tuple[str, ...]
    ledger: tuple[str, ...] | None
    own_sources: tuple[str, ...]
    given_sources: tuple[str, ...]

    @property
    def sources(self) -> tuple[str, ...]:
        """Every source that an entry may name."""
        return (*self.own_sources, *self.given_sources)

    @property
    def voices(self) -> tuple[str, ...]:
        """Every party and ratifier."""
        return (*self.parties, *self.ratifiers)


def faults(parts: Parts, frame: Frame) -> list[Fault]:
    """Every breach of every rule.

    Args:
        parts: Entries that can be read.
        frame: What they are checked against.
    """
    found = [*_counts(frame), *_names(parts, frame), *_sources(parts, frame)]
    for code, party in parts.parties.items():
        found += _party(code, party, frame)
    for name, issue in parts.issues.items():
        found += [*_issue(issue, frame, ("issues", name)), *_table(issue, ("issues", name, "on_table"))]
    for at, payoff in parts.payoffs.items():
        found += _payoff(payoff, frame, ("payoffs", at))
    if parts.arrivals is not None:
        found += _known(parts.arrivals.party, frame.parties, "party", ("arrivals", "party"))
    for name, ratifier in parts.ratifiers.items():
        found += _known(ratifier.party, frame.parties, "party", ("ratifiers", name, "party"))
    for name, budget in parts.budgets.items():
        found += _budget(budget, frame, ("budgets", name))
    if parts.flow is not None:
        found += _flow(parts.flow, parts.issues, frame)
    for at, threat in parts.threats.items():
        found += _threat(threat, frame, ("threats", at))
    return [*found, *_figures(parts)]


def _counts(frame: Frame) -> Iterator[Fault]:
    if "issues" in frame.readable and not frame.issues:
        yield Fault(
            Kind.MISSING_FIELD, ("issues",), "there is nothing to bargain over", "no issues", "one issue or more"
        )
    if "parties" in frame.readable and len(frame.parties) < 2:
        found = f"{len(frame.parties)} at the table"
        yield Fault(Kind.MISSING_FIELD, ("parties",), "a bargain needs two parties", found, "two or more")


def _names(parts: Parts, frame: Frame) -> Iterator[Fault]:
    """Every name can stand in a dotted name, and stands once."""
    groups = parts.flow.groups if parts.flow is not None else ()
    listed: tuple[tuple[tuple[str, ...], Place], ...] = (
        (frame.payoffs, ("payoffs",)),
        (frame.threats, ("threats",)),
        (tuple(group.name for group in groups), ("flow", "groups")),
    )
    for names, section in listed:
        for at, name in enumerate(names):
            yield from _name(name, (*section, at, "name"))
            first = names.index(name)
            if name and first < at:
                expected = f"one entry of this name; first at {section[-1]}[{first}]"
                yield Fault(Kind.DUPLICATE_KEY, (*section, at, "name"), "the name stands twice", repr(name), expected)
    mapped = {"parties": frame.parties, "issues": frame.issues, "ratifiers": frame.ratifiers, "budgets": parts.budgets}
    for place, keys in mapped.items():
        for name in keys:
            yield from _name(name, (place, name))
    for name in frame.ratifiers:
        if name in frame.parties:
            yield Fault(
                Kind.DUPLICATE_KEY, ("ratifiers", name), "a party has this name", repr(name), "a name of its own"
            )


def _name(name: str, place: Place) -> Iterator[Fault]:
    if name and not NAME.fullmatch(name):
        expected = "a letter, then letters, figures, `_` and `-`"
        yield Fault(Kind.WRONG_TYPE, place, "a name that cannot be used", repr(name), expected)


def _sources(parts: Parts, frame: Frame) -> Iterator[Fault]:
    for name in frame.own_sources:
        if name in frame.given_sources:
            yield Fault(
                Kind.DUPLICATE_KEY, ("sources", name), "the case or its ledger already names this source", repr(name),
                "a key of its own, or the earlier entry alone",
            )  # fmt: skip
    for place, names in _cited(parts):
        for name in names:
            if name not in frame.sources:
                yield unknown(Kind.UNKNOWN_NAME, (*place, "source"), "unknown source", name, frame.sources)


def _cited(parts: Parts) -> Iterator[tuple[Place, tuple[str, ...]]]:
    for code, party in parts.parties.items():
        yield ("parties", code), party.source
    for name, issue in parts.issues.items():
        yield ("issues", name), issue.source
        for at, window in enumerate(issue.on_table or ()):
            yield ("issues", name, "on_table", at), window.source
    for at, payoff in parts.payoffs.items():
        yield ("payoffs", at), payoff.source
    for name, ratifier in parts.ratifiers.items():
        yield ("ratifiers", name), ratifier.source
    for name, budget in parts.budgets.items():
        yield ("budgets", name), budget.source
    for at, threat in parts.threats.items():
        yield ("threats", at), threat.source
    for section, one in (("arrivals", parts.arrivals), ("flow", parts.flow)):
        if one is not None:
            yield (section,), one.source


def _known(name: str, names: Iterable[str], what: str, place: Place) -> Iterator[Fault]:
    known = tuple(names)
    if name not in known:
        yield unknown(Kind.UNKNOWN_NAME, place, f"unknown {what}", name, known)


def _party(code: str, party: Party, frame: Frame) -> Iterator[Fault]:
    if frame.roles is not None and code not in frame.roles:
        yield unknown(Kind.UNKNOWN_NAME, ("parties", code), "no such country in the case", code, frame.roles)
    elif frame.roles is not None and party.role != frame.roles[code]:
        yield Fault(
            Kind.WRONG_ROLES, ("parties", code, "role"), "the case gives it another role", repr(party.role),
            repr(frame.roles[code]),
        )  # fmt: skip
    for at, (one, other) in enumerate(pairwise(party.elections), 1):
        if other <= one:
            yield Fault(
                Kind.REVERSED_DATES, ("parties", code, "elections", at), "elections out of order",
                f"{other} after {one}", "the earlier day first",
            )  # fmt: skip


def _issue(issue: Issue, frame: Frame, place: Place) -> Iterator[Fault]:
    if issue.owner not in frame.parties:
        yield unknown(
            Kind.UNKNOWN_NAME, (*place, "owner"), "nobody at the table can deliver this issue", issue.owner,
            frame.parties,
        )  # fmt: skip
    if not issue.low < issue.high:
        found = f"{issue.low:g} to {issue.high:g}"
        yield Fault(Kind.OUT_OF_BOUNDS, (*place, "high"), "bounds in disorder", found, "`low` below `high`")
    else:
        amounts: list[tuple[Place, float]] = [((*place, "status_quo"), issue.status_quo)]
        amounts += [((*place, "menu", at), amount) for at, amount in enumerate(issue.menu)]
        for where, amount in amounts:
            if not issue.low <= amount <= issue.high:
                expected = f"from {issue.low:g} to {issue.high:g}"
                yield Fault(Kind.OUT_OF_BOUNDS, where, "outside the bounds of the issue", f"{amount:g}", expected)
    for at, name in enumerate(issue.ledger):
        if frame.ledger is None:
            yield Fault(
                Kind.UNKNOWN_NAME, (*place, "ledger", at), "there is no ledger to look this up in", repr(name),
                "a case that has a ledger, or no `ledger`",
            )  # fmt: skip
        else:
            yield from _known(name, frame.ledger, "issue of the ledger", (*place, "ledger", at))


def _table(issue: Issue, place: Place) -> Iterator[Fault]:
    """Windows in which an issue can be on the table."""
    windows = list(enumerate(issue.on_table or ()))
    for at, window in windows:
        if window.last is not None and window.last < window.first:
            yield _reversed(window, (*place, at, "to"))
        if not issue.low < window.cap <= issue.high and issue.low < issue.high:
            expected = f"above {issue.low:g}, and {issue.high:g} at most"
            yield Fault(
                Kind.OUT_OF_BOUNDS, (*place, at, "cap"), "a cap outside the bounds of the issue", f"{window.cap:g}",
                expected,
            )  # fmt: skip
    for (_, one), (at, other) in combinations(windows, 2):
        if one.overlaps(other):
            yield Fault(
                Kind.CONTRADICTION, (*place, at), "two caps on one day", f"a window from {other.first}",
                f"no day of the window from {one.first} to {one.last or 'open'}",
            )  # fmt: skip


def _reversed(dated: Window | Threat, place: Place) -> Fault:
    found = f"{dated.first} to {dated.last}"
    return Fault(Kind.REVERSED_DATES, place, "it ends before it starts", found, "the earlier day first")


def _payoff(payoff: Payoff, frame: Frame, place: Place) -> Iterator[Fault]:
    yield from _known(payoff.voice, frame.voices, "party or ratifier", (*place, "voice"))
    yield from _known(payoff.issue, frame.issues, "issue", (*place, "issue"))
    if payoff.form not in FORMS:
        yield unknown(Kind.UNKNOWN_NAME, (*place, "form"), "unknown form of payoff", payoff.form, FORMS)
        return
    wanted, expected = payoff.wanted, ", ".join(FORMS[payoff.form])
    if payoff.form == "quadratic":
        expected += "; or best, curve"
    for name in payoff.given:
        if name not in wanted:
            yield Fault(
                Kind.WRONG_QUANTITY, (*place, name), f"{payoff.form!r} takes no such coefficient", repr(name), expected
            )
    for name in wanted:
        if name not in payoff.given:
            yield Fault(Kind.MISSING_FIELD, place, f"`{name}` is missing", f"a {payoff.form!r} without it", expected)


def _budget(budget: Budget, frame: Frame, place: Place) -> Iterator[Fault]:
    for name in budget.weights:
        yield from _known(name, frame.issues, "issue", (*place, "weights", name))


def _flow(flow: Flow, issues: Mapping[str, Issue], frame: Frame) -> Iterator[Fault]:
    moving = {name: issue.lever for name, issue in issues.items() if issue.lever != "none"}
    for at, group in enumerate(flow.groups):
        for name in group.held_back_by:
            yield from _known(name, frame.issues, "issue", ("flow", "groups", at, "held_back_by", name))
    if not flow.corridor:
        for name, lever in moving.items():
            yield Fault(
                Kind.WRONG_QUANTITY, ("issues", name, "lever"), "there is no corridor to move", repr(lever),
                "no `lever`, or `corridor: true` under `flow`",
            )  # fmt: skip
        return
    if frame.roles is None:
        yield Fault(Kind.MISSING_FIELD, ("flow", "corridor"), "no case has this corridor", "no `case`", "its name")
    if not moving and len(issues) == len(frame.issues):
        yield Fault(
            Kind.MISSING_FIELD, ("flow", "corridor"), "no issue moves the corridor", "no `lever`",
            f"an issue whose `lever` is one of {', '.join(LEVERS)}",
        )  # fmt: skip
    for (one, lever), (other, same) in combinations(moving.items(), 2):
        if lever == same:
            expected = f"one issue alone; {one!r} already moves it"
            yield Fault(Kind.CONTRADICTION, ("issues", other, "lever"), "two issues on one axis", repr(same), expected)


def _threat(threat: Threat, frame: Frame, place: Place) -> Iterator[Fault]:
    for key, name in (("sender", threat.sender), ("target", threat.target)):
        yield from _known(name, frame.parties, "party", (*place, key))
    if threat.sender == threat.target:
        yield Fault(
            Kind.WRONG_HOLDER, (*place, "target"), "a party threatens itself", threat.target, "two parties that differ"
        )
    if threat.last is not None and threat.last < threat.first:
        yield _reversed(threat, (*place, "to"))


def _figures(parts: Parts) -> Iterator[Fault]:
    """Every number lies where it can, and what is believed of it keeps it there."""
    for figure in parts.figures():
        what, expected = figure.number.fault(figure.domain)
        if what:
            is_misplaced = what == MISPLACED
            if is_misplaced and figure.place[0] == "payoffs" and figure.place[-1] != "best":
                what = "this payoff is not concave"
            found = " to ".join(f"{x:g}" for x in figure.number.ends)
            yield Fault(Kind.OUT_OF_BOUNDS if is_misplaced else Kind.WRONG_PRIOR, figure.place, what, found, expected)
