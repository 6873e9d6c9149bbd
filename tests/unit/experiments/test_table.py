"""A declared table in numbers: draws of beliefs, threats priced in, and what it refuses."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from palanca.case.talks import load_talks
from palanca.core.clock import Month
from palanca.core.errors import UsageError
from palanca.experiments.table import drawn, gather

MONTH = Month.parse("2017-01")


@pytest.fixture(scope="module")
def declared():
    return load_talks("eu-turkey")


@pytest.fixture(scope="module")
def table(declared):
    return gather(declared, [], corridor=None, draws=8)


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
    assert table.thinned is None
    assert table.draws == 8
    assert table.context(None).month is None
    with pytest.raises(UsageError, match="not made ready"):
        table.context(MONTH)


def test_a_corridor_table_without_a_month_is_refused() -> None:
    with pytest.raises(UsageError, match="needs a month"):
        gather(load_talks("us-mexico"), [], corridor=None, draws=2)


def test_a_threat_is_priced_at_its_chance_and_only_while_it_stands(declared, table) -> None:
    there = replace(table, contexts=(replace(table.contexts[0], month=MONTH),))
    chance = there.number("threats.open_the_gates.belief") * there.number("threats.open_the_gates.survival")
    harm, (eu, turkey) = there.harm(MONTH), (there.base.parties.index(code) for code in ("EU", "TUR"))
    assert harm[:, eu] == pytest.approx(chance * there.number("threats.open_the_gates.harm"))
    assert harm[:, turkey] == pytest.approx(chance * there.number("threats.open_the_gates.cost"))
    assert not there.harm(Month.parse("2016-01")).any()
    assert not table.harm(None).any()
