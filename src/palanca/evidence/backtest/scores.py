"""Proper scores of forecast samples against what was seen, one number per case.

A case is one thing forecast: an origin month, or an origin month at a horizon. Scores come back by case, so that the
caller can pair two forecasts of the same cases before taking a mean.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

import numpy as np
import scoringrules
from jaxtyping import Bool, Float

from palanca.core.errors import UsageError

# The score of M draws averaged over samples is that of the distribution they came from, whatever M is. Estimators
# that plug in the empirical distribution add about its spread over 2M, so a rival with more draws would look
# better for free (Ferro 2014; Zamo and Naveau 2018). `fair` is the same number at M² memory; a test holds them equal.
ESTIMATOR = "pwm"
# Rank k of M sorted draws stands for probability k / (M + 1): a thing drawn alike then falls below it exactly that
# often, for every M. Interpolating between extremes instead (NumPy's default) makes intervals of few draws too short.
QUANTILES: Final = "weibull"
ENGINE = "numpy"  # named, because the library changes engine with what else is installed, and with it the last bits


def crps(sample: Float[np.ndarray, "*case draw"], seen: Float[np.ndarray, "*case"]) -> Float[np.ndarray, "*case"]:
    """Continuous ranked probability score of counts, by case.

    Args:
        sample: Draws of each forecast [people or events], two or more.
        seen: What came [likewise].

    Returns:
        Score in the unit of the counts; lower is better. For a forecast without spread it is the absolute error.
        Being unbiased over draws, it can fall slightly below zero in a single case.

    Raises:
        UsageError: Shapes that do not match, no case, fewer than two draws, a number missing or negative.

    Reference:
        Matheson and Winkler (1976); E|X - y| - E|X - X'| / 2, estimated by probability-weighted moments.
    """
    draws, outcome = _checked(sample, seen)
    return _crps(draws, outcome)


def log_crps(
    sample: Float[np.ndarray, "*case draw"], seen: Float[np.ndarray, "*case"], floor: float = 10.0
) -> Float[np.ndarray, "*case"]:
    """Continuous ranked probability score of the log of counts, by case: near a score of relative errors.

    Args:
        sample: Draws of each forecast [people or events], two or more.
        seen: What came [likewise].
        floor: Added to every count before its log, so that months with nobody count and weigh little [likewise].

    Returns:
        Score [log points]; lower is better.

    Raises:
        UsageError: As for `crps`, or a floor that is not positive.

    Reference:
        Bosse et al. (2023), Scoring epidemiological forecasts on transformed scales.
    """
    if not floor > 0 or not math.isfinite(floor):
        raise UsageError(
            "the log of a count of zero has no end",
            where="floor",
            found=str(floor),
            expected="a number above 0",
            way_out="Give 10, the unit to which the main publisher rounds.",
        )
    draws, outcome = _checked(sample, seen)
    return _crps(np.log(draws + floor), np.log(outcome + floor))


def weighted_interval(
    sample: Float[np.ndarray, "*case draw"],
    seen: Float[np.ndarray, "*case"],
    levels: Sequence[float] = (0.5, 0.8, 0.9),
) -> Float[np.ndarray, "*case"]:
    """Weighted interval score of central intervals and the median, by case.

    Args:
        sample: Draws of each forecast [people or events].
        seen: What came [likewise].
        levels: Chance that each interval is meant to hold [share].

    Returns:
        Score in the unit of the counts; lower is better. For a forecast without spread it is the absolute error.

    Raises:
        UsageError: As for `crps`, a level outside 0 to 1 or given twice, or too few draws for the widest interval.

    Reference:
        Bracher et al. (2021), Evaluating epidemic forecasts in an interval format, equation 2: weight 1/2 for the
        median and (1 - level) / 2 for an interval, over the number of intervals plus 1/2.
    """
    draws, outcome = _checked(sample, seen)
    if not levels or len(set(levels)) < len(levels):
        raise UsageError(
            "an interval score needs levels, each once",
            where="levels",
            found=", ".join(map(str, levels)) or "none",
            way_out="Give levels such as 0.5, 0.8 and 0.9.",
        )
    # The library's own sum is set aside: in its release 0.10 the NumPy engine takes the median itself, not its error.
    total = 0.5 * np.abs(outcome - np.median(draws, axis=-1))
    for level in levels:
        low, high = _interval(draws, level)
        miss = 1.0 - level
        total = total + miss / 2.0 * scoringrules.interval_score(outcome, low, high, miss, backend=ENGINE)
    return total / (len(levels) + 0.5)


def covered(
    sample: Float[np.ndarray, "*case draw"], seen: Float[np.ndarray, "*case"], level: float
) -> Bool[np.ndarray, "*case"]:
    """Whether the central interval held what came, its ends included, by case.

    Args:
        sample: Draws of each forecast [people or events].
        seen: What came [likewise].
        level: Chance that the interval is meant to hold [share].

    Raises:
        UsageError: As for `crps`, a level outside 0 to 1, or too few draws for it.
    """
    draws, outcome = _checked(sample, seen)
    low, high = _interval(draws, level)
    return (low <= outcome) & (outcome <= high)


def _crps(draws: Float[np.ndarray, "*case draw"], seen: Float[np.ndarray, "*case"]) -> Float[np.ndarray, "*case"]:
    score = scoringrules.crps_ensemble(seen, draws, estimator=ESTIMATOR, backend=ENGINE)
    return np.asarray(score)


def _interval(
    draws: Float[np.ndarray, "*case draw"], level: float
) -> tuple[Float[np.ndarray, "*case"], Float[np.ndarray, "*case"]]:
    """Ends of the central interval that a further draw falls into with the chance `level`."""
    if not 0.0 < level < 1.0:
        raise UsageError(
            "an interval holds a share of the chance",
            where="level",
            found=str(level),
            expected="a number between 0 and 1",
            way_out="Write 80 percent as 0.8.",
        )
    fewest = math.ceil(2.0 / (1.0 - level) - 1.0 - 1e-9)  # the outermost draws are its ends; less is a guess
    if draws.shape[-1] < fewest:
        raise UsageError(
            f"too few draws for an interval of {level:.0%}",
            where="sample",
            found=f"{draws.shape[-1]} draws",
            expected=f"{fewest} or more",
            way_out="Ask for more draws, or for a narrower interval.",
        )
    low, high = np.quantile(draws, [(1.0 - level) / 2.0, (1.0 + level) / 2.0], axis=-1, method=QUANTILES)
    return low, high


def _checked(sample: np.ndarray, seen: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Both as floats, or the first thing that is wrong with them."""
    draws, outcome = np.asarray(sample, dtype=float), np.asarray(seen, dtype=float)
    if draws.ndim == 0 or draws.shape[:-1] != outcome.shape:
        raise UsageError(
            "a score needs one outcome for every case",
            where="seen",
            found=f"outcomes of shape {outcome.shape} beside draws of shape {draws.shape}",
            expected="the axes of the draws without the last",
            way_out="Put the draws last, and give the outcomes the axes that come before.",
        )
    if outcome.size == 0 or draws.shape[-1] < 2:
        raise UsageError(
            "nothing to score",
            where="sample",
            found=f"{outcome.size} cases of {draws.shape[-1]} draws",
            expected="one case or more, of two draws or more",
            way_out="Ask for origins whose outcomes are known, and for more draws.",
        )
    for name, values in (("sample", draws), ("seen", outcome)):
        _refuse_bad_counts(name, values)
    return draws, outcome


def _refuse_bad_counts(name: str, values: np.ndarray) -> None:
    bad = ~(np.isfinite(values) & (values >= 0))
    if bad.any():
        first = tuple(int(i) for i in np.argwhere(bad)[0])
        raise UsageError(
            "a count cannot be scored",
            where=f"{name}{list(first)}",
            found=f"{values[first]} (and {int(bad.sum()) - 1} more)",
            expected="a finite number from 0 up",
            way_out="Leave out the cases that were not seen or not forecast, and say how many there were.",
        )
