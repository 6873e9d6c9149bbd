"""Conditional relief: closed forms of what is kept, the game against a plain recursion, and Venezuela 2023-24."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from math import exp, inf, log

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from palanca.bargain import trackrecord
from palanca.bargain.choice import choose
from palanca.bargain.clauses import (
    Clauses,
    Office,
    bearable_bundle,
    bearable_costs,
    best_kept,
    dearest_clause,
    kept_as_a_bundle,
    kept_one_by_one,
    office_threshold,
    snap_chance,
    snap_cost,
)
from palanca.bargain.snapback import RESPONSES, Conditional, Stakes, play
from palanca.core.errors import BargainError

CHANCE = st.floats(0.0, 1.0)
AMOUNT = st.floats(0.01, 5.0)
PATIENCE = {"patience_conditioned": 0.9, "patience_destination": 0.9}


def test_the_worth_of_office_beyond_which_relief_buys_nothing() -> None:
    assert float(office_threshold(0.6, 1.8, 0.8, 0.5)) == pytest.approx(3.4, abs=2e-15)
    kept, broken = 0.6 * (3.4 + 1.8), 0.8 * (3.4 + 0.5)
    assert kept == pytest.approx(broken, abs=1e-14)
    assert float(office_threshold(0.8, 1.0, 0.8, 0.5)) == inf


def test_a_bundle_keeps_whatever_is_kept_clause_by_clause_and_sometimes_more() -> None:
    """20,000 random deals of three clauses; with slices of unlike snap chance the risks add up."""
    draw = np.random.default_rng(38)
    n = 20_000
    clauses = Clauses(draw.uniform(0, 1, (3, n)), draw.uniform(0, 2, (3, n)), draw.uniform(0, 1, (3, n)))
    office = Office(worth=draw.uniform(0.2, 10, n))
    alone = np.asarray(kept_one_by_one(clauses, office)).all(axis=0)
    together = np.asarray(kept_as_a_bundle(clauses, office))
    assert not np.any(alone & ~together)
    assert 0.003 < np.mean(together & ~alone) < 0.3
    assert np.all(np.asarray(bearable_bundle(clauses, office) - bearable_costs(clauses, office).sum(axis=0)) >= -1e-12)


@pytest.mark.parametrize("worth", [0.2, 1.0, 5.0, 50.0])
def test_venezuela_keeps_the_cheap_clause_and_breaks_the_dear_one(worth) -> None:
    """Flights cost nothing at home; a free election costs a third of the chance to stay."""
    clauses = Clauses(jnp.array([0.0, 0.4]), jnp.array([0.3, 1.0]), jnp.array([0.8, 0.8]))
    office = Office(worth=worth, revenue=1.0)
    assert np.asarray(kept_one_by_one(clauses, office)).tolist() == [True, False]
    assert np.asarray(best_kept(clauses, office)).tolist() == [True, False]
    assert not bool(kept_as_a_bundle(clauses, office)) or worth < 0.5


def test_the_price_of_a_bundle_is_that_cheap_clauses_fall_with_the_dear_one() -> None:
    clauses = Clauses(jnp.array([0.0, 0.8]), jnp.array([0.3, 1.0]), jnp.array([0.8, 0.8]))
    assert not bool(kept_as_a_bundle(clauses, Office(worth=5.0, revenue=1.0)))
    assert bool(kept_one_by_one(clauses, Office(worth=5.0, revenue=1.0))[0])


@given(s=AMOUNT, rho=AMOUNT, worth=AMOUNT)
@settings(max_examples=40, deadline=None)
def test_without_snapback_every_clause_that_costs_anything_is_broken(s, rho, worth) -> None:
    clauses = Clauses(jnp.array([s]), jnp.array([rho]), jnp.array([0.0]))
    assert not bool(kept_one_by_one(clauses, Office(worth))[0])
    assert not bool(best_kept(clauses, Office(worth))[0])


@given(s=st.floats(0.01, 2.0), rho=AMOUNT, psi=CHANCE, worth=AMOUNT, nu=st.floats(0.0, 0.9))
@settings(max_examples=80, deadline=None)
def test_with_one_clause_the_threshold_and_the_enumeration_agree(s, rho, psi, worth, nu) -> None:
    clauses = Clauses(jnp.array([s]), jnp.array([rho]), jnp.array([psi]))
    office = Office(worth, 0.5, nu)
    bearable = float(bearable_costs(clauses, office)[0])
    if abs(s - bearable) > 1e-9:
        assert bool(kept_one_by_one(clauses, office)[0]) == bool(best_kept(clauses, office)[0]) == (s < bearable)


@given(rho=AMOUNT, psi=st.floats(0.05, 0.95), worth=AMOUNT, more=st.floats(0.01, 0.04), nu=st.floats(0.05, 0.9))
@settings(max_examples=60, deadline=None)
def test_relief_and_resolve_buy_more_and_office_and_distrust_less(rho, psi, worth, more, nu) -> None:
    def bearable(rho: float, psi: float, worth: float, nu: float) -> float:
        clauses = Clauses(jnp.array([rho * 0, 0.1]), jnp.array([rho, 1.0]), jnp.array([psi, 0.5]))
        return float(bearable_costs(clauses, Office(worth, 0.0, nu))[0])

    base = bearable(rho, psi, worth, 0.0)
    assert bearable(rho + more, psi, worth, 0.0) > base
    assert bearable(rho, psi + more, worth, 0.0) > base
    assert bearable(rho, psi, worth + more, 0.0) < base
    assert bearable(rho, psi, worth, nu) < base


def test_no_relief_buys_a_clause_dearer_than_its_bound() -> None:
    assert float(dearest_clause(0.8, inf, Office(5.0))) == pytest.approx(-log(0.2), abs=1e-15)
    assert float(dearest_clause(0.8, 2.0, Office(5.0, 1.0))) == pytest.approx(log(8.0 / (8.0 - 1.6)), abs=1e-15)
    assert float(dearest_clause(0.8, 1e9, Office(5.0))) == pytest.approx(-log(0.2), abs=1e-7)
    assert float(dearest_clause(0.8, 2.0, Office(1e9))) < 1e-8


def test_snapback_is_seen_times_willing_and_dearer_near_an_election() -> None:
    assert float(snap_chance(0.8, 1.0, 1.0, 3.0)) == pytest.approx(0.4, abs=1e-15)
    assert float(snap_chance(0.8, 1.0, 0.0, 3.0)) == pytest.approx(0.8 / (1.0 + exp(-3.0)), abs=1e-15)
    assert float(snap_cost(2.0, 0.0)) == pytest.approx(3.2, abs=1e-15)
    assert snap_cost(2.0, 1.0) > snap_cost(2.0, 12.0) > 2.0


def test_a_kept_promise_and_a_breach_move_belief_by_bayes() -> None:
    assert float(trackrecord.after(0.5, 0.9, 0.2)) == pytest.approx(0.9 / 1.1, abs=1e-15)
    assert float(trackrecord.after(0.5, 0.1, 0.8)) == pytest.approx(1.0 / 9.0, abs=1e-15)
    assert (round(0.9 / 1.1, 3), round(1 / 9, 3)) == (0.818, 0.111)
    assert float(trackrecord.after(0.3, 0.0, 0.0)) == 0.3


def test_belief_through_a_record_does_not_depend_on_its_order() -> None:
    one = trackrecord.through(0.5, jnp.array([True, True, False]), 0.9, 0.2)
    other = trackrecord.through(0.5, jnp.array([False, True, True]), 0.9, 0.2)
    odds = 0.9 * 0.9 * 0.1 / (0.2 * 0.2 * 0.8)
    assert float(one[-1]) == pytest.approx(odds / (1 + odds), abs=1e-15)
    assert float(one[-1]) == pytest.approx(float(other[-1]), abs=1e-15)


def test_relief_is_renewed_more_readily_to_a_partner_believed_pragmatic() -> None:
    before, after = (float(trackrecord.renewal_chance(p, 0.9, 0.2, 2.0, 1.1, 5.0)) for p in (0.5, 1.0 / 9.0))
    assert before == pytest.approx(0.5, abs=1e-12)
    assert after < 0.1


def test_choices_run_from_indifference_to_the_best() -> None:
    payoff = jnp.array([1.0, 2.0, 2.0, 9.0])
    open_to = jnp.array([True, True, True, False])
    assert np.asarray(choose(payoff, 0.0, open_to)) == pytest.approx([1 / 3, 1 / 3, 1 / 3, 0.0])
    assert np.asarray(choose(payoff, inf, open_to)).tolist() == [0.0, 0.5, 0.5, 0.0]
    even = np.asarray(choose(payoff[:2], 3.0))
    assert log(even[1] / even[0]) == pytest.approx(3.0, abs=1e-12)


def venezuela(**changed: object) -> dict[str, object]:
    """Flights and prisoners are cheap, an open election is dear, and its breach slow to be seen; illustrative numbers.

    Oil and its own election make snapback dear to the destination in the first three months of eight.
    """
    deal = Conditional(
        survival_cost=jnp.array([0.0, 0.002, 0.1]),
        relief=jnp.array([0.5, 0.6, 1.5]),
        seen_chance=jnp.array([0.9, 0.9, 0.3]),
        worth=jnp.array([0.4, 0.5, 1.5]),
    )
    game: dict[str, object] = {
        "deal": deal,
        "office": Office(worth=5.0, revenue=1.0),
        "stakes": Stakes(relief_cost=0.3, resolve=1.0, flights=0.3, standing=0.3, retort=0.5),
        "snap_costs": jnp.array([0.9] * 3 + [0.3] * 5),
        "precision": 8.0,
        **PATIENCE,
    }
    return {**game, **changed}


def recursion(game: dict[str, object], sharp: float) -> tuple[float, float, list[float]]:
    """The same game by plain recursion over its tree: values at the start and chances to keep each clause at first."""
    deal, office, stakes = game["deal"], game["office"], game["stakes"]
    cost, slices, seen, worth = (np.asarray(x, float) for x in vars(deal).values())
    costs = np.asarray(game["snap_costs"], float)
    everything = frozenset(range(len(slices)))
    sets = [frozenset(j for j in everything if bits[j]) for bits in product((0, 1), repeat=len(slices))]
    total = lambda some: float(sum(slices[j] for j in some))  # noqa: E731

    def softly(options: list[float]) -> list[float]:
        top = max(options)
        if sharp == inf:
            weights = [float(x >= top - 1e-10 * max(1.0, abs(top))) for x in options]
        else:
            weights = [exp(sharp * (x - top)) for x in options]
        return [w / sum(weights) for w in weights]

    cache: dict[tuple[int, frozenset[int]], tuple[float, float, list[float]]] = {}

    def value(month: int, held: frozenset[int]) -> tuple[float, float, list[float]]:
        if month == len(costs):
            return 0.0, 0.0, []
        if (month, held) in cache:
            return cache[month, held]

        def outcome(left: frozenset[int], caught: frozenset[int]) -> tuple[float, float]:
            out = total(held - left)
            go, stop = stakes.standing, stakes.retort * total(everything - left)
            flying = softly([go, stop])[0]
            next_o, next_d, _ = value(month + 1, left)
            own = office.worth + office.revenue + total(left) + flying * go + (1 - flying) * stop
            punished = total((held - left) & caught)
            theirs = stakes.flights * flying + stakes.resolve * punished - costs[month] * out
            theirs -= stakes.relief_cost * total(left)
            return own + game["patience_conditioned"] * next_o, theirs + game["patience_destination"] * next_d

        def answer(caught: frozenset[int]) -> tuple[float, float]:
            ways: list[frozenset[int]] = []
            for left in (held, held - caught, frozenset(), everything):
                if left not in ways:
                    ways.append(left)
            results = [outcome(left, caught) for left in ways]
            chances = softly([theirs for _, theirs in results])
            return tuple(sum(p * r[i] for p, r in zip(chances, results, strict=True)) for i in (0, 1))

        answers = {caught: answer(caught) for caught in sets}
        results = []
        for kept in sets:
            own = theirs = 0.0
            for caught in sets:
                if caught & kept:
                    continue
                p = float(np.prod([seen[j] if j in caught else 1 - seen[j] for j in everything - kept]))
                own, theirs = own + p * answers[caught][0], theirs + p * answers[caught][1]
            results.append((exp(-sum(cost[j] for j in kept)) * own, theirs + sum(worth[j] for j in kept)))
        chances = softly([own for own, _ in results])
        keep = [sum(p for p, kept in zip(chances, sets, strict=True) if j in kept) for j in sorted(everything)]
        both = [sum(p * r[i] for p, r in zip(chances, results, strict=True)) for i in (0, 1)]
        cache[month, held] = both[0], both[1], keep
        return cache[month, held]

    return value(0, everything)


@pytest.mark.parametrize("sharp", [0.0, 1.5, 4.0, inf])
def test_the_game_agrees_with_a_plain_recursion_over_its_tree(sharp) -> None:
    game = venezuela(snap_costs=jnp.array([0.9, 0.2, 1.3, 0.4]), precision=sharp)
    course = play(**game)
    own, theirs, keep = recursion(game, sharp)
    assert float(course.value_conditioned) == pytest.approx(own, rel=1e-12)
    assert float(course.value_destination) == pytest.approx(theirs, rel=1e-12)
    assert np.asarray(course.kept[0]) == pytest.approx(keep, abs=1e-12)


def test_as_choices_sharpen_the_game_tends_to_subgame_perfection() -> None:
    """With nobody indifferent; where somebody is, the limit chooses among equals and perfection leaves it open."""
    deal = replace(venezuela()["deal"], survival_cost=jnp.array([0.0003, 0.002, 0.1]))
    perfect = play(**venezuela(deal=deal, precision=inf))
    gaps = [
        float(np.abs(np.asarray(play(**venezuela(deal=deal, precision=sharp)).kept - perfect.kept)).max())
        for sharp in (5.0, 50.0, 5000.0)
    ]
    assert gaps[0] > gaps[1] > gaps[2]
    assert gaps[2] < 1e-6


def test_one_month_of_sure_snapback_is_the_closed_form_of_the_clauses() -> None:
    """A destination that gains by answering whatever it sees makes the snap chance that of being seen."""
    for cost in np.linspace(0.01, 0.4, 14):
        deal = Conditional(jnp.array([0.02, cost]), jnp.array([0.5, 1.0]), jnp.array([0.9, 0.6]), jnp.zeros(2))
        course = play(deal, Office(4.0, 1.0), Stakes(resolve=1.0), jnp.array([0.2]), precision=inf, **PATIENCE)
        clauses = Clauses(deal.survival_cost, deal.relief, deal.seen_chance)
        assert np.asarray(course.kept[0]) == pytest.approx(np.asarray(best_kept(clauses, Office(4.0, 1.0)), float))


def test_what_is_never_seen_is_always_broken() -> None:
    deal = replace(venezuela()["deal"], seen_chance=jnp.array([0.9, 0.9, 0.0]))
    course = play(**venezuela(deal=deal, precision=inf))
    assert np.all(np.asarray(course.kept[:, 2]) == 0.0)


def test_barbados_is_kept_in_its_cheap_clauses_and_broken_in_its_dear_one() -> None:
    """October 2023 on: flights flow, prisoners go free, the candidate stays barred."""
    flights, prisoners, election = np.asarray(play(**venezuela()).kept[0])
    assert flights > 0.8
    assert prisoners > 0.5
    assert election < 0.05


def test_snapback_comes_by_degrees_the_slice_of_the_dear_clause_first() -> None:
    course = play(**venezuela())
    part, full = (np.asarray(course.response)[:, RESPONSES.index(name)] for name in ("part", "full"))
    assert np.all(part[:4] > full[:4])
    assert part[0] > 0.3
    assert np.all(np.asarray(course.in_force)[:, 0] > np.asarray(course.in_force)[:, 2])
    assert course.relief[-1] < 0.6 * course.relief[0]


def test_snapback_is_late_where_it_is_dear_at_first_and_a_breach_is_slow_to_be_seen() -> None:
    """Set side by side: cheap to answer from the start, and a breach that shows at once."""
    late = float(play(**venezuela()).in_force[0, 2])
    eager = float(play(**venezuela(snap_costs=jnp.full(8, 0.3))).in_force[0, 2])
    seen = replace(venezuela()["deal"], seen_chance=jnp.array([0.9, 0.9, 0.9]))
    plain = float(play(**venezuela(deal=seen)).in_force[0, 2])
    assert late > eager
    assert late > plain + 0.2


def test_flights_stop_where_relief_is_withdrawn_and_not_otherwise() -> None:
    held = play(**venezuela(snap_costs=jnp.full(3, 50.0), precision=inf))
    snapped = play(**venezuela(snap_costs=jnp.zeros(3), precision=inf))
    assert np.all(np.asarray(held.flights) == 1.0)
    assert np.asarray(held.relief) == pytest.approx(2.6)
    assert float(np.min(np.asarray(snapped.flights))) < 1.0


def test_the_dearer_flights_are_to_the_destination_the_weaker_its_snapback() -> None:
    """What migration weighs: a hostage that costs more to lose is a shield (relief in force grows with it)."""
    relief = [
        float(play(**venezuela(stakes=replace(venezuela()["stakes"], flights=worth))).relief.sum())
        for worth in (0.0, 0.5, 1.0, 2.0)
    ]
    assert np.all(np.diff(relief) > 0.0)


def test_chances_add_up_every_month() -> None:
    course = play(**venezuela())
    assert np.asarray(course.response).sum(axis=1) == pytest.approx(1.0, abs=1e-12)
    for chances in (course.kept, course.unbroken, course.in_force, course.flights, course.response):
        assert np.all((np.asarray(chances) >= -1e-15) & (np.asarray(chances) <= 1.0 + 1e-12))
    assert np.asarray(course.unbroken[0]) == pytest.approx(np.asarray(course.kept[0]), abs=1e-14)


def test_an_ensemble_is_the_game_mapped_over_draws() -> None:
    worths = jnp.array([1.0, 5.0])
    many = jax.vmap(lambda worth: play(**venezuela(office=Office(worth, 1.0))).kept)(worths)
    assert np.asarray(many[1]) == pytest.approx(np.asarray(play(**venezuela()).kept), abs=1e-12)


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        (
            lambda: bearable_costs(Clauses(jnp.array([-0.1]), jnp.array([1.0]), jnp.array([0.5])), Office(1.0)),
            "survival cost",
        ),
        (
            lambda: bearable_costs(Clauses(jnp.array([0.1]), jnp.array([1.0]), jnp.array([1.5])), Office(1.0)),
            "chance of snapback",
        ),
        (
            lambda: bearable_costs(Clauses(jnp.array([0.1]), jnp.array([1.0]), jnp.array([0.5])), Office(0.0)),
            "worth of office",
        ),
        (
            lambda: bearable_costs(
                Clauses(jnp.array([0.1]), jnp.array([1.0]), jnp.array([0.5])), Office(1.0, 0.0, 2.0)
            ),
            "distrust",
        ),
        (lambda: trackrecord.after(1.2, 0.5, 0.5), "belief"),
        (lambda: choose(jnp.ones(2), -1.0), "precision"),
        (lambda: snap_chance(0.5, 1.0, -1.0, 1.0), "cost of snapping back"),
        (lambda: play(**venezuela(patience_destination=1.0)), "patience of the destination"),
        (lambda: play(**venezuela(snap_costs=jnp.array([-1.0]))), "cost of snapping back"),
        (lambda: play(**venezuela(deal=replace(venezuela()["deal"], worth=jnp.ones(2)))), "differ in length"),
        (lambda: play(**venezuela(deal=Conditional(*[jnp.ones(7)] * 4))), "number of clauses"),
        (lambda: play(**venezuela(stakes=Stakes(retort=-1.0))), "retort"),
    ],
)
def test_numbers_out_of_range_are_refused_by_name(wrong, named) -> None:
    with pytest.raises(BargainError, match=named):
        wrong()
