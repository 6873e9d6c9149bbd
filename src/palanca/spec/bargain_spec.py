"""YAML → a bargaining table: who bargains over what, for what, when; all faults come together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from palanca.core.clock import Month
from palanca.core.errors import ChangeError
from palanca.core.wording import nearest
from palanca.spec import bargain_check, declared, ledger, load, marks, uncertain
from palanca.spec.bargain_check import Beside
from palanca.spec.bargain_schema import (
    FORMS,
    BargainFile,
    IssueSpec,
    PartySpec,
    PayoffSpec,
    ProtocolSpec,
    RatifierSpec,
    ThreatSpec,
    TieSpec,
)
from palanca.spec.days import Day
from palanca.spec.declared import Draft, FileFormat
from palanca.spec.schema import Source
from palanca.spec.uncertain import Uncertain

FORMAT = FileFormat(
    "bargaining table", BargainFile, "shipped table", "Write one after the shipped ones.", name="bargain.yaml"
)  # fmt: skip
THOUSAND = 1000.0


@dataclass(frozen=True)
class BargainSpec:
    """A bargaining table as it is declared.

    Attributes:
        file: Everything declared, section by section.
        sources: Every document that entries may name, of the table, of its case and of the case's ledger.
    """

    file: BargainFile
    sources: Mapping[str, Source]

    @property
    def issues(self) -> Mapping[str, IssueSpec]:
        """What is bargained over, in the order of packages."""
        return self.file.issues

    @property
    def parties(self) -> Mapping[str, PartySpec]:
        """Who bargains, by code."""
        return self.file.parties

    @cached_property
    def _laws(self) -> dict[str, Uncertain]:
        figures, log_sd = uncertain.figures(Draft.of(self.file)), self.file.priors.log_sd
        return {figure.name.replace("flow.groups.", "flow."): figure.law(log_sd) for figure in figures}

    def without(self, issue: str) -> BargainSpec:
        """The same table with one issue never on it.

        Raises:
            KeyError: There is no such issue.
        """
        never = self.issues[issue].model_copy(update={"on_table": ()})
        return BargainSpec(self.file.model_copy(update={"issues": {**self.issues, issue: never}}), self.sources)

    def caps(self, month: Month) -> dict[str, float]:
        """Greatest amount of each issue in a month [unit of issue]; 0 where it is off the table.

        An issue counts as on the table in a month if it is on any of its days, at the greatest cap of these days.
        """
        return {name: _cap(issue, month) for name, issue in self.issues.items()}

    def threats_at(self, month: Month) -> tuple[ThreatSpec, ...]:
        """Threats that stand on some day of a month."""
        return tuple(one for one in self.file.threats if _touches(one.first, one.last, month))

    def protocol_at(self, month: Month | None) -> ProtocolSpec | None:
        """How deals come about on some day of a month, if it is declared; nothing without a calendar."""
        standing = (one for one in self.file.protocols if month is not None and _touches(one.first, one.last, month))
        return next(standing, None)

    def ties_at(self, month: Month | None) -> tuple[TieSpec, ...]:
        """Ties that hold on some day of a month, or all without a calendar."""
        return tuple(one for one in self.file.ties if month is None or _touches(one.first, one.last, month))

    def months_to_election(self, party: str, month: Month) -> int | None:
        """Months to the next election of a party, 0 in its month; None after the last one declared.

        Raises:
            KeyError: There is no such party.
        """
        ahead = [day.month - month for day in self.parties[party].elections]
        return min((months for months in ahead if months >= 0), default=None)

    def beliefs(self) -> dict[str, Uncertain]:
        """Every number with a spread by dotted name, as in `payoffs.worth_visas.scale`, in the order of the file."""
        return {name: law for name, law in self._laws.items() if law.family != "fixed"}

    def middles(self) -> dict[str, float]:
        """Every number, exact or not, by its dotted name: itself, or the middle of what is believed."""
        return {name: law.middle for name, law in self._laws.items()}

    def middle(self, name: str) -> float:
        """One number, or the middle of what is believed of it.

        Raises:
            ChangeError: There is no number of this name.
        """
        self._known((name,))
        return self._laws[name].middle

    def declaration(self, values: Mapping[str, float] | None = None) -> dict[str, Any]:
        """Plain lists and mappings as `palanca.bargain.plain.declared` takes them.

        People are counted in thousands: what arrivals cost is per thousand, and so are the sizes of groups. Political
        multipliers (`scaled_by`), dated caps and threats are left to the caller; a corridor's flow has no groups.

        Args:
            values: Numbers to take instead of the middles, by dotted name; they are not checked again here.

        Raises:
            ChangeError: A value names no number.
        """
        given = dict(values or {})
        self._known(given)
        at = self.middles() | given
        return {
            "parties": [self._party(code, at) for code in self.parties],
            "issues": [_plain_issue(name, issue) for name, issue in self.issues.items()],
            "payoffs": [_plain_payoff(payoff, at) for payoff in self.file.payoffs],
            "ratifiers": [_plain_ratifier(name, one, at) for name, one in self.file.ratifiers.items()],
            "budgets": [
                {"name": name, "weights": dict(one.weights), "limit": one.limit}
                for name, one in self.file.budgets.items()
            ],
            "flow": [
                {
                    "size": at[f"flow.{group.name}.size"] / THOUSAND,
                    "held_back_by": {
                        issue: at[f"flow.{group.name}.held_back_by.{issue}"] for issue in group.held_back_by
                    },
                }
                for group in self.file.flow.groups
            ],
        }

    def _party(self, code: str, at: Mapping[str, float]) -> dict[str, Any]:
        party = self.parties[code]
        plain: dict[str, Any] = {"name": code, "weight": at[f"parties.{code}.weight"]}
        if code == self.file.arrivals.party:
            plain["dislike"] = at["arrivals.dislike"]
        if party.floor is not None:
            plain["floor"] = at[f"parties.{code}.floor"]
        return plain

    def _known(self, names: Iterable[str]) -> None:
        for name in names:
            if name not in self._laws:
                hint = nearest(name, self._laws)
                raise ChangeError(
                    "the table has no number of this name",
                    where="bargaining table",
                    found=repr(name),
                    expected="a dotted name such as " + ", ".join(list(self._laws)[:3]),
                    way_out=f"Did you mean {hint!r}?" if hint else "",
                )


def load_bargain(what: str | Path) -> BargainSpec:
    """Read the shipped table of a name, or a table from a file.

    Raises:
        CaseFileError: There is no such file or name, or the file is not YAML.
        CaseErrors: The table, its case or the case's ledger has faults; all of them, each with file and line.
    """
    path = FORMAT.find(what)
    return _read(marks.read(path), path.parent)


def loads_bargain(text: str, name: str = "bargain", folder: Path | None = None) -> BargainSpec:
    """Read a table from YAML text; `name` is what messages call it, `folder` where its case is looked for.

    Raises:
        CaseFileError: The text is not YAML, or names a case that is not there.
        CaseErrors: The table has faults.
    """
    return _read(marks.parse(text, name), folder or Path())


def _read(marked: marks.Marked, folder: Path) -> BargainSpec:
    path = load.named(marked, folder)
    deals = path.parent / ledger.FORMAT.name if path is not None else None
    beside = Beside(
        load.load(path) if path is not None else None,
        ledger.load_ledger(deals) if deals is not None and deals.is_file() else None,
    )
    file = declared.read(marked, BargainFile, lambda draft: bargain_check.faults(draft, beside))
    return BargainSpec(file, {**beside.sources, **file.sources})


def _touches(first: Day, last: Day | None, month: Month) -> bool:
    return first.month <= month and (last is None or month <= last.month)


def _cap(issue: IssueSpec, month: Month) -> float:
    if issue.on_table is None:
        return issue.high
    return max((one.cap for one in issue.on_table if _touches(one.first, one.last, month)), default=0.0)


def _plain_issue(name: str, issue: IssueSpec) -> dict[str, Any]:
    bounds = {"low": issue.low, "high": issue.high, "status_quo": issue.status_quo}
    return {"name": name, "owner": issue.owner, **bounds, "menu": list(issue.menu)}


def _plain_payoff(payoff: PayoffSpec, at: Mapping[str, float]) -> dict[str, Any]:
    def number(key: str) -> float:
        return at[f"payoffs.{payoff.name}.{key}"]

    numbers = {
        key: number("best") * number("curve") if key == "slope" and payoff.slope is None else number(key)
        for key in FORMS[payoff.form]
    }
    head = {"voice": payoff.voice, "issue": payoff.issue, "form": payoff.form}
    return {**head, **numbers, "from_top": payoff.from_top}


def _plain_ratifier(name: str, one: RatifierSpec, at: Mapping[str, float]) -> dict[str, Any]:
    plain: dict[str, Any] = {"name": name, "party": one.party}
    if one.floor is not None:
        plain["floor"] = at[f"ratifiers.{name}.floor"]
    if one.dislike is not None:
        plain["dislike"] = at[f"ratifiers.{name}.dislike"]
    return plain
