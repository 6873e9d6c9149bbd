"""Conditions on relief: closed forms of what is kept, what is believed after, and how choices sharpen."""

from __future__ import annotations

from math import exp, inf, log

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
    best_kept,
    dearest_clause,
    kept_as_a_bundle,
    snap_chance,
    snap_cost,
)

CHANCE = st.floats(0.0, 1.0)
AMOUNT = st.floats(0.01, 5.0)


def one_by_one(clauses: Clauses, worth: np.ndarray) -> np.ndarray:
    """Cost below which each clause is kept, answered by its own slice: log(a / (a - psi rho)), a all office brings."""
    rho, psi = np.asarray(clauses.relief), np.asarray(clauses.snap_chance)
    return -np.log1p(-psi * rho / (worth + rho.sum(axis=0)))


PATIENCE = {"patience_conditioned": 0.9, "patience_destination": 0.9}


def test_a_bundle_keeps_whatever_is_kept_clause_by_clause_and_sometimes_more() -> None:
    """20,000 random deals of three clauses; with slices of unlike snap chance the risks add up."""
    draw = np.random.default_rng(38)
    n = 20_000
    clauses = Clauses(draw.uniform(0, 1, (3, n)), draw.uniform(0, 2, (3, n)), draw.uniform(0, 1, (3, n)))
    office = Office(worth=draw.uniform(0.2, 10, n))
    singly = one_by_one(clauses, np.asarray(office.worth))
    alone = (np.asarray(clauses.survival_cost) < singly).all(axis=0)
    together = np.asarray(kept_as_a_bundle(clauses, office))
    assert not np.any(alone & ~together)
    assert 0.003 < np.mean(together & ~alone) < 0.3
    assert np.all(np.asarray(bearable_bundle(clauses, office)) - singly.sum(axis=0) >= -1e-12)


@pytest.mark.parametrize("worth", [0.2, 1.0, 5.0, 50.0])
def test_venezuela_keeps_the_cheap_clause_and_breaks_the_dear_one(worth) -> None:
    """Flights cost nothing at home; a free election costs a third of the chance to stay."""
    clauses = Clauses(jnp.array([0.0, 0.4]), jnp.array([0.3, 1.0]), jnp.array([0.8, 0.8]))
    office = Office(worth=worth, revenue=1.0)
    assert np.asarray(best_kept(clauses, office)).tolist() == [True, False]
    assert not bool(kept_as_a_bundle(clauses, office)) or worth < 0.5


def test_the_price_of_a_bundle_is_that_cheap_clauses_fall_with_the_dear_one() -> None:
    clauses = Clauses(jnp.array([0.0, 0.8]), jnp.array([0.3, 1.0]), jnp.array([0.8, 0.8]))
    assert not bool(kept_as_a_bundle(clauses, Office(worth=5.0, revenue=1.0)))
    assert bool(best_kept(clauses, Office(worth=5.0, revenue=1.0))[0])


@given(s=AMOUNT, rho=AMOUNT, worth=AMOUNT)
@settings(max_examples=40, deadline=None)
def test_without_snapback_every_clause_that_costs_anything_is_broken(s, rho, worth) -> None:
    clauses = Clauses(jnp.array([s]), jnp.array([rho]), jnp.array([0.0]))
    assert not bool(kept_as_a_bundle(clauses, Office(worth)))
    assert not bool(best_kept(clauses, Office(worth))[0])


@given(s=st.floats(0.01, 2.0), rho=AMOUNT, psi=CHANCE, worth=AMOUNT, nu=st.floats(0.0, 0.9))
@settings(max_examples=80, deadline=None)
def test_with_one_clause_the_threshold_and_the_enumeration_agree(s, rho, psi, worth, nu) -> None:
    clauses = Clauses(jnp.array([s]), jnp.array([rho]), jnp.array([psi]))
    office = Office(worth, 0.5, nu)
    bearable = float(bearable_bundle(clauses, office))
    if abs(s - bearable) > 1e-9:
        assert bool(kept_as_a_bundle(clauses, office)) == bool(best_kept(clauses, office)[0]) == (s < bearable)


@given(rho=AMOUNT, psi=st.floats(0.05, 0.95), worth=AMOUNT, more=st.floats(0.01, 0.04), nu=st.floats(0.05, 0.9))
@settings(max_examples=60, deadline=None)
def test_relief_and_resolve_buy_more_and_office_and_distrust_less(rho, psi, worth, more, nu) -> None:
    def bearable(rho: float, psi: float, worth: float, nu: float) -> float:
        clauses = Clauses(jnp.array([0.1]), jnp.array([rho]), jnp.array([psi]))
        return float(bearable_bundle(clauses, Office(worth, 0.0, nu)))

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
