"""Listings: JSON and CSV give back what went in; a table reads well and hides nothing."""

from __future__ import annotations

import csv
import io
import json
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from palanca.cli.show import Format, cell, rows

numbers = st.one_of(st.integers(-(10**15), 10**15), st.floats(allow_nan=False, allow_infinity=False))
texts = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), max_size=20)
records = st.lists(
    st.fixed_dictionaries({"id": texts, "people / month": numbers, "note, with comma": st.none() | texts}),
    max_size=5,
)


def printed(given_rows, how: Format, title: str = "") -> str:
    """What a listing prints; hypothesis may call it many times, so it captures by hand."""
    from contextlib import redirect_stdout

    with redirect_stdout(stream := io.StringIO()):
        rows(given_rows, how, title)
    return stream.getvalue()


@given(records)
def test_json_gives_back_the_very_records(listing):
    assert json.loads(printed(listing, Format.json)) == listing


@given(records)
def test_csv_gives_back_the_records_digit_for_digit_with_nothing_for_what_is_missing(listing):
    back = list(csv.DictReader(io.StringIO(printed(listing, Format.csv))))
    assert [row["id"] for row in back] == [row["id"] for row in listing]
    assert [float(row["people / month"]) for row in back] == [float(row["people / month"]) for row in listing]
    assert [row["note, with comma"] for row in back] == [row["note, with comma"] or "" for row in listing]


def test_what_is_no_number_is_null_in_json_and_empty_in_csv():
    listing = [{"month": "2019-06", "people": math.nan}, {"month": "2019-07", "people": math.inf}]
    assert [row["people"] for row in json.loads(printed(listing, Format.json))] == [None, None]
    assert printed(listing, Format.csv) == "month,people\n2019-06,\n2019-07,\n"


def test_numbers_of_numpy_are_numbers_in_json():
    listing = [{"people": np.int64(7), "share": np.float64(0.25), "known": np.bool_(True)}]
    assert json.loads(printed(listing, Format.json)) == [{"people": 7, "share": 0.25, "known": True}]


@pytest.mark.parametrize("how", list(Format))
def test_a_listing_of_nothing_prints_without_fault(how):
    assert printed([], how).strip() in ("", "[]")


def test_a_table_shows_every_name_and_text_even_what_looks_like_markup():
    listing = [{"[key]": "[bold]not markup[/bold]", "people": 1234567}]
    shown = printed(listing, Format.table, "[title]")
    for text in ("[title]", "[key]", "[bold]not markup[/bold]", "1,234,567"):
        assert text in shown


def test_a_table_that_no_window_bounds_keeps_a_sentence_on_its_line():
    sentence = "Mexico takes expelled Guatemalans, Hondurans and Salvadorans, families with small children apart"
    assert sentence in printed([{"lever": "acceptance_triangle", "what": sentence}], Format.table)


def test_a_column_is_right_aligned_when_any_of_its_values_counts():
    lines = printed([{"people": None}, {"people": 1234}, {"people": 5}], Format.table).splitlines()
    ends = {line.rstrip()[-1]: len(line.rstrip()) for line in lines if line.strip() and line.strip()[-1] in "–45"}
    assert len(ends) == 3
    assert len(set(ends.values())) == 1


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, "–"), (math.nan, "–"), (True, "yes"), (False, "no"), (0, "0"), (1234567, "1,234,567"),
        (1234.5, "1,234"), (999.6, "1,000"), (0.012345, "0.0123"), (-0.5, "-0.5"), ("text", "text"),
    ],
)  # fmt: skip
def test_a_cell_has_thousands_apart_and_three_digits_of_a_fraction(value, shown):
    assert cell(value) == shown
