"""Sets the parameters where the posterior is highest, with the curvature there as their spread."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import jax
import jax.numpy as jnp
import numpy as np
from scipy.optimize import minimize

from palanca.core.errors import FitError
from palanca.infer.objective import Evidence, log_density
from palanca.kernel.keys import normals
from palanca.simulate.parameters import Layout
from palanca.simulate.run import replay

MEMORY = 50  # pairs of steps that the quasi-Newton search remembers
PREPARATIONS = 3
Progress = Callable[[int, float], None]


@dataclass(frozen=True)
class Fit:
    """Parameters at their most probable values, and how far the figures leave them free.

    Args:
        layout: Where each parameter lies.
        mode: Free numbers at the maximum, (length).
        factor: Square root of their covariance, (length, length): draws are `mode + factor @ normals`.
        spread: Standard deviation of each free number, (length).
        value: Log density at the maximum.
        steps: Evaluations that the search took.
        gradient: Largest slope left, per prior standard deviation.
    """

    layout: Layout
    mode: np.ndarray
    factor: np.ndarray
    spread: np.ndarray
    value: float
    steps: int
    gradient: float

    def draws(self, key: int, chosen: range) -> np.ndarray:
        """Free numbers of some draws; a draw depends on the key and its own number alone, (length, draw).

        Parameters that no figure bears on are drawn from their priors.
        """
        noise = normals(key, "parameters", chosen, (self.layout.length,))
        moved = [
            self.factor @ np.ascontiguousarray(noise[:, i]) for i in range(noise.shape[1])
        ]  # one by one: same bits
        return self.mode[:, None] + np.stack(moved, axis=-1)


def fit(evidence: Evidence, *, most_steps: int = 4000, progress: Progress | None = None) -> Fit:
    """Find the maximum of the posterior and its curvature.

    Args:
        evidence: The figures, lined up.
        most_steps: Evaluations after which the search gives up.
        progress: Called as `progress(evaluations, log density)`.

    Raises:
        FitError: The search ended somewhere the density is not finite, or not at a maximum.
    """
    mode, (value, gradient, count) = maximise(evidence, most_steps=most_steps, progress=progress)
    factor, spread = _curvature(evidence, mode)
    return Fit(evidence.layout, mode, factor, spread, value, count, gradient)


def maximise(
    evidence: Evidence, *, most_steps: int = 4000, progress: Progress | None = None
) -> tuple[np.ndarray, tuple[float, float, int]]:
    """Find the maximum alone.

    Returns:
        Free numbers there, (length); the log density, the largest slope left per prior standard deviation, and
        how many evaluations it took.

    Raises:
        FitError: The search ended somewhere the density is not finite.
    """
    density = jax.jit(jax.value_and_grad(log_density(evidence)))
    layout = evidence.layout
    scale = np.where(layout.fitted(), layout.spread(), 0.0)
    start = _levelled(evidence, layout)
    count = 0

    def downhill(step: np.ndarray) -> tuple[float, np.ndarray]:
        nonlocal count
        count += 1
        value, slope = density(jnp.asarray(start + scale * step))
        if progress is not None:
            progress(count, float(value))
        if not np.isfinite(value):
            return 1e12, np.zeros_like(step)
        return -float(value), -np.nan_to_num(np.asarray(slope)) * scale

    found = minimize(
        downhill,
        np.zeros(layout.length),
        jac=True,
        method="L-BFGS-B",
        options={"maxiter": most_steps, "maxfun": 2 * most_steps, "maxcor": MEMORY, "ftol": 1e-12, "gtol": 1e-2},
    )
    mode = start + scale * found.x
    value, slope = density(jnp.asarray(mode))
    if not np.isfinite(value) or not np.isfinite(np.asarray(slope)).all():
        raise FitError("the fit ended where the density is not finite", found=str(found.message))
    left = float(np.max(np.abs(np.asarray(slope) * scale)))
    return mode, (float(value), left, count)


def _levelled(evidence: Evidence, layout: Layout) -> np.ndarray:
    """The middle of the priors, with each origin's level set so that its surprises average zero."""
    at = np.array(layout.centre())
    level = next(entry for entry in layout.entries if entry.name == "base")
    place = slice(level.start, level.start + level.size)
    factor_of = jax.jit(lambda free: replay(evidence.story, layout.constrain(free[:, None]))[0].factor)
    for _ in range(PREPARATIONS):
        surprise = np.log(np.asarray(factor_of(jnp.asarray(at)))[..., 0])
        at[place] += np.median(surprise, axis=0)
    return at


def _curvature(evidence: Evidence, mode: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Square root of the inverse curvature, and its diagonal; held parameters keep their priors.

    A direction in which the density does not fall at the maximum (a kink, a ridge) gets the prior's curvature.
    """
    layout = evidence.layout
    free = np.flatnonzero(layout.fitted())
    prior = layout.spread()
    slope = jax.jit(jax.grad(log_density(evidence)))
    curve = jax.jit(lambda at, way: jax.jvp(slope, (at,), (way,))[1])
    rows = [np.asarray(curve(jnp.asarray(mode), jnp.asarray(np.eye(layout.length)[i]))) for i in free]
    matrix = -np.array(rows)[:, free] * prior[free][:, None] * prior[free][None]
    factor = np.diag(prior).astype(float)
    factor[np.ix_(free, free)] = inverse_root(matrix) * prior[free][:, None]
    return factor, np.sqrt(np.sum(factor**2, axis=1))


def inverse_root(curvature: np.ndarray) -> np.ndarray:
    """A square root of the inverse of a curvature, taken per prior standard deviation.

    Args:
        curvature: Symmetric matrix (up to rounding), 1 on the diagonal where the figures say nothing.

    Returns:
        `root` with `root @ root.T` the covariance; a direction flatter than the prior gets the prior's width.
    """
    values, vectors = np.linalg.eigh(0.5 * (curvature + curvature.T))
    return np.asarray(vectors / np.sqrt(np.maximum(values, 1.0)))
