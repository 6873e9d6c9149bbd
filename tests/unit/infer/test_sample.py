"""Chains find a known normal, and stopping them changes nothing, to the bit."""

from dataclasses import fields, replace
from pathlib import Path

import jax.numpy as jnp
import numpy as np
import pytest
from jax import Array

from palanca.core.errors import FitError
from palanca.infer import sample
from palanca.infer.sample import Sampled, SamplingPlan

MEAN = np.array([1.0, -2.0, 0.5])
COVARIANCE = np.array([[1.0, 0.6, 0.0], [0.6, 2.0, -0.3], [0.0, -0.3, 0.5]])
SHORT = SamplingPlan(chains=2, warmup=20, kept=20, block=10)


class StopHere(Exception):
    """What stands for a user who presses Ctrl-C."""


def potential(at: Array) -> Array:
    gap = at - jnp.asarray(MEAN)
    return 0.5 * gap @ jnp.asarray(np.linalg.inv(COVARIANCE)) @ gap


def stop_after(blocks: int):
    def progress(done: int, _: int, __: int) -> None:
        if done == 10 * blocks:
            raise StopHere

    return progress


def equal(one: Sampled, other: Sampled) -> bool:
    names = [field.name for field in fields(Sampled)]
    return all(np.array_equal(getattr(one, name), getattr(other, name)) for name in names)


@pytest.fixture(scope="module")
def whole() -> Sampled:
    return sample.sample(potential, 3, SHORT)


def test_chains_find_the_mean_and_covariance_of_a_known_normal() -> None:
    """Tolerances are four standard errors at an effective size of 1,000: 2,000 draws of three easy directions."""
    found = sample.sample(potential, 3, SamplingPlan(chains=4, warmup=300, kept=500, block=100))
    draws = found.position.reshape(-1, 3)
    sd = np.sqrt(np.diag(COVARIANCE))
    assert np.all(np.abs(draws.mean(axis=0) - MEAN) < 4.0 * sd / np.sqrt(1000.0))
    assert np.all(np.abs(draws.std(axis=0) / sd - 1.0) < 4.0 / np.sqrt(2000.0))
    correlation = np.corrcoef(draws.T)[0, 1]
    assert correlation == pytest.approx(0.6 / np.sqrt(2.0), abs=4.0 / np.sqrt(1000.0))
    assert not found.diverging.any()
    assert 0.6 < found.accepted.mean() < 0.98


def test_the_log_density_that_is_recorded_is_that_of_the_position(whole: Sampled) -> None:
    for place in ((0, 0), (1, 7), (1, 19)):
        assert whole.log_density[place] == pytest.approx(-float(potential(jnp.asarray(whole.position[place]))))
        assert whole.energy[place] >= -whole.log_density[place]  # momentum holds the rest


@pytest.mark.parametrize("blocks", [1, 2, 3])
def test_a_run_stopped_anywhere_and_resumed_equals_the_whole_one_to_the_bit(
    whole: Sampled, tmp_path: Path, blocks: int
) -> None:
    kept = tmp_path / "chains.npz"
    with pytest.raises(StopHere):
        sample.sample(potential, 3, SHORT, checkpoint=kept, progress=stop_after(blocks))
    assert kept.exists()
    told: list[int] = []
    resumed = sample.sample(potential, 3, SHORT, checkpoint=kept, progress=lambda done, _, __: told.append(done))
    assert told[0] == 10 * (blocks + 1)  # what was done is not done again
    assert equal(resumed, whole)


def test_another_key_gives_other_draws(whole: Sampled) -> None:
    other = sample.sample(potential, 3, replace(SHORT, key=2))
    assert not np.array_equal(other.position, whole.position)


@pytest.mark.parametrize("keep", [0.0, 0.4, 0.95])
def test_a_truncated_checkpoint_is_refused_with_a_way_out(tmp_path: Path, keep: float) -> None:
    kept = tmp_path / "chains.npz"
    with pytest.raises(StopHere):
        sample.sample(potential, 3, SHORT, checkpoint=kept, progress=stop_after(1))
    content = kept.read_bytes()
    kept.write_bytes(content[: int(keep * len(content))])
    with pytest.raises(FitError, match="cannot read the checkpoint") as told:
        sample.sample(potential, 3, SHORT, checkpoint=kept)
    assert f"Remove {kept}" in str(told.value)


@pytest.mark.parametrize("other", ["mark", "plan"])
def test_a_checkpoint_of_another_run_is_refused(tmp_path: Path, other: str) -> None:
    kept = tmp_path / "chains.npz"
    with pytest.raises(StopHere):
        sample.sample(potential, 3, SHORT, checkpoint=kept, mark="one", progress=stop_after(1))
    plan = replace(SHORT, kept=40) if other == "plan" else SHORT
    with pytest.raises(FitError, match="of another run"):
        sample.sample(potential, 3, plan, checkpoint=kept, mark="two" if other == "mark" else "one")


def test_time_that_ends_after_tuning_gives_what_was_kept_and_says_how_much_was_planned(tmp_path: Path) -> None:
    kept = tmp_path / "chains.npz"
    with pytest.raises(StopHere):
        sample.sample(potential, 3, SHORT, checkpoint=kept, progress=stop_after(3))
    part = sample.sample(potential, 3, SHORT, checkpoint=kept, seconds=0.0)
    assert part.position.shape == (2, 10, 3)
    assert part.planned == 20


def test_time_that_ends_while_tuning_is_refused() -> None:
    with pytest.raises(FitError, match="time ran out"):
        sample.sample(potential, 3, SHORT, seconds=0.0)


@pytest.mark.parametrize(
    ("plan", "where"),
    [
        (SamplingPlan(chains=3), "chains"),
        (SamplingPlan(chains=0), "chains"),
        (SamplingPlan(warmup=15), "warmup"),
        (SamplingPlan(warmup=0), "warmup"),
        (SamplingPlan(kept=0), "kept"),
        (SamplingPlan(kept=251), "kept"),
    ],
)
def test_a_plan_that_cannot_be_carried_out_names_the_number(plan: SamplingPlan, where: str) -> None:
    with pytest.raises(FitError, match="cannot sample so") as told:
        plan.check()
    assert str(told.value).startswith(where)
