"""YAML → a conditional relief of a case: clauses, slices and beliefs; all faults come together, each with its line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from palanca.core.clock import Month
from palanca.spec import declared, load, marks, rules, uncertain
from palanca.spec.days import Day
from palanca.spec.declared import Draft, FileFormat
from palanca.spec.faults import Fault, FaultKind, Place, unknown
from palanca.spec.relief_schema import Clause, ReliefFile
from palanca.spec.schema import Case, Source
from palanca.spec.uncertain import Uncertain

FORMAT = FileFormat(
    "relief", ReliefFile, "shipped case with a conditional relief", "Write one after the shipped one.",
    name="relief.yaml",
)  # fmt: skip
MOST_CLAUSES = 6  # the game plays every set of slices against every set of breaches


@dataclass(frozen=True)
class Relief:
    """A conditional relief with the documents it rests on.

    Attributes:
        file: What is declared.
        case: The case it belongs to.
        sources: Every document that it may name, its own and its case's.
    """

    file: ReliefFile
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

    def beliefs(self) -> dict[str, Uncertain]:
        """Every number by its place in the file, as in `clauses.returns.survival_cost`."""
        return {figure.name: figure.law() for figure in uncertain.figures(Draft.of(self.file))}


def month_of(start: Day, day: Day) -> int:
    """Month of a count that begins on `start` in which a day falls, the first being 1."""
    return (day.month - start.month) + (1 if day.number >= start.number else 0)


def load_relief(what: str | Path) -> Relief:
    """Read the conditional relief of a shipped case by the case's name, or one from a file.

    Raises:
        CaseFileError: There is no such file or name, the case has none, or the file is not YAML.
        CaseErrors: It has faults; all of them, each with file and line.
    """
    path = FORMAT.find(what)
    return _read(marks.read(path), path.parent)


def loads_relief(text: str, name: str = "relief", folder: Path | None = None) -> Relief:
    """Read a conditional relief from YAML text; `name` is what messages call it.

    Raises:
        CaseFileError: The text is not YAML, or names a case that is not there.
        CaseErrors: It has faults.
    """
    return _read(marks.parse(text, name), folder or Path())


def _read(marked: marks.Marked, folder: Path) -> Relief:
    path = load.named(marked, folder)
    case = load.load(path) if path is not None else None
    file = declared.read(marked, ReliefFile, lambda draft: () if case is None else _faults(draft, case))
    case = case or load.load(file.case)
    return Relief(file, case, {**case.sources, **file.sources})


def _faults(draft: Draft[ReliefFile], case: Case) -> Iterator[Fault]:
    yield from _parties(draft, case)
    if draft.whole("start", "election", "clauses", "seen"):
        yield from _dates(draft.file)
    yield from _names(draft)
    yield from rules.sources(draft, case.sources, "the case")
    for figure in uncertain.figures(draft):
        yield from figure.fault()


def _parties(draft: Draft[ReliefFile], case: Case) -> Iterator[Fault]:
    file, parties = draft.file, draft.names("parties")
    for key in ("destination", "conditioned"):
        code = getattr(file, key)
        if code is None:
            continue
        yield from rules.known(code, case.countries, "country", (key,))
        if code not in parties:
            yield Fault(FaultKind.MISSING_FIELD, ("parties",), f"`{code}` is missing", expected="both governments")
        if draft.whole("units") and key not in file.units:
            yield Fault(FaultKind.MISSING_FIELD, ("units",), f"`{key}` is missing")
    sides = (file.destination, file.conditioned)
    if None not in sides and file.destination == file.conditioned:
        what = "the same country on both sides"
        yield Fault(FaultKind.WRONG_ROLES, ("conditioned",), what, repr(file.conditioned), "another one")
    for code in parties if None not in sides else ():
        if code not in sides:
            yield unknown(FaultKind.UNKNOWN_NAME, ("parties", code), "not at the table", code, sides)


def _dates(file: ReliefFile) -> Iterator[Fault]:
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
    return Fault(FaultKind.REVERSED_DATES, place, what, str(found), f"{least} or later")


def _names(draft: Draft[ReliefFile]) -> Iterator[Fault]:
    clauses = draft.names("clauses")
    if draft.declares("clauses") and not 1 <= len(clauses) <= MOST_CLAUSES:
        expected = f"1 to {MOST_CLAUSES}"
        yield Fault(FaultKind.OUT_OF_BOUNDS, ("clauses",), "the number of clauses", str(len(clauses)), expected)
        return
    named: list[tuple[Place, str]] = []
    if draft.whole("reading"):
        reading = draft.file.reading
        named += [(("reading", key), getattr(reading, key)) for key in ("dear", "small", "large")]
        named += [(("reading", "cheap"), name) for name in reading.cheap]
    named += [((*place, "swap"), name) for place, rival in draft.items("rivals") for name in rival.swap]
    named += [((*place, "clause"), one.clause) for place, one in draft.items("seen") if one.clause is not None]
    for place, name in named:
        yield from rules.known(name, clauses, "clause", place)
