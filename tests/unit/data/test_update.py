import itertools
from pathlib import Path

import pytest
from data_releases import BORDER, STATE, border_rows, csv_text, khsm, state_rows, workbook

from palanca.core import lock
from palanca.core.clock import Month
from palanca.core.errors import OutputError, ReleaseError, SeriesError
from palanca.data import catalogue, read, store
from palanca.data.update import Update, update

TODAY = Month.parse("2026-11")
CELL = "2026,FYTD,AUG,U.S. Border Patrol,FMUA,Honduras,Title 42,Apprehensions"


def _border(folder: Path, rows: list[str], name: str = "border.csv") -> Path:
    path = folder / name
    path.write_text(csv_text(BORDER, rows), encoding="utf-8")
    return path


def _newer(folder: Path, *more: str, count: int = 200, name: str = "border.csv") -> Path:
    """A border release of August and September 2026, so that it is newer than the packaged one."""
    return _border(folder, [*border_rows("2026,AUG", "2026,SEP", count=count), *more], name)


def _tables(folder: Path, change=None) -> Path:
    path = folder / "tables.xlsx"
    path.write_bytes(workbook(change))
    return path


def _take(file: Path, folder: Path, **options: bool) -> Update:
    (found,) = update([file], folder, today=TODAY, **options)
    return found


def _snapshot(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "store"


def test_an_update_shows_every_revised_cell_with_old_and_new(tmp_path, folder):
    known = read.read("follow_ofo").sel(month="2024-01", outcome="total_encounters").item()
    found = _take(_tables(tmp_path), folder).revisions
    cell = ("follow_ofo", "2024-01", ("total_encounters",))
    (one,) = [r for r in found if (r.series, r.month, r.labels) == cell]
    assert (one.old, one.new, one.kind) == (known, 200.0, "revised")


def test_an_update_appends_months_that_were_not_known(tmp_path, folder):
    found = _take(_tables(tmp_path), folder).revisions
    added = {r.month for r in found if r.series == "follow_ofo" and r.kind == "added"}
    assert added == {"2024-09", "2024-10", "2024-11"}
    array = read.open_figures(folder).read("follow_ofo")
    assert array.sel(month="2024-11", outcome="total_encounters").item() == 200.0
    assert array.attrs["as_of"] == "2024-12"


def test_months_that_the_release_does_not_cover_stay(tmp_path, folder):
    _take(_tables(tmp_path), folder)
    array, before = read.open_figures(folder).read("follow_ofo"), read.read("follow_ofo")
    assert array.sel(month=slice(None, "2023-09")).equals(before.sel(month=slice(None, "2023-09")))


def test_new_months_are_added_whichever_edition_brings_them(tmp_path, folder):
    """The release is current to July 2026, the one taken before to September, but it begins in August."""
    _take(_newer(tmp_path), folder)
    found = _take(_border(tmp_path, border_rows("2026,JUL", count=300), "july.csv"), folder).revisions
    assert {r.kind for r in found} == {"added"}
    total, packaged = read.open_figures(folder).read("usbp_total"), read.read("usbp_total")
    assert list(total.sel(month=slice("2026-07", None)).values) == [15 * 300, 15 * 200, 15 * 200]
    assert (total.sel(month=packaged.month) == packaged).all()


def test_what_an_older_edition_says_of_known_months_is_kept_and_changes_nothing(tmp_path, folder):
    """August 2023 is told by the newer, packaged table; every known cell of size must stand in the release."""
    rows = [row for row in border_rows("2023,AUG") if "Accompanied" not in row]
    minors = [row for row in border_rows("2023,AUG", count=60) if "Accompanied" in row]
    titles = read.read("ofo_cells").sel(month="2023-08", authority="title42")
    assert float(titles.max()) == 0
    found = _take(_border(tmp_path, [*rows, *minors]), folder).revisions
    assert {r.kind for r in found} == {"older"}
    assert read.open_figures(folder).read("usbp_cells").equals(read.read("usbp_cells"))
    then = read.open_figures(folder, "2023-09").read("usbp_total")
    assert then.sel(month="2023-08").item() == 15 * 200


def test_an_edition_is_known_from_the_month_after_it_is_current(tmp_path, folder):
    """Figures of October are published in November: by the end of October nobody had them."""
    _take(_border(tmp_path, border_rows("2024,SEP")), folder)
    _take(_border(tmp_path, border_rows("2024,SEP", "2025,OCT", count=300), "later.csv"), folder)
    in_october = read.open_figures(folder, "2024-10").read("usbp_total")
    assert (str(in_october.month.values[-1])[:7], in_october.values[-1]) == ("2024-09", 15 * 200)
    in_november = read.open_figures(folder, "2024-11").read("usbp_total")
    assert (str(in_november.month.values[-1])[:7], in_november.values[-2]) == ("2024-10", 15 * 300)
    in_september = read.open_figures(folder, "2024-09").read("usbp_total")
    assert str(in_september.month.values[-1])[:7] == "2024-08"  # the month before, as later revised
    strict = read.open_figures(folder).known_by("2024-09").read("usbp_total")
    assert str(strict.month.values[-1])[:7] == "2021-09"  # of the packaged editions, the last one published by then


def test_a_figure_that_a_release_now_marks_as_withheld_is_shown_as_gone(tmp_path, folder):
    def withhold(book):
        # Row 9 is January of fiscal year 2024; the last column is OFO / Other outcomes.
        book["CBP SWB Book-Outs by Agency"].cell(9, 27).value = "D"

    found = _take(_tables(tmp_path, withhold), folder).revisions
    cell = ("follow_ofo", "2024-01", ("other_outcomes",))
    (one,) = [r for r in found if (r.series, r.month, r.labels) == cell]
    assert (one.new, one.kind) == (None, "revised")
    assert one.old == read.read("follow_ofo").sel(month="2024-01", outcome="other_outcomes").item()


def test_a_nationality_that_an_edition_does_not_list_stays_as_known(tmp_path, folder):
    def peru_for_china(book):
        heads = book["CBP SWB Book-Outs by Citp"][3]
        (china,) = [cell for cell in heads if str(cell.value).startswith("China")]
        china.value = "Peru"

    _take(_tables(tmp_path, peru_for_china), folder)
    array, before = read.open_figures(folder).read("follow_by_origin"), read.read("follow_by_origin")
    for origin in ("CHN", "OTH"):
        assert array.sel(origin11=origin, month=slice(None, "2024-08")).equals(before.sel(origin11=origin))
        assert bool(array.sel(origin11=origin, month=slice("2024-09", None)).isnull().all())
    assert array.sel(origin11="MEX", month="2024-11", outcome="t8_repatriations").item() == 130


def test_the_old_edition_is_kept_and_read_as_it_was_known(tmp_path, folder):
    _take(_tables(tmp_path), folder)
    then, packaged = read.open_figures(folder).known_by("2024-12").read("follow_ofo"), read.read("follow_ofo")
    assert then.equals(packaged)
    now = read.open_figures(folder, "2025-01").read("follow_ofo")
    assert now.equals(read.open_figures(folder).read("follow_ofo"))


def test_an_edition_can_be_asked_for_in_its_own_words(tmp_path, folder):
    _take(_tables(tmp_path), folder)
    edition = catalogue.get("follow_ofo").edition
    assert read.open_figures(folder, edition).read("follow_ofo").equals(read.read("follow_ofo"))


def test_a_date_before_every_edition_is_refused_and_the_editions_named():
    with pytest.raises(SeriesError, match="2024-10"):
        read.open_figures(None, "2013-10").read("ofo_total")


def test_months_that_no_edition_of_then_tells_are_those_of_later_editions_by_their_delay(tmp_path, folder):
    """OHSS's tables to August 2024 were current through October: in a month, those to three months before are known."""
    assert catalogue.get("follow_usbp").as_of == "2024-10"
    row, cells = read.open_figures(None, "2024-03").cells("follow_usbp")
    assert (row.last, max(key[0] for key in cells)) == ("2023-12", "2023-12")
    assert "as later revised" in row.edition
    whole = read.read("follow_usbp").sel(month=slice(None, "2023-12"))
    assert read.open_figures(None, "2024-03").read("follow_usbp").equals(whole)
    yearly, _ = read.open_figures(None, "2024-02").cells("democracy")  # the year 2024 was told in March 2025
    assert yearly.last == "2022"
    assert read.open_figures(None, "2024-04").cells("democracy")[0].last == "2023"


def test_a_packaged_table_joined_from_editions_tells_each_month_as_of_the_edition_that_tells_it(tmp_path, folder):
    """OHSS's tables of August 2024 tell `ofo_total` to that month, CBP's after: a later edition of OHSS revises the
    former and leaves the latter, and what was known in November 2024 ends where OHSS ended."""
    strict = read.open_figures().known_by("2024-11")
    then = strict.read("ofo_total")
    assert (str(then.month.values[-1])[:7], then.sizes["month"]) == ("2024-08", 131)
    assert (read.read("ofo_total").sel(month=then.month) == then).all()
    with pytest.raises(SeriesError, match="no edition of ofo_total was known then"):
        read.open_figures().known_by("2024-10").read("ofo_total")
    found = [r for r in _take(_tables(tmp_path), folder).revisions if r.series == "ofo_total"]
    assert {r.month for r in found if r.kind == "revised"} == {f"2023-{m}" for m in (10, 11, 12)} | {
        f"2024-{m:02d}" for m in range(1, 9)
    }
    assert {r.month for r in found if r.kind == "older"} == {"2024-09", "2024-10", "2024-11"}
    now = read.open_figures(folder).read("ofo_total")
    assert now.sel(month="2024-08").item() == 270
    later = slice("2024-09", None)
    assert now.sel(month=later).equals(read.read("ofo_total").sel(month=later))


def test_the_parts_of_every_packaged_table_cover_its_months_once_and_follow_their_dates():
    for series in catalogue.entries().values():
        parts = series.parts()
        assert (parts[0].first, parts[-1].last, parts[-1].as_of) == (series.first, series.last, series.as_of)
        for one, after in itertools.pairwise(parts):
            assert str(Month.parse(one.last) + 1) == after.first
            assert one.last <= one.as_of <= after.as_of
        assert catalogue.from_row(catalogue.to_row(series)) == series


def test_the_packaged_tables_are_never_altered(tmp_path, folder):
    before = _snapshot(catalogue.TABLES)
    _take(_tables(tmp_path), folder)
    assert _snapshot(catalogue.TABLES) == before


def test_a_dry_run_writes_nothing_and_finds_the_same(tmp_path, folder):
    dry = _take(_tables(tmp_path), folder, dry_run=True)
    assert not folder.exists()
    assert dry == _take(_tables(tmp_path), folder)


def test_the_same_release_twice_changes_nothing_the_second_time(tmp_path, folder):
    _take(_tables(tmp_path), folder)
    after = _snapshot(folder)
    again = _take(_tables(tmp_path), folder)
    assert again.kept == ()
    assert [r for r in again.revisions if r.kind != "older"] == []
    assert _snapshot(folder) == after


def test_a_small_cell_absent_from_a_newer_release_counts_as_zero_where_gaps_are_zero(tmp_path, folder):
    _take(_newer(tmp_path, f"{CELL},3"), folder)
    (gone,) = [r for r in _take(_newer(tmp_path, name="again.csv"), folder).revisions if r.series == "usbp_cells"]
    assert (gone.month, gone.labels, gone.old, gone.new) == ("2026-08", ("HND", "family", "title42"), 3.0, 0.0)


def test_no_edition_is_ever_overwritten(tmp_path, folder):
    for number in range(3):
        _take(_newer(tmp_path, f"{CELL},{number + 1}", name=f"{number}.csv"), folder)
    assert len(list((folder / "vintages" / "usbp_cells").iterdir())) == 3
    assert [row.as_of for row in store.opened(folder).of("usbp_cells")] == ["2026-09"] * 3
    assert read.open_figures(folder).read("usbp_cells").sel(month="2026-08", authority="title42").sum() == 3


def test_a_faulty_release_leaves_the_store_as_it_was(tmp_path, folder):
    _take(_newer(tmp_path), folder)
    before = _snapshot(folder)
    with pytest.raises(ReleaseError):
        _take(_newer(tmp_path, border_rows("2026,AUG")[0], name="bad.csv"), folder)
    assert _snapshot(folder) == before


def test_a_disk_that_fails_in_the_middle_leaves_the_store_as_it_was(tmp_path, folder, monkeypatch):
    _take(_newer(tmp_path), folder)
    before, replace, done = _snapshot(folder), Path.replace, []

    def failing(self: Path, target: Path) -> Path:
        if "new" in self.parts:
            done.append(target)
            if len(done) == 3:
                raise OSError(5, "Input/output error")
        return replace(self, target)

    later = _newer(tmp_path, count=300, name="later.csv")
    monkeypatch.setattr(Path, "replace", failing)
    with pytest.raises(OutputError, match="Input/output error"):
        _take(later, folder)
    assert _snapshot(folder) == before


def test_two_updates_at_once_are_refused(tmp_path, folder):
    """The lock is one of the system, by process; another process is stood for by one that never reserved."""
    folder.mkdir()
    with lock.held(folder, lambda _: AssertionError()), pytest.raises(OutputError, match="another command"):
        _take(_newer(tmp_path), folder)
    assert list(folder.iterdir()) == []


def test_a_store_that_cannot_be_written_is_refused(tmp_path, folder):
    folder.write_text("a file where the folder should be", encoding="utf-8")
    with pytest.raises(OutputError, match="could not write"):
        _take(_newer(tmp_path), folder)


def test_a_store_changes_the_fingerprint_where_it_tells_packaged_months_otherwise(tmp_path, folder):
    packaged, early = read.packaged_figures().fingerprint(), read.packaged_figures().until("2024-08").fingerprint()
    _take(_newer(tmp_path), folder)
    assert read.open_figures(folder).fingerprint() != packaged
    assert read.open_figures(folder).until("2024-08").fingerprint() == early
    _take(_tables(tmp_path), folder)
    assert read.open_figures(folder).until("2024-08").fingerprint() != early
    assert read.packaged_figures().fingerprint() == packaged


def test_the_metrics_workbook_brings_the_border_patrol_by_nationality_group_and_sector(tmp_path, folder):
    path = tmp_path / "khsm.xlsx"
    path.write_bytes(khsm())
    _take(path, folder)
    figures = read.open_figures(folder, "2024-12")
    assert figures.read("usbp_by_origin").sel(month="2024-11", origin="OTH").item() == 2000 - sum(range(10, 130, 10))
    assert bool(figures.read_censored("usbp_by_origin").sel(month="2024-11", origin="IND"))
    assert figures.read("usbp_by_group").sel(month="2024-10", group="child").item() == 30
    assert figures.read("usbp_by_sector").sel(month="2024-10", sector="yuma").item() == 30


def test_a_release_by_state_fills_both_of_its_series(tmp_path, folder):
    path = tmp_path / "state.csv"
    path.write_text(csv_text(STATE, state_rows("2026,OCT")), encoding="utf-8")
    _take(path, folder)
    figures = read.open_figures(folder)
    assert float(figures.read("swb_cells").sel(month="2025-10").sum()) == 4 * 4 * 14 * 200
    assert float(figures.read("state_by_origin").sel(month="2025-10", state="TX").sum()) == 4 * 14 * 200


def test_the_store_is_chosen_by_the_environment(monkeypatch, tmp_path):
    monkeypatch.setenv("PALANCA_STORE", str(tmp_path / "mine"))
    assert store.default_folder() == tmp_path / "mine"


def test_without_a_choice_the_store_lies_among_the_users_data(monkeypatch, tmp_path):
    monkeypatch.delenv("PALANCA_STORE", raising=False)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    monkeypatch.setattr("sys.platform", "linux")
    assert store.default_folder() == tmp_path / "palanca"


def test_several_files_are_taken_in_their_order_and_each_is_held_against_those_before(tmp_path, folder):
    one, two = _newer(tmp_path), _newer(tmp_path, count=300, name="later.csv")
    first, second = update([one, two], folder, today=TODAY)
    assert {r.kind for r in first.revisions} == {"added"}
    assert {(r.old, r.new) for r in second.revisions if r.series == "usbp_cells"} == {(200, 300)}
    assert read.open_figures(folder).read("usbp_total").sel(month="2026-08").item() == 15 * 300
    again = update([two, one], folder, today=TODAY)
    assert [one.kept for one in again] == [(), ()]


def test_several_files_are_taken_all_or_none(tmp_path, folder):
    good, bad = _newer(tmp_path), _newer(tmp_path, border_rows("2026,AUG")[0], name="bad.csv")
    with pytest.raises(ReleaseError, match=r"bad\.csv"):
        update([good, bad], folder, today=TODAY)
    assert not folder.exists()


@pytest.mark.parametrize("order", [(0, 1), (1, 0)], ids=["older first", "newer first"])
def test_the_figures_in_force_do_not_depend_on_the_order_in_which_editions_are_taken_in(tmp_path, folder, order):
    """The edition through August adds a month and revises one, whatever its file is called and whenever it comes."""
    files = [
        _border(tmp_path, border_rows("2026,JUN", "2026,JUL"), "zz-final.csv"),
        _border(tmp_path, border_rows("2026,JUN", "2026,JUL", "2026,AUG", count=300), "aa-preliminary.csv"),
    ]
    for place in order:
        update([files[place]], folder, today=TODAY)
    assert read.open_figures(folder).read("usbp_total").sel(month="2026-07").item() == 15 * 300
    then = read.open_figures(folder, "2026-08").read("usbp_total")
    assert (str(then.month.values[-1])[:7], then.values[-1]) == ("2026-07", 15 * 200)
