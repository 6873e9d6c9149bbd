"""Units: the closed list, conversion within a dimension, refusal across dimensions."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from palanca.core.errors import UnitError
from palanca.core.units import UNITS, convert, parse

names = st.sampled_from(sorted(UNITS))
amounts = st.floats(-1e12, 1e12)


def test_twelve_people_a_year_are_one_person_a_month():
    assert convert(12.0, "people / year", "people / month") == pytest.approx(1.0, rel=1e-15)


def test_a_percent_is_a_hundredth_and_a_rate_a_year_a_twelfth_a_month():
    assert convert(50.0, "percent", "share") == pytest.approx(0.5, rel=1e-15)
    assert convert(6.0, "1 / year", "1 / month") == pytest.approx(0.5, rel=1e-15)
    assert convert(2.0, "years", "months") == pytest.approx(24.0, rel=1e-15)


def test_a_year_has_365_and_a_quarter_days_whether_counted_by_days_or_by_months():
    assert convert(1.0, "people / day", "people / year") == pytest.approx(365.25, rel=1e-12)


@given(names, names, amounts)
def test_converting_there_and_back_gives_the_same_amount(one, other, amount):
    if UNITS[one].dimension == UNITS[other].dimension:
        assert convert(convert(amount, one, other), other, one) == pytest.approx(amount, rel=1e-12, abs=1e-12)
    else:
        with pytest.raises(UnitError, match="does not fit"):
            convert(amount, one, other)


def test_people_and_events_are_never_converted_into_each_other():
    with pytest.raises(UnitError, match=r"people per time.*events per time|events per time.*people per time"):
        convert(1.0, "people / month", "events / month")


def test_an_unknown_unit_is_refused_with_the_nearest_that_is_known():
    with pytest.raises(UnitError) as caught:
        parse("people/year", where="case.yaml:41")
    assert str(caught.value).startswith("case.yaml:41: unknown unit: found 'people/year'")
    assert "Did you mean 'people / year'?" in str(caught.value)


def test_an_unknown_unit_like_no_other_gets_no_suggestion():
    with pytest.raises(UnitError) as caught:
        parse("furlongs per fortnight squared")
    assert caught.value.way_out == ""
