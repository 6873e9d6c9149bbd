"""What governments faced by published encounters alone: a plain stand-in for contexts drawn from a fitted corridor."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from jaxtyping import Float

from palanca.core.clock import Month
from palanca.core.errors import UsageError

QUARTER, YEARS = 3, 5


def against_usual(quarters: tuple[Month, ...], encounters: Mapping[Month, float]) -> Float[np.ndarray, " quarter"]:
    """Log of the mean encounters of the quarter before, over that of the five years before it.

    Raises:
        UsageError: A month is missing.
    """
    usual = [_mean(encounters, quarter + -(QUARTER + 12 * YEARS), 12 * YEARS) for quarter in quarters]
    return np.log([_mean(encounters, quarter + -QUARTER, QUARTER) for quarter in quarters]) - np.log(usual)


def _mean(encounters: Mapping[Month, float], first: Month, months: int) -> float:
    wanted = [first + i for i in range(months)]
    missing = [month for month in wanted if not np.isfinite(encounters.get(month, np.nan))]
    if missing:
        raise UsageError(
            "encounters are missing for a month that a forecast starts from",
            found=f"no figure for {missing[0]}",
            expected=f"every month from {wanted[0]} to {wanted[-1]}",
        )
    return float(np.mean([encounters[month] for month in wanted]))
