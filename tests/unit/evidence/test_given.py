"""What a conditional forecast is told: the whole record, declared entries alone, effort alone, or practice besides."""

from __future__ import annotations

import numpy as np
import pytest

from palanca.core.clock import Month
from palanca.evidence.backtest import given
from palanca.model import build
from palanca.spec import schedule
from palanca.spec.load import load
from palanca.spec.schema import Case


@pytest.fixture(scope="module")
def case() -> Case:
    return load("us-mexico")


def setting(case: Case, lever: str, month: str, origin: str = "HND", group: str = "single_adult") -> float:
    """What a lever comes to in a month for one origin and group, over all sectors."""
    at = case.span.span.position(Month.parse(month))
    return sum(
        one.values[at]
        for one in schedule.settings(case)
        if one.lever == lever and origin in one.origins and group in one.groups
    )


@pytest.mark.parametrize("last", ["2014-12", "2019-05", "2020-03", "2022-10", "2024-08", "2025-01"])
def test_months_up_to_the_last_known_are_as_recorded(case: Case, last: str) -> None:
    known = case.span.span.position(Month.parse(last)) + 1
    told = build.levers(given.as_declared(case, Month.parse(last)))
    for name, levels in vars(build.levers(case)).items():
        np.testing.assert_array_equal(np.asarray(getattr(told, name))[:known], np.asarray(levels)[:known], name)


def test_what_governments_declared_later_is_told_and_judgements_are_not(case: Case) -> None:
    told = given.as_declared(case, Month.parse("2024-08"))
    for lever in ("suspension_of_entry", "border_release"):
        assert setting(told, lever, "2025-03") == setting(case, lever, "2025-03"), lever
    assert setting(case, "deeds_2025", "2025-03") == 1.0
    assert setting(told, "deeds_2025", "2025-03") == 0.0
    assert {entry.basis for entry in told.record if entry.first.month > Month.parse("2024-08")} == {"declared"}


def test_a_declared_setting_goes_on_where_a_judgement_would_take_its_place(case: Case) -> None:
    """Troops leave in May 2020 by inference: with declared entries alone they stay as sent."""
    told = given.as_declared(case, Month.parse("2020-03"))
    assert setting(case, "guard_deployment", "2020-06") == pytest.approx(0.9)
    assert setting(told, "guard_deployment", "2020-06") == pytest.approx(2.0)
    assert setting(told, "guard_deployment", "2024-06") == pytest.approx(2.0)


def test_a_judgement_in_force_gives_way_to_the_next_declared_entry_and_is_not_added_to_it(case: Case) -> None:
    """Prosecution is inferred for February 2025 and published for March."""
    told = given.as_declared(case, Month.parse("2025-02"))
    assert setting(told, "border_prosecution", "2025-03") == pytest.approx(0.55)
    earlier = given.as_declared(case, Month.parse("2024-10"))
    assert setting(earlier, "border_prosecution", "2025-02") == pytest.approx(0.095)
    assert setting(earlier, "border_prosecution", "2025-04") == pytest.approx(0.64)


def test_words_that_no_government_declared_are_not_spoken_on(case: Case) -> None:
    told = given.as_declared(case, Month.parse("2025-01"))
    assert setting(case, "news_tone_2025", "2025-02") == 1.0
    assert setting(told, "news_tone_2025", "2025-01") == setting(case, "news_tone_2025", "2025-01") > 0.0
    assert setting(told, "news_tone_2025", "2025-02") == 0.0


def test_a_declared_end_without_a_successor_is_an_end(case: Case) -> None:
    told = given.as_declared(case, Month.parse("2023-01"))
    assert setting(told, "title42", "2023-04") == 1.0
    assert setting(told, "title42", "2023-06") == 0.0
