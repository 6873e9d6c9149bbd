"""What the answer on a fit says: counts by hand, red checks first, and every number with its draws."""

from __future__ import annotations

import numpy as np
import posteriors
import pytest

from palanca.evidence.fit import answer, parameters
from palanca.evidence.fit.answer import JudgedFit
from palanca.infer import full, verdict
from palanca.infer.predictive import Checked

LOW = [Checked("stops by origin", label, 100, 0.2, 0.6, 0.0, 0.5, 0.5) for label in ("HND", "GTM", "CUB")]
RIGHT = [Checked("deaths", "border", 120, np.nan, 0.9, 0.5, 0.5, 0.5)]


@pytest.fixture(scope="module")
def given() -> JudgedFit:
    found = posteriors.sampled()
    series = (*LOW, *RIGHT)
    return JudgedFit(found, series, verdict.judge(found, series))


def test_the_first_finding_counts_red_green_and_not_made(given: JudgedFit) -> None:
    """Red by hand: coverage and statistics of stops, perhaps R-hat by chance; calibration was not made."""
    red = len(given.judged.red)
    first = answer.findings(given)[0]
    assert first.text == f"{red} of 12 checks of the fit are red, {11 - red} are green and 1 could not be made."
    assert {check.name for check in given.judged.red} >= {"coverage: stops by origin", "statistics: stops by origin"}
    assert first.numbers["red"].estimate == red


def test_learned_and_assumed_numbers_add_up(given: JudgedFit) -> None:
    numbers = answer.findings(given)[1].numbers
    assert sum(one.estimate for one in numbers.values()) == given.found.layout.length


def test_series_that_fail_are_named_with_their_labels(given: JudgedFit) -> None:
    texts = [one.text for one in answer.findings(given)]
    assert any(text.startswith("1 of 2 series have figures outside") and "HND, GTM, CUB" in text for text in texts)
    assert not any("deaths" in text for text in texts)


def test_red_checks_head_the_table(given: JudgedFit) -> None:
    states = list(answer.tables(given)[0].frame()["came out"])
    assert states == sorted(states, key=["red", "not checked", "green"].index)


def test_the_share_of_a_series_inside_its_bands_is_weighed_by_figures(given: JudgedFit) -> None:
    inner = answer.charts(given)[0].panels[0].series[1]
    outer = answer.charts(given)[0].panels[0].series[0]
    assert outer.y == pytest.approx((60.0, 90.0))
    assert inner.y[0] == pytest.approx(20.0)
    assert inner.y[1] is None


def test_data_hold_every_stored_draw_in_the_unit_of_its_parameter(given: JudgedFit) -> None:
    data = answer.dataset(given)
    assert data["value"].dims == ("number", "draw")
    place = list(data["number"].values).index("retry[0,0]")
    free = given.found.free[place]
    assert np.all((data["value"].values[place] > 0.0) & (data["value"].values[place] < 1.0))  # a chance
    assert np.array_equal(np.argsort(free), np.argsort(data["value"].values[place]))
    assert data["in_90"].sel(series="stops by origin: GTM") == pytest.approx(0.6)


def test_a_quick_fit_says_what_it_is() -> None:
    quick = full.of_fit(posteriors.laplace(), draws=40)
    found = JudgedFit(quick, (), verdict.judge(quick, []))
    assert answer.findings(found)[-1].text == parameters.QUICK
    assert len(answer.charts(found)) == 2  # no chains to compare


def test_bars_count_every_number_once(given: JudgedFit) -> None:
    bars = answer.charts(given)[1].panels[0].series[0]
    assert sum(value or 0.0 for value in bars.y) == given.found.layout.length
