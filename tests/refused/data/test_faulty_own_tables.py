"""A table of one's own that is not plainly what its header says is refused at its line, and never repaired."""

from __future__ import annotations

from pathlib import Path

import pytest
from data_releases import BORDER, BORDER_ROWS, csv_text

from palanca.core.clock import Month
from palanca.core.errors import ReleaseError, SeriesError
from palanca.data.importers.detect import read_release
from palanca.data.update import update

HEAD = "month,group,count\n"
GOOD = "2026-08,family,30\n"


def _refused(folder: Path, text: str, series_id: str = "usbp_by_group") -> ReleaseError:
    path = folder / "own.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ReleaseError) as caught:
        read_release(path, series_id)
    assert caught.value.where.startswith("own.csv")
    return caught.value


@pytest.mark.parametrize(
    "printed",
    ["1,234", '"1,234"', "12*", "-5", "1e3", "n/a", "", " 7", "7.0", "+7", "1_000", "²", "٣", "0x1F", "99999999999"],
)
def test_a_cell_that_is_not_plainly_a_count_is_refused_at_its_line(tmp_path, printed):
    fault = _refused(tmp_path, HEAD + GOOD + f"2026-09,family,{printed}\n")
    assert fault.what == ("a line is cut off" if printed == "1,234" else "not plainly a count")
    assert fault.where.startswith("own.csv:3")


@pytest.mark.parametrize("printed", ["4.", ".5", "4,2", "-1", "nan", "inf", "1e1"])
def test_a_share_that_is_not_plainly_a_number_is_refused(tmp_path, printed):
    fault = _refused(tmp_path, f'month,percent\n2026-08,"{printed}"\n', "job_openings_rate")
    assert fault.what == "not plainly a number"


def test_a_withheld_count_is_refused_where_the_series_has_none(tmp_path):
    assert _refused(tmp_path, HEAD + "2026-08,family,0-4\n").what == "not plainly a count"


@pytest.mark.parametrize("unit", ["people / month", "percent", "crossings", "Count"])
def test_another_unit_is_refused_and_the_units_that_are_taken_named(tmp_path, unit):
    fault = _refused(tmp_path, f"month,group,{unit}\n{GOOD}")
    assert fault.what == "a table of usbp_by_group in another unit"
    assert fault.expected == "events / month or count"
    assert ("a unit of something else" in fault.found) == (unit in ("people / month", "percent"))


def test_a_share_is_no_count(tmp_path):
    fault = _refused(tmp_path, "month,count\n2026-08,4\n", "job_openings_rate")
    assert fault.expected == "percent"


@pytest.mark.parametrize(
    "header", ["month,count", "month,age,count", "group,month,count", "month,group", "year,group,count"]
)
def test_other_axes_are_refused_and_the_header_that_is_expected_given(tmp_path, header):
    fault = _refused(tmp_path, f"{header}\n{GOOD}")
    assert fault.what == "not the columns of usbp_by_group"
    assert fault.expected == "month,group,count"


@pytest.mark.parametrize(("value", "words"), [("30", "the same value"), ("31", "different values")])
def test_a_cell_given_twice_is_refused_and_said_whether_the_two_agree(tmp_path, value, words):
    fault = _refused(tmp_path, HEAD + GOOD + f"2026-08,family,{value}\n")
    assert fault.what == f"a cell stands twice, with {words}"
    assert fault.where == "own.csv:3"


def test_an_unknown_label_is_never_taken_for_the_one_whose_letters_are_near(tmp_path):
    fault = _refused(tmp_path, HEAD + "2026-08,UAC,30\n")
    assert fault.what == "unknown group"
    assert fault.expected == "single_adult, family, child"
    assert "Did you mean" not in fault.way_out
    fault = _refused(tmp_path, HEAD + "2026-08,single adult,30\n")
    assert "Did you mean 'single_adult'? It was not taken for it." in fault.way_out
    for word in ("GTN", "PERSIA"):
        fault = _refused(tmp_path, f"month,origin,count\n2026-08,{word},30\n", "usbp_by_origin")
        assert "Did you mean" not in fault.way_out


@pytest.mark.parametrize("month", ["2026-8", "August 2026", "2026-13", "2026-08-01", "2026", ""])
def test_what_is_no_month_is_refused_at_its_line(tmp_path, month):
    fault = _refused(tmp_path, f"{HEAD}{month},family,30\n")
    assert (fault.what, fault.where) == ("cannot read the month", "own.csv:2")


def test_what_is_no_year_is_refused(tmp_path):
    fault = _refused(tmp_path, "year,origin,count\n2025-01,HTI,5\n", "mx_asylum_claims")
    assert fault.what == "cannot read the year"


@pytest.mark.parametrize(
    "line",
    ["# source: x", "# as_of 2026-09", "#", "# edition:", "# edition: a\n# edition: b", "# as_of: September"],
)
def test_a_line_before_the_header_that_says_nothing_known_is_refused(tmp_path, line):
    fault = _refused(tmp_path, f"{line}\n{HEAD}{GOOD}")
    assert fault.what in ("cannot read a line before the header", "cannot read the month")


def test_a_table_current_before_its_last_month_is_refused(tmp_path):
    assert "before its last month" in _refused(tmp_path, f"# as_of: 2026-07\n{HEAD}{GOOD}").what


def test_a_table_without_a_series_or_with_two_is_refused(tmp_path):
    fault = _refused(tmp_path, HEAD + GOOD, "")
    assert "no series is named" in fault.what
    assert "--series ID" in fault.way_out
    assert "two series" in _refused(tmp_path, "# series: ofo_by_group\n" + HEAD + GOOD).what


def test_an_unknown_series_is_refused_with_the_nearest(tmp_path):
    path = tmp_path / "own.csv"
    path.write_text(HEAD + GOOD)
    with pytest.raises(SeriesError, match="usbp_by_group"):
        read_release(path, "usbp_by_grup")


@pytest.mark.parametrize("text", [HEAD, "# series: usbp_by_group\n", HEAD + "2026-08,family,3"])
def test_a_table_without_a_line_or_cut_off_is_refused(tmp_path, text):
    _refused(tmp_path, text)


@pytest.mark.parametrize(
    ("text", "series_id", "words"),
    [
        (HEAD + "2026-11,family,3\n", "usbp_by_group", "counts a month that is not over"),
        ("# as_of: 2027-01\n" + HEAD + GOOD, "usbp_by_group", "current to a month that is not over"),
        ("year,origin,count\n2026,HTI,5\n", "mx_asylum_claims", "counts a year that is not over"),
    ],
)
def test_what_is_not_over_is_refused_and_nothing_kept(tmp_path, text, series_id, words):
    path = tmp_path / "own.csv"
    path.write_text(text)
    with pytest.raises(ReleaseError, match=words):
        update([path], tmp_path / "store", today=Month.parse("2026-11"), series_id=series_id)
    assert not (tmp_path / "store").exists()


def test_a_part_of_a_table_in_which_absent_means_zero_is_refused(tmp_path):
    path = tmp_path / "own.csv"
    path.write_text("month,origin5,group,authority,count\n2024-08,MEX,family,title8,5\n")
    with pytest.raises(ReleaseError, match="the release is incomplete"):
        update([path], tmp_path / "store", today=Month.parse("2026-11"), series_id="usbp_cells")


def test_a_published_release_under_the_name_of_another_series_is_refused(tmp_path):
    fault = _refused(tmp_path, csv_text(BORDER, BORDER_ROWS))
    assert fault.what == "the file is a release of other series"
