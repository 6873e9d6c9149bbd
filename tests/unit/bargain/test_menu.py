"""Issues in lumps: the best of every combination for every concept, alone, beside free issues and in many draws."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from bargains import agree, assemble

from palanca.bargain import menu
from palanca.bargain.concepts import agree_on_each
from palanca.bargain.issues import Declaration, Issue, Party
from palanca.bargain.refusals import DeclarationError
from palanca.bargain.solve import Concept
from palanca.bargain.utility import Term
from palanca.questions.bargaining import batched

LUMPS = tuple(
    Issue(name, owner, 0.0, 1.0, menu=entries)
    for name, owner, entries in (
        ("licence", "D", (0.0, 1.0)),
        ("visas", "D", (0.0, 0.3, 1.0)),
        ("aid", "D", (0.0, 0.5, 1.0)),
        ("returns", "T", (0.0, 0.4, 0.8, 1.0)),
    )
)
LUMP_TERMS = (
    Term("T", "licence", "linear", (2.0,)),
    Term("D", "licence", "linear", (-1.5,)),
    Term("T", "visas", "log", (3.0, 2.0)),
    Term("D", "visas", "quadratic", (-0.5, 2.0)),
    Term("T", "aid", "linear", (1.0,)),
    Term("D", "aid", "linear", (-0.9,)),
    Term("T", "returns", "quadratic", (-1.0, 1.0)),
    Term("D", "returns", "log", (5.0, 1.0)),
)


@pytest.mark.parametrize("concept", list(Concept))
def test_lumpy_issues_give_the_best_of_every_combination(concept):
    """Against brute force, exactly."""
    problem = assemble(Declaration((Party("D"), Party("T")), LUMPS, LUMP_TERMS))
    gains = {z: np.asarray(problem.gains(jnp.array(z))) for z in product(*(issue.menu for issue in LUMPS))}
    fine = {z: g for z, g in gains.items() if np.all(g > 1e-6)}
    ideal = np.max(list(fine.values()), axis=0)
    score = {
        Concept.NASH: np.prod,
        Concept.UTILITARIAN: np.sum,
        Concept.EGALITARIAN: np.min,
        Concept.KALAI_SMORODINSKY: lambda g: np.min(g / ideal),
    }[concept]
    best = max(fine, key=lambda z: score(fine[z]))
    outcome = agree(problem, concept)
    np.testing.assert_array_equal(outcome.package, best)
    smooth = agree(replace(problem, menus=((),) * len(problem.issues)), Concept.NASH)
    if concept is Concept.NASH:
        assert np.prod(outcome.gains) <= np.prod(smooth.gains)


@pytest.mark.parametrize("concept", list(Concept))
def test_a_lump_beside_free_issues_is_chosen_with_the_rest_solved(concept):
    """Each amount of the licence solved by itself; Kalai-Smorodinsky against its ideals over both."""
    issues = (LUMPS[0], *(replace(issue, menu=()) for issue in LUMPS[1:]))
    problem = assemble(Declaration((Party("D"), Party("T")), issues, LUMP_TERMS))
    outcome, smooth = agree(problem, concept), replace(problem, menus=((),) * 4)
    free = jnp.array([False, True, True, True])

    def solved(one, by):
        return [agree(one, by, free, jnp.array([x, 0.0, 0.0, 0.0])) for x in (0.0, 1.0)]

    weights = np.ones(2)
    if concept is Concept.KALAI_SMORODINSKY:
        alone = [solved(replace(smooth, weight=jnp.eye(2)[i]), Concept.UTILITARIAN) for i in (0, 1)]
        weights = np.array([max(float(one.gains[i]) for one in alone[i]) for i in (0, 1)])
        each = solved(replace(smooth, weight=jnp.array(weights)), Concept.EGALITARIAN)
    else:
        each = solved(smooth, concept)
    worth = {Concept.NASH: np.prod, Concept.UTILITARIAN: np.sum}.get(concept, lambda g: np.min(g / weights))
    best = max(each, key=lambda one: worth(np.asarray(one.gains)))
    np.testing.assert_allclose(outcome.package, best.package, atol=1e-7)
    assert float(outcome.package[0]) in (0.0, 1.0)


def test_a_lump_off_the_table_or_beyond_its_cap_stays_out():
    problem = assemble(Declaration((Party("D"), Party("T")), LUMPS, LUMP_TERMS))
    off = agree(problem, free=jnp.array([True, False, True, True]))
    assert float(off.package[1]) == 0.0
    capped = agree(problem.capped(jnp.array([1.0, 0.5, 1.0, 1.0])))
    assert float(capped.package[1]) in (0.0, 0.3)


def test_subsets_and_draws_give_what_one_bargain_gives():
    problem = assemble(Declaration((Party("D"), Party("T")), LUMPS, LUMP_TERMS))
    held = jnp.array([[True] * 4, [True, True, False, True], [False, False, False, True]])
    for concept in Concept:
        every = agree_on_each(problem, held, concept)
        for k, free in enumerate(held):
            np.testing.assert_array_equal(every.package[k], agree(problem, concept, free).package)
    many = jax.tree.map(lambda leaf: jnp.stack([leaf, leaf]), problem)
    drawn = batched.each(many, np.ones(4, bool), Concept.KALAI_SMORODINSKY)
    np.testing.assert_array_equal(drawn.package[1], agree(problem, Concept.KALAI_SMORODINSKY).package)


def test_where_no_combination_has_a_deal_the_status_quo_stays():
    problem = assemble(Declaration((Party("D"), Party("T")), LUMPS, LUMP_TERMS), disagreement=jnp.array([9.0, 9.0]))
    none = agree(problem)
    assert not bool(none.agreed)
    np.testing.assert_array_equal(none.package, np.zeros(4))
    np.testing.assert_array_equal(none.payoffs, [9.0, 9.0])


def test_a_mean_of_wishes_goes_to_the_nearest_amount():
    problem = assemble(Declaration((Party("D"), Party("T")), LUMPS, LUMP_TERMS))
    found = menu.nearest(problem, np.array([[0.4, 0.2, 0.8, 0.9], [0.6, 0.7, 0.2, 0.1]]))
    assert found.tolist() == [[0.0, 0.3, 1.0, 0.8], [1.0, 1.0, 0.0, 0.0]]


def test_more_combinations_than_can_be_tried_are_refused():
    many = tuple(Issue(f"i{k}", "D", menu=tuple(np.linspace(0.0, 1.0, 12))) for k in range(4))
    problem = assemble(Declaration((Party("D"), Party("T")), many, (Term("T", "i0", "linear", (1.0,)),)))
    with pytest.raises(DeclarationError, match="too many combinations"):
        menu.combinations(problem, np.ones(4, bool))
