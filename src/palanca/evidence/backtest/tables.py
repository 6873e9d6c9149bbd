"""Tables of a backtest: ratios, mean scores and coverage, regimes, levers given, parts and single series."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from palanca.evidence.backtest import regimes as stretches
from palanca.evidence.backtest.record import (
    CHOSEN,
    HALF,
    MODEL,
    NOTHING,
    PARTS,
    PERSISTENCE,
    POOLED,
    SPREAD,
    WEIGHED,
    Row,
    Skill,
)
from palanca.evidence.backtest.regimes import ALL
from palanca.show import table
from palanca.show.estimate import LEVEL, Basis, Estimate
from palanca.show.number import percent
from palanca.show.table import Cell, Table

FORECASTS: Mapping[str, str] = {
    CHOSEN: "palanca, chosen by past scores",
    MODEL: "palanca, as shipped",
    HALF: "half palanca, half last count",
    WEIGHED: "the same, past weights",
    PERSISTENCE: "last count carried on",
    "seasonal_persistence": "last year's month",
    "auto_arima": "AutoARIMA",
    "auto_ets": "AutoETS",
    "auto_theta": "AutoTheta",
    SPREAD: "palanca, past spread",
}
PART_NAMES: Mapping[str, str] = {
    "total": "total",
    "origins": "origins",
    "groups": "groups",
    "sectors": "sectors",
    "stops": "stops in transit",
    "darien": "Darien",
}
GIVEN: Mapping[str, str] = {
    NOTHING: "nothing",
    "levers": "levers",
    "declared": "levers, declared ones",
    "effort": "effort in transit",
    "practice": "levers and practice",
}
BETTER = "Score of logs over that of carrying the last count on; below 1 is better."


def tables(skill: Skill) -> list[Table]:
    """Every table that has rows, the one of a first screen first."""
    found = [ratios(skill), means(skill), regimes(skill), given(skill), parts(skill), series(skill)]
    return [one for one in found if one.rows]


def ratios(skill: Skill) -> Table:
    """One row a forecast, one column a horizon."""
    rows = [
        {"forecast": name, **by_horizon(found)}
        for key, name in FORECASTS.items()
        if key != PERSISTENCE and (found := of_total(skill, key))
    ]
    return table.of_rows("scores by months ahead", rows, note=BETTER)


def means(skill: Skill) -> Table:
    """One row a forecast and horizon: mean scores and coverage."""
    rows: list[dict[str, Cell]] = [
        {
            "forecast": name,
            "months ahead": row.horizon,
            "starts": row.starts,
            "score of logs": row.log_crps,
            "score": row.crps,
            "interval score": row.interval_score,
            **{f"{level} % held": percent(getattr(row, f"held_{level}")) for level in (50, 80, 90)},
        }
        for key, name in FORECASTS.items()
        for row in of_total(skill, key)
    ]
    units = {"score of logs": "log points", "score": "events", "interval score": "events"}
    return table.of_rows("mean scores and coverage", rows, units=units, note="Of the total, over every start.")


def regimes(skill: Skill) -> Table:
    """One row a regime and forecast."""
    rows = [
        {"starts from": regime.name, "forecast": FORECASTS[key], "starts": found[0].starts, **by_horizon(found)}
        for regime in stretches.of(skill.case).plain[1:]
        for key in FORECASTS
        if key != PERSISTENCE and (found := of_total(skill, key, regime.name))
    ]
    return table.of_rows("scores by regime", rows, note=BETTER)


def given(skill: Skill) -> Table:
    """One row a conditional forecast and what it is held against."""
    rows = [
        {
            "of": PART_NAMES[kind],
            "starts from": window.name,
            "given": GIVEN[what],
            "forecast": FORECASTS[name],
            "against": FORECASTS[PERSISTENCE] if against == PERSISTENCE else "itself, nothing given",
            "80 % held": held(found),
            **by_horizon(found),
        }
        for kind in ("total", "origins", "groups")
        for window in stretches.of(skill.case).conditional
        for what in GIVEN
        for name in (MODEL, SPREAD)
        for against in (PERSISTENCE, f"{name}, given {NOTHING}")
        if (found := skill.select(of=kind, forecast=name, given=what, window=window.name, against=against))
    ]
    note = "Origins and groups are weighed by volume."
    return table.of_rows("levers, effort or practice of the months ahead given", rows, note=note)


def parts(skill: Skill) -> Table:
    """One row a kind and forecast, weighed by volume."""
    rows = [
        {
            "part": PART_NAMES[kind],
            "starts from": window,
            "forecast": FORECASTS[key],
            "starts": found[0].starts,
            "80 % held": held(found),
            **by_horizon(found),
        }
        for kind in PARTS
        for window in (ALL.name, *(one.name for one in stretches.of(skill.case).regimes))
        for key in (MODEL, HALF, WEIGHED)
        if (found := skill.select(of=kind, label=POOLED, forecast=key, given=NOTHING, window=window))
    ]
    return table.of_rows("parts by volume", rows, note="Against the last count of each series carried on.")


def series(skill: Skill) -> Table:
    """One row a series."""
    known = [row for row in skill.rows if row.of in PARTS and row.label != POOLED and row.window == ALL.name]
    rows = [
        {"part": PART_NAMES[kind], "series": label, "80 % held": held(found), **by_horizon(found)}
        for kind, label in dict.fromkeys((row.of, row.label) for row in known)
        if (found := [row for row in known if (row.of, row.label) == (kind, label)])
    ]
    return table.of_rows("every series", rows, note="Against its own last count carried on.")


def of_total(skill: Skill, forecast: str, window: str = ALL.name) -> list[Row]:
    """Scores of one forecast of the total, nothing given, by horizon."""
    return skill.select(of="total", forecast=forecast, given=NOTHING, window=window, against=PERSISTENCE)


def by_horizon(rows: Sequence[Row]) -> dict[str, Cell]:
    """Ratios with their intervals under the name of their horizon."""
    found = {row.horizon: ratio(row) for row in rows}
    return {horizon(ahead): found.get(ahead) for ahead in (1, 3, 6, 12)}


def ratio(row: Row) -> Estimate | None:
    """The ratio of a row; nothing against a score of zero."""
    if row.ratio is None:
        return None
    if row.low is None or row.high is None:
        return Estimate(row.ratio, row.ratio, row.ratio, "ratio of scores", None, Basis.learned)
    return Estimate(row.ratio, row.low, row.high, "ratio of scores", LEVEL, Basis.learned)


def horizon(ahead: int) -> str:
    """Months ahead in words."""
    return "1 month" if ahead == 1 else f"{ahead} months"


def held(rows: Sequence[Row]) -> str:
    """Shares of outcomes that intervals of 80 % held, in hundredths, horizon by horizon."""
    return ", ".join(f"{100.0 * row.held_80:.0f}" for row in rows)
