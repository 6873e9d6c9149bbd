import io
import os
import zipfile

import pytest
from data_releases import (
    BORDER,
    BORDER_ROWS,
    STATE,
    STATE_ROWS,
    csv_text,
    khsm,
    refusal,
    workbook,
)

from palanca.core.errors import ReleaseError
from palanca.data.importers import csvfile
from palanca.data.importers.detect import layouts, read_release

SHEET = "SWB Encounters by Citizenship"


def _border(*rows: str) -> str:
    return csv_text(BORDER, [*BORDER_ROWS, *rows])


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(ReleaseError, match="absent"):
        read_release(tmp_path / "absent.csv")


def test_a_csv_cut_in_mid_line_is_refused_at_its_last_line(tmp_path):
    fault = refusal(tmp_path, _border()[:-4])
    assert "cut off" in fault.what
    assert fault.where == "release:8"


def test_a_csv_with_a_short_line_inside_is_refused_at_that_line(tmp_path):
    fault = refusal(tmp_path, csv_text(BORDER, [BORDER_ROWS[0], "2024,FYTD,AUG,U.S. Bor", *BORDER_ROWS[1:]]))
    assert fault.where == "release:3"


def test_a_csv_that_lost_a_month_is_refused(tmp_path):
    fault = refusal(tmp_path, csv_text(BORDER, [row for row in BORDER_ROWS if ",SEP," not in row]))
    assert "2024-09" in fault.found


def test_a_header_lower_down_is_refused_with_the_line_it_stands_on(tmp_path):
    fault = refusal(tmp_path, "Encounters\n\n" + _border())
    assert "moved" in fault.what
    assert "line 3" in fault.found


def test_a_csv_of_something_else_is_refused_with_the_layouts_that_are_read(tmp_path):
    fault = refusal(tmp_path, "Fiscal Year,Month (abbv),Count\n2024,AUG,3\n")
    assert fault.what == "not a release that palanca can read"
    for layout in layouts():
        assert layout.name in fault.expected


UNHCR = (
    '"Extracted from the UNHCR Refugee Data Finder"\n"Date of extraction: 2024-06-13"\n\n'
    "Year,Country of origin,Country of asylum,Applied\n2023,HTI,MEX,5\n"
)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (
            "Main ID,Incident ID,Incident Type,Region of Incident,Number of Dead\n1,1,x,Caribbean,2\n",
            "Missing Migrants",
        ),
        (UNHCR, "UNHCR"),
    ],
)
def test_what_else_people_hold_is_named_for_what_it_is(tmp_path, text, name):
    fault = refusal(tmp_path, text)
    assert fault.what == "a layout that palanca does not read"
    assert name in fault.found
    assert "CBP, Southwest Land Border Encounters" in fault.expected
    assert "Download" not in fault.way_out


def test_a_workbook_of_something_else_is_refused_with_its_sheets(tmp_path):
    fault = refusal(tmp_path, workbook(lambda book: book.remove(book[SHEET])))
    assert "TOC" in fault.found


def test_a_renamed_column_is_refused_by_what_is_missing(tmp_path):
    fault = refusal(tmp_path, _border().replace("Component,", "Agency,"))
    assert "Component" in fault.expected


def test_bytes_that_are_not_text_are_refused(tmp_path):
    assert "not text" in refusal(tmp_path, b"\xff\xfe\x00\x01").found


@pytest.mark.parametrize(
    "printed",
    ["-5", "many", "", "3.5", "inf", "nan", "X", "1e300", "1e3", "1_0", '"1,2,3,4"', "20000000", "²", "٣", "0x1F"],
)
def test_a_csv_count_that_is_no_count_is_refused_at_its_line(tmp_path, printed):
    row = f"2024,FYTD,AUG,U.S. Border Patrol,FMUA,Mexico,Title 8,Apprehensions,{printed}"
    fault = refusal(tmp_path, _border(row))
    assert fault.what == "not a count"
    assert fault.where.startswith("release:9")


def test_a_cell_given_twice_is_refused(tmp_path):
    fault = refusal(tmp_path, _border(BORDER_ROWS[0]))
    assert "twice" in fault.what
    assert fault.where == "release:9"


def test_a_state_cell_given_twice_is_refused(tmp_path):
    assert "twice" in refusal(tmp_path, csv_text(STATE, [*STATE_ROWS, STATE_ROWS[0]])).what


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("U.S. Border Patrol", "Border Force", "unknown component"),
        ("FMUA", "Families", "unknown demographic"),
        ("Honduras", "Hondurus", "unknown citizenship grouping"),
        ("Title 8", "Title 9", "unknown title of authority"),
        ("Apprehensions", "Sightings", "unknown encounter type"),
        (",AUG,", ",AGO,", "cannot read the month"),
        ("2024,", "FY24,", "cannot read the fiscal year"),
    ],
)
def test_an_unknown_word_is_refused_at_its_line(tmp_path, old, new, what):
    fault = refusal(tmp_path, csv_text(BORDER, [BORDER_ROWS[0].replace(old, new), *BORDER_ROWS[1:]]))
    assert fault.what == what
    assert fault.where.startswith("release:2")


@pytest.mark.parametrize(
    ("old", "new"),
    [("MEXICO", "MEXCO"), ("Southwest Land", "South Land"), (",AZ,", ",FL,"), ("Single Adults", "Adults")],
)
def test_an_unknown_word_in_the_state_release_is_refused(tmp_path, old, new):
    fault = refusal(tmp_path, csv_text(STATE, [STATE_ROWS[0].replace(old, new), *STATE_ROWS[1:]]))
    assert fault.what.startswith("unknown")
    assert fault.where.startswith("release:2")


def test_accompanied_minors_under_the_border_patrol_are_refused(tmp_path):
    row = "2024,FYTD,AUG,U.S. Border Patrol,Accompanied Minors,Mexico,Title 8,Apprehensions,1"
    assert "accompanied" in refusal(tmp_path, _border(row)).what


@pytest.mark.parametrize("kept", [0.05, 0.5, 0.95, 0.999])
def test_a_workbook_cut_short_is_refused(tmp_path, kept):
    whole = workbook()
    fault = refusal(tmp_path, whole[: int(len(whole) * kept)])
    assert fault.what == "cannot read this workbook"
    assert "cut short" in fault.found


def test_a_damaged_byte_in_a_workbook_is_refused(tmp_path):
    whole = bytearray(workbook())
    at = whole.index(b"xl/worksheets/sheet2.xml") + 400
    whole[at : at + 40] = bytes(40)
    assert "damaged" in refusal(tmp_path, bytes(whole)).found


def test_a_missing_sheet_is_named(tmp_path):
    def drop(book):
        book.remove(book["CHNV Paroles"])

    fault = refusal(tmp_path, workbook(drop))
    assert fault.what == "a sheet is missing"
    assert "CHNV Paroles" in fault.expected


def test_a_moved_header_is_refused_with_the_cell_it_was_found_in(tmp_path):
    fault = refusal(tmp_path, workbook(lambda book: book[SHEET].insert_rows(2)))
    assert fault.what == "the header has moved"
    assert "A5" in fault.found
    assert "row 4" in fault.expected
    assert SHEET in fault.where


def _set(cell: str, value: object):
    def change(book):
        book[SHEET][cell] = value

    return change


@pytest.mark.parametrize("printed", [-10, "many", None, 3.5, True])
def test_a_workbook_count_that_is_no_count_is_refused_at_its_cell(tmp_path, printed):
    # AB8 is OFO / Mexico in December of fiscal year 2024.
    fault = refusal(tmp_path, workbook(_set("AB8", printed)))
    assert fault.what == "not a count"
    assert fault.where.endswith("!AB8")
    assert SHEET in fault.where


def test_a_month_given_twice_is_refused_at_its_cell(tmp_path):
    fault = refusal(tmp_path, workbook(_set("B8", "November")))
    assert fault.what == "a month stands twice"
    assert fault.where.endswith("!B8")


def test_a_month_left_out_is_refused(tmp_path):
    fault = refusal(tmp_path, workbook(lambda book: book[SHEET].delete_rows(8)))
    assert "out of order" in fault.what
    assert "December" in fault.expected


def test_a_last_month_left_out_of_a_full_year_is_refused(tmp_path):
    fault = refusal(tmp_path, workbook(lambda book: book[SHEET].delete_rows(17)))
    assert fault.what == "a month is missing"
    assert "September" in fault.found


def test_a_fiscal_year_out_of_order_is_refused(tmp_path):
    fault = refusal(tmp_path, workbook(_set("A18", "2027 YTD")))
    assert "fiscal years" in fault.what
    assert fault.where.endswith("!A18")


def test_months_that_do_not_add_up_to_the_total_are_refused(tmp_path):
    fault = refusal(tmp_path, workbook(_set("AB8", 9990)))
    assert "add up" in fault.what
    assert "OFO / Mexico" in fault.where


def test_a_sheet_that_ends_before_its_source_line_is_refused(tmp_path):
    fault = refusal(tmp_path, workbook(lambda book: book[SHEET].delete_rows(15, 20)))
    assert fault.what == "the sheet ends early"


def test_an_unknown_group_is_refused_at_its_cell(tmp_path):
    fault = refusal(tmp_path, workbook(_set("AB4", "Mexicans")))
    assert fault.what == "unknown column"
    assert fault.where.endswith("!AB4")


def test_an_unknown_agency_is_refused(tmp_path):
    fault = refusal(tmp_path, workbook(_set("AA3", "ICE")))
    assert fault.what == "unknown column"
    assert "ICE" in fault.found


def test_a_column_that_is_missing_is_named(tmp_path):
    fault = refusal(tmp_path, workbook(lambda book: book["CHNV Paroles"].delete_cols(4)))
    assert fault.what == "a column is missing"
    assert fault.expected == "Cuba"


def test_a_column_given_twice_is_refused(tmp_path):
    def twice(book):
        book["CHNV Paroles"]["E3"] = "Cuba"
        book["CHNV Paroles"]["H3"] = "Haiti"

    assert refusal(tmp_path, workbook(twice)).what == "a column stands twice"


def test_named_nationalities_beyond_the_total_are_refused(tmp_path):
    def shrink(book):
        for row in book["SWB USBP"].iter_rows(min_row=4):
            if row[1].value:
                row[2].value = 120 if row[0].value == 2024 else 20 if row[0].value else 10

    assert "exceed" in refusal(tmp_path, workbook(shrink)).what


def test_a_new_word_is_refused_without_a_guess_at_its_meaning(tmp_path):
    """Letters alike say nothing: children (`UAC`) were once taken for families (`FMUA`)."""
    fault = refusal(tmp_path, csv_text(BORDER, [BORDER_ROWS[0].replace("FMUA", "UMFA"), *BORDER_ROWS[1:]]))
    assert "FMUA" not in fault.way_out
    assert "taught" in fault.way_out


def test_a_value_longer_than_any_csv_holds_is_refused_at_its_line(tmp_path):
    fault = refusal(tmp_path, csv_text(BORDER, [BORDER_ROWS[0].replace("Honduras", "H" * 200_000)]))
    assert (fault.what, fault.where) == ("not a CSV file", "release:2")


@pytest.mark.parametrize("year", ["²⁰²⁵", "٢٠٢٥", "0024", "20245"])
def test_a_year_in_other_digits_is_refused_at_its_line(tmp_path, year):
    fault = refusal(tmp_path, csv_text(BORDER, [BORDER_ROWS[0].replace("2024", year), *BORDER_ROWS[1:]]))
    assert (fault.what, fault.where) == ("cannot read the fiscal year", "release:2")


def test_a_file_of_too_many_lines_is_refused_by_the_limit(tmp_path, monkeypatch):
    monkeypatch.setattr(csvfile, "MOST_LINES", 5)
    assert "at most 5" in str(refusal(tmp_path, _border()))


def test_agencies_that_end_in_different_months_are_refused(tmp_path):
    rows = [row for row in BORDER_ROWS if not row.endswith("Mexico,Title 8,Inadmissibles,12")]
    fault = refusal(tmp_path, csv_text(BORDER, rows))
    assert fault.what == "the two agencies do not cover the same months"
    assert "without a filter" in fault.way_out


def test_a_named_pipe_is_refused_and_not_waited_for(tmp_path):
    pipe = tmp_path / "release"
    os.mkfifo(pipe)
    with pytest.raises(ReleaseError, match="not a regular file"):
        read_release(pipe)


def _spoilt(offset: int, value: int) -> bytes:
    """A workbook whose parts say of themselves what no reader can follow, in both of their headers."""
    found = bytearray(workbook())
    for mark, shift in ((b"PK\x03\x04", 0), (b"PK\x01\x02", 2)):
        at = found.find(mark)
        while at != -1:
            place = at + offset + shift
            found[place : place + 2] = value.to_bytes(2, "little")
            at = found.find(mark, at + 4)
    return bytes(found)


FLAGS, METHOD = 6, 8


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [(FLAGS, 1, "password"), (METHOD, 97, "not supported"), (METHOD, 14, "damaged")],
    ids=["encrypted", "another compression", "another compression that fails"],
)
def test_a_workbook_that_no_reader_can_unpack_is_refused_and_why(tmp_path, field, value, words):
    fault = refusal(tmp_path, _spoilt(field, value))
    assert fault.what == "cannot read this workbook"
    assert words in fault.found


def _rewritten(old: bytes, new: bytes) -> bytes:
    """A workbook whose second sheet says something else."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook())) as book, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as made:
        for name in book.namelist():
            content = book.read(name)
            if name == "xl/worksheets/sheet2.xml":
                assert old in content
                content = content.replace(old, new)
            made.writestr(name, content)
    return stream.getvalue()


def test_a_text_that_a_workbook_lacks_is_refused(tmp_path):
    spoilt = _rewritten(b't="inlineStr"><is><t>Return to Table of Contents.</t></is>', b't="s"><v>9999</v>')
    assert "cannot read this workbook" in refusal(tmp_path, spoilt).what


def test_a_row_beyond_any_sheet_is_refused_by_the_limit(tmp_path):
    fault = refusal(tmp_path, _rewritten(b"23", b"999999999"))
    assert fault.what == "the sheet is too large"
    assert "2,000,000 cells" in fault.found


def test_a_workbook_that_unpacks_to_more_than_the_limit_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("palanca.data.importers.workbook.MOST_BYTES", 1_000)
    assert "at most 1,000" in str(refusal(tmp_path, workbook()))


def test_a_small_file_that_unpacks_to_very_much_is_refused_before_it_is_unpacked(tmp_path):
    """Half a megabyte of one cell over and over; unpacked it once took six gigabytes."""
    many = b'<c r="A40" t="n"><v>1</v></c>' * 3_000_000
    fault = refusal(tmp_path, _rewritten(b"</sheetData>", b'<row r="40">' + many + b"</row></sheetData>"))
    assert fault.what == "the workbook is too large"
    assert "when unpacked" in fault.found


def _metrics(title: str, row: int, place: int, value: object):
    def change(book):
        book[title].cell(row, place).value = value

    return change


@pytest.mark.parametrize(
    ("change", "what"),
    [
        (_metrics("Monthly Rgn and Citp", 1, 4, "Nationality"), "another header"),
        (_metrics("Monthly Rgn and Citp", 3, 5, -10), "not a count"),
        (_metrics("Monthly Rgn and Citp", 3, 2, "13 Brumaire"), "cannot read the month"),
        (_metrics("Monthly Rgn and Citp", 3, 2, None), "a row is cut off"),
        (_metrics("Monthly Rgn and Citp", 4, 4, "Mexico"), "a cell stands twice"),
        (_metrics("Monthly Rgn and Sector", 3, 4, "Miami, FL"), "unknown word"),
        (_metrics("Monthly Region", 3, 4, 20), "the named nationalities exceed the total"),
        (lambda book: book["Monthly Rgn and Sector"].delete_rows(12, 10), "months are missing from a sheet"),
        (lambda book: book.remove(book["Monthly Region"]), "another header"),
    ],
)
def test_a_faulty_workbook_of_metrics_is_refused(tmp_path, change, what):
    assert refusal(tmp_path, khsm(change)).what == what
