"""Charts of the scorecard: the chance of every fact, and each quantity beside the range that is asserted of it."""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go

from palanca.evidence.facts.judge import FAILED, PRODUCED, VERDICTS, Number, Tried
from palanca.evidence.facts.scorecard import Score, Scorecard
from palanca.view import chart
from palanca.view.chart import Chart, Mark, Panel
from palanca.view.facts_tables import bounds, interval
from palanca.view.theme import colour, percent

ROW_HEIGHT = 42
STRIP = 104  # height of one quantity's panel
WIDTH = 30  # letters of a line of text beside dots
SMALL = {"size": 12}
ROLES = dict(zip(VERDICTS, ("kind_3", "kind_5", "kind_2", "kind_6"), strict=True))
ROOM = 0.12  # of what is shown, on either side


def of_card(card: Scorecard) -> list[Chart]:
    """The chances first, then quantities against their ranges, if there are any."""
    drawn = [chances(card)]
    panels = [
        _strip(one, part, number)
        for one in card.scores
        for part in one.tried
        for number in one.numbers
        if number.name == part.quantity and number.low is not None and number.low != number.high
    ]
    return [*drawn, _ranges(panels)] if panels else drawn


def chances(card: Scorecard) -> Chart:
    """The chance that each fact holds, with its 90 % interval from the number of draws."""
    scores = list(card.scores)
    figure = chart.blank(70 + ROW_HEIGHT * len(scores), "")
    places = {one.id: len(scores) - 1 - i for i, one in enumerate(scores)}
    for word, role in ROLES.items():
        some = [one for one in scores if one.verdict == word]
        if some:
            _dots(figure, some, places, colour(role))
    for edge in (FAILED, PRODUCED):
        figure.add_shape(
            type="line", x0=100 * edge, x1=100 * edge, y0=0, y1=1, yref="paper",
            line={"color": colour("mark"), "width": 1, "dash": "dot"},
        )  # fmt: skip
    figure.update_layout(hovermode="closest", annotations=[], font=SMALL, margin={"t": 4})
    figure.update_xaxes(
        type="linear", range=[-4, 104], tickvals=[0, 10, 50, 90, 100], hoverformat=None, showgrid=True,
        title={"text": "draws in which all of it holds, %", "font": SMALL, "standoff": 8},
    )  # fmt: skip
    figure.update_yaxes(
        tickvals=list(places.values()), ticktext=[_folded(f"{one.id} {one.title}") for one in scores], ticks="",
        showgrid=True, zeroline=False, nticks=None, rangemode="normal", range=[-0.6, len(scores) - 0.4],
        tickfont={"size": 11},
    )  # fmt: skip
    told = "; ".join(
        f"{one.id} {one.title}: {'not expressible' if one.chance is None else percent(100 * one.chance.value)}"
        for one in scores
    )
    return Chart(
        "facts-chances",
        "The chance that each fact holds",
        "Share of draws in which all that a fact asserts holds; bars are the 90 % interval that the number of draws "
        "leaves. Dotted lines part produced from in between, and that from not produced. A cross is not judged.",
        "",
        tuple(Mark(word, role, "dot") for word, role in ROLES.items()),
        (Panel("", figure, "draws in which all of it holds, %", f"Chances. {told}.", wide=True),),
    )


def _dots(figure: go.Figure, some: Sequence[Score], places: dict[int, int], paint: str) -> None:
    judged = [one for one in some if one.chance is not None]
    if not judged:
        figure.add_scatter(
            x=[0.0] * len(some), y=[places[one.id] for one in some], mode="markers", cliponaxis=False,
            marker={"color": paint, "size": 8, "symbol": "x-thin", "line": {"color": paint, "width": 2}},
            hovertemplate="not expressible<extra></extra>",
        )  # fmt: skip
        return
    known = [(one, one.chance, one.chance.interval) for one in judged if one.chance is not None]
    figure.add_scatter(
        x=[round(100 * found.value, 1) for _, found, _ in known],
        y=[places[one.id] for one, _, _ in known],
        mode="markers",
        cliponaxis=False,
        marker={"color": paint, "size": 9},
        error_x={
            "type": "data", "symmetric": False, "color": paint, "thickness": 2, "width": 0,
            "array": [round(100 * max(high - found.value, 0.0), 1) for _, found, (_, high) in known],
            "arrayminus": [round(100 * max(found.value - low, 0.0), 1) for _, found, (low, _) in known],
        },
        hovertemplate="%{x:.0f} %<extra></extra>",
    )  # fmt: skip


def _ranges(panels: list[Panel]) -> Chart:
    return Chart(
        "facts-ranges",
        "What was found beside what is asserted",
        "Dots are medians over draws, bars the 90 % interval; the shaded part is the range asserted. Where a bound "
        "depends on another quantity its median is shown.",
        "",
        (Mark("found", "model", "dot"), Mark("asserted", "twin_band", "area")),
        tuple(panels),
    )


def _strip(one: Score, part: Tried, number: Number) -> Panel:
    """One quantity on a line of its own."""
    assert number.low is not None  # the caller chose those with an interval
    assert number.mid is not None
    assert number.high is not None
    figure = chart.blank(STRIP, "")
    ends = [number.low, number.high, *(end for end in (part.low, part.high) if end is not None)]
    room = ROOM * (max(ends) - min(ends)) or 1.0
    left, right = min(ends) - room, max(ends) + room
    figure.add_shape(
        type="rect", x0=left if part.low is None else part.low, x1=right if part.high is None else part.high, y0=0,
        y1=1, yref="paper", fillcolor=colour("twin_band"), line={"width": 0}, layer="below",
    )  # fmt: skip
    figure.add_scatter(
        x=[_digits(number.mid)], y=[0], mode="markers", marker={"color": colour("model"), "size": 9},
        error_x={
            "type": "data", "symmetric": False, "color": colour("model"), "thickness": 2, "width": 0,
            "array": [_digits(number.high - number.mid)], "arrayminus": [_digits(number.mid - number.low)],
        },
        hovertemplate="%{x:.3~g}<extra></extra>",
    )  # fmt: skip
    figure.update_layout(hovermode="closest", annotations=[], margin={"t": 4})
    figure.update_xaxes(
        type="linear", range=[left, right], showgrid=True, hoverformat=None, nticks=5,
        title={"text": number.unit, "font": {"size": 11}, "standoff": 4},
    )  # fmt: skip
    figure.update_yaxes(visible=False, range=[-1, 1], rangemode="normal")
    told = f"{number.what}: {interval(number)} {number.unit}; asserted {bounds(part, number)}; holds in "
    told += f"{percent(100 * part.within_share)} of draws."
    return Panel(f"{one.id} {number.what}", figure, number.unit, told)


def _digits(value: float) -> float:
    return float(f"{value:.4g}")


def _folded(text: str) -> str:
    """Text on lines of about so many letters."""
    lines = [""]
    for word in text.split():
        last = f"{lines[-1]} {word}".strip()
        lines = [*lines[:-1], last] if len(last) <= WIDTH or not lines[-1] else [*lines, word]
    return "<br>".join(lines)
