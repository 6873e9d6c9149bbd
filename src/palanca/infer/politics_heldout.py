"""Whether attention forecasts polls it has not seen, against the last poll and against a constant."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import scoringrules

from palanca.core.clock import Month, Span
from palanca.infer.politics_attention import Polls, ahead
from palanca.kernel.keys import stream

LAST_KNOWN = Month(2022 * 12 + 11)  # December 2022
SCORED = Span(Month(2024 * 12), Month(2024 * 12 + 7))  # January to August 2024
FAR, NEXT = "from the end of 2022", "from month to month"


@dataclass(frozen=True)
class HeldoutScore:
    """How one way to forecast did on polls held out.

    Args:
        forecast: `attention`, `last poll` or `constant`.
        how: What was known: polls to the end of 2022 alone, or every poll before the one forecast. Constants are of
            the end of 2022 in both, and arrivals before each month are known in both.
        polls: Polls scored.
        rmse: Root mean square error of log percent.
        crps: Mean continuous ranked probability score of log percent; lower is better.
        inside: Share of polls inside the central 90 % interval.
    """

    forecast: str
    how: str
    polls: int
    rmse: float
    crps: float
    inside: float


def scores(given: Polls, constants: Mapping[str, np.ndarray], key: int) -> tuple[HeldoutScore, ...]:
    """Score attention and its rivals on the polls of `SCORED`.

    Args:
        given: All polls and arrivals.
        constants: Draws fitted to the polls up to `LAST_KNOWN`, each (draw).
        key: Of the noise of forecasts.
    """
    month = given.first.index + given.asked
    known = np.flatnonzero(month <= LAST_KNOWN.index)
    wanted = np.flatnonzero((month >= SCORED.first.index) & (month <= SCORED.last.index))
    far = ahead(given, known, wanted, constants)
    each = [ahead(given, np.arange(place), np.array([place]), constants) for place in wanted]
    near = (np.concatenate([one[0] for one in each]), np.concatenate([one[1] for one in each]))
    return (
        _score("attention", FAR, given, wanted, far, key),
        *_rivals(FAR, given, wanted, np.full(len(wanted), known[-1]), known, key),
        _score("attention", NEXT, given, wanted, near, key),
        *_rivals(NEXT, given, wanted, wanted - 1, known, key),
    )


def _rivals(
    how: str, given: Polls, wanted: np.ndarray, last: np.ndarray, known: np.ndarray, key: int
) -> tuple[HeldoutScore, HeldoutScore]:
    """The last poll, give or take what polls so far apart have differed by; and the mean poll, give or take."""
    past = given.log_percent[known]
    apart = given.asked[wanted] - given.asked[last]
    step = np.array([_usual_change(past, given.asked[known], int(months)) for months in apart])
    kept = given.log_percent[last]
    mean, spread = np.full(len(wanted), past.mean()), np.full(len(wanted), past.std(ddof=1))
    return (
        _score("last poll", how, given, wanted, (kept[:, None], step[:, None]), key),
        _score("constant", how, given, wanted, (mean[:, None], spread[:, None]), key),
    )


def _usual_change(past: np.ndarray, asked: np.ndarray, months: int) -> float:
    """Root mean square change of log percent between known polls so many months apart."""
    one, other = np.nonzero(asked[None, :] - asked[:, None] == months)
    return float(np.sqrt(np.mean((past[other] - past[one]) ** 2)))


def _score(
    forecast: str, how: str, given: Polls, wanted: np.ndarray, normal: tuple[np.ndarray, np.ndarray], key: int
) -> HeldoutScore:
    """Score a mixture of normals, (poll, draw), by 4,000 draws from it."""
    truth = given.log_percent[wanted]
    mean, spread = normal
    source = stream(key, "politics", "held out", forecast, how)
    chosen = source.integers(0, mean.shape[1], 4000)
    paths = mean[:, chosen] + spread[:, chosen] * source.standard_normal((len(truth), 4000))
    low, high = np.quantile(paths, [0.05, 0.95], axis=1)
    return HeldoutScore(
        forecast=forecast,
        how=how,
        polls=len(truth),
        rmse=float(np.sqrt(np.mean((mean.mean(axis=1) - truth) ** 2))),
        crps=float(np.mean(scoringrules.crps_ensemble(truth, paths))),
        inside=float(np.mean((truth >= low) & (truth <= high))),
    )
