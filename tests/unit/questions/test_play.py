"""Governments that bargain quarter by quarter: what is shared, what an arrow off does, what is refused."""

from __future__ import annotations

import numpy as np
import pytest

from palanca.core.clock import Month
from palanca.core.errors import UsageError
from palanca.infer import history, store
from palanca.questions.bargaining import prepared
from palanca.questions.bargaining import run as bargaining
from palanca.spec.bargain_spec import load_bargain
from palanca.spec.load import load

pytestmark = pytest.mark.slow
DRAWS = 4
SPAN = (Month.parse("2019-01"), Month.parse("2019-12"))


@pytest.fixture(scope="module")
def ready():
    case = load("us-mexico")
    setting, (posterior, _) = history.prepare(case), store.choose(case)
    seat = prepared.prepare(load_bargain("us-mexico"), [SPAN[0]], corridor=(setting, posterior), draws=DRAWS, key=1)
    return setting, posterior, seat


@pytest.fixture(scope="module")
def found(ready):
    return bargaining.run(*ready, SPAN, key=1)


def test_what_was_in_force_played_again_gives_the_same_arrivals(ready, found):
    again = bargaining.frozen_rise(*ready, found, key=1, push=1.0)
    assert np.abs(again).max() < 1e-12


def test_the_same_key_gives_the_same_bits(ready, found):
    again = bargaining.run(*ready, SPAN, key=1)
    assert np.array_equal(again.encounters, found.encounters)
    assert np.array_equal(again.packages, found.packages)


def test_every_package_lies_within_bounds_and_what_is_off_the_table_stays(ready, found):
    _, _, seat = ready
    for k, (name, issue) in enumerate(seat.declared.issues.items()):
        amounts = found.packages[:, :, k]
        assert (amounts >= issue.low - 1e-9).all(), name
        assert (amounts <= issue.high + 1e-9).all(), name
    assert not found.packages[:, :, found.issues.index("vaccines")].any()
    assert found.packages[:, :, found.issues.index("enforcement")].std() > 0.1


def test_a_deal_needs_an_ask_and_without_that_arrow_there_are_at_least_as_many(ready, found):
    assert not (found.struck & ~found.asked).any()
    free = bargaining.run(*ready, SPAN, key=1, on=bargaining.ALL_ON - {"asks"})
    assert free.asked.all()
    assert (free.struck.sum(axis=0) >= found.struck.sum(axis=0)).all()


def test_bargaining_issue_by_kind_holds_back_fewer_people_than_linked(ready, found):
    apart = bargaining.run(*ready, SPAN, key=1, on=bargaining.ALL_ON - {"linkage"})
    assert np.median(apart.effort.mean(axis=0)) < np.median(found.effort.mean(axis=0))
    assert np.median(apart.encounters.sum(axis=0)) > np.median(found.encounters.sum(axis=0))


def test_history_stands_beside_it_as_replayed(ready, found):
    setting, _, _ = ready
    place = setting.case.span.span.position(SPAN[0])
    figures = np.asarray(setting.inputs.figures.encounters)[place : place + len(found.months)].sum(axis=1)
    assert found.history == pytest.approx(np.repeat(figures[:, None], DRAWS, axis=1), rel=0.02)


@pytest.mark.parametrize("span", [("2013-10", "2014-12"), ("2019-12", "2019-01")])
def test_months_that_hold_no_quarter_are_refused(ready, span):
    with pytest.raises(UsageError, match="no quarter to bargain in"):
        bargaining.check(ready[0], tuple(map(Month.parse, span)))


def test_months_of_which_the_case_holds_no_quarter_are_refused(ready):
    last = ready[0].case.span.last
    with pytest.raises(UsageError, match="no quarter to bargain in"):
        bargaining.check(ready[0], (last + -1, last + 7))
