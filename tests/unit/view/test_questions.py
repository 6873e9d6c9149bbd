"""How questions are told: words for changes, tables and pages of answers made by hand."""

from __future__ import annotations

import numpy as np
import pytest
from histories import case

from palanca.core.clock import Month
from palanca.questions.forecast.suppositions import TOLD as OUTCOMES_AHEAD
from palanca.questions.forecast.suppositions import Outlooks, Supposition
from palanca.questions.leverage.through_time import Withdrawn
from palanca.report import suppositions as next_page
from palanca.report import withdrawn as leverage_page
from palanca.view import suppositions, withdrawn, words

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


def withdrawal() -> withdrawn.Told:
    """Two months; who stops adds 3 an origin in the first and 5 in the second, all of it left after others answer."""
    more = np.array([[0.0, 3.0, 3.0], [0.0, 5.0, 5.0]])
    shape = (2, 3, 1, 2, DRAWS)
    encounters = 100.0 + more[:, :, None, None, None] * np.ones(shape)
    flat = np.ones((2, 3, 1, DRAWS))
    found = Withdrawn("MEX", MONTHS[:2], (3,), ("as recorded", "stopped", "others answer"), encounters, flat, flat)
    return withdrawn.Told(found, "Mexico", ("Mexico", "Honduras"))


def test_withdrawals_are_told_where_they_would_have_brought_most() -> None:
    said = " ".join(withdrawn.says(withdrawal()))
    assert "from May 2019, 10.0 [10.0, 10.0] more encounters" in said
    assert "100\N{NO-BREAK SPACE}% of that is left" in said
    assert [row["more, stopped"] for row in withdrawn.by_month(withdrawal())] == [6.0, 10.0]
    assert "What would come had Mexico stopped" in leverage_page.html(withdrawal(), {})


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
