"""Rivals know the past alone, follow their textbook rules, and own up when they fail."""

import dataclasses

import numpy as np
import pytest
from scipy import stats
from statsforecast.models import AutoETS

from palanca.core.errors import FitError, UsageError
from palanca.evidence.backtest import baselines, scores
from palanca.kernel.keys import stream

QUICK = ("persistence", "seasonal_persistence", "auto_ets", "auto_theta")


def walk(months: int, sd: float = 0.2, season: float = 0.0, key: int = 1) -> np.ndarray:
    """Counts about 30,000 whose log is a random walk with a yearly wave."""
    steps = sd * stream(key, "walk").standard_normal(months)
    return np.exp(10.3 + np.cumsum(steps) + season * np.sin(np.arange(months) * np.pi / 6))


@pytest.mark.parametrize("rival", baselines.BASELINES, ids=lambda rival: rival.name)
def test_what_comes_later_changes_nothing_to_the_bit(rival) -> None:
    series = walk(90, season=0.2)
    other = np.concatenate([series[:61], walk(29, key=2) * 7.0])
    broken = np.concatenate([series[:61], np.full(29, np.nan)])
    samples = [
        baselines.forecasts(given, (50, 60), (1, 6), 20, 3, names=(rival.name,)).samples[rival.name]
        for given in (series, other, broken, series[:61])
    ]
    assert all(np.array_equal(samples[0], sample) for sample in samples[1:])
    alone = rival.forecast(series[:51], (1, 6), 20, 3)
    assert np.array_equal(samples[0][0], alone)


def test_the_last_month_that_an_origin_may_know_is_the_origin_itself() -> None:
    series = walk(90)
    moved = series.copy()
    moved[60] *= 1.5
    samples = [baselines.forecasts(given, (59, 60), (1,), 20, 3, names=QUICK[:1]).samples for given in (series, moved)]
    before, after = (sample["persistence"] for sample in samples)
    assert np.array_equal(before[0], after[0])
    assert (after[1] > before[1]).all()


def test_persistence_is_a_random_walk_from_the_last_value() -> None:
    history = 1000.0 * 2.0 ** (np.arange(60) % 2)  # every month doubles or halves
    found = baselines.get("persistence").normal(history, (1, 4, 9))
    assert found.mean == pytest.approx(np.full(3, np.log(2000.0)), rel=1e-12)
    assert found.sd == pytest.approx(np.log(2.0) * np.array([1.0, 2.0, 3.0]), rel=1e-12)


def test_seasonal_persistence_repeats_last_year_and_spreads_by_yearly_change() -> None:
    pattern = 1000.0 * (1.0 + np.arange(12))
    history = np.concatenate([pattern * growth for growth in (1.0, 1.5, 1.0, 1.5)])
    found = baselines.get("seasonal_persistence").normal(history, (1, 3, 12, 13, 24, 25))
    assert found.mean == pytest.approx(np.log(1.5 * pattern[[0, 2, 11, 0, 11, 0]]), rel=1e-12)
    assert found.sd == pytest.approx(np.log(1.5) * np.sqrt([1, 1, 1, 2, 2, 3]), rel=1e-12)


@pytest.mark.parametrize("name", ["persistence", "auto_theta", "auto_ets", "auto_arima"])
def test_on_a_random_walk_every_rival_finds_its_step_and_no_season(name) -> None:
    found = baselines.get(name).normal(walk(121, sd=0.2), (1, 4))
    assert found.mean == pytest.approx(np.log(walk(121, sd=0.2)[-1]), abs=0.15)
    assert found.sd == pytest.approx([0.2, 0.4], rel=0.25)  # a standard deviation of 119 steps is known to 7 %


def test_a_plain_season_is_found_by_those_that_look_for_one() -> None:
    series = walk(132, sd=0.02, season=0.5)
    truth = np.log(series[120:123])
    for name in ("auto_arima", "auto_ets", "auto_theta"):
        found = baselines.get(name).normal(series[:120], (1, 2, 3))
        assert found.mean == pytest.approx(truth, abs=0.12)
    still = baselines.get("persistence").normal(series[:120], (1, 2, 3))
    assert abs(still.mean[2] - truth[2]) > 0.3


@pytest.mark.parametrize("name", ["persistence", "seasonal_persistence", "auto_arima", "auto_ets"])
def test_counting_people_in_thousands_changes_nothing(name) -> None:
    series = walk(80, season=0.2)
    ones, thousands = (baselines.get(name).normal(given, (1, 12)) for given in (series, series / 1000.0))
    assert ones.mean - np.log(1000.0) == pytest.approx(thousands.mean, abs=2e-3)  # the optimisers stop a little apart
    assert ones.sd == pytest.approx(thousands.sd, rel=2e-2)


def test_what_is_said_of_a_month_does_not_depend_on_which_others_are_asked_for() -> None:
    series = walk(80, season=0.3)
    for name in QUICK:
        rival = baselines.get(name)
        assert np.array_equal(rival.forecast(series, (1, 3, 24), 30, 5)[1], rival.forecast(series, (3,), 30, 5)[0])
        assert np.array_equal(rival.forecast(series, (1,), 30, 5)[:, :10], rival.forecast(series, (1,), 10, 5))


def test_the_library_still_widens_near_months_when_asked_for_far_ones() -> None:
    """The reason to ask for each horizon by itself; when this fails, one call for all of them will do."""
    fitted = AutoETS(season_length=12, model="AAA").fit(np.log(walk(80, season=0.3)))
    near, far = (fitted.predict(h=h, level=[80]) for h in (12, 13))
    assert far["hi-80"][0] - far["lo-80"][0] > near["hi-80"][0] - near["lo-80"][0] + 1e-6


def test_draws_are_those_of_the_normal_and_all_rivals_share_their_noise() -> None:
    series = walk(80)
    standard = []
    for name in QUICK:
        found = baselines.get(name).normal(series, (1, 6))
        draws = np.log(baselines.get(name).forecast(series, (1, 6), 400, 7))
        standard.append((draws - found.mean[:, None]) / found.sd[:, None])
    assert all(np.allclose(standard[0], other, atol=1e-9) for other in standard[1:])
    assert stats.kstest(standard[0].ravel(), "norm").pvalue > 1e-3
    assert abs(np.corrcoef(standard[0])[0, 1]) < 0.2  # months ahead do not share theirs: 4 standard errors


def test_keys_and_origins_have_noise_of_their_own() -> None:
    series = walk(80)
    rival = baselines.get("persistence")
    first, again, other = (rival.forecast(series, (1,), 50, key) for key in (1, 1, 2))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)
    flat = np.tile([1000.0, 2000.0], 40)
    found = baselines.forecasts(flat, (59, 61), (1,), 50, 1, names=("persistence",)).samples["persistence"]
    assert not np.array_equal(found[0], found[1])


def test_intervals_of_persistence_hold_on_a_random_walk() -> None:
    series = walk(1000, sd=0.15, key=8)
    starts = range(130, 990)
    sample = baselines.forecasts(series, starts, (1, 6), 199, 9, names=("persistence",)).samples["persistence"]
    seen = np.array([[series[start + h] for h in (1, 6)] for start in starts])
    held = scores.covered(sample, seen, 0.8).mean(axis=0)
    assert held[0] == pytest.approx(0.8, abs=0.055)  # four standard errors of 860 origins
    assert held[1] == pytest.approx(0.8, abs=0.12)  # and of 143 that do not overlap


def test_a_floor_lets_empty_months_in_and_never_goes_below_nobody() -> None:
    series = stream(4, "few").poisson(1.5, 60).astype(float)
    assert (series == 0).sum() > 5
    with pytest.raises(UsageError, match="has no log") as fault:
        baselines.get("persistence").forecast(series, (1,), 5, 1)
    assert "floor such as 10" in str(fault.value)
    for name in QUICK:
        draws = baselines.get(name).forecast(series, (1, 12), 500, 1, floor=10.0)
        assert draws.min() >= 0.0
        assert np.isfinite(draws).all()


def test_a_rival_that_cannot_be_fitted_says_so_and_leaves_no_number() -> None:
    flat = np.full(60, 500.0)
    with pytest.raises(FitError, match="persistence could not be fitted") as fault:
        baselines.get("persistence").forecast(flat, (1,), 5, 1)
    assert "Leave this origin out" in str(fault.value)
    mixed = np.concatenate([flat, walk(20)])
    found = baselines.forecasts(mixed, (50, 75), (1, 3), 5, 1, names=QUICK[:1])
    assert [(failure.name, failure.start) for failure in found.failures] == [("persistence", 50)]
    assert np.isnan(found.samples["persistence"][0]).all()
    assert np.isfinite(found.samples["persistence"][1]).all()
    with pytest.raises(UsageError, match="cannot be scored"):
        scores.crps(found.samples["persistence"], np.ones((2, 2)))


def test_a_fault_inside_a_library_comes_out_with_name_and_origin() -> None:
    def broken(logs, horizons):
        raise ValueError("No suitable ARIMA model found")

    rival = dataclasses.replace(baselines.get("auto_arima"), rule=broken)
    with pytest.raises(FitError, match="auto_arima could not be fitted") as fault:
        rival.forecast(walk(60), (1,), 5, 1)
    assert "60 months of history" in str(fault.value)
    assert "No suitable ARIMA model found" in str(fault.value)


def test_theta_refuses_logs_for_which_its_library_would_switch_season() -> None:
    with pytest.raises(FitError, match="auto_theta could not be fitted"):
        baselines.get("auto_theta").forecast(walk(60) / 1e6, (1,), 5, 1)


def test_progress_counts_every_fit() -> None:
    calls: list[tuple[int, int]] = []
    baselines.forecasts(
        walk(80), (50, 60, 70), (1,), 5, 1, names=QUICK[:2], progress=lambda done, total: calls.append((done, total))
    )
    assert calls == [(done, 6) for done in range(1, 7)]


def test_what_cannot_be_asked_is_refused_with_a_way_out() -> None:
    series = walk(80)
    for horizons in ((), (0,), (1, -3)):
        with pytest.raises(UsageError, match="looks ahead"):
            baselines.forecasts(series, (60,), horizons, 5, 1)
    for start in (-1, 80):
        with pytest.raises(UsageError, match="outside the series"):
            baselines.forecasts(series, (start,), (1,), 5, 1)
    with pytest.raises(UsageError, match="too little history"):
        baselines.forecasts(series, (34,), (1,), 5, 1)
    with pytest.raises(UsageError, match="no draws"):
        baselines.forecasts(series, (60,), (1,), 0, 1)
    with pytest.raises(UsageError, match="no such baseline") as fault:
        baselines.forecasts(series, (60,), (1,), 5, 1, names=("persistance",))
    assert "'persistence'" in fault.value.way_out
    gap = np.where(np.arange(80) == 40, np.nan, series)
    with pytest.raises(UsageError, match="month 40 of the series"):
        baselines.forecasts(gap, (60,), (1,), 5, 1)


def test_only_the_last_ten_years_count() -> None:
    series = walk(200)
    older = np.concatenate([10.0 * series[:80], series[80:]])
    for name in QUICK:
        assert np.array_equal(
            baselines.get(name).forecast(series, (1, 12), 5, 1), baselines.get(name).forecast(older, (1, 12), 5, 1)
        )
