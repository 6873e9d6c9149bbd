"""Cooperation withdrawn shown: by month and by origin as tables, as charts, and in sentences."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from palanca.questions.leverage.through_time import ANSWERED, CAPPED, STOPPED, Withdrawn
from palanca.view import chart, dots, words
from palanca.view.chart import Chart, Mark, Panel
from palanca.view.series import Band
from palanca.view.theme import month_name, percent, rounded

NINETY = (0.05, 0.5, 0.95)
EVENTS = "events / month"
LEADING = 4
CAUTION = (
    "What would come is the difference of two runs that share history's surprises; it says what the partner "
    "could do, not that it would. In its first month without cooperation nobody has answered yet. Intervals hold doubt "
    "about parameters, not about the equations."
)
Row = dict[str, object]


@dataclass(frozen=True, eq=False)
class Told:
    """An answer ready to be told.

    Args:
        found: What would come.
        country: Name of the country that stops.
        origins: Names of origins.
    """

    found: Withdrawn
    country: str
    origins: tuple[str, ...]


def by_month(told: Told) -> list[Row]:
    """One row a month and length: encounters as recorded, and what every world adds with its 90 % interval."""
    found, rows = told.found, []
    for t, month in enumerate(found.months):
        for k, length in enumerate(found.lengths):
            row: Row = {"from": str(month), "months": length}
            row["as recorded"] = float(np.median(found.encounters[t, 0, k].sum(axis=0)))
            for world in found.worlds[1:]:
                low, mid, high = _three(found.more(world, length)[t].sum(axis=0))
                row |= {f"more, {world}": mid, f"{world} 5 %": low, f"{world} 95 %": high}
            deaths = found.deaths[t, :, k] - found.deaths[t, 0, k]
            held = found.held[t, :, k] - found.held[t, 0, k]
            row |= {"deaths": float(np.median(deaths[1])), "on hold": float(np.median(held[1]))}
            rows.append(row)
    return rows


def by_origin(told: Told) -> list[Row]:
    """One row an origin: what more would come from it, mean over the months asked, for each length."""
    found, rows = told.found, []
    for k, origin in enumerate(told.origins):
        row: Row = {"origin": origin}
        for length in found.lengths:
            low, mid, high = _three(found.more(STOPPED, length)[:, k].mean(axis=0))
            label = _months(length)
            row |= {label: mid, f"{label} 5 %": low, f"{label} 95 %": high}
        rows.append(row)
    return sorted(rows, key=lambda row: -abs(float(str(row[_months(found.lengths[-1])]))))


def says(told: Told) -> list[str]:
    """What a reader should take away."""
    found = told.found
    length = found.lengths[len(found.lengths) // 2]
    more = found.more(STOPPED, length).sum(axis=1)
    top = int(np.argmax(np.median(more, axis=-1)))
    low, mid, high = _three(more[top])
    k = found.lengths.index(length)
    came = np.median(found.encounters[:, 0, k].sum(axis=1), axis=-1)
    said = [
        f"Had {told.country} stopped for {_months(length)} from {month_name(str(found.months[top]))}, {rounded(mid)} "
        f"[{rounded(low)}, {rounded(high)}] more encounters a month would have come"
        + (", the most of all months asked." if len(found.months) > 1 else ".")
    ]
    if len(found.months) > 1:
        peak = int(np.argmax(came))
        said.append(
            f"Encounters themselves were highest from {month_name(str(found.months[peak]))} on, at "
            f"{rounded(came[peak])} a month, when {rounded(float(np.median(more[peak])))} more would have come."
        )
    kept = np.median(
        found.more(ANSWERED, found.lengths[-1]).sum(axis=1) / found.more(STOPPED, found.lengths[-1]).sum(axis=1)
    )
    if np.isfinite(kept):
        said.append(
            f"After {_months(found.lengths[-1])} {percent(100.0 * float(kept))} of that is left once other governments "
            "answer as their practice was seen to."
        )
    if CAPPED in found.worlds:
        rest = found.more(CAPPED, length).sum(axis=1)[top] / more[top]
        said.append(
            f"With the destination's own limits as far as law allows, {percent(100.0 * float(np.median(rest)))} of it "
            "would have come all the same."
        )
    deaths = (found.deaths[top, 1] - found.deaths[top, 0])[k]
    held = (found.held[top, 1] - found.held[top, 0])[k]
    said.append(
        f"Then {words.more(deaths, 'deaths on the way a month')} and {words.more(held, 'people on hold')} "
        "than recorded."
    )
    return said


def of_answer(told: Told) -> list[Chart]:
    """Through time, then by origin."""
    charts = [through_time(told)] if len(told.found.months) > 1 else []
    return [*charts, origins(told)]


def through_time(told: Told) -> Chart:
    """What more would come from each month on, for each length."""
    found = told.found
    months = [str(month) for month in found.months]
    panels = []
    for length in found.lengths:
        band = np.quantile(found.more(STOPPED, length).sum(axis=1), NINETY, axis=-1)
        after = np.median(found.more(ANSWERED, length).sum(axis=1), axis=-1)
        came = np.median(found.encounters[:, 0, found.lengths.index(length)].sum(axis=1), axis=-1)
        figure = chart.blank(chart.MIDDLE, EVENTS, months)
        chart.draw_line(figure, months, came, "encounters as recorded", "figures")
        chart.draw_band(figure, months, Band(*band), "more if it stops")
        chart.draw_line(figure, months, after, "more, others answer", "twin")
        told_in = chart.told(f"More encounters if it stops for {_months(length)}", EVENTS, months, band[1])
        name = f"Out for {_months(length)}"
        panels.append(Panel(name, figure, EVENTS, told_in, wide=True))
    return Chart(
        "withdrawn",
        f"What would come had {told.country} stopped",
        "By first month without its cooperation, mean over the months out: line medians, band the 90 % interval.",
        chart.source("usbp_by_origin", "mx_stops_by_origin"),
        (
            Mark("encounters as recorded", "figures", "line"),
            Mark("more if it stops", "model", "line"),
            Mark("more, others answer", "twin", "line"),
        ),
        tuple(panels),
    )


def origins(told: Told) -> Chart:
    """From where it would come, for each length."""
    found, panels = told.found, []
    order = np.argsort(-np.median(found.more(STOPPED, found.lengths[-1]).mean(axis=0), axis=-1))
    for length in found.lengths:
        more = found.more(STOPPED, length).mean(axis=0)
        rows = [(told.origins[k], _three(more[k])) for k in order]
        panels.append(dots.panel(f"Out for {_months(length)}", rows, EVENTS, "model"))
    return Chart(
        "withdrawn-origins",
        "From where",
        "More encounters a month than recorded by origin, mean over the months asked: dots are medians, bars the 90 % "
        "interval.",
        "",
        (Mark("more if it stops", "model", "dot"),),
        tuple(panels),
    )


def all_numbers(told: Told) -> list[Row]:
    """Every number, one a row: month, length, world, origin."""
    found, rows = told.found, []
    for t, month in enumerate(found.months):
        for w, world in enumerate(found.worlds):
            for k, length in enumerate(found.lengths):
                for o, origin in enumerate(told.origins):
                    low, mid, high = _three(found.encounters[t, w, k, o])
                    gap = _three(found.encounters[t, w, k, o] - found.encounters[t, 0, k, o])
                    row: Row = {"from": str(month), "months": length, "world": world, "origin": origin}
                    row |= {"encounters": mid, "5 %": low, "95 %": high}
                    rows.append(row | {"more": gap[1], "more 5 %": gap[0], "more 95 %": gap[2]})
    return rows


def _months(length: int) -> str:
    return f"{length} month{'s' if length > 1 else ''}"


def _three(sample: np.ndarray) -> tuple[float, float, float]:
    low, mid, high = (float(value) for value in np.quantile(sample, NINETY))
    return low, mid, high
