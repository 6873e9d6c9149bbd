"""The word for a result: borne out, not borne out, or not identified, and why."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum

import numpy as np

from palanca.evidence.bootstrap import Estimate

SURE = 0.9
ENDS = (0.05, 0.5, 0.95)


class Word(StrEnum):
    """What draws, or resamples, came to."""

    yes = "borne out"
    no = "not borne out"
    open = "not identified"


def word(chance: float) -> Word:
    """Nine draws in ten for it, nine in ten against it, or neither; without a chance nothing is identified."""
    if not np.isfinite(chance):
        return Word.open
    return Word.yes if chance >= SURE else Word.no if chance <= 1.0 - SURE else Word.open


def middle(values: np.ndarray) -> Estimate:
    """Median and 90 % interval of those that are numbers; no number where none is."""
    known = values[np.isfinite(values)]
    if not known.size:
        return Estimate(np.nan, np.nan, np.nan)
    low, mid, high = np.quantile(known, ENDS)
    return Estimate(float(mid), float(low), float(high))


def share(values: np.ndarray, holds: Callable[[np.ndarray], np.ndarray]) -> float:
    """Share of the numbers among some values for which something holds; no number where none is."""
    known = values[np.isfinite(values)]
    return float(np.mean(holds(known))) if known.size else float("nan")
