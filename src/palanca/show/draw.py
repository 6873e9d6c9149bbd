"""Draws charts with Plotly: one function a kind, all in the palette, none with numbers in powers of ten."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Sequence
from itertools import accumulate

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from palanca.core.clock import Month
from palanca.show import number
from palanca.show.chart import Chart, Kind, Panel, Series
from palanca.show.theme import FONT, colour

TALL, LOW, ROW = 380, 230, 26  # pixels: a lone panel, one of several, a name down the side
BETWEEN = 78  # pixels between panels: names of months below one, title of the next
WIDE = 900
FEW_TICKS = 5  # along the months of a small panel, so that labels stay apart
TIP = ",.4~r"
SIDE = (Kind.dots, Kind.bars, Kind.waterfall, Kind.timeline)  # names stand down the side
LEAST = 120
LANE = 13  # pixels of one series of dots beside others of the same name
TITLE = 58  # letters of a line above a panel
LETTERS, LINE = 38, 14  # of a name down the side; pixels of one of its lines
Draw = Callable[[go.Figure, Panel], None]


def figure(chart: Chart) -> go.Figure:
    """The whole chart as one Plotly figure, for notebooks and for SVG and PNG files.

    Returns:
        A figure with its title, its key and every panel; `write_image` saves it.
    """
    parts = [panel(one, chart.kind, lone=len(chart.panels) == 1) for one in chart.panels]
    found = parts[0] if len(parts) == 1 else _side_by_side(chart, parts)
    above = _above(chart)
    found.update_layout(
        title={"text": chart.title, "x": 0.01, "xanchor": "left", "font": {"size": 17}},
        margin={"t": 84 + above, "l": 56, "r": 24, "b": 44},
        height=int(found.layout.height) + 90 + above,
        width=WIDE,
        showlegend=len(chart.key()) > 1,
        legend={"orientation": "h", "y": 0.0, "yref": "container", "yanchor": "bottom", "x": 0},
        paper_bgcolor=colour("paper"),
        plot_bgcolor=colour("paper"),
    )
    seen: set[str] = set()
    for trace in found.data:  # a series drawn in several panels, or of several pieces, stands in the key once
        trace.showlegend = bool(trace.name) and trace.hoverinfo != "skip" and trace.name not in seen
        seen.add(trace.name or "")
    return found


def _side_by_side(chart: Chart, parts: Sequence[go.Figure]) -> go.Figure:
    """Panels as one figure: two in a row, or one above the other where names stand down the side."""
    across = 1 if chart.kind in SIDE else 2
    down = -(-len(parts) // across)
    heights = [max(int(part.layout.height) for part in parts[row * across : (row + 1) * across]) for row in range(down)]
    between = BETWEEN + _above(chart)
    whole = sum(heights) + between * (down - 1)
    found = make_subplots(
        rows=down, cols=across, row_heights=[float(size) for size in heights],
        vertical_spacing=between / whole if down > 1 else 0.0, horizontal_spacing=0.12,
        subplot_titles=_titles(chart),
    )  # fmt: skip
    found.update_annotations(font={"size": 13}, yshift=6)
    for place, part in enumerate(parts):
        row, col = place // across + 1, place % across + 1
        found.add_traces(part.data, rows=row, cols=col)
        found.update_xaxes(_axis_of(part.layout.xaxis), row=row, col=col)
        found.update_yaxes(_axis_of(part.layout.yaxis), row=row, col=col)
    layout = {name: value for name, value in _layout(whole).items() if name != "margin"}
    return found.update_layout(layout)


def _titles(chart: Chart) -> list[str]:
    """What stands above each of several panels, on as many lines as it takes."""
    return [folded(f"{one.title} [{one.unit}]" if one.unit else one.title, TITLE) for one in chart.panels]


def _above(chart: Chart) -> int:
    """Pixels that titles of panels take beyond a first line."""
    lines = max(title.count("<br>") for title in _titles(chart)) if len(chart.panels) > 1 else 0
    return 2 + (LINE + 2) * lines if lines else 0


def panel(given: Panel, kind: Kind, *, lone: bool = True) -> go.Figure:
    """One panel as a figure without title or key, as a page shows it."""
    height = TALL if lone else LOW
    if kind in SIDE:
        names = list(dict.fromkeys(str(x) for one in given.series for x in one.x))
        lines = max((1 + folded(name).count("<br>") for name in names), default=1)
        lanes = LANE * len(given.series) if kind is Kind.dots else 0
        height = max(LEAST, 70 + len(names) * max(ROW, LINE * lines + 4, lanes))
    found = go.Figure(layout=_layout(height))
    found.update_layout(_axes(given, kind))
    if not lone and kind in (Kind.lines, Kind.areas):
        found.update_xaxes(nticks=FEW_TICKS)
    _DRAWN[kind](found, given)
    for at, text in given.marks:
        found.add_shape(
            type="line",
            x0=at,
            x1=at,
            y0=0,
            y1=1,
            yref="paper",
            line={"color": colour("mark"), "width": 1, "dash": "dot"},
        )
        found.add_annotation(
            x=at, y=1, yref="paper", text=text, showarrow=False, xanchor="left", yanchor="top", xshift=4,
            font={"color": colour("muted"), "size": 11},
        )  # fmt: skip
    return found


def folded(name: str, letters: int = LETTERS) -> str:
    """A name that stands down the side or above a panel, on lines of about so many letters."""
    return "<br>".join(textwrap.wrap(name, letters, break_long_words=False, break_on_hyphens=False)) or name


def _layout(height: int) -> dict[str, object]:
    return {
        "template": go.layout.Template(),  # none: every colour is ours, and the page is smaller
        "height": height,
        "margin": {"l": 48, "r": 12, "t": 28, "b": 30},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "font": {"family": FONT, "size": 12, "color": colour("ink")},
        "hoverlabel": {"bgcolor": colour("paper"), "bordercolor": colour("mark"), "font": {"color": colour("ink")}},
        "dragmode": False,
        "showlegend": False,
        "separators": ".,",
    }


def _axes(given: Panel, kind: Kind) -> dict[str, object]:
    """Axes of a panel; the unit lies flat above the numbers, where it is read without turning the head."""
    plain = {
        "automargin": True, "fixedrange": True, "gridcolor": colour("grid"), "linecolor": colour("grid"),
        "zerolinecolor": colour("mark"), "ticks": "outside", "ticklen": 4, "tickcolor": colour("grid"),
    }  # fmt: skip
    numbers = {**plain, "rangemode": "tozero" if given.zero else "normal", "nticks": 6}
    numbers |= {"exponentformat": "none", "separatethousands": True}
    if given.log:
        numbers |= {"type": "log", "dtick": 1, "rangemode": "normal"}
    across, upright = ({**plain, "showgrid": False}, numbers)
    if kind in SIDE:
        across, upright = numbers, {**plain, "autorange": "reversed", "showgrid": False, "ticks": "", "dtick": 1}
        upright |= {"type": "category"}
    if kind is Kind.timeline:
        across = {**plain, "type": "date"}
    if kind is Kind.scatter:
        across = numbers | {"title": {"text": given.x_unit, "font": {"size": 12}}}
    if kind in (Kind.lines, Kind.areas) and _dated(given.series):
        months = sorted({str(x) for one in given.series for x in one.x})
        ends = [f"{Month.parse(months[0]) + (-1)}-15", f"{Month.parse(months[-1])}-20"]
        across |= {"type": "date", "range": ends, "nticks": 8, "tickangle": 0, "hoverformat": "%B %Y"}
        if Month.parse(months[-1]) - Month.parse(months[0]) < 36:
            across |= {"tickformat": "%b\n%Y"}
    unit = {
        "text": given.unit, "xref": "paper", "yref": "paper", "x": 0, "y": 1, "xanchor": "left", "yanchor": "bottom",
        "yshift": 3, "showarrow": False, "font": {"size": 11, "color": colour("muted")},
    }  # fmt: skip
    hover = "y unified" if kind in SIDE else "x unified"
    return {
        "xaxis": across,
        "yaxis": upright,
        "annotations": [unit] if given.unit else [],
        "hovermode": "closest" if kind in (Kind.scatter, Kind.parallel, Kind.heat, Kind.timeline) else hover,
    }


def _axis_of(axis: go.layout.XAxis | go.layout.YAxis) -> dict[str, object]:
    kept = axis.to_plotly_json()
    return {name: value for name, value in kept.items() if name not in ("anchor", "domain")}


def _dated(series: Sequence[Series]) -> bool:
    return any(len(str(x)) == 7 and str(x)[4] == "-" for one in series for x in one.x[:1])


def _lines(found: go.Figure, given: Panel) -> None:
    for one in given.series:
        if one.low and one.style != "dots":
            edge = {"mode": "lines", "line": {"width": 0}, "hoverinfo": "skip", "connectgaps": False}
            found.add_scatter(x=one.x, y=one.high, **edge)
            found.add_scatter(x=one.x, y=one.low, fill="tonexty", fillcolor=_faint(one.role), **edge)
        if one.style == "dots":
            found.add_scatter(
                x=one.x, y=one.y, name=one.label, mode="markers", marker=_marker(one), hovertemplate=_tip("y")
            )
        elif one.style != "band":
            dash = "dash" if one.style == "dash" else "solid"
            look = {"color": colour(one.role), "width": 2, "dash": dash}
            found.add_scatter(x=one.x, y=one.y, name=one.label, mode="lines", line=look, hovertemplate=_tip("y"))


def _areas(found: go.Figure, given: Panel) -> None:
    for one in given.series:
        found.add_scatter(
            x=one.x, y=one.y, name=one.label, mode="lines", stackgroup="all",
            line={"color": colour(one.role), "width": 0.5}, fillcolor=colour(one.role), hovertemplate=_tip("y"),
        )  # fmt: skip


def _dots(found: go.Figure, given: Panel) -> None:
    for one in given.series:
        found.add_scatter(
            x=one.y, y=_down(one), name=one.label, mode="markers", marker=_marker(one, 9), error_x=_error(one),
            hovertemplate=_tip("x"), cliponaxis=False,
        )  # fmt: skip
    found.update_layout(scattermode="group", scattergap=0.4)


def _bars(found: go.Figure, given: Panel) -> None:
    for one in given.series:
        found.add_bar(
            x=one.y, y=_down(one), name=one.label, orientation="h", marker={"color": colour(one.role)},
            error_x=_error(one), hovertemplate=_tip("x"),
        )  # fmt: skip


def _waterfall(found: go.Figure, given: Panel) -> None:
    """First and last are levels; each step between starts where the one above it ends, its interval at its end."""
    for one in given.series:
        sizes = [value or 0.0 for value in one.y]
        starts = [0.0, *list(accumulate(sizes))[:-2], 0.0]  # a level starts from zero
        roles = ["changed" if size > 0.0 else "kind_3" for size in sizes]
        roles[0] = roles[-1] = "history"
        intervals = _error(one)
        found.add_bar(
            x=sizes, base=starts, y=one.x, name=one.label, orientation="h",
            marker={"color": [colour(role) for role in roles]},
            error_x=intervals and {**intervals, "color": colour("ink")},
            text=[_size(one, place) for place in range(len(sizes))], textposition="none",
            hovertemplate="%{text}<extra></extra>",
        )  # fmt: skip


def _size(one: Series, place: int) -> str:
    """A level, or a step with its sign and interval, for the tooltip."""
    value = one.y[place] or 0.0
    if place in (0, len(one.y) - 1):
        return number.number(value)
    low, high = (side[place] if side else None for side in (one.low, one.high))
    ends = "" if low is None or high is None else f" [{number.signed(low)}, {number.signed(high)}]"
    return number.signed(value) + ends


def _scatter(found: go.Figure, given: Panel) -> None:
    for one in given.series:
        found.add_scatter(
            x=one.x, y=one.y, name=one.label, mode="markers", marker=_marker(one, 7), text=one.names or None,
            hovertemplate=("%{text}<br>" if one.names else "") + "%{x:,.4~r}, %{y:,.4~r}<extra></extra>",
        )  # fmt: skip


def _parallel(found: go.Figure, given: Panel) -> None:
    """Each axis is scaled to its own range; the tooltip gives the value itself."""
    names = given.series[0].x
    for one in given.series:
        scaled = []
        for place, value in enumerate(one.y):
            column = [other.y[place] for other in given.series]
            low, high = (end(y for y in column if y is not None) for end in (min, max))
            scaled.append(None if value is None else 0.5 if high == low else (value - low) / (high - low))
        found.add_scatter(
            x=names, y=scaled, name=one.label, mode="lines+markers", line={"color": colour(one.role), "width": 1.5},
            text=[f"{name}: {number.number(np.nan if y is None else y)}" for name, y in zip(names, one.y, strict=True)],
            hovertemplate="%{text}<extra>" + one.label + "</extra>",
        )  # fmt: skip
    found.update_yaxes(showticklabels=False, ticks="", range=[-0.05, 1.05])


def _timeline(found: go.Figure, given: Panel) -> None:
    """`low` and `high` of a series are the first and last month of the stretch of each name, as ordinals of `y`."""
    for one in given.series:
        for name, start, end, label in zip(one.x, one.low, one.high, one.names or one.x, strict=True):
            if start is not None and end is not None:
                first, last = (f"{Month(int(place))}-01" for place in (start, end + 1))
                found.add_scatter(
                    x=[first, last], y=[folded(str(name))] * 2, mode="lines", name=one.label, text=[str(label)] * 2,
                    line={"color": colour(one.role), "width": 9}, hovertemplate="%{text}<extra></extra>",
                )  # fmt: skip


def _heat(found: go.Figure, given: Panel) -> None:
    """One series a row; its label names the row."""
    names = given.series[0].x
    rows = [list(one.y) for one in given.series]
    found.add_heatmap(
        x=names, y=[one.label for one in given.series], z=rows, showscale=False,
        colorscale=[[0, colour("grid")], [1, colour("history")]],
        hovertemplate="%{y}, %{x}: %{z:,.4~r}<extra></extra>",
    )  # fmt: skip
    found.update_yaxes(autorange="reversed")


def _down(one: Series) -> list[str]:
    """Names of a series as they stand down the side."""
    return [folded(str(name)) for name in one.x]


def _error(one: Series) -> dict[str, object] | None:
    if not one.low:
        return None
    sides = [
        (None, None) if y is None or low is None or high is None else (high - y, y - low)
        for y, low, high in zip(one.y, one.low, one.high, strict=True)
    ]
    return {
        "type": "data", "symmetric": False, "array": [up for up, _ in sides], "arrayminus": [down for _, down in sides],
        "color": colour(one.role), "thickness": 1.5, "width": 0,
    }  # fmt: skip


def _marker(one: Series, size: int = 5) -> dict[str, object]:
    return {"color": colour(one.role), "size": size, "line": {"width": 0}}


def _faint(role: str) -> str:
    if f"{role}_band" in ("history_band", "changed_band"):
        return colour(f"{role}_band")
    red, green, blue = (int(colour(role)[place : place + 2], 16) for place in (1, 3, 5))
    return f"rgba({red},{green},{blue},0.2)"


def _tip(axis: str) -> str:
    return f"%{{{axis}:{TIP}}}"


_DRAWN: dict[Kind, Draw] = {
    Kind.lines: _lines,
    Kind.areas: _areas,
    Kind.dots: _dots,
    Kind.bars: _bars,
    Kind.waterfall: _waterfall,
    Kind.scatter: _scatter,
    Kind.parallel: _parallel,
    Kind.timeline: _timeline,
    Kind.heat: _heat,
}
