"""The counts that the panel of origins learns from: as far back as the figures of a case tell every origin."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from palanca.core.clock import Month, Span
from palanca.data.read import Figures, packaged_figures
from palanca.model import cells
from palanca.spec.figures import series_of
from palanca.spec.schema import Case


@dataclass(frozen=True)
class OriginCounts:
    """Counts by origin, month by month.

    Args:
        first: Month of the first row.
        counts: Counts [events / month].
    """

    first: Month
    counts: Float[np.ndarray, "month origin"]


def until(case: Case, last: Month, observed: Figures | None = None) -> OriginCounts:
    """Counts by origin from the first month after which none is missing, up to one; the case may begin later.

    Args:
        case: The case, whose series of encounters is taken.
        last: The last month wanted.
        observed: The figures in force; the packaged ones if nothing.
    """
    given = observed or packaged_figures()
    begin = Month.parse(str(given.read(series_of(case).encounters)["month"].values[0])[:7])
    counts = cells.by_origin(Span(begin, last), case, given)
    gaps = np.flatnonzero(~np.isfinite(counts[:-1]).all(axis=1))  # of the last month itself the panel complains
    skipped = int(gaps[-1]) + 1 if gaps.size else 0
    return OriginCounts(begin + skipped, counts[skipped:])


def circular(case: Case) -> Sequence[bool]:
    """By origin, whether it migrates for seasonal work."""
    return [origin.kind == "circular" for origin in case.origins.values()]
