"""Figures of a store reach what is asked of a case, and a fit to other figures is not used unnoticed."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import posteriors
import pytest
from data_releases import BORDER, border_rows, csv_text

from palanca.core.clock import Month
from palanca.core.errors import SeriesError
from palanca.data import catalogue, read, table
from palanca.data.update import update
from palanca.infer import history, store

CASE = posteriors.as_fitted()
NAMES = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
YEARS = [
    f"{month.year + (month.number > 9)},{NAMES[month.number - 1]}"
    for month in (CASE.span.last + ahead for ahead in range(13))
]


def _figures(folder: Path, *months: str) -> read.Figures:
    path = folder / "release.csv"
    path.write_text(csv_text(BORDER, border_rows(*months)), encoding="utf-8")
    update([path], folder / "store", today=Month.parse("2026-11"))
    return read.open_figures(folder / "store")


def test_months_after_the_case_change_nothing_and_the_shipped_fit_holds(tmp_path):
    figures = _figures(tmp_path, *YEARS[1:])
    plain, given = history.prepare(CASE), history.prepare(CASE, figures)
    np.testing.assert_array_equal(given.evidence.cells, plain.evidence.cells)
    assert given.figures.fingerprint() == plain.figures.fingerprint()
    store.choose(CASE, figures=figures, stale_too=True)
    assert "figures" not in store.read(store.where(CASE), CASE, figures)[1]


def test_a_fit_is_tied_to_every_series_that_a_corridor_reads_and_to_no_other(monkeypatch):
    seen, cells = set(), read.Figures.cells
    monkeypatch.setattr(read.Figures, "cells", lambda self, name: seen.add(name) or cells(self, name))
    history.prepare(CASE)
    assert seen == set(store.read_by(CASE))


def test_revised_months_of_the_case_reach_the_model_and_the_shipped_fit_says_so(tmp_path):
    figures = _figures(tmp_path, *YEARS)
    plain, given = history.prepare(CASE), history.prepare(CASE, figures)
    mexico, adults = list(CASE.origins).index("MEX"), list(CASE.groups).index("single_adult")
    shares = [one.evidence.cells[-1, mexico] / one.evidence.cells[-1, mexico].sum() for one in (plain, given)]
    # The release prints as many families and children as adults, and the packaged table mostly adults; the table of the
    # whole border, ports among it, stays as packaged and holds against it.
    assert shares[1][adults] < shares[0][adults] - 0.03
    assert given.figures.fingerprint() != plain.figures.fingerprint()
    note = store.choose(CASE, figures=figures)[1]
    assert "the packaged figures, which the store or the date tells otherwise" in note
    assert "palanca fit us-mexico" in note


def test_figures_that_were_not_known_then_are_refused_by_name():
    with pytest.raises(SeriesError, match="no edition of usbp_by_origin was known then"):
        history.prepare(CASE, read.open_figures().known_by("2024-01"))


def test_what_is_kept_of_a_table_is_not_changed_by_a_reader_and_an_altered_file_is_still_refused(tmp_path):
    row, path = catalogue.get("usbp_total"), tmp_path / "usbp_total.csv"
    path.write_bytes((catalogue.TABLES / row.file).read_bytes())
    first = table.load(row, path)
    first.clear()
    assert len(table.load(row, path)) > 300
    path.write_bytes(path.read_bytes().replace(b"249740", b"249741"))
    with pytest.raises(SeriesError, match="another checksum"):
        table.load(row, path)
