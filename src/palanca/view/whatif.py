"""Charts of a what-if: arrivals in every world, whose they are, and what the change does to people."""

from __future__ import annotations

import numpy as np

from palanca.model.outcomes import PLACES
from palanca.questions import outcomes
from palanca.questions.whatif.ask import ANSWERING, FROZEN, HISTORY
from palanca.view import chart, dots
from palanca.view.chart import Chart, Mark, Panel
from palanca.view.dots import Line
from palanca.view.series import Band
from palanca.view.theme import month_name
from palanca.view.whatif_tables import NINETY, PARTS, WORLDS, Told

HARM = ("held", "deaths", "stops", "let_in")
SHORT = "%b\n%Y"
SOURCE = chart.source("usbp_by_origin", "mx_stops_by_origin")


def of_answer(told: Told) -> list[Chart]:
    """Every chart, the one that opens the page first."""
    return [arrivals(told), of_people(told), *(parted(told, name) for name in PARTS[:3])]


def arrivals(told: Told) -> Chart:
    """Encounters in history and in both other worlds, by month."""
    months = [str(month) for month in told.found.months]
    unit = outcomes.OUTCOMES["encounters"].unit
    bands = {world: _band(told.found.of(world, "encounters")) for world in (HISTORY, FROZEN, ANSWERING)}
    figure = chart.blank(chart.TALL, unit, months)
    figure.update_xaxes(tickformat=SHORT)
    chart.draw_line(figure, months, bands[HISTORY].mid, "history", "figures")
    chart.draw_band(figure, months, bands[FROZEN], WORLDS[FROZEN], "twin")
    chart.draw_line(figure, months, bands[ANSWERING].mid, WORLDS[ANSWERING], "model")
    chart.mark_month(figure, str(told.found.first), "change")
    text = " ".join(chart.told(f"Encounters, {world}", unit, months, band.mid) for world, band in bands.items())
    return Chart(
        "whatif",
        "Encounters in history and had it been otherwise",
        f"Before {month_name(str(told.found.first))} all worlds are the same, to the bit. Lines are medians, the band "
        "is the 90 % interval with governments frozen, of parameters alone.",
        SOURCE,
        (
            Mark("history", "figures", "line"),
            Mark(WORLDS[FROZEN], "twin", "line"),
            Mark(WORLDS[ANSWERING], "model", "line"),
        ),
        (Panel("", figure, unit, text, wide=True),),
    )


def of_people(told: Told) -> Chart:
    """What the change does to people, month by month."""
    months, panels = [str(month) for month in told.found.months], []
    for name in HARM:
        one, gap = outcomes.OUTCOMES[name], _band(told.found.effect(FROZEN, name))
        figure = chart.blank(chart.LOW + 20, one.unit, months)
        figure.update_xaxes(tickformat=SHORT)
        figure.update_yaxes(rangemode="normal", zeroline=True)
        chart.draw_band(figure, months, gap, "change", "twin")
        title = one.what[0].upper() + one.what[1:]
        panels.append(Panel(title, figure, one.unit, chart.told(f"Change, {one.what}", one.unit, months, gap.mid)))
    return Chart(
        "whatif-people",
        "What it does to people",
        "Change from history with governments frozen: above zero there are more.",
        "",
        (Mark("change, median", "twin", "line"), Mark("90 % interval", "twin_band", "band")),
        tuple(panels),
    )


def parted(told: Told, name: str) -> Chart:
    """Change of encounters over the months told, by origin, group or sector, in both worlds."""
    outcome, _, axis = name.partition(" by ")
    case = told.found.case
    labels = {"origin": [*case.origins], "group": [*case.groups], "sector": [*case.sectors], "place": [*PLACES]}[axis]
    panels = []
    for world, role in ((FROZEN, "twin"), (ANSWERING, "model")):
        gap = told.found.effect(world, name)[told.rows].sum(axis=0)
        order = np.argsort(-np.abs(np.median(told.found.effect(FROZEN, name)[told.rows].sum(axis=0), axis=-1)))
        rows: list[Line] = [(told.names.get(labels[k], labels[k]), _three(gap[k])) for k in order]
        panels.append(dots.panel(WORLDS[world].capitalize(), rows, "events", role))
    return Chart(
        f"whatif-by-{axis}",
        f"Change of {outcome} by {axis}",
        f"Sum over {told.span}: dots are medians, bars the 90 % interval.",
        "",
        tuple(Mark(WORLDS[world], role, "dot") for world, role in ((FROZEN, "twin"), (ANSWERING, "model"))),
        tuple(panels),
    )


def _band(sample: np.ndarray) -> Band:
    low, mid, high = np.quantile(sample, NINETY, axis=-1)
    return Band(low, mid, high)


def _three(sample: np.ndarray) -> tuple[float, float, float]:
    low, mid, high = (float(value) for value in np.quantile(sample, NINETY))
    return low, mid, high
