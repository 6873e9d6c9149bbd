"""One HTML file about one search: the trade-off, the packages, what decides between them, and what is assumed."""

from __future__ import annotations

from collections.abc import Mapping

from palanca.questions.search.discover import Discovery
from palanca.questions.search.find import Found
from palanca.report import sheet, tags
from palanca.report.sheet import Part
from palanca.view import search as charts
from palanca.view import search_prose as prose
from palanca.view import search_tables as tables
from palanca.view.theme import month_name


def html(found: Found, discoveries: list[Discovery], facts: Mapping[str, str]) -> str:
    """The whole page as text.

    Args:
        found: What the search found.
        discoveries: What decides between pairs of candidates.
        facts: What it rests on, by name.
    """
    opening, packages = charts.of_search(found)
    window = found.search.window
    outcomes = tags.table(tables.outcomes(found, tables.asked(found)), "Medians with 90 % intervals over the draws")
    outcomes += tags.table(
        tables.outcomes(found, tables.others(found)), "What was not sought: medians with 90 % intervals"
    )
    outcomes += tags.table(tables.levers(found), "What the levers are set to")
    decided = tags.bullets(prose.decides(discoveries))
    decided += tags.table(tables.parts(discoveries), "Parts of the draws in which one or the other is better")
    return sheet.html(
        found.search.file.title,
        f"{month_name(str(window.first))} to {month_name(str(window.last))}",
        prose.headline(found),
        prose.CAUTION,
        opening,
        [
            Part("packages", "Packages", outcomes, (packages,)),
            Part("decides", "Which uncertainty decides", decided),
            Part("assumed", "What is assumed", tags.bullets(prose.ASSUMED)),
            Part("method", "How to get the same numbers", tags.facts(facts.items())),
        ],
    )
