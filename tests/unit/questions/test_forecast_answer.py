"""What a forecast says: sums, sentences, skill and data of worlds made by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import outlooks
import pytest

from palanca.model.outcomes import STOCKS
from palanca.questions.forecast import answer, past_scores, quantities, tables
from palanca.questions.forecast.answer import ForecastResults
from palanca.questions.forecast.past_scores import NO_SCORES, PastScore, PastScores
from palanca.questions.forecast.project import Forecast
from palanca.questions.forecast.suppositions import AS_THEY_ARE, PERSIST, REACT, RECORD, Supposition
from palanca.show.estimate import Basis, Inputs

LESS = Supposition("less", "a fifth fewer come", RECORD)
SCORES = PastScores(
    {
        PERSIST: (PastScore(1, 100, 0.8, 0.7, 0.9, 0.82), PastScore(12, 90, 0.95, None, None, 0.79)),
        RECORD: (PastScore(1, 50, 0.6, 0.5, 0.7, 0.6),),
    },
    {PERSIST: "from 2014-01 to 2024-07", RECORD: "from 2020-01 to 2024-07"},
)


def forecast(*suppositions: Supposition) -> Forecast:
    """Three months of 100 an outcome and cell with levers as they are, 80 under whatever is supposed."""
    found = outlooks.forecast(months=3, unseen=2)
    flat = {name: np.full_like(part, 100.0) for name, part in found.worlds[PERSIST].items()}
    worlds = {PERSIST: flat} | {one.name: {k: 0.8 * v for k, v in flat.items()} for one in suppositions}
    return replace(found, suppositions=(AS_THEY_ARE, *suppositions), worlds=worlds)


def told(*suppositions: Supposition, scores: PastScores = SCORES) -> ForecastResults:
    found = forecast(*suppositions)
    return ForecastResults(found, quantities.every(found), scores, Inputs((), np.empty((0, outlooks.DRAWS))))


def cells(found: Forecast) -> int:
    return len(found.case.origins) * len(found.case.groups)


def test_flows_are_summed_and_people_on_hold_stand_at_the_end() -> None:
    """100 a month in each cell of origin and group, for three months; 100 an origin on hold, not 300."""
    one = told()
    first, people, *_ = answer.findings(one)
    assert first.numbers["encounters"].estimate == pytest.approx(300.0 * cells(one.found))
    assert first.numbers["first month"].estimate == pytest.approx(100.0 * cells(one.found))
    assert people.numbers["on hold"].estimate == pytest.approx(100.0 * len(one.found.case.origins))
    assert people.numbers["deaths"].estimate == pytest.approx(300.0 * 3)


def test_a_supposition_is_told_by_its_change_with_deaths_and_people_on_hold_beside() -> None:
    one = told(LESS)
    change = answer.findings(one)[1]
    assert change.numbers["encounters"].estimate == pytest.approx(-60.0 * cells(one.found))
    assert change.numbers["deaths"].estimate == pytest.approx(-60.0 * 3)
    assert change.numbers["on hold"].estimate == pytest.approx(-20.0 * len(one.found.case.origins))
    assert "fewer encounters" in change.text
    assert "20.0\N{NO-BREAK SPACE}% fewer" in change.text
    row = tables.tables(one.found, one.shown)[0].frame().set_index("world").loc["less"]
    assert row["more encounters"] == pytest.approx(-60.0 * cells(one.found))
    assert row["encounters"] == pytest.approx(240.0 * cells(one.found))


def test_the_skill_beside_a_world_is_that_of_its_kind_of_forecast_or_none() -> None:
    """Levers of the record have scores of their own; governments that answer were never scored."""
    plain, record, react, declared = (
        past_scores.finding(SCORES, follow, label, 3)
        for follow, label in ((PERSIST, "a"), (RECORD, "b"), (REACT, "c"), ("", "d"))
    )
    assert "0.80 [0.70, 0.90]" in plain.text
    assert "0.60 [0.50, 0.70]" in record.text
    assert "60\N{NO-BREAK SPACE}%" in record.text
    assert react.text.startswith(NO_SCORES)
    assert declared.text.startswith(NO_SCORES)
    assert not react.numbers


def test_a_world_with_declared_changes_borrows_no_skill() -> None:
    changed = Supposition("off", "it is off", changes=(outlooks.CHANGE,))
    texts = [one.text for one in answer.findings(told(changed)) if "scored" in one.text]
    assert len(texts) == 2
    assert "0.80" in texts[0]
    assert texts[1].startswith(NO_SCORES)


def test_no_skill_is_shown_of_months_beyond_the_forecast() -> None:
    assert "0.95" not in past_scores.finding(SCORES, PERSIST, "a", 3).text
    assert "0.95" in past_scores.finding(SCORES, PERSIST, "a", 12).text


def test_scores_that_no_longer_hold_are_left_out_with_the_reason() -> None:
    found = past_scores.finding(PastScores(note="the shipped scores are of other figures"), PERSIST, "a", 3)
    assert "of other figures" in found.text
    assert not found.numbers


def test_months_counted_since_are_held_against_the_world_that_is_named() -> None:
    """One month is counted; every path of a world is the same, so a band holds only its own number."""
    one = told(LESS)
    total = one.one(quantities.ALL)
    seen = np.where(np.isfinite(total.seen), 80.0 * cells(one.found), np.nan)
    shown = tuple(replace(each, seen=seen) if each is total else each for each in one.shown)
    found = [each for each in answer.findings(replace(one, shown=shown)) if "counted since, encounters" in each.text]
    assert [each.numbers["inside 0.9"].estimate for each in found] == [0.0, 1.0]
    assert "(levers as they are)" in found[0].text
    assert "(less)" in found[1].text
    assert found[0].basis is Basis.published


def test_a_band_holds_what_lies_in_it() -> None:
    """Draws even from 0 to 100: the central 80 % go from 10 to 90."""
    sample = np.linspace(0.0, 100.0, 101)[None, :] * np.ones((3, 1))
    assert answer.held(sample, np.array([9.0, 11.0, 89.0]), 0.8).tolist() == [False, True, True]


def test_the_data_hold_every_world_on_named_axes_with_units() -> None:
    data = answer.dataset(forecast(LESS))
    assert data["encounters"].dims == ("world", "month", "origin", "group", "draw")
    assert all(part.attrs["units"] and part.attrs["long_name"] for part in data.data_vars.values())
    less, plain = (data["deaths"].sel(world=world) for world in ("less", PERSIST))
    assert float((less - plain).sum("place").isel(month=1, draw=0)) == pytest.approx(-60.0)
    assert str(data["counted"].month.values[0])[:7] == "2022-07"


def test_parts_sum_to_encounters_and_kinds_to_people_on_hold() -> None:
    found = outlooks.forecast(changed=True)
    shown = quantities.every(found)
    whole = quantities.one(shown, quantities.ALL)
    for family in (quantities.ORIGIN, quantities.GROUP):
        parts = quantities.of(shown, family)
        for world in found.worlds:
            np.testing.assert_allclose(sum(one.worlds[world] for one in parts), whole.worlds[world])
    assert len(shown) == 1 + 14 + 3 + 9 + 1 + 1 + len(STOCKS) + 2


def test_the_past_ends_with_the_published_count_of_the_last_known_month() -> None:
    shown = quantities.every(outlooks.forecast())
    mexico = quantities.one(shown, quantities.ORIGIN, "Mexico")
    assert mexico.past[-1] > 0.0
    assert len(mexico.past) == quantities.PAST
    assert quantities.one(shown, quantities.FATE, quantities.ON_HOLD).source == ""


def test_the_caution_is_that_the_panel_knows_no_levers() -> None:
    texts = answer.caveats(told(LESS))
    assert "knows no levers" in texts[0]
    assert any("it is no forecast" in text for text in texts)
    assert len(texts[0]) <= 200


def test_a_band_far_beyond_all_that_was_counted_is_flagged() -> None:
    """At most 60 stops were counted; the model has 1,400 in every month, 100 in each of 14 origins."""
    one = told()
    stops = one.one(quantities.TRANSIT)
    past = np.where(np.isfinite(stops.past), 60.0, np.nan)
    shown = tuple(replace(each, past=past) if each is stops else each for each in one.shown)
    (text,) = [each for each in answer.caveats(replace(one, shown=shown)) if "stopped in transit" in each]
    assert "1,400 in a month" in text
    assert "23.3 times" in text


def test_scores_that_do_not_hold_are_not_called_missing() -> None:
    text = past_scores.finding(PastScores(note="the shipped scores are of other forecasts"), PERSIST, "a", 12).text
    assert text == "No score of past forecasts of this kind holds (a): the shipped scores are of other forecasts."
    assert past_scores.finding(PastScores(), PERSIST, "a", 12).text == f"{NO_SCORES} (a)."


def test_what_no_series_tells_of_is_called_assumed_and_has_a_caveat() -> None:
    one = told()
    names = one.found.case.series
    assert names is not None
    bare = one.found.case.model_copy(update={"series": names.model_copy(update={"deaths": None, "stops": None})})
    less = replace(one, found=replace(one.found, case=bare))
    people = answer.findings(less)[1]
    assert people.numbers["deaths"].basis == people.numbers["stops"].basis == Basis.assumed
    assert any("tells of deaths" in text and "stopped in transit" in text for text in answer.caveats(less))
