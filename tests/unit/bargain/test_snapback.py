"""Conditional relief: the game against a plain recursion over its tree, its limits, and Venezuela 2023-24."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from itertools import product
from math import exp, inf

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import strategies as st

from palanca.bargain import trackrecord
from palanca.bargain.choice import choose
from palanca.bargain.clauses import (
    Clauses,
    Office,
    bearable_bundle,
    best_kept,
    snap_chance,
)
from palanca.bargain.snapback import RESPONSES, Conditional, Stakes, play
from palanca.core.errors import BargainError

CHANCE = st.floats(0.0, 1.0)
AMOUNT = st.floats(0.01, 5.0)
PATIENCE = {"patience_conditioned": 0.9, "patience_destination": 0.9}


def venezuela(**changed: object) -> dict[str, object]:
    """Flights and prisoners are cheap, an open election is dear, and its breach slow to be seen; illustrative numbers.

    Oil and its own election make snapback dear to the destination in the first three months of eight.
    """
    deal = Conditional(
        survival_cost=jnp.array([0.0, 0.002, 0.1]),
        relief=jnp.array([0.5, 0.6, 1.5]),
        seen_chance=jnp.array([0.9, 0.9, 0.3]),
        worth=jnp.array([0.4, 0.5, 1.5]),
        due=jnp.zeros(3),
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


def weighed(options: list[float], sharp: float) -> list[float]:
    top = max(options)
    if sharp == inf:
        weights = [float(x >= top - 1e-10 * max(1.0, abs(top))) for x in options]
    else:
        weights = [exp(sharp * (x - top)) for x in options]
    return [w / sum(weights) for w in weights]


def recursion(game: dict[str, object], sharp: float) -> tuple[float, float, list[float]]:
    """The same game by plain recursion over its tree: values at the start and chances to keep each clause at first."""
    deal, office, stakes = game["deal"], game["office"], game["stakes"]
    cost, slices, seen, worth, due = (np.asarray(x, float) for x in vars(deal).values())
    due = np.broadcast_to(due, slices.shape)
    costs = np.asarray(game["snap_costs"], float)
    place = lambda some: sum(2**j for j in some)  # noqa: E731
    everything = frozenset(range(len(slices)))
    sets = [frozenset(j for j in everything if bits[j]) for bits in product((0, 1), repeat=len(slices))]
    total = lambda some: float(sum(slices[j] for j in some))  # noqa: E731

    softly = partial(weighed, sharp=sharp)
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
            each = costs[month] if costs.ndim == 1 else costs[month, place(held), place(left)]
            theirs = stakes.flights * flying + stakes.resolve * punished - each * out
            theirs -= stakes.relief_cost * total(left) + stakes.restore_cost * total(left - held)
            theirs -= stakes.word * total((held - left) - caught)
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
        owed = frozenset(j for j in everything if due[j] <= month + 1)
        can = [kept for kept in sets if kept >= everything - owed]
        results = []
        for kept in can:
            own = theirs = 0.0
            for caught in sets:
                if caught & kept:
                    continue
                p = float(np.prod([seen[j] if j in caught else 1 - seen[j] for j in everything - kept]))
                own, theirs = own + p * answers[caught][0], theirs + p * answers[caught][1]
            results.append((exp(-sum(cost[j] for j in kept & owed)) * own, theirs + sum(worth[j] for j in kept & owed)))
        chances = softly([own for own, _ in results])
        keep = [sum(p for p, kept in zip(chances, can, strict=True) if j in kept) for j in sorted(everything)]
        both = [sum(p * r[i] for p, r in zip(chances, results, strict=True)) for i in (0, 1)]
        cache[month, held] = both[0], both[1], keep
        return cache[month, held]

    return value(0, everything)


@pytest.mark.parametrize("sharp", [0.0, 1.5, 4.0, inf])
def test_the_game_agrees_with_a_plain_recursion_over_its_tree(sharp) -> None:
    by_month = np.array([0.9, 0.2, 1.3, 0.4])  # as by set and set, so that one compilation serves both recursions
    game = venezuela(snap_costs=np.broadcast_to(by_month[:, None, None], (4, 8, 8)), precision=sharp)
    course = play(**game)
    own, theirs, keep = recursion(game, sharp)
    assert float(course.value_conditioned) == pytest.approx(own, rel=1e-12)
    assert float(course.value_destination) == pytest.approx(theirs, rel=1e-12)
    assert np.asarray(course.kept[0]) == pytest.approx(keep, abs=1e-12)


@pytest.mark.parametrize("sharp", [1.5, inf])
def test_it_agrees_with_the_recursion_where_clauses_fall_due_late_and_giving_back_has_a_price(sharp) -> None:
    game = venezuela(
        deal=replace(venezuela()["deal"], due=jnp.array([1.0, 2.0, 3.0])),
        stakes=replace(venezuela()["stakes"], restore_cost=0.4, word=0.7),
        snap_costs=np.random.default_rng(7).uniform(0.0, 1.2, (4, 8, 8)),
        precision=sharp,
    )
    course = play(**game)
    own, theirs, keep = recursion(game, sharp)
    assert float(course.value_conditioned) == pytest.approx(own, rel=1e-12)
    assert float(course.value_destination) == pytest.approx(theirs, rel=1e-12)
    assert np.asarray(course.kept[0]) == pytest.approx(keep, abs=1e-12)
    assert np.asarray(course.kept[0, 1:]) == pytest.approx([1.0, 1.0], abs=0.0)


def test_due_from_the_outset_and_without_prices_it_is_the_plain_game_to_the_bit() -> None:
    deal = Conditional(jnp.array([0.02, 0.2]), jnp.array([0.5, 1.0]), jnp.array([0.9, 0.6]), jnp.zeros(2))
    how = {"snap_costs": jnp.array([0.2]), "precision": inf, **PATIENCE}
    plain = play(deal, Office(4.0, 1.0), Stakes(resolve=1.0), **how)
    for due in (0.0, 1.0):
        other = play(replace(deal, due=due), Office(4.0, 1.0), Stakes(resolve=1.0, restore_cost=0.0, word=0.0), **how)
        for name, values in vars(plain).items():
            assert np.array_equal(np.asarray(values), np.asarray(getattr(other, name))), (due, name)


def test_before_it_is_due_a_clause_is_not_broken_and_its_numbers_do_not_matter() -> None:
    deal = replace(venezuela()["deal"], due=jnp.array([1.0, 1.0, 9.0]))
    never = play(**venezuela(deal=deal))
    other = replace(
        deal,
        survival_cost=deal.survival_cost.at[2].set(3.0),
        seen_chance=deal.seen_chance.at[2].set(1.0),
        worth=deal.worth.at[2].set(9.0),
    )
    for name, values in vars(play(**venezuela(deal=other))).items():
        assert np.array_equal(np.asarray(values), np.asarray(getattr(never, name))), name
    assert np.all(np.asarray(never.kept)[:, 2] == pytest.approx(1.0, abs=1e-14))
    late = np.asarray(play(**venezuela(deal=replace(deal, due=jnp.array([1.0, 1.0, 4.0])))).kept)[:, 2]
    assert late[:3] == pytest.approx(1.0, abs=1e-14)
    assert late[3:].max() < 0.1


def test_from_the_last_due_date_on_it_is_the_game_that_begins_there() -> None:
    """Where nothing can have been withdrawn before, for withdrawing was too dear."""
    costs = np.concatenate([np.full(5, 1e6), np.full(3, 0.3)])
    deal = replace(venezuela()["deal"], due=jnp.full(3, 6.0))
    late = play(**venezuela(deal=deal, snap_costs=costs))
    fresh = play(**venezuela(snap_costs=costs[5:]))
    for name in ("kept", "unbroken", "in_force", "response", "flights", "relief"):
        after = np.asarray(getattr(late, name))[5:]
        assert after == pytest.approx(np.asarray(getattr(fresh, name)), abs=1e-10), name


def test_relief_that_is_dear_to_give_back_goes_one_way() -> None:
    free, dear = (play(**venezuela(stakes=replace(venezuela()["stakes"], restore_cost=c))) for c in (0.0, 50.0))
    back = RESPONSES.index("restore")
    assert np.asarray(free.response)[:, back].mean() > 0.1
    assert np.asarray(dear.response)[:, back].max() < 1e-12
    assert np.diff(np.asarray(dear.in_force), axis=0).max() < 1e-12
    assert np.diff(np.asarray(free.in_force), axis=0).max() > 0.01


def test_a_destination_that_keeps_its_word_takes_only_what_it_saw_broken() -> None:
    """The slice of a clause that cannot be broken stays, so all is never withdrawn."""
    deal = replace(venezuela()["deal"], due=jnp.array([9.0, 1.0, 1.0]))
    loose, true = (
        play(**venezuela(deal=deal, stakes=replace(venezuela()["stakes"], word=word))) for word in (0.0, 1e4)
    )
    assert np.asarray(loose.in_force)[-1, 0] < 0.95
    assert np.asarray(true.in_force)[:, 0] == pytest.approx(1.0, abs=1e-12)
    assert np.asarray(true.response)[:, RESPONSES.index("full")].max() < 1e-12
    assert np.asarray(true.in_force)[-1, 2] < 0.9


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
            lambda: bearable_bundle(Clauses(jnp.array([-0.1]), jnp.array([1.0]), jnp.array([0.5])), Office(1.0)),
            "survival cost",
        ),
        (
            lambda: bearable_bundle(Clauses(jnp.array([0.1]), jnp.array([1.0]), jnp.array([1.5])), Office(1.0)),
            "chance of snapback",
        ),
        (
            lambda: bearable_bundle(Clauses(jnp.array([0.1]), jnp.array([1.0]), jnp.array([0.5])), Office(0.0)),
            "worth of office",
        ),
        (
            lambda: bearable_bundle(
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
        (lambda: play(**venezuela(stakes=Stakes(restore_cost=-1.0))), "restore cost"),
        (lambda: play(**venezuela(stakes=Stakes(word=-1.0))), "word"),
        (lambda: play(**venezuela(deal=replace(venezuela()["deal"], due=-1.0))), "falls due"),
        (lambda: play(**venezuela(deal=replace(venezuela()["deal"], due=jnp.ones(2)))), "differ in length"),
        (lambda: play(**venezuela(snap_costs=jnp.ones((8, 4, 4)))), "do not fit the clauses"),
    ],
)
def test_numbers_out_of_range_are_refused_by_name(wrong, named) -> None:
    with pytest.raises(BargainError, match=named):
        wrong()
