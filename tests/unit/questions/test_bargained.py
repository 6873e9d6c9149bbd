"""Governments that bargain otherwise: an issue never on the table, what is refused, and how changes are told."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from palanca.core.clock import Month
from palanca.core.errors import UsageError
from palanca.questions.bargaining import answer, mechanisms
from palanca.questions.bargaining.otherwise import Bargained
from palanca.questions.bargaining.run import ALL_ON, BargainingRun
from palanca.spec.bargain_spec import load_bargain

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
    assert set(mechanisms.ASKS) == set(ALL_ON)


@pytest.mark.parametrize(
    ("off", "without", "says"),
    [([], [], "one mechanism or issue"), (["linkages"], [], "'linkage'"), ([], ["visa"], "'visas'")],
)
def test_what_is_not_there_cannot_be_left_out(off: list[str], without: list[str], says: str) -> None:
    with pytest.raises(UsageError, match=says):
        mechanisms.check(load_bargain("us-mexico"), off, without)


def test_changes_are_sums_of_what_flows_and_means_of_what_stands() -> None:
    found = Bargained("What if?", played(), played(1.0))
    assert np.allclose(found.change("encounters"), 3.0)
    assert np.allclose(found.change("held"), 1.0)
    assert np.allclose(found.effort(), -1.0)
    assert np.allclose(found.package("enforcement"), -1.0)
    rows = table(found)
    assert rows.loc["deaths on the way", "change"] == pytest.approx(3.0)
    assert rows.loc["silence, mean", "change"] == 0.0


def table(found: Bargained) -> pd.DataFrame:
    """The first table of the answer."""
    return answer.tables(answer.Played(found.base, found, None, ()))[0].frame().set_index("quantity")


def test_where_a_search_stopped_is_no_change() -> None:
    other = replace(played(), packages=played().packages + 1e-9)
    assert table(Bargained("What if?", played(), other)).loc["enforcement, mean", "change"] == 0.0


def test_the_findings_hold_deaths_and_people_on_hold_second_and_levels_that_add_up() -> None:
    """Three months of one more each: three more encounters than 300, three more deaths, one more on hold."""
    found = Bargained("What if issues had been kept apart?", played(), played(1.0))
    first, people, deals = answer.findings(answer.Played(found.base, found, None, ()))
    assert "3.00 more encounters than the 300" in first.text
    assert "3.00 more deaths on the way; 1.00 more people on hold" in people.text
    assert "changed by \u22121.00 times routine control" in deals.text


def test_governments_that_bargain_stand_beside_the_record() -> None:
    """Ten more a month than recorded; half of a rise is taken back; deaths and the record of effort are told."""
    alone = answer.Played(played(10.0), None, np.full(4, 0.5), ())
    texts = [one.text for one in answer.findings(alone)]
    assert "10.0 more encounters a month than the 100 recorded" in texts[0]
    assert "11.0 people a month would have died" in texts[1]
    assert "the record has 1.00" in texts[2]
    assert "takes back +50.0 %" in texts[3]
    data = answer.dataset(alone)
    assert data["package"].dims == ("world", "quarter", "issue", "draw")
    assert float((data["encounters"].sel(world="bargaining") - data["recorded"]).mean()) == pytest.approx(10.0)
    year = answer.tables(alone)[0].frame().iloc[0]
    assert (year["encounters"], year["recorded"], year["deals"]) == (110.0, 100.0, 1.0)
