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
