"""Charts of a change shared out: the steps from one month to the other, and many changes beside one another."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from palanca.questions.why.causes import CAUSES, GROUPS, UNDER_WAY
from palanca.questions.why.episodes import Told
from palanca.questions.why.shares import Why
from palanca.view import chart
from palanca.view import why_prose as prose
from palanca.view.chart import Chart, Mark, Panel
from palanca.view.theme import colour, month_name, percent, whole

LEVELS = (0.05, 0.95)
ROW = 34
SOURCE = chart.source("usbp_by_origin")
EDGE = 0.06


def waterfall(found: Why, anchor: str = "why") -> Chart:
    """From the first month to the second, step by step: each cause with its 90 % interval."""
    steps = [name for name in (UNDER_WAY, *CAUSES) if name == UNDER_WAY or name in found.moved]
    mean = [float(found.people[name].mean()) for name in steps]
    before, after = float(found.before.mean()), float(found.after.mean())
    starts = before + np.concatenate([[0.0], np.cumsum(mean)[:-1]])
    names = [month_name(str(found.months[0])), *(prose.label(found, name) for name in steps)]
    names.append(month_name(str(found.months[1])))
    places = list(range(len(names)))[::-1]
    figure = chart.blank(70 + ROW * len(names), "")
    for place, value in ((places[0], before), (places[-1], after)):
        _bar(figure, (0.0, value), place, "figures", whole(value))
    for place, name, start, size in zip(places[1:-1], steps, starts, mean, strict=True):
        low, high = (float(one) for one in np.quantile(found.people[name], LEVELS))
        told = f"{_plus(size)} [{_plus(low)} to {_plus(high)}]"
        _bar(figure, (start, size), place, "model" if size < 0.0 else "twin", told, (low, high))
    _rows(figure, names, places, found.asked.outcome.unit)
    words = "; ".join(f"{name} {_plus(size)}" for name, size in zip(names[1:-1], mean, strict=True))
    return Chart(
        anchor,
        f"{prose.title(found.asked, found)}: what the change from {month_name(str(found.months[0]))} to "
        f"{month_name(str(found.months[1]))} is made of",
        "Each step starts where the one above it ends; the steps sum to the change in every draw. Thin lines are 90 % "
        "intervals of a step.",
        SOURCE if found.figures is not None else "",
        (Mark("lowers it", "model", "area"), Mark("raises it", "twin", "area"), Mark("month", "figures", "area")),
        (Panel("", figure, found.asked.outcome.unit, f"Steps from {names[0]} to {names[-1]}: {words}.", wide=True),),
    )


def episodes(given: Sequence[Told]) -> Chart:
    """Shares of groups of causes in every change, one panel each on one scale."""
    panels = [_episode(one) for one in given]
    ends = [float(x) for one in given for name in GROUPS for x in np.quantile(_share(one.why, name), LEVELS)]
    edge = EDGE * (max(ends) - min(ends))
    for panel in panels:
        panel.figure.update_xaxes(range=[min(ends) - edge, max(ends) + edge])
    return Chart(
        "why-episodes",
        "Six changes that the sources explain, shared out among their causes",
        "Share of each change, 100 % in all: dots are medians, bars 90 % intervals; below zero a cause worked against "
        "the change. Groups of causes that a source names are coloured apart.",
        SOURCE,
        (Mark("a source names it", "twin", "dot"), Mark("no source names it", "model", "dot")),
        tuple(panels),
    )


def _episode(told: Told) -> Panel:
    names = [prose.group(told.why, name) for name in GROUPS]
    places = list(range(len(names)))[::-1]
    figure = chart.blank(60 + 30 * len(names), "")
    claimed = {claim.group for claim in told.change.claims}
    for name, place in zip(GROUPS, places, strict=True):
        low, mid, high = (float(one) for one in np.quantile(_share(told.why, name), (0.05, 0.5, 0.95)))
        role = "twin" if name in claimed else "model"
        figure.add_scatter(
            x=[round(mid, 1)], y=[place], mode="markers", marker={"color": colour(role), "size": 8},
            error_x={
                "type": "data", "symmetric": False, "color": colour(role), "thickness": 2, "width": 0,
                "array": [round(high - mid, 1)], "arrayminus": [round(mid - low, 1)],
            },
            hovertemplate=f"{percent(mid)} [{percent(low)} to {percent(high)}]<extra></extra>",
        )  # fmt: skip
    _rows(figure, names, places, "% of the change")
    words = ", ".join(
        f"{name} {percent(float(np.median(_share(told.why, key))))}" for key, name in zip(GROUPS, names, strict=True)
    )
    return Panel(
        f"{prose.span(told.why)}: {_plus(float(told.why.change.mean()))}",
        figure,
        "% of the change",
        f"{prose.span(told.why)}, shares of the change: {words}.",
    )


def _share(found: Why, name: str) -> np.ndarray:
    return 100.0 * found.group(name) / found.change


def _bar(
    figure: go.Figure,
    span: tuple[float, float],
    place: int,
    role: str,
    told: str,
    ends: tuple[float, float] | None = None,
) -> None:
    """One bar from where it starts, with the interval of its end."""
    start, size = span
    whisker = None
    if ends is not None:
        whisker = {
            "type": "data", "symmetric": False, "color": colour("ink"), "thickness": 1.2, "width": 3,
            "array": [round(ends[1] - size, 1)], "arrayminus": [round(size - ends[0], 1)],
        }  # fmt: skip
    figure.add_bar(
        x=[round(size, 1)], base=[round(start, 1)], y=[place], orientation="h", width=0.62, error_x=whisker,
        marker={"color": colour(role), "line": {"width": 0}}, hovertemplate=f"{told}<extra></extra>",
    )  # fmt: skip


def _rows(figure: go.Figure, names: Sequence[str], places: Sequence[int], unit: str) -> None:
    """Numbers across, names down."""
    small = {"size": 12}
    figure.update_layout(hovermode="closest", annotations=[], font=small, margin={"t": 4, "r": 20}, barmode="overlay")
    figure.update_xaxes(
        type="linear", title={"text": unit, "font": small, "standoff": 8}, range=None, showgrid=True, zeroline=True,
        zerolinecolor=colour("mark"), nticks=6, hoverformat=None, separatethousands=True,
    )  # fmt: skip
    figure.update_yaxes(
        tickvals=list(places), ticktext=[_folded(name) for name in names], rangemode="normal", showgrid=False,
        zeroline=False, nticks=None, ticks="", ticklabelstandoff=6, range=[min(places) - 0.6, max(places) + 0.6],
    )  # fmt: skip


def _plus(value: float) -> str:
    return f"+{whole(value)}" if value > 0.0 else whole(value)


def _folded(text: str, width: int = 34) -> str:
    """Text on lines of about so many letters."""
    lines = [""]
    for word in text.split():
        if lines[-1] and len(lines[-1]) + 1 + len(word) > width:
            lines.append(word)
        else:
            lines[-1] = f"{lines[-1]} {word}".strip()
    return "<br>".join(lines)
