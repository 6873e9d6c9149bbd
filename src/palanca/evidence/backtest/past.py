"""Scores of past forecasts that a forecast shows beside itself, by what levers followed, from the shipped backtest."""

from __future__ import annotations

from palanca.core.wording import listed
from palanca.evidence.backtest import regimes, store
from palanca.evidence.backtest.record import CHOSEN, MODEL, NOTHING, PERSISTENCE, Row, Skill
from palanca.evidence.backtest.regimes import ALL, Regime
from palanca.questions.forecast.past_scores import PastScore, PastScores
from palanca.questions.forecast.suppositions import PERSIST, RECORD
from palanca.spec.schema import Case


def scores(case: Case) -> PastScores:
    """Scores of the total against persistence, of forecasts with levers as they were and as the record has them.

    Other kinds, such as governments that answer, have never been scored.

    Args:
        case: The case; without a shipped backtest, or with one that no longer holds, there are none.

    Raises:
        FitError: The shipped backtest is corrupt.
    """
    if not store.where(case).exists():
        return PastScores(note="the case comes with no backtest")
    kept = store.read_skill(case)
    changed = store.stale(kept, case)
    if changed:
        return PastScores(note=f"the shipped scores are of other {listed(changed)}")
    by_follow, since = {}, {}
    told: dict[str, tuple[str, Regime]] = {
        PERSIST: (NOTHING, ALL),
        RECORD: ("levers", regimes.of(case.case).conditional[0]),
    }
    for follow, (given, window) in told.items():
        chosen = _rows(kept, CHOSEN, given, window)
        by_follow[follow] = [
            PastScore(row.horizon, row.starts, row.ratio, row.low, row.high, row.held_80)
            for row in chosen or _rows(kept, MODEL, given, window)
        ]
        how = ", with the panel's structure chosen by past scores alone" if chosen else ""
        since[follow] = f"from {max(kept.first, str(window.first))} to {kept.last}{how}"
    return PastScores(by_follow, since)


def _rows(kept: Skill, forecast: str, given: str, window: Regime) -> list[Row]:
    return kept.select(of="total", forecast=forecast, given=given, against=PERSISTENCE, window=window.name)
