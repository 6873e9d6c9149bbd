"""Named intervals, one a row: a dot at the median, a bar over the 90 % interval."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from palanca.view import chart
from palanca.view.chart import Panel
from palanca.view.theme import cell, colour, rounded

ROW_HEIGHT = 30
AROUND = 70
LETTERS = 26  # of a line of text beside dots
Line = tuple[str, tuple[float, float, float]]


def panel(title: str, rows: Sequence[Line], unit: str, role: str, *, wide: bool = False) -> Panel:
    """Draw rows of (name, (low, median, high)).

    Args:
        title: Heading of the panel.
        rows: Top row first.
        unit: Unit of the numbers.
        role: Part of the palette.
        wide: Whether it takes the whole width of a page.
    """
    names = [_folded(name) for name, _ in rows]
    lines = sum(name.count("<br>") + 1 for name in names)
    figure = chart.blank(AROUND + ROW_HEIGHT * max(len(rows), (lines + 1) // 2), "")
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
        hovertemplate="%{x:,.3~g} [%{customdata[0]} to %{customdata[1]}]<extra></extra>",
    )  # fmt: skip
    _across(figure, names, places, unit)
    words = ", ".join(f"{name} {rounded(mid)}" for name, (_, mid, _) in rows)
    return Panel(title, figure, unit, f"{title}, median, {unit}: {words}.", wide=wide)


def _across(figure: go.Figure, names: list[str], places: Sequence[int], unit: str) -> None:
    """Numbers across, names down, a line at zero."""
    small = {"size": 12}
    figure.update_layout(hovermode="closest", annotations=[], font=small, margin={"t": 4})
    figure.update_xaxes(
        type="linear", title={"text": unit, "font": small, "standoff": 8}, range=None, showgrid=True, zeroline=True,
        zerolinecolor=colour("mark"), nticks=5, hoverformat=None, rangemode="tozero",
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
        lines = [*lines[:-1], last] if len(last) <= LETTERS or not lines[-1] else [*lines, word]
    return "<br>".join(lines)
