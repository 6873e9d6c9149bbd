"""The page of the docs on schemes, in Markdown: the shipped scorecard."""

from __future__ import annotations

from palanca.evidence.facts import words as fact_words
from palanca.evidence.facts.page import of_table
from palanca.evidence.facts.scorecard import FactScore
from palanca.evidence.schemes import tables, words
from palanca.evidence.schemes.scheme_card import SchemeCard, SchemeScore

HEAD = """# Schemes

<!-- Drawn from the shipped scorecard by `make docs`; a test compares. Do not edit by hand. -->

Systems, schemes, programmes and instruments that sources see at work in the corridor, tried on the posterior.
`palanca evidence schemes` makes these results; [schemes](../schemes.md) says how to read them.
"""


def markdown(card: SchemeCard) -> str:
    """The whole page of a scorecard."""
    sentences = (words.headline(card), words.counts(card), words.CAUTION, words.CHANCE)
    parts = [HEAD, *(f"{sentence}\n" for sentence in sentences)]
    parts.append(f"{card.draws} draws of the posterior, key {card.key}.\n")
    parts.append(f"## Every scheme\n\n{of_table(tables.results(card))}\n")
    for word in tables.ORDER:
        some = card.of(word)
        if some:
            parts.append(f"## {word.capitalize()}\n")
            parts += [_one(score) for score in some]
    return "\n".join(parts)


def _one(score: SchemeScore) -> str:
    lines = [f"- {_prediction(k + 1, one)}" for k, one in enumerate(score.predictions)]
    return f"### {score.id} {score.title}\n\n{' '.join(_context(score))}\n\n" + "\n".join(lines) + "\n"


def _prediction(number: int, one: FactScore) -> str:
    """A prediction, what it came to, and what decides."""
    if one.chance is None:
        return f"P{number} *{words.came(one)}*: {one.claim} {one.why}."
    chance = fact_words.chance(one.chance)
    told = f"P{number} *{words.came(one)}* ({chance} % of draws): {one.claim} {fact_words.decides(one)}."
    return " ".join([told, *(text for text in (one.part and f"In part: {one.part}", one.why) if text)])


def _context(one: SchemeScore) -> list[str]:
    """What a scheme is, where it is described, and what belongs to it."""
    found = [f"{one.what} ({', '.join(one.sources)})."]
    parts = (("Levers", one.levers), ("Recorded without an equation", one.idle), ("On the table", one.issues))
    return [*found, *(f"{head}: {', '.join(names)}." for head, names in parts if names)]
