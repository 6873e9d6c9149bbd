from pathlib import Path

import pytest
from data_releases import BORDER, BORDER_ROWS, csv_text, workbook

from palanca.core.errors import OutputError, ReleaseError, SeriesError
from palanca.data import catalogue, read, vintages


def _newer(folder: Path, rows=BORDER_ROWS, name="border.csv") -> Path:
    """A border release current to 2026, so that it is newer than the packaged one."""
    late = [row.replace("2024,", "2026,").replace("2025 (FYTD)", "2027 (FYTD)") for row in rows]
    path = folder / name
    path.write_text(csv_text(BORDER, late), encoding="utf-8")
    return path


def _tables(folder: Path) -> Path:
    path = folder / "tables.xlsx"
    path.write_bytes(workbook())
    return path


def _snapshot(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_an_update_shows_every_revised_cell_with_old_and_new(tmp_path):
    known = read.read("ofo_total").sel(month="2024-01").item()
    found = vintages.update(_tables(tmp_path), tmp_path / "store")
    (one,) = [r for r in found if r.series == "ofo_total" and r.month == "2024-01"]
    assert (one.old, one.new, one.kind) == (known, 270.0, "revised")


def test_an_update_appends_months_that_were_not_known(tmp_path):
    found = vintages.update(_tables(tmp_path), tmp_path / "store")
    added = {r.month for r in found if r.series == "ofo_total" and r.kind == "added"}
    assert added == {"2024-09", "2024-10", "2024-11"}
    array = read.read("ofo_total", store=tmp_path / "store")
    assert array.sel(month="2024-11").item() == 270.0
    assert array.attrs["as_of"] == "2024-12"


def test_months_that_the_release_does_not_cover_stay(tmp_path):
    vintages.update(_tables(tmp_path), tmp_path / "store")
    array, before = read.read("ofo_total", store=tmp_path / "store"), read.read("ofo_total")
    assert (array.sel(month=slice(None, "2023-09")) == before.sel(month=slice(None, "2023-09"))).all()


def test_a_figure_that_a_release_now_marks_as_withheld_is_shown_as_gone(tmp_path):
    def withhold(book):
        # Row 9 is January of fiscal year 2024; the last column is OFO / Other outcomes.
        book["CBP SWB Book-Outs by Agency"].cell(9, 27).value = "D"

    path = tmp_path / "tables.xlsx"
    path.write_bytes(workbook(withhold))
    found = vintages.update(path, tmp_path / "store")
    cell = ("follow_ofo", "2024-01", ("other_outcomes",))
    (one,) = [r for r in found if (r.series, r.month, r.labels) == cell]
    assert (one.new, one.kind) == (None, "revised")
    assert one.old == read.read("follow_ofo").sel(month="2024-01", outcome="other_outcomes").item()


def test_the_old_vintage_is_kept_and_read_as_it_was_known(tmp_path):
    store = tmp_path / "store"
    vintages.update(_tables(tmp_path), store)
    assert (store / "vintages" / "ofo_total" / "2024-10.csv").exists()
    then, packaged = vintages.as_known("ofo_total", "2024-11", store=store), read.read("ofo_total")
    assert then.equals(packaged)
    now = vintages.as_known("ofo_total", "2024-12", store=store)
    assert now.equals(read.read("ofo_total", store=store))


def test_an_edition_can_be_asked_for_in_its_own_words(tmp_path):
    store = tmp_path / "store"
    vintages.update(_tables(tmp_path), store)
    edition = catalogue.get("ofo_total").edition
    assert vintages.as_known("ofo_total", edition, store=store).equals(read.read("ofo_total"))
    assert [row.as_of for row in vintages.editions("ofo_total", store)] == ["2024-10", "2024-12"]


def test_a_date_before_every_edition_is_refused_and_the_editions_named(tmp_path):
    with pytest.raises(SeriesError, match="2024-10"):
        vintages.as_known("ofo_total", "2020-01")


def test_the_packaged_tables_are_never_altered(tmp_path):
    before = _snapshot(catalogue.TABLES)
    vintages.update(_tables(tmp_path), tmp_path / "store")
    assert _snapshot(catalogue.TABLES) == before


def test_a_dry_run_writes_nothing_and_finds_the_same(tmp_path):
    dry = vintages.update(_tables(tmp_path), tmp_path / "store", dry_run=True)
    assert not (tmp_path / "store").exists()
    assert dry == vintages.update(_tables(tmp_path), tmp_path / "store")


def test_the_same_release_twice_changes_nothing_the_second_time(tmp_path):
    store = tmp_path / "store"
    vintages.update(_tables(tmp_path), store)
    after = _snapshot(store)
    assert [r for r in vintages.update(_tables(tmp_path), store) if r.kind != "older"] == []
    assert _snapshot(store) == after


def test_an_older_edition_is_kept_as_a_vintage_and_changes_nothing_that_is_read(tmp_path):
    store, path = tmp_path / "store", tmp_path / "border.csv"
    path.write_text(csv_text(BORDER, BORDER_ROWS), encoding="utf-8")
    found = vintages.update(path, store)
    assert {r.kind for r in found} == {"older"}
    assert read.read("usbp_cells", store=store).equals(read.read("usbp_cells"))
    then = vintages.as_known("usbp_total", "2024-10", store=store)
    assert then.sel(month="2024-10").item() == 50


def test_a_cell_absent_from_a_newer_release_counts_as_zero_where_gaps_are_zero(tmp_path):
    store = tmp_path / "store"
    vintages.update(_newer(tmp_path), store)
    found = vintages.update(_newer(tmp_path, BORDER_ROWS[1:], "again.csv"), store)
    (gone,) = [r for r in found if r.series == "usbp_cells"]
    assert (gone.month, gone.labels, gone.old, gone.new) == (
        "2026-08", ("HND", "family", "title8"), 9584.0, 0.0,
    )  # fmt: skip


def test_another_vintage_of_the_same_date_does_not_overwrite_the_first(tmp_path):
    store = tmp_path / "store"
    for number, rows in enumerate((BORDER_ROWS, BORDER_ROWS[1:], [BORDER_ROWS[0], *BORDER_ROWS[2:]])):
        vintages.update(_newer(tmp_path, rows, f"{number}.csv"), store)
    kept = list((store / "vintages" / "usbp_cells").iterdir())
    assert len(kept) == 3
    assert len(vintages.editions("usbp_cells", store)) == 4


def test_a_faulty_release_leaves_the_store_as_it_was(tmp_path):
    store = tmp_path / "store"
    vintages.update(_newer(tmp_path), store)
    before = _snapshot(store)
    with pytest.raises(ReleaseError):
        vintages.update(_newer(tmp_path, [*BORDER_ROWS, BORDER_ROWS[0]], "bad.csv"), store)
    assert _snapshot(store) == before


def test_a_store_that_cannot_be_written_is_refused(tmp_path):
    (tmp_path / "store").write_text("a file where the folder should be", encoding="utf-8")
    with pytest.raises(OutputError, match="could not write"):
        vintages.update(_newer(tmp_path), tmp_path / "store")


def test_a_store_changes_the_fingerprint_and_only_where_it_is_asked_for(tmp_path):
    packaged = read.fingerprint()
    vintages.update(_newer(tmp_path), tmp_path / "store")
    assert read.fingerprint(tmp_path / "store") != packaged
    assert read.fingerprint() == packaged


def test_the_store_is_chosen_by_the_environment(monkeypatch, tmp_path):
    monkeypatch.setenv("PALANCA_STORE", str(tmp_path / "mine"))
    assert vintages.default_store() == tmp_path / "mine"


def test_without_a_choice_the_store_lies_among_the_users_data(monkeypatch, tmp_path):
    monkeypatch.delenv("PALANCA_STORE", raising=False)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    monkeypatch.setattr("sys.platform", "linux")
    assert vintages.default_store() == tmp_path / "palanca"
