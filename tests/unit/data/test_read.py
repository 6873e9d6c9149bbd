from dataclasses import replace

import numpy as np
import pytest

from palanca.data import catalogue, read

FACTS = [
    ("usbp_total", "2019-05", 132_856),
    ("usbp_total", "2019-09", 40_507),
    ("usbp_total", "2023-09", 218_763),
    ("usbp_total", "2023-12", 249_740),
    ("usbp_total", "2024-01", 124_215),
    ("usbp_total", "1999-10", 91_410),
    ("swb_cells", "2021-03", 173_277),
    ("mx_returns_by_origin", "2019-06", 24_125),
    ("mx_returns_by_origin", "2023-12", 558),
    ("mx_stops_by_origin", "2023-12", 94_816),
    ("mx_stops_by_origin", "2024-01", 113_347),
]


@pytest.mark.parametrize(("series_id", "month", "value"), FACTS)
def test_a_published_figure_is_reproduced(series_id, month, value):
    assert float(read.read(series_id).sel(month=slice(month, month)).sum()) == value


def test_unaccompanied_children_of_march_2021_are_reproduced():
    assert float(read.read("swb_cells").sel(month="2021-03", group="child").sum()) == 18_870


@pytest.mark.parametrize(("year", "value"), [(2020, 6_465), (2021, 133_726), (2022, 248_284), (2023, 520_085)])
def test_crossings_of_the_darien_add_up_to_the_published_year(year, value):
    assert float(read.read("darien_by_origin").sel(month=str(year)).sum()) == value


def test_the_month_axis_has_no_hole_and_ends_where_the_catalogue_says():
    for series in catalogue.entries().values():
        array = read.read(series.id)
        axis = array[series.dims[0]].values
        assert array.dims == series.dims
        if series.yearly:
            assert np.issubdtype(axis.dtype, np.integer)
            assert (np.diff(axis) == 1).all()
            assert (str(axis[0]), str(axis[-1])) == (series.first, series.last)
        else:
            assert axis.dtype == np.dtype("datetime64[ns]")
            assert (np.diff(axis.astype("datetime64[M]").astype(int)) == 1).all()
            assert (str(axis[0])[:7], str(axis[-1])[:7]) == (series.first, series.last)


def test_labels_stand_in_the_order_of_the_catalogue():
    array = read.read("usbp_by_origin")
    assert list(array.origin.values[:4]) == ["MEX", "GTM", "HND", "SLV"]
    assert array.origin.values[-1] == "OTH"


def test_an_array_carries_its_source():
    attrs = read.read("usbp_by_origin").attrs
    assert attrs["unit"] == "events / month"
    assert attrs["publisher"].startswith("Office of Homeland Security Statistics")
    assert attrs["checksum"] == catalogue.get("usbp_by_origin").checksum


def test_a_withheld_count_is_a_gap_and_is_told_apart_from_no_data():
    array, censored = read.read("usbp_by_origin"), read.read_censored("usbp_by_origin")
    assert censored.dims == array.dims
    assert int(censored.sum()) == 378
    assert bool(array.where(censored).isnull().all())
    gallup = read.read("us_approval")
    assert bool(gallup.isnull().any())
    assert not bool(read.read_censored("us_approval").any())


def test_a_cell_not_printed_is_zero_only_where_the_catalogue_says_so():
    cells = read.read("usbp_cells")
    assert float(cells.sel(month="2019-01", authority="title42").sum()) == 0
    follow = read.read("follow_usbp").sel(month="2014-01", outcome="t42_expulsions")
    assert bool(follow.isnull().all())


def test_a_month_that_was_not_printed_at_all_is_a_gap_even_where_cells_are_zero():
    darien = read.read("darien_by_origin")
    assert bool(darien.sel(month="2020-04").isnull().all())
    assert not bool(darien.sel(month="2020-06").isnull().any())


def test_no_figure_is_negative():
    for series_id in catalogue.entries():
        assert float(read.read(series_id).min()) >= 0


def test_shares_and_indices_stay_in_their_bounds():
    for series_id, top in (("democracy", 1.0), ("us_approval", 100.0), ("repeat_share", 100.0)):
        assert float(read.read(series_id).max()) <= top


def test_a_censored_cell_of_a_table_becomes_a_flag_and_a_gap():
    series = catalogue.get("usbp_by_origin")
    one = {("2024-08", "MEX"): 10.0, ("2024-08", "HTI"): None}
    values, censored = read.to_array(series, one)
    assert float(values.sel(month="2024-08", origin="MEX").sum()) == 10.0
    assert bool(censored.sel(month="2024-08", origin="HTI").all())
    assert int(values.notnull().sum()) == 1


def test_reading_twice_gives_the_same_and_changing_one_leaves_the_other():
    first = read.read("usbp_total")
    first[:] = 0
    assert float(read.read("usbp_total").min()) > 0


def test_the_fingerprint_is_of_figures_and_of_no_words_about_them():
    given = read.packaged_figures()
    renamed = tuple(replace(one, row=_renamed(one.row)) for one in given.editions["usbp_total"])
    said = replace(given, editions={**given.editions, "usbp_total": renamed})
    assert said.fingerprint() == given.fingerprint()
    assert given.until("2025-08").fingerprint() != given.fingerprint()
    assert given.digests(["darien_by_origin"], "2025-04") == given.digests(["darien_by_origin"], "2025-09")


def _renamed(row: catalogue.SeriesEntry) -> catalogue.SeriesEntry:
    return replace(row, edition="another name", as_of="2030-01", what="The same.")


def test_a_series_that_begins_after_the_last_month_told_has_no_months() -> None:
    told = read.packaged_figures().until("2016-06")
    for name in ("swb_cells", "mx_stops_by_origin"):
        assert told.read(name).sizes["month"] == told.read_censored(name).sizes["month"] == 0
    assert told.until("2019-12").last == told.until("").last == "2016-06"
