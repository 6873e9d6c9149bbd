"""YAML → a conditional relief of a case: clauses, slices and beliefs; all faults come together, each with its line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ValidationError

from palanca.core.clock import Month
from palanca.core.errors import CaseErrors
from palanca.spec import load, marks, packaged
from palanca.spec.days import Day
from palanca.spec.faults import Fault, Kind, Place, unknown
from palanca.spec.relief_schema import Belief, Clause, File
from palanca.spec.schema import Case, Source

NAME = "relief.yaml"
MOST_CLAUSES = 6  # the game plays every set of slices against every set of breaches


@dataclass(frozen=True)
class Relief:
    """A conditional relief with the documents it rests on.

    Attributes:
        file: What is declared.
        case: The case it belongs to.
        sources: Every document that it may name, its own and its case's.
    """

    file: File
    case: Case
    sources: Mapping[str, Source]

    @property
    def clauses(self) -> Mapping[str, Clause]:
        """Clauses by name, in order of declaration."""
        return self.file.clauses

    def country(self, side: Literal["destination", "conditioned", "transit"]) -> str:
        """A country's name by its part: who gives relief, who is under conditions, or who lies between."""
        if side != "transit":
            return self.case.countries[getattr(self.file, side)].name
        return next(country.name for country in self.case.countries.values() if country.role == "transit")

    def first(self, act: str, clause: str | None = None) -> Day | None:
        """The first day on which an act was seen of a clause, its slice or (without one) the flights, if any."""
        return next((one.date for one in self.file.seen if one.act == act and one.clause == clause), None)

    def month_of(self, day: Day) -> int:
        """Month of the game in which a day falls, the first month being 1."""
        return month_of(self.file.start, day)

    def clocks(self) -> dict[str, int]:
        """For each clause whose licence has a term, the last month of the game that it covers."""
        terms = {name: clause.slice.licence.last for name, clause in self.clauses.items()}
        return {name: max(1, self.month_of(last.before())) for name, last in terms.items() if last is not None}

    def due(self) -> dict[str, int]:
        """For each clause, the month of the game in which it falls due, the first being 1."""
        return {
            name: self.month_of(clause.due.date) if clause.due is not None else 1
            for name, clause in self.clauses.items()
        }

    def months_to_election(self, month: int) -> float:
        """Months from the end of a month of the game to the destination's next election; nothing once it is past."""
        start, vote = self.file.start, self.file.election
        away = (vote.month - start.month) + (vote.number - start.number) / vote.month.days
        return max(0.0, away - month)

    def end_of(self, month: int) -> str:
        """The day on which a month of the game ends and the next begins: `2024-04-18`."""
        start = self.file.start
        at = start.month + month
        return str(Day(at, min(start.number, at.days)))

    def calendar(self, month: int) -> Month:
        """The calendar month in which a month of the game begins."""
        return self.file.start.month + (month - 1)

    def beliefs(self) -> dict[str, Belief]:
        """Every belief by its place in the file, as in `clauses.returns.survival_cost`."""
        return dict(_beliefs(self.file, ()))


def month_of(start: Day, day: Day) -> int:
    """Month of a count that begins on `start` in which a day falls, the first being 1."""
    return (day.month - start.month) + (1 if day.number >= start.number else 0)


def load_relief(what: str | Path) -> Relief:
    """Read the conditional relief of a shipped case by the case's name, or one from a file.

    Raises:
        CaseFileError: There is no such file or name, the case has none, or the file is not YAML.
        CaseErrors: It has faults; all of them, each with file and line.
    """
    path = find(what)
    return read(marks.read(path), path.parent)


def loads_relief(text: str, name: str = "relief", folder: Path | None = None) -> Relief:
    """Read a conditional relief from YAML text; `name` is what messages call it.

    Raises:
        CaseFileError: The text is not YAML, or names a case that is not there.
        CaseErrors: It has faults.
    """
    return read(marks.parse(text, name), folder or Path())


def find(what: str | Path) -> Path:
    """The file behind a path or the name of a shipped case.

    Raises:
        CaseFileError: Neither a file nor a shipped case with a conditional relief.
    """
    way_out, kind = "Write one after the shipped one.", "shipped case with a conditional relief"
    return packaged.find(what, packaged.of_cases(NAME), noun="relief", kind=kind, way_out=way_out)


def read(marked: marks.Marked, folder: Path) -> Relief:
    """Turn marked YAML into a conditional relief.

    Args:
        marked: The file's content and lines.
        folder: Folder from which a path to the case is seen.

    Raises:
        CaseFileError: The case that it names is not there.
        CaseErrors: It, or its case, has faults; all of them, each with file and line.
    """
    found = list(marked.faults)
    try:
        file = File.model_validate(marked.content)
    except ValidationError as fault:
        raise CaseErrors(load.worded([*found, *load.complaints(fault, File)], marked)) from fault
    beside = folder / file.case
    case = load.load(beside if beside.is_file() else file.case)
    relief = Relief(file, case, {**case.sources, **file.sources})
    found += [*_parties(file, case), *_dates(file), *_names(file), *_documents(relief)]
    if found:
        raise CaseErrors(load.worded(found, marked))
    return relief


def _beliefs(record: BaseModel, place: tuple[str, ...]) -> Iterator[tuple[str, Belief]]:
    for name in type(record).model_fields:
        yield from _below(getattr(record, name), (*place, name))


def _below(value: Any, place: tuple[str, ...]) -> Iterator[tuple[str, Belief]]:
    if isinstance(value, Belief):
        yield ".".join(place), value
    elif isinstance(value, BaseModel):
        yield from _beliefs(value, place)
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _below(item, (*place, str(key)))


def _parties(file: File, case: Case) -> Iterator[Fault]:
    for key in ("destination", "conditioned"):
        code = getattr(file, key)
        if code not in case.countries:
            yield unknown(Kind.UNKNOWN_NAME, (key,), "unknown country", code, case.countries)
        if code not in file.parties:
            yield Fault(Kind.MISSING_FIELD, ("parties",), f"`{code}` is missing", expected="both governments")
        if key not in file.units:
            yield Fault(Kind.MISSING_FIELD, ("units",), f"`{key}` is missing")
    if file.destination == file.conditioned:
        yield Fault(
            Kind.WRONG_ROLES, ("conditioned",), "the same country on both sides", repr(file.conditioned), "another one"
        )
    sides = (file.destination, file.conditioned)
    for code in file.parties:
        if code not in sides:
            yield unknown(Kind.UNKNOWN_NAME, ("parties", code), "not at the table", code, sides)


def _dates(file: File) -> Iterator[Fault]:
    if file.election < file.start:
        yield _reversed(("election",), "the election is over before relief begins", file.election, file.start)
    for name, clause in file.clauses.items():
        licence = clause.slice.licence
        if licence.last is not None and licence.last < licence.first:
            place: Place = ("clauses", name, "slice", "licence", "last")
            yield _reversed(place, "the licence ends before it begins", licence.last, licence.first)
        if clause.due is not None and clause.due.date < file.start:
            place = ("clauses", name, "due", "date")
            yield _reversed(place, "the clause is due before relief begins", clause.due.date, file.start)
    earliest = file.start
    for number, one in enumerate(file.seen):
        if one.date < earliest:
            yield _reversed(("seen", number, "date"), "what was seen is out of order", one.date, earliest)
        at_stake = file.clauses.get(one.clause or "")
        due = at_stake.due if at_stake is not None and one.act == "broken" else None
        if due is not None and one.date < due.date:
            yield _reversed(("seen", number, "date"), "the clause is broken before it is due", one.date, due.date)
        earliest = max(earliest, one.date)


def _reversed(place: Place, what: str, found: Day, least: Day) -> Fault:
    return Fault(Kind.REVERSED_DATES, place, what, str(found), f"{least} or later")


def _names(file: File) -> Iterator[Fault]:
    if not 1 <= len(file.clauses) <= MOST_CLAUSES:
        yield Fault(
            Kind.OUT_OF_BOUNDS, ("clauses",), "the number of clauses", str(len(file.clauses)), f"1 to {MOST_CLAUSES}"
        )
        return
    for key in ("dear", "small", "large"):
        yield from _clause(file, ("reading", key), getattr(file.reading, key))
    for name in file.reading.cheap:
        yield from _clause(file, ("reading", "cheap"), name)
    for key, rival in file.rivals.items():
        for name in rival.swap:
            yield from _clause(file, ("rivals", key, "swap"), name)
    for number, one in enumerate(file.seen):
        if one.clause is not None:
            yield from _clause(file, ("seen", number, "clause"), one.clause)


def _clause(file: File, place: Place, name: str) -> Iterator[Fault]:
    if name not in file.clauses:
        yield unknown(Kind.UNKNOWN_NAME, place, "unknown clause", name, file.clauses)


def _documents(relief: Relief) -> Iterator[Fault]:
    cited: list[tuple[Place, tuple[str, ...]]] = [
        ((*path.split("."), "source"), belief.source) for path, belief in relief.beliefs().items()
    ]
    cited += [(("rivals", key, "source"), rival.source) for key, rival in relief.file.rivals.items()]
    cited += [
        (("clauses", name, "due", "source"), clause.due.source)
        for name, clause in relief.clauses.items()
        if clause.due is not None
    ]
    cited += [(("seen", number, "source"), one.source) for number, one in enumerate(relief.file.seen)]
    for place, names in cited:
        for name in names:
            if name not in relief.sources:
                yield unknown(Kind.UNKNOWN_NAME, place, "unknown source", name, relief.sources)
    for name in relief.file.sources:
        if name in relief.case.sources:
            yield Fault(
                Kind.DUPLICATE_KEY, ("sources", name), "the case already names this source", repr(name),
                "a key of its own, or the case's entry alone",
            )  # fmt: skip
