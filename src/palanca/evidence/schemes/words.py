"""Schemes in words: how many work, in part or not at all, what the model lacks, and what a prediction came to."""

from __future__ import annotations

from collections.abc import Sequence

from palanca.core.wording import counted
from palanca.evidence.facts.judge import FAILED, PRODUCED, VERDICTS
from palanca.evidence.facts.scorecard import FactScore
from palanca.evidence.schemes.scheme_card import MISSING, PARTLY, WORKS, SchemeCard, SchemeScore
from palanca.show.number import percent

HOLDS, OPEN, FAILS, ABSENT, AGAINST, UNTOLD = CAME = ("holds", "open", "fails", "absent", "contradicted", "untold")
CAUTION = (
    "A scheme that works is no proof of the model: a prediction is mostly a sign, claimed by single articles, and what "
    "is declared in the record or at the table cannot be found by a check on it. No parameter was set to make one hold."
)
CHANCE = (
    f"A prediction holds if all that it asserts holds in {percent(PRODUCED)} of draws or more, fails in "
    f"{percent(FAILED)} or fewer and is open between; it is absent where the model has no means to express it. One "
    "that figures contradict, or that is untold by too few cases, says nothing of the model and is not counted."
)


def came(one: FactScore) -> str:
    """What a prediction came to, in a word."""
    return CAME[VERDICTS.index(one.verdict)]


def headline(card: SchemeCard) -> str:
    """How many schemes work, work in part, and are missing."""
    works, partly, missing = (len(card.of(word)) for word in (WORKS, PARTLY, MISSING))
    none = sum(one.held == 0 for one in card.of(PARTLY))
    tail = f", of which {none} without a prediction that holds" if none else ""
    return (
        f"Of {counted(len(card.scores), 'scheme')} {works} work, with every prediction held; {partly} work in "
        f"part{tail}; {missing} are missing."
    )


def counts(card: SchemeCard) -> str:
    """What predictions came to."""
    every = card.predictions
    each = {word: sum(came(one) == word for one in every) for word in CAME}
    return (
        f"Of {counted(len(every), 'prediction')} {each[HOLDS]} hold, {each[OPEN]} are open, {each[FAILS]} fail, and "
        f"{each[ABSENT]} the model has no means to express; {each[AGAINST] + each[UNTOLD]} say nothing of the model, "
        f"contradicted by figures or untold by too few cases."
    )


def missing(card: SchemeCard) -> list[str]:
    """Which schemes are missing."""
    some = card.of(MISSING)
    return [f"Missing: {named(some)}."] if some else []


def named(some: Sequence[SchemeScore]) -> str:
    """Schemes by number and title."""
    return "; ".join(f"{one.id} {one.title}" for one in some)
