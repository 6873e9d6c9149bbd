"""Charts of a search: what is given up for what, and every unbeaten package from its levers to its outcomes."""

from __future__ import annotations

from itertools import cycle

import numpy as np
import plotly.graph_objects as go

from palanca.questions.search import find
from palanca.questions.search.find import BASELINES, Found
from palanca.spec.search_file_outcomes import AIMS
from palanca.view import chart
from palanca.view import search_tables as tables
from palanca.view.chart import Chart, Mark, Panel
from palanca.view.theme import KINDS, cell, colour, rounded

MOST_LINES = 60  # unbeaten packages drawn at most, evenly from those that there are
THIN = 0.35
RECORD, OFF = "figures", KINDS[5]


def of_search(found: Found) -> list[Chart]:
    """The trade-off, and the packages."""
    return [trade_off(found), parallel(found)]


def trade_off(found: Found) -> Chart:
    """Each pair of objectives: packages tried, unbeaten, shown."""
    names = [one.outcome for one in found.search.file.objectives]
    if len(names) == 1:
        names = [names[0], "deaths" if names[0] != "deaths" else "held"]
    pairs = [(names[i], names[j]) for i in range(len(names)) for j in range(i + 1, len(names))]
    return Chart(
        "search-trade-off",
        "What is given up for what",
        "Each dot is a package as judged; grey ones are beaten by another or break a limit. The record and "
        "everything off stand beside them, whether or not they keep the limits.",
        "",
        (Mark("tried", "muted", "dot"), Mark("unbeaten", "model", "dot"), *_key(found)),
        tuple(_scatter(found, *pair) for pair in pairs),
    )


def parallel(found: Found) -> Chart:
    """Lines across levers and outcomes, each from its least to its greatest among the unbeaten and the shown."""
    names = [*found.search.names, *tables.asked(found)]
    rows = _sampled(found.front)
    lines = np.column_stack([found.values[rows], *(found.judged[name][rows] for name in tables.asked(found))])
    shown = np.column_stack([found.shown_values, *(find.worth(found, name) for name in tables.asked(found))])
    both = np.concatenate([lines, shown])
    low, high = np.nanmin(both, axis=0), np.nanmax(both, axis=0)
    span = np.where(high > low, high - low, 1.0)
    figure = chart.blank(chart.TALL + 60, "")
    across = list(range(len(names)))
    for row in (lines - low) / span:
        figure.add_scatter(x=across, y=row.tolist(), mode="lines", hoverinfo="skip", opacity=THIN,
                           line={"color": colour("model"), "width": 1})  # fmt: skip
    for i, (role, row) in enumerate(zip(_roles(found), (shown - low) / span, strict=True)):
        figure.add_scatter(
            x=across, y=[None if np.isnan(x) else float(x) for x in row], mode="lines+markers", name=found.shown[i],
            line={"color": colour(role), "width": 2.5}, marker={"size": 6},
            customdata=[[cell(float(x))] for x in shown[i]],
            hovertemplate="%{customdata[0]}<extra>%{fullData.name}</extra>",
        )  # fmt: skip
    _frame(figure, names, low, high, len(found.search.names))
    ends = zip(names, low, high, strict=True)
    alt = "; ".join(f"{name} from {cell(float(a))} to {cell(float(b))}" for name, a, b in ends)
    return Chart(
        "search-packages",
        "Packages from their levers to what follows",
        "Levers to the left of the dotted line, outcomes as judged to the right; each axis runs from the least to the "
        "greatest among the packages drawn. The record has no single setting of a lever, so its line starts at the "
        "outcomes.",
        "",
        (Mark("unbeaten", "model", "line"), *_key(found, "line")),
        (Panel("", figure, "", f"Unbeaten packages across axes: {alt}.", wide=True),),
    )


def _scatter(found: Found, across: str, up: str) -> Panel:
    figure = chart.blank(chart.MIDDLE + 20, f"{up} [{AIMS[up].unit}]")
    x, y = found.judged[across], found.judged[up]
    beaten = np.setdiff1d(_sampled(np.arange(len(x)), 600), found.front)
    for rows, role, size, opacity in ((beaten, "muted", 3, THIN), (found.front, "model", 6, 0.9)):
        figure.add_scatter(x=_short(x[rows]), y=_short(y[rows]), mode="markers", hoverinfo="skip",
                           marker={"color": colour(role), "size": size, "opacity": opacity})  # fmt: skip
    left, right = find.worth(found, across), find.worth(found, up)
    for i, role in enumerate(_roles(found)):
        figure.add_scatter(
            x=_short(left[i : i + 1]), y=_short(right[i : i + 1]), mode="markers", name=found.shown[i],
            marker={"color": colour(role), "size": 11, "symbol": "diamond"},
            hovertemplate="%{x:,.4~g}, %{y:,.4~g}<extra>%{fullData.name}</extra>",
        )  # fmt: skip
    figure.update_layout(hovermode="closest")
    figure.update_xaxes(type="linear", range=None, title={"text": f"{across} [{AIMS[across].unit}]", "standoff": 6},
                        hoverformat=None, nticks=5, showgrid=True)  # fmt: skip
    figure.update_yaxes(rangemode="normal")
    told = ", ".join(
        f"{one} at {rounded(float(left[i]))} and {rounded(float(right[i]))}" for i, one in enumerate(found.shown)
    )
    return Panel(f"{across} and {up}", figure, AIMS[up].unit, f"Packages by {across} and {up}: {told}.")


def _frame(figure: go.Figure, names: list[str], low: np.ndarray, high: np.ndarray, levers: int) -> None:
    """Names below each axis, its least and greatest value at its ends, a line between levers and outcomes."""
    small = {"size": 11, "color": colour("muted")}
    figure.update_layout(hovermode="closest", annotations=[], margin={"l": 24, "r": 24, "t": 30, "b": 110})
    figure.update_xaxes(
        type="linear", tickvals=list(range(len(names))), ticktext=[name.replace("_", " ") for name in names],
        tickangle=-40, range=[-0.4, len(names) - 0.6], showgrid=True, nticks=None, hoverformat=None,
    )  # fmt: skip
    figure.update_yaxes(visible=False, range=[-0.08, 1.08], rangemode="normal")
    for i in range(len(names)):
        for y, value, anchor in ((1.03, high[i], "bottom"), (-0.03, low[i], "top")):
            figure.add_annotation(x=i, y=y, text=_end(float(value)), showarrow=False, yanchor=anchor, font=small)
    line = {"color": colour("mark"), "width": 1, "dash": "dot"}
    figure.add_shape(type="line", x0=levers - 0.5, x1=levers - 0.5, y0=0, y1=1, yref="paper", line=line)


def _end(value: float) -> str:
    """An axis end as short as a narrow page needs it."""
    return f"{value / 1000.0:.0f}k" if abs(value) >= 9999.5 else cell(value)


def _roles(found: Found) -> list[str]:
    candidates = cycle((*KINDS[1:5], "twin", KINDS[0]))
    return [RECORD, OFF, *(next(candidates) for _ in found.shown[len(BASELINES) :])]


def _key(found: Found, shape: str = "dot") -> list[Mark]:
    return [Mark(name, role, shape) for name, role in zip(found.shown, _roles(found), strict=True)]


def _sampled(places: np.ndarray, most: int = MOST_LINES) -> np.ndarray:
    if len(places) <= most:
        return places
    return places[np.linspace(0, len(places) - 1, most).astype(int)]


def _short(values: np.ndarray) -> list[float]:
    return [float(f"{value:.5g}") for value in values]
