"""OHSS's monthly tables in other editions: the nationalities listed, the order of sheets and the years all change."""

from __future__ import annotations

from pathlib import Path

import pytest
from data_releases import TEN, workbook

from palanca.core.clock import Month
from palanca.data import read
from palanca.data.importers import words
from palanca.data.importers.detect import read_release
from palanca.data.update import update

BY_CITIZENSHIP, TOP = "SWB Encounters by Citizenship", "SWB USBP"


def _cells(folder: Path, change=None):
    path = folder / "tables.xlsx"
    path.write_bytes(workbook(change))
    return read_release(path).series


def _place(sheet, name: str, row: int) -> list[int]:
    return [cell.column for cell in sheet[row] if cell.value == name]


def _without(name: str, *titles: str):
    """An edition that does not list a nationality: its columns are gone, its people are among the rest."""

    def change(book):
        for title in titles:
            sheet, row = book[title], 4 if title == BY_CITIZENSHIP else 3
            for place in reversed(_place(sheet, name, row)):
                sheet.delete_cols(place)

    return change


def test_sheets_in_another_order_say_the_same(tmp_path):
    def turn(book):
        book._sheets.reverse()

    assert _cells(tmp_path, turn) == _cells(tmp_path)


def test_an_edition_that_begins_later_tells_the_same_of_its_months(tmp_path):
    def begin_later(book):
        for sheet in book.worksheets[1:]:
            first = 5 if sheet.cell(4, 1).value == "Fiscal Year" else 4
            sheet.delete_rows(first, 13)

    later, whole = _cells(tmp_path, begin_later), _cells(tmp_path)
    for name, cells in whole.items():
        assert later[name] == {key: value for key, value in cells.items() if key[0] >= "2024-10"}, name


@pytest.mark.parametrize("name", ["Peru", "India", "Nicaragua"])
def test_a_named_nationality_that_is_not_listed_is_left_out_and_so_is_the_rest(tmp_path, name):
    codes = {"Peru": "PER", "India": "IND", "Nicaragua": "NIC"}
    found, whole = _cells(tmp_path, _without(name, TOP))["usbp_by_origin"], _cells(tmp_path)["usbp_by_origin"]
    assert found == {key: value for key, value in whole.items() if key[1] not in (codes[name], "OTH")}


def test_a_nationality_listed_besides_goes_into_the_rest(tmp_path):
    def list_chile_too(book):
        sheet = book[BY_CITIZENSHIP]
        for place in reversed(_place(sheet, "Other", 4)):
            sheet.insert_cols(place)
            sheet.cell(4, place).value = "Chile"
            for row in range(5, sheet.max_row + 1):
                if sheet.cell(row, 2).value:
                    sheet.cell(row, place).value = 0 if row != 8 else 40
            sheet.cell(5, place).value = 40

    found, whole = _cells(tmp_path, list_chile_too)["ofo_by_origin"], _cells(tmp_path)["ofo_by_origin"]
    changed = {key: value - whole[key] for key, value in found.items() if value != whole[key]}
    assert changed == {("2023-12", "OTH"): 40}


@pytest.mark.parametrize("name", TEN[1:])
def test_any_of_the_ten_may_be_another_one_next_month(tmp_path, name):
    """A nationality of the catalogue that is not listed stays as known, and so does the rest."""

    def peru_instead(book):
        for place in _place(book[BY_CITIZENSHIP], name, 4):
            book[BY_CITIZENSHIP].cell(4, place).value = "Peru"

    told = _cells(tmp_path, peru_instead)["ofo_by_origin"]
    unlisted = words.ELEVEN_ORIGINS[name]
    assert {key[1] for key in told} == {*words.ELEVEN_ORIGINS.values()} - {unlisted}
    update([tmp_path / "tables.xlsx"], tmp_path / "store", today=Month.parse("2026-11"))
    array, before = read.open_figures(tmp_path / "store").read("ofo_by_origin"), read.read("ofo_by_origin")
    for origin in (unlisted, "OTH"):
        known = before.sel(origin11=origin)
        assert array.sel(origin11=origin).reindex(month=known.month).equals(known)
    assert told[("2024-01", "MEX")] == 280
