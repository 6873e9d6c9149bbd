"""Leverage is a comparison of two worlds: one's own means help, and shares sum to what there is to share."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from palanca.core.clock import Month
from palanca.infer import history, store
from palanca.questions.bargaining import batched, prepared
from palanca.questions.leverage import month as leverage
from palanca.questions.leverage.month import STOPS
from palanca.spec.bargain_spec import load_bargain
from palanca.spec.load import load

pytestmark = pytest.mark.long
DRAWS = 4
MONTHS = [Month.parse("2019-06"), Month.parse("2024-03")]


@pytest.fixture(scope="module")
def found() -> SimpleNamespace:
    """The course of leverage over two months of the reference case, and a small table with a flow of its own."""
    case = load("us-mexico")
    posterior, _ = store.choose(case, stale_too=True)
    setting = history.prepare(case)
    table = prepared.prepare(load_bargain("us-mexico"), MONTHS, corridor=(setting, posterior), draws=DRAWS)
    course = leverage.course(setting, posterior, table)
    small = prepared.prepare(load_bargain("eu-turkey"), [], corridor=None, draws=DRAWS)
    return SimpleNamespace(table=table, course=course, small=small)


def test_ones_own_means_never_make_the_loss_greater(found) -> None:
    """Doing nothing is one of the means; and somewhere they help."""
    assert (found.course.vulnerability <= found.course.sensitivity + 1e-9).all()
    assert (found.course.vulnerability < found.course.sensitivity - 1e-3).any()
    assert (found.course.sensitivity > 0.0).all()


def test_courts_that_weaken_ones_own_means_leave_the_loss_between_using_them_and_not(found) -> None:
    month, context = MONTHS[0], found.table.context(MONTHS[0])
    assert ((context.court_share > 0.5) & (context.court_share < 1.0)).all()

    def payoffs(share: float):
        told = replace(context, court_share=np.full(DRAWS, share))
        return leverage.payoffs(replace(found.table, contexts=(told,)), month)

    free, half, struck = payoffs(1.0), payoffs(0.5), payoffs(0.0)
    assert free.vulnerability_in_court == pytest.approx(free.vulnerability, rel=1e-9)
    assert (half.vulnerability_in_court >= half.vulnerability - 1e-6).all()
    assert (struck.vulnerability_in_court >= half.vulnerability_in_court - 1e-6).all()
    assert (struck.vulnerability_in_court > struck.vulnerability + 1e-3).any()
    assert (struck.vulnerability_in_court <= struck.sensitivity).all()


def test_worlds_of_people_stand_in_the_order_of_what_is_withdrawn(found) -> None:
    """Stopping lets more through than routine control, taking nobody back more again; own limits take some off."""
    people = found.course.people
    routine, stops, nobody, own = (people.more(world) for world in STOPS[1:])
    assert (routine > 0.0).all()
    assert (stops > routine).all()
    assert (nobody >= stops - 1e-9).all()
    assert (own <= stops + 1e-9).all()
    assert np.array_equal(people.more(STOPS[0]), np.zeros_like(routine))


def test_who_holds_and_who_depends_is_told_by_what_moves_arrivals(found) -> None:
    assert leverage.parties(found.table) == ("MEX", "USA")
    assert leverage.parties(found.small) == ("TUR", "EU")


def test_shares_of_issues_sum_to_the_gain_of_all_less_that_of_none(found) -> None:
    talks, free = found.small.at(None), found.small.free(None)
    traded = free & np.array([issue.traded for issue in found.small.declared.issues.values()])
    shares = leverage.sharing(found.small, None, draws=2)
    assert shares.left_out == 0
    assert len(shares.issues) == traded.sum()
    whole, none = (np.asarray(batched.each(talks, mask).gains)[:2] for mask in (free, free & ~traded))
    assert np.allclose(shares.shares[:2].sum(axis=1), (whole - none)[:, : shares.shares.shape[2]], atol=1e-6)
    assert np.nanmax(np.abs(shares.shares)) > 0.1
    assert np.isnan(shares.shares[2:]).all()


def test_a_change_is_the_mean_after_less_the_mean_before() -> None:
    months = [MONTHS[0] + i for i in range(4)]
    values = np.array([[1.0, 2.0], [3.0, 4.0], [10.0, 0.0], [20.0, 2.0]])
    assert np.array_equal(leverage.change(values, months, months[2:], months[:2]), [13.0, -2.0])
