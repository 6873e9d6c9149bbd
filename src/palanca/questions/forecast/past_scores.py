"""How forecasts of each kind fared before, as a forecast shows it beside itself; scores come from the evidence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from palanca.show import number
from palanca.show.answer import Finding
from palanca.show.estimate import LEVEL, Basis, Estimate

NO_SCORES = "No forecasts of this kind have been scored"
NONE_HOLDS = "No score of past forecasts of this kind holds"


@dataclass(frozen=True)
class PastScore:
    """Scores of past forecasts of the total at one horizon.

    Args:
        horizon: Months ahead.
        starts: Forecasts scored.
        ratio: Score over that of carrying the last count on; below 1 is better; nothing where it has none.
        low: Lower end of its 90 % interval; nothing where starts are too few for one.
        high: Upper end.
        held_80: Share of outcomes that the 80 % interval held.
    """

    horizon: int
    starts: int
    ratio: float | None
    low: float | None
    high: float | None
    held_80: float


@dataclass(frozen=True)
class PastScores:
    """Scores by what levers followed in the forecasts scored.

    Args:
        by_follow: By `persist`, `record`; a kind that is not here was never scored.
        since: By the same, the months from which forecasts were scored, in words.
        note: Why there are none, where scores exist but do not hold any more; empty otherwise.
    """

    by_follow: Mapping[str, Sequence[PastScore]] = field(default_factory=dict)
    since: Mapping[str, str] = field(default_factory=dict)
    note: str = ""


def finding(scores: PastScores, follow: str, label: str, months: int) -> Finding:
    """The honest score of forecasts like the one shown; none where forecasts of its kind were never scored.

    Args:
        scores: What is at hand.
        follow: What levers follow in the forecast shown; empty for a kind that is never scored.
        label: What the world is called.
        months: How far ahead is shown; scores further ahead say nothing of it.
    """
    shown = [one for one in scores.by_follow.get(follow, ()) if one.horizon <= months and one.ratio is not None]
    if not shown:
        text = f"{NONE_HOLDS} ({label}): {scores.note}." if scores.note else f"{NO_SCORES} ({label})."
        return Finding(text, basis=Basis.learned)
    numbers = {f"score at {_ahead(one.horizon)}": _ratio(one) for one in shown}
    numbers |= {f"inside the 80 % interval at {_ahead(one.horizon)}": _held(one) for one in shown}
    ratios = _each([f"{one.ratio:.2f}" + _ends(one) for one in shown])
    held = _each([number.percent(one.held_80) for one in shown])
    text = (
        f"Forecasts like this ({label}), made {scores.since.get(follow, 'before')}, scored {ratios} of carrying the "
        f"last count on (below 1 is better) at {_horizons(shown)} ahead; their 80{number.NO_BREAK}% intervals held "
        f"{held} of what came."
    )
    return Finding(text, numbers, basis=Basis.learned)


def _ratio(one: PastScore) -> Estimate:
    value = one.ratio or 0.0
    if one.low is None or one.high is None:
        return Estimate(value, value, value, "ratio of scores", None)
    return Estimate(value, one.low, one.high, "ratio of scores", LEVEL)


def _held(one: PastScore) -> Estimate:
    return Estimate(one.held_80, one.held_80, one.held_80, "share", None)


def _ends(one: PastScore) -> str:
    return "" if one.low is None or one.high is None else f" [{one.low:.2f}, {one.high:.2f}]"


def _ahead(horizon: int) -> str:
    return "1 month" if horizon == 1 else f"{horizon} months"


def _horizons(shown: Sequence[PastScore]) -> str:
    names = [str(one.horizon) for one in shown]
    return _each(names) + (" month" if names == ["1"] else " months")


def _each(words: Sequence[str]) -> str:
    """Words in a row: `0.93, 0.95 and 0.99`."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
