"""Takes a release into a user's store: every cell that it tells otherwise is shown, and nothing known is lost."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from palanca.core import save
from palanca.core.clock import Month
from palanca.data import catalogue, complete, read, store, table
from palanca.data.catalogue import SeriesEntry
from palanca.data.importers.detect import read_release
from palanca.data.importers.release import Release, months_of
from palanca.data.read import Figures
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
    """What a release did to a store.

    Attributes:
        revisions: Every cell that differs from what was known.
        kept: The editions that the store holds now and did not before.
    """

    revisions: tuple[Revision, ...]
    kept: tuple[SeriesEntry, ...]


def update(file: Path, folder: Path, *, today: Month, dry_run: bool = False) -> Update:
    """Take a published release into a store; neither the packaged tables nor earlier editions are ever altered.

    Args:
        file: A release as its publisher lays it out.
        folder: The store; made if need be.
        today: The month that it is now: a release of a month that is not over is refused.
        dry_run: Only compare.

    Raises:
        ReleaseError: The file is not a release, is faulty, incomplete, or of a month that is not over.
        SeriesError: The store, or what is known, cannot be read.
        OutputError: The store cannot be written, or another update is at work in it; it is as it was.
    """
    release = read_release(file)
    complete.check_over(release, today, file.name)
    if dry_run:
        return _changes(release, store.begun(folder), file.name)[0]
    with save.reserved(folder):
        kept = store.begun(folder)
        found, tables = _changes(release, kept, file.name)
        if found.kept:
            with save.together(folder) as staged:
                for row in found.kept:
                    staged.text(row.file, tables[row.id])
                staged.text(store.LIST, store.list_of([*kept.rows, *found.kept]))
        return found


def _changes(release: Release, kept: Store, where: str) -> tuple[Update, dict[str, str]]:
    """What a release changes, and the text of each table that it brings."""
    figures = read.figures_of(kept)
    revisions: list[Revision] = []
    new: dict[str, tuple[SeriesEntry, str]] = {}
    for series_id, cells in release.series.items():
        if not cells:
            continue
        _, known = figures.cells(series_id)
        complete.check_whole(catalogue.get(series_id), known, cells, where)
        row, text = _edition(release, series_id, cells)
        revisions += _compare(row, known, cells, _after(figures, row, cells))
        if (row.checksum, row.as_of) not in {(one.checksum, one.as_of) for one in kept.of(series_id)}:
            new[series_id] = row, text
    rows = tuple(row for row, _ in new.values())
    return Update(tuple(revisions), rows), {series_id: text for series_id, (_, text) in new.items()}


def _edition(release: Release, series_id: str, cells: Cells) -> tuple[SeriesEntry, str]:
    """The row of an edition and the text of its table."""
    row, months = catalogue.get(series_id), months_of(cells)
    text = table.render(row, cells)
    row = replace(
        row,
        edition=f"{release.publication}, {release.edition}",
        as_of=release.as_of,
        first=months[0],
        last=months[-1],
        status="revised",
        checksum=table.checksum_of(text),
    )
    return replace(row, file=store.file_of(row)), text


def _after(figures: Figures, row: SeriesEntry, cells: Cells) -> Cells:
    """What will be known of a series with one more edition, which is the later of two of the same date."""
    editions = figures.editions[row.id]
    found: Cells = {}
    for edition in editions:
        if edition.row.as_of <= row.as_of:
            found = read.laid_over(edition.row, found, table.load(edition.row, edition.path))
    found = read.laid_over(row, found, cells)
    for edition in editions:
        if edition.row.as_of > row.as_of:
            found = read.laid_over(edition.row, found, table.load(edition.row, edition.path))
    return found


def _compare(series: SeriesEntry, known: Cells, told: Cells, after: Cells) -> Iterable[Revision]:
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
