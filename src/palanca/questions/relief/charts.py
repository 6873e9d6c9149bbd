"""Charts of a relief on conditions: parts of what was seen, slices, flights and clauses by month, and severity."""

from __future__ import annotations

import numpy as np

from palanca.questions.relief.facts import STEPS, Study
from palanca.questions.relief.tables import happened, things, weights
from palanca.show import chart
from palanca.show.chart import Chart, Kind, Panel, Series

ROLES = {34: "kind_1", 35: "kind_2"}
LINES = "Lines are medians over draws, bands hold 90 % of them; the dashed line is what happened."


def charts(study: Study) -> list[Chart]:
    """Parts, relief and flights by month, clauses by month, and severity."""
    return [_parts(study), _course(study), _kept(study), _severity(study)]


def _parts(study: Study) -> Chart:
    """In how many draws the game has each part of both facts."""
    series = []
    for fact, role in ROLES.items():
        mine = [one for one in study.findings if one.fact == fact]
        shares = chart.known(np.array([100.0 * one.chance for one in mine]))
        series.append(Series(f"fact {fact}", tuple(one.says for one in mine), shares, role=role))
    return Chart(
        "parts",
        Kind.bars,
        "What was seen, and how often the game has it",
        "Share of draws of what is believed in which the game has each part of the two facts.",
        (Panel(tuple(series), "% of draws"),),
    )


def _course(study: Study) -> Chart:
    """Slices in force and flights, by month."""
    panels = [
        _panel(study, name.removeprefix("in force: "), clause, what, chance)
        for name, clause, what, chance in things(study)
        if what != "clause"
    ]
    text = f"Chance at the end of each month since relief began. {LINES} A licence's last month is marked."
    return Chart("course", Kind.lines, "Relief in force, and flights, by month", text, tuple(panels))


def _kept(study: Study) -> Chart:
    """Clauses kept, by month."""
    panels = [
        _panel(study, name.removeprefix("kept: "), clause, what, chance)
        for name, clause, what, chance in things(study)
        if what == "clause"
    ]
    text = f"Chance that each clause is kept in the month. {LINES} What is not yet due cannot be broken."
    return Chart("kept", Kind.lines, "Clauses kept, by month", text, tuple(panels))


def _severity(study: Study) -> Chart:
    """Relief withheld, by the share of encounters and by how hard the transit country asks."""
    relief = study.setting.relief
    names = weights(relief)
    panels = []
    for what, steps in study.severity.items():
        shares = 100.0 * np.stack([steps[step] for step in STEPS])
        low, middle, high = map(chart.known, np.quantile(shares, (0.05, 0.5, 0.95), axis=1))
        series = (
            Series("median", STEPS, middle, low, high),
            Series("mean", STEPS, chart.known(shares.mean(axis=1)), role="changed"),
        )
        title = f"{names[what][:1].upper()}{names[what][1:]}"
        panels.append(Panel(series, "% withheld", title, x_unit="times as declared"))
    return Chart(
        "severity",
        Kind.lines,
        "How much is withheld, by migration and by advocacy",
        "Share of relief withheld at the ends of months, mean to the clock; the band holds 90 % of draws.",
        tuple(panels),
        chart.source(relief.file.migration.series),
    )


def _panel(study: Study, title: str, clause: str | None, what: str, chance: np.ndarray) -> Panel:
    relief = study.setting.relief
    months = range(1, study.setting.months + 1)
    x = tuple(float(month) for month in months)
    low, middle, high = map(chart.known, np.quantile(100.0 * chance, (0.05, 0.5, 0.95), axis=0))
    seen = tuple(100.0 * happened(relief, clause, month, what) for month in months)
    series = (
        Series("the game", x, middle, low, high),
        Series("what happened", x, seen, role="figures", style="dash"),
    )
    marks: list[tuple[str | float, str]] = []
    clock = relief.clocks().get(clause) if clause is not None else None
    if what == "slice" and clock is not None and clock <= months[-1]:
        marks.append((float(clock), "licence ends"))
    due = relief.due()[clause] if clause is not None else 1
    if what == "clause" and 1 < due <= months[-1]:
        marks.append((float(due), "due"))
    return Panel(series, "chance, %", title[:1].upper() + title[1:], tuple(marks), "month")
