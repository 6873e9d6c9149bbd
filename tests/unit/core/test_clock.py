"""Months and spans: reading, counting, order, fiscal years."""

from __future__ import annotations

import datetime
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from palanca.core.clock import Month, Span, fiscal_month
from palanca.core.errors import MonthError

months = st.builds(Month, st.integers(1900 * 12, 2100 * 12))


@given(months)
def test_a_month_written_and_read_is_the_same_month(month):
    assert Month.parse(str(month)) == month


@given(months, st.integers(-600, 600))
def test_adding_months_and_taking_the_difference_undo_each_other(month, step):
    assert (month + step) - month == step
    assert ((month + step) > month) == (step > 0)


@given(months)
def test_the_days_of_a_month_are_those_of_the_calendar(month):
    first, after = (datetime.date(m.year, m.number, 1) for m in (month, month + 1))
    assert month.days == (after - first).days


@pytest.mark.parametrize("text", ["2024-01-15", "2024-02-30", "2019-06-7", "2024-01-01"])
def test_a_day_where_a_month_is_meant_is_refused_with_the_month_to_write(text):
    with pytest.raises(MonthError) as caught:
        Month.parse(text, where="--from")
    assert str(caught.value).startswith(f"--from: a whole month is meant: found {text!r}; expected YYYY-MM, without a")
    assert f"Write {text[:7]} for the whole month." in str(caught.value)


@pytest.mark.parametrize("text", ["2019", "2019-13", "2019-00", "June 2019", "2019-6", "", "٢٠١٩-٠١", "2019-13-01"])
def test_what_is_no_month_is_refused_and_quoted(text):
    with pytest.raises(MonthError) as caught:
        Month.parse(text, where="case.yaml:3")
    assert str(caught.value).startswith("case.yaml:3: cannot read the month: found ")
    assert repr(text) in str(caught.value)


def test_a_span_holds_both_its_ends_and_nothing_outside():
    span = Span.parse("2018-11", "2019-02")
    assert span.labels() == ["2018-11", "2018-12", "2019-01", "2019-02"]
    assert len(span) == 4
    assert Month.parse("2018-10") not in span
    assert Month.parse("2019-03") not in span
    assert [span.position(month) for month in span] == [0, 1, 2, 3]


def test_a_span_that_ends_before_it_starts_is_refused():
    with pytest.raises(MonthError, match="ends before it starts"):
        Span.parse("2019-02", "2018-11")


def test_the_place_of_a_month_outside_the_span_is_refused_with_the_span():
    with pytest.raises(MonthError) as caught:
        Span.parse("2018-11", "2019-02").position(Month.parse("2020-01"))
    assert (caught.value.found, caught.value.expected) == ("2020-01", "2018-11 to 2019-02")


def test_a_fiscal_year_runs_from_october_of_the_year_before_to_september():
    run = [fiscal_month(2019, number) for number in (10, 11, 12, 1, 2, 3, 4, 5, 6, 7, 8, 9)]
    assert str(run[0]) == "2018-10"
    assert str(run[-1]) == "2019-09"
    assert all(later - earlier == 1 for earlier, later in pairwise(run))
