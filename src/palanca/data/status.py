"""How old each series is, and what would bring it up to date."""

from __future__ import annotations

from dataclasses import dataclass

from palanca.core.clock import Month
from palanca.data import catalogue
from palanca.data.importers import detect
from palanca.data.read import Figures


@dataclass(frozen=True)
class Status:
    """One series.

    Attributes:
        series: Its id.
        last: Its last month, or year; empty if none was known by the date.
        age: Months from its last month to the date.
        publisher: Who publishes it.
        refresh: Releases that bring newer months; empty where no importer reads one.
    """

    series: str
    last: str
    age: int | None
    publisher: str
    refresh: tuple[str, ...]


def status(figures: Figures, when: Month) -> list[Status]:
    """Every series in the catalogue's order.

    Args:
        figures: The figures in force.
        when: The month from which ages are counted.
    """
    return [_one(figures, series_id, when) for series_id in catalogue.entries()]


def _one(figures: Figures, series_id: str, when: Month) -> Status:
    packaged = catalogue.get(series_id)
    lasts = [edition.row.last for edition in figures.editions[series_id]]
    last = max(lasts, default="")
    age = when - Month.parse(f"{last}-12" if packaged.yearly else last) if last else None
    return Status(series_id, last, age, packaged.publisher, tuple(detect.layouts(series_id)))
