"""What a backtest found: scores by forecast, horizon and regime, and every forecast of the total beside what came."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

MODEL, PERSISTENCE = "palanca", "persistence"
HALF = "palanca and persistence, half each"
WEIGHED = "palanca and persistence, past weights"
SPREAD = "palanca, past spread"
CHOSEN = "palanca, structure by past scores"
NOTHING = "nothing"
PARTS = ("origins", "groups", "sectors", "stops", "darien")
POOLED = "all, by volume"


@dataclass(frozen=True)
class Row:
    """Scores of one forecast at one horizon, and its ratio to another on the same starts.

    Args:
        of: `total`, `origins`, `groups`, `sectors`, `stops` or `darien`.
        label: Which of them; `POOLED` weighs each by its mean count.
        forecast: Whose.
        given: What was given of the months ahead: `nothing`, or one of `given.GIVEN`.
        window: Name of the regime or span of starts.
        horizon: Months ahead.
        starts: Starts scored, for which both have a forecast and the outcome is known.
        log_crps: Mean score of logs [log points]; lower is better, as for the next two.
        crps: Mean score of counts [events or people].
        interval_score: Mean weighted interval score [likewise].
        held_50: Share of outcomes that the central 50 % interval held.
        held_80: The same at 80 %.
        held_90: The same at 90 %.
        against: The forecast compared with, and what it was given if anything.
        ratio: Log-CRPS over that of the other; below 1 is better; None against a score of zero.
        low: Lower end of its 90 % interval; None with too few starts for one.
        high: Upper end.
    """

    of: str
    label: str
    forecast: str
    given: str
    window: str
    horizon: int
    starts: int
    log_crps: float
    crps: float
    interval_score: float
    held_50: float
    held_80: float
    held_90: float
    against: str
    ratio: float | None
    low: float | None
    high: float | None

    @property
    def worse(self) -> bool:
        """Whether it is worse than the other beyond chance, at 90 %."""
        return self.low is not None and self.low > 1.0

    @property
    def better(self) -> bool:
        """Whether it is better than the other beyond chance, at 90 %."""
        return self.high is not None and self.high < 1.0


@dataclass(frozen=True)
class ForecastBand:
    """One forecast of the total and what came.

    Args:
        start: Last known month.
        horizon: Months ahead.
        low: 10 % of draws lie below it [events / month], as for the next three.
        middle: Median.
        high: 90 % of draws lie below it.
        seen: What the figures showed; None beyond them.
        known: What they showed in the last known month.
    """

    start: str
    horizon: int
    low: float
    middle: float
    high: float
    seen: float | None
    known: float


@dataclass(frozen=True)
class Skill:
    """What a backtest found.

    Args:
        case: Name of the case.
        first: First start, the last known month of its forecast.
        last: Last start.
        every: Months from one start to the next.
        rows: Scores.
        fan: The model's forecasts of the total beside what came.
        failures: Baselines that found no model, with start and reason; left out of both sides of a comparison.
        settings: How it was scored, in words and numbers.
        made: Fingerprints of the case, figures, model, forecasts and baselines, and the last month that they are of.
    """

    case: str
    first: str
    last: str
    every: int
    rows: tuple[Row, ...]
    fan: tuple[ForecastBand, ...]
    failures: tuple[str, ...]
    settings: Mapping[str, object]
    made: Mapping[str, str]

    def select(self, **wanted: object) -> list[Row]:
        """Rows whose fields equal those given, such as `of="total", window="all"`."""
        return [row for row in self.rows if all(getattr(row, name) == value for name, value in wanted.items())]
