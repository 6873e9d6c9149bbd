"""What a backtest says: ratios, coverage and the kinds of forecast, of scores worked out with a pencil."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest
import skills

from palanca.evidence.backtest import answer, charts, past, record, store, tables
from palanca.evidence.backtest import skill as scoring
from palanca.evidence.backtest.record import CHOSEN, MODEL, NOTHING, PERSISTENCE, Skill
from palanca.questions.forecast.suppositions import PERSIST, RECORD
from palanca.show import page, terminal


@pytest.fixture(scope="module")
def skill() -> Skill:
    return skills.skill(closer=0.5)


def test_errors_of_half_the_size_are_told_as_half_the_score_and_better_everywhere(skill: Skill) -> None:
    first = answer.findings(skill)[0]
    assert first.numbers["ratio at 1 month"].estimate == pytest.approx(0.5, rel=1e-6)
    assert "0.50 [0.50, 0.50] at 1 month" in first.text
    assert "better beyond chance at 1 and 3 and 6 and 12 months, worse beyond chance at none" in first.text


def test_a_worse_model_is_called_worse() -> None:
    found = answer.findings(skills.skill(closer=2.0))
    assert "better beyond chance at none" in found[0].text
    assert "Better than the forecast: half palanca" in next(one.text for one in found if "Better than" in one.text)


def test_every_score_of_the_rows_is_in_the_data(skill: Skill) -> None:
    data = answer.dataset(skill)
    for row in skill.select(of="total", given=NOTHING, window="all"):
        here = data.sel(forecast=row.forecast, window="all", horizon=row.horizon)
        assert float(here["total_ratio"]) == pytest.approx(row.ratio)
        assert float(here["total_crps"]) == pytest.approx(row.crps)
        assert float(here["total_held"].sel(level=80)) == pytest.approx(row.held_80)
    for row in skill.select(of="sectors", label="big_bend"):
        assert float(data["series_ratio"].sel(series="sectors:big_bend", horizon=row.horizon)) == pytest.approx(
            row.ratio
        )
    for row in skill.select(of="total", given="levers", against=PERSISTENCE):
        place = {"given": "levers", "since": row.window, "conditional": row.forecast, "part": "total"}
        here = data["given_ratio"].sel(place | {"against": PERSISTENCE})
        assert float(here.sel(horizon=row.horizon)) == pytest.approx(row.ratio)
    assert np.isfinite(data["forecast_middle"]).all()
    assert all(part.attrs["units"] and part.attrs["long_name"] for part in data.data_vars.values())


def test_every_table_and_chart_has_rows_and_no_number_that_is_none(skill: Skill) -> None:
    found = answer.answer(skills.case(), skill, {"again": False}, 1)
    assert found.tables[0].name == "scores by months ahead"
    assert len(found.tables) == 6
    assert len(charts.charts(skill, skills.case())) == 6
    for text in (terminal.first_screen(found, 80), terminal.full(found, 80), page.html(found)):
        assert not re.search(r"\bnan\b|\binf\b", re.sub(r"<script.*?</script>", "", text, flags=re.S))


def test_sparse_starts_are_not_joined_to_bands() -> None:
    assert "beside what came" not in [one.name for one in charts.charts(skills.skill(every=12), skills.case())]


def test_the_number_of_candidates_is_the_first_caution(skill: Skill) -> None:
    assert "300 candidate structures" in answer.caveats(skill)[0]
    assert "other figures" in answer.caveats(skill, ["figures"])[0]


def test_scores_are_handed_to_a_forecast_by_what_its_levers_follow(
    skill: Skill, monkeypatch: pytest.MonkeyPatch, tmp_path
) -> None:
    """Levers as they are: nothing given; levers of the record: the levers given, from 2020 on."""
    path = tmp_path / "skill.json"
    path.write_text("{}")
    monkeypatch.setattr(store, "where", lambda case: path)
    monkeypatch.setattr(store, "read_skill", lambda case: skill)
    monkeypatch.setattr(store, "stale", lambda kept, case: [])
    found = past.scores(skills.case())
    for follow, given, window in ((PERSIST, NOTHING, "all"), (RECORD, "levers", "2020 on")):
        rows = skill.select(of="total", forecast=MODEL, given=given, window=window, against=PERSISTENCE)
        assert [one.starts for one in found.by_follow[follow]] == [row.starts for row in rows]
        assert [one.held_80 for one in found.by_follow[follow]] == [row.held_80 for row in rows]
    assert set(found.by_follow) == {PERSIST, RECORD}
    monkeypatch.setattr(store, "stale", lambda kept, case: ["figures"])
    assert not past.scores(skills.case()).by_follow


def test_a_case_without_a_backtest_has_no_scores() -> None:
    assert not past.scores(skills.case()).by_follow


def test_a_series_of_zero_shows_a_dash(skill: Skill) -> None:
    row = skill.rows[0]
    none = record.Row(**{**row.__dict__, "ratio": None, "low": None, "high": None})
    assert tables.ratio(none) is None


def test_the_score_whose_structure_past_scores_chose_comes_first_and_goes_to_forecasts(
    skill: Skill, monkeypatch: pytest.MonkeyPatch, tmp_path
) -> None:
    found, rivals = skills.backtest(closer=0.5)
    last = rivals.total[PERSISTENCE]
    with_chosen = scoring.of(skills.case(), found, replace(rivals, total=rivals.total | {CHOSEN: last}))
    first, second = answer.findings(with_chosen)[:2]
    assert "structure chosen month by month from past scores alone" in first.text
    assert first.numbers["ratio at 1 month"].estimate == pytest.approx(1.0)
    assert second.numbers["ratio at 1 month"].estimate == pytest.approx(0.5, rel=1e-6)
    path = tmp_path / "skill.json"
    path.write_text("{}")
    monkeypatch.setattr(store, "where", lambda case: path)
    monkeypatch.setattr(store, "read_skill", lambda case: with_chosen)
    monkeypatch.setattr(store, "stale", lambda kept, case: [])
    scores = past.scores(skills.case())
    assert scores.by_follow[PERSIST][0].ratio == pytest.approx(1.0)
    assert "past scores alone" in scores.since[PERSIST]
    assert "past scores alone" not in scores.since[RECORD]
