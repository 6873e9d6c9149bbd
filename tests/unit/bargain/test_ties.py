"""Issues bound by a ratio: a deal holds both or neither, a breach frees both, and no side moves its end alone."""

from __future__ import annotations

from dataclasses import replace

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from bargains import agree, assemble, dependence

from palanca.bargain import enforceability, ties
from palanca.bargain.issues import Declaration, Issue, Party
from palanca.bargain.utility import Term

DECLARED = Declaration(
    (Party("D"), Party("T")),
    (Issue("returns", "T", 0.0, 1.0), Issue("places", "D", 0.0, 1.0), Issue("money", "D", 0.0, 2.0)),
    (
        Term("T", "returns", "quadratic", (-1.0, 3.0)), Term("D", "returns", "log", (4.0, 2.0)),
        Term("D", "places", "quadratic", (-0.5, 2.0)), Term("T", "places", "log", (2.0, 3.0)),
        Term("T", "money", "log", (1.0, 2.0)), Term("D", "money", "linear", (-1.0,)),
    ),
)  # fmt: skip
FREE = jnp.ones(3, bool)


def tied(ratio: float = 0.5, **changed: jnp.ndarray):
    return replace(assemble(DECLARED), ties=((0, 1),), tie_ratio=jnp.array([ratio]), **changed)


def test_the_deal_keeps_the_ratio_and_is_the_best_of_those_that_do():
    problem = tied()
    deal = agree(problem)
    assert deal.package[1] == pytest.approx(0.5 * float(deal.package[0]), abs=1e-12)
    returns, money = np.meshgrid(np.linspace(0.01, 1.0, 200), np.linspace(0.0, 2.0, 201))
    packages = np.stack([returns, 0.5 * returns, money], axis=-1).reshape(-1, 3)
    gains = np.asarray(jax.vmap(problem.gains)(jnp.array(packages)))
    product = np.where((gains > 0.0).all(axis=1), gains.prod(axis=1), 0.0)
    assert product.max() <= float(np.prod(deal.gains)) + 1e-9
    assert product.max() == pytest.approx(float(np.prod(deal.gains)), rel=1e-3)


def test_the_first_issue_goes_only_as_far_as_the_second_can_follow():
    deal = agree(tied(4.0))
    assert float(deal.package[0]) <= 0.25
    assert deal.package[1] == pytest.approx(4.0 * float(deal.package[0]), abs=1e-12)


@pytest.mark.parametrize("off", [0, 1])
def test_with_one_end_off_the_table_the_other_stays_at_the_status_quo(off):
    deal = agree(tied(), free=FREE.at[off].set(False))
    np.testing.assert_allclose(deal.package[:2], 0.0)


def test_bounds_that_cannot_meet_hold_neither():
    apart = tied(0.5, low=jnp.array([0.0, 0.8, 0.0]), status_quo=jnp.array([0.0, 0.8, 0.0]))
    assert ties.standing(apart, FREE).tolist() == [False, False, True]


def test_a_breach_costs_what_the_other_side_gave_for_it_at_once():
    """Alone, T saves its cost of returns; under a tie it loses the places in the same month."""
    package = jnp.array([0.8, 0.4, 0.3])
    saved = 0.8 + 1.5 * 0.8**2
    loose, bound = (enforceability.temptations(p, package) for p in (assemble(DECLARED), tied()))
    assert loose[1] == pytest.approx(saved)
    assert bound[1] == pytest.approx(saved - 2.0 * np.log1p(1.2))
    assert bound[0] == pytest.approx(float(loose[0]) - 4.0 * np.log1p(1.6))


def test_a_stop_of_one_frees_the_other_and_a_stop_of_something_else_does_not():
    """D's places fall away with T's returns: it loses 4 log 2.6 and is spared places it could not drop."""
    package = jnp.array([0.8, 0.4, 0.3])
    lost = dependence(tied(), package, "D", ("returns",), ("places",))
    assert lost.sensitivity == pytest.approx(4.0 * np.log1p(1.6) - (0.2 + 0.16), abs=1e-6)
    kept = dependence(tied(), package, "D", ("money",), ("places",))
    assert kept.adapted[1] == pytest.approx(0.4)
