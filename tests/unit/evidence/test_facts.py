"""Facts judged: chances in closed form, bounds that move with the draw, and one fact through the engine."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import posteriors
import pytest
from scipy import stats

from palanca.core.clock import Span
from palanca.core.errors import ChangeError, UsageError
from palanca.evidence.facts import judge, reading, scorecard, store
from palanca.evidence.facts.bargains import rate_ratio
from palanca.evidence.facts.bench import Bench
from palanca.evidence.facts.judge import Chance
from palanca.evidence.facts.probes import RUN
from palanca.infer.fit import Fit
from palanca.questions import corridor
from palanca.spec.facts import loads_facts
from palanca.spec.facts_probes import PROBES
from palanca.spec.facts_schema import Assertion, Fact, Measure
from palanca.spec.load import load

SOUND = (Path(__file__).parents[2] / "refused" / "facts" / "sound" / "facts.yaml").read_text()


def asserted(**given: object) -> Assertion:
    return Assertion.model_validate({"quantity": "x", **given})


def share(values: object, slack: float = 0.0, **given: object) -> float:
    found = {"x": np.asarray(values, dtype=float), "y": np.array([1.0, 2.0, -1.0, np.nan])}
    one = asserted(**given)
    return float(judge.holds(one, judge.within(one, found, slack)).mean())


# --- The chance of an assertion ---


def test_bounds_hold_in_the_share_of_draws_between_them():
    draws = np.arange(100) / 100.0  # 0 to .99
    assert share(draws, between=(0.25, 0.5)) == pytest.approx(0.26)  # both ends count
    assert share(draws, at_least=0.9) == pytest.approx(0.10)
    assert share(draws, above=0.9) == pytest.approx(0.09)
    assert share(draws, at_most=0.1) == pytest.approx(0.11)
    assert share(draws, below=0.1) == pytest.approx(0.10)


def test_a_bound_times_another_quantity_moves_with_the_draw():
    values = [2.0, 3.0, -1.0, 5.0]  # beside 1, 2, -1 and none
    assert share(values, at_least=2, times="y") == 0.5  # 2 >= 2, 3 < 4, -1 >= -2, and none never holds
    assert share(values, below=2, times="y") == 0.25


def test_a_draw_without_a_number_never_holds():
    assert share([np.nan, 1.0], above=0.0) == 0.5
    assert share([np.nan, 1.0], at_most=5.0) == 0.5


def test_slack_widens_each_bound_by_a_part_of_its_own_size():
    assert share([0.95, 1.95, 2.1, 2.3], between=(1.0, 2.0)) == 0.25
    assert share([0.95, 1.95, 2.1, 2.3], slack=0.1, between=(1.0, 2.0)) == 0.75
    assert share([-1.05], slack=0.1, at_least=-1.0) == 1.0


def test_a_share_of_draws_is_asserted_as_a_whole():
    draws = np.arange(100) / 100.0
    assert share(draws, below=0.95, in_share_of_draws=0.95) == 1.0
    assert share(draws, below=0.94, in_share_of_draws=0.95) == 0.0


def test_all_assertions_must_hold_in_the_same_draw():
    left, right = np.array([True, True, False, False]), np.array([True, False, True, False])
    assert judge.together([left, right]).tolist() == [True, False, False, False]
    assert judge.together([left, np.array([True])]).tolist() == left.tolist()
    with pytest.raises(UsageError, match="3 draws and 4 draws"):
        judge.together([left, np.ones(3, bool)])


@pytest.mark.parametrize(
    ("value", "word"),
    [(1.0, "produced"), (0.9, "produced"), (0.89, "in between"), (0.11, "in between"), (0.1, "not produced")],
)
def test_the_word_follows_the_chance(value, word):
    assert judge.verdict(Chance(value, 100)) == word
    assert judge.verdict(None) == "not expressible"


def fact(**given: list[dict[str, object]]) -> Fact:
    parts = {name: tuple(Assertion.model_validate(one) for one in some) for name, some in given.items()}
    return Fact.model_validate({"id": 1, "title": "t", "claim": "c", "source": ("S",), **parts})


def test_a_part_that_figures_tell_contradicts_the_claim_where_it_fails_and_the_model_is_not_blamed():
    then = [{"quantity": "x", "above": 0}, {"quantity": "counted", "below": 0.0645, "published": True}]
    found = {"x": np.ones(10), "counted": np.full(10, 0.0650)}
    word, chance, tried = judge.judged(fact(then=then), found)
    assert (word, chance.value) == ("contradicted by the figures", 0.0)
    assert [part.within_share for part in tried] == [1.0, 0.0]
    assert judge.judged(fact(then=then), found | {"counted": np.array([0.05])})[0] == "produced"
    then[1]["published"] = False
    assert judge.judged(fact(then=then), found)[0] == "not produced"


def test_too_few_cases_cannot_tell_whatever_the_chance():
    given = fact(needs=[{"quantity": "told", "at_least": 8}], then=[{"quantity": "x", "above": 0}])
    for x in (-1.0, 1.0):
        assert judge.judged(given, {"x": np.full(10, x), "told": np.array([5.0])})[0] == "cannot be told"
    assert judge.judged(given, {"x": np.ones(10), "told": np.array([8.0])})[0] == "produced"


# --- Monte Carlo error ---


@pytest.mark.parametrize(("holding", "draws"), [(0, 64), (5, 64), (32, 64), (64, 64), (1, 7)])
def test_the_interval_of_a_chance_agrees_with_another_program(holding, draws):
    known = stats.binomtest(holding, draws).proportion_ci(confidence_level=0.9, method="wilson")
    found = Chance(holding / draws, draws)
    assert found.interval == pytest.approx((known.low, known.high), abs=1e-9)
    assert found.error == pytest.approx(math.sqrt(holding * (draws - holding) / draws**3))


def test_the_error_of_a_chance_is_the_scatter_of_repeated_runs():
    rng = np.random.default_rng(4)
    repeated = rng.binomial(64, 0.3, 20_000) / 64
    assert Chance(0.3, 64).error == pytest.approx(repeated.std(), rel=0.02)


def test_what_is_not_drawn_has_no_error():
    assert Chance(1.0, 1).interval == (1.0, 1.0)


# --- What a measure reads ---


def flat(record: float, other: float):
    """Two worlds in which an outcome is its name's length, times a number."""
    return [lambda name, months, size=size: np.array([len(name) * size * len(months)]) for size in (record, other)]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, 10.0),
        ({"over": ("deaths",)}, 10.0 / 6.0),
        ({"against": "2024-01..2024-02", "give": "change"}, -0.5),
        ({"world": "record_to_twin", "give": "fall"}, 1.0 - 1.0 / 4.0),
        ({"world": "twin_to_record", "give": "log"}, math.log(4.0)),
        ({"of": ("encounters", "deaths"), "give": "ratio", "world": "twin"}, 64.0),
        ({"world": "record_less_twin"}, -30.0),
    ],
)
def test_a_measure_is_a_ratio_of_sums_over_months_and_worlds(given, expected):
    one = Measure.model_validate({"of": ("encounters",), "months": "2024-01", "what": "x", **given})
    assert reading.read(one, *flat(1.0, 4.0)) == pytest.approx([expected])


def test_an_outcome_that_does_not_exist_is_refused_with_the_nearest_and_the_line():
    one = Measure.model_validate({"of": ("encountres",), "months": "2024-01", "what": "x"})
    with pytest.raises(UsageError, match=r"it\.yaml:7.*'encountres'[\s\S]*'encounters'"):
        reading.check(one, load("us-mexico"), Span.parse("2023-10", "2024-08"), "it.yaml:7")


def test_months_outside_the_world_are_refused():
    one = Measure.model_validate({"of": ("deaths",), "months": "2030-01", "what": "x"})
    with pytest.raises(UsageError, match="2030-01 to 2030-01"):
        reading.check(one, load("us-mexico"), Span.parse("2023-10", "2024-08"), "it.yaml:7")


def test_rates_after_highs_and_others_are_compared_in_closed_form():
    high = np.array([[True, True, False, False, False, False]])
    followed = np.array([[True, True, True, False, False, False]])
    assert rate_ratio(high, followed) == pytest.approx([(2.5 / 3.0) / (1.5 / 5.0)])


# --- Through the engine ---


def test_every_probe_that_a_file_may_name_has_a_function_and_no_other():
    assert set(RUN) == set(PROBES)


class Quick:
    """A quick fit as draws: near the middle of the priors."""

    def __init__(self, fit: Fit) -> None:
        self.fit, self.layout = fit, fit.layout

    def draws(self, key: int, chosen: range) -> np.ndarray:
        return self.fit.draws(key, chosen)


@pytest.fixture(scope="module")
def bench() -> Bench:
    fit = posteriors.laplace()
    return Bench(corridor.open(load("us-mexico"), Quick(fit)), 3, 1)


def test_a_fact_of_ones_own_runs_and_is_the_ratio_of_its_two_worlds(bench):
    found = scorecard.score(bench, loads_facts(SOUND))
    card = found.card
    (score,) = card.scores
    place = bench.corridor.case.span.span.position(Span.parse("2024-01", "2024-01").first)
    changed = next(key for key in bench._worlds if key)
    totals = [bench.world(one).fields["encounters"][place].sum(axis=(0, 1)) for one in ((), changed)]
    fall = 1.0 - totals[0] / totals[1]
    assert (fall > 0.0).all()
    assert score.numbers[0].mid == pytest.approx(np.median(fall))
    assert found.draws[score.id, "fall"] == pytest.approx(fall)
    assert score.chance == Chance(float(((fall >= 0.05) & (fall <= 0.36)).mean()), 3)
    assert store.plain(card)["scores"][0]["title"] == "No contention, more encounters"


def test_nothing_before_a_change_moves_to_the_bit(bench):
    changed = next(key for key in bench._worlds if key)
    place = bench.corridor.case.span.span.position(Span.parse("2024-01", "2024-01").first)
    for name, values in bench.world(()).fields.items():
        assert np.array_equal(values[:place], bench.world(changed).fields[name][:place]), name


def test_a_change_that_alters_nothing_is_refused_with_its_line(bench):
    text = SOUND.replace("from: 2024-01, until: 2024-01", "from: 2023-01, until: 2023-01")
    with pytest.raises(ChangeError, match="facts:3"):
        scorecard.score(bench, loads_facts(text))


def test_facts_of_another_case_are_refused(bench):
    with pytest.raises(UsageError, match="another case"):
        scorecard.check(bench, loads_facts(SOUND.replace("us-mexico", "elsewhere")))
