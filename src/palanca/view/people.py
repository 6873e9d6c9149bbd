"""Charts of what becomes of people: what follows encounters, who is on hold, who dies on the way."""

from __future__ import annotations

import numpy as np

from palanca.infer.history import History
from palanca.view import chart, series
from palanca.view.chart import Chart, Mark, Panel
from palanca.view.theme import colour

OUTCOMES = {
    "let_in": "let in",
    "detained": "detained",
    "home": "sent home",
    "abroad": "made to wait abroad",
    "expelled": "expelled",
}
STOCKS = {
    "south": "taken back south",
    "waiting": "waiting at the line",
    "again": "about to try again",
    "abroad": "made to wait abroad",
}
PLACES = {"border": "At the border", "transit": "In the transit country", "darien": "In the Darien"}


def what_follows(history: History) -> Chart:
    """What followed encounters between ports, as shares of the month."""
    months = series.labels(history)
    events = history.result["follow"].mean("draw")
    shares = 100.0 * events / events.sum("outcome")
    figure = chart.blank(chart.TALL, "percent of encounters", months)
    key, told = [], []
    for number, (code, label) in enumerate(OUTCOMES.items(), 1):
        values = shares.sel(outcome=code).values
        chart.draw_stack(figure, months, values, label, f"kind_{number}")
        key.append(Mark(label, f"kind_{number}", "area"))
        told.append(chart.told(label.capitalize(), "percent", months, values))
    figure.update_yaxes(range=[0, 100])
    return Chart(
        "what-follows",
        "What follows an encounter",
        "Of all encounters of a month, the share that ended each way (mean over draws); replay takes these shares "
        "from the figures, by origin and group.",
        chart.source("follow_by_origin", "follow_by_group"),
        tuple(reversed(key)),
        (Panel("", figure, "percent of encounters", " ".join(told), wide=True),),
    )


def on_hold(history: History) -> Chart:
    """People on hold at the end of each month, by kind."""
    months = series.labels(history)
    figure = chart.blank(chart.TALL, "people", months)
    key, told = [], []
    for number, (code, label) in enumerate(STOCKS.items(), 1):
        values = series.band(history.result["stocks"].sel(stock=code)).mid
        chart.draw_stack(figure, months, values, label, f"kind_{number}")
        key.append(Mark(label, f"kind_{number}", "area"))
        told.append(chart.told(label.capitalize(), "people", months, values))
    return Chart(
        "on-hold",
        "People on hold",
        "People in the transit country who are kept from going on, at the end of each month (medians): nobody "
        "publishes them, so this is the model's account of people, not a count.",
        "",
        tuple(reversed(key)),
        (Panel("", figure, "people", " ".join(told), wide=True),),
    )


def deaths(history: History) -> Chart:
    """Deaths on the way by place and calendar year, in the model and as recorded."""
    recorded = next((one for one in history.agreement if one.name == "deaths"), None)
    years = history.result.month.dt.year.values
    panels = []
    for place, title in PLACES.items():
        if place not in history.result.place.values:
            continue
        yearly = history.result["deaths"].sel(place=place).groupby("month.year").sum("month")
        found = series.band(yearly)
        figure = chart.blank(chart.LOW + 30, "deaths / year")
        ticks = [str(year) for year in yearly.year.values]
        figure.add_bar(
            x=ticks,
            y=[round(float(v), 2) for v in found.mid],
            name="model",
            marker={"color": colour("model_band"), "line": {"color": colour("model"), "width": 1}},
            error_y={
                "type": "data",
                "symmetric": False,
                "array": [float(v) for v in found.high - found.mid],
                "arrayminus": [float(v) for v in found.mid - found.low],
                "color": colour("model"),
                "width": 2,
                "thickness": 1,
            },
            hovertemplate="%{y:.0f}",
        )
        if recorded is not None and place in recorded.labels:
            counts = recorded.counts[:, recorded.labels.index(place)]
            whole = [counts[years == year] for year in yearly.year.values]
            sums = np.array([part.sum() if np.isfinite(part).all() else np.nan for part in whole])
            chart.draw_dots(figure, ticks, sums, "recorded", size=7)
        figure.update_xaxes(type="category", hoverformat="", nticks=6)
        words = ", ".join(f"{year}: {round(float(value))}" for year, value in zip(ticks, found.mid, strict=True))
        panels.append(Panel(title, figure, "deaths / year", f"Deaths, {title.lower()}, model medians. {words}."))
    return Chart(
        "deaths",
        "Deaths on the way",
        "Deaths by place and year, as recorded and in the model, whose rates per crossing are fixed over the years; "
        "records are a lower bound, and the first and last years are covered in part.",
        chart.source("deaths_by_place"),
        (
            Mark("recorded dead and missing", "figures", "dot"),
            Mark("model, median and 90 % band", "model_band", "area"),
        ),
        tuple(panels),
    )
