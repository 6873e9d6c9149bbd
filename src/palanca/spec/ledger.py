"""YAML → the deal ledger of a case: who gave what for what, when, on whose word; all faults come together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from palanca.core.clock import Month
from palanca.core.errors import CaseErrors
from palanca.spec import ledger_check, load, marks, packaged
from palanca.spec.faults import Fault
from palanca.spec.ledger_check import Frame
from palanca.spec.ledger_schema import KINDS, File, Issue, Row
from palanca.spec.schema import Case, Months, Source

NAME = "ledger.yaml"


@dataclass(frozen=True)
class Ledger:
    """Dated acts between governments, with the issues they are coded in and the documents they rest on.

    Attributes:
        rows: The rows kept, in order of date.
        sources: Every document that rows may name, of the ledger and of its case.
        issues: The closed list of issues, in order of declaration.
        span: First and last month covered.
        threads: For every row of the file, the id of the first row of its thread: what is held out together when
            forecasts are scored by deal.
    """

    rows: tuple[Row, ...]
    sources: Mapping[str, Source]
    issues: Mapping[str, Issue]
    span: Months
    threads: Mapping[str, str]

    def without_inferred(self) -> Ledger:
        """The same ledger without rows whose link is only inferred; threads stay as they were."""
        return replace(self, rows=tuple(row for row in self.rows if row.link != "inferred"))

    def of_kind(self, *kinds: str) -> tuple[Row, ...]:
        """Rows of some kinds.

        Raises:
            KeyError: There is no such kind.
        """
        wanted = {kind: KINDS[kind] for kind in kinds}
        return tuple(row for row in self.rows if row.kind in wanted)

    def between(self, *countries: str) -> tuple[Row, ...]:
        """Rows with a pair of parties both of which are among these countries, whichever gives."""
        wanted = set(countries)
        return tuple(row for row in self.rows if any(set(pair) <= wanted for pair in row.pairs))

    def lifts_a_threat(self, row: Row) -> bool:
        """Whether a withdrawal lifts a threat of this ledger, and so gives rather than takes."""
        threats = {other.id for other in self.rows if other.kind == "threat"}
        return row.kind == "withdrawal" and row.of in threats

    def by_quarter(self) -> dict[Month, tuple[Row, ...]]:
        """Rows by the first month of the quarter in which they start; quarters without a row are there too."""
        first, last = self.span.first, self.span.last
        quarters: dict[Month, list[Row]] = {_quarter(first + i): [] for i in range(last - first + 1)}
        for row in self.rows:
            quarters[_quarter(row.date.first.month)].append(row)
        return {quarter: tuple(rows) for quarter, rows in quarters.items()}

    def counts(self) -> dict[str, dict[str, int]]:
        """Number of rows by kind, link, basis of date and pair of parties (either giving), most frequent first."""
        pairs = (" - ".join(pair) for row in self.rows for pair in sorted({_sorted(pair) for pair in row.pairs}))
        columns: dict[str, Iterable[str]] = {
            "kind": (row.kind for row in self.rows),
            "link": (row.link for row in self.rows),
            "date_basis": (row.date_basis for row in self.rows),
            "pair": pairs,
        }
        return {name: dict(Counter(values).most_common()) for name, values in columns.items()}


def load_ledger(what: str | Path) -> Ledger:
    """Read the ledger of a shipped case by the case's name, or a ledger from a file.

    Raises:
        CaseFileError: There is no such file or name, the case has no ledger, or the file is not YAML.
        CaseErrors: The ledger, or the case that it belongs to, has faults; all of them, each with file and line.
    """
    path = find(what)
    return read(marks.read(path), path.parent)


def loads_ledger(text: str, name: str = "ledger", folder: Path | None = None) -> Ledger:
    """Read a ledger from YAML text; `name` is what messages call it, `folder` where its case is looked for.

    Raises:
        CaseFileError: The text is not YAML, or names a case that is not there.
        CaseErrors: The ledger has faults.
    """
    return read(marks.parse(text, name), folder or Path())


def shipped() -> list[str]:
    """Names of the cases that come with a ledger."""
    return list(packaged.of_cases(NAME))


def find(what: str | Path) -> Path:
    """The ledger behind a path or the name of a shipped case.

    Raises:
        CaseFileError: Neither a file nor a shipped case that has a ledger.
    """
    way_out = "Write a ledger beside the case, after the shipped one."
    known = packaged.of_cases(NAME)
    return packaged.find(what, known, noun="ledger", kind="shipped case with a ledger", way_out=way_out)


def read(marked: marks.Marked, folder: Path) -> Ledger:
    """Turn marked YAML into a ledger.

    Args:
        marked: The file's content and lines.
        folder: Folder from which a path to the case is seen.

    Raises:
        CaseFileError: The case that it names is not there.
        CaseErrors: The ledger, or its case, has faults; all of them, each with file and line.
    """
    content: Mapping[str, Any] = marked.content if isinstance(marked.content, dict) else {}
    case = _case(content, folder)
    found = list(marked.faults)
    try:
        file = File.model_validate(marked.content)
    except ValidationError as fault:
        found += load.complaints(fault, File)
        if case is not None:
            found += _among_the_sound(content, fault, case)
        raise CaseErrors(load.worded(found, marked)) from fault
    case = case or load.load(file.case)
    found += ledger_check.faults(dict(enumerate(file.rows)), _frame(content, case, file.span, file.issues))
    if found:
        raise CaseErrors(load.worded(found, marked))
    return Ledger(
        rows=file.rows,
        sources={**case.sources, **file.sources},
        issues=file.issues,
        span=file.span,
        threads=_threads(file.rows),
    )


def _case(content: Mapping[str, Any], folder: Path) -> Case | None:
    """The case that a ledger names; None when it names none that could be looked for."""
    named = content.get("case")
    if not isinstance(named, str) or not named.strip():
        return None
    beside = folder / named.strip()
    return load.load(beside if beside.is_file() else named.strip())


def _frame(content: Mapping[str, Any], case: Case, span: Months | None, issues: Mapping[str, Issue]) -> Frame:
    """What rows are checked against: every name that the file declares, whether or not its entry can be read."""
    rows, named, own = (content.get(key) for key in ("rows", "issues", "sources"))
    ids = (row.get("id") if isinstance(row, dict) else None for row in rows) if isinstance(rows, tuple) else ()
    return Frame(
        roles={code: country.role for code, country in case.countries.items()},
        span=span,
        case_span=case.span,
        issues=issues,
        issue_names=tuple(named) if isinstance(named, dict) else (),
        own_sources=tuple(own) if isinstance(own, dict) else (),
        case_sources=tuple(case.sources),
        ids=tuple(name.strip() if isinstance(name, str) else "" for name in ids),
    )


def _among_the_sound(content: Mapping[str, Any], raised: ValidationError, case: Case) -> list[Fault]:
    """Breaches of the rules among what is left once every malformed item is set aside."""
    bad: dict[object, set[object]] = {}
    for error in raised.errors(include_url=False, include_input=False):
        section, item, *_ = (*error["loc"], None, None)
        bad.setdefault(section, set()).add(item)
    sound = {
        key: [(name, item) for name, item in _listed(content.get(key)) if not bad.get(key, set()) & {name, None}]
        for key in ("rows", "issues")
    }
    rows = {int(number): Row.model_validate(item) for number, item in sound["rows"]}
    issues = {str(name): Issue.model_validate(item) for name, item in sound["issues"]}
    span = None if "span" in bad else Months.model_validate(content["span"])
    return ledger_check.faults(rows, _frame(content, case, span, issues))


def _listed(items: Any) -> Iterable[tuple[Any, Any]]:
    if isinstance(items, tuple):
        return enumerate(items)
    return items.items() if isinstance(items, dict) else ()


def _threads(rows: tuple[Row, ...]) -> dict[str, str]:
    """For each row, the first of the rows that it goes back to; a row only refers to rows above it."""
    first: dict[str, str] = {}
    for row in rows:
        first[row.id] = first[row.of] if row.of else row.id
    return first


def _quarter(month: Month) -> Month:
    return month + -((month.number - 1) % 3)


def _sorted(pair: tuple[str, str]) -> tuple[str, str]:
    return (pair[0], pair[1]) if pair[0] <= pair[1] else (pair[1], pair[0])
