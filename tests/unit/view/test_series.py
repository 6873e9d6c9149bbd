"""Bands are in order, medians are the dataset's, and a twin departs where it departs."""

from __future__ import annotations

import histories
import numpy as np
import pytest

from palanca.view import series


@pytest.fixture(scope="module")
def run():
    return histories.history()


def test_a_band_is_in_order_and_its_middle_is_the_median_of_the_dataset(run):
    for name in ("encounters", "stops", "held", "deaths"):
        total = series.total(run, name)
        found = series.band(total)
        np.testing.assert_allclose(found.mid, total.median("draw").values, rtol=1e-12)
        assert (found.low < found.mid).all()
        assert (found.mid < found.high).all()


def test_a_total_is_the_sum_over_every_axis_but_months_and_draws(run):
    by_hand = run.result["encounters"].values.sum(axis=(1, 2))
    np.testing.assert_allclose(series.total(run, "encounters").values, by_hand, rtol=1e-12)
    origins = series.by_origin(run, "encounters")
    assert origins.dims == ("month", "origin", "draw")
    np.testing.assert_allclose(origins.sum("origin").values, by_hand, rtol=1e-12)


def test_the_share_stopped_is_stops_over_stops_and_encounters(run):
    stops = np.full((histories.MONTHS, 2, histories.DRAWS), 30.0)
    met = np.full((histories.MONTHS, 2, 3, histories.DRAWS), 5.0)
    found = series.interception(histories.with_values(run, stops=stops, encounters=met))
    np.testing.assert_allclose(found.values, 60.0 / 90.0, rtol=1e-12)


def test_the_first_month_changed_is_the_first_in_which_any_quantity_differs(run):
    assert series.first_changed(run) == histories.CHANGED
    earlier = run.result["twin_held"].values.copy()
    earlier[2, 0, 0] += 1.0
    assert series.first_changed(histories.with_values(run, twin_held=earlier)) == 2


def test_a_run_without_a_twin_has_no_month_changed():
    alone = histories.history(twin=False)
    assert not series.has_twin(alone)
    assert series.first_changed(alone) is None
    assert series.changed_months(alone, 3) == []


def test_a_twin_equal_to_history_has_no_month_changed(run):
    same = {
        f"twin_{name}": run.result[name].values
        for name in run.result.data_vars
        if f"twin_{name}" in run.result.data_vars
    }
    assert series.first_changed(histories.with_values(run, **same)) is None


def test_months_changed_stop_at_the_end_of_the_run(run):
    assert series.changed_months(run, 100) == list(range(histories.CHANGED, histories.MONTHS))
