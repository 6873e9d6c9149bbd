"""What is drawn, listed and said of leverage are its numbers; draws without a number are left out and counted."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import numpy as np
import pytest

from palanca.core.clock import Month
from palanca.questions.leverage.month import STOPS, Course, Payoffs, People, Sharing
from palanca.report import leverage as page
from palanca.view import leverage, leverage_prose, leverage_tables, theme
from palanca.view.leverage_tables import OneMonth, Study

DRAWS = 21
ORIGINS = ("Guatemala", "Honduras", "Venezuela", "Cuba", "Ecuador", "Mexico")
MONTHS = tuple(Month.parse("2023-09") + i for i in range(8))
ONE = Month.parse("2024-03")


def people(months: tuple[Month, ...]) -> People:
    """Encounters that fall through time while what is held back rises; origin k gives k + 1 parts, Mexico nothing."""
    draw = np.linspace(0.9, 1.1, DRAWS)
    encounters = np.full((len(months), len(STOPS), len(ORIGINS), DRAWS), 10_000.0)
    encounters -= 500.0 * np.arange(len(months))[:, None, None, None]
    part = np.array([1.0, 2.0, 3.0, 4.0, 5.0, 0.0])[:, None] * draw
    for w, size in enumerate((0.0, 1_000.0, 2_000.0, 2_100.0, 1_500.0)):
        encounters[:, w] += size * part * (1.0 + 0.1 * np.arange(len(months)))[:, None, None]
    harm = np.broadcast_to(np.arange(len(STOPS))[:, None] * draw, (len(months), len(STOPS), DRAWS))
    return People(months, encounters, 80.0 + harm, 150_000.0 - 1_000.0 * harm)


def payoffs() -> Payoffs:
    draw = np.linspace(-1.0, 1.0, DRAWS)
    conversion = np.stack([2.0 + draw, 0.5 + draw], axis=1)
    realised = 7.0 + draw
    conversion[0], realised[0] = np.nan, np.nan
    return Payoffs(
        60.0 + draw, 50.0 + draw, 55.0 + draw, 10.0 + draw, realised, conversion, draw - 0.05, 0.7 + 0.1 * draw
    )


@pytest.fixture
def study() -> Study:
    draw = np.linspace(-1.0, 1.0, DRAWS)
    issues = ("enforcement", "parole_places")
    shares = np.stack([np.stack([7.0 + draw, 4.0 + draw], 1), np.stack([0.0 * draw, 1.0 + draw], 1)], axis=1)
    rows = 50.0 + draw * np.ones((len(MONTHS), 1))
    found = people(MONTHS)
    return Study(
        title="A table",
        unit="thousand encounters avoided",
        origins=ORIGINS,
        parties=("United States", "Mexico"),
        holder=1,
        depends=0,
        one=OneMonth(
            ONE, people((ONE,)), payoffs(), Sharing(issues, shares, np.full(DRAWS, 1), np.full(DRAWS, 0.05), 0)
        ),
        course=Course(found, rows, rows - 5.0, 1.0 + 0.0 * rows, np.full(len(MONTHS), 2.0)),
    )


def test_further_people_are_the_world_less_what_was_recorded(study) -> None:
    """Fifteen parts of a thousand at the median; five origins of which most would come, in order, without Mexico."""
    level, routine, stops, *_ = leverage_tables.people(study, study.one)
    assert level["encounters"] == pytest.approx(60_000.0)
    assert routine["encounters"] == pytest.approx(15_000.0)
    assert stops["encounters"] == pytest.approx(30_000.0)
    assert list(stops)[4:9] == ["Ecuador", "Cuba", "Venezuela", "Honduras", "Guatemala"]
    assert stops["Ecuador"] == pytest.approx(10_000.0)
    assert level["deaths"] == pytest.approx(80.0)
    assert stops["deaths"] == pytest.approx(2.0)
    assert stops["on hold"] == pytest.approx(-2_000.0)


def test_draws_without_a_number_are_left_out_and_counted(study) -> None:
    """The first draw holds none: the rest run from -0.9 to 1 about the middle."""
    rows = {row["what"]: row for row in leverage_tables.numbers(study) if row["world"] == "payoffs"}
    assert rows["realised"]["draws"] == DRAWS - 1
    assert rows["realised"]["median"] == pytest.approx(7.05)
    assert rows["sensitivity"]["draws"] == DRAWS
    assert any("In 1 draw of 21 a search" in text for text in leverage_prose.payoffs_say(study, study.one))


def test_political_issues_help_all_only_where_they_help_each(study) -> None:
    every, each = leverage_tables.better(study.one.payoffs)
    second = np.linspace(-1.0, 1.0, DRAWS)[1:] + 0.5
    assert each == [1.0, pytest.approx(float((second > 0.0).mean()))]
    assert every == each[1]


def test_nothing_settled_gives_no_number_and_no_warning(study) -> None:
    none = np.full(DRAWS, np.nan)
    bare = replace(study.one.payoffs, realised=none, conversion=np.full((DRAWS, 2), np.nan))
    lost = replace(study, one=replace(study.one, payoffs=bare))
    assert np.isnan(leverage_tables.better(bare)[0])
    assert any("no draw tells" in text for text in leverage_prose.payoffs_say(lost, lost.one))
    assert "leverage-month" in page.html(lost, {})


def test_the_rise_after_the_deal_is_told_only_where_its_sign_is(study) -> None:
    """People rise in every draw; payoffs are flat plus noise that changes sign."""
    *_, said = leverage_prose.course_says(study, study.course)
    assert said.startswith("February to April 2024")
    assert "more if Mexico stops +" in said
    assert "above in 100\u00a0% of draws: a rise" in said
    noise = np.where(np.arange(len(MONTHS))[:, None] > 4, np.linspace(-1.0, 1.0, DRAWS), 0.0)
    loose = replace(study.course, sensitivity=50.0 + noise)
    *_, said = leverage_prose.course_says(study, loose)
    assert re.search(r"sensitivity [^;]*: not identified", said)


def test_without_the_months_of_the_deal_nothing_is_said_of_it(study) -> None:
    assert leverage_prose.covers(MONTHS)
    assert not leverage_prose.covers(MONTHS[1:])


@pytest.mark.parametrize(
    ("chance", "word"), [(0.95, "a rise"), (0.9, "a rise"), (0.5, "not identified"), (0.1, "a fall"), (0.0, "a fall")]
)
def test_a_sign_is_told_at_nine_draws_in_ten(chance, word) -> None:
    assert leverage_prose.verdict(chance) == word


def test_peaks_are_those_of_the_medians(study) -> None:
    """Encounters are made to fall and what is held back to rise."""
    first = leverage_prose.course_says(study, study.course)[0]
    assert "encounters September 2023" in first
    assert "more if Mexico stops April 2024" in first


def test_every_number_stands_with_its_quantiles_in_order_and_as_json(study) -> None:
    rows = leverage_tables.numbers(study)
    assert all(row["p5"] <= row["median"] <= row["p95"] for row in rows)
    assert len({tuple(row) for row in rows}) == 1
    assert json.loads(json.dumps(rows)) == rows
    assert {row["month"] for row in rows} == {str(month) for month in MONTHS}


def test_every_chart_says_what_it_shows_in_words_and_in_colours_of_the_palette(study) -> None:
    known = set(theme.darkened()) | {"rgba(0,0,0,0)"}
    drawn = leverage.of_study(study)
    assert [one.id for one in drawn] == ["leverage-course", "leverage-month", "leverage-shares"]
    for one in drawn:
        assert one.caption.endswith(".")
        assert one.key
        for panel in one.panels:
            assert panel.alt.endswith(".")
            used = set(re.findall(r'"(#[0-9a-fA-F]+|rgba?\([^)]*\))"', panel.figure.to_json()))
            assert used <= known


@pytest.mark.parametrize("without", ["one", "course"])
def test_the_page_holds_what_was_asked_for_and_fetches_nothing(study, without) -> None:
    html = page.html(replace(study, **{without: None}), {"Draws": "21"})
    assert ("leverage-course" in html) == (without != "course")
    assert ("leverage-shares" in html) == (without != "one")
    assert "in hindsight" in html
    assert not re.search(r'<(script|link|img)[^>]*(src|href)="https?:', html)
