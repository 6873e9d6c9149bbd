"""How old each series is, and what would bring it up to date."""

from __future__ import annotations

import re
from dataclasses import dataclass

from palanca.core.clock import Month
from palanca.data import catalogue
from palanca.data.catalogue import SeriesEntry
from palanca.data.importers import detect
from palanca.data.read import Figures

OWN = "an own table: `palanca data update FILE --series {series}`"
LONGEST_NAME = 16  # letters of a publisher's name that stand in a narrow column as they are


@dataclass(frozen=True)
class Status:
    """One series.

    Attributes:
        series: Its id.
        last: Its last month, or year; empty if none was known by the date.
        age: Months from its last month to the date.
        publisher: Who publishes it.
        brief: Publisher and file that brings newer months, in few words.
        refresh: Releases that bring newer months, and the command for one's own table.
        offered: Where the publisher offers each, in words.
    """

    series: str
    last: str
    age: int | None
    publisher: str
    brief: str
    refresh: tuple[str, ...]
    offered: tuple[str, ...]


def status(figures: Figures, when: Month) -> list[Status]:
    """Every series, the oldest first.

    Args:
        figures: The figures in force.
        when: The month from which ages are counted.
    """
    found = [_one(figures, series, when) for series in catalogue.entries().values()]
    return sorted(found, key=lambda one: (one.age is not None, -(one.age or 0)))


def _one(figures: Figures, series: SeriesEntry, when: Month) -> Status:
    last = max((edition.row.last for edition in figures.editions[series.id]), default="")
    age = when - Month.parse(f"{last}-12" if series.yearly else last) if last else None
    read = detect.layouts(series.id)
    return Status(
        series.id,
        last,
        age,
        series.publisher,
        read[0].brief if read else f"{_abbreviated(series.publisher)}: own table",
        (*(layout.name for layout in read), OWN.format(series=series.id)),
        tuple(layout.offered for layout in read) or (f"{series.publisher}: {series.table}",),
    )


def _abbreviated(publisher: str) -> str:
    """A short name of the first publisher: its own if it is short, else its initials."""
    first = re.split(r"[,;(]", publisher.removeprefix("U.S. "))[0].strip()
    return first if len(first) <= LONGEST_NAME else "".join(word[0] for word in first.split() if word[0].isupper())
