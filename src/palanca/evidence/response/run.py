"""Makes forecasts that are told the levers of the months ahead, from one fit and from one for every January."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache, partial
from pathlib import Path

import numpy as np

from palanca.core import digest
from palanca.core.clock import Month
from palanca.evidence.backtest import baselines, rivals, run, scores
from palanca.evidence.backtest.given import LEVERS
from palanca.evidence.backtest.rivals import Past
from palanca.evidence.backtest.run import CONDITIONAL, DRAWS
from palanca.evidence.backtest.store import baselines_fingerprint
from palanca.evidence.response import asked, store
from palanca.evidence.response.asked import FITTED_TO, YEAR
from palanca.evidence.response.record import (
    ARIMA,
    HOLDOUT,
    NOTHING,
    PERSISTENCE,
    POOLED,
    WHOLE,
    YEARS,
    ConditionalBand,
    ConditionalScore,
    ConditionalSkill,
)
from palanca.infer import fit as fitting
from palanca.infer import history, search
from palanca.infer.fit import Fit
from palanca.infer.history import PreparedCase
from palanca.infer.search import Compiled, PosteriorMode
from palanca.infer.store import marks
from palanca.questions import kept
from palanca.questions.kept import Arrays
from palanca.questions.options import Progress

LEADING = 5  # origins that tables and sentences name
MOST_STEPS = 1500  # the hold-out's search begins at the priors, not where a fit to fewer months ended
GAIN = 1e-10
LEVEL = 0.8
BAND = (0.1, 0.5, 0.9)
Labels = Mapping[str, tuple[str, ...]]
Density = tuple[Compiled, np.ndarray]


@dataclass(frozen=True, eq=False)
class StartForecasts:
    """Forecasts from one start, of every kind, and what came.

    Args:
        start: Last known month.
        samples: By `of` and what was told or whose it is, (month, label, draw).
        seen: By `of`, (month, label); no month that the figures lack.
        volume: By `of`, mean counts in the year to the start, (label).
    """

    start: Month
    samples: dict[tuple[str, str], np.ndarray]
    seen: Arrays
    volume: Arrays


def make(
    setting: PreparedCase,
    folder: Path,
    *,
    fitted_to: Month = FITTED_TO,
    only: str | None = None,
    key: int = 1,
    progress: Progress | None = None,
) -> ConditionalSkill:
    """Fit and forecast what is not on disk yet, and score all.

    Args:
        setting: From `history.prepare`.
        folder: Where fits and forecasts are kept, that of a backtest: it shares the fits for every January.
        fitted_to: Last month known to the hold-out's fit.
        only: `holdout` or `years` alone.
        key: Same key, same bits.
        progress: Called as `progress(done, jobs)`.

    Raises:
        UsageError: No month after `fitted_to` can be scored.
        FitError: A file in the folder is corrupt, or a fit does not end.
    """
    asked.check(setting.case, fitted_to)
    wanted = [(HOLDOUT, fitted_to)] * (only != YEARS)
    wanted += [(YEARS, month) for month in asked.januaries(setting.case)] * (only != HOLDOUT)
    jobs, found = 2 * len(wanted), []
    ends = [month + (-1) for exercise, month in wanted if exercise == YEARS]
    count = 0

    def tell(*_: object) -> None:
        nonlocal count
        count += 1
        if progress is not None:
            progress(min(count, jobs), jobs)

    modes = iter(run.parameters(setting, ends, folder, tell))
    past = rivals.pasts(setting)
    here = folder / run.fingerprint(setting)
    for exercise, start in wanted:
        free = _spread(setting, start, folder, key) if exercise == HOLDOUT else next(modes)[:, None]
        last = setting.case.span.last
        ahead = range(1, (last - start if exercise == HOLDOUT else min(YEAR, last - start)) + 1)
        made = kept.arrays(
            here / f"{exercise}-{start}-{key}.npz", partial(run.forecast_from, setting, start, free, ahead, key)
        )
        found.append((exercise, _beside(setting, start, made, past, folder / store.BASELINES, key)))
        tell()
    _, labels = run.observed(setting)
    return ConditionalSkill(
        case=setting.case.case,
        fitted_to=str(fitted_to),
        leading=tuple(_leading(setting, fitted_to)),
        scores=tuple(_scores(labels, found)),
        bands=tuple(band for exercise, one in found for band in bands(labels, exercise, one)),
        settings=settings(key),
        made=store.fingerprints(setting.case),
    )


def settings(key: int) -> dict[str, object]:
    """How it is made."""
    return {
        "draws": DRAWS,
        "key": key,
        "holdout": "parameters scatter by the curvature at the maximum of the months up to the start",
        "years": "parameters at the maximum of the months before the calendar year of each start",
        "interval": f"{LEVEL:.0%}",
        "floor of logs": rivals.FLOOR,
        "by volume": "mean counts in the year to the start",
    }


def _spread(setting: PreparedCase, last: Month, folder: Path, key: int) -> np.ndarray:
    """Free numbers that scatter about the maximum from the months up to one, (length, draw)."""
    here = folder / digest.of_record(asdict(marks(setting.case, setting.figures)))
    ready = lru_cache(maxsize=1)(partial(_density, setting, last))  # compiled once for the search and for the curvature
    found = kept.arrays(here / f"holdout-{last}.npz", partial(_fitted, ready))
    (value, slope, steps), mode = found["summary"], found["mode"]
    bend = kept.arrays(here / f"holdout-{last}-curvature.npz", partial(_bend, ready, mode))
    summit = PosteriorMode(mode, float(value), float(slope), int(steps))
    factor, spread = bend["factor"].astype(float), bend["spread"]
    return Fit(setting.evidence.layout, mode, factor, spread, summit).draws(key, range(DRAWS))


def _fitted(density: Callable[[], Density]) -> Arrays:
    ready, scored = density()
    found = search.maximise(ready, scored, most_steps=MOST_STEPS, gain=GAIN)
    return {"mode": found.mode, "summary": np.array([found.value, found.gradient, found.steps])}


def _bend(density: Callable[[], Density], mode: np.ndarray) -> Arrays:
    ready, scored = density()
    factor, spread = fitting.curvature(ready, mode[None], scored)
    return {"factor": factor.astype(np.float32), "spread": spread}


def _density(setting: PreparedCase, last: Month) -> Density:
    """The density of what was known at a month, and which months count."""
    evidence = history.as_known(setting, last).evidence
    return search.compiled(evidence), evidence.until(last - evidence.first)


def _beside(
    setting: PreparedCase, start: Month, made: Arrays, past: dict[str, Past], folder: Path, key: int
) -> StartForecasts:
    """Forecasts of one start beside baselines from the same start and what came."""
    counts, _ = run.observed(setting)
    place, ahead = setting.case.span.span.position(start), range(1, len(made["total"]) + 1)
    samples: dict[tuple[str, str], np.ndarray] = {}
    for name, part in made.items():
        of, _, told = name.partition(" given ")
        if of in CONDITIONAL:
            samples[of, told or NOTHING] = part.astype(float)
    total = past["total"].until(start)[:, 0]
    mark = baselines_fingerprint(total)
    named = kept.arrays(folder / f"{mark}-{start}-{max(ahead)}-{key}.npz", partial(_baselines, total, ahead, key))
    samples |= {("total", name): part[:, None] for name, part in named.items()}
    for of in CONDITIONAL[1:]:
        samples[of, PERSISTENCE] = rivals.persistence(past[of].until(start), f"{of}/{start}", key, ahead)
    return StartForecasts(
        start,
        samples,
        {of: counts[of][place + 1 : place + 1 + len(ahead)] for of in CONDITIONAL},
        {of: counts[of][place + 1 - YEAR : place + 1].mean(axis=0) for of in CONDITIONAL},
    )


def _baselines(counts: np.ndarray, ahead: Sequence[int], key: int) -> Arrays:
    names = (PERSISTENCE, ARIMA)
    found = baselines.forecasts(counts, [len(counts) - 1], ahead, DRAWS, key, names=names)
    return {name: part[0].astype(np.float32) for name, part in found.samples.items()}


def _leading(setting: PreparedCase, start: Month) -> list[str]:
    """Origins with most encounters in the year to a month."""
    place = setting.case.span.span.position(start)
    counts = np.asarray(setting.inputs.figures.encounters)[place + 1 - YEAR : place + 1].sum(axis=0)
    codes = list(setting.case.origins)
    return [codes[i] for i in np.argsort(-counts)[:LEADING]]


def _scores(labels: Labels, found: Sequence[tuple[str, StartForecasts]]) -> Iterator[ConditionalScore]:
    """Scores of every start, then of all Januaries together."""
    for exercise, one in found:
        yield from scored(exercise, str(one.start), [one], labels)
    years = [one for exercise, one in found if exercise == YEARS]
    if years:
        yield from scored(YEARS, WHOLE, years, labels)


def scored(exercise: str, start: str, made: Sequence[StartForecasts], labels: Labels) -> Iterator[ConditionalScore]:
    """Scores over the months of some starts together, label by label and of all labels by volume.

    A label is scored in months for which the figures and the last count carried on have a number.

    Args:
        exercise: `holdout` or `years`.
        start: What these starts are called.
        made: Forecasts from each.
        labels: Labels by `of`.
    """
    for of, told in made[0].samples:
        ours, last, inside = (
            np.concatenate([_by_month(one, of, told, measure, against) for one in made])
            for measure, against in ((scores.log_crps, told), (scores.log_crps, PERSISTENCE), (_inside, told))
        )
        weights = np.concatenate([np.broadcast_to(one.volume[of], one.seen[of].shape) for one in made])
        both = np.isfinite(ours) & np.isfinite(last)
        columns: list[tuple[str, np.ndarray]] = [
            (label, both & (np.arange(len(labels[of])) == i)[None]) for i, label in enumerate(labels[of])
        ]
        if len(labels[of]) > 1:
            columns.append((POOLED, both & both.all(axis=1, keepdims=True)))
        for label, where in columns:
            if not where.any():
                continue
            weight = weights * where
            weight = weight / np.where(where.any(axis=1), weight.sum(axis=1), 1.0)[:, None]  # a month counts once
            mean: Callable[[np.ndarray], float] = partial(_mean, weight=weight)
            months = int(where.any(axis=1).sum())
            yield ConditionalScore(
                exercise, start, of, label, told, months, months * mean(inside), mean(ours), mean(ours) / mean(last)
            )


def _mean(values: np.ndarray, weight: np.ndarray) -> float:
    return float(np.sum(np.where(weight > 0.0, values, 0.0) * weight) / weight.sum())


def _by_month(one: StartForecasts, of: str, told: str, measure: Callable[..., np.ndarray], against: str) -> np.ndarray:
    """A measure of a forecast, (month, label); none where a number is missing."""
    sample, seen = one.samples[of, against], one.seen[of]
    there = np.isfinite(seen) & np.isfinite(sample).all(axis=-1) & np.isfinite(one.samples[of, told]).all(axis=-1)
    found = np.full(seen.shape, np.nan)
    if there.any():
        found[there] = measure(sample[there], seen[there])
    return found


def _inside(sample: np.ndarray, seen: np.ndarray) -> np.ndarray:
    return scores.covered(sample, seen, LEVEL).astype(float)


def bands(labels: Labels, exercise: str, one: StartForecasts) -> Iterator[ConditionalBand]:
    """Forecasts of the total, whatever they were told, and those of parts that were told the levers, month by month.

    Args:
        labels: Labels by `of`.
        exercise: `holdout` or `years`.
        one: Forecasts from one start.
    """
    for (of, told), sample in one.samples.items():
        if of != "total" and (exercise != HOLDOUT or told not in (NOTHING, LEVERS)):
            continue
        ends = np.quantile(sample, BAND, axis=-1, method=scores.QUANTILES)
        for h, i in np.ndindex(one.seen[of].shape):
            if np.isfinite(one.seen[of][h, i]) and np.isfinite(ends[:, h, i]).all():
                low, middle, high = map(float, ends[:, h, i])
                yield ConditionalBand(
                    exercise, str(one.start), of, labels[of][i], told, str(one.start + (h + 1)), low, middle, high,
                    float(one.seen[of][h, i]),
                )  # fmt: skip
