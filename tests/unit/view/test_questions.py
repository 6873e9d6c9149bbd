"""How questions are told: words for changes, tables and pages of answers made by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from histories import case

from palanca.core.clock import Month
from palanca.questions import outcomes
from palanca.questions.forecast.suppositions import TOLD as OUTCOMES_AHEAD
from palanca.questions.forecast.suppositions import Outlooks, Supposition
from palanca.questions.leverage.through_time import Withdrawn
from palanca.questions.whatif.ask import ANSWERING, FROZEN, HISTORY, WITHOUT, Answered
from palanca.report import suppositions as next_page
from palanca.report import whatif as whatif_page
from palanca.report import withdrawn as leverage_page
from palanca.view import suppositions, whatif_prose, whatif_tables, withdrawn, words
from palanca.view.whatif_tables import Told

MONTHS = tuple(Month.parse("2019-04") + i for i in range(5))
DRAWS = 4


def answered() -> Answered:
    """History is flat at 100 an outcome; the other worlds add 10 and 8 from the second month on."""
    sizes = {"": (), "origin": (2,), "group": (3,), "sector": (2,), "place": (3,)}
    names = dict.fromkeys(outcomes.OUTCOMES, "") | {part: part.rpartition(" ")[2] for part in whatif_tables.PARTS}
    names |= {"stops by origin": "origin", "let_in by origin": "origin"}
    later = (np.arange(len(MONTHS)) > 0).astype(float)
    numbers = {}
    for world, more in (
        (HISTORY, 0.0),
        (FROZEN, 10.0),
        (ANSWERING, 8.0),
        (WITHOUT[HISTORY], 40.0),
        (WITHOUT[FROZEN], 30.0),
    ):
        for name, axis in names.items():
            shape = (len(MONTHS), *sizes[axis], DRAWS)
            numbers[f"{world}/{name}"] = 100.0 + more * later.reshape(-1, *(1,) * (len(shape) - 1)) * np.ones(shape)
    return Answered(case(), (), MONTHS, MONTHS[1], MONTHS[-1], MONTHS[1], numbers)


def told() -> Told:
    return Told(answered(), MONTHS[1], MONTHS[3], {}, {"HND": "Honduras"}, "What if?")


def test_flows_are_summed_and_stocks_averaged_over_the_months_told() -> None:
    rows = {row["outcome"]: row for row in whatif_tables.summary(told())}
    assert rows["deaths on the way"][FROZEN] == pytest.approx(30.0)
    assert rows["deaths on the way"]["history"] == pytest.approx(300.0)
    assert rows["people waiting on hold in the corridor"][ANSWERING] == pytest.approx(8.0)


def test_leverage_is_the_difference_of_two_withdrawals() -> None:
    found = answered()
    assert np.allclose(found.leverage(HISTORY), 40.0)
    assert np.allclose(found.leverage(FROZEN), 20.0)
    (row,) = whatif_tables.of_people(told())
    assert row[FROZEN] == pytest.approx(-0.02)  # thousand a month


def test_a_whatif_begins_where_arrivals_differ_and_at_its_change_where_none_do() -> None:
    found = answered()
    flat = {**found.numbers, f"{FROZEN}/encounters": found.of(HISTORY, "encounters")}
    later = flat[f"{FROZEN}/encounters"].copy()
    later[3] += 1.0
    assert replace(found, numbers=flat).begins == found.first == MONTHS[1]
    assert replace(found, numbers={**flat, f"{FROZEN}/encounters": later}).begins == MONTHS[3]


def test_what_only_last_digits_make_is_no_effect() -> None:
    found = answered()
    numbers = {**found.numbers, f"{FROZEN}/deaths": found.of(HISTORY, "deaths") * (1.0 + 1e-12)}
    assert not np.any(replace(found, numbers=numbers).effect(FROZEN, "deaths"))


def test_every_number_of_a_whatif_stands_in_its_rows() -> None:
    rows = whatif_tables.all_numbers(told())
    parts = len(outcomes.OUTCOMES) + 2 + 3 + 2 + 2 + 3
    assert len(rows) == parts * len(MONTHS) * 3
    assert all(row["change"] == 0.0 for row in rows if row["world"] == HISTORY)


def test_a_page_about_a_whatif_tells_the_harm_first_to_last() -> None:
    page = whatif_page.html(told(), {"Case": "small"})
    assert "deaths on the way" in page
    assert "30.0 [30.0, 30.0] more deaths" in " ".join(whatif_prose.says(told()))


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
