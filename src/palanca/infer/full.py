"""The fit from figures to posterior: the maximum, its curvature, and chains that start there; can be resumed."""

from __future__ import annotations

import io
import time
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import jax.numpy as jnp
import numpy as np
from jax import Array

from palanca.core import digest, save
from palanca.core.errors import FitError
from palanca.infer import diagnose, search
from palanca.infer.fit import Fit, curvature
from palanca.infer.objective import FitEvidence, log_density
from palanca.infer.posterior import How, Posterior, Search, Track
from palanca.infer.sample import MOST_DOUBLINGS, Sampled, SamplingPlan, sample
from palanca.infer.search import PosteriorMode
from palanca.kernel.keys import stream
from palanca.model.parameters import Layout, ParameterEntry

STORED = 1000  # draws that are stored, all chains together; of more, so many spread evenly
PILOT = (100, 40)  # at most so many iterations of each chain to tune and to keep, before the curvature is taken anew
POINTS = 16  # draws at which it is taken
Tell = Callable[[str, int, int, float], None]


@dataclass(frozen=True)
class Pause:
    """Where a fit keeps what it has done so far.

    Args:
        path: File the fit will be stored in; what is kept lies beside it.
        mark: What the fit is made from; what was kept of another is refused.
    """

    path: Path
    mark: str

    @property
    def quick(self) -> Path:
        """File of the centre and the curvature by which chains are scaled."""
        return self.path.with_name(f".{self.path.name}.maximum.npz")

    @property
    def chains(self) -> Path:
        """File of the chains."""
        return self.path.with_name(f".{self.path.name}.chains.npz")

    @property
    def begun(self) -> bool:
        """Whether something is kept."""
        return self.quick.exists() or self.chains.exists()

    def clear(self) -> None:
        """Forget what was kept."""
        for path in (self.quick, self.chains):
            path.unlink(missing_ok=True)


def quick(evidence: FitEvidence, *, most_steps: int = 4000, key: int = 1, tell: Tell | None = None) -> Posterior:
    """The maximum of the posterior with its curvature as spread, as draws.

    Raises:
        FitError: The density is not finite where the search begins or ends.
    """
    return of_fit(maximum(evidence, most_steps=most_steps, tell=tell), key=key)


def maximum(evidence: FitEvidence, *, most_steps: int = 4000, tell: Tell | None = None) -> Fit:
    """Where the posterior is highest, and its curvature there."""
    ready, months = search.compiled(evidence), evidence.every_month
    found = search.maximise(ready, months, most_steps=most_steps, progress=_search_told(tell))
    if tell is not None:
        tell("curvature", 0, 0, found.value)
    factor, spread = curvature(ready, found.mode[None], months)
    return Fit(evidence.layout, found.mode, factor, spread, found)


def full(
    evidence: FitEvidence,
    plan: SamplingPlan,
    *,
    pause: Pause | None = None,
    seconds: float = float("inf"),
    tell: Tell | None = None,
) -> Posterior:
    """Sample the posterior, scaled by its mean curvature over a short sample of it.

    Args:
        evidence: The figures, lined up.
        plan: How many chains and iterations.
        pause: Where to keep what is done; a fit that was interrupted goes on from there, to the same bits.
        seconds: Time for everything; what the chains have kept by then is the posterior.
        tell: Called as `tell(stage, done, planned, number)`; the number is the log density in the stages `search`
            and `curvature`, divergences in that of `sampling`, nothing in that of the short sample, `pilot`.

    Raises:
        FitError: No chance for the figures, a checkpoint of another fit, or no time left before a draw was kept.
    """
    begun = time.monotonic()
    found = _resumed(pause, evidence.layout) if pause is not None else None
    if found is None:
        found = refined(evidence, maximum(evidence, tell=tell), plan, tell=tell)
        if pause is not None:
            _keep(pause, found)
    sampled = sample(
        scaled(evidence, found),
        int(found.layout.fitted().sum()),
        plan,
        checkpoint=pause.chains if pause is not None else None,
        mark=pause.mark if pause is not None else "",
        seconds=seconds - (time.monotonic() - begun),
        progress=None if tell is None else lambda done, planned, broken: tell("sampling", done, planned, broken),
    )
    return of_chains(found, sampled, key=plan.key)


def refined(evidence: FitEvidence, found: Fit, plan: SamplingPlan, *, tell: Tell | None = None) -> Fit:
    """The centre and the mean curvature over a short sample, in place of the maximum and the curvature there.

    Where the density is skewed, as of the appeal of a sector to an origin that hardly ever crosses there, the curvature
    at the maximum tells of far too narrow a width, and chains scaled by it creep. On sectors alone (226 numbers, four
    chains of 250) the mean over 16 draws gave 1.7 and 9 times the independent draws a slope under two keys, for the
    number with fewest; with the former chains stayed apart on one origin either way.

    Reference:
        Opper and Archambeau (2009), "The variational Gaussian approximation revisited": the normal nearest to a
        density has its mean curvature.
    """
    free = found.layout.fitted()
    short = replace(plan, warmup=min(plan.warmup, PILOT[0]), kept=min(plan.kept, PILOT[1]))
    told = None if tell is None else lambda done, planned, _: tell("pilot", done, planned, 0.0)
    pilot = sample(scaled(evidence, found), int(free.sum()), short, progress=told)
    flat = (found.mode + pilot.position @ found.factor[:, np.flatnonzero(free)].T).reshape(-1, len(free))
    chosen = flat[np.linspace(0, len(flat) - 1, POINTS).round().astype(int)]
    if tell is not None:
        tell("curvature", 0, 0, found.found.value)
    factor, spread = curvature(search.compiled(evidence), chosen, evidence.every_month)
    return replace(found, mode=np.where(free, flat.mean(axis=0), found.mode), factor=factor, spread=spread)


def scaled(evidence: FitEvidence, found: Fit) -> Callable[[Array], Array]:
    """Minus the log density over the fitted numbers, each direction of the curvature brought to a scale of 1.

    Parameters that no figure bears on stay at the middle of their priors.
    """
    density, free = log_density(evidence), np.flatnonzero(found.layout.fitted())
    mode, factor = jnp.asarray(found.mode), jnp.asarray(found.factor[:, free])
    months = jnp.asarray(evidence.every_month)
    return lambda at: -density(mode + factor @ at, months)


def of_fit(found: Fit, *, draws: int = STORED, key: int = 1) -> Posterior:
    """Draws of a quick fit."""
    free = found.draws(key, range(draws))
    return Posterior(
        found.layout,
        How.quick,
        _single(with_held(found.layout, free, key)),
        np.zeros(draws, dtype=int),
        found.mode,
        found.spread,
        _search(found),
    )


def of_chains(found: Fit, sampled: Sampled, *, draws: int = STORED, key: int = 1) -> Posterior:
    """Draws of the chains, back on the scale of free numbers and thinned; diagnostics are of all of them."""
    fitted = found.layout.fitted()
    whole = found.mode + sampled.position @ found.factor[:, np.flatnonzero(fitted)].T  # (chain, draw, length)
    chains, finished, _ = whole.shape
    kept = np.unique(np.linspace(0, finished - 1, max(1, min(finished, draws // chains))).round().astype(int))
    free = np.moveaxis(whole[:, kept], -1, 0).reshape(len(fitted), -1)
    flat = whole.reshape(-1, len(fitted))
    track = Track(
        *(
            getattr(sampled, name)[:, kept].reshape(-1)
            for name in ("log_density", "energy", "accepted", "steps", "diverging")
        )
    )
    return Posterior(
        found.layout,
        How.sampled,
        _single(with_held(found.layout, free, key)),
        np.repeat(np.arange(chains), len(kept)),
        np.where(fitted, flat.mean(axis=0), found.layout.centre()),
        np.where(fitted, flat.std(axis=0, ddof=1), found.layout.spread()),
        _search(found),
        track,
        diagnose.chains(sampled, whole, fitted, 2**MOST_DOUBLINGS - 1),
    )


def with_held(layout: Layout, free: np.ndarray, key: int) -> np.ndarray:
    """The same draws with what no figure bears on drawn from its prior, (length, draw)."""
    drawn = np.array(free)
    for entry in layout.entries:
        if entry.size and not entry.fitted:
            place = slice(entry.start, entry.start + entry.size)
            drawn[place] = from_prior(entry, stream(key, "held", entry.name), free.shape[1])
    return drawn


def from_prior(entry: ParameterEntry, chance: np.random.Generator, draws: int) -> np.ndarray:
    """Free numbers of one parameter drawn from its prior, (size, draw)."""
    shape = (entry.size, draws)
    if entry.family == "beta":
        share = chance.beta(entry.p1, entry.p2, shape)
        return np.asarray(np.log(share) - np.log1p(-share))
    if entry.family == "halfnormal":
        return np.asarray(np.log(entry.p1 * np.abs(chance.standard_normal(shape))))
    centre = np.log(entry.p1) if entry.family == "lognormal" else entry.p1
    return np.asarray(centre + entry.p2 * chance.standard_normal(shape))


def _single(free: np.ndarray) -> np.ndarray:
    """Rounded as it is stored, so that a stored fit gives the bits of one just made: to 18 binary digits.

    That is a part in 200,000, a thousandth of any spread, and the digits left out would not compress.
    """
    half, cut = np.int32(1 << 5), np.int32(-(1 << 6))
    return ((free.astype(np.float32).view(np.int32) + half) & cut).view(np.float32).astype(float)


def _search(found: Fit) -> Search:
    return Search(found.found.value, found.found.gradient, found.found.steps)


def _search_told(tell: Tell | None) -> search.Progress | None:
    return None if tell is None else lambda count, value: tell("search", count, 0, value)


def _keep(pause: Pause, found: Fit) -> None:
    stream_out = io.BytesIO()
    summary = np.array([found.found.value, found.found.gradient, found.found.steps])
    np.savez(
        stream_out,
        mark=np.array(pause.mark),
        mode=found.mode,
        factor=found.factor,
        spread=found.spread,
        summary=summary,
        digest=np.array(_digest(found.mode, found.factor)),
    )
    save.content(pause.quick, stream_out.getvalue())


def _resumed(pause: Pause, layout: Layout) -> Fit | None:
    if not pause.quick.exists():
        return None
    way_out = "Start again with --fresh."
    try:
        with np.load(io.BytesIO(pause.quick.read_bytes()), allow_pickle=False) as parts:
            held = {name: np.array(parts[name]) for name in parts.files}
        mode, factor, spread = held["mode"], held["factor"], held["spread"]
        value, slope, steps = (float(number) for number in held["summary"])
        mark, intact = str(held["mark"]), str(held["digest"]) == _digest(mode, factor)
    except (KeyError, ValueError, OSError, EOFError, zipfile.BadZipFile) as fault:
        where = str(pause.quick)
        raise FitError("cannot read the checkpoint", where=where, found=str(fault), way_out=way_out) from fault
    if not intact or mark != pause.mark:
        raise FitError(
            "the checkpoint is of another fit" if intact else "the checkpoint is damaged",
            where=str(pause.quick),
            expected="the same case, figures, code and plan of sampling",
            way_out=way_out,
        )
    return Fit(layout, mode, factor, spread, PosteriorMode(mode, value, slope, int(steps)))


def _digest(mode: np.ndarray, factor: np.ndarray) -> str:
    return digest.of_bytes(np.ascontiguousarray(mode).tobytes() + np.ascontiguousarray(factor).tobytes())
