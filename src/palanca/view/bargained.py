"""Governments that bargained otherwise, shown: totals, by quarter, sentences and a chart."""

from __future__ import annotations

import numpy as np

from palanca.questions.whatif.bargained import Bargained
from palanca.view import chart, dots, words
from palanca.view.chart import Chart, Mark, Panel
from palanca.view.series import Band
from palanca.view.theme import month_name, percent

NINETY = (0.05, 0.5, 0.95)
SMALLEST = 1e-6  # a change below it is where a search stopped
CAUTION = (
    "Both worlds are governments that bargain from the same beliefs, of which most are assumed, with history's "
    "surprises; neither is history. Intervals hold doubt about beliefs and parameters, not about the equations."
)
OUTCOMES = {
    "encounters": "encounters between ports of entry, sum",
    "deaths": "deaths on the way, sum",
    "held": "people on hold, mean",
}
Row = dict[str, object]


def summary(found: Bargained) -> list[Row]:
    """One row a quantity: with governments bargaining as the table has it, and the change with its 90 % interval."""
    return [*people(found), *force(found)]


def people(found: Bargained) -> list[Row]:
    """The rows about people."""
    rows: list[Row] = []
    for name, label in OUTCOMES.items():
        base = np.asarray(getattr(found.base, name))
        level = base.mean(axis=0) if name == "held" else base.sum(axis=0)
        rows.append(_row(label, level, found.change(name)))
    return rows


def force(found: Bargained) -> list[Row]:
    """The rows about deals and what they put in force."""
    rows = [_row("deals struck", found.base.struck.sum(axis=0).astype(float), found.deals().astype(float))]
    for k, issue in enumerate(found.base.issues):
        label = f"{issue.replace('_', ' ')} in force, mean"
        rows.append(_row(label, found.base.packages[:, :, k].mean(axis=0), found.package(issue)))
    return rows


def by_month(found: Bargained) -> list[Row]:
    """One row a month: encounters in both worlds, and the change."""
    rows: list[Row] = []
    for t, month in enumerate(found.base.months):
        low, mid, high = _three(found.other.encounters[t] - found.base.encounters[t])
        row: Row = {"month": str(month), "recorded": float(np.median(found.base.history[t]))}
        row |= {"bargaining": float(np.median(found.base.encounters[t]))}
        row |= {"otherwise": float(np.median(found.other.encounters[t]))}
        rows.append(row | {"change": mid, "5 %": low, "95 %": high})
    return rows


def says(found: Bargained) -> list[str]:
    """What a reader should take away."""
    months = found.base.months
    span = f"{month_name(str(months[0]))} to {month_name(str(months[-1]))}"
    gap = found.change("encounters")
    share = float(np.median(gap / found.base.encounters.sum(axis=0)))
    return [
        f"{span}: {words.more(gap, 'encounters')} ({percent(100.0 * share, 1)}), {words.apart(gap)}.",
        f"Enforcement would have changed by {_changed(found.effort())} times routine control, the number of deals by "
        f"{_changed(found.deals().astype(float))}.",
        f"For people on the move: {words.more(found.change('deaths'), 'deaths on the way')}, "
        f"{words.more(found.change('held'), 'people on hold on average')}.",
    ]


def of_answer(found: Bargained) -> list[Chart]:
    """Encounters in both worlds, then what was in force."""
    months = [str(month) for month in found.base.months]
    unit = "events / month"
    figure = chart.blank(chart.TALL, unit, months)
    chart.draw_line(figure, months, np.median(found.base.history, axis=-1), "recorded", "figures")
    chart.draw_band(figure, months, _band(found.base.encounters), "governments bargain")
    chart.draw_line(figure, months, np.median(found.other.encounters, axis=-1), "otherwise", "twin")
    told = chart.told("Encounters, otherwise", unit, months, np.median(found.other.encounters, axis=-1))
    arrivals = Chart(
        "bargained",
        "Encounters: recorded, with governments that bargain, and otherwise",
        "Lines are medians, the band the 90 % interval of governments that bargain.",
        chart.source("usbp_by_origin"),
        (
            Mark("recorded", "figures", "line"),
            Mark("governments bargain", "model", "line"),
            Mark("otherwise", "twin", "line"),
        ),
        (Panel("", figure, unit, told, wide=True),),
    )
    rows = [(issue.replace("_", " "), _three(found.package(issue))) for issue in found.base.issues]
    force = Chart(
        "bargained-force",
        "What was in force, change",
        "Mean over quarters, otherwise less governments that bargain: dots are medians, bars the 90 % interval.",
        "",
        (Mark("change", "twin", "dot"),),
        (dots.panel("", rows, "unit of issue", "twin", wide=True),),
    )
    return [arrivals, force]


def _row(label: str, level: np.ndarray, gap: np.ndarray) -> Row:
    low, mid, high = _three(np.where(np.abs(gap) < SMALLEST, 0.0, gap))
    return {"quantity": label, "bargaining": float(np.median(level)), "change": mid, "5 %": low, "95 %": high}


def _band(sample: np.ndarray) -> Band:
    return Band(*np.quantile(sample, NINETY, axis=-1))


def _changed(sample: np.ndarray) -> str:
    return f"{words.signed(float(np.median(sample)))} {words.interval(sample)}"


def _three(sample: np.ndarray) -> tuple[float, float, float]:
    low, mid, high = (float(value) for value in np.quantile(sample, NINETY))
    return low, mid, high
