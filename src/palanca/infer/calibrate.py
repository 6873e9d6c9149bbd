"""Whether intervals mean what they say: known parameters, figures drawn from them, a fit, the truth's rank in it."""

from __future__ import annotations

import io
import warnings
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array
from numpyro.infer.hmc import hmc
from scipy import stats

from palanca.core import save
from palanca.core.errors import FitError
from palanca.infer import fit
from palanca.infer.objective import log_density
from palanca.infer.search import Compiled
from palanca.infer.simulated import simulator
from palanca.infer.synthetic import SimulatedFigures, Synthetic, Truth
from palanca.kernel.keys import stream
from palanca.model.run import replay

with warnings.catch_warnings():
    # once a day it announces that its next major version will differ, which no reader of ranks can act on
    warnings.simplefilter("ignore", FutureWarning)
    from arviz.stats.ecdf_utils import ecdf_confidence_band

DRAWS = 199  # of every fitted posterior; ranks run from 0 to this
INTERVAL = 0.9
BINS = 5
SIGNIFICANT = 0.01
BIASES: dict[str, tuple[float, float]] = {  # shift in standard deviations, and factor on the spread
    "as fitted": (0.0, 1.0),
    "shifted by half a standard deviation": (0.5, 1.0),
    "half as wide": (0.0, 0.5),
}
CREDIBLE = (0.85, 0.95)  # where the coverage of 90 % intervals must lie
LEARNED = 0.5  # a posterior below this share of the prior's width has learned something

Ready = Callable[[SimulatedFigures], Compiled]
Fitter = Callable[[int, SimulatedFigures], np.ndarray]
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Replication:
    """One truth among the draws of the posterior fitted to its figures.

    Args:
        key: What the truth and its figures were drawn with.
        truth: Free numbers, (length).
        ranks: How many draws lie below the truth, (bias, length), biases as in `BIASES`.
        narrower: Posterior over prior standard deviation, (length).
    """

    key: int
    truth: np.ndarray
    ranks: np.ndarray
    narrower: np.ndarray


@dataclass(frozen=True)
class CalibrationCheck:
    """What the ranks of many replications say of a way to fit.

    Args:
        replications: How many.
        coverage: Share of truths inside the central 90 % interval, over parameters and replications.
        learned: The same among parameters whose posterior is less than half as wide as the prior.
        uniform: Chance of ranks as uneven as these, all parameters pooled, if the fit were right.
        outside: Share of parameters whose ranks leave their 95 % band; 0.05 is expected of a right fit.
        worst: The parameter with the least even ranks.
        worst_chance: Chance of ranks as uneven as its own, times the number of parameters, at most 1.
        by_parameter: Coverage by parameter, over its numbers and replications.
    """

    replications: int
    coverage: float
    learned: float
    uniform: float
    outside: float
    worst: str
    worst_chance: float
    by_parameter: dict[str, float]

    @property
    def passed(self) -> bool:
        """Whether coverage lies where it must, and ranks are as even as chance leaves them."""
        covered = CREDIBLE[0] <= self.coverage <= CREDIBLE[1]
        return covered and self.uniform > SIGNIFICANT and self.worst_chance > SIGNIFICANT


def compiled(synthetic: Synthetic) -> Ready:
    """From drawn figures to a density ready to fit; compiled once for all of them."""

    def value(free: Array, scored: Array, drawn: SimulatedFigures) -> Array:
        return log_density(synthetic.with_drawn(drawn))(free, scored)

    def surprises(free: Array, drawn: SimulatedFigures) -> Array:
        inputs = replace(synthetic.inputs, figures=drawn.figures)
        return jnp.log(replay(inputs, synthetic.layout.constrain(free[:, None]))[0].factor[..., 0])

    slope, surprise = jax.jit(jax.value_and_grad(value)), jax.jit(surprises)

    def ready(drawn: SimulatedFigures) -> Compiled:
        return Compiled(
            synthetic.with_drawn(drawn),
            lambda free, scored: slope(free, scored, drawn),
            lambda free: surprise(free, drawn),
        )

    return ready


def quick(ready: Ready) -> Fitter:
    """The quick fit (Laplace), its draws as (length, draw)."""
    return lambda key, drawn: fit.fit(ready(drawn)).draws(key, range(DRAWS))


def sampled(synthetic: Synthetic, ready: Ready, *, warmup: int = 300, thin: int = 2) -> Fitter:
    """The no-U-turn sampler from the quick fit on, one chain, its draws as (length, draw).

    The chain moves in units of the quick fit, in which the posterior is about round.

    Args:
        synthetic: The corridor.
        ready: Its density, from `compiled`.
        warmup: Iterations that tune the chain.
        thin: Every how manyth iteration is kept of the `DRAWS * thin` that follow.
    """
    scored = jnp.asarray(synthetic.evidence.every_month)

    def potential(drawn: SimulatedFigures, mode: Array, factor: Array) -> Callable[[Array], Array]:
        density = log_density(synthetic.with_drawn(drawn))
        return lambda at: -density(mode + factor @ at, scored)

    start, step = hmc(potential_fn_gen=potential, algo="NUTS")

    def chain(drawn: SimulatedFigures, mode: Array, factor: Array, key: Array) -> tuple[Array, Array]:
        given = (drawn, mode, factor)
        state = start(
            jnp.zeros_like(mode), warmup, step_size=0.3, max_tree_depth=7, model_args=given, rng_key=key
        )  # fmt: skip

        def one(now, _):  # type: ignore[no-untyped-def]
            now = step(now, given)
            return now, (now.z, now.diverging)

        _, (at, diverging) = jax.lax.scan(one, state, None, length=warmup + DRAWS * thin)
        return at[warmup + thin - 1 :: thin], diverging[warmup:]

    run = jax.jit(chain)

    def of(key: int, drawn: SimulatedFigures) -> np.ndarray:
        found = fit.fit(ready(drawn))
        seed = jax.random.PRNGKey(int(stream(key, "chain").integers(0, 2**31)))
        at, _ = run(drawn, jnp.asarray(found.mode), jnp.asarray(found.factor), seed)
        return found.mode[:, None] + found.factor @ np.asarray(at).T

    return of


def slopes(synthetic: Synthetic, ready: Ready, keys: Sequence[int]) -> np.ndarray:
    """Slope of the log density at the truth, per prior standard deviation, (replication, length).

    Over truths and figures drawn from the model that the density describes it averages zero in every direction: a
    term that is left out, counted twice or not normalised shows here with no fit in between.

    Reference:
        The expected score is zero (Bartlett's first identity), of the joint density of parameters and figures.
    """
    draw = simulator(synthetic)
    scored, spread = jnp.asarray(synthetic.evidence.every_month), synthetic.layout.spread()
    found = []
    for key in keys:
        truth, drawn = draw(key)
        found.append(np.asarray(ready(drawn).density(truth.free, scored)[1]) * spread)
    return np.stack(found)


def replicate(
    synthetic: Synthetic,
    fitter: Fitter,
    keys: Sequence[int],
    *,
    rounded: bool = False,
    folder: Path | None = None,
    mark: str = "",
    progress: Progress | None = None,
) -> list[Replication]:
    """Draw a truth, draw its figures, fit them, rank the truth among the draws; again for every key.

    Args:
        synthetic: The corridor.
        fitter: From `quick` or `sampled`.
        keys: One for each replication.
        rounded: Whether the figures are published as whole tens.
        folder: Where replications are kept; those already there are not run again.
        mark: What the fits were made with; a kept replication with another mark is refused.
        progress: Called as `progress(done, planned)`.

    Raises:
        FitError: A kept replication cannot be read, or was made with something else.
    """
    draw = simulator(synthetic, rounded=rounded)
    results = []
    for done, key in enumerate(keys):
        path = folder / f"{key:05d}.npz" if folder is not None else None
        if path is not None and path.exists():
            results.append(_kept(path, mark))
        else:
            truth, drawn = draw(key)
            results.append(_ranked(key, truth, fitter(key, drawn), synthetic.layout.spread()))
            if path is not None:
                _keep(path, mark, results[-1])
        if progress is not None:
            progress(done + 1, len(keys))
    return results


def check(results: Sequence[Replication], names: Sequence[str], bias: str = "as fitted") -> CalibrationCheck:
    """Test whether the truths lie among the draws as they should.

    Parameters of one replication depend on one another, replications do not: the pooled test asks whether the mean
    shares of ranks in equal bins differ from even by more than they vary between replications (Hotelling's T²). By
    parameter, the distribution of ranks is held against a simultaneous band.

    Args:
        results: From `replicate`, more than `BINS` of them.
        names: Names of the free numbers.
        bias: What was done to the posterior first, of `BIASES`.

    Reference:
        Talts et al. (2018), Validating Bayesian inference algorithms with simulation-based calibration; Säilynoja,
        Bürkner and Vehtari (2022), Graphical test for discrete uniformity.
    """
    ranks = np.stack([result.ranks[list(BIASES).index(bias)] for result in results])
    place = (ranks + 0.5) / (DRAWS + 1.0)
    inside = np.abs(place - 0.5) < 0.5 * INTERVAL
    learned = np.stack([result.narrower for result in results]) < LEARNED
    chances = np.array([stats.kstest(column, "uniform").pvalue for column in place.T])
    least = int(np.argmin(chances))
    families = np.array([name.split("[")[0] for name in names])
    return CalibrationCheck(
        replications=len(results),
        coverage=float(inside.mean()),
        learned=float(inside[learned].mean()) if learned.any() else float("nan"),
        uniform=pooled(place),
        outside=outside_band(place),
        worst=names[least],
        worst_chance=float(min(1.0, chances[least] * len(names))),
        by_parameter={name: float(inside[:, families == name].mean()) for name in dict.fromkeys(families.tolist())},
    )


def pooled(place: np.ndarray) -> float:
    """Chance of shares of ranks as uneven as these, replications being independent and parameters not.

    Args:
        place: Ranks between 0 and 1, (replication, length).
    """
    edges = np.linspace(0.0, 1.0, BINS + 1)
    shares = np.stack([np.histogram(row, edges)[0] / len(row) for row in place])[:, :-1]
    count, size = shares.shape
    gap = shares.mean(axis=0) - 1.0 / BINS
    scatter = np.cov(shares, rowvar=False)
    squared = count * gap @ np.linalg.solve(scatter, gap)
    return float(stats.f.sf(squared * (count - size) / (size * (count - 1.0)), size, count - size))


def outside_band(place: np.ndarray) -> float:
    """Share of parameters whose ranks leave a band that 95 % of even ones stay inside, (replication, length)."""
    points = np.linspace(0.05, 0.95, 19)
    low, high = ecdf_confidence_band(len(place), points, points, prob=0.95, method="optimized")
    curve = (place[:, :, None] <= points).mean(axis=0)
    return float(np.mean(((curve < low) | (curve > high)).any(axis=1)))


def _ranked(key: int, truth: Truth, draws: np.ndarray, prior: np.ndarray) -> Replication:
    known = np.asarray(truth.free)
    centre, sd = draws.mean(axis=1, keepdims=True), draws.std(axis=1, keepdims=True)
    ranks = [np.sum(centre + shift * sd + factor * (draws - centre) < known[:, None], axis=1)
             for shift, factor in BIASES.values()]  # fmt: skip
    return Replication(key, known, np.stack(ranks), sd[:, 0] / prior)


def _keep(path: Path, mark: str, result: Replication) -> None:
    stream_out = io.BytesIO()
    np.savez_compressed(
        stream_out, key=result.key, truth=result.truth, ranks=result.ranks, narrower=result.narrower, mark=mark
    )
    save.content(path, stream_out.getvalue())


def _kept(path: Path, mark: str) -> Replication:
    way_out = f"Remove {path} to run it again."
    try:
        with np.load(io.BytesIO(path.read_bytes()), allow_pickle=False) as parts:
            made = str(parts["mark"])
            result = Replication(
                int(parts["key"]), np.array(parts["truth"]), np.array(parts["ranks"]), np.array(parts["narrower"])
            )
    except (KeyError, ValueError, OSError, EOFError, zipfile.BadZipFile) as fault:
        raise FitError("cannot read the replication", where=str(path), found=str(fault), way_out=way_out) from fault
    if made != mark:
        raise FitError(
            "the replication was made with something else",
            where=str(path),
            expected="the same code, figures and settings",
            way_out=way_out,
        )
    return result
