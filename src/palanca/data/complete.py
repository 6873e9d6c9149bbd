"""A release held against the calendar and against what is known: of months that are over, and not a part of one."""

from __future__ import annotations

from palanca.core.clock import Month
from palanca.core.errors import ReleaseError
from palanca.core.wording import listed
from palanca.data.catalogue import SeriesEntry
from palanca.data.importers.release import WHOLE, Release, months_of, refuse
from palanca.data.table import Cells

# No release at hand since 2018 lost a known cell of any size, or had a month without one of its nationalities, groups
# or states; these leave room for small ones to end.
LEAST_CELL = 20
LEAST_LABEL = 100
# Axes on which a label may end from one month to the next, as Title 42 did.
ENDING = ("authority",)


def check_over(release: Release, today: Month, where: str) -> None:
    """Refuse a release of a month that is not over.

    Raises:
        ReleaseError: Names the month.
    """
    last = max(time for cells in release.series.values() for time in months_of(cells))
    yearly = len(last) == len("YYYY")
    if Month.parse(f"{last}-12" if yearly else last) >= today:
        raise refuse(
            f"the release counts a {'year' if yearly else 'month'} that is not over",
            where,
            found=last,
            expected=f"{'years' if yearly else 'months'} before {today}",
            way_out="Correct the date in the file, or the one of this computer; nothing was imported.",
        )
    if Month.parse(release.as_of) >= today:
        raise refuse(
            "the release says that it is current to a month that is not over",
            where,
            found=release.as_of,
            expected=f"a month before {today}",
            way_out="Correct the date in the file, or the one of this computer; nothing was imported.",
        )


def check_whole(series: SeriesEntry, known: Cells, told: Cells, where: str) -> None:
    """Refuse a filtered or cut file, whose absent cells would be read as zeros.

    Args:
        series: The series; one in which an absent cell is unknown loses nothing by it.
        known: What is known of it.
        told: What the release says.
        where: The file, for the message.

    Raises:
        ReleaseError: Names what is absent.
    """
    if series.gaps != "zero":
        return
    months = months_of(told)
    for axis, dim in enumerate(series.dims[1:], start=1):
        absent = [] if dim in ENDING else _absent(series.labels[dim], axis, known, told, months)
        if absent:
            raise _incomplete(series, f"no {dim} {listed(absent, 4)}", where)
    gone = sorted(
        key for key, value in known.items() if key[0] in months and key not in told and (value or 0.0) >= LEAST_CELL
    )
    if gone:
        named = listed((" ".join(key) for key in gone), 3)
        raise _incomplete(series, f"no count where counts are known: {named}", where)


def _absent(labels: tuple[str, ...], axis: int, known: Cells, told: Cells, months: list[str]) -> list[str]:
    """Labels without a count in a month though they had many just before, by the first month of each."""
    latest = max((month for month in months_of(known) if month < months[0]), default="")
    usual = _by_label(known, axis, latest)
    found: dict[str, list[str]] = {}
    for month in months:
        now = _by_label(told, axis, month)
        missing = [label for label in labels if label not in now and usual.get(label, 0.0) >= LEAST_LABEL]
        if new := [label for label in missing if not any(label in before for before in found.values())]:
            found[month] = new
        usual |= now
    return [f"{', '.join(missing)} in {month}" for month, missing in found.items()]


def _by_label(cells: Cells, axis: int, month: str) -> dict[str, float]:
    sums: dict[str, float] = {}
    for key, value in cells.items():
        if key[0] == month:
            sums[key[axis]] = sums.get(key[axis], 0.0) + (value or 0.0)
    return sums


def _incomplete(series: SeriesEntry, found: str, where: str) -> ReleaseError:
    return refuse(
        "the release is incomplete",
        f"{where}: {series.id}",
        found=found,
        expected="the publisher's whole table, in which an absent cell is a zero",
        way_out=WHOLE,
    )
