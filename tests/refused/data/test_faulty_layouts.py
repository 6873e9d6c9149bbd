"""What is no release at all, and the smaller layouts, spoilt: by area of responsibility, by sector, repeat shares."""

import pytest
from data_releases import AREA, REPEATS, area_rows, csv_text, refusal, sector_table


@pytest.mark.parametrize("content", ["", "\n \n", "\ufeff\n"])
def test_an_empty_file_is_refused_as_empty(tmp_path, content):
    assert refusal(tmp_path, content).what == "the file is empty"


@pytest.mark.parametrize(
    "page",
    ["<!DOCTYPE html>\n<html><body>Fiscal Year,Month Grouping</body></html>\n", "\n  <HTML>", "<?xml version=?>"],
)
def test_a_web_page_saved_as_a_table_is_refused_for_what_it_is(tmp_path, page):
    fault = refusal(tmp_path, page)
    assert fault.what == "a web page saved in place of the file"
    assert "link beside the table" in fault.way_out


AREA_ROWS = area_rows("2024,SEP", "2025 (FYTD),OCT")


@pytest.mark.parametrize(
    ("left", "what"),
    [
        (lambda row: "Big Bend" not in row, "the release is incomplete"),
        (lambda row: not ("OCT" in row and "Laredo Field" in row), "the release is incomplete"),
        (lambda row: "U.S. Border Patrol" in row, "the release is incomplete"),
        (lambda row: False, "the release holds no counts"),
    ],
    ids=["one sector short", "one office short in a month", "one component", "no line"],
)
def test_a_filtered_release_by_area_is_refused(tmp_path, left, what):
    assert refusal(tmp_path, csv_text(AREA, [row for row in AREA_ROWS if left(row)])).what == what


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("San Diego Sector", "Miami Sector", "unknown area of responsibility"),
        ("Southwest Land", "Southern Land", "unknown land border region"),
        ("MEXICO", "MEXCO", "unknown citizenship"),
        ("Single Adults", "Accompanied Minors", "accompanied minors are not counted by the Border Patrol"),
    ],
)
def test_an_unknown_word_in_the_release_by_area_is_refused_at_its_line(tmp_path, old, new, what):
    fault = refusal(tmp_path, csv_text(AREA, [AREA_ROWS[0].replace(old, new), *AREA_ROWS[1:]]))
    assert (fault.what, fault.where.partition(" ")[0]) == (what, "release:2")


def test_a_line_given_twice_by_area_is_refused(tmp_path):
    assert "twice" in refusal(tmp_path, csv_text(AREA, [*AREA_ROWS, AREA_ROWS[0]])).what


@pytest.mark.parametrize(
    ("change", "what"),
    [
        (lambda text: text.replace("|45|", "|46|"), "the sectors do not add up to the printed total"),
        (lambda text: text + text.splitlines()[1] + "\n", "a month stands twice"),
        (lambda text: text.replace("\n10|", "\n13|"), "cannot read the month"),
        (
            lambda text: "".join(line for line in text.splitlines(keepends=True) if line[:3] != "11|"),
            "months are missing from the middle of the release",
        ),
        (lambda text: text.replace("\n11|", "\n11|1|"), "a line is cut off"),
    ],
)
def test_a_faulty_table_by_sector_is_refused(tmp_path, change, what):
    assert refusal(tmp_path, change(sector_table())).what == what


@pytest.mark.parametrize(
    ("row", "what"),
    [
        ("2022-13,1,30,,,x", "cannot read the month"),
        ("2022-12,1,130,,,x", "not a share"),
        ("2022-12,1,12.5,,,x", "not a count"),
        ("2022-11,1,30,,,x", "a month stands twice"),
        ("2022-12,1,30", "a line is cut off"),
    ],
)
def test_a_faulty_table_of_repeat_shares_is_refused(tmp_path, row, what):
    assert refusal(tmp_path, REPEATS + "2022-11,1,29,,,x\n" + row + "\n").what == what
