"""What forecasts that were told the levers came to: how many months their intervals held, and their scores."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

HOLDOUT, YEARS = "holdout", "years"
NOTHING, PERSISTENCE, ARIMA = "nothing", "persistence", "auto_arima"
POOLED = "all, by volume"
WHOLE = "all"


@dataclass(frozen=True)
class ConditionalScore:
    """One forecast over the months after one start, or after all.

    Args:
        exercise: `holdout` from one month, `years` from every January.
        start: Last known month; `all` for every start together.
        of: `total`, `origins` or `groups`.
        label: Which of them; `POOLED` weighs each by its mean count.
        forecast: What was told of the months ahead (`nothing`, or one of `given.GIVEN`), or the name of a baseline.
        months: Months scored.
        held_80: Months inside the 80 % interval; of labels together, the share of all of their months times months.
        log_crps: Mean score of logs [log points].
        ratio: That over the score of the last count carried on; below 1 is better.
    """

    exercise: str
    start: str
    of: str
    label: str
    forecast: str
    months: int
    held_80: float
    log_crps: float
    ratio: float


@dataclass(frozen=True)
class ConditionalBand:
    """One month of one forecast, and what came.

    Args:
        exercise: See `ConditionalScore`, as for the next four.
        start: Last known month.
        of: What of.
        label: Which.
        forecast: Told what.
        month: The month.
        low: 10 % of draws lie below it [events / month], as for the next three.
        middle: Median.
        high: 90 % of draws lie below it.
        seen: What the figures showed.
    """

    exercise: str
    start: str
    of: str
    label: str
    forecast: str
    month: str
    low: float
    middle: float
    high: float
    seen: float


@dataclass(frozen=True)
class ConditionalSkill:
    """All that was found.

    Args:
        case: Name of the case.
        fitted_to: Last month known to the hold-out's fit.
        leading: Origins with most encounters in the year to then, most first.
        scores: Scores.
        bands: Forecasts beside what came, month by month.
        settings: How it was made, in words and numbers.
        made: Fingerprints of case, figures, model, forecasts and baselines, and the last month that they are of.
    """

    case: str
    fitted_to: str
    leading: tuple[str, ...]
    scores: tuple[ConditionalScore, ...]
    bands: tuple[ConditionalBand, ...]
    settings: Mapping[str, object]
    made: Mapping[str, str]

    def select(self, **wanted: object) -> list[ConditionalScore]:
        """Scores whose fields equal those given, such as `exercise="holdout", of="total"`."""
        return [one for one in self.scores if all(getattr(one, name) == value for name, value in wanted.items())]

    def path(self, **wanted: object) -> list[ConditionalBand]:
        """Bands whose fields equal those given, in order of time."""
        return [one for one in self.bands if all(getattr(one, name) == value for name, value in wanted.items())]
