"""Estimates: intervals from draws, too few draws, and the share of an interval that assumed inputs make."""

from __future__ import annotations

import numpy as np
import pytest

from palanca.show import estimate
from palanca.show.estimate import Basis, Inputs

COUNT = 2000


def draws(seed: int, count: int = COUNT) -> np.ndarray:
    return np.random.default_rng(seed).standard_normal(count)


def inputs(*values: np.ndarray) -> Inputs:
    names = tuple(f"x{place}" for place in range(len(values)))
    return Inputs(names, np.array(values))


def test_an_interval_of_a_known_law_is_its_quantiles():
    found = estimate.of(np.linspace(0.0, 100.0, 1001), "events")
    assert (found.low, found.estimate, found.high) == pytest.approx((5.0, 50.0, 95.0))
    assert found.level == 0.9
    assert found.unit == "events"


def test_few_draws_give_no_interval_and_tell_nothing_apart_from_zero():
    found = estimate.of([1.0, 2.0])
    assert found.level is None
    assert (found.low, found.high) == (1.0, 2.0)
    assert not found.clear
    assert estimate.of(np.full(20, 1.0)).clear


def test_draws_without_a_number_are_left_out():
    assert estimate.of([np.nan, *np.full(30, 2.0)]).estimate == 2.0
    assert np.isnan(estimate.of([np.nan]).estimate)


@pytest.mark.parametrize("weight", [0.0, 1.0, 3.0])
def test_the_assumed_share_of_a_sum_of_normals_is_what_arithmetic_gives(weight):
    """The width of y = weight * x + e is sqrt(weight^2 + 1) times that of e, which is left when x is taken out."""
    x, e = draws(1), draws(2)
    share, names = estimate.assumed_width(weight * x + e, inputs(x, draws(3)))
    assert share == pytest.approx(1.0 - 1.0 / np.sqrt(weight**2 + 1.0), abs=0.03)
    assert names == (("x0",) if weight else ())


def test_an_input_that_acts_along_a_curve_is_found():
    x = draws(1)
    share, names = estimate.assumed_width(np.exp(0.6 * x), inputs(draws(2), x))
    assert names == ("x1",)
    assert share is not None
    assert share > 0.9


def test_many_inputs_without_effect_explain_nothing():
    rng = np.random.default_rng(5)
    share, names = estimate.assumed_width(
        draws(9, 200), Inputs(tuple(map(str, range(300))), rng.normal(size=(300, 200)))
    )
    assert (share, names) == (0.0, ())


def test_the_basis_follows_the_share():
    x, e = draws(1), draws(2)
    assert estimate.rests(3.0 * x + e, inputs(x)).basis is Basis.assumed
    assert estimate.rests(0.9 * x + e, inputs(x)).basis is Basis.between
    assert estimate.rests(e, inputs(x)).basis is Basis.learned
    assert estimate.rests(e, inputs(x), sign_assumed=True).basis is Basis.sign_assumed
    assert estimate.rests(e, inputs(x), least=Basis.assumed).basis is Basis.assumed


def test_the_share_does_not_hang_on_the_unit():
    x, e = draws(1), draws(2)
    one, other = (estimate.assumed_width(scale * (x + e), inputs(x))[0] for scale in (1.0, 1e6))
    assert one == pytest.approx(other)


def test_an_interval_of_another_level_is_as_wide_as_it_says() -> None:
    draws = np.arange(101.0)
    found = estimate.of(draws, level=0.8)
    assert (found.low, found.estimate, found.high) == pytest.approx((10.0, 50.0, 90.0))
    assert found.level == 0.8
    rested = estimate.rests(draws, Inputs(("x",), draws[None]), level=0.8)
    assert (rested.low, rested.high, rested.level) == (found.low, found.high, 0.8)
    assert rested.basis is Basis.assumed
