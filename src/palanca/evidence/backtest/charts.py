"""Charts of a backtest: scores against the last count carried on, coverage, and forecasts beside what came."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from palanca.core.clock import Month
from palanca.evidence.backtest import regimes
from palanca.evidence.backtest.record import MODEL, NOTHING, PARTS, PERSISTENCE, POOLED, Row, Skill
from palanca.evidence.backtest.regimes import ALL, Regime
from palanca.evidence.backtest.tables import FORECASTS, GIVEN, PART_NAMES, horizon, of_total, ratio
from palanca.questions.sources import cited
from palanca.show import chart
from palanca.show.chart import Chart, Kind, Panel, Series
from palanca.show.theme import KINDS
from palanca.spec.schema import Case

EVENTS, RATIO = "events / month", "score, last count = 1"
SHOWN_AHEAD = (1, 3, 6)
LEVELS = (50, 80, 90)
PARTED = "parts"
SOURCE = ("total", "encounters")
PART_SOURCE = ("encounters", "groups", "sectors", "stops", "walked")


def charts(skill: Skill, case: Case) -> list[Chart]:
    """Every chart that has something to show.

    Args:
        skill: What the backtest found.
        case: Its case, whose series are the source.
    """
    drawn = [_scores(skill), _coverage(skill), _given(skill), _parts(skill), _paths(skill)]
    if skill.every == 1:  # a band through one month in twelve would say something of the eleven between
        drawn.append(_beside(skill))
    shown = (one for one in drawn if any(panel.series for panel in one.panels))
    return [replace(one, source=cited(case, *(PART_SOURCE if one.name == PARTED else SOURCE))) for one in shown]


def _scores(skill: Skill) -> Chart:
    found = {name: of_total(skill, key) for key, name in FORECASTS.items() if key != PERSISTENCE}
    return _ratios(
        "scores",
        "Forecasts of the total against the last count carried on",
        "Mean score of logs over that of the last count, from every start; below 1 is better, bars are 90 % intervals.",
        found,
    )


def _given(skill: Skill) -> Chart:
    window = regimes.of(skill.case).conditional[0]
    rows = {
        f"given {name}": skill.select(of="total", forecast=MODEL, given=what, window=window.name, against=PERSISTENCE)
        for what, name in GIVEN.items()
    }
    return _ratios(
        "levers given",
        "If the levers of the months ahead were known",
        f"Starts {_when(window)}: the model alone, and told of the levers, effort or practice that came.",
        rows,
    )


def _parts(skill: Skill) -> Chart:
    rows = {"total": of_total(skill, MODEL)}
    rows |= {
        PART_NAMES[kind]: skill.select(of=kind, label=POOLED, forecast=MODEL, given=NOTHING, window=ALL.name)
        for kind in PARTS
    }
    return _ratios(
        PARTED,
        "Forecasts of parts against the last count of each",
        "Scores weighed by volume; figures of stops and of the Darien are young, so that few starts are scored.",
        rows,
    )


def _when(window: Regime) -> str:
    """Its starts in words."""
    return f"from {window.first}" + (" on" if window.last is None else f" to {window.last}")


def _ratios(name: str, title: str, caption: str, drawn: Mapping[str, Sequence[Row]]) -> Chart:
    """Dots with intervals, a group of them a horizon."""
    series = []
    for k, (label, rows) in enumerate(drawn.items()):
        known = [(horizon(row.horizon), one) for row in rows if (one := ratio(row)) is not None]
        if known:
            series.append(chart.named(label, known, KINDS[k % len(KINDS)] if k else "history"))
    mark = ((1.0, "as good as the last count"),)
    return Chart(
        name,
        Kind.dots,
        title,
        caption,
        (Panel(tuple(series), RATIO, marks=mark, zero=False),),
    )


def _coverage(skill: Skill) -> Chart:
    panels = []
    for level in LEVELS:
        series = []
        for k, (key, name) in enumerate(FORECASTS.items()):
            rows = of_total(skill, key)
            held = tuple(round(100.0 * float(getattr(row, f"held_{level}")), 1) for row in rows)
            if rows:
                at = tuple(horizon(row.horizon) for row in rows)
                series.append(Series(name, at, held, role=KINDS[k % len(KINDS)] if k else "history"))
        panels.append(Panel(tuple(series), "% held", f"Intervals of {level} %", ((float(level), "as it should be"),)))
    return Chart(
        "coverage",
        Kind.dots,
        "How often intervals held what came",
        "An interval of 80 % should hold 80 % of outcomes; below that a forecast is too sure of itself.",
        tuple(panels),
    )


def _paths(skill: Skill) -> Chart:
    """Every forecast as a thin line from where it started."""
    months = _span(skill)
    x: list[str | float] = []
    y: list[float | None] = []
    for start in dict.fromkeys(band.start for band in skill.fan):
        bands = [band for band in skill.fan if band.start == start and band.horizon in SHOWN_AHEAD]
        x += [start, *(str(Month.parse(start) + band.horizon) for band in bands), start]
        y += [bands[0].known, *(float(f"{band.middle:.5g}") for band in bands), None]
    series = (
        Series("medians of forecasts", tuple(x), tuple(y)),
        chart.line("counted", months, _seen(skill, months), "figures", "dots"),
    )
    return Chart(
        "paths",
        Kind.lines,
        "Every forecast of the total, from where it started",
        "Each line is one forecast: from the last month it knew through its medians one, three and six months ahead.",
        (Panel(series, EVENTS),),
    )


def _beside(skill: Skill) -> Chart:
    """Forecasts of each month made one, three and six months before, beside what came."""
    months = _span(skill)
    seen, place = _seen(skill, months), {month: i for i, month in enumerate(months)}
    panels = []
    for ahead in SHOWN_AHEAD:
        ends = np.full((3, len(months)), np.nan)
        for band in skill.fan:
            month = str(Month.parse(band.start) + ahead)
            if band.horizon == ahead and month in place:
                ends[:, place[month]] = band.low, band.middle, band.high
        low, middle, high = (chart.line("", months, values).y for values in ends)
        series = (
            Series("median and 80 % band", tuple(months), middle, low, high),
            chart.line("counted", months, seen, "figures", "dots"),
        )
        panels.append(Panel(series, EVENTS, f"{horizon(ahead)} before"))
    return Chart(
        "beside what came",
        Kind.lines,
        "Forecasts of the total beside what came",
        "What was forecast for each month one, three and six months before: medians and 80 % bands, and the figures.",
        tuple(panels),
    )


def _span(skill: Skill) -> list[str]:
    """Every month from the first start to the last month that a shown forecast is of and that came."""
    first = Month.parse(skill.first)
    last = max([first, *(Month.parse(b.start) + b.horizon for b in skill.fan if b.seen is not None)])
    return [str(first + i) for i in range(last - first + 1)]


def _seen(skill: Skill, months: Sequence[str]) -> np.ndarray:
    """What the figures showed, wherever some forecast was made from a month or of it."""
    found = {band.start: band.known for band in skill.fan}
    found |= {str(Month.parse(b.start) + b.horizon): b.seen for b in skill.fan if b.seen is not None}
    return np.array([found.get(month, np.nan) for month in months])
