"""Skill as short tables for people: ratios, coverage, regimes, given levers, parts."""

from __future__ import annotations

from collections.abc import Sequence

from palanca.evidence.regimes import REGIMES
from palanca.evidence.skill import HALF, MODEL, NOTHING, PARTS, PERSISTENCE, POOLED, SPREAD, WEIGHED, Row
from palanca.evidence.skill_store import Skill
from palanca.view.skill import NAMES, PART_NAMES
from palanca.view.theme import NONE

Line = dict[str, object]
TOTAL_NAMES = {name: shown for name, (shown, _) in NAMES.items()} | {
    WEIGHED: "palanca and persistence, past weights",
}
EACH = "Each origin, group, sector, stop and Darien series: log score over that of persistence"
GIVEN_NAMES = {
    NOTHING: "nothing given",
    "levers": "levers given",
    "practice": "levers and practice given",
}


def tables(skill: Skill) -> dict[str, list[Line]]:
    """Every short table by its title, those without rows left out."""
    found = {
        "Total: log score over that of persistence, with its 90 % interval; below 1 is better": ratios(skill),
        "Total: mean scores and share of outcomes that intervals held, %": levels(skill),
        "Total by regime of the start: log score over that of persistence": by_regime(skill),
        "Total from 2020 on, levers or practice of the months ahead given: log score over that of others": given(skill),
        "Parts by volume: log score over that of persistence of each series": parts(skill),
    }
    return {title: lines for title, lines in found.items() if lines}


def ratios(skill: Skill) -> list[Line]:
    """One row a forecast, one column a horizon."""
    rows = {name: skill.select(of="total", forecast=name, given=NOTHING, window="all") for name in TOTAL_NAMES}
    return [{"forecast": TOTAL_NAMES[name], **_by_horizon(found)} for name, found in rows.items() if found]


def levels(skill: Skill) -> list[Line]:
    """One row a forecast and horizon: mean scores and coverage."""
    return [
        {
            "forecast": TOTAL_NAMES[name],
            "months ahead": row.horizon,
            "starts": row.starts,
            "log score": round(row.log_crps, 4),
            "score, events": round(row.crps),
            "interval score, events": round(row.interval_score),
            "50 %": round(100 * row.held_50),
            "80 %": round(100 * row.held_80),
            "90 %": round(100 * row.held_90),
        }
        for name in TOTAL_NAMES
        for row in skill.select(of="total", forecast=name, given=NOTHING, window="all")
    ]


def by_regime(skill: Skill) -> list[Line]:
    """One row a regime and forecast."""
    return [
        {"starts from": regime.name, "forecast": TOTAL_NAMES[name], "starts": found[0].starts, **_by_horizon(found)}
        for regime in REGIMES
        for name in (MODEL, HALF)
        if (found := skill.select(of="total", forecast=name, given=NOTHING, window=regime.name))
    ]


def given(skill: Skill) -> list[Line]:
    """One row a conditional forecast and rival."""
    spreads = {MODEL: "as without them", SPREAD: "learned from past errors"}
    return [
        {
            "of": PART_NAMES[kind],
            "given": GIVEN_NAMES[what],
            "spread": spreads[name],
            "against": against,
            "80 % held": ", ".join(f"{100 * row.held_80:.0f}" for row in found),
            **_by_horizon(found),
        }
        for kind in ("total", "origins")
        for what in GIVEN_NAMES
        for name in spreads
        for against in (PERSISTENCE, f"{name}, given {NOTHING}")
        if (found := skill.select(of=kind, forecast=name, given=what, window="2020 on", against=against))
    ]


def parts(skill: Skill) -> list[Line]:
    """One row a kind and forecast, weighed by volume."""
    return [
        {
            "part": PART_NAMES[kind],
            "forecast": TOTAL_NAMES[name],
            "starts": found[0].starts,
            "80 % held": ", ".join(f"{100 * row.held_80:.0f}" for row in found),
            **_by_horizon(found),
        }
        for kind in PARTS
        for name in (MODEL, HALF, WEIGHED)
        if (found := skill.select(of=kind, label=POOLED, forecast=name, given=NOTHING, window="all"))
    ]


def labels(skill: Skill) -> list[Line]:
    """One row a series; the table whose title is `EACH`."""
    found = [row for row in skill.rows if row.of in PARTS and row.label != POOLED and row.window == "all"]
    return [
        {"part": PART_NAMES[kind], "series": label, **_by_horizon(rows)}
        for kind, label in dict.fromkeys((row.of, row.label) for row in found)
        if (rows := [row for row in found if (row.of, row.label) == (kind, label)])
    ]


def _by_horizon(rows: Sequence[Row]) -> dict[str, str]:
    """Ratios with intervals under the name of their horizon."""
    names = {1: "1 month"} | {ahead: f"{ahead} months" for ahead in (3, 6, 12)}
    found = {row.horizon: ratio(row) for row in rows}
    return {name: found.get(ahead, NONE) for ahead, name in names.items()}


def ratio(row: Row) -> str:
    """A ratio with its interval, as in `0.93 [0.90, 0.96]`."""
    if row.ratio is None:
        return NONE
    interval = f" [{row.low:.2f}, {row.high:.2f}]" if row.low is not None else ""
    return f"{row.ratio:.2f}{interval}"
