"""The packaged figures made over: with noise after a month, or with some series ending early."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np

from palanca.core.clock import Month
from palanca.data import catalogue, table
from palanca.data.catalogue import SeriesEntry
from palanca.data.read import Edition, Figures, packaged_figures
from palanca.data.table import Cells


def followed_to() -> Month:
    """The last month of which is known what followed encounters; no series of its kind ends earlier."""
    return catalogue.months_of([catalogue.entries()["follow_by_origin"]]).last


def noisy_after(month: Month, folder: Path, ends: Mapping[str, Month] | None = None) -> Figures:
    """Every figure of a later month, and of a year that is not over, multiplied by noise; some series end as given."""
    rng = np.random.default_rng(1)

    def made(row: SeriesEntry, cells: Cells) -> Cells:
        end = str(month.year - 1) if row.yearly else str(month)
        return {
            key: None if value is None else (value if key[0] <= end else value * float(rng.lognormal(0.0, 1.0)))
            for key, value in _until(row, cells, ends or {}).items()
        }

    return made_over(made, folder)


def ending(ends: Mapping[str, Month], folder: Path) -> Figures:
    """Some series end with a month of their own."""
    return made_over(lambda row, cells: _until(row, cells, ends), folder)


def _until(row: SeriesEntry, cells: Cells, ends: Mapping[str, Month]) -> Cells:
    last = str(ends.get(row.id, "9999"))
    return {key: value for key, value in cells.items() if key[0] <= last}


def made_over(made: Callable[[SeriesEntry, Cells], Cells], folder: Path) -> Figures:
    """Every packaged series with other cells, as tables in a folder."""
    editions = {}
    for row in catalogue.entries().values():
        cells = made(row, table.load(row, catalogue.TABLES / row.file))
        text, times = table.render(row, cells), sorted({key[0] for key in cells})
        path = folder / row.file
        path.write_text(text, encoding="utf-8")
        row = replace(row, first=times[0], last=times[-1], checksum=table.checksum_of(text))
        editions[row.id] = (Edition(row, path),)
    return replace(packaged_figures(), editions=editions, at_hand=editions)
