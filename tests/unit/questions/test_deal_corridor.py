"""What governments faced, by the corridor: closed form, nothing from later, and what is refused."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from palanca.core.clock import Month
from palanca.core.errors import UsageError
from palanca.infer import politics
from palanca.questions.bargaining.emulator import Emulator
from palanca.questions.ledger import corridor as deal_corridor
from palanca.spec.bargain_spec import load_bargain
from palanca.spec.ledger import load_ledger

QUARTERS = (Month.parse("2019-04"), Month.parse("2021-04"), Month.parse("2024-01"))


def seat(months: list[Month]) -> SimpleNamespace:
    """A table whose corridor is a closed form that a pencil can check."""
    ones = np.ones((len(months), 2))
    emulated = Emulator(
        100.0 * ones, 0.25 * ones, np.stack([0.2 * ones, 0.1 * ones, 0.3 * ones, 0.0 * ones]), 0.0 * ones
    )
    contexts = tuple(SimpleNamespace(month=month, hosting=np.array([2.0, 4.0])) for month in months)
    return SimpleNamespace(declared=load_bargain("us-mexico"), emulated=emulated, contexts=contexts, draws=2)


@pytest.fixture(scope="module")
def contexts():
    return deal_corridor.faced(seat(deal_corridor.before(QUARTERS)), politics.fitted("us-mexico"), QUARTERS)


def test_arrivals_without_a_deal_and_under_a_package_are_the_closed_form(contexts) -> None:
    assert contexts.without == pytest.approx(100.0 * (0.75 * np.exp(-0.2) + 0.25))
    include = contexts.include() > 0
    names = list(contexts.issues)
    effort = np.flatnonzero((include.sum(axis=1) == 1) & include[:, names.index("enforcement")])[0]
    assert contexts.arrivals[:, effort] == pytest.approx(100.0 * (0.75 * np.exp(-0.6) + 0.25))
    both = np.flatnonzero(
        (include.sum(axis=1) == 2)
        & include[:, names.index("enforcement")]
        & include[:, names.index("returns_accepted")]
    )[0]
    assert contexts.arrivals[:, both] == pytest.approx(100.0 * (0.75 * np.exp(-0.6) + 0.25) * np.exp(-0.1))


def test_favours_alone_move_no_arrivals(contexts) -> None:
    include, names = contexts.include() > 0, list(contexts.issues)
    alone = np.flatnonzero((include.sum(axis=1) == 1) & include[:, names.index("visas")])[0]
    assert contexts.arrivals[:, alone] == pytest.approx(contexts.without)


def test_what_is_on_the_table_follows_the_dates(contexts) -> None:
    names = list(contexts.issues)
    assert (contexts.amount[:, names.index("vaccines")] > 0.0).tolist() == [False, True, False]
    assert (contexts.amount[:, names.index("tariff_relief")] > 0.0).tolist() == [True, False, False]
    assert contexts.amount[:, names.index("enforcement")] == pytest.approx(deal_corridor.MORE_EFFORT)


def test_each_owner_pays_for_what_it_delivers_and_the_other_gains(contexts) -> None:
    talks = load_bargain("us-mexico")
    for taste in deal_corridor.tastes(talks, contexts):
        on = contexts.amount[:, contexts.issues.index(taste.issue)] > 0.0
        assert (taste.cost[on] > 0.0).all(), taste.issue
        assert (taste.worth[~on] == 0.0).all(), taste.issue
        if taste.owner == "USA":
            assert (taste.worth[on] > 0.0).all(), taste.issue


def test_a_table_made_ready_for_other_months_is_refused() -> None:
    with pytest.raises(UsageError, match="not made ready for the quarters before"):
        deal_corridor.faced(seat(list(QUARTERS)), politics.fitted("us-mexico"), QUARTERS)


def test_the_coding_covers_every_traded_issue_with_names_of_the_ledger() -> None:
    coding = deal_corridor.coding(load_bargain("us-mexico"), "MEX", "USA")
    known = set(load_ledger("us-mexico").issues)
    assert "own_effort" not in coding.covers
    assert all(set(names) <= known for names in coding.covers.values())
    assert coding.pair == ("USA", "MEX")
