"""The quick fit: parameters where the posterior is highest, with the curvature there as their spread."""

from __future__ import annotations

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
        mode: Free numbers at the maximum, (length).
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
    factor, spread = curvature(ready, found.mode, counted)
    return Fit(ready.evidence.layout, found.mode, factor, spread, found)


def curvature(ready: Compiled, mode: np.ndarray, scored: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Square root of the inverse curvature, and its diagonal; held parameters keep their priors.

    A direction in which the density does not fall at the maximum (a kink, a ridge) gets the prior's curvature.
    """
    layout = ready.evidence.layout
    free = np.flatnonzero(layout.fitted())
    prior = layout.spread()
    rows = [_slope_change(ready, mode, scored, int(place), STEP * prior[place]) for place in free]
    matrix = -np.array(rows)[:, free] * prior[free][:, None] * prior[free][None]
    factor = np.diag(prior).astype(float)
    factor[np.ix_(free, free)] = inverse_root(matrix) * prior[free][:, None]
    return factor, np.sqrt(np.sum(factor**2, axis=1))


def _slope_change(ready: Compiled, at: np.ndarray, scored: np.ndarray, place: int, step: float) -> np.ndarray:
    """Change of the slope per unit of one free number, by central differences: exact curvature compiles for minutes."""
    moved = np.zeros_like(at)
    moved[place] = step
    up, down = (ready.density(jnp.asarray(at + way * moved), jnp.asarray(scored))[1] for way in (1.0, -1.0))
    return (np.asarray(up) - np.asarray(down)) / (2.0 * step)


def inverse_root(curvature: np.ndarray) -> np.ndarray:
    """A square root of the inverse of a curvature, taken per prior standard deviation.

    Args:
        curvature: Symmetric matrix (up to rounding), 1 on the diagonal where the figures say nothing.

    Returns:
        `root` with `root @ root.T` the covariance; a direction flatter than the prior gets the prior's width.
    """
    values, vectors = np.linalg.eigh(0.5 * (curvature + curvature.T))
    return np.asarray(vectors / np.sqrt(np.maximum(values, 1.0)))
