"""Bargain mode shown: by year, mechanism by mechanism, in sentences and as a chart."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from palanca.questions.bargaining.ablation import MECHANISMS, Ablation
from palanca.questions.bargaining.run import QUARTER, BargainingRun
from palanca.view import chart
from palanca.view.chart import Chart, Mark, Panel
from palanca.view.series import Band
from palanca.view.theme import month_name, percent, rounded, whole

EVENTS = "events / month"
EFFORT = "multiples of routine control"
NINETY = (0.05, 0.5, 0.95)


def by_year(found: BargainingRun) -> list[dict[str, object]]:
    """One row a year: encounters played and recorded, effort, asks and deals, deaths; medians with 90 % bounds."""
    rows: list[dict[str, object]] = []
    for year in sorted({month.year for month in found.months}):
        months = np.array([month.year == year for month in found.months])
        quarters = np.array([quarter.year == year for quarter in found.quarters])
        low, mid, high = np.quantile(found.encounters[months].mean(axis=0), NINETY)
        rows.append(
            {
                "year": str(year),
                "months": int(months.sum()),
                "encounters a month": float(mid),
                "5 %": float(low),
                "95 %": float(high),
                "as recorded": float(np.median(found.history[months].mean(axis=0))),
                "effort": _median(found.effort[quarters].mean(axis=0)),
                "effort declared": float(found.declared[quarters].mean()),
                "asked": float(found.asked[quarters].mean()),
                "deals": float(found.struck[quarters].sum(axis=0).mean()),
                "salience": _median(found.salience[quarters].mean(axis=0)),
                "deaths a month": _median(found.deaths[months].mean(axis=0)),
                "on hold": _median(found.held[months].mean(axis=0)),
            }
        )
    return rows


def packages(found: BargainingRun) -> list[dict[str, object]]:
    """One row per issue: what was in force over all quarters, median and 90 % bounds of the mean."""
    rows: list[dict[str, object]] = []
    for k, name in enumerate(found.issues):
        low, mid, high = np.quantile(found.packages[:, :, k].mean(axis=0), NINETY)
        rows.append(
            {"issue": name.replace("_", " "), "mean in force": float(mid), "5 %": float(low), "95 %": float(high)}
        )
    return rows


def mechanisms(found: Sequence[Ablation]) -> list[dict[str, object]]:
    """One row per mechanism left out, medians; the last column says whether the sign of arrivals is told."""
    rows: list[dict[str, object]] = []
    for one in found:
        low, high = np.quantile(one.arrivals, (NINETY[0], NINETY[2]))
        rows.append(
            {
                "left out": one.mechanism,
                "what it says": MECHANISMS[one.mechanism],
                "arrivals [log]": _median(one.arrivals),
                "5 %": float(low),
                "95 %": float(high),
                "effort": _median(one.effort),
                "deals": float(one.deals.mean()),
                "silence": None if one.silence is None else _median(one.silence),
                "deaths a month": _median(one.deaths),
                "sign told": bool(low > 0.0 or high < 0.0),
            }
        )
    return rows


def says(found: BargainingRun, answered: np.ndarray | None = None) -> list[str]:
    """What a reader should take away; the last sentence is the caution."""
    first, last = (month_name(str(found.months[k])) for k in (0, -1))
    low, mid, high = np.quantile(found.encounters.mean(axis=0), NINETY)
    recorded = float(np.median(found.history.mean(axis=0)))
    off = np.abs(np.median(found.effort, axis=1) - found.declared).mean()
    least, deaths, most = np.quantile(found.deaths.mean(axis=0), NINETY)
    asked, struck = (percent(100.0 * float(share.mean())) for share in (found.asked, found.struck))
    sentences = [
        f"From {first} to {last} bargaining governments would have had {whole(mid)} [{whole(low)}, {whole(high)}] "
        f"encounters a month, history's surprises kept (90 % interval); {whole(recorded)} were recorded.",
        f"The destination asked in {asked} of quarters and a deal was struck in {struck}; effort was "
        f"{rounded(_median(found.effort))} times routine control in the median, and {rounded(float(off))} away from "
        "what the record declares in a mean quarter.",
        f"Under it {rounded(float(deaths))} [{rounded(float(least))}, {rounded(float(most))}] people a month died on "
        f"the way, and {whole(_median(found.held[-1]))} were on hold in {last}.",
    ]
    if answered is not None:
        low, mid, high = np.quantile(answered, NINETY)
        told = "an answer is told" if low > 0.0 else "the answer is not told from none"
        back, least, most = (percent(100.0 * float(one)) for one in (mid, low, high))
        sentences.append(f"Of a lasting rise in arrivals the loop takes back {back} [{least}, {most}]: {told}.")
    if found.unsettled:
        sentences.append(f"{found.unsettled} searches for a deal did not converge; what was in force faded there.")
    sentences.append(
        "What governments want is mostly declared, not learned: this shows what the mechanisms imply, and is no "
        "forecast. Other levers, such as expulsion orders, stay as recorded."
    )
    return sentences


def of_play(found: BargainingRun) -> Chart:
    """Encounters and effort, played and recorded."""
    months = [str(month) for month in found.months]
    encounters = chart.blank(chart.TALL, EVENTS, months)
    band = _band(found.encounters)
    chart.draw_band(encounters, months, band, "governments bargain", "twin")
    chart.draw_line(encounters, months, np.median(found.history, axis=1), "as recorded")
    effort = chart.blank(chart.MIDDLE, EFFORT, months)
    played = _band(np.repeat(found.effort, QUARTER, axis=0))
    chart.draw_band(effort, months, played, "governments bargain", "twin")
    chart.draw_line(effort, months, np.repeat(found.declared, QUARTER), "as declared in the record")
    return Chart(
        "bargain",
        "If governments had bargained",
        "Encounters and the transit country's enforcement when both follow from bargaining quarter by quarter, beside "
        "the record; history's surprises are kept.",
        chart.source("usbp_by_origin"),
        (
            Mark("governments bargain, median", "twin", "line"),
            Mark("90 % band", "twin_band", "band"),
            Mark("as recorded", "model", "line"),
        ),
        (
            Panel("Encounters", encounters, EVENTS, chart.told("Encounters", EVENTS, months, band.mid), wide=True),
            Panel("Enforcement", effort, EFFORT, chart.told("Enforcement", EFFORT, months, played.mid), wide=True),
        ),
    )


def _band(values: np.ndarray) -> Band:
    low, mid, high = np.quantile(values, NINETY, axis=1)
    return Band(low, mid, high)


def _median(values: np.ndarray) -> float:
    return float(np.median(values))
