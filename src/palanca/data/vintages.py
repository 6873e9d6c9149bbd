"""Newer releases taken into a user's store, and every series as it was known at an earlier date."""

from __future__ import annotations

import csv
import io
import os
import sys
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

import xarray as xr

from palanca.core import save
from palanca.core.errors import SeriesError
from palanca.core.wording import listed
from palanca.data import catalogue, read, table
from palanca.data.catalogue import Series
from palanca.data.importers.detect import read_release
from palanca.data.importers.release import Release, months_of
from palanca.data.table import CENSORED, Cells, Key

STORE_VARIABLE = "PALANCA_STORE"
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
        kind: `revised`; `added` for a month that was not known; `older` when the release is an older edition
            than what is known, so that it is kept as a vintage and changes nothing.
    """

    series: str
    month: str
    labels: tuple[str, ...]
    old: Figure
    new: Figure
    kind: str


def default_store() -> Path:
    """The folder of `$PALANCA_STORE`, or one for palanca among the user's data."""
    chosen = os.environ.get(STORE_VARIABLE)
    if chosen:
        return Path(chosen)
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", Path.home() / "AppData" / "Local")) / "palanca"
    return Path(os.environ.get("XDG_DATA_HOME", Path.home() / ".local" / "share")) / "palanca"


def update(file: Path, store: Path, *, dry_run: bool = False) -> list[Revision]:
    """Take a published release into a store; the packaged tables are never altered.

    A month that the release covers is replaced whole; other months stay. What was known before is kept under
    `vintages/` in the store. The catalogue of the store is written last and at once, so that an interrupted
    update changes nothing that is read.

    Args:
        file: A release as its publisher lays it out.
        store: Folder of the user's newer tables; made if need be.
        dry_run: Only compare.

    Returns:
        Every cell that differs from what was known.

    Raises:
        ReleaseError: The file is not a release, or is faulty.
        SeriesError: What is known cannot be read.
        OutputError: The store cannot be written.
    """
    release = read_release(file)
    changes = [_change(series_id, cells, release, store) for series_id, cells in release.series.items() if cells]
    if not dry_run:
        _keep(changes, store)
    return [revision for change in changes for revision in change.revisions]


@dataclass(frozen=True)
class _Change:
    """What a release does to one series: its row and cells before, and after."""

    before: Series
    known: Cells
    after: Series
    cells: Cells
    revisions: list[Revision]
    older: bool


def _change(series_id: str, cells: Cells, release: Release, store: Path) -> _Change:
    before, path = read.resolve(series_id, store)
    known = table.load(before, path).cells
    older = bool(before.as_of) and release.as_of < before.as_of
    covered = set(months_of(cells))
    merged = cells if older else {**{k: v for k, v in known.items() if k[0] not in covered}, **cells}
    revisions = list(_compare(before, known, cells, older=older))
    return _Change(before, known, _row(before, merged, release), merged, revisions, older)


def _row(before: Series, merged: Cells, release: Release) -> Series:
    """The catalogue row of a merged table; its checksum is set when the table is written."""
    months = months_of(merged)
    rest = f"; other months from: {catalogue.get(before.id).edition}" if len(merged) > len(
        release.series[before.id]
    ) else ""  # fmt: skip
    return replace(
        before,
        edition=f"{release.publication}, {release.edition}{rest}",
        as_of=release.as_of,
        first=months[0],
        last=months[-1],
        status="revised",
    )


def _compare(series: Series, known: Cells, cells: Cells, *, older: bool) -> Iterable[Revision]:
    months, covered = set(months_of(known)), set(months_of(cells))
    keys = set(cells) | {key for key in known if key[0] in covered}
    for key in sorted(keys):
        old, new = _figure(series, known, key, months), _figure(series, cells, key, covered)
        if old != new:
            kind = "older" if older else ("revised" if key[0] in months else "added")
            yield Revision(series.id, key[0], key[1:], old, new, kind)


def _figure(series: Series, cells: Cells, key: Key, months: set[str]) -> Figure:
    if key in cells:
        value = cells[key]
        return CENSORED if value is None else value
    return 0.0 if series.gaps == "zero" and key[0] in months else None


def _keep(changes: list[_Change], store: Path) -> None:
    """Write vintages, then tables under new names, then the catalogue that points to them."""
    index = _index(store)
    rows = catalogue.entries(store) if (store / "catalogue.csv").exists() else {}
    for change in changes:
        if not change.revisions:
            continue
        if change.older:
            _file_away(change.after, change.cells, store, index)
            continue
        _file_away(change.before, change.known, store, index)
        rows[change.after.id] = _place(change.after, change.cells, store)
    _write_rows(index.values(), store / "vintages" / "index.csv")
    _write_rows(rows.values(), store / "catalogue.csv")


def _place(series: Series, cells: Cells, store: Path) -> Series:
    """Write a table under a name that no earlier catalogue points to."""
    text = table.render(series, cells)
    checksum = table.checksum_of(text)
    name = f"{series.id}.{checksum}.csv"
    save.text(store / "tables" / name, text)
    return replace(series, file=name, checksum=checksum)


def _file_away(series: Series, cells: Cells, store: Path, index: dict[tuple[str, str], Series]) -> None:
    """Keep one vintage; another of the same date is told apart by its checksum."""
    text = table.render(series, cells)
    checksum = table.checksum_of(text)
    if (series.id, checksum) in index:
        return
    dates = {row.as_of for (series_id, _), row in index.items() if series_id == series.id}
    stem = series.as_of or "undated"
    name = f"{series.id}/{stem}.{checksum}.csv" if series.as_of in dates else f"{series.id}/{stem}.csv"
    save.text(store / "vintages" / name, text)
    index[(series.id, checksum)] = replace(series, file=name, checksum=checksum)


def _index(store: Path) -> dict[tuple[str, str], Series]:
    path = store / "vintages" / "index.csv"
    if not path.exists():
        return {}
    return {(row.id, row.checksum): row for row in catalogue.rows_of(path)}


def _write_rows(rows: Iterable[Series], path: Path) -> None:
    stream = io.StringIO()
    writer = csv.DictWriter(stream, catalogue.COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(catalogue.to_row(row) for row in rows)
    save.text(path, stream.getvalue())


def editions(series_id: str, store: Path | None = None) -> list[Series]:
    """Every edition of a series that is at hand, oldest first.

    Raises:
        SeriesError: No such series.
    """
    return [row for row, _ in _editions(series_id, store)]


def as_known(series_id: str, when: str, *, store: Path | None = None) -> xr.DataArray:
    """A series as it was known at an earlier date.

    Args:
        series_id: An id of the catalogue.
        when: A month, `YYYY-MM`: the latest edition current by then; or the words of an edition.
        store: Folder of the user's newer tables and their vintages.

    Returns:
        The series, labelled as `palanca.data.read.read` does.

    Raises:
        SeriesError: No edition at hand is that old, or bears that name.
    """
    at_hand = _editions(series_id, store)
    named = [pair for pair in at_hand if pair[0].edition == when]
    dated = [pair for pair in at_hand if pair[0].as_of and pair[0].as_of <= when[:7]] if when[:4].isdigit() else []
    chosen = (named or dated)[-1:]
    if not chosen:
        raise SeriesError(
            f"no edition of {series_id} is that old",
            found=repr(when),
            expected=f"one of {listed(row.as_of or repr(row.edition) for row, _ in at_hand)}, or later",
            way_out="Take an older release into the store with `palanca series update --from FILE`.",
        )
    row, path = chosen[0]
    return read.to_array(row, table.load(row, path))[0]


def _editions(series_id: str, store: Path | None) -> list[tuple[Series, Path]]:
    packaged = catalogue.get(series_id)
    found = {packaged.checksum: (packaged, catalogue.TABLES / packaged.file)}
    if store is not None:
        for (kept_id, checksum), row in _index(store).items():
            if kept_id == series_id:
                found.setdefault(checksum, (row, store / "vintages" / row.file))
        current, path = read.resolve(series_id, store)
        found.setdefault(current.checksum, (current, path))
    return sorted(found.values(), key=lambda pair: pair[0].as_of)
