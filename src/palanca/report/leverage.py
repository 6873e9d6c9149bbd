"""One HTML file about who holds how much over whom, in one month and through time."""

from __future__ import annotations

from collections.abc import Mapping

from palanca.report import sheet, tags
from palanca.report.sheet import Part
from palanca.view import leverage as charts
from palanca.view import leverage_prose, leverage_tables
from palanca.view.chart import Chart
from palanca.view.leverage_tables import OneMonth, Study


def html(study: Study, facts: Mapping[str, str]) -> str:
    """The whole page as text.

    Args:
        study: Everything found; of one month, through time, or both.
        facts: What it rests on, by name.
    """
    opening, *others = charts.of_study(study)
    parts: list[Part] = []
    if study.course is not None:
        rows = leverage_tables.course(study, study.course)
        parts.append(
            Part(
                "course", "By month", tags.table(rows, "Medians over draws, by first month of the window", folded=True)
            )
        )
    if study.one is not None:
        parts += _of_month(study, study.one, others)
    parts.append(Part("method", "What it rests on", tags.facts(facts.items())))
    lead = leverage_prose.headline(study)
    if study.course is not None:
        lead = leverage_prose.course_says(study, study.course)
    elif study.one is not None:
        lead = leverage_prose.people_say(study, study.one)
    return sheet.html(f"Leverage: {study.title}", _span(study), lead, leverage_prose.CAUTION, opening, parts)


def _of_month(study: Study, one: OneMonth, drawn: list[Chart]) -> list[Part]:
    """Sections about one month; its charts are those that do not open the page."""
    by_id = {one.id: (one,) for one in drawn}
    said = [] if study.course is None else leverage_prose.people_say(study, one)
    people = leverage_tables.people(study, one)
    caption = (
        "Encounters, deaths a month and people on hold as recorded, then what each world adds: medians, p5 and p95"
    )
    payoffs = tags.bullets(leverage_prose.payoffs_say(study, one))
    payoffs += tags.table(leverage_tables.payoffs(study, one), f"Leverage in payoff: {study.unit}")
    payoffs += tags.table(leverage_tables.conversion(study, one), "What political issues on the table add")
    return [
        Part(
            "people",
            f"People, from {one.month} on",
            (tags.bullets(said) if said else "") + tags.table(people, caption),
            by_id.get("leverage-month", ()),
        ),
        Part("payoffs", "Payoffs", payoffs),
        Part(
            "shares",
            "Issues",
            tags.table(leverage_tables.sharing(study, one), "Shapley shares by issue"),
            by_id.get("leverage-shares", ()),
        ),
    ]


def _span(study: Study) -> str:
    spans = [] if study.one is None else [str(study.one.month)]
    if study.course is not None:
        spans.append(f"{study.course.people.months[0]} to {study.course.people.months[-1]}")
    return "; ".join(spans)
