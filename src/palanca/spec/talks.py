"""YAML → a bargaining table: who bargains over what, for what, when; all faults come together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from palanca.core.clock import Month
from palanca.core.errors import CaseErrors, ChangeError
from palanca.core.wording import nearest
from palanca.spec import ledger, load, marks, packaged, talks_check
from palanca.spec.belief import Belief
from palanca.spec.days import Day
from palanca.spec.schema import Case, Source
from palanca.spec.talks_check import Frame
from palanca.spec.talks_parts import Figure, Parts
from palanca.spec.talks_schema import FORMS, Budget, Dislike, File, Flow, Issue, Party, Payoff, Ratifier, Threat

NAME = "talks.yaml"
THOUSAND = 1000.0
_SECTIONS: dict[str, type[BaseModel]] = {
    "parties": Party,
    "issues": Issue,
    "payoffs": Payoff,
    "ratifiers": Ratifier,
    "budgets": Budget,
    "threats": Threat,
}


@dataclass(frozen=True)
class Talks:
    """A bargaining table.

    Attributes:
        file: Everything declared, section by section.
        sources: Every document that entries may name, of the table, of its case and of the case's ledger.
    """

    file: File
    sources: Mapping[str, Source]

    @property
    def issues(self) -> Mapping[str, Issue]:
        """What is bargained over, in the order of packages."""
        return self.file.issues

    @property
    def parties(self) -> Mapping[str, Party]:
        """Who bargains, by code."""
        return self.file.parties

    @cached_property
    def _figures(self) -> dict[str, Figure]:
        return {figure.name: figure for figure in Parts.of(self.file).figures()}

    def without(self, issue: str) -> Talks:
        """The same table with one issue never on it.

        Raises:
            KeyError: There is no such issue.
        """
        never = self.issues[issue].model_copy(update={"on_table": ()})
        return Talks(self.file.model_copy(update={"issues": {**self.issues, issue: never}}), self.sources)

    def caps(self, month: Month) -> dict[str, float]:
        """Greatest amount of each issue in a month [unit of issue]; 0 where it is off the table.

        An issue counts as on the table in a month if it is on any of its days, at the greatest cap of these days.
        """
        return {name: _cap(issue, month) for name, issue in self.issues.items()}

    def threats_at(self, month: Month) -> tuple[Threat, ...]:
        """Threats that stand on some day of a month."""
        return tuple(one for one in self.file.threats if _touches(one.first, one.last, month))

    def months_to_election(self, party: str, month: Month) -> int | None:
        """Months to the next election of a party, 0 in its month; None after the last one declared.

        Raises:
            KeyError: There is no such party.
        """
        ahead = [day.month - month for day in self.parties[party].elections]
        return min((months for months in ahead if months >= 0), default=None)

    def beliefs(self) -> dict[str, Belief]:
        """Every uncertain number by its dotted name, as in `payoffs.worth_visas.scale`, in the order of the file."""
        found = {
            name: figure.number.belief(figure.domain, self.file.priors.log_sd, figure.source)
            for name, figure in self._figures.items()
        }
        return {name: belief for name, belief in found.items() if belief is not None}

    def middles(self) -> dict[str, float]:
        """Every number, exact or not, by its dotted name: itself, or the middle of what is believed."""
        return {name: figure.number.middle(figure.domain) for name, figure in self._figures.items()}

    def middle(self, name: str) -> float:
        """One number, or the middle of what is believed of it.

        Raises:
            ChangeError: There is no number of this name.
        """
        self._known((name,))
        return self._figures[name].number.middle(self._figures[name].domain)

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
            if name not in self._figures:
                hint = nearest(name, self._figures)
                raise ChangeError(
                    "the table has no number of this name",
                    where="talks",
                    found=repr(name),
                    expected="a dotted name such as " + ", ".join(list(self._figures)[:3]),
                    way_out=f"Did you mean {hint!r}?" if hint else "",
                )


def load_talks(what: str | Path) -> Talks:
    """Read the shipped table of a name, or a table from a file.

    Raises:
        CaseFileError: There is no such file or name, or the file is not YAML.
        CaseErrors: The table, its case or the case's ledger has faults; all of them, each with file and line.
    """
    path = find(what)
    return read(marks.read(path), path.parent)


def loads_talks(text: str, name: str = "talks", folder: Path | None = None) -> Talks:
    """Read a table from YAML text; `name` is what messages call it, `folder` where its case is looked for.

    Raises:
        CaseFileError: The text is not YAML, or names a case that is not there.
        CaseErrors: The table has faults.
    """
    return read(marks.parse(text, name), folder or Path())


def shipped() -> list[str]:
    """Names of the tables that come with the package; some belong to no case."""
    return list(packaged.of_cases(NAME))


def find(what: str | Path) -> Path:
    """The table behind a path or a shipped name.

    Raises:
        CaseFileError: Neither a file nor a shipped table.
    """
    way_out = "Write one after the shipped ones."
    known = packaged.of_cases(NAME)
    return packaged.find(what, known, noun="bargaining table", kind="shipped table", way_out=way_out)


def read(marked: marks.Marked, folder: Path) -> Talks:
    """Turn marked YAML into a table.

    Args:
        marked: The file's content and lines.
        folder: Folder from which a path to the case is seen.

    Raises:
        CaseFileError: The case that it names is not there.
        CaseErrors: The table, its case or the case's ledger has faults; all of them, each with file and line.
    """
    content: Mapping[str, Any] = marked.content if isinstance(marked.content, dict) else {}
    case, deals = _beside(content, folder)
    frame = _frame(content, case, deals)
    found = list(marked.faults)
    try:
        file = File.model_validate(marked.content)
    except ValidationError as fault:
        found += load.complaints(fault, File)
        if content:
            found += talks_check.faults(_sound(content, fault), frame)
        raise CaseErrors(load.worded(found, marked)) from fault
    found += talks_check.faults(Parts.of(file), frame)
    if found:
        raise CaseErrors(load.worded(found, marked))
    above = deals.sources if deals is not None else case.sources if case is not None else {}
    return Talks(file, {**above, **file.sources})


def _beside(content: Mapping[str, Any], folder: Path) -> tuple[Case | None, ledger.Ledger | None]:
    """The case that a table names, and the ledger that lies beside it; None where there is none."""
    named = content.get("case")
    if not isinstance(named, str) or not named.strip():
        return None, None
    path = folder / named.strip()
    path = path if path.is_file() else load.find(named.strip())
    deals = path.parent / ledger.NAME
    return load.load(path), ledger.load_ledger(deals) if deals.is_file() else None


def _frame(content: Mapping[str, Any], case: Case | None, deals: ledger.Ledger | None) -> Frame:
    """What entries are checked against: every name that the file declares, whether or not its entry can be read."""
    above = deals.sources if deals is not None else case.sources if case is not None else {}
    return Frame(
        roles=None if case is None else {code: country.role for code, country in case.countries.items()},
        readable=tuple(name for name, section in content.items() if isinstance(section, dict)),
        parties=_keys(content, "parties"),
        issues=_keys(content, "issues"),
        ratifiers=_keys(content, "ratifiers"),
        payoffs=_listed(content, "payoffs"),
        threats=_listed(content, "threats"),
        ledger=None if deals is None else tuple(deals.issues),
        own_sources=_keys(content, "sources"),
        given_sources=tuple(above),
    )


def _keys(content: Mapping[str, Any], section: str) -> tuple[str, ...]:
    named = content.get(section)
    return tuple(named) if isinstance(named, dict) else ()


def _listed(content: Mapping[str, Any], section: str) -> tuple[str, ...]:
    rows = content.get(section)
    names = (row.get("name") if isinstance(row, dict) else None for row in rows) if isinstance(rows, tuple) else ()
    return tuple(name.strip() if isinstance(name, str) else "" for name in names)


def _sound(content: Mapping[str, Any], raised: ValidationError) -> Parts:
    """What is left once every malformed entry is set aside."""
    bad: dict[object, set[object]] = {}
    for error in raised.errors(include_url=False, include_input=False):
        section, item, *_ = (*error["loc"], None, None)
        bad.setdefault(section, set()).add(item)
    kept: dict[str, dict[Any, Any]] = {}
    for key, model in _SECTIONS.items():
        items = content.get(key)
        pairs: Iterable[tuple[Any, Any]] = enumerate(items) if isinstance(items, tuple) else ()
        pairs = items.items() if isinstance(items, dict) else pairs
        kept[key] = {name: model.model_validate(item) for name, item in pairs if not bad.get(key, set()) & {name, None}}
    arrivals = None if "arrivals" in bad else Dislike.model_validate(content["arrivals"])
    return Parts(arrivals=arrivals, flow=None if "flow" in bad else Flow.model_validate(content["flow"]), **kept)


def _touches(first: Day, last: Day | None, month: Month) -> bool:
    return first.month <= month and (last is None or month <= last.month)


def _cap(issue: Issue, month: Month) -> float:
    if issue.on_table is None:
        return issue.high
    return max((one.cap for one in issue.on_table if _touches(one.first, one.last, month)), default=0.0)


def _plain_issue(name: str, issue: Issue) -> dict[str, Any]:
    bounds = {"low": issue.low, "high": issue.high, "status_quo": issue.status_quo}
    return {"name": name, "owner": issue.owner, **bounds, "menu": list(issue.menu)}


def _plain_payoff(payoff: Payoff, at: Mapping[str, float]) -> dict[str, Any]:
    def number(key: str) -> float:
        return at[f"payoffs.{payoff.name}.{key}"]

    numbers = {
        key: number("best") * number("curve") if key == "slope" and payoff.slope is None else number(key)
        for key in FORMS[payoff.form]
    }
    head = {"voice": payoff.voice, "issue": payoff.issue, "form": payoff.form}
    return {**head, **numbers, "from_top": payoff.from_top}


def _plain_ratifier(name: str, one: Ratifier, at: Mapping[str, float]) -> dict[str, Any]:
    plain: dict[str, Any] = {"name": name, "party": one.party}
    if one.floor is not None:
        plain["floor"] = at[f"ratifiers.{name}.floor"]
    if one.dislike is not None:
        plain["dislike"] = at[f"ratifiers.{name}.dislike"]
    return plain
