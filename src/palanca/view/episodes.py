"""Charts of episodes predicted and seen, and of one month's change taken apart."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from palanca.evidence.episodes import LEVERS, NO_EFFECT, PRACTICE, RULES, SIDES, Outcome
from palanca.questions.why import decompose, differences
from palanca.questions.why.decompose import Shares
from palanca.questions.why.differences import Differences
from palanca.view import chart
from palanca.view.chart import Chart, Mark, Panel
from palanca.view.episode_prose import NAMES, signed
from palanca.view.theme import colour, month_name

UNIT = "log points"
ROLES = {NO_EFFECT: "kind_6", LEVERS: "model", PRACTICE: "twin"}
SEEN_OFFSET = 0.27
OFFSETS = {NO_EFFECT: 0.09, LEVERS: -0.09, PRACTICE: -0.27}
TITLES = {"contrast": "Covered less uncovered", "covered": "Covered origins", "uncovered": "Uncovered origins"}
SOURCE = chart.source("usbp_by_origin")
ROW_HEIGHT = 60
EDGE = 0.04  # room at both ends of an axis, as a share of it
METHODS = {"model": ("palanca", "model"), "panel": ("panel and differences", "kind_3")}


def of_study(outcomes: Sequence[Outcome], shares: Shares, apart: Differences) -> list[Chart]:
    """Charts: contrasts and sides of every episode, and the change taken apart."""
    return [contrasts(outcomes), sides(outcomes), taken_apart(shares, apart)]


def contrasts(outcomes: Sequence[Outcome]) -> Chart:
    """The contrast of every episode, predicted and seen."""
    seen = [one.contrast_seen for one in outcomes]
    drawn = {rule: [one.contrast(rule) for one in outcomes] for rule in RULES}
    return Chart(
        "episodes",
        "Episodes that the fit never saw: contrast between covered and uncovered origins",
        "Log change from the month before, covered less uncovered origins, mean of the episode's months: dots are "
        "medians, bars the 90 % interval, diamonds what the figures showed.",
        SOURCE,
        _key(),
        (_intervals("contrast", outcomes, drawn, seen),),
    )


def sides(outcomes: Sequence[Outcome]) -> Chart:
    """Both sides of every episode, predicted and seen."""
    panels = []
    for s, side in enumerate(SIDES):
        seen = [float(one.seen[:, s].mean()) for one in outcomes]
        drawn = {rule: [one.predicted[rule][:, s].mean(axis=0) for one in outcomes] for rule in RULES}
        panels.append(_intervals(side, outcomes, drawn, seen))
    _on_one_scale(panels)
    return Chart(
        "episodes-sides",
        "The two sides of every episode",
        "Log change from the month before, mean of the episode's months, of the origins whose levers moved and "
        "of those they are compared with.",
        SOURCE,
        _key(),
        tuple(panels),
    )


def taken_apart(shares: Shares, apart: Differences) -> Chart:
    """One month's change in parts, by two methods."""
    panels = []
    rows: dict[str, list[tuple[str, float, float, float]]] = {
        "model": [
            (
                decompose.PARTS[name],
                float(np.quantile(draws, 0.05)),
                float(draws.mean()),
                float(np.quantile(draws, 0.95)),
            )
            for name, draws in shares.parts.items()
        ],
        "panel": [
            (differences.PARTS[name], apart.low[name], value, apart.high[name]) for name, value in apart.parts.items()
        ],
    }
    for method, found in rows.items():
        title, role = METHODS[method]
        figure = chart.blank(90 + 40 * len(found), "")
        places = list(range(len(found)))[::-1]
        _bars(figure, [row[2] for row in found], [row[1] for row in found], [row[3] for row in found], places, role)
        _across(figure, [_folded(row[0]) for row in found], places)
        words = ", ".join(f"{row[0].lower()} {signed(row[2])}" for row in found)
        panels.append(Panel(title, figure, UNIT, f"Parts of the change by {title}: {words}.", wide=True))
    _on_one_scale(panels)
    return Chart(
        "taken-apart",
        f"What the change from {month_name(str(shares.month + (-1)))} to {month_name(str(shares.month))} is made of",
        f"Parts of the log change of all encounters, {signed(shares.seen)} in all, with 90 % intervals: by the "
        "model, and by a method without it.",
        SOURCE,
        tuple(Mark(name, role, "dot") for name, role in METHODS.values()),
        tuple(panels),
    )


def _key() -> tuple[Mark, ...]:
    return (*(Mark(NAMES[rule], ROLES[rule], "dot") for rule in RULES), Mark("figures", "figures", "dot"))


def _intervals(what: str, outcomes: Sequence[Outcome], drawn: dict[str, list[np.ndarray]], seen: list[float]) -> Panel:
    figure = chart.blank(70 + ROW_HEIGHT * len(outcomes), "")
    places = list(range(len(outcomes)))[::-1]
    for rule in RULES:
        low, mid, high = np.quantile(np.array(drawn[rule]), (0.05, 0.5, 0.95), axis=1)
        shifted = [place + OFFSETS[rule] for place in places]
        _bars(figure, mid.tolist(), low.tolist(), high.tolist(), shifted, ROLES[rule])
    figure.add_scatter(
        x=[round(value, 3) for value in seen], y=[place + SEEN_OFFSET for place in places],
        mode="markers", name="figures",
        marker={"color": colour("figures"), "size": 10, "symbol": "diamond"},
        hovertemplate="figures: %{x:+.2f}<extra></extra>",
    )  # fmt: skip
    _across(figure, [f"{_folded(one.episode.title, 24)}<br>{one.episode.months[0]}" for one in outcomes], places)
    words = "; ".join(
        f"{one.episode.title} {signed(value)}, predicted {signed(float(np.median(drawn[PRACTICE][i])))}"
        for i, (one, value) in enumerate(zip(outcomes, seen, strict=True))
    )
    return Panel(TITLES[what], figure, UNIT, f"{TITLES[what]}, log change seen: {words}.", wide=what == "contrast")


def _bars(
    figure: go.Figure, mid: list[float], low: list[float], high: list[float], places: Sequence[float], role: str
) -> None:
    """Dots with their intervals; a value without one stands alone."""
    figure.add_scatter(
        x=[round(value, 3) for value in mid],
        y=list(places),
        mode="markers",
        marker={"color": colour(role), "size": 7},
        error_x={
            "type": "data", "symmetric": False, "color": colour(role), "thickness": 2, "width": 0,
            "array": [_length(top - at) for at, top in zip(mid, high, strict=True)],
            "arrayminus": [_length(at - bottom) for at, bottom in zip(mid, low, strict=True)],
        },
        customdata=[[signed(a), signed(b)] for a, b in zip(low, high, strict=True)],
        hovertemplate="%{x:+.2f} [%{customdata[0]} to %{customdata[1]}]<extra></extra>",
    )  # fmt: skip


def _on_one_scale(panels: Sequence[Panel]) -> None:
    """Give all panels the same range of numbers."""
    every = [float(x) for panel in panels for trace in panel.figure.data for x in _ends(trace)]
    edge = EDGE * (max(every) - min(every))
    for panel in panels:
        panel.figure.update_xaxes(range=[min(every) - edge, max(every) + edge])


def _ends(trace: go.Scatter) -> list[float]:
    """Where a trace's dots and intervals end."""
    low, high = (trace.error_x[side] or [0.0] * len(trace.x) for side in ("arrayminus", "array"))
    return [x + way for x, below, above in zip(trace.x, low, high, strict=True) for way in (-below, above)]


def _length(value: float) -> float:
    return round(value, 3) if np.isfinite(value) else 0.0


def _across(figure: go.Figure, names: list[str], places: Sequence[float]) -> None:
    """Numbers across, names down, a line at zero."""
    small = {"size": 12}
    figure.update_layout(hovermode="closest", annotations=[], font=small, margin={"t": 4})
    figure.update_xaxes(
        type="linear", title={"text": UNIT, "font": small, "standoff": 8}, range=None, showgrid=True, zeroline=True,
        zerolinecolor=colour("mark"), nticks=7, hoverformat=None, tickformat=".1f",
    )  # fmt: skip
    figure.update_yaxes(
        tickvals=list(places), ticktext=names, rangemode="normal", showgrid=False, zeroline=False, nticks=None,
        ticks="", range=[min(places) - 0.6, max(places) + 0.6],
    )  # fmt: skip


def _folded(text: str, width: int = 34) -> str:
    """Text on lines of about so many letters."""
    lines = [""]
    for word in text.split():
        if lines[-1] and len(lines[-1]) + 1 + len(word) > width:
            lines.append(word)
        else:
            lines[-1] = f"{lines[-1]} {word}".strip()
    return "<br>".join(lines)
