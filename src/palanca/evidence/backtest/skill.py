"""From forecasts of past months to skill: every score, by horizon and regime, against what people would use instead."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from functools import partial
from itertools import pairwise

import numpy as np

from palanca.core.clock import Month
from palanca.core.errors import UsageError
from palanca.evidence.backtest import bootstrap, combine, regimes, scores, store
from palanca.evidence.backtest.combine import FACTORS, LEAST_OUTCOMES, WEIGHTS, by_case
from palanca.evidence.backtest.record import (
    HALF,
    MODEL,
    NOTHING,
    PARTS,
    PERSISTENCE,
    POOLED,
    SPREAD,
    WEIGHED,
    ForecastBand,
    Row,
    Skill,
)
from palanca.evidence.backtest.regimes import ALL, Regime
from palanca.evidence.backtest.rivals import FLOOR, LEAST, Rivals
from palanca.evidence.backtest.run import DRAWS, HORIZONS, Backtest
from palanca.spec.schema import Case

LEVELS = (0.5, 0.8, 0.9)
SHORTEST_BLOCK = 12  # months of starts drawn together, or twice the horizon if that is longer
FEWEST_STARTS = 10  # fewer have no interval: their spread would itself be a guess
RESAMPLES = 2000
FAN = (0.1, 0.5, 0.9)


@dataclass(frozen=True)
class Scored:
    """Scores of one forecast by case, each (start, horizon), NaN where it cannot be scored."""

    log_crps: np.ndarray
    crps: np.ndarray
    interval_score: np.ndarray
    held_50: np.ndarray
    held_80: np.ndarray
    held_90: np.ndarray


@dataclass(frozen=True)
class Compared:
    """One forecast beside another, by name.

    Args:
        of: See `Row`, as for the next three.
        label: Which of them.
        forecast: Whose.
        given: What was given.
        against: Name of the other.
        windows: Stretches of starts to score over.
    """

    of: str
    label: str
    forecast: str
    given: str
    against: str
    windows: tuple[Regime, ...]


def of(case: Case, found: Backtest, compared: Rivals, *, key: int = 1) -> Skill:
    """Score a backtest.

    Args:
        case: The case.
        found: The model's forecasts.
        compared: Forecasts to compare with, from the same starts.
        key: Of the resampling.
    """
    return Skill(
        case=case.case,
        first=str(found.starts[0]),
        last=str(found.starts[-1]),
        every=spacing(found.starts),
        rows=tuple(rows(found, compared, key=key)),
        fan=tuple(fan(found)),
        failures=compared.failures,
        settings=settings(case.case, key),
        made=store.fingerprints(case),
    )


def settings(case: str, key: int) -> dict[str, object]:
    """How skill is measured."""
    return {
        "horizons": list(HORIZONS),
        "draws": DRAWS,
        "key": key,
        "interval": f"90 %, {RESAMPLES} resamples of blocks of {SHORTEST_BLOCK} months or twice the horizon",
        "floor of logs": FLOOR,
        "parameters": "fitted to the months before the calendar year of the start, and held through it",
        "past weights": f"of {', '.join(map(str, WEIGHTS))}: best so far, .5 until {LEAST_OUTCOMES} outcomes are known",
        "past spread": f"of {', '.join(map(str, FACTORS))}: best so far, 1 until {LEAST_OUTCOMES} outcomes are known",
        "parts": f"a series is scored once it shows {LEAST} months without a gap, against persistence of its own",
        "by volume": "sum of scores times mean counts, over that of persistence",
        "candidates looked at": regimes.looked_at(case),
        "regimes": [
            {"name": one.name, "first": str(one.first), "last": str(one.last or "open"), "why": one.why}
            for one in regimes.of(case).every
        ],
    }


def rows(found: Backtest, rivals: Rivals, *, key: int = 1) -> list[Row]:
    """Every row: the total, the total given levers or practice, and parts against their own persistence.

    Args:
        found: The model's forecasts.
        rivals: Forecasts to compare with, from the same starts.
        key: Of the resampling.

    Raises:
        UsageError: Starts that are not in order or not evenly spaced: blocks of them would not be blocks of time.
    """
    every = spacing(found.starts)
    made = [*total(found, rivals, every, key), *conditional(found, rivals, every, key)]
    return made + [row for kind in PARTS if kind in found.samples for row in parts(found, rivals, kind, every, key)]


def spacing(starts: tuple[Month, ...]) -> int:
    """Months from one start to the next.

    Raises:
        UsageError: See `rows`.
    """
    steps = {later - earlier for earlier, later in pairwise(starts)}
    if len(steps) > 1 or min(steps, default=1) < 1:
        raise UsageError(
            "starts must be evenly spaced, in order of time",
            where="starts",
            found=", ".join(map(str, sorted(steps))) + " months apart",
            way_out="Give every month of a span, or every so many.",
        )
    return steps.pop() if steps else 1


def total(found: Backtest, rivals: Rivals, every: int, key: int) -> Iterator[Row]:
    """The total against persistence: model, baselines and blends, over all starts and by regime."""
    seen = found.seen["total"][:, :, 0]
    model, last = found.samples["total"][:, :, 0].astype(float), rivals.total[PERSISTENCE].astype(float)
    both = np.isfinite(last).all(axis=-1)
    blended, _ = combine.learned_average(model, last, np.where(both, seen, np.nan), found.starts, HORIZONS)
    samples = {MODEL: model} | rivals.total | {HALF: combine.averaged(model, last, 0.5), WEIGHED: blended}
    scored = {name: score(sample, seen) for name, sample in samples.items()}
    for name, one in scored.items():
        pair = Compared("total", "all", name, NOTHING, PERSISTENCE, found.windows.plain)
        yield from compare(pair, one, scored[PERSISTENCE], found.starts, every, key)


def conditional(found: Backtest, rivals: Rivals, every: int, key: int) -> Iterator[Row]:
    """The total when something of the months ahead is given, against persistence and against the model without.

    Conditional forecasts keep the spread of the unconditional one, though they know more. So both also come with a
    spread learned from past errors of the same kind of forecast.
    """
    seen = found.seen["total"][:, :, 0]
    scored: dict[tuple[str, str], Scored] = {}
    for name in (n for n in found.samples if n == "total" or n.startswith("total given ")):
        sample = found.samples[name][:, :, 0].astype(float)
        given = name.removeprefix("total").removeprefix(" given ") or NOTHING
        spread, _ = combine.learned_spread(sample, seen, found.starts, HORIZONS)
        scored |= {(MODEL, given): score(sample, seen), (SPREAD, given): score(spread, seen)}
    last = score(rivals.total[PERSISTENCE], seen)
    for (forecast, given), one in scored.items():
        pair = Compared("total", "all", forecast, given, PERSISTENCE, found.windows.conditional)
        yield from compare(pair, one, last, found.starts, every, key)
        if given != NOTHING:
            pair = replace(pair, against=f"{forecast}, given {NOTHING}")
            yield from compare(pair, one, scored[forecast, NOTHING], found.starts, every, key)


def parts(found: Backtest, rivals: Rivals, kind: str, every: int, key: int) -> Iterator[Row]:
    """Every label of a kind against its own persistence, and all of them weighed by volume.

    The pooled score of a start is the sum of scores times mean counts over the sum of mean counts, so that the
    pooled ratio is one sum over another. A start counts if every label can be scored.
    """
    seen = found.seen[kind]
    last = score(rivals.parts[kind], seen)
    volume = np.nanmean(seen.reshape(-1, seen.shape[-1]), axis=0)
    plain = score(found.samples[kind], seen)
    windows = (ALL, *found.windows.regimes)
    for i, label in enumerate(found.labels[kind]):
        pair = Compared(kind, label, MODEL, NOTHING, PERSISTENCE, (ALL,))
        yield from compare(pair, at(plain, i), at(last, i), found.starts, every, key)
    pooled = pool(plain, volume)
    for name, one in {MODEL: pooled, **_blended_parts(found, rivals.parts[kind], kind, volume)}.items():
        pair = Compared(kind, POOLED, name, NOTHING, PERSISTENCE, windows if name == MODEL else (ALL,))
        yield from compare(pair, one, pool(last, volume), found.starts, every, key)
    for name in (n for n in found.samples if n.startswith(f"{kind} given ")):
        one = pool(score(found.samples[name], seen), volume)
        pair = Compared(
            kind, POOLED, MODEL, name.removeprefix(f"{kind} given "), PERSISTENCE, found.windows.conditional
        )
        yield from compare(pair, one, pool(last, volume), found.starts, every, key)
        pair = replace(pair, against=f"{MODEL}, given {NOTHING}")
        yield from compare(pair, one, pooled, found.starts, every, key)


def _blended_parts(found: Backtest, last: np.ndarray, kind: str, volume: np.ndarray) -> dict[str, Scored]:
    """Pooled scores of a kind's averages with persistence; weights are learned label by label."""
    seen, model = found.seen[kind], found.samples[kind].astype(float)
    there = np.where(np.isfinite(last).all(axis=-1), seen, np.nan)
    learned = [
        combine.learned_average(model[:, :, i], last[:, :, i], there[:, :, i], found.starts, HORIZONS)[0]
        for i in range(seen.shape[-1])
    ]
    blends = {HALF: combine.averaged(model, last, 0.5), WEIGHED: np.stack(learned, axis=2)}
    return {name: pool(score(sample, seen), volume) for name, sample in blends.items()}


def score(sample: np.ndarray, seen: np.ndarray) -> Scored:
    """Every score by case; NaN where there is no forecast or no outcome."""
    draws = sample.astype(float)
    held = {f"held_{level * 100:.0f}": by_case(partial(scores.covered, level=level), draws, seen) for level in LEVELS}
    return Scored(
        log_crps=by_case(scores.log_crps, draws, seen),
        crps=by_case(scores.crps, draws, seen),
        interval_score=by_case(partial(scores.weighted_interval, levels=LEVELS), draws, seen),
        **held,
    )


def at(scored: Scored, label: int) -> Scored:
    """Scores of one label."""
    return Scored(*(getattr(scored, field.name)[:, :, label] for field in fields(Scored)))


def pool(scored: Scored, volume: np.ndarray) -> Scored:
    """Scores of all labels together, by volume; scores of counts are summed, for they have volume in them."""
    share = volume / volume.sum()
    counted = {"crps", "interval_score"}
    weights = {field.name: np.ones_like(share) if field.name in counted else share for field in fields(Scored)}
    return Scored(**{name: getattr(scored, name) @ weight for name, weight in weights.items()})


def compare(
    pair: Compared, one: Scored, other: Scored, starts: tuple[Month, ...], every: int, key: int
) -> Iterator[Row]:
    """Rows of one forecast beside another, window by window and horizon by horizon, on starts that both score."""
    both = np.isfinite(one.log_crps) & np.isfinite(other.log_crps)
    for window in pair.windows:
        for j, ahead in enumerate(HORIZONS):
            chosen = window.holds(starts, ahead) & both[:, j]
            if chosen.any():
                means = {field.name: float(getattr(one, field.name)[chosen, j].mean()) for field in fields(Scored)}
                block = -(-max(SHORTEST_BLOCK, 2 * ahead) // every)
                ratio, low, high = _ratio(one.log_crps[chosen, j], other.log_crps[chosen, j], block, key)
                yield Row(
                    pair.of, pair.label, pair.forecast, pair.given, window.name, ahead, int(chosen.sum()),
                    **means, against=pair.against, ratio=ratio, low=low, high=high,
                )  # fmt: skip


def fan(found: Backtest) -> list[ForecastBand]:
    """The model's forecasts of the total beside what came."""
    low, middle, high = np.quantile(found.samples["total"][:, :, 0], FAN, axis=-1, method=scores.QUANTILES)
    seen, known = found.seen["total"][:, :, 0], found.known["total"][:, 0]
    return [
        ForecastBand(
            str(start), ahead, float(low[i, j]), float(middle[i, j]), float(high[i, j]),
            None if math.isnan(seen[i, j]) else float(seen[i, j]), float(known[i]),
        )
        for i, start in enumerate(found.starts)
        for j, ahead in enumerate(HORIZONS)
    ]  # fmt: skip


def _ratio(one: np.ndarray, other: np.ndarray, block: int, key: int) -> tuple[float | None, float | None, float | None]:
    """Ratio with its interval, or alone where starts are too few for blocks."""
    if other.mean() <= 0.0:
        return None, None, None
    value = float(one.mean() / other.mean())
    if one.size < max(2 * block, FEWEST_STARTS):
        return value, None, None
    try:
        found = bootstrap.ratio(one, other, block=block, resamples=RESAMPLES, key=key)
    except UsageError:  # some block of months with nobody scores zero: a ratio has no interval there
        return value, None, None
    return found.value, found.low, found.high
