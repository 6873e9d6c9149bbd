"""Five rivals that any forecast of a monthly series must beat: they know nothing but the series' own past.

Each gives a normal on the log scale at every horizon, learned from the last ten years at most, and draws from it.
Ten years show every season ten times and let the spread follow the age; one length for all, so that none is favoured.
Draws at one horizon are a forecast of that month alone; across horizons they do not make a path.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from jaxtyping import Float
from scipy import stats
from statsforecast.models import AutoARIMA, AutoETS, AutoTheta

from palanca.core.errors import FitError, UsageError
from palanca.core.wording import nearest
from palanca.kernel.keys import normals

YEAR = 12
MOST_MONTHS = 10 * YEAR  # a search over seasonal ARIMA models takes seconds at this length, and grows with it
FEWEST_MONTHS = 3 * YEAR  # below three seasons the libraries stop to look for one
LEVEL = 80  # interval from which a library's standard deviation is read [percent]
PATHS = 4000  # paths behind the spread of Theta: its standard deviation is known to 1 %

Progress = Callable[[int, int], None]


class Normal(NamedTuple):
    """A normal by horizon on the log scale [log points]."""

    mean: Float[np.ndarray, " horizon"]
    sd: Float[np.ndarray, " horizon"]


Rule = Callable[[np.ndarray, tuple[int, ...]], Normal]


def persistence(logs: Float[np.ndarray, " month"], horizons: tuple[int, ...]) -> Normal:
    """The last value stays, and drifts off like a random walk.

    The spread is the root mean square of past one-month changes times the square root of the horizon. Past changes
    over the whole horizon are set aside as a spread: they overlap, so that ten years hold ten of them at a year ahead,
    and on the Border Patrol total their intervals of 80 % held 50 %. This is the stronger rival.

    Reference:
        The naive method of Hyndman and Athanasopoulos (2021), Forecasting: Principles and Practice, section 5.5.
    """
    step = np.sqrt(np.mean(np.diff(logs) ** 2))
    return Normal(np.full(len(horizons), logs[-1]), step * np.sqrt(np.array(horizons, dtype=float)))


def seasonal_persistence(logs: Float[np.ndarray, " month"], horizons: tuple[int, ...]) -> Normal:
    """The latest figure for the same month of the year comes again, without growth.

    The spread is the root mean square of past twelve-month changes times the square root of the years since that
    figure. Last year's changes added to the last value are set aside: on the Border Patrol total they err less than
    this up to three months ahead, though more than persistence, and far more beyond.

    Reference:
        The seasonal naive method of Hyndman and Athanasopoulos (2021), sections 5.2 and 5.5.
    """
    ahead = np.array(horizons)
    years = -(-ahead // YEAR)
    step = np.sqrt(np.mean((logs[YEAR:] - logs[:-YEAR]) ** 2))
    return Normal(logs[len(logs) - 1 + ahead - YEAR * years], step * np.sqrt(years))


def auto_arima(logs: Float[np.ndarray, " month"], horizons: tuple[int, ...]) -> Normal:
    """The seasonal ARIMA model with the least AICc, found step by step, with its own intervals.

    Reference:
        Hyndman and Khandakar (2008), Automatic time series forecasting; as in statsforecast.
    """
    return _from_interval(AutoARIMA(season_length=YEAR).fit(logs), horizons)


def auto_ets(logs: Float[np.ndarray, " month"], horizons: tuple[int, ...]) -> Normal:
    """The exponential smoothing with the least AICc among those that add on the log scale, with its own intervals.

    Components that multiply logs are left out: what they say would depend on whether people are counted in ones
    or in thousands.

    Reference:
        Hyndman and Khandakar (2008), Automatic time series forecasting; as in statsforecast.
    """
    return _from_interval(AutoETS(season_length=YEAR, model="AZZ").fit(logs), horizons)


def auto_theta(logs: Float[np.ndarray, " month"], horizons: tuple[int, ...]) -> Normal:
    """The Theta model with the least squared error, its spread from simulated paths.

    The season multiplies, which on logs of thousands is nearly adding: in statsforecast 2.1 a season that adds is
    left inside the residuals, and intervals come out up to three times too wide. The library's own intervals are
    set aside because they rest on the same 200 draws at every origin.

    Reference:
        Fiorucci et al. (2016), Models for optimising the theta method; as in statsforecast.
    """
    if logs.min() <= 0:  # the library would change to a season that adds, and say nothing
        raise ValueError(f"a smallest log of {logs.min():.2f}, where the season needs logs above zero")
    model = AutoTheta(season_length=YEAR, decomposition_type="multiplicative").fit(logs)
    furthest = max(horizons)
    at = np.array(horizons) - 1
    mean = np.asarray(model.predict(h=furthest)["mean"], dtype=float)
    paths = np.asarray(model.simulate(h=furthest, n_paths=PATHS), dtype=float)
    return Normal(mean[at], paths.std(axis=0)[at])


@dataclass(frozen=True)
class Baseline:
    """A rival: its name, what it says in one sentence, and its rule from past logs to normals."""

    name: str
    what: str
    rule: Rule

    def normal(self, history: Float[np.ndarray, " month"], horizons: Sequence[int], *, floor: float = 0.0) -> Normal:
        """What it forecasts, on the log of counts plus the floor.

        Args:
            history: Counts to the origin and no further, 36 months or more [people or events / month].
            horizons: Months ahead.
            floor: Added to counts before the log, so that months with nobody have one [likewise].

        Raises:
            UsageError: A horizon below one, a history too short, or a count that has no log.
            FitError: The library finds no model, or the history shows no spread.
        """
        ahead = _checked_horizons(horizons)
        logs = _logs(history, floor)
        try:
            found = self.rule(logs, ahead)
        except (ValueError, RuntimeError, ArithmeticError) as fault:  # what statsforecast and SciPy raise on a fit
            raise self._failure(len(history), str(fault)) from fault
        if not (np.isfinite(found.mean) & np.isfinite(found.sd) & (found.sd > 0)).all():
            raise self._failure(len(history), f"standard deviations {np.round(found.sd, 3).tolist()}")
        return found

    def forecast(
        self,
        history: Float[np.ndarray, " month"],
        horizons: Sequence[int],
        draws: int,
        key: int,
        *,
        floor: float = 0.0,
    ) -> Float[np.ndarray, "horizon draw"]:
        """Draws of what it forecasts; arguments and faults as for `normal`.

        Args:
            draws: How many.
            key: Equal keys give equal draws to the bit. All rivals share the noise of an origin and horizon, which
                depends neither on the other horizons nor on how many draws are taken.

        Returns:
            Counts [people or events / month], zero or more.
        """
        found = self.normal(history, horizons, floor=floor)
        return _sample(found, _noise(len(history), _checked_horizons(horizons), draws, key), floor)

    def _failure(self, months: int, found: str) -> FitError:
        return FitError(
            f"{self.name} could not be fitted",
            where=f"origin with {months} months of history",
            found=found,
            way_out="Leave this origin out of the comparison for every forecast, and say so.",
        )


BASELINES = (
    Baseline("persistence", "The last value stays.", persistence),
    Baseline("seasonal_persistence", "The same month of last year comes again.", seasonal_persistence),
    Baseline("auto_arima", "The best seasonal ARIMA model.", auto_arima),
    Baseline("auto_ets", "The best exponential smoothing.", auto_ets),
    Baseline("auto_theta", "The best Theta model.", auto_theta),
)
NAMES = tuple(baseline.name for baseline in BASELINES)


@dataclass(frozen=True)
class Failure:
    """An origin for which a rival has no forecast, and why; its draws are not a number, so no score takes them."""

    name: str
    start: int
    reason: FitError


@dataclass(frozen=True)
class Forecasts:
    """What the rivals forecast from many origins: draws by name, (origin, horizon, draw), and where one failed."""

    samples: dict[str, np.ndarray]
    failures: tuple[Failure, ...]


def get(name: str) -> Baseline:
    """The rival of that name.

    Raises:
        UsageError: There is none.
    """
    for baseline in BASELINES:
        if baseline.name == name:
            return baseline
    hint = nearest(name, NAMES)
    way_out = f"Did you mean {hint!r}?" if hint else ""
    raise UsageError("no such baseline", found=repr(name), expected=", ".join(NAMES), way_out=way_out)


def forecasts(
    series: Float[np.ndarray, " month"],
    starts: Sequence[int],
    horizons: Sequence[int],
    draws: int,
    key: int,
    *,
    names: Sequence[str] = NAMES,
    progress: Progress | None = None,
    floor: float = 0.0,
) -> Forecasts:
    """Forecasts from many origins, each from the series up to its origin and nothing later.

    Args:
        series: Counts month by month [people or events / month].
        starts: Place in the series of each origin: the last month that it may know.
        horizons: Months ahead.
        draws: How many for each origin and horizon.
        key: See `Baseline.forecast`; the draws of an origin equal those forecast from `series[: start + 1]` alone.
        names: Rivals wanted.
        progress: Called as `progress(done, total)` with numbers of fits.
        floor: Added to counts before the log [likewise].

    Returns:
        Draws by name, and the origins at which a rival could not be fitted. Nothing takes a failed rival's place.

    Raises:
        UsageError: An unknown name, an origin outside the series, a horizon below one, or a bad count before one.
    """
    rivals = [get(name) for name in names]
    ahead = _checked_horizons(horizons)
    samples = {rival.name: np.full((len(starts), len(ahead), draws), np.nan) for rival in rivals}
    failures = []
    for place, start in enumerate(starts):
        if not 0 <= start < len(series):
            raise UsageError(
                "an origin outside the series",
                where="starts",
                found=str(start),
                expected=f"0 to {len(series) - 1}",
                way_out="Start from a month that the series holds.",
            )
        history = series[: start + 1]
        noise = _noise(len(history), ahead, draws, key)
        for nth, rival in enumerate(rivals, 1):
            try:
                samples[rival.name][place] = _sample(rival.normal(history, ahead, floor=floor), noise, floor)
            except FitError as reason:
                failures.append(Failure(rival.name, start, reason))
            if progress is not None:
                progress(place * len(rivals) + nth, len(starts) * len(rivals))
    return Forecasts(samples, tuple(failures))


def _noise(months: int, horizons: tuple[int, ...], draws: int, key: int) -> Float[np.ndarray, "horizon draw"]:
    """Standard normals of one origin; the month ahead picks its own from a list, whichever others are wanted."""
    if draws < 1:
        raise UsageError("no draws to take", found=str(draws), way_out="Ask for one draw or more.")
    return normals(key, f"baseline/{months}", range(draws), (max(horizons),))[np.array(horizons) - 1]


def _sample(found: Normal, noise: Float[np.ndarray, "horizon draw"], floor: float) -> Float[np.ndarray, "horizon draw"]:
    return np.maximum(np.exp(found.mean[:, None] + found.sd[:, None] * noise) - floor, 0.0)


def _from_interval(model: AutoARIMA | AutoETS, horizons: tuple[int, ...]) -> Normal:
    """Mean and spread read off a fitted model, each horizon asked for by itself.

    In statsforecast 2.1 the width of a seasonal smoothing at one month depends on how many months are asked for; the
    last of them is right.
    """
    reach = 2.0 * float(stats.norm.ppf(0.5 + LEVEL / 200))
    mean, sd = [], []
    for ahead in horizons:
        found = model.predict(h=ahead, level=[LEVEL])
        last, low, high = (float(np.asarray(found[part])[-1]) for part in ("mean", f"lo-{LEVEL}", f"hi-{LEVEL}"))
        mean.append(last)
        sd.append((high - low) / reach)
    return Normal(np.array(mean), np.array(sd))


def _checked_horizons(horizons: Sequence[int]) -> tuple[int, ...]:
    ahead = tuple(int(h) for h in horizons)
    if not ahead or min(ahead) < 1:
        raise UsageError(
            "a forecast looks ahead",
            where="horizons",
            found=", ".join(map(str, ahead)) or "none",
            expected="months from 1 up",
            way_out="Ask for horizons such as 1, 3, 6 and 12.",
        )
    return ahead


def _logs(history: np.ndarray, floor: float) -> Float[np.ndarray, " month"]:
    """Logs of the last ten years at most, or the first month among them that has none."""
    counts = np.asarray(history, dtype=float)
    if counts.ndim != 1 or len(counts) < FEWEST_MONTHS:
        raise UsageError(
            "too little history to learn a spread from",
            found=f"an array of shape {counts.shape}",
            expected=f"{FEWEST_MONTHS} months or more",
            way_out="Start from a later origin.",
        )
    used = counts[-MOST_MONTHS:]
    bad = ~(np.isfinite(used) & (used >= 0) & (used + floor > 0))
    if bad.any():
        raise UsageError(
            "a month has no log",
            where=f"month {len(counts) - len(used) + int(bad.argmax())} of the series",
            found=str(used[bad.argmax()]),
            expected="a finite count, above zero with the floor",
            way_out="Fill the gap before asking, or give a floor such as 10.",
        )
    return np.log(used + floor)
