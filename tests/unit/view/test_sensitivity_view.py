"""What matters, shown: parameters in order, intervals as they are, a warning where ties between parameters matter."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from palanca.core.clock import Month
from palanca.questions import outcomes
from palanca.questions.sensitivity.given import Explained
from palanca.questions.sensitivity.runs import Answer, Question
from palanca.questions.sensitivity.variance import Morris, Sobol
from palanca.report import sensitivity as page
from palanca.spec.load import load
from palanca.view import sensitivity as charts
from palanca.view import sensitivity_prose as prose
from palanca.view import sensitivity_tables as tables


@pytest.fixture
def answer() -> Answer:
    outcome = np.linspace(90.0, 110.0, 201)
    question = Question(outcomes.find("deaths", load("us-mexico")), Month.parse("2023-01"), Month.parse("2023-06"))
    half = np.full(2, 0.05)
    shares = Sobol(
        ("hope", "death_border"), np.array([0.1, 0.8]), half, np.array([0.12, 0.85]), half, float(outcome.var()), 64
    )
    effects = Morris(("hope", "appeal", "death_border"), np.array([3.0, 0.0, 9.0]), np.ones(3), np.ones(3), 40)
    explained = {"hope": Explained(0.0, 0.0, 0.05), "death_border": Explained(0.75, 0.7, 0.8)}
    return Answer(question, ("hope", "death_border"), outcome, shares, effects, explained, {}, float("nan"))


def test_parameters_stand_in_the_order_of_what_they_move(answer):
    assert [row["parameter"] for row in tables.summary(answer)] == ["death_border", "hope"]
    assert tables.summary(answer)[0]["alone"] == "0.80 [0.75, 0.85]"
    assert [row["parameter"] for row in tables.numbers(answer)] == ["hope", "appeal", "death_border"]


def test_learning_three_quarters_of_the_variance_halves_the_spread(answer):
    assert tables.left(answer, "death_border") == pytest.approx(answer.outcome.std() / 2.0)
    assert any("Learning death_border for certain" in line for line in prose.headline(answer))


def test_variance_unlike_the_posteriors_is_told_and_like_it_is_not(answer):
    assert not [line for line in prose.ranking(answer) if "ties between parameters matter" in line]
    other = replace(answer.sobol, variance=5.0 * answer.sobol.variance)
    assert [line for line in prose.ranking(replace(answer, sobol=other)) if "ties between parameters matter" in line]


def test_a_choice_that_no_draw_turns_makes_learning_worth_nothing(answer):
    told = prose.worth_says(replace(answer, worth={"hope": 0.0, "death_border": 0.0}, everything=0.0))
    assert "worth nothing" in told[0]
    told = prose.worth_says(replace(answer, worth={"hope": 1.0, "death_border": 2.0}, everything=3.0))
    assert "death_border" in told[0]


def test_the_page_has_both_charts_with_or_without_sobol(answer):
    assert [one.id for one in charts.of_answer(answer)] == ["sensitivity-shares", "sensitivity-effects"]
    assert "What matters" in page.html(replace(answer, sobol=None), {"Case": "us-mexico"})
