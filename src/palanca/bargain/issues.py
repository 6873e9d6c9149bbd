"""What is declared of a bargain: issues, parties, ratifiers, budgets; plain records that a case file fills in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import isfinite

from palanca.bargain.refusals import DeclarationError
from palanca.bargain.utility import Term


@dataclass(frozen=True)
class Issue:
    """Something one party can deliver.

    Attributes:
        name: How it is called.
        owner: Party that delivers it.
        low: Least amount [unit of issue], from 0 up.
        high: Greatest amount that law and capacity allow [unit of issue].
        status_quo: Amount without a deal [unit of issue].
        menu: The only amounts possible, for an issue that comes in lumps; empty if any amount will do.
    """

    name: str
    owner: str
    low: float = 0.0
    high: float = 1.0
    status_quo: float = 0.0
    menu: tuple[float, ...] = ()


@dataclass(frozen=True)
class Party:
    """A government at the table.

    Attributes:
        name: How it is called.
        weight: Bargaining weight a_i [relative], above 0.
        dislike: What an arrival costs it [payoff / person], lambda times salience.
        floor: Least payoff it accepts, as from an outside option [payoff]; nothing beyond no deal if not given.
    """

    name: str
    weight: float = 1.0
    dislike: float = 0.0
    floor: float | None = None


@dataclass(frozen=True)
class Ratifier:
    """Someone at home without whom a deal does not stand, with payoffs of its own among the declared terms.

    Attributes:
        name: How it is called.
        party: Party it belongs to.
        floor: Least payoff it accepts [payoff]; what it has without a deal if not given.
        dislike: What an arrival costs it [payoff / person].
    """

    name: str
    party: str
    floor: float | None = None
    dislike: float = 0.0


@dataclass(frozen=True)
class Budget:
    """A ceiling on a weighted sum of issues: sum_k weight_k z_k <= limit.

    Attributes:
        name: How it is called.
        weights: Issue and weight, pair by pair [unit of budget / unit of issue].
        limit: The ceiling [unit of budget].
    """

    name: str
    weights: tuple[tuple[str, float], ...]
    limit: float


@dataclass(frozen=True)
class Declaration:
    """Everything that is declared of a bargain but the flow of people.

    Attributes:
        parties: Who bargains, two or more.
        issues: What about, one or more.
        terms: What each party and ratifier gets from each issue.
        ratifiers: Who else must agree.
        budgets: Ceilings across issues.
    """

    parties: tuple[Party, ...]
    issues: tuple[Issue, ...]
    terms: tuple[Term, ...]
    ratifiers: tuple[Ratifier, ...] = ()
    budgets: tuple[Budget, ...] = ()

    def check(self) -> None:
        """Refuse a declaration that cannot be bargained over, saying where and how to mend it.

        Raises:
            DeclarationError: At the first fault.
        """
        if not self.issues:
            raise DeclarationError(
                "there is nothing to bargain over",
                where="issues",
                found="an empty list",
                expected="one issue or more",
                way_out="Declare what each side can deliver.",
            )
        if len(self.parties) < 2:
            raise DeclarationError("a bargain needs two parties", where="parties", found=str(len(self.parties)))
        names = {party.name for party in self.parties}
        voices = [party.name for party in self.parties] + [one.name for one in self.ratifiers]
        _once(voices, "parties and ratifiers")
        _once((issue.name for issue in self.issues), "issues")
        _once((budget.name for budget in self.budgets), "budgets")
        for party in self.parties:
            if not (isfinite(party.weight) and party.weight > 0.0):
                raise DeclarationError(
                    "a bargaining weight must be above 0", where=f"party {party.name}", found=f"{party.weight:g}"
                )
        everyone: tuple[Party | Ratifier, ...] = (*self.parties, *self.ratifiers)
        for one in everyone:
            if not one.dislike >= 0.0:
                raise DeclarationError(
                    "a liking for arrivals is not concave",
                    where=one.name,
                    found=f"dislike {one.dislike:g}",
                    expected="0 or more",
                    way_out="Give what is liked about arrivals as a payoff of an issue.",
                )
        for issue in self.issues:
            _check_issue(issue, names)
        known = {issue.name for issue in self.issues}
        for ratifier in self.ratifiers:
            _named(ratifier.party, names, f"ratifier {ratifier.name}", "party")
        for term in self.terms:
            _named(term.voice, set(voices), f"payoff from {term.issue}", "party or ratifier")
            _named(term.issue, known, f"payoff of {term.voice}", "issue")
            term.check()
        for budget in self.budgets:
            for name, _ in budget.weights:
                _named(name, known, f"budget {budget.name}", "issue")


def _check_issue(issue: Issue, parties: set[str]) -> None:
    where = f"issue {issue.name}"
    if issue.owner not in parties:
        raise DeclarationError(
            "nobody at the table can deliver this issue",
            where=where,
            found=f"owner {issue.owner!r}",
            expected="one of " + ", ".join(sorted(parties)),
            way_out="Name the party that delivers it, or take the issue off the list.",
        )
    if not (0.0 <= issue.low < issue.high and isfinite(issue.high)):
        raise DeclarationError(
            "bounds in disorder", where=where, found=f"[{issue.low:g}, {issue.high:g}]", expected="0 <= low < high"
        )
    for what, amount in (("status quo", issue.status_quo), *(("menu entry", one) for one in issue.menu)):
        if not issue.low <= amount <= issue.high:
            raise DeclarationError(
                f"{what} outside the bounds",
                where=where,
                found=f"{amount:g}",
                expected=f"between {issue.low:g} and {issue.high:g}",
            )


def _once(names: Iterable[str], where: str) -> None:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            raise DeclarationError("one name stands for two things", where=where, found=repr(name))
        seen.add(name)


def _named(name: str, known: set[str], where: str, kind: str) -> None:
    if name not in known:
        raise DeclarationError(
            f"unknown {kind}", where=where, found=repr(name), expected="one of " + ", ".join(sorted(known))
        )
