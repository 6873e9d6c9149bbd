"""Tables add up to the dataset, errors are right by hand, and a twin differs from no month before its change."""

from __future__ import annotations

from dataclasses import replace

import histories
import numpy as np
import pytest

from palanca.view import tables


@pytest.fixture(scope="module")
def run():
    return histories.history()


def uniform(run, met: float, figure: float):
    """Every cell of encounters the same, every figure the same."""
    cells = np.full((histories.MONTHS, 2, 3, histories.DRAWS), met)
    twin = {"twin_encounters": cells, "encounters": cells, "repeats": 0.25 * cells.sum(axis=(1, 2))}
    return replace(histories.with_values(run, **twin), observed=run.observed * 0.0 + figure)


def test_years_covered_in_part_are_marked_and_whole_ones_are_not(run):
    assert [row["year"] for row in tables.by_year(run)] == ["2018 (2 months)", "2019", "2020 (1 month)"]


def test_years_sum_to_the_dataset(run):
    rows = tables.by_year(run)
    assert sum(row["encounters, figures"] for row in rows) == pytest.approx(float(run.observed.sum()), rel=1e-12)
    for column, name in {"stopped": "stops", "let in": "let_in", "people set out": "set_out"}.items():
        yearly = run.result[name].groupby("month.year").sum(["month", "origin"]).median("draw")
        assert [row[column] for row in rows] == pytest.approx(list(yearly.values), rel=1e-12)


def test_people_waiting_are_those_of_the_last_month_of_the_year(run):
    december = run.result["held"].sel(month="2019-12-01").sum("origin").median("draw")
    assert tables.by_year(run)[1]["waiting at the end"] == pytest.approx(float(december), rel=1e-12)


def test_errors_and_events_per_person_are_right_by_hand(run):
    """Six cells of 11 against two figures of 30: 66 over 60; a quarter of events are repeats."""
    for row in tables.by_year(uniform(run, 11.0, 30.0)):
        assert row["error, %"] == pytest.approx(10.0, rel=1e-12)
        assert row["events per person"] == pytest.approx(4.0 / 3.0, rel=1e-12)


def test_origins_sum_to_the_dataset_and_have_their_names(run):
    rows = tables.by_origin(run)
    assert [row["origin"] for row in rows] == ["Mexico", "Honduras"]
    met = run.result["encounters"].sum(["month", "group"]).median("draw")
    assert [row["encounters, model"] for row in rows] == pytest.approx(list(met.values), rel=1e-12)
    held = run.result["held"].mean("month").median("draw")
    assert [row["waiting, mean"] for row in rows] == pytest.approx(list(held.values), rel=1e-12)


def test_an_origin_without_figures_has_no_error(run):
    row = tables.by_origin(uniform(run, 1.0, 0.0))[0]
    assert np.isnan(row["error, %"])


def test_agreement_counts_only_months_with_figures(run):
    rows = {row["series"]: row for row in tables.agreement_table(run)}
    assert rows["groups"]["months"] == histories.MONTHS - 3
    assert rows["groups"]["cells"] == 3 * (histories.MONTHS - 3)
    inside = next(one for one in run.agreement if one.name == "groups").coverage
    assert rows["groups"]["inside the 90 % band, %"] == pytest.approx(100.0 * inside)


def test_a_twin_does_not_differ_before_its_change(run):
    rows = tables.twin_table(run, range(histories.CHANGED))
    assert len(rows) == histories.CHANGED * 3
    assert {row[name] for row in rows for name in ("difference", "5 %", "95 %", "difference, %")} == {0.0}


def test_a_twin_differs_by_half_from_its_change_on(run):
    rows = tables.twin_table(run)
    assert {row["month"] for row in rows} == {"May 2019", "June 2019", "July 2019"}
    assert [row["difference, %"] for row in rows] == pytest.approx([50.0] * len(rows))
    for row in rows:
        assert row["5 %"] < row["difference"] < row["95 %"]


def test_the_row_of_all_origins_is_their_sum(run):
    total, *parts = tables.twin_table(run, [histories.CHANGED])
    assert total["origin"] == tables.ALL
    draws = (run.result["twin_encounters"] - run.result["encounters"]).sum(["origin", "group"])[histories.CHANGED]
    assert total["difference"] == pytest.approx(float(draws.median("draw")), rel=1e-12)
    assert len(parts) == 2


def test_people_and_deaths_stand_beside_encounters(run):
    found = {row["what"] for row in tables.harm_table(run)}
    assert found == set(tables.TOTALS)
    assert {"deaths on the way", "on hold at the end of the month, people"} <= found


def test_a_run_without_a_twin_has_no_table_of_it():
    alone = histories.history(twin=False)
    assert tables.twin_table(alone) == []
    assert tables.harm_table(alone) == []
