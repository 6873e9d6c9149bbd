import pytest

from palanca.data import agree, read


@pytest.fixture(scope="module")
def findings():
    return agree.verify()


def test_everything_packaged_agrees(findings):
    assert [finding for finding in findings if not finding.passed] == []


def test_every_sum_and_figure_is_checked(findings):
    tables = len([f for f in findings if "checksum" in f.check])
    assert len(findings) == tables + len(agree.SUMS) + len(agree.OUTCOMES) + len(agree.POINTS)


def test_sectors_agree_to_the_unit_before_the_rounded_table_begins():
    sectors = read.read("usbp_by_sector").sum("sector").sel(month=slice(None, "2018-09"))
    assert float(abs(sectors - read.read("usbp_total")).max()) == 0


def test_deaths_by_place_are_those_of_one_route_in_every_month():
    route = read.read("deaths_by_route").sel(route="central_american")
    assert float(abs(read.read("deaths_by_place").sum("place") - route).max()) == 0
    assert route.sizes["month"] == read.read("deaths_by_place").sizes["month"]


@pytest.mark.parametrize("rule", agree.SUMS, ids=lambda rule: rule.parts[0] + rule.first)
def test_a_sum_that_is_off_by_more_than_its_slack_fails(rule):
    whole = agree._total(rule.wholes, read.packaged_figures())
    allowed = (rule.share * whole).clip(min=rule.slack)
    off = agree._worst("off", allowed + 1, allowed, "")
    assert not off.passed


def test_a_figure_that_differs_by_one_fails():
    point = agree.Point("usbp_total", "2019-05", "2019-05", 132_857)
    assert not agree._point(point).passed


def test_nothing_in_common_is_not_agreement():
    empty = read.read("usbp_total")[:0]
    assert not agree._worst("empty", empty, empty, "").passed


LAST = {
    "2025-09": (
        "usbp_total", "usbp_by_origin", "usbp_by_group", "usbp_by_sector", "usbp_cells", "usbp_by_place", "swb_cells",
        "state_by_origin", "ofo_total", "ofo_by_origin", "ofo_by_group", "ofo_cells", "mx_stops_total",
        "job_openings_rate", "unemployment_rate", "gallup_immigration_mip", "gallup_immigration_mip_by_party",
    ),
    "2025-04": ("mx_stops_by_origin", "mx_stops_by_age", "mx_returns_by_origin", "darien_by_origin", "deaths_by_place"),
    "2024-08": ("follow_usbp", "follow_ofo", "follow_by_origin", "follow_by_group", "cbp_one_by_origin"),
}  # fmt: skip


@pytest.mark.parametrize("month", LAST)
def test_series_run_to_the_last_month_that_is_published(month):
    for series_id in LAST[month]:
        last = read.read(series_id).dropna("month", how="all").month.values[-1]
        assert str(last)[:7] == month, series_id


def test_nationalities_groups_and_sectors_of_the_border_patrol_tell_the_same_total_in_every_exact_month():
    exact = slice("2024-09", "2025-09")
    totals = [
        read.read(name).sel(month=exact).sum(axis) for name, axis in
        (("usbp_by_origin", "origin"), ("usbp_by_group", "group"), ("usbp_by_sector", "sector"))
    ]  # fmt: skip
    assert totals[0].sizes["month"] == 13
    for other in totals[1:]:
        assert (other == totals[0]).all()
