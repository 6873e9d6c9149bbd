"""What cannot be bargained over is refused, saying where and how to mend it."""

from __future__ import annotations

from dataclasses import replace

import bargains
import jax.numpy as jnp
import numpy as np
import pytest
from bargains import assemble

from palanca.bargain import search
from palanca.bargain.issues import Declaration, Issue, Party, Ratifier
from palanca.bargain.linkage import check_partition
from palanca.bargain.refusals import DeclarationError, UnsettledError
from palanca.bargain.shapley import merged
from palanca.bargain.utility import FORMS, Term

GOOD = Declaration(
    (Party("D"), Party("T")),
    (Issue("aid", "D"), Issue("returns", "T")),
    (Term("T", "aid", "log", (2.0, 1.0)), Term("D", "returns", "log", (2.0, 1.0))),
)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (replace(GOOD, issues=()), "nothing to bargain over"),
        (replace(GOOD, parties=GOOD.parties[:1]), "needs two parties"),
        (replace(GOOD, issues=(Issue("aid", "nobody"),)), "nobody at the table can deliver"),
        (replace(GOOD, issues=(*GOOD.issues, Issue("aid", "T"))), "one name stands for two things"),
        (replace(GOOD, issues=(Issue("aid", "D", 1.0, 1.0), Issue("returns", "T"))), "bounds in disorder"),
        (replace(GOOD, issues=(Issue("aid", "D", status_quo=2.0), Issue("returns", "T"))), "status quo outside"),
        (replace(GOOD, issues=(Issue("aid", "D", menu=(0.0, 3.0)), Issue("returns", "T"))), "menu entry outside"),
        (replace(GOOD, parties=(Party("D", 0.0), Party("T"))), "weight must be above 0"),
        (replace(GOOD, parties=(Party("D", 1.0, -1.0), Party("T"))), "not concave"),
        (replace(GOOD, ratifiers=(Ratifier("house", "X"),)), "unknown party"),
        (replace(GOOD, terms=(Term("X", "aid", "linear", (1.0,)),)), "unknown party or ratifier"),
        (replace(GOOD, terms=(Term("D", "oil", "linear", (1.0,)),)), "unknown issue"),
        (replace(GOOD, terms=(Term("D", "aid", "cubic", (1.0,)),)), "unknown form"),
        (replace(GOOD, terms=(Term("D", "aid", "log", (1.0,)),)), "wrong number of coefficients"),
        (replace(GOOD, terms=(Term("D", "aid", "linear", (float("nan"),)),)), "no number"),
    ],
)
def test_a_faulty_declaration_is_refused_in_plain_words(wrong, said):
    with pytest.raises(DeclarationError, match=said):
        assemble(wrong)


@pytest.mark.parametrize(
    ("form", "numbers"),
    [
        ("quadratic", (1.0, -1.0)),
        ("log", (-1.0, 1.0)),
        ("power", (1.0, 1.5)),
        ("power", (-1.0, 0.5)),
        ("saturating", (-1.0, 1.0)),
        ("steep_cost", (1.0, 0.5)),
        ("threshold_cost", (1.0, 0.5, 0.0)),
    ],
)
def test_a_payoff_that_is_not_concave_is_refused_with_its_formula(form, numbers):
    with pytest.raises(DeclarationError, match="not concave") as caught:
        Term("D", "aid", form, numbers).check()
    assert FORMS[form].formula in str(caught.value)


@pytest.mark.parametrize("form", list(FORMS))
def test_every_form_on_the_list_is_concave_for_every_coefficient_it_takes(form):
    """Chords lie below: f((x + y) / 2) >= (f(x) + f(y)) / 2 on random pairs."""
    rng = np.random.default_rng(3)
    for _ in range(50):
        numbers = list(rng.uniform(0.1, 3.0, len(FORMS[form].coefficients)))
        if form == "power":
            numbers[1] = rng.uniform(0.05, 1.0)
        if form == "steep_cost":
            numbers[1] = rng.uniform(1.0, 4.0)
        assert not FORMS[form].fault(tuple(numbers))
        c = jnp.array([*numbers, 0.0, 0.0])
        x, y = rng.uniform(0.0, 5.0, 2)
        middle, chord = (FORMS[form].value(jnp.array(z), c) for z in (0.5 * (x + y), jnp.array([x, y])))
        assert float(middle) >= float(chord.mean()) - 1e-12


@pytest.mark.parametrize(
    ("partition", "said"),
    [
        ((("aid",),), "no silo for: returns"),
        ((("aid", "returns"), ("aid",)), "an issue twice: aid"),
        ((("aid", "returns", "oil"),), "an unknown issue: oil"),
        ((("aid", "returns"), ()), "an empty silo: 2"),
    ],
)
def test_a_partition_that_misses_or_repeats_an_issue_is_refused(partition, said):
    with pytest.raises(DeclarationError, match=said):
        check_partition(assemble(GOOD), partition)


def test_groups_of_issues_that_miss_one_are_refused():
    with pytest.raises(DeclarationError, match="each issue once"):
        merged(np.zeros(8), [[0], [2]])


def test_a_search_that_does_not_settle_is_reported_with_its_residual_and_never_an_answer(monkeypatch):
    monkeypatch.setattr(search, "STEPS", 2)
    problem = bargains.drawn(7)  # a structure of its own would be compiled before the change
    odd = replace(problem, rules=(), ratifiers=("chamber",))
    with pytest.raises(UnsettledError, match=r"did not converge.*residual"):
        bargains.agree(odd)
