"""One HTML file of the scorecard of facts: the chance of each, what fails, and why it may."""

from __future__ import annotations

from collections.abc import Mapping

from palanca.evidence.facts.judge import VERDICTS
from palanca.evidence.facts.scorecard import Score, Scorecard
from palanca.report import sheet, tags
from palanca.report.sheet import Part
from palanca.view import facts as charts
from palanca.view import facts_prose, facts_tables

ORDER = (VERDICTS[2], VERDICTS[1], VERDICTS[0], VERDICTS[3])  # what fails comes first
TITLES = dict(
    zip(
        VERDICTS,
        ("What is produced", "What is in between", "What is not produced", "What cannot be judged"),
        strict=True,
    )
)


def html(card: Scorecard, facts: Mapping[str, str]) -> str:
    """The whole page as text.

    Args:
        card: The scorecard.
        facts: What it rests on, by name.
    """
    opening, *others = charts.of_card(card)
    every = tags.table(facts_tables.scores(card), "Every fact, and the assertion that decides")
    parts = [Part("scores", "Every fact", every)]
    parts += [
        Part(word.replace(" ", "-"), TITLES[word], "".join(_one(score) for score in card.of(word)))
        for word in ORDER
        if card.of(word)
    ]
    if others:
        parts.append(Part("ranges", "Found and asserted", "", tuple(others)))
    parts.append(Part("method", "What it rests on", tags.facts(facts.items())))
    span = f"{len(card.scores)} facts, {card.draws} draws"
    return sheet.html("Facts", span, facts_prose.headline(card), facts_prose.CAUTION, opening, parts)


def _one(score: Score) -> str:
    said = [*facts_prose.fails(score), *facts_prose.context(score)]
    text = tags.paragraph(f"{score.id} {score.title}", "lead") + tags.bullets(said)
    text += tags.table(facts_tables.asserted(score), f"Fact {score.id}: what is asserted and what was found")
    return text + tags.table(facts_tables.beside(score), f"Fact {score.id}: beside it, nothing asserted", folded=True)
