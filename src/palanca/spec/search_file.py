"""YAML → a search: levers within bounds and months, what is wanted of them, limits; all faults come together."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pydantic import Field

from palanca.core.clock import Month, Span
from palanca.spec import declared, marks, rules, tables
from palanca.spec.declared import Draft, FileFormat
from palanca.spec.edit import Change
from palanca.spec.faults import Fault, FaultKind, Place, unknown
from palanca.spec.rules import AXES
from palanca.spec.schema import AMonth, Case, Coverage, Covered, Months, Strict, Text
from palanca.spec.search_file_outcomes import AIMS, NEVER

EVERYONE = Coverage()
PER_NATIONALITY = "visa"  # a visa asks of whole nationalities, so it has no groups


class SearchLever(Strict):
    """One lever, its bounds and its months.

    Args:
        set: `levers.ID.QUANTITY`, as changes word it.
        low: Least value [unit of the mechanism].
        high: Greatest value.
        first: First month; by default that of the window.
        last: Last month; by default that of the window.
        origins: Origins concerned; by default those that the lever covers.
        groups: Groups concerned.
        sectors: Border sectors concerned.
    """

    set: Text
    low: float
    high: float
    first: AMonth | None = Field(default=None, alias="from")
    last: AMonth | None = Field(default=None, alias="until")
    origins: Covered = EVERYONE
    groups: Covered = EVERYONE
    sectors: Covered = EVERYONE

    @property
    def id(self) -> str:
        """Name of the lever in the case."""
        return self.set.removeprefix("levers.").rpartition(".")[0]

    def change(self, value: float, window: Span) -> Change:
        """The change that sets it to a value in its months."""
        first, last = self.months(window)
        return Change(self.set, value, first, last, self.origins, self.groups, self.sectors)

    def months(self, window: Span) -> tuple[Month, Month]:
        """First and last month in which it is set."""
        return self.first or window.first, self.last or window.last


class Objective(Strict):
    """One thing that is wanted.

    Args:
        outcome: A name of `search_file_outcomes.AIMS`.
        want: Its direction; may be left out, as each has only one.
        judge: How draws are made one number, where it differs from the file's.
    """

    outcome: Text
    want: Text | None = None
    judge: Literal["worst", "mean", "regret"] | None = None


class Limit(Strict):
    """A bound that a package must keep, judged as objectives are.

    Args:
        outcome: A name of `search_file_outcomes.AIMS`.
        most: Greatest value, where less is wanted.
        least: Least value, where more is wanted.
    """

    outcome: Text
    most: float | None = None
    least: float | None = None


class SearchFile(Strict):
    """A search as its file has it.

    Args:
        case: The case it is about.
        title: What is looked for.
        window: Months of history in which packages are tried.
        judge: How draws are made one number: the worst but the rarest, the mean, or the greatest regret.
        share: Of draws that are no worse than what `worst` reports [share].
        levers: What may be set, between which bounds.
        objectives: What is wanted.
        limits: What must be kept.
    """

    case: Text
    title: Text
    window: Months
    judge: Literal["worst", "mean", "regret"] = "worst"
    share: float = Field(default=0.8, gt=0.0, lt=1.0)
    levers: tuple[SearchLever, ...] = Field(min_length=1)
    objectives: tuple[Objective, ...] = Field(min_length=1)
    limits: tuple[Limit, ...] = ()


FORMAT = FileFormat(
    "search", SearchFile, "shipped search", "docs/reference/search-format.md says what one holds.", folder="searches"
)  # fmt: skip


@dataclass(frozen=True)
class SearchSpec:
    """A search and the case it is about.

    Attributes:
        file: What is declared.
        case: The case.
    """

    file: SearchFile
    case: Case

    @property
    def window(self) -> Span:
        """Months in which packages are tried."""
        return self.file.window.span

    @property
    def names(self) -> tuple[str, ...]:
        """Levers by their names in the case, in order."""
        return tuple(lever.id for lever in self.file.levers)

    def changes(self, values: tuple[float, ...]) -> list[Change]:
        """A package as changes of the case."""
        return [lever.change(value, self.window) for lever, value in zip(self.file.levers, values, strict=True)]

    def judged(self, objective: Objective) -> str:
        """How one objective's draws are made one number."""
        return objective.judge or self.file.judge


def load_search(what: str | Path, case: Case) -> SearchSpec:
    """Read a search from a file, or one that is shipped with the case by its name.

    Raises:
        CaseFileError: There is no such file or name, or the file is not YAML.
        CaseErrors: It has faults; all of them, each with file and line.
    """
    return _read(marks.read(FORMAT.find(what, case.case)), case)


def loads_search(text: str, case: Case, name: str = "search") -> SearchSpec:
    """Read a search from YAML text; `name` is what messages call it.

    Raises:
        CaseFileError: The text is not YAML.
        CaseErrors: It has faults.
    """
    return _read(marks.parse(text, name), case)


def given(search: str | Path, case: Case) -> tuple[SearchSpec, str]:
    """A search by name, path or content, and what a manifest keeps of it: the name of a shipped one, or the content.

    Raises:
        CaseFileError: There is no such file or name, or it is not YAML.
        CaseErrors: It has faults.
    """
    if isinstance(search, str) and "\n" in search:
        return loads_search(search, case), search
    found, name = load_search(search, case), str(search)
    path = FORMAT.find(search, case.case)
    return found, name if path == FORMAT.shipped(case.case).get(name) else path.read_text(encoding="utf-8")


def _read(marked: marks.Marked, case: Case) -> SearchSpec:
    return SearchSpec(declared.read(marked, SearchFile, lambda draft: _faults(draft, case)), case)


def _faults(draft: Draft[SearchFile], case: Case) -> Iterator[Fault]:
    if draft.whole("case") and draft.file.case != case.case:
        yield unknown(FaultKind.UNKNOWN_NAME, ("case",), "a search of another case", draft.file.case, [case.case])
    if draft.whole("window"):
        yield from rules.months_in_order(draft.file.window, ("window",), "the window ends before it starts")
        yield from rules.inside(draft.file.window, case, "the window leaves the case", ("window",))
    yield from _levers(draft, case)
    yield from _objectives(draft)
    yield from _limits(draft)


def _levers(draft: Draft[SearchFile], case: Case) -> Iterator[Fault]:
    first: dict[str, int] = {}
    for place, lever in draft.items("levers"):
        kind, _, rest = lever.set.partition(".")
        name, _, quantity = rest.rpartition(".")
        if kind != "levers" or not name:
            yield Fault(FaultKind.WRONG_TYPE, (*place, "set"), "not a lever", repr(lever.set), "levers.ID.QUANTITY")
        elif name not in case.levers:
            yield unknown(FaultKind.UNKNOWN_NAME, (*place, "set"), "unknown lever", name, case.levers)
        else:
            yield from _bounds(lever, name, quantity, case, place)
        if name in first:
            yield Fault(FaultKind.CONTRADICTION, (*place, "set"), "the lever stands twice", repr(name),
                        f"once; first as entry {first[name] + 1}")  # fmt: skip
        first.setdefault(name, int(place[1]))
        if draft.whole("window"):
            yield from _dates(lever, draft.file, place)
        for axis in AXES:
            yield from rules.uncovered(getattr(lever, axis), tuple(getattr(case, axis)), (*place, axis), axis)


def _bounds(lever: SearchLever, name: str, quantity: str, case: Case, place: Place) -> Iterator[Fault]:
    row = tables.mechanisms()[case.levers[name].mechanism]
    if quantity != row.quantity:
        yield Fault(FaultKind.WRONG_QUANTITY, (*place, "set"), "wrong quantity", repr(quantity), repr(row.quantity),
                    f"levers.{name}.{row.quantity}")  # fmt: skip
    if not row.acts:
        yield Fault(FaultKind.WRONG_TYPE, (*place, "set"), f"this lever cannot be searched: {tables.NO_EQUATION}",
                    f"the mechanism {row.name!r}", "a lever whose mechanism has an equation")  # fmt: skip
    if not any(entry.lever == name for entry in case.record):
        yield Fault(FaultKind.UNKNOWN_NAME, (*place, "set"), "the lever has no entry to take coverage from", repr(name),
                    "a lever that the record sets at least once")  # fmt: skip
    if lever.high <= lever.low:
        yield Fault(FaultKind.OUT_OF_BOUNDS, place, "the bounds are reversed or leave no room",
                    f"{lever.low:g} to {lever.high:g}", "the lower one first")  # fmt: skip
    if lever.low < row.low or lever.high > row.high:
        yield Fault(FaultKind.OUT_OF_BOUNDS, place, "the bounds leave those of the mechanism",
                    f"{lever.low:g} to {lever.high:g}", f"within {row.low:g} to {row.high:g} [{row.unit}]")  # fmt: skip
    if row.name == PER_NATIONALITY and lever.groups != EVERYONE:
        yield Fault(
            FaultKind.CONTRADICTION, (*place, "groups"), "a visa asks of whole nationalities", "some groups", "none"
        )


def _dates(lever: SearchLever, file: SearchFile, place: Place) -> Iterator[Fault]:
    first, last = lever.first or file.window.first, lever.last or file.window.last
    if last < first:
        yield Fault(FaultKind.REVERSED_DATES, place, "the lever ends before it starts", f"{first} to {last}",
                    "the earlier month first")  # fmt: skip
    elif first < file.window.first or last > file.window.last:
        yield Fault(FaultKind.OUTSIDE_SPAN, place, "the lever's months leave the window", f"{first} to {last}",
                    f"months from {file.window.first} to {file.window.last}")  # fmt: skip


def _objectives(draft: Draft[SearchFile]) -> Iterator[Fault]:
    seen: set[str] = set()
    for entry, objective in draft.items("objectives"):
        place: Place = (*entry, "outcome")
        yield from _aim(objective.outcome, place)
        if objective.outcome in seen:
            yield Fault(FaultKind.CONTRADICTION, place, "the objective stands twice", repr(objective.outcome), "once")
        seen.add(objective.outcome)
        if objective.want is not None and objective.outcome in AIMS:
            yield from _direction(objective.outcome, objective.want, (*entry, "want"))


def _limits(draft: Draft[SearchFile]) -> Iterator[Fault]:
    for place, limit in draft.items("limits"):
        yield from _aim(limit.outcome, (*place, "outcome"))
        if (limit.most is None) == (limit.least is None):
            yield Fault(FaultKind.MISSING_FIELD, place, "one bound is meant", "both or none", "`most` or `least`")
        elif limit.outcome in AIMS:
            key, want = ("most", "less") if limit.most is not None else ("least", "more")
            yield from _direction(limit.outcome, want, (*place, key))


def _aim(name: str, place: Place) -> Iterator[Fault]:
    if name in NEVER:
        yield Fault(FaultKind.CONTRADICTION, place, f"a search is not asked for {NEVER[name]}", repr(name),
                    "an outcome for people or governments: " + ", ".join(AIMS))  # fmt: skip
    elif name not in AIMS:
        yield unknown(FaultKind.UNKNOWN_NAME, place, "unknown outcome", name, AIMS)


def _direction(name: str, want: str, place: Place) -> Iterator[Fault]:
    aim = AIMS[name]
    if want != aim.want:
        yield Fault(FaultKind.CONTRADICTION, place, f"{name} is never sought this way, as {aim.why}", repr(want),
                    f"`{aim.want}`")  # fmt: skip
