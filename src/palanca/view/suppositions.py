"""Suppositions about the months ahead side by side: tables, charts, sentences."""

from __future__ import annotations

import numpy as np

from palanca.questions import outcomes
from palanca.questions.forecast.project import PERSIST
from palanca.questions.forecast.suppositions import STOCKS, TOLD, Outlooks
from palanca.view import chart, dots, words
from palanca.view.chart import Chart, Mark, Panel
from palanca.view.series import Band
from palanca.view.theme import KINDS, month_name, percent, rounded

NINETY = (0.05, 0.5, 0.95)
BEFORE = 12  # months of the past shown
CAUTION = (
    "Arrivals are drawn by a panel that knows no levers; a supposition changes levers and keeps every surprise, so "
    "what sets two apart is surer than either. Nothing new that governments or people may do is foreseen."
)
Row = dict[str, object]


def summary(found: Outlooks) -> list[Row]:
    """One row a supposition: encounters over the months ahead, and how what happens to people differs."""
    rows: list[Row] = []
    for one in found.suppositions:
        low, mid, high = _three(_over(found.numbers[one.name]["encounters"], "encounters"))
        row: Row = {"supposing": one.name.replace("-", " "), "encounters": mid, "5 %": low, "95 %": high}
        low, mid, high = _three(_over(found.change(one.name, "encounters"), "encounters"))
        row |= {"change": mid, "change 5 %": low, "change 95 %": high}
        for name in TOLD[1:]:
            row[f"{name.replace('_', ' ')}, change"] = _three(_over(found.change(one.name, name), name))[1]
        rows.append(row)
    return rows


def by_month(found: Outlooks) -> list[Row]:
    """One row a month ahead: median encounters under each supposition, and those later counted."""
    rows: list[Row] = []
    for t, month in enumerate(found.months):
        row: Row = {"month": str(month), "counted": float(found.seen[t])}
        for one in found.suppositions:
            row[one.name.replace("-", " ")] = float(np.median(found.numbers[one.name]["encounters"][t]))
        rows.append(row)
    return rows


def by_origin(found: Outlooks) -> list[Row]:
    """One row an origin: how encounters differ from levers as they are over the months ahead."""
    rows: list[Row] = []
    for k, origin in enumerate(found.case.origins.values()):
        row: Row = {"origin": origin.name}
        for one in found.suppositions[1:]:
            low, mid, high = _three(found.change(one.name, "encounters by origin")[:, k].sum(axis=0))
            row |= {one.name: mid, f"{one.name} 5 %": low, f"{one.name} 95 %": high}
        rows.append(row)
    return rows


def all_numbers(found: Outlooks) -> list[Row]:
    """Every number, one a row: supposition, outcome, month."""
    rows: list[Row] = []
    for one in found.suppositions:
        for name in TOLD:
            for t, month in enumerate(found.months):
                low, mid, high = _three(found.numbers[one.name][name][t])
                gap = _three(found.change(one.name, name)[t])
                row: Row = {
                    "supposing": one.name,
                    "outcome": name,
                    "month": str(month),
                    "unit": outcomes.OUTCOMES[name].unit,
                }
                row |= {"median": mid, "5 %": low, "95 %": high}
                rows.append(row | {"change": gap[1], "change 5 %": gap[0], "change 95 %": gap[2]})
    return rows


def says(found: Outlooks) -> list[str]:
    """What a reader should take away."""
    low, mid, high = _three(_over(found.numbers[PERSIST]["encounters"], "encounters"))
    span = f"{month_name(str(found.months[0]))} to {month_name(str(found.months[-1]))}"
    said = [
        f"{span}, with levers as they are: {rounded(mid)} [{rounded(low)}, {rounded(high)}] encounters in "
        "all (90 % interval)."
    ]
    for one in found.suppositions[1:]:
        gap = found.change(one.name, "encounters").sum(axis=0)
        share = float(np.median(gap / found.numbers[PERSIST]["encounters"].sum(axis=0)))
        deaths = found.change(one.name, "deaths").sum(axis=0)
        held = found.change(one.name, "held")[-1]
        sentence = one.says.rstrip(".")
        said.append(
            f"{sentence[:1].upper()}{sentence[1:]}: {words.more(gap, 'encounters')} ({percent(100.0 * share, 1)}), "
            f"{words.more(deaths, 'deaths on the way')}, {words.more(held, 'people on hold at the end')}."
        )
    return said


def of_answer(found: Outlooks) -> list[Chart]:
    """Encounters ahead under every supposition, then what sets each apart."""
    return [ahead(found), apart(found)]


def ahead(found: Outlooks) -> Chart:
    """Encounters: the past, then medians under every supposition with the band of levers as they are."""
    past = [str(found.last + (i + 1 - BEFORE)) for i in range(BEFORE)]
    months = [str(month) for month in found.months]
    unit = outcomes.OUTCOMES["encounters"].unit
    figure = chart.blank(chart.TALL, unit, [*past, *months])
    chart.draw_dots(figure, past, found.past[-BEFORE:])
    chart.draw_dots(figure, months, found.seen)
    chart.draw_band(figure, months, _band(found.numbers[PERSIST]["encounters"]), PERSIST)
    key = [Mark("figures", "figures", "dot"), Mark("levers as they are", "model", "line")]
    told = chart.told("Encounters, levers as they are", unit, months, _band(found.numbers[PERSIST]["encounters"]).mid)
    for k, one in enumerate(found.suppositions[1:]):
        role = KINDS[(k + 1) % len(KINDS)]
        mid = np.median(found.numbers[one.name]["encounters"], axis=-1)
        chart.draw_line(figure, months, mid, one.name, role)
        key.append(Mark(one.name.replace("-", " "), role, "line"))
        told += " " + chart.told(f"Encounters, {one.name}", unit, months, mid)
    return Chart(
        "ahead",
        "Encounters ahead, by what is supposed",
        "Lines are medians; the band is the 90 % interval with levers as they are, about as wide under each "
        "supposition.",
        chart.source("usbp_by_origin"),
        tuple(key),
        (Panel("", figure, unit, told, wide=True),),
    )


def apart(found: Outlooks) -> Chart:
    """What sets each supposition apart from levers as they are, over the months ahead."""
    panels = []
    for name in TOLD:
        one = outcomes.OUTCOMES[name]
        rows = [
            (s.name.replace("-", " "), _three(_over(found.change(s.name, name), name))) for s in found.suppositions[1:]
        ]
        panels.append(dots.panel(one.what[0].upper() + one.what[1:], rows, one.unit.split(" /")[0], "twin", wide=True))
    return Chart(
        "apart",
        "What sets them apart",
        "Change from levers as they are, summed over the months ahead; people on hold at their end: dots are "
        "medians, bars the 90 % interval.",
        "",
        (Mark("change", "twin", "dot"),),
        tuple(panels),
    )


def _over(sample: np.ndarray, name: str) -> np.ndarray:
    """Over the months ahead: their sum, or what stands at their end."""
    return np.asarray(sample[-1] if name in STOCKS else sample.sum(axis=0))


def _band(sample: np.ndarray) -> Band:
    return Band(*np.quantile(sample, NINETY, axis=-1))


def _three(sample: np.ndarray) -> tuple[float, float, float]:
    low, mid, high = (float(value) for value in np.quantile(sample, NINETY))
    return low, mid, high
