"""What a forecast refuses, what stands still in it, what declared changes alter, and how it is kept."""

from dataclasses import replace

import jax
import numpy as np
import pytest

from palanca.core.clock import Month
from palanca.core.errors import ChangeError, UsageError
from palanca.infer import history
from palanca.infer.history import PreparedCase
from palanca.questions.forecast import horizon, scenario
from palanca.questions.forecast.span import ForecastSpan
from palanca.questions.forecast.worlds import MonthsAhead
from palanca.spec import schedule
from palanca.spec.days import Day
from palanca.spec.edit import Change
from palanca.spec.load import load
from palanca.spec.schema import Case

MONTHS = 9


@pytest.fixture(scope="module")
def setting() -> PreparedCase:
    return history.prepare(load("us-mexico"))


@pytest.fixture(scope="module")
def case(setting: PreparedCase) -> Case:
    return setting.case


def month(text: str) -> Month:
    return Month.parse(text)


def persisting(setting: PreparedCase, last: str) -> MonthsAhead:
    return horizon.persisting(setting.inputs, setting.case.span.span.position(month(last)), MONTHS)


def under(setting: PreparedCase, last: str, *changes: Change) -> tuple[MonthsAhead, MonthsAhead]:
    path = persisting(setting, last)
    plain = scenario.plain(setting.case, ForecastSpan(month(last), MONTHS))
    return path, scenario.under(plain, changes, month(last), path)


@pytest.mark.parametrize(
    ("ask", "says"),
    [
        (ForecastSpan(month("2099-09"), 3), ["--from", "2099-09", "outside the figures", "palanca data show"]),
        (ForecastSpan(month("2013-12"), 3), ["--from", "2013-12", "2014-01 or later"]),
        (ForecastSpan(month("2010-01"), 3), ["outside the figures", "2014-01"]),
        (ForecastSpan(month("2022-01"), 0), ["--ahead", "found 0", "1 to 60"]),
        (ForecastSpan(month("2022-01"), 61), ["--ahead", "1 to 60"]),
    ],
)
def test_what_cannot_be_forecast_is_refused(case: Case, ask: ForecastSpan, says: list[str]) -> None:
    with pytest.raises(UsageError) as told:
        ask.check(case)
    for text in says:
        assert text in str(told.value)


def test_the_earliest_and_the_latest_start_are_allowed(case: Case) -> None:
    assert ForecastSpan(month("2014-01"), 1).check(case) == 3
    assert ForecastSpan(case.span.last, 60).check(case) == len(case.span.span) - 1


def test_what_persists_is_the_last_known_month(setting: PreparedCase) -> None:
    last, path = setting.case.span.span.position(month("2022-06")), persisting(setting, "2022-06")
    for name in ("effort", "order", "slots", "barrier"):
        then, held = (np.asarray(getattr(levers, name)) for levers in (setting.inputs.levers, path.levers))
        assert np.array_equal(held, np.broadcast_to(then[last], held.shape)), name
    assert np.all(np.asarray(path.levers.news) == 0.0)
    assert np.asarray(path.outside.calendar_month).tolist() == [6, 7, 8, 9, 10, 11, 0, 1, 2]


def test_words_spoken_in_the_last_known_month_are_not_spoken_again(setting: PreparedCase) -> None:
    """In January 2025 consequences were announced and in November 2022 a deal: neither month's words are held."""
    for last, words in (("2025-01", "warning"), ("2022-10", "news")):
        spoken = np.asarray(getattr(setting.inputs.levers, words))[setting.case.span.span.position(month(last))]
        assert np.abs(spoken).max() > 0.3, (last, words)
        assert np.all(np.asarray(getattr(persisting(setting, last).levers, words)) == 0.0), words


def test_levers_of_the_record_are_those_of_the_case_and_go_on_where_its_record_does(setting: PreparedCase) -> None:
    span = setting.case.span.span
    first = span.position(month("2022-07"))
    within = scenario.recorded(setting.case, ForecastSpan(month("2022-06"), MONTHS))
    for one, whole in zip(jax.tree.leaves(within), jax.tree.leaves(setting.inputs.levers), strict=True):
        assert np.array_equal(one, whole[first : first + MONTHS])
    cut = schedule.until(setting.case, month("2024-08"))
    beyond = scenario.recorded(cut, ForecastSpan(month("2024-08"), MONTHS))
    slots = np.asarray(beyond.slots)  # appointments end on 20 January 2025
    assert np.array_equal(slots[:4], np.full(4, slots[0]))
    assert slots[4] == pytest.approx(slots[0] * 20 / 31)
    assert np.all(slots[5:] == 0.0)
    assert np.all(np.asarray(beyond.asylum_limit)[5:] == 1.0)


def test_a_case_held_at_a_month_knows_nothing_that_came_later(case: Case) -> None:
    last = month("2022-06")
    still = scenario.held(case, last, last + MONTHS)
    for entry in still.record:
        later = entry.first.month > last
        assert not later or entry.amount == 0.0
        assert entry.last is None or entry.last < Day.end(last) or later
    assert {entry.lever for entry in still.record} == {entry.lever for entry in case.record}


def test_a_change_alters_its_own_lever_from_its_month_on_and_nothing_else(setting: PreparedCase) -> None:
    path, other = under(setting, "2022-06", Change("levers.title42.strength", 0.0, month("2022-09")))
    before, after = np.asarray(path.levers.order), np.asarray(other.levers.order)
    assert np.array_equal(before[:2], after[:2])
    assert before[2:].max() > 0.0
    assert np.all(after[2:] == 0.0)
    rest = replace(path.levers, order=other.levers.order)
    pairs = zip(jax.tree.leaves(rest), jax.tree.leaves(other.levers), strict=True)
    assert all(np.array_equal(one, two) for one, two in pairs)


def test_a_lever_that_came_later_can_be_declared_and_adds_to_what_there_was(setting: PreparedCase) -> None:
    """Contention of January 2024, asked for a year before it: routine control goes on under it."""
    path, other = under(setting, "2022-12", Change("levers.contention.effort", 1.5, month("2023-03")))
    gap = np.asarray(other.levers.effort - path.levers.effort)
    assert np.all(gap[:2] == 0.0)
    covered = gap[2] > 0.0
    assert covered.any()
    np.testing.assert_allclose(gap[2:][:, covered], 1.5)
    assert np.all(gap[2:][:, ~covered] == 0.0)


def test_a_change_may_lie_beyond_the_span_of_the_case(setting: PreparedCase) -> None:
    path, other = under(setting, "2024-08", Change("levers.cbp_one.slots", 0.0, month("2025-01")))
    slots = np.asarray(other.levers.slots)
    assert np.array_equal(slots[:4], np.asarray(path.levers.slots)[:4])
    assert np.all(slots[4:] == 0.0)
    assert np.all(np.asarray(path.levers.slots) > 0.0)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (Change("levers.contention.effort", 0.0, Month.parse("2020-01"), Month.parse("2020-03")), "alters nothing"),
        (Change("levers.contention.effort", 1.0, Month.parse("2026-01")), "outside the span"),
        (Change("levers.title42.strength", 0.0, None, Month.parse("2021-03")), "nothing in the months ahead"),
        (Change("levers.contentoin.effort", 1.0), "Did you mean 'contention'"),
        (Change("parameters.evade", 0.3), "not parameters"),
    ],
)
def test_changes_that_a_forecast_cannot_take_are_refused(setting: PreparedCase, change: Change, says: str) -> None:
    with pytest.raises(ChangeError) as told:
        under(setting, "2022-06", change)
    assert says in str(told.value)
