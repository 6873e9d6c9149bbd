"""The quick fit: parameters where the posterior is highest, with the curvature there as their spread."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import jax.numpy as jnp
import numpy as np

from palanca.infer.search import Compiled, PosteriorMode, Progress, maximise
from palanca.kernel.keys import normals
from palanca.model.parameters import Layout

STEP = 1e-4  # of a prior standard deviation, for differences of the slope


@dataclass(frozen=True)
class Fit:
    """Parameters at their most probable values, and how far the figures leave them free.

    Args:
        layout: Where each parameter lies.
        mode: Free numbers at the maximum, (length); of a fit that was refined, at the mean of some draws.
        factor: Square root of their covariance, (length, length): draws are `mode + factor @ normals`.
        spread: Standard deviation of each free number, (length).
        found: Where the search ended.
    """

    layout: Layout
    mode: np.ndarray
    factor: np.ndarray
    spread: np.ndarray
    found: PosteriorMode

    def draws(self, key: int, chosen: range) -> np.ndarray:
        """Free numbers of some draws; a draw depends on the key and its own number alone, (length, draw).

        Parameters that no figure bears on are drawn from their priors.
        """
        noise = normals(key, "parameters", chosen, (self.layout.length,))
        moved = [
            self.factor @ np.ascontiguousarray(noise[:, i]) for i in range(noise.shape[1])
        ]  # one by one: same bits
        return self.mode[:, None] + np.stack(moved, axis=-1)


def fit(
    ready: Compiled, *, scored: np.ndarray | None = None, most_steps: int = 4000, progress: Progress | None = None
) -> Fit:
    """Find the maximum of the posterior and its curvature (Laplace's approximation).

    Args:
        ready: The density, from `search.compiled`.
        scored: 1 for the months whose figures count, else 0, (month); all if not given.
        most_steps: Evaluations after which the search gives up.
        progress: Called as `progress(evaluations, log density)`.

    Raises:
        FitError: The density is not finite where the search begins or ends.
    """
    counted = ready.evidence.every_month if scored is None else scored
    found = maximise(ready, counted, most_steps=most_steps, progress=progress)
    factor, spread = curvature(ready, found.mode[None], counted)
    return Fit(ready.evidence.layout, found.mode, factor, spread, found)


def curvature(ready: Compiled, points: np.ndarray, scored: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Square root of the inverse of the mean curvature over some points, and each number's standard deviation.

    Held parameters keep their priors. A direction in which the density does not fall (a kink, a ridge) gets the prior's
    curvature.

    Args:
        ready: The density.
        points: Free numbers, (point, length): the maximum alone, or some draws.
        scored: 1 for the months whose figures count, else 0, (month).
    """
    layout = ready.evidence.layout
    free = np.flatnonzero(layout.fitted())
    prior = layout.spread()

    def at(point: np.ndarray) -> np.ndarray:
        here = _slope(ready, point, scored)
        ahead = (point + STEP * prior[place] * np.eye(1, len(point), int(place))[0] for place in free)
        return np.array([_slope(ready, one, scored) - here for one in ahead]) / (STEP * prior[free, None])

    with ThreadPoolExecutor(max_workers=2) as pool:
        rows = np.mean(list(pool.map(at, points)), axis=0)
    matrix = -rows[:, free] * prior[free][:, None] * prior[free][None]
    factor = np.diag(prior).astype(float)
    factor[np.ix_(free, free)] = inverse_root(matrix) * prior[free][:, None]
    return factor, np.sqrt(np.sum(factor**2, axis=1))


def _slope(ready: Compiled, at: np.ndarray, scored: np.ndarray) -> np.ndarray:
    """Slope of the density; its differences stand for the curvature, which compiles for minutes."""
    return np.asarray(ready.density(jnp.asarray(at), jnp.asarray(scored))[1])


def inverse_root(curvature: np.ndarray) -> np.ndarray:
    """A square root of the inverse of a curvature, taken per prior standard deviation.

    Args:
        curvature: Symmetric matrix (up to rounding), 1 on the diagonal where the figures say nothing.

    Returns:
        `root` with `root @ root.T` the covariance; a direction flatter than the prior gets the prior's width.
    """
    values, vectors = np.linalg.eigh(0.5 * (curvature + curvature.T))
    return np.asarray(vectors / np.sqrt(np.maximum(values, 1.0)))
