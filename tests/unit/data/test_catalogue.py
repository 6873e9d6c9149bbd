import pytest

from palanca.core import digest, units
from palanca.core.errors import SeriesError
from palanca.data import catalogue, table

MEGABYTE = 1_000_000


def test_every_row_has_its_table_and_every_table_its_row():
    listed = {series.file for series in catalogue.entries().values()}
    assert listed == {path.name for path in catalogue.TABLES.iterdir()}


def test_every_table_is_held_to_its_row():
    for series in catalogue.entries().values():
        assert table.load(series, catalogue.TABLES / series.file)


def test_every_row_is_complete():
    for series in catalogue.entries().values():
        for name in ("what", "publisher", "table", "edition", "rounding", "status"):
            assert getattr(series, name), (series.id, name)
        assert series.unit in units.UNITS
        assert series.gaps in catalogue.GAPS
        assert series.dims[0] in ("month", "year")
        assert set(series.labels) == set(series.dims[1:])
        assert series.status in ("first release", "revised", "final")


def test_no_row_names_a_repository_or_an_address():
    text = (catalogue.FOLDER / "catalogue.csv").read_text(encoding="utf-8").lower()
    for word in ("github", "http", "www.", " via "):
        assert word not in text


def test_the_packaged_tables_are_well_under_five_megabytes():
    assert sum(path.stat().st_size for path in catalogue.TABLES.iterdir()) < 5 * MEGABYTE


def test_a_row_survives_writing_and_reading():
    for series in catalogue.entries().values():
        assert catalogue.from_row(catalogue.to_row(series)) == series


def test_a_table_survives_reading_and_writing_to_the_byte():
    for series in catalogue.entries().values():
        path = catalogue.TABLES / series.file
        assert digest.of_file(path) == table.checksum_of(table.render(series, table.load(series, path))), series.id


def test_an_unknown_id_is_refused_with_the_nearest_one():
    with pytest.raises(SeriesError, match="usbp_total"):
        catalogue.get("usbp_totl")
