"""One HTML file about governments that bargained otherwise."""

from __future__ import annotations

from collections.abc import Mapping

from palanca.questions.whatif.bargained import Bargained
from palanca.report import sheet, tags
from palanca.report.sheet import Part
from palanca.view import bargained


def html(found: Bargained, facts: Mapping[str, str]) -> str:
    """The whole page as text.

    Args:
        found: Both worlds.
        facts: What they rest on, by name.
    """
    opening, force = bargained.of_answer(found)
    sections = [
        Part("people", "People", tags.table(bargained.people(found), "Medians and 90 % intervals")),
        Part("force", "What was in force", tags.table(bargained.force(found), "Medians and 90 % intervals"), (force,)),
        Part("months", "By month", tags.table(bargained.by_month(found), "Encounters", folded=True)),
        Part("method", "What it rests on", tags.facts(facts.items())),
    ]
    span = f"{found.base.months[0]} to {found.base.months[-1]}"
    return sheet.html(found.asked, span, bargained.says(found), bargained.CAUTION, opening, sections)
