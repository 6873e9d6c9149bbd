"""The shipped scorecard as a page of the docs, in Markdown."""

from __future__ import annotations

from collections.abc import Sequence

from palanca.evidence.facts.judge import VERDICTS
from palanca.evidence.facts.scorecard import Score, Scorecard
from palanca.view import facts_prose, facts_tables
from palanca.view.facts_tables import Row

HEAD = """# Facts

<!-- Drawn from the shipped scorecard by `make docs`; a test compares. Do not edit by hand. -->

Facts that a faithful model of the corridor reproduces, tried on the posterior. `palanca facts` makes these numbers;
[facts](../facts.md) says how to read them, [the format](facts-format.md) how to add one.
"""
ORDER = (VERDICTS[2], VERDICTS[1], VERDICTS[0], VERDICTS[3])  # what fails comes first


def markdown(card: Scorecard) -> str:
    """The whole page."""
    parts = [HEAD, *(f"{sentence}\n" for sentence in (*facts_prose.headline(card), facts_prose.CAUTION))]
    parts.append(f"{card.draws} draws of the posterior, key {card.key}.\n")
    parts.append(f"## Every fact\n\n{_table(facts_tables.scores(card))}\n")
    for word in ORDER:
        some = card.of(word)
        if some:
            parts.append(f"## {word.capitalize()}\n")
            parts += [_one(score) for score in some]
    return "\n".join(parts)


def _one(score: Score) -> str:
    said = "\n".join(f"- {sentence}" for sentence in (*facts_prose.fails(score), *facts_prose.context(score)))
    tables = [_table(rows) for rows in (facts_tables.asserted(score), facts_tables.beside(score)) if rows]
    return "\n\n".join([f"### {score.id} {score.title}", said, *tables]) + "\n"


def _table(rows: Sequence[Row]) -> str:
    names = list(rows[0])
    lines = [names, ["---"] * len(names), *([str(row[name]).replace("|", "\\|") for name in names] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
