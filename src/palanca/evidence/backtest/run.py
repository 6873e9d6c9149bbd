"""Forecasts made as if at each past month, from what was known then, kept on disk until all are there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np

from palanca.core import digest
from palanca.core.clock import Month
from palanca.core.errors import UsageError
from palanca.evidence.backtest import given, regimes, store
from palanca.evidence.backtest.given import GIVEN
from palanca.evidence.backtest.regimes import Windows
from palanca.infer import history, search
from palanca.infer.history import PreparedCase
from palanca.infer.objective import FitEvidence
from palanca.infer.search import Compiled
from palanca.infer.store import marks
from palanca.model.outcomes import MonthlyOutcomes
from palanca.questions.forecast import horizon, misfits, worlds
from palanca.questions.forecast import project as forecast
from palanca.questions.forecast import reaction_rule as habits
from palanca.questions.forecast.project import arrivals_now
from palanca.questions.forecast.span import ForecastSpan
from palanca.questions.kept import arrays

HORIZONS = (1, 3, 6, 12)
DRAWS = 400
GAIN = 1e-8
MOST_STEPS = 400
SHOWN = ("total", "origins", "groups", "sectors", "stops", "darien")
CONDITIONAL = ("total", "origins", "groups")  # told what of the months ahead, too
Progress = Callable[[str, int, int], None]
Arrays = dict[str, np.ndarray]


@dataclass(frozen=True, eq=False)
class Backtest:
    """Forecasts from every start.

    Args:
        starts: Last known month of each forecast.
        samples: Forecasts by what they are of, each (start, horizon, label, draw), NaN beyond the figures. Names are
            those of `SHOWN`, and for those of `CONDITIONAL` and each of `GIVEN` names like `total given levers`.
        seen: What the figures showed, by the first word of those names, (start, horizon, label).
        known: The same in the last known month, (start, label).
        labels: Labels by the first word.
        windows: Stretches of starts over which they are scored.
    """

    starts: tuple[Month, ...]
    samples: Arrays
    seen: Arrays
    known: Arrays
    labels: dict[str, tuple[str, ...]]
    windows: Windows


def run(
    setting: PreparedCase, wanted: Sequence[Month], folder: Path, *, key: int = 1, progress: Progress | None = None
) -> Backtest:
    """Make every forecast that is not on disk yet.

    Parameters are fitted again for every calendar year, from the months before it alone, and held through it.
    An interruption loses at most the fit or the forecast under way.

    Args:
        setting: From `history.prepare`.
        wanted: Last known month of each forecast.
        folder: Where fits and forecasts are kept; another case, other figures or other code get files of their own.
        key: Same key, same bits.
        progress: Called as `progress(what, done, wanted)`.

    Raises:
        UsageError: There is no month to start from.
        FitError: A file in the folder is corrupt.
    """
    if not wanted:
        raise UsageError("no month to forecast from", where="--from", expected="a month or more")
    known_by = sorted({month.year for month in wanted})
    ends = [Month.parse(f"{year}-01") + -1 for year in known_by]
    modes = dict(zip(known_by, parameters(setting, ends, folder, progress), strict=True))
    mark = fingerprint(setting)
    found = []
    for i, start in enumerate(wanted):
        path = folder / mark / f"forecast-{start}-{key}.npz"
        mode = modes[start.year]
        found.append(arrays(path, partial(forecast_from, setting, start, mode[:, None], HORIZONS, key)))
        if progress is not None:
            progress("forecasts", i + 1, len(wanted))
    seen, labels = observed(setting)
    places = [setting.case.span.span.position(start) for start in wanted]
    return Backtest(
        starts=tuple(wanted),
        samples={name: np.stack([one[name] for one in found]) for name in found[0]},
        seen={name: _later(counts, places) for name, counts in seen.items()},
        known={name: counts[places] for name, counts in seen.items()},
        labels=labels,
        windows=regimes.of(setting.case.case),
    )


def observed(setting: PreparedCase) -> tuple[Arrays, dict[str, tuple[str, ...]]]:
    """Published counts by what is forecast, (month, label), and their labels."""
    origins = tuple(setting.case.origins)
    counts = np.asarray(setting.inputs.figures.encounters)
    found = {"total": counts.sum(axis=1, keepdims=True), "origins": counts}
    labels = {"total": ("all",), "origins": origins}
    for target in setting.evidence.targets:
        if target.kind in ("groups", "sectors", "stops", "darien"):
            found[target.kind], labels[target.kind] = target.counts, target.labels
    return found, labels


def parameters(
    setting: PreparedCase, ends: Sequence[Month], folder: Path, progress: Progress | None = None
) -> list[np.ndarray]:
    """Free numbers at the maximum from the months up to each end alone, as they were known then; kept on disk.

    Args:
        setting: From `history.prepare`.
        ends: Last months that fits may use, in order: each search starts where the one before ended.
        folder: Where fits are kept.
        progress: Called as `progress("parameters", done, wanted)`.
    """
    ready = search.compiled_once(setting.evidence)
    here = folder / digest.of_record(asdict(marks(setting.case, setting.figures)))
    modes: list[np.ndarray] = []
    for i, last in enumerate(ends):
        before = modes[-1] if modes else None
        modes.append(arrays(here / f"parameters-{last}.npz", partial(_fitted, setting, ready, last, before))["mode"])
        if progress is not None:
            progress("parameters", i + 1, len(ends))
    return modes


def fingerprint(setting: PreparedCase) -> str:
    """Stands for all that a forecast rests on: case, figures, model, and the code that forecasts with a fit."""
    return digest.of_record(asdict(marks(setting.case, setting.figures)) | {"ahead": store.ahead_fingerprint()})


def _fitted(
    setting: PreparedCase, ready: Callable[[FitEvidence], Compiled], last: Month, before: np.ndarray | None
) -> Arrays:
    evidence = history.as_known(setting, last).evidence
    scored = evidence.until(last - evidence.first)
    found = search.maximise(ready(evidence), scored, start=before, most_steps=MOST_STEPS, gain=GAIN)
    return {"mode": found.mode, "summary": np.array([found.value, found.gradient, found.steps])}


def forecast_from(setting: PreparedCase, start: Month, free: np.ndarray, ahead: Sequence[int], key: int) -> Arrays:
    """One start: levers as they are, and with each of `GIVEN` told of the months ahead.

    What was not known at the start is in the conditional forecasts alone, whose months ahead are those of all figures.

    Args:
        setting: From `history.prepare`.
        start: Last known month.
        free: Free numbers, (length, draw), of as many draws as are taken or of one.
        ahead: Months ahead that are kept.
        key: Same key, same bits.

    Returns:
        By what they are of, as in `Backtest.samples`, each (months ahead, label, draw).
    """
    ask = ForecastSpan(start, max(ahead), draws=DRAWS, key=key)
    last = ask.check(setting.case)
    setting, later = history.as_known(setting, start), setting.inputs
    inputs, layout = setting.inputs, setting.evidence.layout
    values = layout.constrain(jnp.asarray(free))
    known, gaps = forecast.learned(setting, layout, free.mean(axis=1), last)
    away = misfits.factors(gaps, ask.months, ask.draws, key)
    size = (ask.months, ask.draws)
    arrivals, moved = jnp.asarray(arrivals_now(setting, ask)), forecast.moves(known, size, key)
    base = horizon.persisting(inputs, last, ask.months)
    at, drawn, seen = worlds.expected(inputs, base, arrivals, moved, values, jnp.asarray(last))
    kept = _picked(setting, seen, away, ahead)
    for what in GIVEN:
        other = given.path(base, what, setting.case, later, last)
        shown = _picked(setting, worlds.altered(inputs, at, other, drawn, habits.none(), values), away, ahead)
        kept |= {f"{name} given {what}": part for name, part in shown.items() if name in CONDITIONAL}
    return kept


def _picked(setting: PreparedCase, seen: MonthlyOutcomes, away: Arrays, ahead: Sequence[int]) -> Arrays:
    """Horizons scored of what is forecast, as published, (horizon, label, draw), in single precision."""
    months = jnp.array(ahead) - 1
    encounters = seen.encounters.sum(axis=2)
    found = {"total": encounters.sum(axis=1, keepdims=True), "origins": encounters}
    found |= {t.kind: t.shown(seen) * away[t.kind] for t in setting.evidence.targets if t.kind in SHOWN}
    return {name: np.asarray(part[months], dtype=np.float32) for name, part in jax.device_get(found).items()}


def _later(counts: np.ndarray, places: Sequence[int]) -> np.ndarray:
    """Counts at each horizon after each place, NaN beyond the figures, (start, horizon, label)."""
    longer = np.concatenate([counts, np.full((max(HORIZONS), counts.shape[1]), np.nan)])
    return np.stack([longer[[place + h for h in HORIZONS]] for place in places])
