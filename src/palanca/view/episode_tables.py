"""Episodes predicted and seen, and one month's change taken apart: rows of tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

import numpy as np

from palanca.evidence.episodes import RULES, SIDES, Outcome, Score
from palanca.questions.why import decompose, differences
from palanca.questions.why.decompose import Shares
from palanca.questions.why.differences import Differences

Row = dict[str, object]
QUANTILES = (0.05, 0.1, 0.5, 0.9, 0.95)


def by_episode(outcomes: Sequence[Outcome]) -> list[Row]:
    """One row an episode and rule: the contrast predicted, with its intervals, and seen."""
    found: list[Row] = []
    for one in outcomes:
        for rule in RULES:
            low, low_80, mid, high_80, high = (float(q) for q in np.quantile(one.contrast(rule), QUANTILES))
            found.append(
                {
                    "episode": one.episode.id,
                    "first": str(one.episode.months[0]),
                    "last": str(one.episode.months[-1]),
                    "rule": rule,
                    "seen": one.contrast_seen,
                    "predicted": mid,
                    "p5": low,
                    "p10": low_80,
                    "p90": high_80,
                    "p95": high,
                    "sign right": "yes" if one.sign_right(rule) else "no",
                    "error": one.error(rule),
                }
            )
    return found


def by_month(outcomes: Sequence[Outcome]) -> list[Row]:
    """One row an episode, month, side and rule: log change from the month before the episode."""
    return [
        {
            "episode": one.episode.id,
            "month": str(month),
            "side": side,
            "rule": rule,
            "seen": float(one.seen[h, s]),
            **{
                f"p{100 * level:.0f}": float(np.quantile(one.predicted[rule][h, s], level)) for level in QUANTILES
            },
        }
        for one in outcomes
        for h, month in enumerate(one.episode.months)
        for s, side in enumerate(SIDES)
        for rule in RULES
    ]  # fmt: skip


def scores(given: Sequence[Score]) -> list[Row]:
    """One row a rule."""
    names = {
        "rule": "rule", "signs": "signs right", "effect_signs": "signs of what levers add", "error": "mean error",
        "to_zero": "to zero", "to_zero_less": "to zero, largest left out", "to_panel": "to no effect",
        "held_80": "inside 80 %", "held_90": "inside 90 %",
    }  # fmt: skip
    return [{names[name]: value for name, value in asdict(one).items()} for one in given]


def parts(shares: Shares, apart: Differences) -> list[Row]:
    """One row a part of the change, by the model and then without it, each method with its sum."""
    title = f"{shares.month + (-1)} to {shares.month}"
    whole = {"model": float(shares.change.mean()), "panel": apart.seen}
    found: list[Row] = []
    for name, draws in shares.parts.items():
        low, high = (float(q) for q in np.quantile(draws, (0.05, 0.95)))
        found.append(_part(title, "palanca", decompose.PARTS[name], (float(draws.mean()), low, high)))
    found.append(_part(title, "palanca", "Sum", (whole["model"],) * 3))
    for name, value in apart.parts.items():
        found.append(_part(title, "panel", differences.PARTS[name], (value, apart.low[name], apart.high[name])))
    found.append(_part(title, "panel", "Sum", (whole["panel"],) * 3))
    return found


def _part(title: str, method: str, part: str, numbers: tuple[float, float, float]) -> Row:
    mean, low, high = numbers
    return {"change": title, "method": method, "part": part, "log points": mean, "p5": low, "p95": high}
