"""Draws to one number: the worst but the rarest, the mean, or the greatest regret; and how far limits are broken."""

from __future__ import annotations

import numpy as np

from palanca.spec.search_file import Limit, SearchSpec
from palanca.spec.search_file_outcomes import AIMS, MORE

WORST, MEAN, REGRET = "worst", "mean", "regret"
CHANCES = ("holds",)  # true or false in each draw, so that its mean is the chance itself


def judged(values: np.ndarray, name: str, how: str, share: float, best: np.ndarray | None = None) -> np.ndarray:
    """One number a package, in the outcome's own unit.

    Args:
        values: By draw, (package, draw).
        name: The outcome, which says whether less or more is wanted.
        how: `worst`: the value that `share` of the draws do no worse than; `mean`; `regret`: the greatest shortfall of
            any draw from the best that the draw allows.
        share: Of draws [share].
        best: The best that each draw allows, (draw); regret needs it.
    """
    more = AIMS[name].want == MORE
    if how == MEAN or name in CHANCES:
        return np.asarray(values.mean(axis=-1))
    if how == REGRET:
        assert best is not None
        return np.asarray((best - values if more else values - best).max(axis=-1))
    return np.asarray(np.quantile(values, 1.0 - share if more else share, axis=-1))


def best_by_draw(values: np.ndarray, name: str) -> np.ndarray:
    """The best of some packages in each draw, (draw)."""
    return np.asarray(values.max(axis=0) if AIMS[name].want == MORE else values.min(axis=0))


def downhill(values: np.ndarray, name: str, how: str) -> np.ndarray:
    """Judged numbers with the sign under which less is better."""
    return -values if AIMS[name].want == MORE and (how != REGRET or name in CHANCES) else values


def excess(limit: Limit, values: np.ndarray) -> np.ndarray:
    """How far a limit is broken, (package) [unit of the outcome]; 0 or less where it is kept."""
    if limit.most is not None:
        return values - limit.most
    assert limit.least is not None
    return limit.least - values


def needs_partner(search: SearchSpec) -> bool:
    """Whether the objectives or limits compare with a partner that stops."""
    asked = [*(one.outcome for one in search.file.objectives), *(one.outcome for one in search.file.limits)]
    return any(AIMS[name].runs > 1 for name in asked)
