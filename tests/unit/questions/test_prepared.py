"""A declared table in numbers: draws of beliefs, threats priced in, and what it refuses."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from palanca.core.clock import Month
from palanca.core.errors import UsageError
from palanca.questions.bargaining.prepared import drawn, prepare
from palanca.questions.bargaining.silence_cost import cost_factor
from palanca.spec.bargain_spec import load_bargain

MONTH = Month.parse("2017-01")


@pytest.fixture(scope="module")
def declared():
    return load_bargain("eu-turkey")


@pytest.fixture(scope="module")
def table(declared):
    return prepare(declared, [], corridor=None, draws=8)


def test_same_key_same_draws_whatever_their_number(declared) -> None:
    few, many, other = drawn(declared, 4, 1), drawn(declared, 8, 1), drawn(declared, 4, 2)
    assert set(few) == set(declared.beliefs())
    for name, values in few.items():
        assert np.array_equal(values, many[name][:4])
        assert not np.array_equal(values, other[name])


def test_draws_lie_about_the_declared_middle(declared) -> None:
    values, middles = drawn(declared, 1000, 1), declared.middles()
    for name, found in values.items():
        below = np.mean(found < middles[name])
        assert below == pytest.approx(0.5, abs=4.0 * 0.5 / np.sqrt(1000))


def test_a_table_without_a_corridor_needs_no_case(declared, table) -> None:
    assert declared.file.case is None
    assert table.found is None
    assert table.emulated is None
    assert table.draws == 8
    assert table.context(None).month is None
    with pytest.raises(UsageError, match="not made ready"):
        table.context(MONTH)


def test_a_corridor_table_without_a_month_is_refused() -> None:
    with pytest.raises(UsageError, match="needs a month"):
        prepare(load_bargain("us-mexico"), [], corridor=None, draws=2)


@pytest.mark.parametrize("bluffs", [False, True])
def test_a_threat_worth_its_cost_is_priced_at_its_chance_and_only_while_it_stands(table, bluffs) -> None:
    there = replace(table, contexts=(replace(table.contexts[0], month=MONTH),))
    chance = there.number("threats.open_the_gates.belief") * there.number("threats.open_the_gates.survival")
    worth_it = there.number("threats.open_the_gates.reputation") >= there.number("threats.open_the_gates.cost")
    assert there.credible(MONTH) == {"open_the_gates": pytest.approx(worth_it.mean())}
    chance = chance * (worth_it | bluffs)
    harm, (eu, turkey) = there.harm(MONTH, bluffs=bluffs), (there.base.parties.index(code) for code in ("EU", "TUR"))
    assert harm[:, eu] == pytest.approx(chance * there.number("threats.open_the_gates.harm"))
    assert harm[:, turkey] == pytest.approx(chance * there.number("threats.open_the_gates.cost"))
    assert not there.harm(Month.parse("2016-01")).any()
    assert not table.harm(None).any()


def test_silence_is_dearer_once_democracy_has_worn_down_and_never_cheaper() -> None:
    talks = load_bargain("us-mexico")
    factors = [cost_factor(talks, Month.parse(f"{year}-06")) for year in range(2014, 2025)]
    assert min(factors) >= 1.0
    assert factors[-1] > 1.2
    assert cost_factor(talks, Month.parse("2024-01")) == cost_factor(talks, Month.parse("2024-12"))


def test_a_democracy_that_is_not_known_is_refused(declared) -> None:
    assert cost_factor(declared, None) == 1.0
    rows = [row.model_copy(update={"scaled_by": "democracy"}) for row in declared.file.payoffs]
    scaled = replace(declared, file=declared.file.model_copy(update={"payoffs": tuple(rows)}))
    with pytest.raises(UsageError, match="democracy that is not known"):
        prepare(scaled, [], corridor=None, draws=2)
