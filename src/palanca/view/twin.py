"""Charts of a twin world: its encounters beside history's, who they are, and what it does to people."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go

from palanca.infer.history import History
from palanca.view import chart, series
from palanca.view.chart import Chart, Mark, Panel
from palanca.view.encounters import EVENTS, HISTORY, TWIN
from palanca.view.theme import colour, month_name, whole

BEFORE = 12  # months of history shown before the change
SHOWN = 3  # first months shown origin by origin
SHORT = "%b\n%Y"  # the year stands under the first month of it
EDGE = 0.04  # room at both ends of an axis, as a share of it
HARM = {
    "People on hold": ("held", "people"),
    "Stopped in transit": ("stops", EVENTS),
    "Let in": ("let_in", "people / month"),
    "Deaths on the way": ("deaths", "deaths / month"),
}


def in_all(history: History, first: int) -> Chart:
    """Encounters of both worlds around the change."""
    begin = max(first - BEFORE, 0)
    months = series.labels(history)[begin:]
    base = series.band(series.total(history, "encounters")[begin:])
    twin = series.band(series.total(history, "encounters", twin=True)[begin:])
    figure = chart.blank(chart.TALL, EVENTS, months)
    figure.update_xaxes(tickformat=SHORT)
    chart.draw_band(figure, months, base, "history")
    start = max(first - begin - 1, 0)
    part = series.Band(*(side[start:] for side in (twin.low, twin.mid, twin.high)))
    chart.draw_band(figure, months[start:], part, "twin world", "twin")
    chart.draw_dots(figure, months, history.observed.sum("origin").values[begin:])
    chart.mark_month(figure, months[first - begin], "change")
    return Chart(
        "twin",
        "Encounters in both worlds",
        f"Before {month_name(months[first - begin])} both worlds are the same, to the bit; the distance after that is "
        "what the change does in the model.",
        chart.source("usbp_by_origin"),
        (*HISTORY, *TWIN),
        (Panel("", figure, EVENTS, chart.told("Encounters in the twin world", EVENTS, months, twin.mid), wide=True),),
    )


def by_origin(history: History) -> Chart:
    """Difference of encounters by origin in the first months changed, each with its 90 % band."""
    months = series.changed_months(history, SHOWN)
    gap = series.by_origin(history, "encounters", twin=True) - series.by_origin(history, "encounters")
    found = series.band(gap)
    names = [history.case.origins[str(code)].name for code in history.result.origin.values]
    order = np.argsort(found.mid[months].sum(axis=0))
    panels = tuple(
        _intervals(found, t, [names[i] for i in order], order, month_name(series.labels(history)[t])) for t in months
    )
    low, high = min(float(found.low[months].min()), 0.0), max(float(found.high[months].max()), 0.0)
    margin = EDGE * (high - low)
    for panel in panels:
        _across(panel.figure, EVENTS, (low - margin, high + margin))
    return Chart(
        "twin-by-origin",
        "Whose encounters differ",
        "Difference of encounters, twin world less history, by origin in the first months changed: dots are "
        "medians, bars the 90 % band.",
        "",
        (Mark("median", "twin", "dot"), Mark("90 % band", "twin", "line")),
        panels,
    )


def harm(history: History, first: int) -> Chart:
    """What the change does to people, month by month: on hold, stopped, let in, deaths."""
    begin = max(first - 3, 0)
    months = series.labels(history)[begin:]
    panels = []
    for title, (name, unit) in HARM.items():
        gap = series.total(history, name, twin=True)[begin:] - series.total(history, name)[begin:]
        found = series.band(gap)
        figure = chart.blank(chart.LOW + 20, unit, months)
        figure.update_xaxes(tickformat=SHORT)
        figure.update_yaxes(rangemode="normal", zeroline=True)
        chart.draw_band(figure, months, found, "difference", "twin")
        panels.append(Panel(title, figure, unit, chart.told(f"Difference, {title.lower()}", unit, months, found.mid)))
    return Chart(
        "twin-people",
        "What it does to people",
        "Difference between the worlds, twin less history: below zero there are fewer in the twin world, above zero "
        "more.",
        "",
        (Mark("difference, median", "twin", "line"), Mark("90 % band", "twin_band", "band")),
        tuple(panels),
    )


def _intervals(found: series.Band, t: int, names: list[str], order: np.ndarray, title: str) -> Panel:
    low, mid, high = (side[t][order] for side in (found.low, found.mid, found.high))
    figure = chart.blank(60 + 24 * len(names), "")
    figure.add_scatter(
        x=[round(float(v), 1) for v in mid],
        y=names,
        mode="markers",
        marker={"color": colour("twin"), "size": 8},
        error_x={
            "type": "data",
            "symmetric": False,
            "array": [round(float(v), 1) for v in high - mid],
            "arrayminus": [round(float(v), 1) for v in mid - low],
            "color": colour("twin"),
            "thickness": 2,
            "width": 0,
        },
        customdata=[[whole(float(a)), whole(float(b))] for a, b in zip(low, high, strict=True)],
        hovertemplate="%{y}: %{x:,.0f} [%{customdata[0]} to %{customdata[1]}]<extra></extra>",
    )
    words = ", ".join(f"{name} {whole(float(value))}" for name, value in reversed(list(zip(names, mid, strict=True))))
    return Panel(title, figure, EVENTS, f"Difference of encounters in {title}, medians. {words}.")


def _across(figure: go.Figure, unit: str, ends: tuple[float, float]) -> None:
    """Numbers across and names down, on the same scale in every panel."""
    small = {"size": 12}
    figure.update_layout(hovermode="closest", annotations=[], font=small, margin={"t": 4})
    figure.update_xaxes(
        type="linear", title={"text": unit, "font": small, "standoff": 8}, range=ends, showgrid=True, zeroline=True,
        nticks=4, hoverformat=None, tickformat=",.0f",
    )  # fmt: skip
    figure.update_yaxes(type="category", rangemode="normal", showgrid=False, nticks=None, dtick=1, ticks="")
