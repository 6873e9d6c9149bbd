"""The whole fit stopped on the way and resumed equals the uninterrupted one, to the bit."""

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import corridors
import jax
import jax.numpy as jnp
import numpy as np
import posteriors
import pytest

from palanca.core.errors import FitError
from palanca.infer import full
from palanca.infer.fit import Fit
from palanca.infer.full import Pause
from palanca.infer.posterior import Posterior
from palanca.infer.sample import SamplingPlan
from palanca.infer.search import Compiled, PosteriorMode

PLAN = SamplingPlan(chains=2, warmup=20, kept=20, block=10)
EVIDENCE = SimpleNamespace(layout=posteriors.given())


REFINED = full.refined


class StopHere(Exception):
    """What stands for a user who presses Ctrl-C."""


@pytest.fixture(autouse=True)
def searches(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A known maximum and a round density in the place of the model's; says how often a maximum was searched."""
    told: list[str] = []

    def maximum(evidence, *, tell=None):
        told.append("searched")
        return posteriors.laplace()

    monkeypatch.setattr(full, "maximum", maximum)
    monkeypatch.setattr(full, "refined", lambda evidence, found, plan, tell=None: found)
    monkeypatch.setattr(full, "scaled", lambda evidence, found: lambda at: 0.5 * jnp.sum(at**2))
    return told


@pytest.fixture(scope="module")
def whole() -> Posterior:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(full, "maximum", lambda evidence, tell=None: posteriors.laplace())
        patch.setattr(full, "refined", lambda evidence, found, plan, tell=None: found)
        patch.setattr(full, "scaled", lambda evidence, found: lambda at: 0.5 * jnp.sum(at**2))
        return full.full(EVIDENCE, PLAN)


def stopped(pause: Pause, at: int = 10) -> None:
    def tell(stage: str, done: int, planned: int, number: float) -> None:
        if stage == "sampling" and done == at:
            raise StopHere

    with pytest.raises(StopHere):
        full.full(EVIDENCE, PLAN, pause=pause, tell=tell)


@pytest.mark.parametrize("at", [10, 30])
def test_a_fit_stopped_and_resumed_gives_the_same_bits_and_searches_once(
    whole: Posterior, searches: list[str], tmp_path: Path, at: int
) -> None:
    pause = Pause(tmp_path / "fit.nc", "made from this")
    stopped(pause, at)
    assert pause.begun
    resumed = full.full(EVIDENCE, PLAN, pause=pause)
    assert searches == ["searched"]
    for name in ("free", "mean", "spread"):
        assert np.array_equal(getattr(resumed, name), getattr(whole, name)), name
    pause.clear()
    assert list(tmp_path.iterdir()) == []


def test_the_chains_sample_what_the_curvature_says() -> None:
    """A round density in scaled numbers is the normal of the quick fit, once chains are tuned."""
    found = full.full(EVIDENCE, SamplingPlan(chains=2, warmup=100, kept=100))
    fitted = found.layout.fitted()
    ratio = found.spread[fitted] / posteriors.laplace().spread[fitted]
    assert 0.9 < np.median(ratio) < 1.1


@pytest.mark.parametrize("keep", [0.0, 0.5, 0.99])
def test_a_truncated_maximum_is_refused_with_a_way_out(tmp_path: Path, keep: float) -> None:
    pause = Pause(tmp_path / "fit.nc", "made from this")
    stopped(pause)
    content = pause.quick.read_bytes()
    pause.quick.write_bytes(content[: int(keep * len(content))])
    with pytest.raises(FitError, match="cannot read the checkpoint") as told:
        full.full(EVIDENCE, PLAN, pause=pause)
    assert "--fresh" in str(told.value)


def test_what_was_kept_of_another_fit_is_refused(tmp_path: Path) -> None:
    pause = Pause(tmp_path / "fit.nc", "made from this")
    stopped(pause)
    with pytest.raises(FitError, match="of another fit"):
        full.full(EVIDENCE, PLAN, pause=replace(pause, mark="made from that"))


def test_time_that_runs_out_gives_what_was_kept(tmp_path: Path) -> None:
    pause = Pause(tmp_path / "fit.nc", "made from this")
    stopped(pause, 30)
    part = full.full(EVIDENCE, PLAN, pause=pause, seconds=0.0)
    assert part.diagnostics is not None
    assert (part.diagnostics.finished, part.diagnostics.planned) == (20, 40)
    assert part.size == 20


def test_a_short_sample_widens_the_scale_where_the_density_has_heavy_tails(monkeypatch: pytest.MonkeyPatch) -> None:
    """One number is a Student t of 3 degrees, the others are normal: mean curvature is half that at the maximum."""
    layout, heavy = corridors.layout(), 7
    prior, centre = jnp.array(layout.spread()), jnp.array(layout.centre())

    def minus_log_density(free: jax.Array) -> jax.Array:
        unit = 10.0 * (free - centre) / prior
        heavier = 2.0 * jnp.log1p(unit[heavy] ** 2 / 3.0)
        return 0.5 * jnp.sum(unit**2) - 0.5 * unit[heavy] ** 2 + heavier

    evidence = SimpleNamespace(layout=layout, every_month=np.ones(1))
    density = jax.jit(jax.value_and_grad(lambda free, _: -minus_log_density(free)))
    monkeypatch.setattr(
        full, "scaled", lambda _, found: lambda at: minus_log_density(found.mode + jnp.array(found.factor) @ at)
    )
    monkeypatch.setattr(full.search, "compiled", lambda given: Compiled(given, density, lambda free: free))
    width = 0.1 * layout.spread()
    width[heavy] *= np.sqrt(0.75)  # its curvature at the maximum is 4 / 3
    begun = Fit(layout, layout.centre(), np.diag(width), width, PosteriorMode(layout.centre(), 0.0, 0.0, 1))
    found = REFINED(evidence, begun, SamplingPlan(chains=2, warmup=60, kept=60))
    ratio = found.spread / (0.1 * layout.spread())
    assert ratio[heavy] > 1.05  # 1.22 over endless draws
    assert np.allclose(np.delete(ratio, heavy), 1.0, rtol=1e-3)
    again = REFINED(evidence, begun, SamplingPlan(chains=2, warmup=60, kept=60))
    assert np.array_equal(again.factor, found.factor)
