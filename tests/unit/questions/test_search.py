"""A search: packages are changes, the set that nothing beats is found, a broken search resumes to the bit."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import fields, replace
from types import SimpleNamespace

import jax
import numpy as np
import pytest

from palanca.core.errors import ChangeError, UsageError
from palanca.infer import store
from palanca.model import build
from palanca.policy.levers import LeverLevels
from palanca.questions import corridor
from palanca.questions.search import discover, evolve, find, judge, levers, rivals, work
from palanca.questions.search.find import Effort
from palanca.spec import edit
from palanca.spec.bargain_spec import load_bargain
from palanca.spec.load import load
from palanca.spec.search_file import Limit, SearchSpec, loads_search

CASE = load("us-mexico")
TEXT = """\
case: us-mexico
title: Five levers
window: {first: 2023-01, last: 2023-04}
levers:
  - {set: levers.contention.effort, low: 0, high: 3}
  - {set: levers.chnv_parole.slots, low: 0, high: 60000}
  - {set: levers.cbp_one.slots, low: 0, high: 60000, from: 2023-02, until: 2023-03, origins: [VEN, CUB]}
  - {set: levers.chnv_returns.strength, low: 0, high: 1}
  - {set: levers.lawful_pathways_rule.strength, low: 0, high: 1, groups: [family]}
objectives:
  - {outcome: encounters}
  - {outcome: held}
"""

OF_2025 = """\
case: us-mexico
title: What was set in January 2025
window: {first: 2025-02, last: 2025-05}
levers:
  - {set: levers.border_release.strength, low: 0, high: 1}
  - {set: levers.deeds_2025.strength, low: 0, high: 1, until: 2025-04}
  - {set: levers.news_tone_2025.strength, low: 0, high: 1, groups: [single_adult]}
  - {set: levers.suspension_of_entry.strength, low: 0, high: 1, origins: {except: [MEX]}}
  - {set: levers.darien_closure.strength, low: 0, high: 1}
objectives:
  - {outcome: encounters}
  - {outcome: held}
"""


def changed(asked: SearchSpec, values: tuple[float, ...]) -> LeverLevels:
    """Levers by the long way: the case edited, then built; what already holds is left out."""
    case = CASE
    for change in asked.changes(values):
        with suppress(ChangeError):
            case = edit.apply(case, [change])
    return build.levers(case)


@pytest.mark.parametrize("text", [TEXT, OF_2025])
def test_a_package_sets_levers_as_the_same_changes_of_the_case_do(text):
    """To rounding, in every field and month, for levers that are off, on, clipped, capped, narrowed and dated."""
    asked = loads_search(text, CASE)
    sums, rng = levers.measure(asked), np.random.default_rng(2)
    packaged = jax.jit(levers.packaged)
    low, high = (np.array([getattr(one, end) for one in asked.file.levers]) for end in ("low", "high"))
    for turn in range(6):
        off = rng.random(5) < (0.0, 1.0, 0.4)[turn % 3]
        values = np.where(off, 0.0, low + rng.random(5) * (high - low))
        found, wanted = packaged(sums, values), changed(asked, tuple(values))
        for field in fields(LeverLevels):
            a, b = np.asarray(getattr(found, field.name)), np.asarray(getattr(wanted, field.name))
            assert np.allclose(a, b, rtol=1e-12, atol=1e-12), field.name


def test_the_set_that_nothing_beats_of_a_known_problem_is_found():
    """Minimise |x|^2 and |x - 1|^2 in two levers: unbeaten are the points of the diagonal, where sqrt f1 + sqrt f2 is
    the square root of 2."""

    def score(_: int, x: np.ndarray) -> evolve.Scored:
        return np.stack([(x**2).sum(axis=1), ((x - 1.0) ** 2).sum(axis=1)], axis=1), np.zeros((len(x), 0))

    course = evolve.evolve(2, (2, 0), 2400, 60, 3, score)
    found = evolve.front(course.objectives, np.arange(2400))
    roots = np.sqrt(course.objectives[found]).sum(axis=1)
    assert len(course.places) == 2400
    assert len(found) >= 40
    assert (roots >= np.sqrt(2.0) - 1e-12).all()
    assert np.quantile(roots - np.sqrt(2.0), 0.9) < 0.03
    assert np.ptp(course.objectives[found][:, 0]) > 1.5  # from end to end, of 2


def test_limits_are_kept_and_four_objectives_have_their_own_algorithm():
    def score(_: int, x: np.ndarray) -> evolve.Scored:
        return np.concatenate([x, 1.5 - x.sum(axis=1, keepdims=True)], axis=1), 0.6 - x[:, :1]

    course = evolve.evolve(3, (4, 1), 600, 60, 3, score)
    fine = np.flatnonzero((course.breaches <= 0.0).all(axis=1))
    found = evolve.front(course.objectives, fine)
    assert (course.places[found][:, 0] >= 0.6).all()
    assert course.places[fine][:, 0].min() < 0.62
    assert len(fine) > 0.5 * len(course.places)


def test_the_course_depends_on_the_key_and_on_nothing_drawn_elsewhere():
    def score(_: int, x: np.ndarray) -> evolve.Scored:
        return np.stack([x[:, 0], 1.0 - x[:, 0] * x[:, 1]], axis=1), np.zeros((len(x), 0))

    runs = []
    for key in (1, 1, 2):
        np.random.default_rng().random(7)
        runs.append(evolve.evolve(2, (2, 0), 90, 30, key, score).places)
    assert np.array_equal(runs[0], runs[1])
    assert not np.array_equal(runs[0], runs[2])


def test_draws_are_judged_by_the_worst_but_the_rarest_by_the_mean_or_by_regret():
    values = np.array([np.arange(11.0), np.full(11, 4.0)])
    assert judge.judged(values, "deaths", "worst", 0.8).tolist() == [8.0, 4.0]
    assert judge.judged(values, "admitted", "worst", 0.8) == pytest.approx([2.0, 4.0])
    assert judge.judged(values, "deaths", "mean", 0.8).tolist() == [5.0, 4.0]
    assert judge.judged(values, "deaths", "regret", 0.8, judge.best_by_draw(values, "deaths")).tolist() == [6.0, 4.0]
    best = judge.best_by_draw(values, "admitted")
    assert judge.judged(values, "admitted", "regret", 0.8, best).tolist() == [4.0, 6.0]
    assert judge.judged(values > 4.0, "holds", "worst", 0.8).tolist() == [6 / 11, 0.0]  # a chance is its own mean
    assert judge.downhill(np.array([2.0]), "admitted", "worst").tolist() == [-2.0]
    assert judge.downhill(np.array([2.0]), "admitted", "regret").tolist() == [2.0]
    assert judge.excess(Limit(outcome="admitted", least=3.0), np.array([2.0, 4.0])).tolist() == [1.0, -1.0]


def test_what_decides_is_found_where_something_does_and_not_where_nothing_does():
    rng = np.random.default_rng(5)
    numbers = {f"n{i}": rng.normal(size=300) for i in range(40)}
    told = discover.discover(("a", "b"), "deaths", numbers["n7"] > 0.5, numbers)
    assert told.decided
    assert all("n7" in part.bounds[0] for part in told.parts)
    assert told.foreseen > 0.95
    assert (told.parts[0].wins, told.parts[-1].wins) == (1.0, 0.0)
    assert sum(part.share for part in told.parts) == pytest.approx(1.0)
    chance = discover.discover(("a", "b"), "deaths", rng.random(300) < 0.3, numbers)
    assert not chance.decided
    assert chance.majority == pytest.approx(0.7, abs=0.08)
    rare = discover.discover(("a", "b"), "deaths", np.arange(300) < 3, numbers)
    assert not rare.decided
    assert np.isnan(rare.foreseen)


def test_rivals_are_compared_where_draws_disagree_and_what_decides_is_named(monkeypatch):
    rng = np.random.default_rng(8)
    doubt, noise = rng.normal(size=80), rng.normal(size=80)
    monkeypatch.setattr(rivals, "uncertain", lambda *_: {"doubt": doubt, "noise": noise})
    asked = loads_search(TEXT, CASE)
    flat = np.ones(80)
    found = SimpleNamespace(
        search=asked,
        shown=(*find.BASELINES, "a", "b"),
        by_draw={
            "encounters": np.stack([flat, 2.0 * flat, 3.0 * flat, 4.0 * flat]),  # one order in every draw
            "held": np.stack([5.0 * flat, flat, np.where(doubt > 0.0, 2.0, 3.0), np.where(doubt > 0.0, 3.0, 2.0)]),
            "deaths": np.stack([flat, 2.0 * flat, 3.0 * flat, 4.0 * flat]),
        },
    )
    (decided,) = rivals.compare(found, None, None, 1)
    assert (decided.first, decided.second, decided.outcome) == ("a", "b", "held")
    assert decided.wins == pytest.approx(np.mean(doubt > 0.0))
    assert all("doubt" in bound for part in decided.parts for bound in part.bounds)
    assert decided.foreseen > 0.9


@pytest.fixture(scope="module")
def ready() -> SimpleNamespace:
    """The reference case over four months in a few draws."""
    asked = loads_search(TEXT, CASE)
    posterior, _ = store.choose(CASE, stale_too=True)
    opened = corridor.open(CASE, posterior)
    table = load_bargain(CASE.case)
    return SimpleNamespace(asked=asked, table=table, ground=work.ready(opened, table, asked, 6, 1), opened=opened)


EFFORT = Effort(packages=48, population=16, key=1)


@pytest.mark.slow
def test_a_search_broken_off_and_taken_up_gives_the_same_bits(ready, tmp_path):
    whole = find.search(ready.asked, ready.ground, EFFORT)
    kept = replace(EFFORT, store=tmp_path)

    class Broken(Exception):
        pass

    def stop(done: int, _: int) -> None:
        if done >= 32:
            raise Broken

    with pytest.raises(Broken):
        find.search(ready.asked, ready.ground, kept, stop)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["generation-000", "generation-001"]
    again = find.search(ready.asked, ready.ground, kept)
    assert np.array_equal(whole.values, again.values)
    assert np.array_equal(whole.front, again.front)
    assert all(np.array_equal(whole.judged[name], again.judged[name]) for name in whole.judged)
    assert all(np.array_equal(whole.by_draw[name], again.by_draw[name]) for name in whole.by_draw)


@pytest.mark.slow
def test_baselines_stand_beside_what_was_found_and_the_record_is_the_record(ready):
    found = find.search(ready.asked, ready.ground, EFFORT)
    assert found.shown[:2] == find.BASELINES
    place = ready.ground.place
    seen = np.asarray(ready.opened.inputs.figures.encounters)[place : place + 4].sum(axis=1).mean()
    assert found.by_draw["encounters"][0] == pytest.approx(np.full(6, seen), rel=1e-9)
    assert {"deaths", "held", "dependence", "holds"} <= set(found.by_draw)
    assert (found.by_draw["dependence"] >= 0.0).all()
    assert set(np.unique(found.by_draw["holds"])) <= {0.0, 1.0}
    assert (found.by_draw["cost_transit"][2] != found.by_draw["cost_transit"][0]).any()
    rows = np.stack([found.judged["encounters"], found.judged["held"]], axis=1)
    for best in rows[found.front]:
        assert not ((rows <= best).all(axis=1) & (rows < best).any(axis=1)).any()


@pytest.mark.slow
def test_limits_that_nothing_keeps_are_named_with_what_is_missing(ready):
    strict = Limit(outcome="held", most=10.0)
    file = ready.asked.file.model_copy(update={"limits": (strict, Limit(outcome="admitted", least=0.0))})
    with pytest.raises(UsageError, match=r"held at most 10, missed by [\d.e+]+ \[people\]") as raised:
        find.search(replace(ready.asked, file=file), ready.ground, replace(EFFORT, packages=16))
    assert "admitted" not in str(raised.value)
    least, most = (Limit(outcome="admitted", least=60_000.0), Limit(outcome="cost_transit", most=0.0))
    file = ready.asked.file.model_copy(update={"limits": (least, most)})
    with pytest.raises(UsageError, match="no package keeps"):
        find.search(replace(ready.asked, file=file), ready.ground, replace(EFFORT, packages=16))
