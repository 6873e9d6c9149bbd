"""Takes a release into a user's store: every cell that it tells otherwise is shown, and nothing known is lost."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from palanca.core import save
from palanca.core.clock import Month
from palanca.data import catalogue, complete, read, store, table
from palanca.data.catalogue import SeriesEntry
from palanca.data.importers.detect import read_release
from palanca.data.importers.release import Release, months_of
from palanca.data.store import Store
from palanca.data.table import CENSORED, Cells, Key

Figure = float | str | None


@dataclass(frozen=True)
class Revision:
    """One cell that a release tells otherwise, or for the first time.

    Attributes:
        series: Id of the series.
        month: Month of the cell, `YYYY-MM`.
        labels: Its other labels, in the order of the series' axes.
        old: What was known [unit of the series]; `0-4` when censored, None when absent.
        new: What the release says, likewise.
        kind: `revised`; `added` for a month that was not known; `older` when a newer edition tells this month, so
            that what the release says of it is kept and changes nothing.
    """

    series: str
    month: str
    labels: tuple[str, ...]
    old: Figure
    new: Figure
    kind: str


@dataclass(frozen=True)
class Update:
    """What one file did to a store.

    Attributes:
        file: Name of the file.
        release: What it was found to be.
        revisions: Every cell that differs from what was known before it.
        kept: The editions that the store holds now and did not before.
    """

    file: str
    release: str
    revisions: tuple[Revision, ...]
    kept: tuple[SeriesEntry, ...]


@dataclass(frozen=True)
class KnownEdition:
    """An edition with its cells.

    Attributes:
        row: Its row of the catalogue.
        cells: What it tells.
    """

    row: SeriesEntry
    cells: Cells


def update(
    files: Sequence[Path], folder: Path, *, today: Month, series_id: str = "", dry_run: bool = False
) -> list[Update]:
    """Take releases into a store, all or none; neither the packaged tables nor earlier editions are ever altered.

    Args:
        files: Releases as their publishers lay them out, or own tables, taken in their order.
        folder: The store; made if need be.
        today: The month that it is now: a release of a month that is not over is refused.
        series_id: The series of an own table that does not name it.
        dry_run: Only compare.

    Returns:
        What each file does, held against what is known once those before it are taken in.

    Raises:
        ReleaseError: A file is not a release, is faulty, incomplete, or of a month that is not over.
        SeriesError: The store, or what is known, cannot be read.
        OutputError: The store cannot be written, or another update is at work in it; it is as it was.
    """
    releases = [(file.name, read_release(file, series_id)) for file in files]
    for name, release in releases:
        complete.check_over(release, today, name)
    if dry_run:
        return _taken(releases, store.begun(folder))[0]
    with save.reserved(folder):
        kept = store.begun(folder)
        found, tables = _taken(releases, kept)
        if new := [row for one in found for row in one.kept]:
            with save.together(folder) as staged:
                for row in new:
                    staged.text(row.file, tables[row.file])
                staged.text(store.LIST, store.list_of([*kept.rows, *new]))
                staged.text(store.VERSION_FILE, f"{store.VERSION}\n")
        return found


def _taken(releases: Sequence[tuple[str, Release]], kept: Store) -> tuple[list[Update], dict[str, str]]:
    """What each release changes, and the text of each new table by its place in the store."""
    known: dict[str, list[KnownEdition]] = {}
    found: list[Update] = []
    tables: dict[str, str] = {}
    for name, release in releases:
        revisions: list[Revision] = []
        new: list[SeriesEntry] = []
        for series_id, cells in release.series.items():
            if not cells:
                continue
            editions = known.setdefault(series_id, _editions(kept, series_id))
            before = _laid(editions)
            complete.check_whole(catalogue.get(series_id), before, cells, name)
            row, text = _edition(release, series_id, cells)
            fresh = row.file not in {one.row.file for one in editions}
            after = _ordered([*editions, KnownEdition(row, cells)]) if fresh else editions
            revisions += compare(row, before, cells, _laid(after))
            if fresh:
                known[series_id], tables[row.file] = after, text
                new.append(row)
        words = f"{release.publication}, {release.edition}"
        found.append(Update(name, words, tuple(revisions), tuple(new)))
    return found, tables


def _editions(kept: Store, series_id: str) -> list[KnownEdition]:
    """Every edition of a series, packaged or in the store, oldest first."""
    at_hand = read.figures_of(kept).at_hand[series_id]
    return [KnownEdition(one.row, one.cells()) for one in at_hand]


def _ordered(editions: Sequence[KnownEdition]) -> list[KnownEdition]:
    """Oldest first; of two of the same date, in the order in which they were taken in."""
    return sorted(editions, key=lambda one: one.row.as_of)


def _laid(editions: Sequence[KnownEdition]) -> Cells:
    """What is known of a series with its editions laid over one another."""
    cells: Cells = {}
    for one in editions:
        cells = read.laid_over(one.row, cells, one.cells)
    return cells


def _edition(release: Release, series_id: str, cells: Cells) -> tuple[SeriesEntry, str]:
    """The row of an edition and the text of its table."""
    row, months = catalogue.get(series_id), months_of(cells)
    text = table.render(row, cells)
    row = replace(
        row,
        edition=f"{release.publication}, {release.edition}",
        as_of=release.as_of,
        joined=(),
        first=months[0],
        last=months[-1],
        status="revised",
        checksum=table.checksum_of(text),
        publisher=release.publisher or row.publisher,
        table=release.publication if release.publisher else row.table,
    )
    return replace(row, file=store.file_of(row)), text


def compare(series: SeriesEntry, known: Cells, told: Cells, after: Cells) -> Iterable[Revision]:
    """Every cell of the months of an edition that it tells otherwise than is known, or for the first time.

    Args:
        series: The series.
        known: What is known before.
        told: What the edition says.
        after: What is known with it: what it says itself, where no newer one holds.
    """
    before, covered, now = (set(months_of(cells)) for cells in (known, told, after))
    for key in sorted(key for key in {*known, *told, *after} if key[0] in covered):
        old, new = _figure(series, known, key, before), _figure(series, after, key, now)
        said = _figure(series, told, key, covered)
        if old != new:
            yield Revision(series.id, key[0], key[1:], old, new, "revised" if key[0] in before else "added")
        elif said not in (new, None):
            yield Revision(series.id, key[0], key[1:], old, said, "older")


def _figure(series: SeriesEntry, cells: Cells, key: Key, months: set[str]) -> Figure:
    if key in cells:
        value = cells[key]
        return CENSORED if value is None else value
    return 0.0 if series.gaps == "zero" and key[0] in months else None
