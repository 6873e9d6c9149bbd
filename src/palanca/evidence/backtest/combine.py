"""Forecasts blended or widened by rules that each start learns from outcomes already known by then."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from jaxtyping import Float

from palanca.core.clock import Month
from palanca.evidence.backtest import scores
from palanca.evidence.backtest.rivals import FLOOR

WEIGHTS = tuple(round(0.1 * i, 1) for i in range(11))  # of the first forecast against the second
FACTORS = (0.5, 0.6, 0.7, 0.8, 0.9, 1.0, 1.15, 1.3, 1.5, 1.75, 2.0)  # of the spread of logs
LEAST_OUTCOMES = 24  # known outcomes before anything is learned: two years of monthly starts

Sample = Float[np.ndarray, "start horizon draw"]


def averaged(first: Float[np.ndarray, "*case draw"], second: np.ndarray, weight: float) -> np.ndarray:
    """Average two forecasts quantile by quantile, on logs.

    A mixture of both forecasts' draws is set aside: it is wider than either wherever they disagree.

    Args:
        first: Draws [people or events].
        second: As many draws of the other [likewise].
        weight: Weight of the first [share].

    Returns:
        Draws in rising order; those of the first or second alone for a weight of 1 or 0.

    Reference:
        Lichtendahl, Grushka-Cockayne and Winkler (2013), Is it better to average probabilities or quantiles?
    """
    one, other = np.log(np.sort(first) + FLOOR), np.log(np.sort(second) + FLOOR)
    return np.maximum(np.exp(weight * one + (1.0 - weight) * other) - FLOOR, 0.0)


def widened(sample: Float[np.ndarray, "*case draw"], factor: float) -> np.ndarray:
    """Stretch a forecast's logs about their median.

    Args:
        sample: Draws [people or events].
        factor: What distances from the median are multiplied by.
    """
    logs = np.log(sample + FLOOR)
    middle = np.median(logs, axis=-1, keepdims=True)
    return np.maximum(np.exp(middle + factor * (logs - middle)) - FLOOR, 0.0)


def learned_average(
    first: Sample, second: Sample, seen: np.ndarray, starts: Sequence[Month], horizons: Sequence[int]
) -> tuple[Sample, Float[np.ndarray, "start horizon"]]:
    """Average two forecasts with the weight that would have been best so far; one half until enough is known.

    Returns:
        The blend, and the weight of the first by start and horizon.
    """
    return _learned(lambda weight: averaged(first, second, weight), (WEIGHTS, 0.5), seen, starts, horizons)


def learned_spread(
    sample: Sample, seen: np.ndarray, starts: Sequence[Month], horizons: Sequence[int]
) -> tuple[Sample, Float[np.ndarray, "start horizon"]]:
    """Widen a forecast by the factor that would have been best so far; by none until enough is known.

    Returns:
        The forecast widened, and the factor by start and horizon.
    """
    return _learned(lambda factor: widened(sample, factor), (FACTORS, 1.0), seen, starts, horizons)


def best_so_far(
    cost: Float[np.ndarray, "start horizon option"], starts: Sequence[Month], horizons: Sequence[int], default: int
) -> np.ndarray:
    """Which option had the least mean cost over outcomes known by each start, (start, horizon).

    Args:
        cost: Score of every option; NaN where there is no outcome.
        starts: Last known month of each forecast, in order.
        horizons: Months ahead.
        default: Option taken until `LEAST_OUTCOMES` are known.
    """
    found = np.full(cost.shape[:2], default)
    index = np.array([start.index for start in starts])
    for j, ahead in enumerate(horizons):
        there = np.isfinite(cost[:, j]).all(axis=1)
        for i, now in enumerate(index):
            known = there & (index + ahead <= now)
            if known.sum() >= LEAST_OUTCOMES:
                found[i, j] = int(cost[known, j].mean(axis=0).argmin())
    return found


def _learned(
    made: Callable[[float], np.ndarray],
    choice: tuple[tuple[float, ...], float],
    seen: np.ndarray,
    starts: Sequence[Month],
    horizons: Sequence[int],
) -> tuple[np.ndarray, np.ndarray]:
    options, default = choice
    every = np.stack([made(option) for option in options])
    cost = np.stack([by_case(scores.log_crps, one, seen) for one in every], axis=-1)
    taken = best_so_far(cost, starts, horizons, options.index(default))
    result = np.take_along_axis(every, taken[None, :, :, None], axis=0)[0]
    return result, np.array(options)[taken]


def by_case(score: Callable[..., np.ndarray], sample: np.ndarray, seen: np.ndarray, **more: float) -> np.ndarray:
    """A score where there is both a forecast and an outcome, NaN elsewhere, on the axes of the outcome."""
    there = np.isfinite(seen) & np.isfinite(sample).all(axis=-1)
    found = np.full(seen.shape, np.nan)
    if there.any():
        found[there] = score(sample[there], seen[there], **more)
    return found
