"""What a forecast of deals has to beat: the base rate, the last quarter, and encounters alone."""

from __future__ import annotations

import numpy as np
from jaxtyping import Bool, Float

BASE, ENCOUNTERS, PERSISTENCE = "base rate", "encounters only", "persistence"
SLOPE_SPREAD = 1.5  # prior standard deviation of the slope: a doubling of encounters rarely moves odds threefold
STEPS = 50


def base_rate(dealt: Bool[np.ndarray, " quarter"], train: Bool[np.ndarray, " quarter"]) -> np.ndarray:
    """Share of training quarters with a deal, (quarter); half a deal in one quarter added, so that it is never 0."""
    return np.full(len(dealt), _share(dealt, train))


def persistence(dealt: Bool[np.ndarray, " quarter"], train: Bool[np.ndarray, " quarter"]) -> np.ndarray:
    """How often a deal followed a quarter like the last one, in training quarters, (quarter).

    The base rate in the first quarter, before which nothing is known.
    """
    before, known = np.roll(dealt, 1), np.arange(len(dealt)) > 0
    after = [_share(dealt, train & known & (before == was)) for was in (False, True)]
    return np.where(known, np.where(before, after[1], after[0]), _share(dealt, train))


def encounters_only(
    dealt: Bool[np.ndarray, " quarter"],
    train: Bool[np.ndarray, " quarter"],
    encounters: Float[np.ndarray, " quarter"],
) -> np.ndarray:
    """Logistic rule on the log of encounters against the usual, (quarter).

    Args:
        dealt: Quarters with a deal.
        train: Quarters to learn from.
        encounters: Log encounters of the quarter before, against usual [log points].

    Reference:
        Logistic regression with a normal prior on the slope, standard deviation `SLOPE_SPREAD`, and a hundred times
        as wide on the level; by Newton's method, which settles since the penalised density is concave.
    """
    design = np.column_stack([np.ones(len(dealt)), encounters])
    penalty = np.diag([1e-4, 1.0]) / SLOPE_SPREAD**2
    x, y, line = design[train], dealt[train].astype(float), np.zeros(2)
    for _ in range(STEPS):
        chance = 1.0 / (1.0 + np.exp(-x @ line))
        bend = (x * (chance * (1.0 - chance))[:, None]).T @ x + penalty
        line = line + np.linalg.solve(bend, x.T @ (y - chance) - penalty @ line)
    return np.asarray(1.0 / (1.0 + np.exp(-design @ line)))


def _share(dealt: np.ndarray, train: np.ndarray) -> float:
    return float((dealt[train].sum() + 0.5) / (train.sum() + 1.0))
