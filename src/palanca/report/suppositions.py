"""One HTML file about the months ahead under several suppositions."""

from __future__ import annotations

from collections.abc import Mapping

from palanca.questions.forecast.suppositions import Outlooks
from palanca.report import sheet, tags
from palanca.report.sheet import Part
from palanca.view import suppositions


def html(found: Outlooks, facts: Mapping[str, str]) -> str:
    """The whole page as text.

    Args:
        found: Forecasts side by side.
        facts: What they rest on, by name.
    """
    opening, *others = suppositions.of_answer(found)
    lead, *more = suppositions.says(found)
    sections = [
        Part("apart", "What sets them apart", tags.bullets(more), tuple(others)),
        Part("totals", "Over the months ahead", tags.table(suppositions.summary(found), "Medians and 90 % intervals")),
        Part("months", "By month", tags.table(suppositions.by_month(found), "Encounters", folded=True)),
        Part("origins", "By origin", tags.table(suppositions.by_origin(found), "Change of encounters", folded=True)),
        Part("method", "What it rests on", tags.facts(facts.items())),
    ]
    span = f"{found.months[0]} to {found.months[-1]}"
    return sheet.html("What next, side by side", span, [lead], suppositions.CAUTION, opening, sections)
