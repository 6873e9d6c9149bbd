from pathlib import Path

import pytest
from data_releases import (
    AREA,
    BORDER,
    BORDER_ROWS,
    REPEATS,
    STATE,
    STATE_ROWS,
    area_rows,
    border_rows,
    csv_text,
    sector_table,
    workbook,
)

from palanca.data import catalogue
from palanca.data.importers.counts import count, count_or_mark
from palanca.data.importers.detect import read_release


def _file(folder: Path, content: str | bytes, name: str = "release") -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


@pytest.fixture(scope="module")
def tables(tmp_path_factory):
    return read_release(_file(tmp_path_factory.mktemp("release"), workbook(), "renamed.dat"))


def test_a_border_release_gives_cells_of_both_agencies_and_the_border_patrol_total(tmp_path):
    release = read_release(_file(tmp_path, csv_text(BORDER, BORDER_ROWS)))
    assert set(release.series) == {"usbp_cells", "ofo_cells", "usbp_total"}
    assert release.series["usbp_cells"][("2024-08", "HND", "family", "title8")] == 9584
    assert release.series["ofo_cells"][("2024-08", "OTHER5", "accompanied_minor", "title8")] == 7
    assert release.series["usbp_total"] == {("2024-08",): 9684, ("2024-09",): 3, ("2024-10",): 50}
    assert release.as_of == "2024-10"


def test_a_title_42_row_called_apprehensions_counts_under_title_42(tmp_path):
    release = read_release(_file(tmp_path, csv_text(BORDER, BORDER_ROWS)))
    assert release.series["usbp_cells"][("2024-09", "GTM", "child", "title42")] == 3


@pytest.mark.parametrize("children", ["UC / Single Minors", "UAC", "UC"])
@pytest.mark.parametrize("year", ["2026", "2026 (FYTD)"])
@pytest.mark.parametrize("grouping", ["FYTD", "Remaining"])
def test_the_headings_of_later_fiscal_years_are_read_in_every_spelling(tmp_path, children, year, grouping):
    rows = border_rows("2025,SEP", f"{year},OCT", f"{year},NOV")
    rows = [row.replace("UAC", children).replace(",FYTD,", f",{grouping},") for row in rows]
    release = read_release(_file(tmp_path, csv_text(BORDER, rows)))
    assert release.series["usbp_cells"][("2025-11", "HND", "child", "title8")] == 200
    assert release.as_of == "2025-11"


def test_october_of_a_fiscal_year_lies_in_the_calendar_year_before(tmp_path):
    release = read_release(_file(tmp_path, csv_text(BORDER, BORDER_ROWS)))
    assert release.series["usbp_cells"][("2024-10", "MEX", "single_adult", "title8")] == 50


def test_a_stray_letter_before_the_header_is_dropped(tmp_path):
    plain = read_release(_file(tmp_path, csv_text(BORDER, BORDER_ROWS)))
    stray = read_release(_file(tmp_path, csv_text("w" + BORDER, BORDER_ROWS), "stray"))
    assert stray == plain


@pytest.mark.parametrize("name", ["cbp.csv", "notes.txt", "ohss.xlsx"])
def test_a_release_is_known_by_its_content_whatever_its_name(tmp_path, name):
    release = read_release(_file(tmp_path, csv_text(BORDER, BORDER_ROWS, end="\r\n"), name))
    assert release.publication == "Southwest Land Border Encounters"


def test_a_state_release_sums_the_southwest_and_leaves_other_borders_out(tmp_path):
    release = read_release(_file(tmp_path, csv_text(STATE, STATE_ROWS)))
    assert release.series["swb_cells"] == {
        ("2023-09", "MEX", "single_adult", "title8"): 30,
        ("2023-09", "OTH", "family", "title8"): 11,
        ("2023-10", "VEN", "child", "title8"): 4,
    }
    assert release.series["state_by_origin"][("2023-09", "TX", "OTH")] == 11
    assert sum(release.series["state_by_origin"].values()) == 45


def test_a_release_by_area_fills_every_series_of_both_agencies(tmp_path):
    series = read_release(_file(tmp_path, csv_text(AREA, area_rows("2024,SEP", "2025 (FYTD),OCT")))).series
    # 15 nationalities, each 100 in 3 or 4 groups, in 9 sectors and 4 field offices.
    assert series["usbp_total"] == {("2024-09",): 40_500, ("2024-10",): 40_500}
    assert series["ofo_total"][("2024-10",)] == 24_000
    assert series["usbp_by_sector"][("2024-10", "big_bend")] == 4_500
    assert series["usbp_by_group"][("2024-10", "child")] == 13_500
    assert series["ofo_by_group"][("2024-10", "accompanied_minor")] == 6_000
    assert series["usbp_by_origin"][("2024-10", "VEN")] == 2_700
    assert series["usbp_by_origin"][("2024-10", "OTH")] == 2 * 2_700
    assert series["ofo_by_origin"][("2024-10", "CHN")] == 1_600
    assert series["ofo_by_origin"][("2024-10", "OTH")] == 5 * 1_600
    assert series["usbp_cells"][("2024-10", "OTHER5", "family", "title8")] == 11 * 900
    assert series["swb_cells"][("2024-10", "OTH", "family", "title8")] == 2 * 1_300


def test_a_release_by_area_says_its_zeros_and_leaves_rounded_publications_their_months(tmp_path):
    rows = [row for row in area_rows("2024,AUG", "2024,SEP") if "HAITI" not in row]
    series = read_release(_file(tmp_path, csv_text(AREA, rows))).series
    assert series["usbp_by_origin"][("2024-09", "HTI")] == 0
    assert {key[0] for key in series["usbp_cells"]} == {"2024-08", "2024-09"}
    for name in ("usbp_by_origin", "usbp_by_group", "usbp_by_sector", "ofo_by_origin", "ofo_by_group", "ofo_total"):
        assert {key[0] for key in series[name]} == {"2024-09"}, name


def test_the_northern_border_is_left_out_of_a_release_by_area(tmp_path):
    north = (
        "2024,FYTD,SEP,U.S. Border Patrol,Northern Land Border,Swanton Sector,SWB,FMUA,MEXICO,Title 8,Apprehensions,9"
    )
    rows = area_rows("2024,SEP")
    assert read_release(_file(tmp_path, csv_text(AREA, [*rows, north]))) == read_release(
        _file(tmp_path, csv_text(AREA, rows), "plain")
    )


def test_the_table_by_sector_gives_nine_sectors_and_their_sum(tmp_path):
    release = read_release(_file(tmp_path, sector_table()))
    assert release.series["usbp_by_sector"][("1999-11", "rio_grande_valley")] == 6
    assert release.series["usbp_total"] == {(month,): 45 for month in ("1999-10", "1999-11", "1999-12")}


def test_a_month_whose_update_gave_no_share_is_left_out(tmp_path):
    release = read_release(_file(tmp_path, REPEATS + "2022-10,5,28,,,x\n2022-11,,,9,SWB,x\n2022-12,6,29,,,x\n"))
    assert release.series == {"repeat_share": {("2022-10",): 28.0, ("2022-12",): 29.0}}


def test_the_workbook_fills_every_series_that_its_sheets_hold(tables):
    assert set(tables.series) == {
        "ofo_total", "ofo_by_origin", "ofo_by_group", "usbp_by_group", "usbp_by_sector", "usbp_by_origin",
        "follow_usbp", "follow_ofo", "follow_by_group", "follow_by_origin", "cbp_one_by_origin",
        "credible_fear_filed", "chnv_paroles_by_origin",
    }  # fmt: skip
    for cells in tables.series.values():
        assert min(cells)[0] == "2023-10"
        assert max(cells)[0] == "2024-11"


def test_the_workbook_says_its_edition_and_how_current_it_is(tables):
    assert tables.edition == "data through November 2024"
    assert tables.as_of == "2024-12"


def test_footnote_digits_and_merged_group_names_are_read_through(tables):
    # Columns: 3 to 14 Total CBP, 15 to 26 USBP, 27 to 38 OFO; OFO / Mexico stands at place 28.
    assert tables.series["ofo_by_origin"][("2024-01", "MEX")] == 280
    # Columns: 3 to 7 Total CBP, 8 to 11 USBP, 12 to 16 OFO; USBP / Family Unit Individuals at place 10.
    assert tables.series["usbp_by_group"][("2024-01", "family")] == 100
    # Columns: 3 to 11 Total CBP, 12 to 19 USBP; T8 repatriations of USBP at place 13.
    assert tables.series["follow_usbp"][("2024-01", "t8_repatriations")] == 130


def test_a_mark_is_no_figure_at_all(tables):
    assert ("2024-01", "mpp_returns") not in tables.series["follow_usbp"]
    assert ("2024-01", "VEN", "t42_expulsions") not in tables.series["follow_by_origin"]


def test_other_nationalities_are_the_total_less_the_named(tables):
    cells = tables.series["usbp_by_origin"]
    assert sum(value for key, value in cells.items() if key[0] == "2024-01") == 2030
    assert cells[("2024-01", "BRA")] == 50
    assert cells[("2024-01", "OTH")] == 2030 - sum(range(50, 180, 10))


def test_a_printed_zero_of_a_nationality_is_censored(tmp_path):
    def no_haitians(book):
        for row in book["SWB USBP"].iter_rows(min_row=4):
            if row[1].value:
                row[10].value = 0

    release = read_release(_file(tmp_path, workbook(no_haitians)))
    assert release.series["usbp_by_origin"][("2024-01", "HTI")] is None


def test_every_cell_bears_labels_of_the_catalogue(tables, tmp_path):
    others = [
        read_release(_file(tmp_path, csv_text(*pair), pair[0][:12]))
        for pair in ((BORDER, BORDER_ROWS), (STATE, STATE_ROWS))
    ]
    for release in (tables, *others):
        for series_id, cells in release.series.items():
            series = catalogue.get(series_id)
            for _, *labels in cells:
                assert all(label in series.labels[dim] for dim, label in zip(series.dims[1:], labels, strict=True))


@pytest.mark.parametrize(("printed", "number"), [("9584.0", 9584), ("1,234", 1234), (10, 10), (10.0, 10), (" 7 ", 7)])
def test_a_count_is_read_however_it_is_printed(printed, number):
    assert count(printed, "here") == number


@pytest.mark.parametrize("mark", ["X", "NA", "D", " X "])
def test_a_mark_stands_for_no_figure(mark):
    assert count_or_mark(mark, "here") is None
