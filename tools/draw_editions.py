"""Draws docs/editions.md from a folder of releases: what changes between editions, and from what is packaged.

Usage: python tools/draw_editions.py FOLDER

The folder holds releases as their publishers lay them out; the project ships none. PALANCA_RELEASES=FOLDER lets
tests/unit/data hold the page to them.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from palanca.data import catalogue, read
from palanca.data.importers.detect import read_release
from palanca.data.importers.release import Release, months_of
from palanca.data.table import Cells
from palanca.data.update import Revision, compare

PAGE = Path(__file__).parents[1] / "docs" / "editions.md"
HEAD = """# Editions of the same figures

<!-- Drawn by tools/draw_editions.py from a folder of releases; a test compares where there is one. Do not edit. -->

Publishers change past months. This page counts how: cell by cell, between the editions of one publication, and between
each edition and the tables that palanca ships. `palanca data update FILE` shows the same for any release and your own
store.
"""
BETWEEN = """## Between editions

Of the months and cells that both tell: how many the later one tells otherwise, and the largest change. A nationality
that one of the two does not list is no change.
"""
PACKAGED = """## Against the packaged tables

Of the months and cells that both tell. An edition that was current before the packaged figures differs by what was
revised since; the rest is two publications of the same months, one of them rounded to 10.
"""


@dataclass(frozen=True)
class Difference:
    """What two sets of cells of a series say of the months that both have.

    Attributes:
        series: Id of the series.
        both: Cells that stand in one of them, in months of both.
        changed: Those that differ.
        first: First month with one, or empty.
        last: Last month with one, or empty.
        largest: The cell that differs most, with both figures.
    """

    series: str
    both: int
    changed: int
    first: str
    last: str
    largest: str


def page(folder: Path) -> str:
    """The whole page, from every release in a folder."""
    releases = [read_release(path) for path in sorted(folder.iterdir()) if path.suffix in (".csv", ".xlsx")]
    by_name: dict[str, list[Release]] = {}
    for one in sorted(releases, key=lambda one: (one.publication, one.as_of, one.edition)):
        by_name.setdefault(one.publication, []).append(one)
    lines = [HEAD, BETWEEN, *_between(by_name), "", PACKAGED, *_packaged(by_name)]
    return "\n".join(lines).rstrip() + "\n"


def _between(by_name: dict[str, list[Release]]) -> Iterator[str]:
    yield from _rule("publication", "editions", "series", "cells of both", "changed", "months", "largest change")
    for name, editions in by_name.items():
        for older, newer in pairwise(editions):
            found = [
                difference(one, older.series[one], newer.series[one]) for one in older.series if one in newer.series
            ]
            yield from _rows((name, f"{older.edition}; {newer.edition}"), found)


def _packaged(by_name: dict[str, list[Release]]) -> Iterator[str]:
    yield from _rule("publication", "edition", "series", "cells of both", "changed", "months", "largest difference")
    for name, editions in by_name.items():
        for one in editions:
            known = {series_id: read.packaged_figures().cells(series_id)[1] for series_id in one.series}
            found = [difference(series_id, cells, known[series_id]) for series_id, cells in one.series.items()]
            yield from _rows((name, one.edition), found)


def _rows(head: tuple[str, str], found: Sequence[Difference]) -> Iterator[str]:
    """A line for each series with a change, and one for all without."""
    for one in found:
        if one.changed:
            span = one.first if one.first == one.last else f"{one.first} to {one.last}"
            yield _row(*head, f"`{one.series}`", f"{one.both:,}", f"{one.changed:,}", span, one.largest)
    same = [one for one in found if one.both and not one.changed]
    if same:
        names = ", ".join(f"`{one.series}`" for one in same)
        yield _row(*head, names, f"{sum(one.both for one in same):,}", "0", "", "")


def difference(series_id: str, older: Cells, newer: Cells) -> Difference:
    """Hold two sets of cells of a series against each other, in the months that both have."""
    series = catalogue.get(series_id)
    months = set(months_of(older)) & set(months_of(newer))
    old, new = ({key: value for key, value in cells.items() if key[0] in months} for cells in (older, newer))
    both = old.keys() | new.keys() if series.gaps == "zero" else old.keys() & new.keys()
    changed = [one for one in compare(series, old, new, new) if (one.month, *one.labels) in both]
    times = sorted(one.month for one in changed)
    largest = max(changed, key=_size, default=None)
    words = "" if largest is None else _words(largest)
    return Difference(series_id, len(both), len(changed), times[0] if times else "", times[-1] if times else "", words)


def _size(one: Revision) -> float:
    values = [0.0 if isinstance(value, str) or value is None else value for value in (one.old, one.new)]
    return abs(values[0] - values[1])


def _words(one: Revision) -> str:
    place = " ".join((one.month, *one.labels))
    return f"{place}: {_figure(one.old)} to {_figure(one.new)}"


def _figure(value: float | str | None) -> str:
    return f"{value:,.10g}" if isinstance(value, float | int) else str(value)


def _rule(*names: str) -> list[str]:
    return [_row(*names), _row(*["---"] * len(names))]


def _row(*cells: object) -> str:
    return f"| {' | '.join(str(cell) for cell in cells)} |"


if __name__ == "__main__":
    PAGE.write_text(page(Path(sys.argv[1])), encoding="utf-8")
