"""The chart of what matters: each parameter's share of variance alone, in all, and as the draws have it."""

from __future__ import annotations

import plotly.graph_objects as go

from palanca.questions.sensitivity.runs import Answer
from palanca.view import chart
from palanca.view import sensitivity_tables as tables
from palanca.view.chart import Chart, Mark, Panel
from palanca.view.theme import colour, rounded

ROW_HEIGHT = 34
APART = 0.22
SHARE = "share of variance"


def of_answer(answer: Answer) -> list[Chart]:
    """Shares of variance, and effects."""
    return [shares(answer), effects(answer)]


def shares(answer: Answer) -> Chart:
    """Shares with their intervals, parameters down."""
    names = tables.order(answer)
    drawn = {"explained by the draws": ("figures", {name: tables.given(answer, name) for name in names})}
    if answer.sobol is not None:
        drawn |= {
            "alone (Sobol)": ("model", {name: tables.first(answer, name) or (0.0, 0.0, 0.0) for name in names}),
            "in all (Sobol)": ("twin", {name: tables.total(answer, name) or (0.0, 0.0, 0.0) for name in names}),
        }
    figure = chart.blank(90 + ROW_HEIGHT * len(names), "")
    for k, (label, (role, found)) in enumerate(drawn.items()):
        rows = [tuple(min(max(x, 0.0), 1.0) for x in found[name]) for name in names]
        figure.add_scatter(
            x=[round(mid, 3) for mid, _, _ in rows],
            y=[-i + APART * (len(drawn) - 1 - 2 * k) / 2 for i in range(len(names))],
            mode="markers", name=label, marker={"color": colour(role), "size": 7},
            error_x={"type": "data", "symmetric": False, "color": colour(role), "thickness": 2, "width": 0,
                     "array": [round(high - mid, 3) for mid, _, high in rows],
                     "arrayminus": [round(mid - low, 3) for mid, low, _ in rows]},
            hovertemplate="%{x:.2f}<extra>%{fullData.name}</extra>",
        )  # fmt: skip
    _across(figure, names, SHARE)
    figure.update_xaxes(range=[-0.02, 1.02])
    words = ", ".join(f"{name} {tables.given(answer, name)[0]:.2f}" for name in names)
    return Chart(
        "sensitivity-shares",
        "Which parameter the outcome hangs on",
        "Share of the outcome's variance: alone and in all, varied one by one over posterior ranges; and explained by "
        "the posterior's own draws, ties between parameters kept. Dots with 90 % intervals.",
        "",
        tuple(Mark(label, role, "dot") for label, (role, _) in drawn.items()),
        (Panel("", figure, SHARE, f"Share explained by the draws: {words}.", wide=True),),
    )


def effects(answer: Answer) -> Chart:
    """Mean size of the elementary effects of everything varied, largest first."""
    found = sorted(
        zip(answer.morris.names, answer.morris.size, answer.morris.size_half, strict=True), key=lambda x: -x[1]
    )
    top, unit = found[: 2 * len(answer.names)], answer.question.outcome.outcome.unit
    figure = chart.blank(90 + 24 * len(top), "")
    figure.add_scatter(
        x=[float(f"{size:.4g}") for _, size, _ in top], y=[-i for i in range(len(top))], mode="markers",
        marker={"color": colour("model"), "size": 7},
        error_x={"type": "data", "color": colour("model"), "thickness": 2, "width": 0,
                 "array": [float(f"{half:.3g}") for _, _, half in top]},
        hovertemplate="%{x:,.4~g}<extra></extra>",
    )  # fmt: skip
    _across(figure, [name for name, _, _ in top], unit)
    words = ", ".join(f"{name} {rounded(float(size))}" for name, size, _ in top[:5])
    return Chart(
        "sensitivity-effects",
        "How far each parameter moves it",
        "Mean size of the change when a parameter, or all numbers of one, moves across two thirds of its posterior "
        "range (Morris), with 90 % intervals.",
        "",
        (Mark("effect", "model", "dot"),),
        (Panel("", figure, unit, f"Largest effects: {words}.", wide=True),),
    )


def _across(figure: go.Figure, names: list[str], unit: str) -> None:
    figure.update_layout(hovermode="closest", annotations=[], margin={"t": 6})
    figure.update_xaxes(type="linear", range=None, showgrid=True, zeroline=True, nticks=6, hoverformat=None,
                        title={"text": unit, "standoff": 6}, rangemode="tozero")  # fmt: skip
    figure.update_yaxes(tickvals=[-i for i in range(len(names))], ticktext=names, rangemode="normal", showgrid=False,
                        zeroline=False, nticks=None, range=[-len(names) + 0.4, 0.6])  # fmt: skip
