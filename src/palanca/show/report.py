"""Several answers as one self-contained page: answers first, then charts, what speaks for and against, and method."""

from __future__ import annotations

import base64
import gzip
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from markupsafe import Markup
from plotly.offline import get_plotlyjs

from palanca.core.wording import counted, listed
from palanca.show import page, recipe, table
from palanca.show.answer import LEAD, Answer
from palanca.show.estimate import LEVEL
from palanca.show.number import percent
from palanca.show.theme import darkened

ROWS, COLUMNS = 6, 66  # of the small table under an answer: rows, and characters side by side
BELOW = "below, with the charts"
LONGEST = 60  # rows of any other table; the rest is in the answer itself
ELSEWHERE = "in the answer itself: the command under Method, with --out FOLDER"
EVIDENCE = "evidence."
PACKED = 9  # compression of the script


@dataclass(frozen=True)
class Unanswered:
    """A question that was asked in vain.

    Args:
        question: Its name, as `forecast`.
        reason: Why there is no answer, in words.
    """

    question: str
    reason: str


def html(answers: Sequence[Answer], title: str, unanswered: Sequence[Unanswered] = ()) -> str:
    """The whole page.

    Args:
        answers: In the order in which they are told; those of evidence come after the charts of the others.
        title: Heading of the page.
        unanswered: Questions that could not be answered.
    """
    drawn = [page.charted(one, f"a{place}-") for place, one in enumerate(answers, 1)]
    figures = {name: figure for _, own in drawn for name, figure in own.items()}
    shown = [_shown(one, place, drawn[place - 1][0]) for place, one in enumerate(answers, 1)]
    return (
        page.templates()
        .get_template("report.html")
        .render(
            title=title,
            lede=_lede(answers),
            answers=[one for one in shown if not one["evidence"]],
            evidence=[one for one in shown if one["evidence"]],
            every=shown,
            unanswered=unanswered,
            notes=list(dict.fromkeys(note for one in answers for note in one.provenance.notes)),
            level=percent(LEVEL),
            limits=_limits(answers),
            style=Markup(page.style() + page.asset("report.css")),
            packed=_packed(),
            script=Markup(page.asset("page.js")),
            unpack=Markup(page.asset("report.js")),
            figures=Markup(page.safe_json(figures)),
            dark=Markup(page.safe_json(darkened())),
        )
    )


def _shown(answer: Answer, place: int, charts: list[dict[str, object]]) -> dict[str, object]:
    """One answer as the template takes it."""
    small = table.brief(answer.tables[0], COLUMNS, ROWS, BELOW) if answer.tables else None
    return {
        "place": place,
        "answer": answer,
        "made": answer.provenance,
        "evidence": answer.provenance.question.startswith(EVIDENCE),
        "lead": [page.finding(one) for one in answer.findings[:LEAD]],
        "more": [page.finding(one) for one in answer.findings[LEAD:]],
        "caution": answer.caveats[:1],
        "table": small,
        "tables": [one.first(LONGEST, ELSEWHERE) for one in answer.tables],
        "charts": charts,
        "command": recipe.command(answer.provenance),
        "changes": recipe.changes(answer.provenance),
        "python": recipe.python(answer),
    }


def _lede(answers: Sequence[Answer]) -> str:
    cases = list(dict.fromkeys(one.provenance.case for one in answers))
    return f"{counted(len(answers), 'question')} asked of {listed(cases, 6)}."


def _limits(answers: Sequence[Answer]) -> Mapping[str, str]:
    """What answers cannot tell, each sentence once, with the questions that say so."""
    found: dict[str, list[str]] = {}
    for one in answers:
        for text in one.caveats:
            found.setdefault(text, []).append(one.provenance.question)
    return {text: ", ".join(dict.fromkeys(names)) for text, names in found.items()}


@cache
def _packed() -> str:
    """Plotly's script, compressed, in letters that a page can hold: 2 MB in place of 5."""
    return base64.b64encode(gzip.compress(get_plotlyjs().encode(), PACKED, mtime=0)).decode("ascii")
