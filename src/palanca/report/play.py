"""One HTML file about a corridor whose governments bargain."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from palanca.questions.bargaining.ablation import Ablation
from palanca.questions.bargaining.run import BargainingRun
from palanca.report import sheet, tags
from palanca.report.sheet import Part
from palanca.view import play as view


def html(
    case: str, found: BargainingRun, without: Sequence[Ablation], answered: np.ndarray | None, facts: Mapping[str, str]
) -> str:
    """The whole page as text.

    Args:
        case: Title of the case.
        found: What was played.
        without: Mechanisms left out in turn; none if not asked for.
        answered: Share of a lasting rise that the loop takes back, by draw; nothing if not asked for.
        facts: What it rests on, by name.
    """
    *lead, caution = view.says(found, answered)
    parts = [
        Part("years", "Year by year", tags.table(view.by_year(found), "Bargained and recorded")),
        Part(
            "packages", "What was in force", tags.table(view.packages(found), "Mean over quarters, unit of each issue")
        ),
    ]
    if without:
        rows = tags.table(view.mechanisms(without), "Change when one mechanism is off, all draws shared")
        parts.append(Part("mechanisms", "One mechanism off at a time", rows))
    parts.append(Part("method", "What it rests on", tags.facts(facts.items())))
    span = f"{found.months[0]} to {found.months[-1]}"
    return sheet.html(f"Governments bargain: {case}", span, lead, caution, view.of_play(found), parts)
