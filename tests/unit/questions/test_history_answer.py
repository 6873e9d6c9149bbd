"""What history says: sums by year and origin, deaths, people on hold, and fit, on a small run made by hand."""

from __future__ import annotations

from dataclasses import replace

import histories
import numpy as np
import pytest

from palanca.questions.history import answer, charts
from palanca.show.estimate import Basis, Inputs

NOTHING = Inputs((), np.empty((0, histories.DRAWS)))


def test_the_first_finding_is_the_published_count():
    found = histories.history(twin=False)
    first = answer.findings(found, NOTHING)[0]
    assert first.basis is Basis.published
    assert first.numbers["encounters"].estimate == pytest.approx(float(found.observed.sum()))


def test_deaths_and_people_on_hold_stand_in_the_second_finding():
    found = histories.history(twin=False)
    second = answer.findings(found, NOTHING)[1]
    deaths = found.result["deaths"].sum(("month", "place")).values
    held = found.result["held"].isel(month=-1).sum("origin").values
    assert second.numbers["deaths"].estimate == pytest.approx(np.median(deaths))
    assert second.numbers["held"].estimate == pytest.approx(np.median(held))
    assert "January\u00a02020" in second.text


def test_a_year_sums_its_own_months_and_one_covered_in_part_says_so():
    found = histories.history(twin=False)
    rows = answer._by_year(found).frame().set_index("year")
    assert list(rows.index) == ["2020 (1 mo)", "2019", "2018 (2 mo)"]
    inside = found.result.month.dt.year.values == 2019
    assert rows.loc["2019", "encounters"] == round(float(found.observed[inside].sum()))
    stops = np.median(found.result["stops"][inside].sum(("month", "origin")).values)
    assert rows.loc["2019", "stopped"] == pytest.approx(stops, rel=1e-3)


def test_events_per_person_leave_out_those_met_before():
    """A fifth of encounters are repeats: 1 / 0.8 = 1.25 events a person."""
    rows = answer._by_year(histories.history(twin=False)).frame()
    assert rows["events / person"].tolist() == pytest.approx([1.25] * 3)


@pytest.mark.parametrize(("power", "contention"), [(1.0, 3.0), (2.0, 9.0), (1e-9, 1.0)])
def test_delivered_effort_is_the_solved_ratio_times_what_was_declared_as_it_carries(power, contention):
    """From May on one of two origins meets 3 times routine control, which carries as that number to the power."""
    found = histories.history(twin=False)
    found = replace(found, power=power * np.ones_like(found.power))
    drawn = next(chart for chart in charts.of_history(found) if chart.name == "effort")
    delivered, declared = (np.array(panel.series[-1].y) for panel in drawn.panels)
    covered = (declared - 1.0) / 2.0  # share of people who meet it
    assert (covered > 0.0).any()
    assert np.allclose(delivered, 0.3 * (1.0 + covered * (contention - 1.0)), rtol=1e-4)


def test_shares_of_what_follows_sum_to_a_hundred():
    drawn = next(chart for chart in charts.of_history(histories.history(twin=False)) if chart.name == "what follows")
    sums = np.sum([series.y for series in drawn.panels[0].series], axis=0)
    assert np.allclose(sums, 100.0, atol=0.01)
