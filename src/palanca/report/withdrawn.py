"""One HTML file about cooperation withdrawn: through time and by origin."""

from __future__ import annotations

from collections.abc import Mapping

from palanca.report import sheet, tags
from palanca.report.sheet import Part
from palanca.view import withdrawn
from palanca.view.withdrawn import Told


def html(told: Told, facts: Mapping[str, str]) -> str:
    """The whole page as text.

    Args:
        told: The answer.
        facts: What it rests on, by name.
    """
    opening, *others = withdrawn.of_answer(told)
    months = tags.table(withdrawn.by_month(told), "Medians and 90 % intervals", folded=len(told.found.months) > 12)
    sections = [
        Part("months", "By month", months),
        Part(
            "origins", "From where", tags.table(withdrawn.by_origin(told), "Mean over the months asked"), tuple(others)
        ),
        Part("method", "What it rests on", tags.facts(facts.items())),
    ]
    span = f"{told.found.months[0]} to {told.found.months[-1]}"
    title = f"Leverage: what would come had {told.country} stopped"
    return sheet.html(title, span, withdrawn.says(told), withdrawn.CAUTION, opening, sections)
