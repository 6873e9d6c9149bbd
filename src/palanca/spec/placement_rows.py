"""Rows of the three files of a placement, and what can be wrong with one."""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from palanca.core.wording import nearest, printable

MOST_FAULTS = 40  # told at once; a file with more has one fault repeated
MOST = 10**9
OF_FAMILIES = ("family", "group", "people", "asks", "week")
OF_PLACES = ("place", "offers")
OF_PAIRS = ("family", "place", "rank", "priority", "score")
_WHOLE = re.compile(r"-?\d{1,12}", re.ASCII)


@dataclass(frozen=True)
class FamilyRow:
    """A family: what it takes of each capacity, how many people it is, what a place must offer, when it comes.

    `week` is 0 or less for families of the past, who are not placed.
    """

    name: str
    sizes: tuple[int, ...]
    people: int
    group: str
    asks: frozenset[str]
    week: int


@dataclass(frozen=True)
class PlaceRow:
    """A place: what it has of each capacity, and what it offers, such as a language."""

    name: str
    capacities: tuple[int, ...]
    offers: frozenset[str]


@dataclass(frozen=True)
class PairRow:
    """A family and a place by their rows, how each ranks the other (1 is first), and what the pair is worth."""

    family: int
    place: int
    rank: int | None
    priority: int | None
    score: float | None


@dataclass(frozen=True)
class CsvTable:
    """A CSV file as read: its name, its columns, and each row with its line."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]

    @classmethod
    def of(cls, text: str, name: str, faults: list[str]) -> CsvTable:
        """Read a file; what is wrong with its shape goes to `faults`."""
        found: list[tuple[int, tuple[str, ...]]] = []
        reader = csv.reader(io.StringIO(text), strict=True)
        try:
            for cells in reader:
                row = tuple(cell.strip() for cell in cells)
                if any(row):
                    found.append((reader.line_num, row))
        except csv.Error as fault:
            faults.append(f"{name}:{reader.line_num}: not CSV: {fault} [wrong-type]")
        if not found:
            faults.append(f"{name}:1: the file is empty; expected a line of column names [missing-field]")
            return cls(name, (), ())
        columns = found[0][1]
        for line, row in found[1:]:
            if len(row) != len(columns):
                faults.append(f"{name}:{line}: found {len(row)} values, expected {len(columns)} [wrong-type]")
        twice = sorted({one for one in columns if columns.count(one) > 1})
        faults += [f"{name}:1: the column {printable(one)!r} stands twice [duplicate-key]" for one in twice]
        return cls(name, columns, tuple(found[1:]))

    def records(self) -> Iterable[tuple[str, dict[str, str]]]:
        """Each row by column, with its place for a message."""
        for line, row in self.rows:
            yield f"{self.name}:{line}", dict(zip(self.columns, row, strict=True))

    def expect(self, known: Sequence[str], needed: Sequence[str], faults: list[str]) -> None:
        """Note columns that are not known, and those that are missing."""
        for one in self.columns:
            if one not in known:
                hint = nearest(one, known)
                tail = f" Did you mean {hint!r}?" if hint else ""
                expected = f"expected {', '.join(known)}.{tail}"
                faults.append(f"{self.name}:1: unknown column {printable(one)!r}, {expected} [unknown-key]")
        missing = [one for one in needed if one not in self.columns]
        faults += [f"{self.name}:1: the column {one!r} is missing [missing-field]" for one in missing]


def needs(table: CsvTable, faults: list[str]) -> tuple[str, ...]:
    """Capacities that places have: every column of their file but the name and what they offer."""
    found = tuple(one for one in table.columns if one not in OF_PLACES and one)
    if not found:
        faults.append(f"{table.name}:1: no capacity; expected at least one column such as 'people' [missing-field]")
    wrong = [one for one in found if one in OF_FAMILIES and one != "people"]
    faults += [f"{table.name}:1: {one!r} cannot be the name of a capacity [contradiction]" for one in wrong]
    return found


def families(table: CsvTable, named: tuple[str, ...], faults: list[str]) -> list[FamilyRow]:
    """Every family; its people are the column `people`, or else the sum of what it takes."""
    table.expect((*OF_FAMILIES, *(one for one in named if one != "people")), ("family", *named), faults)
    if not {"family", *named} <= set(table.columns):
        return []
    found, seen = [], dict[str, str]()
    for at, row in table.records():
        name = _name(row["family"], at, seen, "family", faults)
        sizes = tuple(_whole(row[need], f"{at}: {need}", faults) for need in named)
        people = _whole(row["people"], f"{at}: people", faults) if "people" in row else sum(sizes)
        week = _whole(row["week"], f"{at}: week", faults, least=-MOST) if "week" in row else 1
        found.append(FamilyRow(name, sizes, people, row.get("group", ""), _words(row.get("asks", "")), week))
    if not found:
        faults.append(f"{table.name}: no family [missing-field]")
    return found


def places(table: CsvTable, named: tuple[str, ...], faults: list[str]) -> list[PlaceRow]:
    """Every place with its capacities."""
    table.expect((*OF_PLACES, *named), ("place",), faults)
    if "place" not in table.columns:
        return []
    found, seen = [], dict[str, str]()
    for at, row in table.records():
        name = _name(row["place"], at, seen, "place", faults)
        capacities = tuple(_whole(row[need], f"{at}: {need}", faults) for need in named)
        found.append(PlaceRow(name, capacities, _words(row.get("offers", ""))))
    if not found:
        faults.append(f"{table.name}: no place [missing-field]")
    return found


def pairs(
    table: CsvTable, households: Sequence[FamilyRow], hosts: Sequence[PlaceRow], faults: list[str]
) -> list[PairRow]:
    """Every pair that is listed, with its rank, priority and score."""
    table.expect(OF_PAIRS, ("family", "place"), faults)
    if not {"rank", "score"} & set(table.columns):
        faults.append(f"{table.name}:1: neither 'rank' nor 'score'; wishes would be unknown [missing-field]")
    if not {"family", "place"} <= set(table.columns):
        return []
    family_at = {one.name: at for at, one in enumerate(households)}
    place_at = {one.name: at for at, one in enumerate(hosts)}
    found, seen, ranks = [], dict[tuple[int, int], str](), dict[tuple[int, int], str]()
    for at, row in table.records():
        family = _known(row["family"], family_at, f"{at}: family", faults)
        place = _known(row["place"], place_at, f"{at}: place", faults)
        if family is None or place is None:
            continue
        again = seen.setdefault((family, place), at)
        if again != at:
            faults.append(f"{at}: the pair stands a second time, first at {again} [duplicate-key]")
        rank = _optional(row.get("rank", ""), f"{at}: rank", faults)
        first = at if rank is None else ranks.setdefault((family, rank), at)
        if first != at:
            faults.append(f"{at}: rank {rank} again for {row['family']!r}, first at {first} [contradiction]")
        priority = _optional(row.get("priority", ""), f"{at}: priority", faults)
        score = _number(row["score"], f"{at}: score", faults) if "score" in row else None
        found.append(PairRow(family, place, rank, priority, score))
    return found


def _name(text: str, at: str, seen: dict[str, str], noun: str, faults: list[str]) -> str:
    if not text or printable(text) != text:
        faults.append(f"{at}: {noun}: found {printable(text)!r}, expected a name [unsafe-text]")
    first = seen.setdefault(text, at)
    if first != at:
        faults.append(f"{at}: the {noun} {printable(text)!r} stands a second time, first at {first} [duplicate-key]")
    return text


def _known(text: str, known: dict[str, int], at: str, faults: list[str]) -> int | None:
    if text in known:
        return known[text]
    hint = nearest(text, known) if len(faults) < MOST_FAULTS else ""
    tail = f" Did you mean {hint!r}?" if hint else ""
    faults.append(f"{at}: found {printable(text)!r}, which is not declared.{tail} [unknown-name]")
    return None


def _whole(text: str, at: str, faults: list[str], *, least: int = 0) -> int:
    if _WHOLE.fullmatch(text) and least <= int(text) <= MOST:
        return int(text)
    faults.append(f"{at}: found {printable(text)!r}, expected a whole number of {least:,} or more [out-of-bounds]")
    return 0


def _optional(text: str, at: str, faults: list[str]) -> int | None:
    return _whole(text, at, faults, least=1) if text else None


def _number(text: str, at: str, faults: list[str]) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        faults.append(f"{at}: found {printable(text)!r}, expected a number [wrong-type]")
    return value


def _words(text: str) -> frozenset[str]:
    return frozenset(word.strip().lower() for word in text.split(";") if word.strip())
