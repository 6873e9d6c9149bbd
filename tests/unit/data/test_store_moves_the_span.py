"""A store with a newer edition of the core series moves the last month of a case that follows its figures."""

import csv
import io
import re
from dataclasses import replace
from pathlib import Path

import numpy as np

from palanca.core.clock import Month
from palanca.data import catalogue, read, store, table
from palanca.infer import history
from palanca.spec.load import load
from palanca.spec.starter import text

CORE = ("usbp_by_origin", "usbp_by_group")


def kept(folder: Path, month: Month) -> None:
    """A store whose one release tells the core series of one more month: twice those of the last."""
    rows = []
    for name in CORE:
        packaged = catalogue.get(name)
        cells = table.load(packaged, catalogue.TABLES / packaged.file)
        last = {key: value for key, value in cells.items() if key[0] == packaged.last}
        more = {(str(month), *key[1:]): None if value is None else 2.0 * value for key, value in last.items()}
        told = table.render(packaged, more)
        row = replace(packaged, first=str(month), last=str(month), as_of=str(month), checksum=table.checksum_of(told))
        row = replace(row, file=store.file_of(row))
        path = folder / row.file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(told, encoding="utf-8")
        rows.append(row)
    (folder / store.LIST).write_text(store.list_of(rows), encoding="utf-8")
    (folder / store.VERSION_FILE).write_text(f"{store.VERSION}\n", encoding="utf-8")


def test_a_newer_edition_of_the_core_series_moves_the_last_month_of_a_run(tmp_path, monkeypatch):
    ends = {Month.parse(catalogue.get(name).last) for name in CORE}
    (last,) = ends
    kept(tmp_path / "palanca", last + 1)
    path = tmp_path / "case.yaml"
    path.write_text(re.sub(r"(?m)^span: .*$", "span: {first: 2013-10, last: latest}", text("mine", "us-mexico")))
    assert load(path).span.last == last
    figures = read.open_figures(tmp_path / "palanca")
    case = load(path, figures.months())
    assert case.span.last == last + 1
    inputs = history.prepare(case, figures).inputs
    counted = np.asarray(inputs.figures.encounters)
    np.testing.assert_allclose(counted[-1][counted[-2] > 2], 2.0 * counted[-2][counted[-2] > 2])
    assert read.open_figures(tmp_path / "palanca", str(last)).months()["usbp_by_origin"].last <= last


def test_the_usual_store_is_used_where_there_is_one_and_no_other(tmp_path, monkeypatch, here):
    (last,) = {Month.parse(catalogue.get(name).last) for name in CORE}
    monkeypatch.delenv(store.VARIABLE, raising=False)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    path = tmp_path / "case.yaml"
    path.write_text(re.sub(r"(?m)^span: .*$", "span: {first: 2013-10, last: latest}", text("mine", "us-mexico")))

    def shown(*words: str) -> str:
        done = here("case", "show", str(path), "--format", "csv", *words)
        assert done.returncode == 0, done.stderr
        return {row["what"]: row["value"] for row in csv.DictReader(io.StringIO(done.stdout))}["span"]

    assert shown() == f"2013-10 to {last}"
    kept(tmp_path / "palanca", last + 1)
    assert shown() == f"2013-10 to {last + 1}"
    kept(tmp_path / "other", last + 2)
    assert shown("--store", str(tmp_path / "other")) == f"2013-10 to {last + 2}"
    assert read.packaged_figures().months()["usbp_by_origin"].last == last
