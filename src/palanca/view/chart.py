"""What a chart is: panels that draw one thing each, a key, a caption and where its figures come from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go

from palanca.core.clock import Month
from palanca.data import catalogue
from palanca.view.series import Band
from palanca.view.theme import FONT, cell, colour, month_name

TALL, MIDDLE, LOW = 380, 290, 190


@dataclass(frozen=True)
class Mark:
    """One line of a chart's key.

    Args:
        label: What it stands for.
        role: Part of the palette.
        shape: `line`, `band`, `dot` or `area`.
    """

    label: str
    role: str
    shape: str


@dataclass(frozen=True)
class Panel:
    """One drawn figure; charts of many small panels have one each.

    Args:
        title: Shown above it; empty for a lone panel.
        figure: The drawing, in light colours.
        unit: Unit of the vertical axis, or of the horizontal one where that carries the numbers.
        alt: What a reader who cannot see it should know.
        wide: Whether it takes the whole width of a page.
    """

    title: str
    figure: go.Figure
    unit: str
    alt: str
    wide: bool = False


@dataclass(frozen=True)
class Chart:
    """A chart as every outlet shows it.

    Args:
        id: Short name, used as an anchor.
        title: Heading.
        caption: One sentence that says what to see.
        source: Publishers of the figures; empty when it shows the model alone.
        key: What colours and shapes stand for.
        panels: One wide panel, or many small ones that flow into a grid.
    """

    id: str
    title: str
    caption: str
    source: str
    key: tuple[Mark, ...]
    panels: tuple[Panel, ...]


def source(*ids: str) -> str:
    """Publishers and tables of catalogued series, each once."""
    tables: dict[str, list[str]] = {}
    for one in map(catalogue.get, ids):
        tables.setdefault(one.publisher, []).append(one.table)
    return "; ".join(f"{publisher}, {' and '.join(dict.fromkeys(found))}" for publisher, found in tables.items())


def told(what: str, unit: str, months: list[str], values: np.ndarray) -> str:
    """A drawn series in words: its span, its highest month and its last, for readers who cannot see it."""
    known = np.flatnonzero(np.isfinite(values))
    if not known.size:
        return f"{what}: no values."
    top, last = known[np.argmax(values[known])], known[-1]
    return (
        f"{what}, {month_name(months[known[0]])} to {month_name(months[last])}, in {unit}: highest in "
        f"{month_name(months[top])} at {cell(float(values[top]))}, last {cell(float(values[last]))}."
    )


def blank(height: int, unit: str, months: Sequence[str] = ()) -> go.Figure:
    """An empty figure with a unit on the vertical axis, and these months across; without months it frames itself."""
    line = {"gridcolor": colour("grid"), "linecolor": colour("grid"), "zerolinecolor": colour("mark")}
    small = height < MIDDLE
    ends = [f"{Month.parse(months[0][:7]) + (-1)}-15", f"{Month.parse(months[-1][:7])}-20"] if months else None
    axis = {
        **line,
        "automargin": True,
        "ticks": "outside",
        "ticklen": 4,
        "tickcolor": colour("grid"),
        "fixedrange": True,
    }
    return go.Figure(
        layout={
            "template": go.layout.Template(),  # none: every colour is ours, and the page is smaller
            "height": height,
            "margin": {"l": 36 if small else 48, "r": 12, "t": 22 if small else 26, "b": 8},
            "paper_bgcolor": "rgba(0,0,0,0)",
            "plot_bgcolor": "rgba(0,0,0,0)",
            "font": {"family": FONT, "size": 11 if small else 13, "color": colour("ink")},
            "hovermode": "x unified",
            "hoverlabel": {"bgcolor": colour("paper"), "bordercolor": colour("mark"), "font": {"color": colour("ink")}},
            "dragmode": False,
            "showlegend": False,
            "xaxis": {
                **axis, "type": "date", "range": ends, "showgrid": False, "nticks": 7 if small else 8, "tickangle": 0,
                "hoverformat": "%B %Y",
            },
            "yaxis": {
                **axis, "showline": False, "nticks": 4 if small else 6, "rangemode": "tozero",
                "separatethousands": True,
            },
            # The unit lies flat above the axis, where it is read without turning the head and costs no width.
            "annotations": [
                {
                    "text": unit, "xref": "paper", "yref": "paper", "x": 0, "y": 1, "xanchor": "left",
                    "yanchor": "bottom", "yshift": 3, "showarrow": False,
                    "font": {"size": 10 if small else 12, "color": colour("muted")},
                }
            ],
        }
    )  # fmt: skip


def draw_band(figure: go.Figure, months: list[str], band: Band, name: str, role: str = "model") -> None:
    """A median line over its 90 % band."""
    edge = {"mode": "lines", "line": {"width": 0}, "hoverinfo": "skip", "connectgaps": False}
    figure.add_scatter(x=months, y=_plain(band.high), **edge)
    figure.add_scatter(x=months, y=_plain(band.low), fill="tonexty", fillcolor=colour(f"{role}_band"), **edge)
    draw_line(figure, months, band.mid, name, role)


def draw_line(figure: go.Figure, months: list[str], values: np.ndarray, name: str, role: str = "model") -> None:
    """One line."""
    figure.add_scatter(
        x=months, y=_plain(values), name=name, mode="lines", line={"color": colour(role), "width": 2},
        hovertemplate="%{y:,.4~g}",
    )  # fmt: skip


def draw_dots(figure: go.Figure, months: list[str], values: np.ndarray, name: str = "figures", size: int = 5) -> None:
    """Published figures as dots; months without one are left out."""
    seen = np.isfinite(values)
    figure.add_scatter(
        x=[month for month, there in zip(months, seen, strict=True) if there],
        y=_plain(values[seen]),
        name=name,
        mode="markers",
        marker={"color": colour("figures"), "size": size, "line": {"width": 0}},
        hovertemplate="%{y:,.4~g}",
    )


def draw_stack(figure: go.Figure, months: list[str], values: np.ndarray, name: str, role: str) -> None:
    """One layer of a stack of areas."""
    figure.add_scatter(
        x=months, y=_plain(values), name=name, mode="lines", stackgroup="all",
        line={"color": colour(role), "width": 0.5}, fillcolor=colour(role), hovertemplate="%{y:,.3~g}",
    )  # fmt: skip


def mark_month(figure: go.Figure, month: str, text: str = "") -> None:
    """An upright line at a month, with a word beside it."""
    line = {"color": colour("mark"), "width": 1, "dash": "dot"}
    figure.add_shape(type="line", x0=month, x1=month, y0=0, y1=1, yref="paper", line=line)
    if text:
        figure.add_annotation(
            x=month, y=1, yref="paper", text=text, showarrow=False, xanchor="left", yanchor="top", xshift=4,
            font={"color": colour("muted"), "size": 11},
        )  # fmt: skip


def _plain(values: np.ndarray) -> list[float | None]:
    """Four significant digits are more than a screen shows, and keep a page small."""
    return [float(f"{value:.5g}") if np.isfinite(value) else None for value in values]
