"""ICE's detention statistics: whole months of a fiscal year, each table found by its title and held to its total."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from data_releases import refusal
from openpyxl import Workbook

from palanca.data.importers.detect import read_release

MONTHS = ("Oct", "Nov", "Dec", "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep")
SHEET = "Detention FY26"


def statistics(change: Callable[[Workbook], None] | None = None, through: str = "02/14/2026") -> bytes:
    """A fiscal year of which the first five months are printed, the fifth to its 14th day."""
    book = Workbook()
    book.remove(book.active)
    book.create_sheet("Header")
    sheet = book.create_sheet(SHEET)
    blank = [None] * 7
    rows: list[list[object]] = [
        ["U.S. Immigration and Customs Enforcement"],
        [],
        ["ICE DETENTION DATA, FY2026"],
        [],
        ["ICE Currently Detained", *blank, "ICE Initial Book-Ins by Arresting Agency and Month: FY2026"],
        ["Criminality", *blank, "Agency", *MONTHS, "Total"],
        ["Total", *blank, "Total", *[300] * 5, *[None] * 7, 1500],
        ["Convicted Criminal", *blank, "CBP", *range(100, 105), *[None] * 7, 510],
        ["Pending", *blank, "ICE  ", *range(200, 195, -1), *[None] * 7, 990],
        [],
        ["ICE Final Book Outs by Release Reason, Month and Criminality: FY2026"],
        ["Release Reason", "Criminality", *MONTHS, "Total"],
        ["Total", None, *[900] * 5],
        ["Paroled", "Total", *[50] * 5],
        [None, "Convicted Criminal", *[20] * 5],
        ["Release to Remove", "Total", *range(700, 705)],
        [None, "Convicted Criminal", *[30] * 5],
        [],
        ["ICE Average Daily Population by Arresting Agency, Month and Criminality: FY2026"],
        ["Agency", *MONTHS, "FY Overall"],
        ["CBP Average", *[1000.26] * 5],
        ["Convicted Criminal", *[400.5] * 5],
        ["ICE Average  ", *[3000.96] * 5],
        ["Convicted Criminal", *[800.5] * 5],
        ["Average ", *[4001.22] * 5],
    ]
    for row in rows:
        sheet.append(row)
    notes = book.create_sheet("Footnotes")
    for noun in ("Detention", "Final Book Out", "Book-ins"):
        verb = "is" if noun == "Book-ins" else "are"
        notes.append([None, f"FY2026 YTD ICE {noun} data {verb} updated through {through} (Run Date 02/16/2026)."])
        notes.append([None, f"FY2026 ICE {noun} data are updated through 10/09/2025 (Run Date 10/10/2025)."])
    if change:
        change(book)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _read(folder, content: bytes):
    path = folder / "statistics.xlsx"
    path.write_bytes(content)
    return read_release(path)


def test_every_table_is_taken_to_the_last_month_that_is_whole(tmp_path):
    release = _read(tmp_path, statistics())
    months = ("2025-10", "2025-11", "2025-12", "2026-01")
    assert release.as_of == "2026-01"
    assert release.series["ice_book_ins"] == {
        (month, agency): value + (i if agency == "cbp" else -i)
        for i, month in enumerate(months)
        for agency, value in (("cbp", 100), ("ice", 200))
    }
    assert release.series["ice_to_removal"] == {(month,): 700 + i for i, month in enumerate(months)}
    assert release.series["ice_population"][("2026-01", "cbp")] == 1000
    assert release.series["ice_population"][("2025-10", "ice")] == 3001


def test_a_month_counts_once_its_last_day_is_in_the_data(tmp_path):
    whole, short = (_read(tmp_path, statistics(through=day)) for day in ("02/28/2026", "02/27/2026"))
    assert (whole.as_of, short.as_of) == ("2026-02", "2026-01")


def _set(cell: str, value: object):
    def change(book):
        book[SHEET][cell] = value

    return change


@pytest.mark.parametrize(
    ("change", "what"),
    [
        (_set("A3", "ICE DETENTION DATA"), "the fiscal year is missing"),
        (_set("J8", 101), "the agencies do not add up to the total"),
        (_set("B23", 3009.0), "the agencies do not add up to the total"),
        (_set("J8", "100*"), "not a count"),
        (_set("J6", "Month 1"), "another header"),
        (_set("B21", "1000"), "not an average"),
        (_set("A11", "ICE Book Outs"), "a table is missing"),
        (_set("A16", "Removed"), "a row is missing"),
        (lambda book: book["Footnotes"].delete_rows(1, 2), "the last day of the data is missing"),
        (lambda book: book.remove(book["Footnotes"]), "the last day of the data is missing"),
    ],
    ids=range(10),
)
def test_faulty_statistics_are_refused(tmp_path, change, what):
    assert refusal(tmp_path, statistics(change)).what == what


def test_statistics_without_a_whole_month_are_refused(tmp_path):
    assert refusal(tmp_path, statistics(through="10/12/2025")).what == "the release holds no counts"
