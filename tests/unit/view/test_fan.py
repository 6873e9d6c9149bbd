"""Fans, tables and sentences of a forecast: each shows the numbers it says it shows."""

import re

import numpy as np
import outlooks
import pytest

from palanca.data.read import read
from palanca.evidence.skill import Row
from palanca.questions.forecast.project import Forecast
from palanca.report import outlook as page
from palanca.view import fan, outlook, outlook_prose, theme
from palanca.view.outlook import ALL, DEAD, GROUP, HELD, ORIGIN, SECTOR, TRANSIT, WAIT

COST = 0.8  # what other levers leave of every quantity in the made-up forecast


@pytest.fixture(scope="module")
def plain() -> Forecast:
    return outlooks.forecast()


@pytest.fixture(scope="module")
def changed() -> Forecast:
    return outlooks.forecast(changed=True)


@pytest.fixture(scope="module", params=["plain", "changed"])
def either(request: pytest.FixtureRequest) -> Forecast:
    return request.getfixturevalue(request.param)


def y(trace: object) -> np.ndarray:
    return np.array(trace.y, dtype=float)


def test_lines_cover_every_origin_group_sector_and_kind_of_waiting_once(plain: Forecast) -> None:
    counts = {family: len(outlook.of(plain, family)) for family in (ALL, ORIGIN, GROUP, SECTOR, TRANSIT, HELD)}
    assert counts == {ALL: 1, ORIGIN: 14, GROUP: 3, SECTOR: 9, TRANSIT: 1, HELD: 7}
    names = [(one.family, one.name) for one in outlook.lines(plain)]
    assert len(set(names)) == len(names)


def test_parts_sum_to_encounters_and_kinds_to_people_on_hold(plain: Forecast) -> None:
    kept = plain.expected
    for family in (ORIGIN, GROUP):
        parts = sum(one.plain for one in outlook.of(plain, family))
        np.testing.assert_allclose(parts, kept["encounters"].sum(axis=(1, 2)), rtol=1e-12)
    kinds = sum(one.plain for one in outlook.of(plain, HELD)[1:5])
    np.testing.assert_allclose(kinds, kept["stocks"].sum(axis=1), rtol=1e-12)
    np.testing.assert_allclose(outlook.line(plain, HELD, DEAD).plain, kept["deaths"].sum(axis=1), rtol=1e-12)


def test_the_past_ends_with_the_published_count_of_the_last_known_month(plain: Forecast) -> None:
    """June 2022 sums over origins to the total that is published apart, but for rounding to tens."""
    total = outlook.line(plain, ALL)
    assert outlook.before(plain)[-1] == "2022-06"
    assert total.past[-1] == pytest.approx(float(read("usbp_total").sel(month="2022-06-01")), abs=14 * 5.0)
    assert np.isfinite(total.past).all()
    assert np.isfinite(total.seen).sum() == outlooks.MONTHS - 3


def test_the_fan_draws_both_bands_the_median_the_past_and_what_was_seen(plain: Forecast) -> None:
    one = outlook.line(plain, ALL)
    traces = list(fan.in_all(plain).panels[0].figure.data)
    low, near, mid, far, high = np.quantile(one.plain, (0.05, 0.1, 0.5, 0.9, 0.95), axis=1)
    for trace, wanted in zip(traces[:5], (high, low, far, near, mid), strict=True):
        np.testing.assert_allclose(y(trace), wanted, rtol=1e-4)
    assert [trace.name for trace in traces[4:]] == ["median", "figures", "figures since"]
    np.testing.assert_allclose(y(traces[5]), one.past, rtol=1e-4)
    np.testing.assert_allclose(y(traces[6]), one.seen[np.isfinite(one.seen)], rtol=1e-4)


def test_every_fan_fits_between_the_ends_of_its_axis(either: Forecast) -> None:
    for drawn in (fan.in_all(either), fan.people(either), *fan.parts(either)):
        for panel in drawn.panels:
            low, high = (10.0**end for end in panel.figure.layout.yaxis.range)
            values = np.concatenate([y(trace) for trace in panel.figure.data])
            values = values[np.isfinite(values)]
            assert low < high
            assert values.min() >= low * 0.999, (drawn.id, panel.title)
            assert values.max() <= high, (drawn.id, panel.title)
            assert 2 <= len(panel.figure.layout.yaxis.tickvals) <= 14, (drawn.id, panel.title)


def test_the_difference_is_taken_path_by_path(changed: Forecast) -> None:
    drawn = fan.difference(changed)
    assert [panel.title for panel in drawn.panels] == [
        "Encounters", "Stopped in transit", "On hold in all", "Let in", "Deaths on the way",
    ]  # fmt: skip
    for panel in drawn.panels:
        for trace in panel.figure.data:
            np.testing.assert_allclose(y(trace), 100.0 * (COST - 1.0), rtol=1e-4)


def test_without_other_levers_there_is_no_difference_to_draw(plain: Forecast) -> None:
    with pytest.raises(ValueError, match="no difference"):
        fan.difference(plain)
    assert "forecast-difference" not in [one.id for one in fan.of_forecast(plain)]


def test_every_chart_can_be_read_without_seeing_it_and_says_its_source(either: Forecast) -> None:
    known = set(theme.darkened()) | {"rgba(0,0,0,0)"}
    shown = fan.of_forecast(either)
    assert len({one.id for one in shown}) == len(shown)
    for one in shown:
        figures = any(mark.label.startswith("figures") for mark in one.key)
        assert bool(one.source) == figures, one.id
        assert one.caption.endswith(".")
        for panel in one.panels:
            assert panel.alt.endswith(".")
            assert panel.unit in panel.figure.layout.annotations[0].text
            used = set(re.findall(r'"(#[0-9a-fA-F]+|rgba?\([^)]*\))"', panel.figure.to_json()))
            assert used <= known, (one.id, used - known)


def test_every_row_holds_the_band_of_its_draws(changed: Forecast) -> None:
    rows = outlook.every_row(changed)
    assert len(rows) == len(outlook.lines(changed)) * outlooks.MONTHS
    assert all(list(row) == list(rows[0]) for row in rows)
    row = next(row for row in rows if row["what"] == WAIT and row["month"] == "2022-09")
    sample = changed.expected["held"][2].sum(axis=0)
    assert row["median"] == pytest.approx(np.median(sample))
    assert row["95 %"] == pytest.approx(np.quantile(sample, 0.95))
    assert row["changed, median"] == pytest.approx(COST * np.median(sample))
    assert row["difference, 5 %"] == pytest.approx((COST - 1.0) * np.quantile(sample, 0.95))


def test_short_tables_show_the_first_third_sixth_twelfth_and_last_month(plain: Forecast) -> None:
    assert outlook.ahead(plain) == [0, 2, 5, 11, 13]
    assert outlook.ahead(outlooks.forecast(months=2, unseen=0)) == [0, 1]
    assert len(outlook.by_part(plain, outlook.of(plain, SECTOR))) == 9 * 5


def test_sentences_hold_the_numbers_of_the_forecast(plain: Forecast) -> None:
    said = " ".join(outlook_prose.headline(plain))
    total = plain.expected["encounters"].sum(axis=(1, 2))
    for value in (np.median(total[0]), np.quantile(total[-1], 0.95), np.median(total.sum(axis=0))):
        assert theme.rounded(float(value)) in said
    assert "July 2022" in said
    assert "August 2023" in said
    assert "over all 14 months" in said


def test_the_human_side_stands_beside_every_comparison(changed: Forecast) -> None:
    said = " ".join(outlook_prose.harm(changed))
    dead = (1.0 - COST) * np.median(changed.expected["deaths"].sum(axis=(0, 1)))
    assert theme.rounded(float(dead), 2) in said
    for words in ("people are on hold", "people die on the way", "are let in", "contention", "from July 2022"):
        assert words in said


def test_a_difference_that_may_be_nothing_says_so() -> None:
    unsure = outlooks.forecast(changed=True)
    signs = np.where(np.arange(outlooks.DRAWS) % 2, 1.3, 0.7)
    unsure.changed["held"][:] = unsure.expected["held"] * signs  # type: ignore[index]
    assert "(the band holds zero)" in outlook_prose.harm(unsure)[1]


def test_how_often_later_figures_lie_inside_is_counted(plain: Forecast) -> None:
    one = outlook.line(plain, ALL)
    low, high = np.quantile(one.plain, (0.1, 0.9), axis=1)
    inside = int(((one.seen >= low) & (one.seen <= high)).sum())
    assert f"80 % band in {inside} " in " ".join(outlook_prose.how_sure(plain))


def test_past_scores_are_quoted_when_there_are_any_and_missed_when_not(plain: Forecast) -> None:
    row = Row(
        "total", "all", "palanca", "nothing", "all", 3, 126, 0.2, 9.0, 30.0, 0.5, 0.79, 0.9, "persistence", 0.95, 0.91,
        0.99,
    )  # fmt: skip
    said = " ".join(outlook_prose.how_sure(plain, [row]))
    assert "126 past forecasts of the total scored 0.95 [0.91 to 0.99] of persistence" in said
    assert f"held {theme.percent(79.0)}" in said
    assert "No scores" not in said
    assert "No scores" in " ".join(outlook_prose.how_sure(plain))


def test_what_it_cannot_tell_names_the_assumption_and_the_narrow_bands(either: Forecast) -> None:
    said = " ".join(outlook_prose.cannot_tell(either))
    for words in ("an assumption", "Venezuela, Haiti and Nicaragua", "lower bound", "may have seen figures after"):
        assert words in said
    assert ("share every draw" in said) == (either.changed is not None)


def test_the_page_holds_everything_and_fetches_nothing(either: Forecast) -> None:
    text = page.html(either, {"command": "palanca forecast <&>", "key": "7", "Note": ""})
    for one in fan.of_forecast(either):
        assert f'id="{one.id}"' in text
    for sentence in (*outlook_prose.how_sure(either), *outlook_prose.cannot_tell(either)):
        assert sentence in text
    assert "palanca forecast &lt;&amp;&gt;" in text
    assert 'src="http' not in text
    assert '<link rel="stylesheet"' not in text
