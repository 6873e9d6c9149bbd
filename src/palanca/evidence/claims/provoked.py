"""Acts called blows to democracy, and whether the destination spoke out: provocations as the ledger has them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from palanca.core.clock import Month
from palanca.spec.ledger import Ledger

SPEECH = "silence_on_democracy"


@dataclass(frozen=True)
class Provocation:
    """One act that sources call a blow to elections, courts or press, or to human rights.

    Args:
        row: Id of the ledger's row.
        months: Months in which an answer was to be expected, the first and the last.
        country: Whose act it was.
        expected: Statements expected.
        made: Statements made.
        inferred: Whether its link to migration is only inferred.
    """

    row: str
    months: tuple[Month, Month]
    country: str
    expected: int
    made: int
    inferred: bool


def provocations(ledger: Ledger, speaker: str, *, about: str | None = None) -> tuple[Provocation, ...]:
    """Criticisms, each a provocation answered once, and coded silences, in order of date.

    Args:
        ledger: The ledger.
        speaker: Who speaks or keeps silent.
        about: One country; all if none.
    """
    found = []
    for row in ledger.of_kind("criticism", "silence"):
        if speaker not in row.giver or not any(item.issue == SPEECH for item in row.given):
            continue
        for country in row.taker:
            if about is not None and country != about:
                continue
            stated = row.statements
            expected, made = (stated.expected, stated.actual) if stated else (1, 1)
            months = (row.date.first.month, row.last.month)
            found.append(Provocation(row.id, months, country, expected, made, row.link == "inferred"))
    return tuple(found)


def during(months: tuple[Month, Month], at: tuple[Month, ...], values: np.ndarray) -> np.ndarray:
    """Mean of a path over the months of a provocation, or at the month nearest to them, (draw).

    Args:
        months: First and last month.
        at: Months of the path, in order.
        values: The path, (month, draw).
    """
    inside = [i for i, month in enumerate(at) if months[0] <= month <= months[1]]
    if not inside:
        inside = [int(np.argmin([abs(month - months[0]) for month in at]))]
    return np.asarray(values[inside].mean(axis=0))
