"""Charts of encounters: in all, by origin, and the share of people stopped on the way."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go
import xarray as xr

from palanca.core.clock import Span
from palanca.data import align
from palanca.data.read import read
from palanca.infer.history import History
from palanca.view import chart, series
from palanca.view.chart import Chart, Mark, Panel
from palanca.view.series import Band
from palanca.view.theme import month_name

EVENTS = "events / month"
FEWEST = 10.0  # where the logarithmic axis begins; fewer are drawn there
HISTORY = (Mark("figures", "figures", "dot"), Mark("model, median", "model", "line"))
BAND = Mark("90 % band", "model_band", "band")
TWIN = (Mark("twin world, median", "twin", "line"), Mark("its 90 % band", "twin_band", "band"))
STOPS = "mx_stops_by_origin"


def in_all(history: History) -> Chart:
    """Encounters of all origins by month: the figures, the model, and the twin world from where it departs."""
    months = series.labels(history)
    found = series.band(series.total(history, "encounters"))
    figure = chart.blank(chart.TALL, EVENTS, months)
    chart.draw_band(figure, months, found, "model")
    _twin(figure, history, months, series.total(history, "encounters", twin=True) if series.has_twin(history) else None)
    chart.draw_dots(figure, months, history.observed.sum("origin").values, size=4)
    changed = series.first_changed(history)
    leaves = f", and how the twin world departs from {month_name(months[changed])} on" if changed is not None else ""
    return Chart(
        "encounters",
        "Encounters between ports of entry",
        "Encounters by the Border Patrol, month by month, as published and in the model" + leaves
        + "; the model's surprises are solved from these figures, so that it meets them proves nothing.",
        chart.source("usbp_by_origin"),
        (*HISTORY, *(TWIN if changed is not None else ())),
        (Panel("", figure, EVENTS, chart.told("Encounters of all origins", EVENTS, months, found.mid), wide=True),),
    )  # fmt: skip


def by_origin(history: History) -> Chart:
    """Encounters of each origin by month on one logarithmic scale, so that small origins can be read."""
    months = series.labels(history)
    changed = series.first_changed(history)
    panels = []
    for code in history.result.origin.values:
        what = history.case.origins[str(code)].name
        found = _floored(series.band(series.by_origin(history, "encounters").sel(origin=code)))
        figure = chart.blank(chart.LOW, f"{EVENTS}, log scale", months)
        chart.draw_band(figure, months, found, "model")
        other = (
            series.by_origin(history, "encounters", twin=True).sel(origin=code) if series.has_twin(history) else None
        )
        _twin(figure, history, months, other)
        observed = history.observed.sel(origin=code).values
        chart.draw_dots(figure, months, np.where(observed < FEWEST, np.nan, observed), size=2)
        figure.update_yaxes(
            type="log", range=[1, 5.1], tickvals=[10, 100, 1e3, 1e4, 1e5], ticktext=["10", "100", "1k", "10k", "100k"]
        )
        panels.append(Panel(what, figure, EVENTS, chart.told(f"Encounters, {what}", EVENTS, months, found.mid)))
    return Chart(
        "encounters-by-origin",
        "Encounters by origin",
        "Each origin on the same logarithmic scale: a step up the axis is ten times as many; months with fewer than "
        "ten stand on the axis. Solved from these figures, as above.",
        chart.source("usbp_by_origin"),
        (*HISTORY, *(TWIN if changed is not None else ())),
        tuple(panels),
    )


def share_stopped(history: History) -> Chart:
    """Stops over stops plus encounters by month, in the model and in the figures."""
    months = series.labels(history)
    found = series.interception(history)
    figure = chart.blank(chart.TALL, "percent", months)
    chart.draw_band(figure, months, series.band(100.0 * found), "model")
    _twin(
        figure, history, months, 100.0 * series.interception(history, twin=True) if series.has_twin(history) else None
    )
    chart.draw_dots(figure, months, 100.0 * _published(history))
    changed = series.first_changed(history)
    mid = series.band(100.0 * found).mid
    return Chart(
        "share-stopped",
        "Share stopped on the way",
        "Stops by the transit country over stops plus encounters: what contention moves. Monthly stops are published "
        "from 2018 and solved for; from 2015 to 2017 they follow returns, before that the declared levers.",
        chart.source(STOPS, "usbp_by_origin"),
        (*HISTORY, BAND, *(TWIN if changed is not None else ())),
        (Panel("", figure, "percent", chart.told("Share stopped", "percent", months, mid), wide=True),),
    )  # fmt: skip


def _published(history: History) -> np.ndarray:
    """Stops over stops plus encounters of the figures, NaN where stops are not published."""
    months = series.labels(history)
    table = read(STOPS).sum("origin", min_count=1)
    stops = align.to_span(table, Span.parse(months[0], months[-1])).values
    return np.asarray(stops / (stops + history.observed.sum("origin").values))


def _twin(figure: go.Figure, history: History, months: list[str], values: xr.DataArray | None) -> None:
    """The twin world from the month before it departs, so that its line leaves from history's."""
    first = series.first_changed(history)
    if values is not None and first is not None:
        begin = max(first - 1, 0)
        chart.draw_band(figure, months[begin:], _floored(series.band(values[begin:]), 0.0), "twin world", "twin")


def _floored(found: Band, least: float = FEWEST) -> Band:
    return Band(*(np.maximum(part, least) for part in (found.low, found.mid, found.high)))
