"""One HTML file about what matters for one outcome."""

from __future__ import annotations

from collections.abc import Mapping

from palanca.questions.sensitivity.runs import Answer
from palanca.report import sheet, tags
from palanca.report.sheet import Part
from palanca.view import sensitivity as charts
from palanca.view import sensitivity_prose as prose
from palanca.view import sensitivity_tables as tables
from palanca.view.theme import month_name


def html(answer: Answer, facts: Mapping[str, str]) -> str:
    """The whole page as text.

    Args:
        answer: What was found.
        facts: What it rests on, by name.
    """
    opening, effects = charts.of_answer(answer)
    question = answer.question
    return sheet.html(
        f"What matters: {question.outcome.outcome.what}",
        f"{month_name(str(question.first))} to {month_name(str(question.last))}",
        prose.headline(answer),
        prose.CAUTION,
        opening,
        [
            Part("parameters", "By parameter", tags.table(tables.summary(answer), "Medians with 90 % intervals")),
            Part("effects", "Effects", "", (effects,)),
            Part("method", "How to get the same numbers", tags.facts(facts.items())),
        ],
    )
