"""Harm on the way, for the NumPy rival: equation F9 of docs/model.md."""

from __future__ import annotations

import numpy as np

Arrays = dict[str, np.ndarray]


def dying(p: Arrays, foreign: np.ndarray, said: np.ndarray, heat: float, crowd: float) -> tuple[np.ndarray, np.ndarray]:
    """Chances of dying: in a crossing of those who hide, and on the way; both fall in a crowd."""
    thinned = 1.0 + p["death_crowding"] * crowd
    return (1.0 - said) * (p["death_border"] * heat / thinned), foreign * (p["death_transit"] / thinned)


def suffered(
    p: Arrays, foreign: np.ndarray, people: tuple[np.ndarray, np.ndarray, np.ndarray], hazard: np.ndarray
) -> Arrays:
    """People kidnapped and extorted, and fees paid, by origin; of those new, again on the road, and on hold."""
    new, again, hold = people
    hazard = np.minimum(hazard, 20.0)
    out = {"fees": (p["fee"] * np.exp(p["fee_friction"] * hazard) * new).sum(axis=1)}
    for name, verb in (("kidnapped", "kidnap"), ("extorted", "extort")):
        on_road = np.minimum(p[verb + "_road"] * np.exp(p["harm_friction"] * hazard), 1.0)
        out[name] = (foreign * (on_road * (new + again) + p[verb + "_hold"] * hold)).sum(axis=1)
    return out
