"""YAML → the deal ledger of a case: who gave what for what, when, on whose word; all faults come together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from palanca.core.clock import Month
from palanca.core.errors import UsageError
from palanca.spec import declared, ledger_check, load, marks
from palanca.spec.declared import FileFormat
from palanca.spec.ledger_schema import KINDS, LedgerFile, LedgerIssue, LedgerRow
from palanca.spec.schema import Months, Source

FORMAT = FileFormat(
    "ledger", LedgerFile, "shipped case with a ledger", "Write a ledger beside the case, after the shipped one.",
    name="ledger.yaml",
)  # fmt: skip


@dataclass(frozen=True)
class Ledger:
    """Dated acts between governments, with the issues they are coded in and the documents they rest on.

    Attributes:
        rows: The rows kept, in order of date; what lies ahead of the span is not among them.
        sources: Every document that rows may name, of the ledger and of its case.
        issues: The closed list of issues, in order of declaration.
        span: First and last month covered.
        threads: For every row of the span, the id of the first row of its thread: what is held out together when
            forecasts are scored by deal.
    """

    rows: tuple[LedgerRow, ...]
    sources: Mapping[str, Source]
    issues: Mapping[str, LedgerIssue]
    span: Months
    threads: Mapping[str, str]

    def without_inferred(self) -> Ledger:
        """The same ledger without rows whose link is only inferred; threads stay as they were."""
        return replace(self, rows=tuple(row for row in self.rows if row.link != "inferred"))

    def until(self, last: Month) -> Ledger:
        """The same ledger as it stood at the end of a month.

        Raises:
            UsageError: It begins later.
        """
        if last < self.span.first:
            raise UsageError(
                "the ledger of deals begins later", found=str(last), expected=f"{self.span.first} or later"
            )
        rows = tuple(row for row in self.rows if row.date.first.month <= last)
        return replace(self, rows=rows, span=Months(first=self.span.first, last=min(last, self.span.last)))

    def of_kind(self, *kinds: str) -> tuple[LedgerRow, ...]:
        """Rows of some kinds.

        Raises:
            KeyError: There is no such kind.
        """
        wanted = {kind: KINDS[kind] for kind in kinds}
        return tuple(row for row in self.rows if row.kind in wanted)

    def between(self, *countries: str) -> tuple[LedgerRow, ...]:
        """Rows with a pair of parties both of which are among these countries, whichever gives."""
        wanted = set(countries)
        return tuple(row for row in self.rows if any(set(pair) <= wanted for pair in row.pairs))

    def lifts_a_threat(self, row: LedgerRow) -> bool:
        """Whether a withdrawal lifts a threat of this ledger, and so gives rather than takes."""
        threats = {other.id for other in self.rows if other.kind == "threat"}
        return row.kind == "withdrawal" and row.of in threats

    def by_quarter(self) -> dict[Month, tuple[LedgerRow, ...]]:
        """Rows by the first month of the quarter in which they start; quarters without a row are there too."""
        first, last = self.span.first, self.span.last
        quarters: dict[Month, list[LedgerRow]] = {_quarter(first + i): [] for i in range(last - first + 1)}
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
    path = FORMAT.find(what)
    return _read(marks.read(path), path.parent)


def loads_ledger(text: str, name: str = "ledger", folder: Path | None = None) -> Ledger:
    """Read a ledger from YAML text; `name` is what messages call it, `folder` where its case is looked for.

    Raises:
        CaseFileError: The text is not YAML, or names a case that is not there.
        CaseErrors: The ledger has faults.
    """
    return _read(marks.parse(text, name), folder or Path())


def _read(marked: marks.Marked, folder: Path) -> Ledger:
    path = load.named(marked, folder)
    case = load.load(path) if path is not None else None
    file = declared.read(marked, LedgerFile, lambda draft: () if case is None else ledger_check.faults(draft, case))
    case = case or load.load(file.case)
    rows = tuple(row for row in file.rows if row.date.first.month <= file.span.last)
    return Ledger(
        rows=rows,
        sources={**case.sources, **file.sources},
        issues=file.issues,
        span=file.span,
        threads=_threads(rows),
    )


def _threads(rows: tuple[LedgerRow, ...]) -> dict[str, str]:
    """For each row, the first of the rows that it goes back to; a row only refers to rows above it."""
    first: dict[str, str] = {}
    for row in rows:
        first[row.id] = first[row.of] if row.of else row.id
    return first


def _quarter(month: Month) -> Month:
    return month + -((month.number - 1) % 3)


def _sorted(pair: tuple[str, str]) -> tuple[str, str]:
    return (pair[0], pair[1]) if pair[0] <= pair[1] else (pair[1], pair[0])
