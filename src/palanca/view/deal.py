"""Charts of a month's deal: packages by concept, gains, what threats change, and silos."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go

from palanca.questions.bargaining.deal import Deal
from palanca.questions.bargaining.prepared import PreparedBargain
from palanca.questions.bargaining.silos import Silos
from palanca.view import chart
from palanca.view.chart import Chart, Mark, Panel
from palanca.view.deal_prose import bounds
from palanca.view.deal_tables import NASH, quantiles, short, shown
from palanca.view.theme import colour, month_name

SHARE = "share of the bound, %"
PAYOFF = "payoff"
WITHOUT = "without a deal"
ROLES = ("kind_1", "kind_2", "kind_3", "kind_4", "kind_5")
LANE = 15  # height of one dot's lane
WIDTH = 16  # letters of a line of text beside dots
EDGE = 0.04
SMALL = {"size": 12}


@dataclass(frozen=True, eq=False)
class Lane:
    """Dots of one colour, one a row.

    Args:
        label: What they stand for.
        role: Part of the palette.
        values: Draws of every row (draw, row).
    """

    label: str
    role: str
    values: np.ndarray


def of_deal(table: PreparedBargain, deal: Deal, found: Silos | None = None) -> list[Chart]:
    """Charts: packages and gains, then threats and silos where there are any."""
    drawn = [packages(table, deal), gains(deal)]
    if deal.calm is not None:
        drawn.append(threats(table, deal))
    if found is not None:
        drawn.append(silos(table, deal, found))
    return drawn


def packages(table: PreparedBargain, deal: Deal) -> Chart:
    """What each concept picks, issue by issue."""
    lanes = [
        Lane(name, role, _shares(table, deal, pick.package))
        for (name, pick), role in zip(deal.picks.items(), ROLES, strict=True)
    ]
    lanes.append(Lane(WITHOUT, "figures", _shares(table, deal, deal.quo)))
    names = [name for name, on in zip(deal.issues, deal.on_table, strict=True) if on]
    when = f", {month_name(str(deal.month))}" if deal.month is not None else ""
    return Chart(
        "deal-packages",
        f"What the deal holds, by concept{when}",
        "Amount of each issue on the table, as a share of what law and capacity allow: dots medians over draws with a "
        "deal, bars 90 % of them. The salience-weighted mean is no bargain: somebody may lose by it.",
        "",
        _key(lanes),
        (_panel("", names, lanes, SHARE, within=(0.0, 100.0)),),
    )


def gains(deal: Deal) -> Chart:
    """What each party gains, by concept."""
    lanes = [
        Lane(name, role, shown(name, pick, pick.gains))
        for (name, pick), role in zip(deal.picks.items(), ROLES, strict=True)
    ]
    return Chart(
        "deal-gains",
        "What each party gains, by concept",
        "Payoff beyond no deal: dots medians over draws with a deal, bars 90 % of them; of all draws for the mean.",
        "",
        _key(lanes),
        (_panel("", deal.parties, lanes, PAYOFF),),
    )


def threats(table: PreparedBargain, deal: Deal) -> Chart:
    """The Nash deal with threats in force and without."""
    nash, calm = deal.picks[NASH], deal.calm
    if calm is None:
        raise ValueError("no threat is in force")
    lanes = [
        Lane("threatened", "twin", _shares(table, deal, nash.package)),
        Lane("calm", "model", _shares(table, deal, calm.package)),
    ]
    levels = [
        Lane("threatened", "twin", shown(NASH, nash, nash.payoffs)),
        Lane("calm", "model", shown(NASH, calm, calm.payoffs)),
    ]
    names = [name for name, on in zip(deal.issues, deal.on_table, strict=True) if on]
    return Chart(
        "deal-threats",
        "What threats in force change",
        "The Nash deal with the month's threats priced into no deal, and had nothing been threatened: dots medians, "
        "bars 90 % of draws with a deal. Payoffs are levels, not gains.",
        "",
        _key(lanes),
        (
            _panel("Packages", names, lanes, SHARE, within=(0.0, 100.0)),
            _panel("Payoffs", deal.parties, levels, PAYOFF),
        ),
    )


def silos(table: PreparedBargain, deal: Deal, found: Silos) -> Chart:
    """The Nash deals before and after the issues are divided in another way."""
    lanes = [
        Lane("before", "model", _shares(table, deal, found.packages[0])),
        Lane("after", "twin", _shares(table, deal, found.packages[1])),
    ]
    names = [name for name, on in zip(deal.issues, deal.on_table, strict=True) if on]
    change = [Lane("change", "kind_3", found.change)]
    return Chart(
        "deal-silos",
        "Issues divided in another way",
        "The Nash deals of all silos together, before and after the change, and what each party gets by it: dots "
        "medians over draws, bars 90 % of them. Threats are left out.",
        "",
        _key([*lanes, *change]),
        (
            _panel("Packages", names, lanes, SHARE, within=(0.0, 100.0)),
            _panel("Change of payoff", deal.parties, change, PAYOFF),
        ),
    )


def _shares(table: PreparedBargain, deal: Deal, packages: np.ndarray) -> np.ndarray:
    """Amounts of issues on the table as hundredths of their bounds, (draw, issue on the table)."""
    low, high = bounds(table, deal)
    on = deal.on_table
    shares: np.ndarray = 100.0 * (packages[:, on] - low[on]) / (high[on] - low[on])
    return shares


def _key(lanes: Sequence[Lane]) -> tuple[Mark, ...]:
    return tuple(Mark(lane.label, lane.role, "dot") for lane in lanes)


def _panel(
    title: str, names: Sequence[str], lanes: Sequence[Lane], unit: str, within: tuple[float, float] | None = None
) -> Panel:
    """Names down, numbers across, one lane of dots with bars a series."""
    step = 1.0 / (len(lanes) + 1.0)
    figure = chart.blank(70 + round(LANE * (len(lanes) + 1)) * len(names) + 10 * len(names), "")
    places = np.arange(len(names))[::-1]
    ends = [0.0]
    words = []
    for at, lane in enumerate(lanes):
        found = np.array([quantiles(lane.values[:, k]) for k in range(len(names))])
        shift = ((len(lanes) - 1) / 2.0 - at) * step
        _dots(figure, found, (places + shift).tolist(), lane)
        ends += found[np.isfinite(found)].tolist()
        words.append(
            f"{lane.label}: " + ", ".join(f"{_plain(n)} {short(m)}" for n, m in zip(names, found[:, 1], strict=True))
        )
    low, high = within or (min(ends), max(ends))
    _across(figure, names, places.tolist(), unit, (low, high))
    alt = f"Medians, {unit}. {'; '.join(words)}.".replace("nan", "none")
    return Panel(title, figure, unit, alt, wide=True)


def _dots(figure: go.Figure, found: np.ndarray, places: Sequence[float], lane: Lane) -> None:
    """Dots with their bars; a row without a number is left out."""
    rows = [(row, place) for row, place in zip(found, places, strict=True) if np.isfinite(row[1])]
    figure.add_scatter(
        x=[round(float(row[1]), 3) for row, _ in rows],
        y=[round(float(place), 3) for _, place in rows],
        mode="markers", name=lane.label,
        marker={"color": colour(lane.role), "size": 7, "symbol": "diamond" if lane.label == WITHOUT else "circle"},
        error_x={
            "type": "data", "symmetric": False, "color": colour(lane.role), "thickness": 2, "width": 0,
            "array": [round(float(row[2] - row[1]), 3) for row, _ in rows],
            "arrayminus": [round(float(row[1] - row[0]), 3) for row, _ in rows],
        },
        customdata=[[short(float(row[0])), short(float(row[2]))] for row, _ in rows],
        hovertemplate=f"{lane.label}: %{{x:.3~g}} [%{{customdata[0]}} to %{{customdata[1]}}]<extra></extra>",
    )  # fmt: skip


def _across(
    figure: go.Figure, names: Sequence[str], places: Sequence[float], unit: str, ends: tuple[float, float]
) -> None:
    low, high = ends
    edge = EDGE * ((high - low) or 1.0)
    figure.update_layout(hovermode="closest", annotations=[], font=SMALL, margin={"t": 4})
    figure.update_xaxes(
        type="linear", title={"text": unit, "font": SMALL, "standoff": 8}, range=[low - edge, high + edge],
        showgrid=True, zeroline=True, zerolinecolor=colour("mark"), nticks=6, hoverformat=None,
    )  # fmt: skip
    figure.update_yaxes(
        tickvals=list(places), ticktext=[_folded(_plain(name)) for name in names], rangemode="normal", showgrid=False,
        zeroline=False, nticks=None, ticks="", range=[min(places) - 0.6, max(places) + 0.6],
    )  # fmt: skip
    for place in places[:-1]:
        figure.add_shape(
            type="line", xref="paper", x0=0, x1=1, y0=place - 0.5, y1=place - 0.5,
            line={"color": colour("grid"), "width": 1},
        )  # fmt: skip


def _folded(text: str) -> str:
    lines: Sequence[str] = [""]
    for word in text.split():
        last = f"{lines[-1]} {word}".strip()
        lines = [*lines[:-1], last] if len(last) <= WIDTH or not lines[-1] else [*lines, word]
    return "<br>".join(lines)


def _plain(name: str) -> str:
    return name.replace("_", " ")
