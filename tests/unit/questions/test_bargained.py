"""Governments that bargain otherwise: an issue never on the table, what is refused, and how changes are told."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from palanca.core.clock import Month
from palanca.core.errors import UsageError
from palanca.questions.bargaining.run import ALL_ON, BargainingRun
from palanca.questions.whatif import bargained
from palanca.questions.whatif.bargained import Bargained
from palanca.report import bargained as page
from palanca.spec.bargain_spec import load_bargain
from palanca.view import bargained as view

MONTHS = tuple(Month.parse("2024-01") + i for i in range(3))


def played(more: float = 0.0) -> BargainingRun:
    """One quarter in four draws: 100 encounters a month and one death, both raised alike."""
    flat = np.ones((3, 4))
    return BargainingRun(
        months=MONTHS,
        quarters=MONTHS[:1],
        issues=("enforcement", "silence"),
        encounters=100.0 * flat + more,
        history=100.0 * flat,
        effort=2.0 * np.ones((1, 4)) - more,
        declared=np.ones(1),
        packages=np.ones((1, 4, 2)) * np.array([2.0 - more, 0.5]),
        asked=np.ones((1, 4), bool),
        struck=np.ones((1, 4), bool),
        salience=np.ones((1, 4)),
        deaths=flat + more,
        held=50.0 * flat + more,
        unsettled=0,
    )


def test_an_issue_taken_off_the_table_is_off_in_every_month_and_no_other_is() -> None:
    talks = load_bargain("us-mexico")
    lesser = talks.without("silence")
    for month in (Month.parse("2019-06"), Month.parse("2024-01")):
        assert lesser.caps(month) == {**talks.caps(month), "silence": 0.0}
    assert talks.caps(Month.parse("2024-01"))["silence"] == 1.0


def test_every_mechanism_of_bargain_mode_can_be_asked_about() -> None:
    assert set(bargained.ASKS) == set(ALL_ON)


@pytest.mark.parametrize(
    ("off", "without", "says"),
    [([], [], "one mechanism or issue"), (["linkages"], [], "'linkage'"), ([], ["visa"], "'visas'")],
)
def test_what_is_not_there_cannot_be_left_out(off: list[str], without: list[str], says: str) -> None:
    with pytest.raises(UsageError, match=says):
        bargained.check(load_bargain("us-mexico"), off, without)


def test_changes_are_sums_of_what_flows_and_means_of_what_stands() -> None:
    found = Bargained("What if?", played(), played(1.0))
    assert np.allclose(found.change("encounters"), 3.0)
    assert np.allclose(found.change("held"), 1.0)
    assert np.allclose(found.effort(), -1.0)
    assert np.allclose(found.package("enforcement"), -1.0)
    rows = {row["quantity"]: row for row in view.summary(found)}
    assert rows["deaths on the way, sum"]["change"] == pytest.approx(3.0)
    assert rows["silence in force, mean"]["change"] == 0.0


def test_where_a_search_stopped_is_no_change() -> None:
    other = replace(played(), packages=played().packages + 1e-9)
    rows = {row["quantity"]: row for row in view.force(Bargained("What if?", played(), other))}
    assert rows["enforcement in force, mean"]["change"] == 0.0


def test_the_page_and_sentences_hold_deaths_and_people_on_hold() -> None:
    found = Bargained("What if issues had been kept apart?", played(), played(1.0))
    assert "3.00 [3.00, 3.00] more deaths on the way" in " ".join(view.says(found))
    assert "What if issues had been kept apart?" in page.html(found, {})
