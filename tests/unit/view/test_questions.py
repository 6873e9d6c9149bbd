"""How questions are told: words for changes, tables and pages of answers made by hand."""

from __future__ import annotations

import numpy as np
import pytest
from histories import case

from palanca.core.clock import Month
from palanca.questions.forecast.suppositions import TOLD as OUTCOMES_AHEAD
from palanca.questions.forecast.suppositions import Outlooks, Supposition
from palanca.report import suppositions as next_page
from palanca.view import suppositions, words

MONTHS = tuple(Month.parse("2019-04") + i for i in range(5))
DRAWS = 4


@pytest.mark.parametrize(
    ("sample", "says"),
    [
        (np.full(9, 5.0), "5.00 [5.00, 5.00] more"),
        (np.full(9, -5.0), "5.00 [5.00, 5.00] fewer"),
        (np.linspace(-1.0, 1.0, 21), "0 [−0.900, +0.900]"),
        (np.zeros(3), "no more or fewer"),
    ],
)
def test_changes_are_worded_by_their_interval(sample: np.ndarray, says: str) -> None:
    assert words.more(sample) == says


def test_a_change_that_could_go_either_way_is_not_told_apart_from_zero() -> None:
    assert words.apart(np.linspace(-1.0, 9.0, 11)) == "not told apart from zero"
    assert words.apart(np.linspace(1.0, 9.0, 11)) == "told apart from zero"


def outlooks() -> Outlooks:
    plain = {name: np.full((2, DRAWS), 50.0) for name in OUTCOMES_AHEAD}
    plain["encounters by origin"] = np.full((2, 2, DRAWS), 25.0)
    other = {name: 2.0 * part for name, part in plain.items()}
    given = (Supposition("persist", "levers as they are"), Supposition("twice", "Twice as many come."))
    seen = np.full(2, np.nan)
    return Outlooks(case(), MONTHS[0], MONTHS[1:3], given, {"persist": plain, "twice": other}, seen, np.ones(12))


def test_suppositions_are_told_against_levers_as_they_are() -> None:
    plain, twice = suppositions.summary(outlooks())
    assert (plain["change"], twice["change"]) == (0.0, 100.0)
    assert twice["held, change"] == 50.0
    assert "Twice as many come: 100 [100, 100] more encounters (100.0\N{NO-BREAK SPACE}%)" in " ".join(
        suppositions.says(outlooks())
    )
    assert "What next" in next_page.html(outlooks(), {})
