"""Charts of skill: scores against persistence, how often intervals held, and every forecast beside what came."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import plotly.graph_objects as go

from palanca.core.clock import Month
from palanca.evidence.skill import HALF, MODEL, NOTHING, PARTS, PERSISTENCE, POOLED, Row
from palanca.evidence.skill_store import Skill
from palanca.view import chart, series
from palanca.view.chart import Chart, Mark, Panel
from palanca.view.theme import colour, percent

EVENTS = "events / month"
RATIO = "score, persistence = 1"
NAMES = {
    MODEL: ("palanca", "model"),
    HALF: ("palanca and persistence, half each", "ink"),
    PERSISTENCE: ("persistence", "kind_6"),
    "seasonal_persistence": ("seasonal persistence", "kind_5"),
    "auto_arima": ("AutoARIMA", "kind_2"),
    "auto_ets": ("AutoETS", "kind_3"),
    "auto_theta": ("AutoTheta", "kind_4"),
}
PART_NAMES = {
    "total": "total",
    "origins": "origins",
    "groups": "groups",
    "sectors": "sectors",
    "stops": "stops in Mexico",
    "darien": "Darien",
}
PART_ROLES = dict(zip(PART_NAMES, ("model", "kind_2", "kind_3", "kind_4", "kind_5", "kind_6"), strict=True))
SHOWN_AHEAD = (1, 3, 6)
TICKS = (0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0, 1.1, 1.25, 1.5, 2.0, 3.0, 4.0)
ROOM = 0.7  # of the distance between two horizons that the dots of one share
SOURCE = chart.source("usbp_total", "usbp_by_origin")
PART_SOURCE = chart.source(
    "usbp_by_origin", "usbp_by_group", "usbp_by_sector", "mx_stops_by_origin", "darien_by_origin"
)


def of_skill(skill: Skill) -> list[Chart]:
    """Every chart of a backtest."""
    drawn = [ratios(skill), given(skill), parts(skill), coverage(skill), together(skill)]
    if skill.every == 1:  # a band through one month in twelve would say something of the eleven between
        drawn.append(beside(skill))
    return [one for one in drawn if one.panels]


def ratios(skill: Skill) -> Chart:
    """Ratio to persistence by horizon, of the model and of baselines."""
    found = {name: skill.select(of="total", forecast=name, given=NOTHING, window="all") for name in NAMES}
    del found[PERSISTENCE]
    return _ratio_chart(
        "skill",
        "Forecasts of the total against persistence",
        "Mean score of logs over that of persistence, from every start; below 1 is better, bars are 90 % intervals.",
        {NAMES[name]: rows for name, rows in found.items()},
    )


def given(skill: Skill) -> Chart:
    """What knowing the levers adds."""
    wanted = {
        ("nothing given", "model"): NOTHING,
        ("levers given", "twin"): "levers",
        ("levers and practice given", "kind_3"): "practice",
    }
    return _ratio_chart(
        "skill-given",
        "If the levers of the months ahead were known",
        "Starts from 2020 on, against persistence: the model alone, with the levers that came, and with practice too.",
        {
            mark: skill.select(of="total", forecast=MODEL, given=name, window="2020 on", against=PERSISTENCE)
            for mark, name in wanted.items()
        },
    )


def parts(skill: Skill) -> Chart:
    """Ratio to persistence of each kind's own series, by volume."""
    found = {"total": skill.select(of="total", forecast=MODEL, given=NOTHING, window="all")}
    found |= {kind: skill.select(of=kind, label=POOLED, forecast=MODEL, given=NOTHING, window="all") for kind in PARTS}
    return _ratio_chart(
        "skill-parts",
        "Forecasts of parts against persistence of each",
        "Scores weighed by volume, over those of persistence of each series by itself; figures of stops and of the "
        "Darien are young, so that few starts are scored.",
        {(PART_NAMES[kind], PART_ROLES[kind]): rows for kind, rows in found.items()},
        PART_SOURCE,
    )


def coverage(skill: Skill) -> Chart:
    """How often intervals held what came."""
    panels = []
    for level in (50, 80, 90):
        figure = chart.blank(chart.MIDDLE, "% held")
        ahead = _across(figure, skill)
        told = []
        figure.add_shape(
            type="line", x0=-0.5, x1=len(ahead) - 0.5, y0=level, y1=level,
            line={"color": colour("mark"), "width": 1, "dash": "dot"},
        )  # fmt: skip
        for forecast, (name, role) in NAMES.items():
            rows = skill.select(of="total", forecast=forecast, given=NOTHING, window="all")
            held = [100.0 * getattr(row, f"held_{level}") for row in rows]
            figure.add_scatter(
                x=[ahead.index(row.horizon) for row in rows], y=[round(one, 1) for one in held], name=name,
                mode="lines+markers", marker={"color": colour(role), "size": 7},
                line={"color": colour(role), "width": 3 if forecast == MODEL else 1.5},
                hovertemplate=f"{name}: %{{y:.0f}} %<extra></extra>",
            )  # fmt: skip
            if forecast == MODEL:
                told = [f"{_months(row.horizon)} {percent(one)}" for row, one in zip(rows, held, strict=True)]
        figure.update_yaxes(range=[20, 100])
        alt = f"Intervals of {level} %: share of outcomes that palanca's held, {', '.join(told)}."
        panels.append(Panel(f"Intervals of {level} %", figure, "% held", alt))
    return Chart(
        "skill-coverage",
        "How often intervals held what came",
        "An interval of 80 % should hold 80 % of outcomes, the dotted line; below it a forecast is too sure of itself.",
        SOURCE,
        tuple(Mark(name, role, "line") for name, role in NAMES.values()),
        tuple(panels),
    )


def together(skill: Skill) -> Chart:
    """Every forecast as a thin line from where it started."""
    months = _span(skill)
    figure = chart.blank(chart.TALL, EVENTS, months)
    x: list[str | None] = []
    y: list[float | None] = []
    for start in dict.fromkeys(band.start for band in skill.fan):
        bands = [band for band in skill.fan if band.start == start and band.horizon in SHOWN_AHEAD]
        x += [start, *(str(Month.parse(start) + band.horizon) for band in bands), None]
        y += [bands[0].known, *(float(f"{band.middle:.5g}") for band in bands), None]
    figure.add_scatter(
        x=x, y=y, name="medians", mode="lines", line={"color": colour("model"), "width": 1}, hoverinfo="skip"
    )
    seen = _seen(skill, months)
    chart.draw_dots(figure, months, seen, size=4)
    figure.update_layout(hovermode="closest")
    return Chart(
        "skill-paths",
        "Every forecast of the total, from where it started",
        "Each line is one forecast: from the last month it knew through its medians one, three and six months ahead.",
        SOURCE,
        (Mark("medians of forecasts", "model", "line"), Mark("figures", "figures", "dot")),
        (Panel("", figure, EVENTS, chart.told("Encounters as published", EVENTS, months, seen), wide=True),),
    )


def beside(skill: Skill) -> Chart:
    """Forecasts of each month made one, three and six months before, beside what came."""
    months = _span(skill)
    seen = _seen(skill, months)
    place = {month: i for i, month in enumerate(months)}
    panels = []
    for ahead in SHOWN_AHEAD:
        ends = np.full((3, len(months)), np.nan)
        for band in skill.fan:
            month = str(Month.parse(band.start) + ahead)
            if band.horizon == ahead and month in place:
                ends[:, place[month]] = band.low, band.middle, band.high
        figure = chart.blank(chart.MIDDLE, EVENTS, months)
        chart.draw_band(figure, months, series.Band(*ends), "median")
        chart.draw_dots(figure, months, seen, size=4)
        figure.update_yaxes(range=[0, 1.05 * float(np.nanmax([np.nanmax(seen), np.nanquantile(ends[2], 0.98)]))])
        alt = chart.told(f"Median forecast made {_months(ahead)} before", EVENTS, months, ends[1])
        panels.append(Panel(f"{_months(ahead)} before".capitalize(), figure, EVENTS, alt, wide=True))
    return Chart(
        "skill-bands",
        "Forecasts of the total beside what came",
        "What was forecast for each month one, three and six months before: medians and 80 % bands, and the figures. "
        "The highest two in a hundred upper ends may leave the frame.",
        SOURCE,
        (
            Mark("median", "model", "line"),
            Mark("80 % band", "model_band", "band"),
            Mark("figures", "figures", "dot"),
        ),
        tuple(panels),
    )


def _ratio_chart(
    id_: str, title: str, caption: str, drawn: Mapping[tuple[str, str], Sequence[Row]], source: str = SOURCE
) -> Chart:
    """Dots with intervals by horizon, one colour a forecast, on an axis on which twice and half are as far from 1."""
    drawn = {mark: [row for row in rows if row.ratio is not None] for mark, rows in drawn.items()}
    drawn = {mark: rows for mark, rows in drawn.items() if rows}
    figure = chart.blank(chart.TALL, RATIO)
    every = [row for rows in drawn.values() for row in rows]
    ahead = _across(figure, every)
    figure.add_shape(
        type="line", x0=-0.5, x1=len(ahead) - 0.5, y0=1, y1=1, line={"color": colour("mark"), "width": 1, "dash": "dot"}
    )
    said = []
    for i, ((name, role), rows) in enumerate(drawn.items()):
        at = [ahead.index(row.horizon) + ROOM * ((i + 0.5) / len(drawn) - 0.5) for row in rows]
        _draw_ratios(figure, at, rows, name, role)
        said.append(f"{name} " + ", ".join(f"{row.ratio:.2f} at {_months(row.horizon)}" for row in rows))
    ends = [end for row in every for end in (row.low, row.ratio, row.high) if end]
    low, high = min([0.88, *ends]), max([1.12, *ends])
    figure.update_yaxes(
        type="log", rangemode="normal", range=[float(np.log10(low)) - 0.02, float(np.log10(high)) + 0.02],
        tickvals=TICKS, ticktext=[f"{tick:g}" for tick in TICKS],
    )  # fmt: skip
    alt = f"Ratio of scores to those of persistence: {'; '.join(said)}."
    panels = (Panel("", figure, RATIO, alt, wide=True),) if every else ()
    return Chart(id_, title, caption, source, tuple(Mark(name, role, "dot") for name, role in drawn), panels)


def _draw_ratios(figure: go.Figure, at: list[float], rows: Sequence[Row], name: str, role: str) -> None:
    known = [(row.ratio or 0.0, row.low, row.high) for row in rows]
    figure.add_scatter(
        x=at,
        y=[round(mid, 4) for mid, _, _ in known],
        name=name,
        mode="markers",
        marker={"color": colour(role), "size": 9},
        error_y={
            "type": "data",
            "symmetric": False,
            "array": [round(high - mid, 4) if high else 0 for mid, _, high in known],
            "arrayminus": [round(mid - low, 4) if low else 0 for mid, low, _ in known],
            "color": colour(role),
            "thickness": 2,
            "width": 0,
        },
        customdata=[f" [{low:.2f} to {high:.2f}]" if low and high else "" for _, low, high in known],
        hovertemplate=f"{name}: %{{y:.2f}}%{{customdata}}<extra></extra>",
    )


def _across(figure: go.Figure, found: Skill | Sequence[Row]) -> list[int]:
    """Horizons side by side as names; returns them in order."""
    rows = found.rows if isinstance(found, Skill) else found
    ahead = sorted({row.horizon for row in rows})
    figure.update_layout(hovermode="closest")
    figure.update_xaxes(
        type="linear", range=[-0.5, len(ahead) - 0.5], tickvals=list(range(len(ahead))),
        ticktext=[_months(one) for one in ahead], hoverformat=None, zeroline=False,
    )  # fmt: skip
    return ahead


def _months(ahead: int) -> str:
    return "1 month" if ahead == 1 else f"{ahead} months"


def _span(skill: Skill) -> list[str]:
    """Every month from the first start to the last month that a shown forecast is of and that came."""
    first, last = Month.parse(skill.first), max(Month.parse(b.start) + b.horizon for b in skill.fan if b.seen)
    return [str(first + i) for i in range(last - first + 1)]


def _seen(skill: Skill, months: Sequence[str]) -> np.ndarray:
    """What the figures showed, wherever some forecast was made from a month or of it."""
    found = {band.start: band.known for band in skill.fan}
    found |= {str(Month.parse(b.start) + b.horizon): b.seen for b in skill.fan if b.seen is not None}
    return np.array([found.get(month, np.nan) for month in months])
