"""Finds where the posterior is highest, from the figures of all months or of some."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array
from scipy.optimize import minimize

from palanca.core.errors import FitError
from palanca.core.wording import listed
from palanca.infer.objective import FitEvidence, FitNumbers, log_density, terms
from palanca.model.run import replay

MEMORY = 50  # pairs of steps that the quasi-Newton search remembers
PREPARATIONS = 3
IMPOSSIBLE = 1e12
Progress = Callable[[int, float], None]


@dataclass(frozen=True)
class Compiled:
    """The density of one case, compiled once and asked many times.

    Args:
        evidence: The figures, lined up.
        density: From free numbers, (length), and which months count, (month), to the log density and its slope.
        surprises: From free numbers to the logs of the surprises, (month, origin).
    """

    evidence: FitEvidence
    density: Callable[[Array, Array], tuple[Array, Array]]
    surprises: Callable[[Array], Array]


@dataclass(frozen=True)
class PosteriorMode:
    """Where a search ended.

    Args:
        mode: Free numbers there, (length).
        value: Log density.
        gradient: Largest slope left, per prior standard deviation.
        steps: Evaluations it took.
    """

    mode: np.ndarray
    value: float
    gradient: float
    steps: int


def compiled(evidence: FitEvidence) -> Compiled:
    """Make the density of a case ready; each function compiles when first called."""
    density, layout = log_density(evidence), evidence.layout

    def surprises(free: Array) -> Array:
        return jnp.log(replay(evidence.inputs, layout.constrain(free[:, None]))[0].factor[..., 0])

    return Compiled(evidence, jax.jit(jax.value_and_grad(density)), jax.jit(surprises))


def compiled_once(like: FitEvidence) -> Callable[[FitEvidence], Compiled]:
    """Make the densities of figures of the same shapes ready, all of them compiled as one.

    Args:
        like: Figures of that shape, such as those of all months; others may tell of fewer.
    """

    def value(free: Array, scored: Array, told: FitNumbers) -> Array:
        return log_density(like.of(told))(free, scored)

    def surprises(free: Array, told: FitNumbers) -> Array:
        return jnp.log(replay(told.inputs, like.layout.constrain(free[:, None]))[0].factor[..., 0])

    slope, surprise = jax.jit(jax.value_and_grad(value)), jax.jit(surprises)

    def ready(evidence: FitEvidence) -> Compiled:
        told = evidence.numbers
        return Compiled(
            evidence, lambda free, scored: slope(free, scored, told), lambda free: surprise(free, told)
        )  # fmt: skip

    return ready


def maximise(
    ready: Compiled,
    scored: np.ndarray,
    *,
    start: np.ndarray | None = None,
    most_steps: int = 4000,
    gain: float = 1e-12,
    progress: Progress | None = None,
) -> PosteriorMode:
    """Find the maximum.

    Args:
        ready: From `compiled`.
        scored: 1 for the months whose figures count, else 0, (month).
        start: Free numbers to start from, (length); by default the middle of the priors.
        most_steps: Evaluations after which the search gives up.
        gain: It ends when a step gains less than this, relative to the density.
        progress: Called as `progress(evaluations, log density)`.

    Raises:
        FitError: The density is not finite where the search begins (the priors leave the figures no chance), or
            where it ends.
    """
    layout = ready.evidence.layout
    scale = np.where(layout.fitted(), layout.spread(), 0.0)
    counted = jnp.asarray(scored)
    begin = _levelled(ready, scored) if start is None else start
    _check_possible(ready, begin, counted)
    count = 0

    def downhill(step: np.ndarray) -> tuple[float, np.ndarray]:
        nonlocal count
        count += 1
        value, slope = ready.density(jnp.asarray(begin + scale * step), counted)
        if progress is not None:
            progress(count, float(value))
        if not np.isfinite(value):
            return IMPOSSIBLE, np.zeros_like(step)
        return -float(value), -np.nan_to_num(np.asarray(slope)) * scale

    found = minimize(
        downhill,
        np.zeros(layout.length),
        jac=True,
        method="L-BFGS-B",
        options={"maxiter": most_steps, "maxfun": 2 * most_steps, "maxcor": MEMORY, "ftol": gain, "gtol": 1e-2},
    )
    mode = begin + scale * found.x
    value, slope = ready.density(jnp.asarray(mode), counted)
    if not np.isfinite(value) or not np.isfinite(np.asarray(slope)).all():
        raise FitError("the fit ended where the density is not finite", found=str(found.message))
    return PosteriorMode(mode, float(value), float(np.max(np.abs(np.asarray(slope) * scale))), count)


def _levelled(ready: Compiled, scored: np.ndarray) -> np.ndarray:
    """The middle of the priors, with each origin's level set so that its surprises average zero."""
    layout = ready.evidence.layout
    at = np.array(layout.centre())
    level = next(entry for entry in layout.entries if entry.name == "base")
    if not level.size:
        return at  # the case holds levels at a value of its own
    place = slice(level.start, level.start + level.size)
    for _ in range(PREPARATIONS):
        surprise = np.asarray(ready.surprises(jnp.asarray(at)))
        at[place] += np.median(surprise[scored > 0.0], axis=0)
    return at


def _check_possible(ready: Compiled, begin: np.ndarray, counted: Array) -> None:
    """Refuse to begin where the density is no number, and say which figures make it so."""
    evidence = ready.evidence
    if not np.isfinite(begin).all():
        raise _impossible("no finite level of setting out that gives the figures")
    value, slope = ready.density(jnp.asarray(begin), counted)
    if np.isfinite(value) and np.isfinite(np.asarray(slope)).all():
        return
    parts = terms(evidence, evidence.layout.constrain(jnp.asarray(begin)[:, None]), counted)
    parts["the priors themselves"] = evidence.layout.log_prior(jnp.asarray(begin))
    broken = [name for name, part in parts.items() if not np.isfinite(part)]
    raise _impossible(f"no finite log density of {listed(broken)}" if broken else "a slope that is not finite")


def _impossible(found: str) -> FitError:
    return FitError(
        "the priors leave the figures no chance",
        where="the middle of the priors",
        found=found,
        expected="a finite log density of every series",
        way_out="Widen or move the priors that the case gives under `parameters`.",
    )
