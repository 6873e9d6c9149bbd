from dataclasses import replace

import pytest

from palanca.core.errors import SeriesError, UnitError
from palanca.data import catalogue, read, table

HEAD = "month,origin,events / month\n"


def _series(**changes):
    return replace(catalogue.get("usbp_by_origin"), **changes)


def _loaded(folder, content: str, **changes):
    path = folder / "table.csv"
    path.write_text(content, encoding="utf-8")
    settings = {"checksum": table.checksum_of(content), "first": "2024-01", "last": "2024-02", **changes}
    return table.load(_series(**settings), path)


GOOD = HEAD + "2024-01,MEX,10\n2024-02,MEX,0-4\n"


def test_a_sound_table_is_read(tmp_path):
    assert _loaded(tmp_path, GOOD) == {("2024-01", "MEX"): 10.0, ("2024-02", "MEX"): None}


def test_an_altered_table_is_refused_by_its_checksum(tmp_path):
    with pytest.raises(SeriesError, match="checksum"):
        _loaded(tmp_path, GOOD, checksum="0" * 16)


def test_a_table_in_another_unit_is_refused(tmp_path):
    with pytest.raises(SeriesError, match="another unit"):
        _loaded(tmp_path, GOOD.replace("events / month", "people / month"))


def test_a_catalogue_with_a_unit_off_the_list_is_refused(tmp_path):
    with pytest.raises(UnitError, match="crossings"):
        _loaded(tmp_path, GOOD.replace("events / month", "crossings"), unit="crossings")


def test_a_table_with_other_columns_is_refused(tmp_path):
    with pytest.raises(SeriesError, match="another header"):
        _loaded(tmp_path, GOOD.replace("origin", "country"))


@pytest.mark.parametrize("ends", [{"first": "2023-12"}, {"last": "2024-03"}])
def test_a_table_of_another_span_is_refused(tmp_path, ends):
    with pytest.raises(SeriesError, match="another span"):
        _loaded(tmp_path, GOOD, **ends)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("2024-01,MEX,11", "twice"),
        ("2024-02,MEXICO,5", "unknown origin"),
        ("2024-2,GTM,5", "cannot read the month"),
        ("2024-13,GTM,5", "cannot read the month"),
        ("2024-02,GTM,-5", "not a value"),
        ("2024-02,GTM,nan", "not a value"),
        ("2024-02,GTM,many", "not a value"),
        ("2024-02,GTM", "another length"),
    ],
)
def test_a_faulty_line_is_refused_with_its_number(tmp_path, line, words):
    with pytest.raises(SeriesError, match=words) as caught:
        _loaded(tmp_path, GOOD + line + "\n")
    assert caught.value.where.endswith(":4")


def test_a_censored_cell_in_a_series_without_censoring_is_refused(tmp_path):
    with pytest.raises(SeriesError, match="not a value"):
        _loaded(tmp_path, GOOD, gaps="unknown")


def test_an_empty_table_is_refused(tmp_path):
    with pytest.raises(SeriesError, match="another span"):
        _loaded(tmp_path, HEAD)


def test_a_missing_table_is_named(tmp_path):
    with pytest.raises(SeriesError, match="absent"):
        table.load(_series(), tmp_path / "absent.csv")


def test_an_unknown_series_is_refused_everywhere():
    for ask in (read.read, read.read_censored, catalogue.get):
        with pytest.raises(SeriesError, match="usbp_total"):
            ask("usbp_totals")
