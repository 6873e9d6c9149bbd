"""What matters: closed forms are met by variance shares, effects, given-data shares and the worth of knowing."""

from __future__ import annotations

from math import erf, exp, pi, sqrt

import numpy as np
import pytest

from palanca.core.clock import Month
from palanca.core.errors import UsageError
from palanca.infer import store
from palanca.questions import corridor, outcomes
from palanca.questions.sensitivity import runs as sensitivity_runs
from palanca.questions.sensitivity.given import explained, partial_information, perfect_information
from palanca.questions.sensitivity.runs import SensitivityQuestion
from palanca.questions.sensitivity.sampling import Sampling, read
from palanca.questions.sensitivity.variance import EDGE, Varied, morris, narrowed, quantiles, sobol
from palanca.spec.load import load

ABC = Varied(("a", "b", "c"), ("a", "b", "c"))
CASE = load("us-mexico")


def ishigami(shares: np.ndarray) -> np.ndarray:
    """Sin x1 + 7 sin^2 x2 + 0.1 x3^4 sin x1 over a cube of side 2 pi (Ishigami and Homma 1990)."""
    x = -pi + 2.0 * pi * shares
    return np.sin(x[:, 0]) + 7.0 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0])


def test_the_shares_of_ishigamis_function_are_its_own():
    """Closed form: variance a^2/8 + b pi^4/5 + b^2 pi^8/18 + 1/2 with a = 7 and b = 0.1."""
    b, a = 0.1, 7.0
    one, two, three = 0.5 * (1.0 + b * pi**4 / 5.0) ** 2, a**2 / 8.0, b**2 * pi**8 * (1.0 / 18.0 - 1.0 / 50.0)
    whole = one + two + three
    found = sobol(ABC, ishigami, 2048, 1)
    assert found.first == pytest.approx(np.array([one, two, 0.0]) / whole, abs=0.04)
    assert found.total == pytest.approx(np.array([one + three, two, three]) / whole, abs=0.04)
    assert found.variance == pytest.approx(whole, rel=0.02)
    assert found.runs == 2048 * 5
    assert (np.abs(found.first - np.array([one, two, 0.0]) / whole) <= 2.0 * found.first_half).all()


def test_a_sum_has_shares_as_the_squares_of_its_weights_alone_and_in_groups():
    weights = np.array([1.0, 2.0, 3.0])
    found = sobol(ABC, lambda x: x @ weights, 512, 1)
    assert found.first == pytest.approx(weights**2 / 14.0, abs=0.02)
    assert found.total == pytest.approx(found.first, abs=0.02)
    pairs = Varied(ABC.names, ("g", "b", "g"))
    grouped = sobol(pairs, lambda x: x @ weights, 512, 1)
    assert grouped.names == ("g", "b")
    assert grouped.first == pytest.approx([10.0 / 14.0, 4.0 / 14.0], abs=0.02)


def test_the_effects_of_a_sum_are_its_weights_and_do_not_vary():
    found = morris(ABC, lambda x: x @ np.array([1.0, -2.0, 3.0]), 10, 1)
    assert found.size == pytest.approx([1.0, 2.0, 3.0])
    assert found.spread == pytest.approx(np.zeros(3), abs=1e-9)
    assert found.runs == 40
    assert narrowed(ABC, found, 2).tolist() == [False, True, True]
    grouped = morris(Varied(ABC.names, ("z", "a", "z")), lambda x: x[:, 1] * 5.0, 10, 1)
    assert dict(zip(grouped.names, grouped.size, strict=True)) == pytest.approx({"z": 0.0, "a": 5.0})


def test_shares_become_quantiles_of_each_marginal_short_of_its_ends():
    draws = np.stack([np.arange(101.0), np.zeros(101)])
    found = quantiles(np.array([[0.5, 0.5], [0.25, 0.0], [1.0, 1.0]]), draws)
    assert found[:, 0] == pytest.approx([50.0, 25.0, 100.0 * (1.0 - EDGE)])
    assert (found[:, 1] == 0.0).all()


def test_draws_explain_what_a_correlated_pair_explains_together():
    """With y = x + e and correlation r to a twin, the twin explains r^2 of what x does, curve or not."""
    rng = np.random.default_rng(4)
    x = rng.normal(size=1500)
    twin = 0.6 * x + 0.8 * rng.normal(size=1500)
    y = 2.0 * x + rng.normal(size=1500)
    assert explained(x[None], y).share == pytest.approx(0.8, abs=0.04)
    found = explained(twin[None], y)
    assert found.share == pytest.approx(0.36 * 0.8, abs=0.06)
    assert found.low < 0.36 * 0.8 < found.high
    assert explained(rng.normal(size=(1, 1500)), y).share < 0.01
    assert explained(x[None], x**2 + 1e-9).share > 0.99
    assert explained(np.stack([x, twin]), x + twin).share > 0.999


@pytest.mark.parametrize("mean", [0.0, 0.7])
def test_the_worth_of_knowing_is_that_of_two_options_with_a_normal_difference(mean):
    """EVPPI = s phi(m / s) + m Phi(m / s) - max(m, 0), and knowing all adds the noise's variance to s^2."""

    def closed(spread: float) -> float:
        ratio = mean / spread
        density = exp(-0.5 * ratio**2) / sqrt(2.0 * pi)
        return spread * density + mean * 0.5 * (1.0 + erf(ratio / sqrt(2.0))) - max(mean, 0.0)

    rng = np.random.default_rng(8)
    x, noise = rng.normal(size=40_000), rng.normal(size=40_000)
    worths = np.stack([0.5 * noise, 0.5 * noise + mean + 1.5 * x + 2.0 * noise], axis=1)
    assert partial_information(x[None], worths) == pytest.approx(closed(1.5), rel=0.06, abs=0.01)
    assert perfect_information(worths) == pytest.approx(closed(2.5), rel=0.05, abs=0.01)
    assert partial_information(rng.normal(size=(1, 40_000)), worths) < 0.02


def asked(outcome: str, **more: object) -> SensitivityQuestion:
    window = Month.parse("2023-01"), Month.parse("2023-03")
    return SensitivityQuestion(outcomes.find(outcome, CASE), *window, draws=64, **more)


@pytest.fixture(scope="module")
def opened() -> corridor.Corridor:
    posterior, _ = store.choose(CASE, stale_too=True)
    return corridor.open(CASE, posterior)


@pytest.mark.slow
def test_deaths_hang_on_the_chances_of_dying_and_on_nothing_that_only_places_people(opened):
    names = ("death_border", "death_transit", "death_darien", "death_crowding", "appeal")
    question = asked("deaths", sampling=Sampling(names, points=16, trajectories=4))
    answer = sensitivity_runs.matters(opened, question)
    assert answer.sobol is not None
    total = dict(zip(answer.sobol.names, answer.sobol.total, strict=True))
    assert total["appeal"] == pytest.approx(0.0, abs=1e-9)
    assert min(total["death_border"], total["death_darien"]) > 0.01
    assert total["death_crowding"] > 0.3
    assert answer.explained["death_crowding"].share > answer.explained["appeal"].share == 0.0
    assert answer.worth == {}


@pytest.mark.slow
def test_what_replay_solves_for_has_no_sensitivity_and_says_so(opened):
    with pytest.raises(UsageError, match="same in every draw"):
        sensitivity_runs.matters(opened, asked("encounters", sampling=Sampling(points=0, trajectories=2)))


def test_a_parameter_that_does_not_exist_is_answered_by_the_nearest():
    from_layout = sensitivity_runs.inputs_of
    posterior, _ = store.choose(CASE, stale_too=True)
    with pytest.raises(UsageError, match="Did you mean 'death_border'"):
        from_layout(posterior.layout, asked("deaths", sampling=Sampling(("deth_border",))))
    inputs, rows = from_layout(posterior.layout, asked("deaths", sampling=Sampling(("stop_group", "base[3]"))))
    assert inputs.reported == ("stop_group", "base[3]")
    assert len(rows) == 4
    by_equation, _ = from_layout(posterior.layout, asked("deaths", sampling=Sampling(by_equation=True)))
    assert {"F1", "F2"} <= set(by_equation.reported)


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"points": 2**100}, "a power of 2 up to 8,192"),
        ({"points": 100}, "not a power of 2"),
        ({"points": -4}, "up to 8,192"),
        ({"trajectories": 10**9}, "2 to 1,000"),
        ({"trajectories": 1}, "too few"),
        ({"point": 64}, "Did you mean 'points'"),
    ],
)
def test_samples_that_no_machine_would_finish_are_refused(given, says):
    with pytest.raises(UsageError, match=says):
        read(given)


def test_a_sampling_comes_back_from_its_plain_values():
    one = Sampling(("dread", "base[4]"), by_equation=True, points=64, trajectories=10)
    assert read(one.plain()) == one
    assert read(None) == Sampling()
