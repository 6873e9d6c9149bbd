"""Chances of deals add up, know no unit and leave out what nobody would sign."""

from __future__ import annotations

from dataclasses import replace

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from palanca.bargain import dealing
from palanca.bargain.dealing import Manner, Menus, Recorded
from palanca.core.errors import BargainError

ISSUES = 3
INCLUDE = dealing.packages(ISSUES)
WEIGHT = jnp.array([1.0, 1.2, 0.9])
MANNER = Manner(precision=2.0, power=jnp.array([0.4, 0.6]), reluctance=0.7)


def menus(quarters: int = 5, key: int = 1) -> Menus:
    """The first issue is dear to the second party and good for the first; the others the reverse."""
    rng = np.random.default_rng(key)
    sign = np.array([[1.0, -1.0], [-0.6, 1.0], [-0.5, 0.9]])  # (issue, party)
    feature = np.einsum("pk,kn->pnk", INCLUDE, sign)
    return Menus(
        fixed=jnp.asarray(0.2 * rng.uniform(size=(quarters, len(INCLUDE), 2)) * INCLUDE.any(1)[:, None]),
        feature=jnp.asarray(feature),
        scale=jnp.asarray(rng.uniform(0.7, 1.5, size=(quarters, ISSUES))),
        standing=jnp.zeros((quarters, len(INCLUDE))),
    )


def records(quarters: int, dealt: float, flag: np.ndarray, wrong: float = 0.0, lapse: float = 0.0) -> Recorded:
    shape = (quarters, ISSUES)
    return Recorded(
        dealt=np.full(quarters, dealt),
        flag=np.broadcast_to(flag, shape).astype(float),
        shown=np.ones(shape),
        invented=np.full(shape, wrong),
        overlooked=np.full(shape, 2 * wrong),
        lapse=lapse,
    )


def test_one_possible_package_has_the_odds_of_its_nash_product_against_reluctance() -> None:
    """With gains (2, 3), precision 2 and powers (.4, .6): odds 2^.8 3^1.2 / e^.7."""
    one = Menus(
        fixed=jnp.array([[[2.0, 3.0], [1.0, -1.0], [0.0, 5.0]]]),
        feature=jnp.zeros((3, 2, 1)),
        scale=jnp.zeros((1, 1)),
        standing=jnp.zeros((1, 3)),
    )
    package, nothing = dealing.log_chances(one, jnp.ones(1), MANNER)
    odds = 2.0**0.8 * 3.0**1.2 / np.exp(0.7)
    assert float(jnp.exp(package[0, 0] - nothing[0])) == pytest.approx(odds, rel=1e-12)
    assert np.exp(np.asarray(package))[0, 1:].tolist() == [0.0, 0.0]  # a loss, or no gain, is not signed


def test_chances_add_up_and_what_is_off_the_table_has_none() -> None:
    at = replace(menus(), standing=jnp.where(jnp.asarray(INCLUDE[:, 2] > 0), -jnp.inf, 0.0)[None].repeat(5, 0))
    package, nothing = dealing.log_chances(at, WEIGHT, MANNER)
    assert np.asarray(jnp.exp(package).sum(1) + jnp.exp(nothing)) == pytest.approx(1.0, abs=1e-12)
    assert float(jnp.exp(package)[:, INCLUDE[:, 2] > 0].sum()) == 0.0
    assert np.asarray(dealing.deal_chance((package, nothing))) == pytest.approx(np.asarray(jnp.exp(package).sum(1)))


@pytest.mark.parametrize(("wrong", "lapse"), [(0.0, 0.0), (0.1, 0.0), (0.1, 0.05)])
def test_records_that_could_be_made_have_chances_that_add_up_to_one(wrong, lapse) -> None:
    """Every coding of a deal, the empty one too, and no deal: a miscoded copy is still a chance."""
    chances = dealing.log_chances(menus(), WEIGHT, MANNER)
    total = 0.0
    for flag in np.vstack([np.zeros((1, ISSUES)), INCLUDE]):
        seen = records(5, 1.0, flag, wrong, lapse)
        total += np.exp(np.asarray(dealing.log_seen(chances, seen.dealt, dealing.log_match(seen, INCLUDE), lapse)))
    seen = records(5, 0.0, flag, wrong, lapse)
    total += np.exp(np.asarray(dealing.log_seen(chances, seen.dealt, dealing.log_match(seen, INCLUDE), lapse)))
    assert total == pytest.approx(1.0, abs=1e-9)


def test_a_field_not_shown_is_the_sum_over_what_it_may_hold() -> None:
    chances = dealing.log_chances(menus(), WEIGHT, MANNER)

    def chance(flag, shown) -> np.ndarray:
        seen = replace(records(5, 1.0, np.array(flag), 0.1), shown=np.broadcast_to(shown, (5, ISSUES)).astype(float))
        return np.exp(np.asarray(dealing.log_seen(chances, seen.dealt, dealing.log_match(seen, INCLUDE))))

    both = chance([1, 0, 0], [1, 1, 1]) + chance([1, 0, 1], [1, 1, 1])
    assert chance([1, 0, 0], [1, 1, 0]) == pytest.approx(both, rel=1e-12)
    assert chance([1, 0, 1], [1, 1, 0]) == pytest.approx(both, rel=1e-12)


def test_a_unit_of_payoff_three_times_as_large_changes_no_chance_once_reluctance_moves_along() -> None:
    """T39: the unit of a party is free. Given a deal nothing moves at all; no deal moves only through its score."""
    at, factor = menus(), np.array([3.0, 1.0])
    wider = replace(at, fixed=at.fixed * factor, feature=at.feature * factor[:, None])
    shift = float(MANNER.precision * MANNER.power[0] * np.log(3.0))
    moved = Manner(MANNER.precision, MANNER.power, MANNER.reluctance + shift)
    before, after = dealing.log_chances(at, WEIGHT, MANNER), dealing.log_chances(wider, WEIGHT, moved)
    assert np.exp(np.asarray(before[0])) == pytest.approx(np.exp(np.asarray(after[0])), abs=1e-9)
    assert np.exp(np.asarray(before[1])) == pytest.approx(np.exp(np.asarray(after[1])), abs=1e-9)
    fixed = dealing.log_chances(wider, WEIGHT, MANNER)
    given = [np.asarray(jax.nn.softmax(x[0], axis=1)) for x in (before, fixed)]
    assert given[0] == pytest.approx(given[1], abs=1e-9)
    assert np.abs(np.exp(np.asarray(fixed[1])) - np.exp(np.asarray(before[1]))).max() > 0.01  # so 0 would mean nothing


def test_the_slope_agrees_with_finite_differences_also_where_packages_are_impossible() -> None:
    at = menus()
    seen = records(5, 1.0, np.array([1, 1, 0]), 0.05, 0.01)
    match = dealing.log_match(seen, INCLUDE)

    def value(weight):
        return dealing.log_seen(dealing.log_chances(at, weight, MANNER), seen.dealt, match, seen.lapse).sum()

    slope = np.asarray(jax.grad(value)(WEIGHT))
    steps = 1e-5 * np.eye(ISSUES)
    finite = [(float(value(WEIGHT + h)) - float(value(WEIGHT - h))) / 2e-5 for h in steps]
    assert slope == pytest.approx(np.array(finite), abs=1e-6)
    nobody = replace(at, fixed=at.fixed - 100.0)
    stuck = dealing.log_seen(dealing.log_chances(nobody, WEIGHT, MANNER), seen.dealt, match, seen.lapse)
    assert np.isfinite(np.asarray(stuck)).all()


def test_chances_of_what_a_deal_holds_are_sums_over_packages() -> None:
    chances = dealing.log_chances(menus(), WEIGHT, MANNER)
    given = np.asarray(jax.nn.softmax(chances[0], axis=1)) @ INCLUDE
    assert np.asarray(dealing.held_chances(chances, INCLUDE)) == pytest.approx(given, abs=1e-9)


def test_what_cannot_be_read_is_refused_by_name() -> None:
    with pytest.raises(BargainError, match="number of issues"):
        dealing.packages(0)
    with pytest.raises(BargainError, match="invented"):
        records(2, 1.0, np.zeros(ISSUES), wrong=-0.1)
    with pytest.raises(BargainError, match="neither yes nor no"):
        records(2, 0.5, np.zeros(ISSUES))
    with pytest.raises(BargainError, match="standing"):
        replace(menus(), standing=jnp.zeros((5, 2))).check()
    with pytest.raises(BargainError, match="fixed"):
        replace(menus(), fixed=menus().fixed * jnp.nan).check()
