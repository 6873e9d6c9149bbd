"""Pages of the docs on facts, in Markdown: the shipped scorecard, and the tables of the page on their format."""

from __future__ import annotations

from collections.abc import Sequence

from palanca.evidence.facts import tables, words
from palanca.evidence.facts.scorecard import FactScore, Scorecard
from palanca.evidence.facts.tables import ORDER, Row
from palanca.show import table
from palanca.show.table import Table

HEAD = """# Facts

<!-- Drawn from the shipped scorecard by `make docs`; a test compares. Do not edit by hand. -->

Facts that a faithful model of the corridor reproduces, tried on the posterior. `palanca evidence facts` makes these
numbers; [facts](../facts.md) says how to read them, [the format](facts-format.md) how to add one.
"""


def markdown(card: Scorecard) -> str:
    """The whole page of a scorecard."""
    sentences = (*words.headline(card), *words.named(card), words.CAUTION, words.CHANCE)
    parts = [HEAD, *(f"{sentence}\n" for sentence in sentences)]
    parts.append(f"{card.draws} draws of the posterior, key {card.key}.\n")
    parts.append(f"## Every fact\n\n{of_table(tables.deciding(card))}\n")
    for word in ORDER:
        some = card.of(word)
        if some:
            parts.append(f"## {word.capitalize()}\n")
            parts += [_one(score) for score in some]
    return "\n".join(parts)


def _one(score: FactScore) -> str:
    found = "\n".join(f"- {sentence}" for sentence in (*words.fails(score), *words.context(score)))
    rows = [_without_fact(rows) for rows in (tables.asserted(score), tables.beside(score)) if rows]
    return "\n\n".join([f"### {score.id} {score.title}", found, *(of_table(table.of_rows("", r)) for r in rows)]) + "\n"


def _without_fact(rows: Sequence[Row]) -> list[Row]:
    return [{name: cell for name, cell in row.items() if name != "fact"} for row in rows]


def of_table(given: Table) -> str:
    """A table in Markdown."""
    head = given.headings()
    lines = [head, ["---"] * len(head), *given.texts()]
    return "\n".join(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |" for line in lines)
