"""What people would use instead, forecast from the same starts: five baselines for the total, persistence for parts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import xarray as xr
from jaxtyping import Float

from palanca.core.clock import Month, Span
from palanca.core.errors import UsageError
from palanca.evidence.backtest import baselines, store
from palanca.evidence.backtest.run import DRAWS, HORIZONS, observed
from palanca.infer.history import PreparedCase
from palanca.kernel.keys import normals
from palanca.questions import kept
from palanca.questions.forecast import panel_figures
from palanca.questions.kept import Arrays
from palanca.spec.figures import series_of

FLOOR = 10.0  # added to counts before their logs, as in the scores [events / month]
LEAST = 12  # months of its own that a series must show before it is scored
FAILED = "failed"
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Past:
    """Published counts of one kind, as far back as they go.

    Args:
        first: Month of the first row.
        counts: Counts, (month, label) [events or people / month]; NaN where nothing was published.
    """

    first: Month
    counts: np.ndarray

    def until(self, start: Month) -> np.ndarray:
        """Months up to a start and none later, (month, label)."""
        return self.counts[: max(start - self.first + 1, 0)]


@dataclass(frozen=True)
class Rivals:
    """Forecasts to compare with.

    Args:
        total: By baseline, (start, horizon, draw); NaN where one could not be fitted.
        parts: Persistence by kind, (start, horizon, label, draw); NaN where the series is too short.
        failures: Baseline and start without a forecast, and why.
    """

    total: Arrays
    parts: Arrays
    failures: tuple[str, ...]


def pasts(setting: PreparedCase) -> dict[str, Past]:
    """Every kind's own figures, from the first month published to the last of the case.

    Groups, stops and the Darien are published from within the case's span only.
    """
    span = setting.case.span.span
    counts, _ = observed(setting)
    found = {kind: Past(span.first, part) for kind, part in counts.items()}
    origins, names = panel_figures.until(setting.case, span.last, setting.figures), series_of(setting.case)
    found["origins"] = Past(origins.first, origins.counts)
    found["total"] = _long(setting.figures.read(names.total), span)
    if names.sectors is not None:
        found["sectors"] = _long(setting.figures.read(names.sectors).sel(sector=list(setting.case.sectors)), span)
    return found


def run(
    past: dict[str, Past], starts: Sequence[Month], folder: Path, *, key: int = 1, progress: Progress | None = None
) -> Rivals:
    """Make every rival's forecasts; the fits of baselines are kept on disk and made once.

    Each sees its own series up to the start and nothing later.

    Args:
        past: From `pasts`.
        starts: Last known month of each forecast.
        folder: Where the baselines' forecasts are kept; other figures or code get files of their own.
        key: Same key, same bits.
        progress: Called as `progress(starts done, starts wanted)`.

    Raises:
        FitError: A file in the folder is corrupt.
        OutputError: The folder or the disk refuses.
    """
    here = folder / f"baselines-{store.baselines_fingerprint(past['total'].counts)}"
    found = []
    for i, start in enumerate(starts):
        found.append(kept.arrays(here / f"{start}-{key}.npz", partial(_baselines, past["total"], start, key)))
        if progress is not None:
            progress(i + 1, len(starts))
    failures = tuple(
        f"{start}: {text}" for start, one in zip(starts, found, strict=True) for text in one[FAILED].tolist() if text
    )
    return Rivals(
        total={name: np.stack([one[name] for one in found]) for name in baselines.NAMES},
        parts={
            kind: np.stack([persistence(part.until(start), f"{kind}/{start}", key) for start in starts])
            for kind, part in past.items()
            if kind != "total"
        },
        failures=failures,
    )


def persistence(
    history: Float[np.ndarray, "month label"], name: str, key: int, horizons: Sequence[int] = HORIZONS
) -> Float[np.ndarray, "horizon label draw"]:
    """The last value stays and drifts off, for every label by itself.

    Its spread rests on the label's own last ten years or, where figures are younger, on what there is: on a year of
    months or more without a gap up to the start. A younger series has no forecast, and is not scored yet.

    Args:
        history: Counts up to the start [events or people / month].
        name: Names the noise.
        key: Same key, same bits.
        horizons: Months ahead.
    """
    ahead = tuple(horizons)
    found = np.full((len(ahead), history.shape[1], DRAWS), np.nan)
    for label, counts in enumerate(history.T):
        gaps = np.flatnonzero(np.isnan(counts))
        used = counts[gaps[-1] + 1 if gaps.size else 0 :][-baselines.MOST_MONTHS :]
        if used.size >= LEAST:
            mean, sd = baselines.persistence(np.log(used + FLOOR), ahead)
            noise = normals(key, f"persistence/{name}/{label}", range(DRAWS), (len(ahead),))
            found[:, label] = np.maximum(np.exp(mean[:, None] + sd[:, None] * noise) - FLOOR, 0.0)
    return found


def _baselines(past: Past, start: Month, key: int) -> Arrays:
    history = past.until(start)[:, 0]
    if len(history) < baselines.FEWEST_MONTHS:
        raise UsageError(
            "too little history for the baselines",
            where=str(start),
            found=f"{len(history)} months",
            expected=f"{baselines.FEWEST_MONTHS} or more",
        )
    made = baselines.forecasts(history, [len(history) - 1], HORIZONS, DRAWS, key)
    failed = [f"{one.name}: {one.reason.found or one.reason.what}" for one in made.failures]
    return {name: part[0].astype(np.float32) for name, part in made.samples.items()} | {
        FAILED: np.array(failed or [""])
    }


def _long(table: xr.DataArray, span: Span) -> Past:
    """Every month of a series up to the last of the case, (month, label)."""
    first = Month.parse(str(table["month"].values[0])[:7])
    counts = np.asarray(table.values, dtype=float)[: span.last - first + 1]
    return Past(first, counts.reshape(len(counts), -1))
