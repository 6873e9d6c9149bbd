"""A verdict is green on what is right, red on what is wrong, and names what is wrong."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import posteriors
import pytest

from palanca.core.errors import FitError
from palanca.infer import full, predictive, verdict
from palanca.infer.check_counts import State
from palanca.infer.posterior import Posterior
from palanca.infer.predictive import Checked, Replica
from palanca.infer.verdict import Calibration, Check

GOOD = Calibration(replications=60, uniform=0.4, coverage=0.9, biased_rejected=True)


@pytest.fixture(scope="module")
def sampled() -> Posterior:
    return posteriors.sampled()


def rows(series: str, inner: float, outer: float, odd: float = 0.5, figures: int = 131) -> list[Checked]:
    return [Checked(series, label, figures, inner, outer, odd, 0.4, 0.6) for label in ("HND", "GTM", "CUB")]


def named(found: Posterior, name: str, *series: Checked) -> Check:
    return next(check for check in verdict.judge(found, series).checks if check.name == name)


def test_what_is_right_is_green(sampled: Posterior) -> None:
    """R-hat is left out: the largest of 743 numbers from 1,000 independent draws is as often above 1.01 as not."""
    given = verdict.judge(sampled, rows("deaths", 0.5, 0.9), GOOD)
    assert {check.name for check in given.red} <= {"R-hat"}
    assert len(given.checks) == 10
    assert all(check.meaning for check in given.checks)


def test_the_largest_r_hat_to_expect_by_chance_is_what_independent_draws_give(sampled: Posterior) -> None:
    done = sampled.diagnostics
    assert done is not None
    expected = verdict.by_chance(int(np.isfinite(done.r_hat).sum()), done)
    assert 1.006 < expected < 1.012
    assert np.nanmax(done.r_hat) == pytest.approx(expected, abs=0.004)


def test_a_chain_that_stays_elsewhere_is_found_and_its_number_named() -> None:
    chains = posteriors.chains()
    position = chains.position.copy()
    position[3, :, 5] += 2.0
    found = full.of_chains(replace(posteriors.laplace(), factor=np.diag(posteriors.given().spread())), replace(
        chains, position=position))  # fmt: skip
    check = named(found, "R-hat")
    assert check.state is State.red
    assert check.named[0] == found.layout.names()[int(np.flatnonzero(found.layout.fitted())[5])]
    assert named(found, "bulk sample size").state is State.red


def test_broken_trajectories_and_sticky_energy_are_found() -> None:
    chains = posteriors.chains()
    broken = chains.diverging.copy()
    broken[1, 7] = True
    energy = chains.energy.copy()
    energy[2] = np.cumsum(energy[2])
    found = posteriors.sampled(diverging=broken, energy=energy)
    assert named(found, "divergences").state is State.red
    assert named(found, "divergences").value.startswith("1 ")
    assert named(found, "energy").named == ("chain 3",)


def test_chains_cut_short_are_red_and_a_quick_fit_says_what_it_is() -> None:
    short = posteriors.sampled(planned=500)
    assert named(short, "how it was made").state is State.red
    assert "Time ran out" in named(short, "how it was made").meaning
    quick = full.of_fit(posteriors.laplace(), draws=40)
    assert named(quick, "how it was made").state is State.red
    assert named(quick, "R-hat").state is State.unknown


def test_a_number_pulled_far_from_its_prior_is_a_conflict_with_its_name(sampled: Posterior) -> None:
    place = next(i for i, name in enumerate(sampled.layout.names()) if name == "stop_group[1]")
    mean = sampled.mean.copy()
    mean[place] = sampled.layout.centre()[place] - 3.1 * sampled.layout.spread()[place]
    check = named(replace(sampled, mean=mean), "prior against figures")
    assert check.state is State.red
    assert check.named == ("stop_group[1]",)
    assert named(sampled, "prior against figures").state is State.green


@pytest.mark.parametrize(
    ("inner", "outer", "state"),
    [
        (0.5, 0.9, State.green),
        (0.5, 0.97, State.green),
        (0.4, 0.70, State.red),
        (0.5, 1.0, State.red),
        (0.2, 0.9, State.red),
    ],
)
def test_coverage_is_judged_on_both_sides(sampled: Posterior, inner: float, outer: float, state: State) -> None:
    assert named(sampled, "coverage: deaths", *rows("deaths", inner, outer)).state is state


def test_few_figures_may_all_be_inside(sampled: Posterior) -> None:
    check = named(sampled, "coverage: deaths", Checked("deaths", "border", 12, np.nan, 1.0, np.nan, np.nan, np.nan))
    assert check.state is State.green


def test_one_label_that_is_off_is_named_though_the_series_is_right(sampled: Posterior) -> None:
    series = rows("stops by origin", 0.5, 0.93)
    series[1] = replace(series[1], in_90=0.6)
    check = named(sampled, "coverage: stops by origin", *series)
    assert check.state is State.red
    assert check.named == ("GTM",)
    assert "F4" in check.meaning


def test_statistics_are_red_when_more_are_odd_than_chance_allows(sampled: Posterior) -> None:
    assert named(sampled, "statistics: deaths", *rows("deaths", 0.5, 0.9)).state is State.green
    check = named(sampled, "statistics: deaths", *rows("deaths", 0.5, 0.9, odd=0.0))
    assert check.state is State.red
    assert check.named == ("HND total", "GTM total", "CUB total")


def test_labels_follow_the_ratio_of_standard_deviations(sampled: Posterior) -> None:
    assert [verdict.label(ratio) for ratio in (0.49, 0.5, 0.95, 0.96)] == [
        "learned", "in between", "in between", "assumed",
    ]  # fmt: skip
    given = verdict.judge(sampled, [])
    held = int((~sampled.layout.fitted()).sum())
    assert sum(given.labels.values()) == sampled.layout.length
    assert given.labels["assumed"] >= held


@pytest.mark.parametrize(
    ("calibrated", "state"),
    [
        (GOOD, State.green),
        (replace(GOOD, uniform=0.001), State.red),
        (replace(GOOD, coverage=0.8), State.red),
        (replace(GOOD, biased_rejected=False), State.red),
        (None, State.unknown),
    ],
)
def test_a_calibration_counts_only_with_all_its_parts(sampled: Posterior, calibrated, state: State) -> None:
    checks = verdict.judge(sampled, [], calibrated).checks
    assert checks[-1].state is state


def test_a_recorded_calibration_is_read_and_a_broken_one_refused(tmp_path: Path) -> None:
    path = tmp_path / "us-mexico.nc"
    assert verdict.recorded(path) is None
    beside = tmp_path / "us-mexico.calibration.json"
    assert verdict.keep_calibration(path, GOOD) == beside
    assert verdict.recorded(path) == GOOD
    beside.write_text('{"replications": 60')
    with pytest.raises(FitError, match="cannot read the calibration"):
        verdict.recorded(path)


def replica(shift: float = 0.0, lasting: float = 0.6, seed: int = 2) -> Replica:
    """Counts drawn as the model draws them about 1,000, moved by `shift` [log points]."""
    rng = np.random.default_rng(seed)
    months, draws = 120, 400
    rho = np.full(draws, 0.6)
    noise = predictive.lasting_noise(rng.normal(size=(months, 2, draws)), rho)
    own = predictive.lasting_noise(rng.normal(size=(months, 2, 1)), np.array([lasting]))[..., 0]
    shown, width = np.full((months, 2, draws), 1000.0), np.full((months, 2, draws), 0.3)
    counts = 1010.0 * np.exp(0.3 * own + shift) - 10.0
    counts[:20, 1] = np.nan
    return Replica("deaths", ("border", "transit"), counts, shown, np.log(shown + 10.0), width, noise)


def test_figures_that_the_model_drew_are_covered_and_not_odd() -> None:
    found = [row for seed in range(12) for row in predictive.against(replica(seed=seed))]
    assert {row.figures for row in found} == {120, 100}
    assert np.mean([row.in_90 for row in found]) == pytest.approx(0.9, abs=0.03)
    assert np.mean([row.in_50 for row in found]) == pytest.approx(0.5, abs=0.06)
    chances = [p for row in found for p in (row.total, row.largest, row.lasting)]
    assert 0.35 < np.mean(chances) < 0.65
    assert np.mean([min(p, 1.0 - p) < 0.05 for p in chances]) < 0.25


def test_figures_that_the_model_would_not_draw_are_odd() -> None:
    higher = predictive.against(replica(shift=0.6))[0]
    assert higher.total < 0.005
    assert higher.in_90 < 0.6
    longer = predictive.against(replica(lasting=0.95))[0]
    assert longer.lasting < 0.02


def test_noise_that_lasts_has_the_correlation_it_was_given() -> None:
    fresh = np.random.default_rng(3).normal(size=(200, 5, 300))
    noise = predictive.lasting_noise(fresh, np.linspace(0.0, 0.9, 300))
    assert noise.std() == pytest.approx(1.0, abs=0.02)
    some = np.ones(200, dtype=bool)
    found = np.mean([predictive.correlation(noise[:, k], some) for k in range(5)], axis=0)
    assert np.abs(found - np.linspace(0.0, 0.9, 300)).mean() < 0.04
