"""Charts of a relief on conditions: clauses kept, slices in force and flights by month, with what happened."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from palanca.questions.relief.facts import DECLARED, STEPS, Study
from palanca.spec.relief import Relief
from palanca.view import chart
from palanca.view.chart import Chart, Mark, Panel
from palanca.view.relief_tables import happened, weights
from palanca.view.series import Band
from palanca.view.theme import colour, percent

UNIT = "chance, %"
LEVELS = (0.05, 0.5, 0.95)
ROW_HEIGHT = 48
SMALL = {"size": 12}
STATES = {
    "clause": ("kept", "broken"),
    "slice": ("in force", "not in force"),
    "flights": ("going on", "stopped"),
}
ROLES = {34: "model", 35: "twin"}
WIDTH = 28  # letters of a line of text beside bars


def of_study(study: Study) -> list[Chart]:
    """Charts: findings, slices and flights by month, clauses by month, and severity."""
    return [findings(study), course(study), kept(study), severity(study)]


def findings(study: Study) -> Chart:
    """In how many draws the game has each part of both facts."""
    rows = study.findings
    figure = chart.blank(60 + ROW_HEIGHT * len(rows), "")
    places = list(range(len(rows)))[::-1]
    for fact, role in ROLES.items():
        mine = [(place, one) for place, one in zip(places, rows, strict=True) if one.fact == fact]
        figure.add_bar(
            x=[round(100.0 * one.chance, 1) for _, one in mine],
            y=[place for place, _ in mine],
            orientation="h",
            width=0.55,
            name=f"fact {fact}",
            marker={"color": colour(role)},
            text=[percent(100.0 * one.chance) for _, one in mine],
            textposition="outside",
            textangle=0,
            cliponaxis=False,
            hovertemplate="%{x:.0f} %<extra></extra>",
        )
    figure.update_layout(hovermode="closest", annotations=[], font=SMALL, margin={"t": 4})
    figure.update_xaxes(
        type="linear", range=[0, 114], tickvals=[0, 25, 50, 75, 100],
        title={"text": "draws that have it, %", "font": SMALL, "standoff": 8},
        showgrid=True, hoverformat=None,
    )  # fmt: skip
    figure.update_yaxes(
        tickvals=places, ticktext=[_folded(one.says) for one in rows], showgrid=False, nticks=None, ticks="",
        zeroline=False, rangemode="normal", range=[-0.6, len(rows) - 0.4],
    )  # fmt: skip
    words = "; ".join(f"{one.says}: {percent(100 * one.chance)}" for one in rows)
    return Chart(
        "snapback-facts",
        "What was seen, and how often the game has it",
        "Share of draws of what is believed in which the game has each part of the two facts.",
        "",
        tuple(Mark(f"fact {fact}", role, "area") for fact, role in ROLES.items()),
        (Panel("", figure, "draws that have it, %", f"Share of draws. {words}.", wide=True),),
    )


def course(study: Study) -> Chart:
    """Slices in force and flights, by month."""
    relief, found = study.setting.relief, study.courses[DECLARED]
    panels = [
        _panel(study, declared.slice.name, np.asarray(found.in_force)[:, :, place], "slice", clause)
        for place, (clause, declared) in enumerate(relief.clauses.items())
    ]
    panels.append(_panel(study, "Return flights", np.asarray(found.flights), "flights", None))
    return Chart(
        "snapback-course",
        "Relief in force, and flights, by month",
        "Chance at the end of each month: line the median over draws, band 90 % of them; the stepped line what "
        "happened. The dotted line is the last day of the oil and gas licence.",
        "",
        _key(),
        tuple(panels),
    )


def kept(study: Study) -> Chart:
    """Clauses kept, by month."""
    found = study.courses[DECLARED]
    return Chart(
        "snapback-kept",
        "Clauses kept, by month",
        "Chance that each clause is kept in the month: line the median over draws, band 90 % of them; the stepped "
        "line what happened. What is not yet due cannot be broken.",
        "",
        _key(),
        tuple(
            _panel(study, declared.name, np.asarray(found.kept)[:, :, place], "clause", clause)
            for place, (clause, declared) in enumerate(study.setting.relief.clauses.items())
        ),
    )


def severity(study: Study) -> Chart:
    """Relief withheld, by the share of encounters and by how hard Mexico asks."""
    panels = []
    names = weights(study.setting.relief)
    for what, steps in study.severity.items():
        figure = chart.blank(chart.MIDDLE, "relief withheld, %")
        low, mid, high = np.quantile(np.stack([steps[step] for step in STEPS]), LEVELS, axis=1) * 100.0
        mean = np.array([100.0 * float(steps[step].mean()) for step in STEPS])
        chart.draw_band(figure, list(STEPS), Band(low, mid, high), "median")  # type: ignore[arg-type] # numbers across, not months
        figure.add_scatter(
            x=list(STEPS), y=mean.round(1).tolist(), name="mean", mode="lines+markers",
            line={"color": colour("twin"), "width": 2}, hovertemplate="%{y:.0f}",
        )  # fmt: skip
        figure.update_xaxes(
            type="linear", range=None, hoverformat=".1f", tickvals=list(STEPS),
            title={"text": f"{names[what]}, times as declared", "font": SMALL, "standoff": 8},
        )  # fmt: skip
        figure.update_yaxes(range=[0, 100])
        words = ", ".join(f"{step:g} times {percent(value)}" for step, value in zip(STEPS, mean, strict=True))
        title = names[what][:1].upper() + names[what][1:]
        panels.append(
            Panel(title, figure, "relief withheld, %", f"Relief withheld to the clock, mean over draws: {words}.")
        )
    return Chart(
        "snapback-severity",
        "How much is withheld, by migration and by advocacy",
        "Share of relief withheld at the ends of months, mean to the clock: line the median over draws, band 90 % of "
        "them, dots the mean.",
        chart.source(study.setting.relief.file.migration.series),
        (Mark("median and 90 % of draws", "model", "band"), Mark("mean", "twin", "line")),
        tuple(panels),
    )


def _panel(study: Study, title: str, chance: np.ndarray, what: str, clause: str | None) -> Panel:
    relief, months = study.setting.relief, study.setting.months
    figure = chart.blank(chart.LOW, UNIT, [relief.end_of(0), relief.end_of(months)])
    days = [relief.end_of(month) for month in range(1, months + 1)]
    low, mid, high = np.quantile(100.0 * chance, LEVELS, axis=0)
    chart.draw_band(figure, days, Band(low, mid, high), "the game, median")
    _what_happened(figure, relief, clause, what, months)
    clock = relief.clocks().get(clause) if clause is not None else None
    if clock is not None and clock <= months and what == "slice":
        chart.mark_month(figure, relief.end_of(clock), "clock")
    due = relief.due()[clause] if clause is not None and what == "clause" else 1
    if 1 < due <= months:
        chart.mark_month(figure, relief.end_of(due - 1), "due")
    figure.update_yaxes(range=[-4, 104], tickvals=[0, 50, 100])
    figure.update_xaxes(hoverformat="month to %-d %B %Y", nticks=4)
    yes, no = STATES[what]
    ends = [happened(relief, clause, month, what) for month in range(1, months + 1)]
    seen = (
        f"by what was seen {yes} to the end" if all(ends) else f"by what was seen {no} from {days[ends.index(False)]}"
    )
    alt = f"{title}: median chance {percent(mid[0])} in the first month, {percent(mid[-1])} in the last; {seen}."
    return Panel(title, figure, UNIT, alt)


def _what_happened(figure: go.Figure, relief: Relief, clause: str | None, what: str, months: int) -> None:
    """A line at 100 while it held and at 0 since, stepping on the day."""
    stops = {"clause": ("broken",), "slice": ("withdrawn", "lapsed"), "flights": ("stopped",)}[what]
    begins = ("kept",) if what == "clause" else ("resumed",)
    days, values = [str(relief.file.start)], [100]
    for one in relief.file.seen:
        if one.clause == clause and one.act in (*stops, *begins) and relief.month_of(one.date) <= months:
            days.append(str(one.date))
            values.append(100 if one.act in begins else 0)
    days.append(relief.end_of(months))
    values.append(values[-1])
    figure.add_scatter(
        x=days, y=values, name="what happened", mode="lines",
        line={"color": colour("figures"), "width": 2, "shape": "hv"}, hovertemplate="%{y:.0f}",
    )  # fmt: skip


def _key() -> tuple[Mark, ...]:
    return (
        Mark("the game, median", "model", "line"),
        Mark("90 % of draws", "model", "band"),
        Mark("what happened", "figures", "line"),
    )


def _folded(text: str, width: int = WIDTH) -> str:
    lines: Sequence[str] = [""]
    for word in text.split():
        last = f"{lines[-1]} {word}".strip()
        lines = [*lines[:-1], last] if len(last) <= width or not lines[-1] else [*lines, word]
    return "<br>".join(lines)
