"""The sections of a bargaining table that can be read, and every number in them by its dotted name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from palanca.spec.belief import DOMAINS, Domain, Number
from palanca.spec.faults import Place
from palanca.spec.talks_schema import COEFFICIENTS, Budget, Dislike, File, Flow, Issue, Party, Payoff, Ratifier, Threat


@dataclass(frozen=True)
class Figure:
    """One number of a table.

    Attributes:
        name: Section, entry and key, joined by dots, as in `payoffs.worth_visas.scale`.
        place: Where it stands in the file.
        number: As it is written.
        domain: Where it can lie.
        source: Keys of the sources of its entry.
    """

    name: str
    place: Place
    number: Number
    domain: Domain
    source: tuple[str, ...]


@dataclass(frozen=True)
class Parts:
    """Entries by section: those that can be read; entries of a list by their place in it.

    Attributes:
        parties: Who bargains.
        issues: What about.
        payoffs: What each gets.
        arrivals: What arrivals cost; None while it cannot be read.
        ratifiers: Who else must agree.
        budgets: Ceilings.
        flow: Where arrivals come from; None while it cannot be read.
        threats: Harms announced.
    """

    parties: Mapping[str, Party]
    issues: Mapping[str, Issue]
    payoffs: Mapping[int, Payoff]
    arrivals: Dislike | None
    ratifiers: Mapping[str, Ratifier]
    budgets: Mapping[str, Budget]
    flow: Flow | None
    threats: Mapping[int, Threat]

    @classmethod
    def of(cls, file: File) -> Parts:
        """All of a file that could be read as a whole."""
        return cls(
            parties=file.parties,
            issues=file.issues,
            payoffs=dict(enumerate(file.payoffs)),
            arrivals=file.arrivals,
            ratifiers=file.ratifiers,
            budgets=file.budgets,
            flow=file.flow,
            threats=dict(enumerate(file.threats)),
        )

    def figures(self) -> Iterator[Figure]:
        """Every number that may be uncertain, in the order of sections, entries and keys."""
        for code, party in self.parties.items():
            keys = {"weight": "positive", "patience": "inner_chance", "exit_hazard": "chance", "floor": "any"}
            yield from _of(party, keys, f"parties.{code}", ("parties", code))
        for name, issue in self.issues.items():
            yield from _of(issue, {"observed": "chance"}, f"issues.{name}", ("issues", name))
        for at, payoff in self.payoffs.items():
            yield from _of(payoff, _coefficients(payoff), f"payoffs.{payoff.name}", ("payoffs", at))
        if self.arrivals is not None:
            yield from _of(self.arrivals, {"dislike": "not_negative"}, "arrivals", ("arrivals",))
        for name, ratifier in self.ratifiers.items():
            keys = {"floor": "any", "dislike": "not_negative"}
            yield from _of(ratifier, keys, f"ratifiers.{name}", ("ratifiers", name))
        yield from self._flow()
        for at, threat in self.threats.items():
            keys = dict.fromkeys(("harm", "cost"), "not_negative") | dict.fromkeys(("survival", "belief"), "chance")
            keys["reputation"] = "not_negative"
            yield from _of(threat, keys, f"threats.{threat.name}", ("threats", at))

    def _flow(self) -> Iterator[Figure]:
        if self.flow is None:
            return
        source, domain = self.flow.source, DOMAINS["not_negative"]
        for at, group in enumerate(self.flow.groups):
            name, place = f"flow.{group.name}", ("flow", "groups", at)
            yield Figure(f"{name}.size", (*place, "size"), group.size, domain, source)
            for issue, rate in group.held_back_by.items():
                yield Figure(f"{name}.held_back_by.{issue}", (*place, "held_back_by", issue), rate, domain, source)


def _coefficients(payoff: Payoff) -> Mapping[str, str]:
    """Coefficients that the form takes and that are written, with their domains."""
    wanted = payoff.wanted
    return {name: wanted[name] for name in COEFFICIENTS if name in wanted and name in payoff.given}


def _of(
    entry: Party | Issue | Payoff | Dislike | Ratifier | Threat, keys: Mapping[str, str], name: str, place: Place
) -> Iterator[Figure]:
    for key, domain in keys.items():
        number = getattr(entry, key)
        if number is not None:
            yield Figure(f"{name}.{key}", (*place, key), number, DOMAINS[domain], entry.source)
