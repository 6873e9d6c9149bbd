"""What a made-up sensitivity comes to: parameters in order, intervals as they are, a warning where ties matter."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from palanca.core.clock import Month
from palanca.questions import outcomes
from palanca.questions.sensitivity import answer
from palanca.questions.sensitivity.given import Explained
from palanca.questions.sensitivity.runs import Sensitivity, SensitivityQuestion
from palanca.questions.sensitivity.variance import Morris, Sobol
from palanca.show.estimate import Inputs
from palanca.spec.load import load

DRAWS = 201
CASE = load("us-mexico")
NOTHING = Inputs((), np.empty((0, DRAWS)))


@pytest.fixture
def found() -> Sensitivity:
    outcome = np.linspace(90.0, 110.0, DRAWS)
    part = outcomes.find("deaths", load("us-mexico"))
    question = SensitivityQuestion(part, Month.parse("2023-01"), Month.parse("2023-06"))
    half = np.full(2, 0.05)
    shares = Sobol(
        ("dread", "death_border"), np.array([0.1, 0.8]), half, np.array([0.12, 0.85]), half, float(outcome.var()), 64
    )
    effects = Morris(("dread", "appeal", "death_border"), np.array([3.0, 0.0, 9.0]), np.ones(3), np.ones(3), 40)
    explained = {"dread": Explained(0.0, 0.0, 0.05), "death_border": Explained(0.75, 0.7, 0.8)}
    return Sensitivity(question, ("dread", "death_border"), outcome, shares, effects, explained, {}, float("nan"))


def test_parameters_stand_in_the_order_of_what_they_move(found: Sensitivity) -> None:
    first, varied, every = (one.frame().set_index("parameter") for one in answer.tables(found))
    assert list(first.index) == ["death_border", "dread"]
    assert list(every.index) == ["death_border", "dread", "appeal"]
    assert varied.loc["death_border", ["alone low", "alone", "alone high"]].tolist() == pytest.approx(
        [75.0, 80.0, 85.0]
    )
    assert first.loc["death_border", ["effect low", "effect high"]].tolist() == pytest.approx([8.0, 10.0])


def test_learning_three_quarters_of_the_variance_halves_the_spread(found: Sensitivity) -> None:
    assert answer.left(found, "death_border") == pytest.approx(found.outcome.std() / 2.0)
    first, second, *_ = answer.findings(found, NOTHING, CASE)
    assert first.numbers["outcome"].estimate == pytest.approx(100.0)
    assert "75\u00a0% [70, 80]. Learning death_border for certain would take its standard deviation" in second.text
    assert "from 5.80 to 2.90" in second.text


def test_variance_unlike_the_draws_comes_first_among_the_cautions(found: Sensitivity) -> None:
    assert "ties between parameters matter" not in answer.caveats(found)[0]
    assert found.sobol is not None
    other = replace(found, sobol=replace(found.sobol, variance=5.0 * found.sobol.variance))
    assert "5.00 times that of the draws: ties between parameters matter" in answer.caveats(other)[0]


def test_a_choice_that_no_draw_turns_makes_learning_worth_nothing(found: Sensitivity) -> None:
    none = replace(found, worth={"dread": 0.0, "death_border": 0.0}, everything=0.0)
    assert any("worth nothing" in one.text for one in answer.findings(none, NOTHING, CASE))
    some = replace(found, worth={"dread": 1.0, "death_border": 2.0}, everything=3.0)
    (line,) = [one.text for one in answer.findings(some, NOTHING, CASE) if "of single parameters" in one.text]
    assert "would be worth 3.00" in line
    assert "death_border" in line.partition("of single parameters")[2]


def test_without_sobol_the_effects_are_named_and_the_data_hold_no_shares(found: Sensitivity) -> None:
    plain = replace(found, sobol=None)
    assert any("largest effects" in one.text for one in answer.findings(plain, NOTHING, CASE))
    data = answer.dataset(plain)
    assert np.isnan(data["alone"]).all()
    assert float(data["effect"].sel(parameter="dread")) == 3.0
    assert float(data["explained"].sel(parameter="death_border")) == 0.75
    assert [one.name for one in answer.charts(plain)] == ["shares", "effects"]
