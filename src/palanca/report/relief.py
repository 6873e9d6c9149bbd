"""One HTML file about a relief on conditions: what the game has of what was seen, what not, and why."""

from __future__ import annotations

from collections.abc import Mapping

from palanca.questions.relief.facts import Study
from palanca.report import sheet, tags
from palanca.report.sheet import Part
from palanca.view import relief as charts
from palanca.view import relief_prose, relief_tables


def html(study: Study, facts: Mapping[str, str]) -> str:
    """The whole page as text.

    Args:
        study: The game played under draws of what is believed.
        facts: What it rests on, by name.
    """
    opening, course, kept, severity = charts.of_study(study)
    relief = study.setting.relief
    months = tags.table(relief_tables.by_month(study), "Chances by month, with what happened", folded=True)
    return sheet.html(
        relief.file.title,
        f"{relief.file.start} to {relief.end_of(study.setting.months)}",
        relief_prose.headline(study),
        relief_prose.caution(study),
        opening,
        [
            Part(
                "seen",
                "What happened, and the course of the game",
                tags.table(relief_tables.seen(relief), "What happened")
                + tags.table(relief_tables.due(relief), "When clauses fall due"),
                (course, kept),
            ),
            Part("why", "Why the game goes as it goes", tags.bullets(relief_prose.why(study)) + months),
            Part(
                "variants",
                "Other readings and rules",
                tags.table(relief_tables.variants(study), "Chance that clauses are kept to the clock, relief, flights")
                + tags.table(relief_tables.one_shot(study), "Kept in the closed form, where a breach is answered once"),
            ),
            Part(
                "severity",
                "What softens the answer",
                tags.bullets(relief_prose.severity_says(study))
                + tags.table(relief_tables.severity(study), "Relief withheld to the clock", folded=True),
                (severity,),
            ),
            Part("people", "People on the flights", tags.bullets(relief_prose.people_say(study))),
            Part("lesson", "What a breach teaches", tags.bullets(relief_prose.lesson_says(study))),
            Part(
                "beliefs",
                "What is believed, and what it rests on",
                tags.facts(
                    [*((f"unit of the {side}", unit) for side, unit in relief.file.units.items()), *facts.items()]
                )
                + tags.table(relief_tables.beliefs(relief), "Every belief", folded=True)
                + tags.table(relief_tables.drivers(study), "On which beliefs each finding hangs", folded=True),
            ),
        ],
    )
