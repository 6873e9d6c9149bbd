"""One HTML file about a what-if: what differs, whose it is, and what it does to people."""

from __future__ import annotations

from collections.abc import Mapping

from palanca.report import sheet, tags
from palanca.report.sheet import Part
from palanca.view import whatif, whatif_prose, whatif_tables
from palanca.view.whatif_tables import PARTS, Told


def html(told: Told, facts: Mapping[str, str]) -> str:
    """The whole page as text.

    Args:
        told: The answer.
        facts: What it rests on, by name.
    """
    opening, people, *parts = whatif.of_answer(told)
    arrivals, people_say, *others = whatif_prose.says(told)
    summary = tags.bullets(others) + tags.table(whatif_tables.summary(told), f"Change from history, {told.span}")
    public = whatif_tables.of_people(told)
    sections = [
        Part("changes", "What changes", summary),
        Part("people", "People on the move", "", (people,)),
        *(
            Part(
                f"by-{one.id.rpartition('-')[2]}",
                one.title,
                tags.table(whatif_tables.by_part(told, name), f"{one.title}, {told.span}", folded=True),
                (one,),
            )
            for name, one in zip(PARTS[:3], parts, strict=True)
        ),
        Part("months", "By month", tags.table(whatif_tables.by_month(told), "Medians and 90 % intervals", folded=True)),
        Part("method", "What it rests on", tags.facts(facts.items())),
    ]
    if public:
        table = tags.table(public, "Means over the months told")
        sections.insert(2, Part("politics", "Attention, its weight, and leverage", table))
    return sheet.html(told.asked, told.span, [arrivals, people_say], whatif_prose.CAUTION, opening, sections)
