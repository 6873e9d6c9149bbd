"""Charts of leverage: who would come and what be lost if cooperation stopped, in a month and in time, and by issue."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from palanca.experiments.leverage import STOPS, Course
from palanca.view import chart
from palanca.view.chart import Chart, Mark, Panel
from palanca.view.leverage_tables import EVENTS, NAMES, OneMonth, Study, spread
from palanca.view.series import Band
from palanca.view.theme import cell, colour, month_name, rounded

PAYOFF = "payoff"
SOURCE = chart.source("usbp_by_origin", "mx_stops_by_origin")
ROW_HEIGHT = 46
WIDTH = 24  # letters of a line of text beside dots
IN_PAYOFF = ("sensitivity", "vulnerability", "shadow_price", "realised", "stopping")
INTERVAL = "dots are medians, bars the 90 % interval"
Line = tuple[str, tuple[float, float, float]]


def of_study(study: Study) -> list[Chart]:
    """Charts of what was asked for: through time, the month, its gains shared out."""
    drawn = [] if study.course is None else [through_time(study, study.course)]
    return drawn if study.one is None else [*drawn, of_month(study, study.one), shares(study, study.one)]


def through_time(study: Study, found: Course) -> Chart:
    """Encounters and what would come besides, and payoffs, by first month of the window."""
    holder, depends = study.parties[study.holder], study.parties[study.depends]
    months = [str(month) for month in found.people.months]
    total = np.median(found.people.encounters[:, 0].sum(axis=1), axis=-1)
    more, lost, left = (_band(rows) for rows in (found.people.more(STOPS[2]), found.sensitivity, found.vulnerability))
    people = chart.blank(chart.TALL, EVENTS, months)
    chart.draw_band(people, months, more, f"more if {holder} stops")
    chart.draw_line(people, months, total, "encounters as recorded", "figures")
    payoff = chart.blank(chart.MIDDLE, PAYOFF, months)
    chart.draw_band(payoff, months, lost, "sensitivity")
    chart.draw_line(payoff, months, left.mid, "vulnerability", "twin")  # its band nearly covers the other
    told = chart.told("Encounters as recorded", EVENTS, months, total)
    told += " " + chart.told(f"More if {holder} stops", EVENTS, months, more.mid)
    worth = chart.told("Sensitivity", PAYOFF, months, lost.mid)
    worth += " " + chart.told("Vulnerability", PAYOFF, months, left.mid)
    return Chart(
        "leverage-course",
        "Who comes, and who would come: leverage is not the count of people",
        f"Means over windows of three months by their first month, and what would come besides, had {holder} stopped; "
        f"below, what {depends} would lose by it at once (sensitivity) and after using its own means (vulnerability), "
        f"in {study.unit}. Lines are medians, bands the 90 % interval; that of vulnerability is as wide.",
        SOURCE,
        (
            Mark("encounters as recorded", "figures", "line"),
            Mark(f"more if {holder} stops; sensitivity", "model", "line"),
            Mark("vulnerability", "twin", "line"),
        ),
        (
            Panel("In people", people, EVENTS, told, wide=True),
            Panel("In payoff", payoff, PAYOFF, worth, wide=True),
        ),
    )


def of_month(study: Study, one: OneMonth) -> Chart:
    """Further encounters by world, and payoffs, with intervals."""
    holder, depends = study.parties[study.holder], study.parties[study.depends]
    people: list[Line] = [(world, spread(one.people.more(world)[0] / 1e3)) for world in STOPS[1:]]
    payoff: list[Line] = [(NAMES[name], spread(getattr(one.payoffs, name))) for name in IN_PAYOFF]
    return Chart(
        "leverage-month",
        f"If {holder} withdrew from {month_name(str(one.month))} on",
        f"Further encounters a month than recorded over three months by what {holder} does, and what it is worth to "
        f"{depends} and to {holder}: {INTERVAL}. Payoff in {study.unit}.",
        SOURCE,
        (Mark("people", "model", "dot"), Mark("payoff", "twin", "dot")),
        (
            _dots("Further encounters", people, "thousand / month", "model"),
            _dots("Payoffs", payoff, PAYOFF, "twin"),
        ),
    )


def shares(study: Study, one: OneMonth) -> Chart:
    """Of which issues each party's gain is made."""
    found, roles = one.sharing, ("kind_1", "kind_2", "kind_3", "kind_4", "kind_5")
    panels = []
    for p, party in enumerate(study.parties):
        rows: list[Line] = [
            (issue.replace("_", " "), spread(found.shares[:, k, p])) for k, issue in enumerate(found.issues)
        ]
        panels.append(_dots(party, rows, PAYOFF, roles[p % len(roles)]))
    return Chart(
        "leverage-shares",
        "Of which issues gains are made",
        "Shapley shares: what an issue adds to a party's gain from the deal, mean over all orders in which issues "
        f"could come to the table; {INTERVAL}. They move when issues are cut otherwise.",
        "",
        tuple(Mark(party, roles[p % len(roles)], "dot") for p, party in enumerate(study.parties)),
        tuple(panels),
    )


def _band(rows: np.ndarray) -> Band:
    low, mid, high = np.array([spread(row) for row in rows]).T
    return Band(low, mid, high)


def _dots(title: str, rows: Sequence[Line], unit: str, role: str) -> Panel:
    figure = chart.blank(90 + ROW_HEIGHT * len(rows), "")
    places = list(range(len(rows)))[::-1]
    values = [numbers for _, numbers in rows]
    figure.add_scatter(
        x=[_rounded(mid) for _, mid, _ in values],
        y=places,
        mode="markers",
        marker={"color": colour(role), "size": 8},
        error_x={
            "type": "data", "symmetric": False, "color": colour(role), "thickness": 2, "width": 0,
            "array": [_length(high - mid) for _, mid, high in values],
            "arrayminus": [_length(mid - low) for low, mid, _ in values],
        },
        customdata=[[cell(low), cell(high)] for low, _, high in values],
        hovertemplate="%{x:.3~g} [%{customdata[0]} to %{customdata[1]}]<extra></extra>",
    )  # fmt: skip
    _across(figure, [_folded(name) for name, _ in rows], places, unit)
    words = ", ".join(f"{name} {rounded(mid)}" for name, (_, mid, _) in rows)
    return Panel(title, figure, unit, f"{title}, median, {unit}: {words}.")


def _across(figure: go.Figure, names: list[str], places: Sequence[int], unit: str) -> None:
    """Numbers across, names down, a line at zero."""
    small = {"size": 12}
    figure.update_layout(hovermode="closest", annotations=[], font=small, margin={"t": 4})
    figure.update_xaxes(
        type="linear", title={"text": unit, "font": small, "standoff": 8}, range=None, showgrid=True, zeroline=True,
        zerolinecolor=colour("mark"), nticks=6, hoverformat=None, rangemode="tozero",
    )  # fmt: skip
    figure.update_yaxes(
        tickvals=list(places), ticktext=names, rangemode="normal", showgrid=False, zeroline=False, nticks=None,
        ticks="", range=[-0.6, len(places) - 0.4],
    )  # fmt: skip


def _rounded(value: float) -> float | None:
    return round(value, 3) if np.isfinite(value) else None


def _length(value: float) -> float:
    return round(value, 3) if np.isfinite(value) else 0.0


def _folded(text: str) -> str:
    """Text on lines of about so many letters."""
    lines = [""]
    for word in text.split():
        last = f"{lines[-1]} {word}".strip()
        lines = [*lines[:-1], last] if len(last) <= WIDTH or not lines[-1] else [*lines, word]
    return "<br>".join(lines)
