"""A listed series as a labelled array, refused if checksum, unit or span disagree with the catalogue."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import xarray as xr

from palanca.core import digest
from palanca.core.clock import Span
from palanca.core.errors import SeriesError
from palanca.data import catalogue, table
from palanca.data.catalogue import Series

_ATTRS = (
    "id", "what", "unit", "publisher", "table", "edition", "as_of", "rounding", "gaps", "gaps_note", "status",
    "checksum",
)  # fmt: skip


def read(series_id: str, *, store: Path | None = None) -> xr.DataArray:
    """One series with its axes labelled.

    Args:
        series_id: An id of the catalogue.
        store: Folder of newer releases; its table is preferred to the packaged one where it holds the series.

    Returns:
        Values [the unit in `attrs`], time first. `month` holds month starts without a hole from the first to
        the last; `year` holds whole numbers. A cell that was not observed, or of which only `0-4` is known,
        is NaN.

    Raises:
        SeriesError: No such series, or its table disagrees with the catalogue.
    """
    series, path = resolve(series_id, store)
    return to_array(series, table.load(series, path))[0]


def read_censored(series_id: str, *, store: Path | None = None) -> xr.DataArray:
    """Where a series is NaN because the publisher withheld a count of 0 to 4.

    Returns:
        True or False on the axes of `read(series_id)`.

    Raises:
        SeriesError: No such series, or its table disagrees with the catalogue.
    """
    series, path = resolve(series_id, store)
    return to_array(series, table.load(series, path))[1]


def resolve(series_id: str, store: Path | None = None) -> tuple[Series, Path]:
    """The catalogue row in force for a series, and the file of its table.

    Raises:
        SeriesError: No such series.
    """
    packaged = catalogue.get(series_id)
    if store is not None and (store / "catalogue.csv").exists():
        kept = catalogue.entries(store)
        if series_id in kept:
            return kept[series_id], store / "tables" / kept[series_id].file
    return packaged, catalogue.TABLES / packaged.file


def fingerprint(store: Path | None = None) -> str:
    """One digest of the catalogue and of every table in force.

    Raises:
        SeriesError: A table is missing.
    """
    record = {}
    for series_id in catalogue.entries():
        series, path = resolve(series_id, store)
        if not path.exists():
            raise SeriesError("a table is missing", where=str(path), way_out=table.WAY_OUT)
        record[series_id] = [catalogue.to_row(series), digest.of_file(path)]
    return digest.of_record(record)


def to_array(series: Series, cells: table.Table) -> tuple[xr.DataArray, xr.DataArray]:
    """Spread a table over its axes.

    Returns:
        The values, and where they are censored; both on the axes of the series, time first.
    """
    times = _times(series)
    axes = [times, *(list(series.labels[dim]) for dim in series.dims[1:])]
    place = [{label: i for i, label in enumerate(axis)} for axis in axes]
    shape = tuple(len(axis) for axis in axes)
    values, censored = np.full(shape, np.nan), np.zeros(shape, dtype=bool)
    if series.gaps == "zero":
        values[[place[0][time] for time in cells.times]] = 0.0
    for key, value in cells.cells.items():
        at = tuple(where[label] for where, label in zip(place, key, strict=True))
        if value is None:
            censored[at] = True
        else:
            values[at] = value
    coords = {dim: np.array(series.labels[dim]) for dim in series.dims[1:]}
    coords[series.dims[0]] = (
        np.array([int(t) for t in times])
        if series.yearly
        else np.array(times, dtype="datetime64[M]").astype("datetime64[ns]")
    )
    attrs = {name: getattr(series, name) for name in _ATTRS}
    return (
        xr.DataArray(values, coords, series.dims, name=series.id, attrs=attrs),
        xr.DataArray(censored, coords, series.dims, name=f"{series.id}_censored", attrs={"id": series.id}),
    )


def _times(series: Series) -> list[str]:
    if series.yearly:
        return [str(year) for year in range(int(series.first), int(series.last) + 1)]
    return Span.parse(series.first, series.last, where=f"catalogue.csv: {series.id}").labels()
