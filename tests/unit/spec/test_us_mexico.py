"""The shipped case declares every instrument of the system, dated and sourced."""

import datetime
import subprocess
import sys

import pytest

from palanca.core.clock import Month
from palanca.data import catalogue
from palanca.spec import check, schedule
from palanca.spec.declared import Draft
from palanca.spec.load import load, shipped

SYSTEMS = {f"SYS{i:02d}" for i in range(1, 19)}


@pytest.fixture(scope="module")
def case():
    return load("us-mexico")


def value(case, lever, month, origin="HND", group="family", sector="el_paso"):
    held = schedule.totals(case, lever).get((lever, origin, group, sector))
    return held[case.span.span.position(Month.parse(month))] if held else 0.0


def test_it_is_shipped_and_has_no_fault(case):
    assert "us-mexico" in shipped()
    assert check.faults(Draft.of(case)) == []


def test_it_spans_the_figures_with_fourteen_origins_three_groups_and_nine_sectors(case):
    ends = {catalogue.get(name).last for name in case.core}
    assert (str(case.span.first), str(case.span.last)) in {("2013-10", "2024-08"), ("2013-10", min(ends))}
    assert " ".join(case.origins) == "MEX GTM HND SLV VEN CUB NIC HTI COL ECU BRA PER IND OTH"
    assert list(case.groups) == ["single_adult", "family", "child"]
    assert len(case.sectors) == 9


def test_it_has_at_least_forty_five_dated_entries_and_every_lever_has_one(case):
    assert len(case.record) >= 45
    assert {entry.lever for entry in case.record} == set(case.levers)


def test_every_system_of_groups_a_to_c_is_named_by_a_lever(case):
    assert {name for lever in case.levers.values() for name in lever.system} >= SYSTEMS


def test_every_source_is_cited_and_every_iso_date_exists(case):
    cited = {key for entry in case.record for key in entry.source}
    cited |= {key for vote in case.elections for key in vote.source}
    assert cited == set(case.sources)
    for source in case.sources.values():
        if len(source.date) == len("2020-03-20") and source.date[4] == "-":
            datetime.date.fromisoformat(source.date)


def test_effort_and_removal_never_cover_the_transit_countrys_own_nationals(case):
    for entry in case.record:
        if case.levers[entry.lever].mechanism in ("effort", "removal"):
            assert "MEX" not in entry.origins.among(tuple(case.origins)), entry.lever


def test_title_42_starts_on_20_march_2020_spares_children_from_november_and_ends_on_11_may_2023(case):
    assert value(case, "title42", "2020-03") == pytest.approx(12 / 31)
    assert value(case, "title42", "2020-11", group="child") == pytest.approx(17 / 30)
    assert value(case, "title42", "2020-11") == pytest.approx(1.0)
    assert value(case, "title42", "2020-12", group="child") == 0.0
    assert value(case, "title42", "2023-05") == pytest.approx(11 / 31)
    assert value(case, "title42", "2023-06") == 0.0


def test_venezuelans_and_then_cubans_haitians_and_nicaraguans_join_the_list(case):
    assert value(case, "acceptance_venezuela", "2022-09", "VEN") == 0.0
    assert value(case, "acceptance_venezuela", "2022-10", "VEN") == pytest.approx(0.8 * 20 / 31)
    for origin in ("CUB", "HTI", "NIC"):
        assert value(case, "acceptance_chn", "2022-12", origin) == 0.0
        assert value(case, "acceptance_chn", "2023-02", origin) == pytest.approx(0.7)
    assert value(case, "acceptance_chn", "2023-02", "VEN") == 0.0


def test_appointments_rise_to_1450_a_day(case):
    days = 365.25 / 12
    assert value(case, "cbp_one", "2023-02") == pytest.approx(740 * days)
    assert value(case, "cbp_one", "2023-05") == pytest.approx((740 * 11 + 1000 * 20) / 31 * days)
    assert value(case, "cbp_one", "2024-08") == pytest.approx(1450 * days)
    assert value(case, "cbp_one", "2022-12") == 0.0


def test_the_june_2024_proclamation_covers_mexicans_and_spares_children(case):
    assert value(case, "june_proclamation", "2024-07", "MEX") == pytest.approx(0.5)
    assert value(case, "june_proclamation", "2024-06", "MEX") == pytest.approx(0.5 * 26 / 30)
    assert value(case, "june_proclamation", "2024-07", "MEX", "child") == 0.0


def test_contention_is_a_lever_of_its_own_that_begins_in_january_2024(case):
    assert value(case, "contention", "2023-12") == 0.0
    assert value(case, "contention", "2024-01") == pytest.approx(2.0)
    assert value(case, "routine_control", "2024-01") == pytest.approx(1.0)


def test_both_figures_of_the_work_visa_deal_are_told(case):
    notes = [entry.note for entry in case.record if entry.lever == "work_visas" and "S1" in entry.source]
    assert any("20 000" in note and "25 000" in note for note in notes)
    fy2023 = [e.slots for e in case.record if e.lever == "work_visas" and str(e.first) == "2022-12-15"]
    assert sum(fy2023) == 64_716


def test_strengths_that_share_a_mechanism_never_leave_the_bounds_of_a_share(case):
    shares = ("order", "acceptance", "returns", "wait_abroad", "visa", "shutdown")
    sums: dict[tuple[str, str, str, str], list[float]] = {}
    months = len(case.span.span)
    for (lever, *cell), held in schedule.totals(case).items():
        mechanism = case.levers[lever].mechanism
        if mechanism in shares:
            total = sums.setdefault((mechanism, *cell), [0.0] * months)
            for t in range(months):
                total[t] += held[t]
    assert max(max(total) for total in sums.values()) <= 1 + 1e-9


def test_checking_a_case_loads_neither_arrays_nor_a_compiler():
    code = (
        "import sys; from palanca.spec.load import load; load('us-mexico');"
        "print([m for m in ('numpy', 'pandas', 'xarray', 'jax') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
