"""The same change taken apart without the corridor: season and momentum by the panel, the rest by nationality.

What the panel of past figures did not expect is split in two: the surprise of the transit country's own nationals,
whom it does not stop, counts as shared by all; what others fell beyond that set them apart. The second part holds
Mexico's effort, and also all else that touches foreigners alone. How large it is when no episode moves levers is seen
from all other months: that gives its interval.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from palanca.core.clock import Month, Span
from palanca.core.errors import UsageError
from palanca.infer.history import PreparedCase
from palanca.kernel.keys import stream
from palanca.questions.forecast import panel, panel_figures, panel_past, panel_season
from palanca.questions.forecast.panel_rules import RULES

PARTS = {
    "season": "Season, and days of the month",
    "momentum": "Momentum of the month before",
    "level": "Pull towards the level",
    "shared": "Surprise of Mexicans, taken as shared",
    "apart": "What set others apart from Mexicans: effort, other levers, surprises of their own",
}
LEVELS = (0.05, 0.95)
RESAMPLES = 400
YEAR = 12
PLACEBO_FROM = Month.parse("2014-01")
NEVER = 1e12  # variance by which a step drops out of the season


@dataclass(frozen=True, eq=False)
class Differences:
    """A change taken apart by differences.

    Args:
        month: The month, compared with the one before.
        parts: Share of each part of `PARTS` [log points]; they sum to `seen`.
        low: Lower end of each 90 % interval; NaN where the method has none.
        high: Upper end.
        seen: Log change of all encounters.
        placebo: The part that set others apart in the months without an episode, (month) [log points].
        rarer: Share of those months in which it was as far from zero.
        same_month: Log change of others than Mexicans into the same calendar month of earlier years, by year.
    """

    month: Month
    parts: dict[str, float]
    low: dict[str, float]
    high: dict[str, float]
    seen: float
    placebo: np.ndarray
    rarer: float
    same_month: dict[int, float]


def differences(setting: PreparedCase, month: Month, spared: Sequence[Month], *, key: int = 1) -> Differences:
    """Take the change from the month before apart.

    Args:
        setting: From `history.prepare`; it tells the origins and which of them Mexico does not stop.
        month: The month.
        spared: Months of episodes, which do not serve as placebos.
        key: Key of the resampling of years.

    Raises:
        UsageError: The month is not in the case.
    """
    case = setting.case
    if month not in case.span.span:
        raise UsageError("no figures of that month", where="month", found=str(month), expected=f"{case.span.span}")
    past = panel_figures.until(case, month)
    begin, counts = past.first, np.maximum(past.counts, 1.0)
    circular = np.array(panel_figures.circular(case))
    home = np.asarray(setting.inputs.corridor.foreign) < 0.5
    found, own = parts(counts, month, circular, home)
    used = [m for m in Span(PLACEBO_FROM, month + (-1)) if m not in spared]
    placebo = np.array([parts(counts[: m - begin + 1], m, circular, home)[0]["apart"] for m in used])
    low, high = ({name: float("nan") for name in PARTS} for _ in range(2))
    spread = {
        "apart": found["apart"] - np.quantile(placebo, LEVELS)[::-1],
        "shared": found["shared"] + np.quantile(placebo, LEVELS),
        "season": found["season"] + _season_errors(counts, circular, month, key),
        "momentum": found["momentum"] + np.array([-1.0, 1.0]) * 1.645 * own,
    }
    for name, (bottom, top) in spread.items():
        low[name], high[name] = float(bottom), float(top)
    total, foreign = counts.sum(axis=1), counts[:, ~home].sum(axis=1)
    years = [m for m in Span(begin, month) if m.number == month.number and m - begin >= 1]
    rows = [m - begin for m in years]
    return Differences(
        month=month,
        parts=found,
        low=low,
        high=high,
        seen=float(np.log(total[-1] / total[-2])),
        placebo=placebo,
        rarer=float(np.mean(np.abs(placebo) >= abs(found["apart"]))),
        same_month={m.year: float(np.log(foreign[r] / foreign[r - 1])) for m, r in zip(years, rows, strict=True)},
    )


def weights(before: np.ndarray, after: np.ndarray) -> np.ndarray:
    """How much each origin's log change counts in that of the total, (origin).

    Log changes of origins times these weights sum to the log change of the total, exactly.

    Args:
        before: Counts, (origin), above zero.
        after: Counts of the next month, likewise.

    Reference:
        Logarithmic mean Divisia index: Ang (2004), Energy Policy 32, 1131-1139.
    """
    return np.asarray(_log_mean(before, after) / _log_mean(before.sum(), after.sum()))


def _log_mean(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    gap = np.log(b / a)
    near = np.abs(gap) < 1e-9
    return np.asarray(np.where(near, a, (b - a) / np.where(near, 1.0, gap)))


def parts(counts: np.ndarray, last: Month, circular: np.ndarray, home: np.ndarray) -> tuple[dict[str, float], float]:
    """The last month's change in parts.

    Args:
        counts: Counts of every month up to the last, (month, origin), above zero.
        last: Month of the last row.
        circular: By origin, whether it migrates for seasonal work.
        home: By origin, whether the transit country does not stop it.

    Returns:
        Parts of `PARTS`, which sum to the log change of the total, and the standard error of the one from momentum.
    """
    known = counts[:-1]
    kinds = circular.tolist()
    first = last + (1 - len(counts))
    expected, learned = panel.expected(known, first, kinds), panel_past.learn(known, first, kinds)
    share = weights(known[-1], counts[-1])
    surprise = np.log(counts[-1] / known[-1]) - expected.total
    shared = float(np.average(surprise[home], weights=known[-1][home]))
    found = {
        "season": float(share @ expected.season),
        "momentum": float(share @ expected.momentum),
        "level": float(share @ expected.level),
        "shared": float(share.sum() * shared),
        "apart": float(share @ (surprise - shared)),
    }
    return found, float(np.sqrt(np.sum((share * learned.step * learned.momentum_sd) ** 2)))


def _season_errors(counts: np.ndarray, circular: np.ndarray, month: Month, key: int) -> np.ndarray:
    """Where the season's part may lie about its estimate, (2) [log points]: whole years drawn anew.

    All steps weigh alike but for their age; the panel also weighs them by the calm of their time.
    """
    known = counts[:-1]
    first = month + (1 - len(counts))
    days = np.log([(first + i).days for i in range(len(known))])
    growth = np.diff(np.log(known + RULES.floor) - days[:, None], axis=0)
    calendar = (first.index + np.arange(len(known))) % YEAR
    years = (np.arange(len(growth)) + (first.index + 1) - month.index) // YEAR  # a year ends with this month
    years -= years.min()
    share = weights(counts[-2], counts[-1])
    rng = stream(key, f"differences/{month}", 0)
    typical = float(np.average(np.var(growth, axis=0), weights=known.mean(axis=0)))
    found = []
    for _ in range(RESAMPLES):
        times = np.bincount(rng.integers(0, years.max() + 1, years.max() + 1), minlength=years.max() + 1)[years]
        noise = np.where(times > 0, typical / np.maximum(times, 1), NEVER)
        seasons = panel_season.season(
            growth, np.repeat(noise[:, None], counts.shape[1], axis=1), known[:-1], calendar, circular, RULES
        )
        found.append(share @ (seasons[:, month.number - 1] - seasons[:, (month.number - 2) % YEAR]))
    return np.asarray(np.quantile(found, LEVELS) - np.median(found))
