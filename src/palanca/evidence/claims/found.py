"""The word for a result: borne out, not borne out, or not identified, and why."""

from __future__ import annotations

from enum import StrEnum

import numpy as np

SURE = 0.9


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
