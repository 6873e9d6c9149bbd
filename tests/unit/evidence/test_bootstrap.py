"""Intervals of comparisons hold the truth about as often as they say, and vanish where nothing differs."""

import numpy as np
import pytest

from palanca.core.errors import UsageError
from palanca.evidence.backtest import bootstrap


def paired(rng: np.random.Generator, origins: int, lasting: float) -> tuple[np.ndarray, np.ndarray]:
    """Scores of two forecasts that share their hard months; both means are 1."""
    noise = rng.standard_normal((origins + 60, 3))
    for month in range(1, len(noise)):
        noise[month] = lasting * noise[month - 1] + np.sqrt(1 - lasting**2) * noise[month]
    shared, own = noise[60:, 0], noise[60:, 1:]
    return np.exp(0.5 * shared + 0.3 * own[:, 0] - 0.17), np.exp(0.5 * shared + 0.3 * own[:, 1] - 0.17)


def coverage(lasting: float, block: int, histories: int = 400) -> tuple[float, float]:
    rng = np.random.default_rng(11)
    held = np.zeros((histories, 2))
    for key in range(histories):
        model, rival = paired(rng, 117, lasting)
        shares = bootstrap.ratio(model, rival, block=block, resamples=400, key=key)
        gaps = bootstrap.difference(model, rival, block=block, resamples=400, key=key)
        held[key] = shares.low <= 1.0 <= shares.high, gaps.low <= 0.0 <= gaps.high
    return tuple(held.mean(axis=0))


@pytest.mark.parametrize(("lasting", "block"), [(0.0, 12), (0.5, 12), (0.8, 24)])
def test_ninety_percent_intervals_hold_the_truth_about_as_often(lasting, block) -> None:
    """Of 400 histories 90 % are known to 3 points at two standard errors; blocks still cost a few points."""
    for held in coverage(lasting, block):
        assert 0.84 <= held <= 0.96


def test_blocks_shorter_than_the_memory_are_too_sure() -> None:
    assert coverage(0.8, 1)[1] < 0.65


def test_a_forecast_compared_with_itself_has_no_doubt() -> None:
    scores = np.random.default_rng(12).gamma(2.0, 0.1, 60)
    assert bootstrap.ratio(scores, scores, key=1) == (1.0, 1.0, 1.0)
    assert bootstrap.difference(scores, scores, key=1) == (0.0, 0.0, 0.0)


def test_a_forecast_in_proportion_to_its_rival_has_an_exact_ratio() -> None:
    scores = np.random.default_rng(13).gamma(2.0, 0.1, 60)
    assert bootstrap.ratio(0.9 * scores, scores, key=1) == pytest.approx((0.9, 0.9, 0.9), rel=1e-12)


def test_exchanging_the_two_inverts_the_ratio_and_turns_the_difference() -> None:
    model, rival = paired(np.random.default_rng(14), 90, 0.5)
    one, other = bootstrap.ratio(model, rival, key=3), bootstrap.ratio(rival, model, key=3)
    assert other == pytest.approx((1 / one.value, 1 / one.high, 1 / one.low), rel=1e-12)
    one, other = bootstrap.difference(model, rival, key=3), bootstrap.difference(rival, model, key=3)
    assert other == pytest.approx((-one.value, -one.high, -one.low), rel=1e-12)


def test_the_width_is_that_of_a_mean_of_independent_scores() -> None:
    """With blocks of one it is that of Student's t: known spread, known number."""
    rng = np.random.default_rng(15)
    model, rival = rng.normal(10.0, 1.0, 4000), rng.normal(10.0, 1.0, 4000)
    found = bootstrap.difference(model, rival, block=1, resamples=4000, key=4)
    expected = 2 * 1.645 * np.std(model - rival) / np.sqrt(4000)
    assert found.high - found.low == pytest.approx(expected, rel=0.05)  # two quantiles of 4,000 resamples


def test_pairing_sharpens_a_comparison() -> None:
    rng = np.random.default_rng(16)
    shared = rng.gamma(2.0, 1.0, 120)
    model, rival = shared + rng.normal(0, 0.05, 120), shared + rng.normal(0, 0.05, 120)
    together = bootstrap.difference(model, rival, key=5)
    apart = bootstrap.difference(model, rng.permutation(rival), key=5)
    assert (together.high - together.low) < 0.2 * (apart.high - apart.low)


def test_equal_keys_give_equal_intervals_and_the_start_of_the_circle_is_no_matter() -> None:
    model, rival = paired(np.random.default_rng(17), 96, 0.5)
    assert bootstrap.ratio(model, rival, key=6) == bootstrap.ratio(model, rival, key=6)
    assert bootstrap.ratio(model, rival, key=6) != bootstrap.ratio(model, rival, key=7)
    turned = bootstrap.ratio(np.roll(model, 12), np.roll(rival, 12), resamples=20_000, key=6)
    straight = bootstrap.ratio(model, rival, resamples=20_000, key=6)
    assert turned == pytest.approx(straight, rel=0.01)


def test_what_cannot_be_compared_is_refused() -> None:
    good = np.ones(60)
    for model, rival, block in (
        (good, np.ones(59), 12),
        (np.ones((60, 2)), np.ones((60, 2)), 12),
        (np.where(np.arange(60) == 7, np.nan, 1.0), good, 12),
        (good, good, 31),
        (good, good, 0),
        (np.ones(0), np.ones(0), 12),
    ):
        for compare in (bootstrap.ratio, bootstrap.difference):
            with pytest.raises(UsageError) as fault:
                compare(model, rival, block=block, key=1)
            assert fault.value.way_out
    with pytest.raises(UsageError, match="means above zero"):
        bootstrap.ratio(good, np.zeros(60), key=1)
