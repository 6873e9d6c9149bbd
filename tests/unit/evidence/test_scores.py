"""Scores agree with closed forms and with arithmetic by hand, and refuse what is no forecast."""

import numpy as np
import pytest
import scoringrules
from scipy import stats

from palanca.core.errors import UsageError
from palanca.evidence.backtest import scores


def lattice(mean: float, sd: float, draws: int = 20_001) -> np.ndarray:
    """A normal as equally likely points: a sample without its chance."""
    return stats.norm(mean, sd).ppf((np.arange(draws) + 0.5) / draws)


def test_the_score_of_a_normal_is_its_closed_form() -> None:
    seen = np.array([500.0, 430.0, 700.0])
    sample = np.tile(lattice(500.0, 60.0), (3, 1))
    z = (seen - 500.0) / 60.0
    by_hand = 60.0 * (z * (2 * stats.norm.cdf(z) - 1) + 2 * stats.norm.pdf(z) - 1 / np.sqrt(np.pi))
    assert scores.crps(sample, seen) == pytest.approx(by_hand, rel=2e-4)
    assert scores.crps(sample, seen) == pytest.approx(scoringrules.crps_normal(seen, 500.0, 60.0), rel=2e-4)


def test_a_forecast_without_spread_scores_its_absolute_error() -> None:
    sample, seen = np.full((2, 40), 120.0), np.array([100.0, 150.0])
    assert scores.crps(sample, seen) == pytest.approx([20.0, 30.0], abs=1e-11)
    assert scores.weighted_interval(sample, seen) == pytest.approx([20.0, 30.0], abs=1e-11)
    assert scores.log_crps(sample, seen) == pytest.approx(np.abs(np.log([130 / 110, 130 / 160])), abs=1e-11)


def test_the_log_score_of_a_log_normal_is_that_of_a_normal() -> None:
    rng = np.random.default_rng(5)
    draws = 200_000
    counts = np.exp(rng.normal(10.5, 0.3, (1, draws)))  # some 36,000 people, beside which a floor of 10 is nothing
    for seen in (25_000.0, 36_000.0, 70_000.0):
        closed = scoringrules.crps_normal(np.log(seen), 10.5, 0.3)
        error = 4 * 0.3 / np.sqrt(draws)  # the score moves by less than a standard error of the mean draw
        assert scores.log_crps(counts, np.array([seen]))[0] == pytest.approx(closed, abs=error + 10 / 25_000)


def test_the_count_score_of_a_log_normal_is_the_closed_form_of_the_library() -> None:
    sample = np.exp(lattice(10.5, 0.3))[None]
    seen = np.array([40_000.0])
    assert scores.crps(sample, seen)[0] == pytest.approx(scoringrules.crps_lognormal(seen, 10.5, 0.3)[0], rel=1e-3)


def test_the_estimator_is_the_fair_one_of_the_library() -> None:
    rng = np.random.default_rng(6)
    sample, seen = rng.gamma(3.0, 200.0, (7, 50)), rng.gamma(3.0, 200.0, 7)
    fair = scoringrules.crps_ensemble(seen, sample, estimator="fair", backend="numpy")
    assert scores.crps(sample, seen) == pytest.approx(fair, rel=1e-10)


def test_the_mean_score_does_not_depend_on_how_many_draws_a_forecast_has() -> None:
    rng = np.random.default_rng(7)
    cases, sd = 200_000, 10.0
    truth = float(scoringrules.crps_normal(112.0, 100.0, sd))
    for draws in (3, 12):
        got = scores.crps(rng.normal(100.0, sd, (cases, draws)), np.full(cases, 112.0))
        assert got.mean() == pytest.approx(truth, abs=4 * got.std() / np.sqrt(cases))
    plugged_in = scoringrules.crps_ensemble(
        np.full(cases, 112.0), rng.normal(100.0, sd, (cases, 3)), estimator="nrg", backend="numpy"
    )
    assert plugged_in.mean() > truth + 1.5  # the estimator set aside charges three draws sd / (3 sqrt(pi)) more


def test_the_truth_scores_best_on_average() -> None:
    rng = np.random.default_rng(8)
    seen = rng.normal(1000.0, 100.0, 20_000)
    mean = {
        (shift, widen): scores.crps(rng.normal(1000.0 + shift, 100.0 * widen, (20_000, 40)), seen).mean()
        for shift, widen in ((0, 1), (60, 1), (0, 0.5), (0, 2))
    }
    assert min(mean, key=mean.__getitem__) == (0, 1)


def test_the_interval_score_is_that_worked_by_hand() -> None:
    """Draws 1 to 99 have ranks in percent: the median is 50, half lies in 25 to 75, eight tenths in 10 to 90."""
    sample = np.tile(np.arange(1.0, 100.0), (3, 1))
    seen = np.array([40.0, 80.0, 5.0])
    half = np.array([50.0, 50.0 + 2 / 0.5 * 5.0, 50.0 + 2 / 0.5 * 20.0])
    eight = np.array([80.0, 80.0, 80.0 + 2 / 0.2 * 5.0])
    by_hand = (0.5 * np.array([10.0, 30.0, 45.0]) + 0.25 * half + 0.1 * eight) / 2.5
    assert scores.weighted_interval(sample, seen, levels=(0.5, 0.8)) == pytest.approx(by_hand, rel=1e-12)


def test_the_interval_score_with_many_levels_nears_the_continuous_score() -> None:
    levels = tuple(np.arange(1, 100) / 100)
    sample, seen = lattice(500.0, 60.0)[None], np.array([560.0])
    assert scores.weighted_interval(sample, seen, levels)[0] == pytest.approx(scores.crps(sample, seen)[0], rel=0.02)


def test_intervals_hold_what_they_promise_for_few_draws_and_many() -> None:
    rng = np.random.default_rng(9)
    cases = 40_000
    for draws in (19, 199):
        sample, seen = rng.lognormal(3, 1, (cases, draws)), rng.lognormal(3, 1, cases)
        for level in (0.5, 0.8, 0.9):
            held = scores.covered(sample, seen, level).mean()
            assert held == pytest.approx(level, abs=4 * np.sqrt(level * (1 - level) / cases))


def test_the_ends_of_an_interval_count_as_inside() -> None:
    sample = np.tile(np.arange(1.0, 100.0), (3, 1))
    assert scores.covered(sample, np.array([25.0, 75.0, 75.001]), 0.5).tolist() == [True, True, False]


def test_several_axes_of_cases_score_like_one() -> None:
    rng = np.random.default_rng(10)
    sample, seen = rng.gamma(3.0, 200.0, (4, 3, 60)), rng.gamma(3.0, 200.0, (4, 3))
    for score in (scores.crps, scores.log_crps, scores.weighted_interval):
        assert np.array_equal(score(sample, seen).ravel(), score(sample.reshape(12, 60), seen.ravel()))
    assert scores.covered(sample, seen, 0.8).shape == (4, 3)


@pytest.mark.parametrize(
    ("sample", "seen", "said"),
    [
        (np.ones((0, 5)), np.ones(0), "0 cases of 5 draws"),
        (np.ones((3, 0)), np.ones(3), "3 cases of 0 draws"),
        (np.ones((3, 1)), np.ones(3), "3 cases of 1 draws"),
        (np.ones((3, 5)), np.ones(4), "one outcome for every case"),
        (np.array([[1.0, np.nan], [1.0, 1.0]]), np.ones(2), r"sample\[0, 1\]"),
        (np.array([[1.0, 2.0], [1.0, -1.0]]), np.ones(2), r"sample\[1, 1\].*-1.0"),
        (np.ones((2, 5)), np.array([1.0, np.nan]), r"seen\[1\]"),
        (np.ones((2, 5)), np.array([1.0, np.inf]), r"seen\[1\]"),
    ],
)
def test_what_is_no_forecast_of_counts_is_refused(sample, seen, said) -> None:
    for score in (scores.crps, scores.log_crps, scores.weighted_interval):
        with pytest.raises(UsageError, match=said) as fault:
            score(sample, seen)
        assert fault.value.way_out


def test_levels_and_floors_that_mean_nothing_are_refused() -> None:
    sample, seen = np.ones((2, 100)), np.ones(2)
    for level in (0.0, 1.0, 80.0, float("nan")):
        with pytest.raises(UsageError, match="level"):
            scores.covered(sample, seen, level)
    for levels in ((), (0.5, 0.5)):
        with pytest.raises(UsageError, match="levels"):
            scores.weighted_interval(sample, seen, levels)
    for floor in (0.0, -1.0, float("nan"), float("inf")):
        with pytest.raises(UsageError, match="floor"):
            scores.log_crps(sample, seen, floor)
    with pytest.raises(UsageError, match="too few draws") as fault:
        scores.covered(np.ones((2, 18)), seen, 0.9)
    assert "19 or more" in str(fault.value)
