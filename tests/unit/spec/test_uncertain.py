"""Laws of what is believed of a number: middles, 90 % ranges and domains hold as written."""

from __future__ import annotations

import math

import pytest

from palanca.spec.uncertain import DOMAINS, NINETY, Number

LAWS = [
    (Number(value=3.0), "positive", "lognormal"),
    (Number(value=-3.0, log_sd=0.2), "any", "lognormal"),
    (Number(value=-3.0, sd=2.0), "any", "normal"),
    (Number(value=0.3), "chance", "logitnormal"),
    (Number(low=1.0, high=9.0), "not_negative", "lognormal"),
    (Number(low=-9.0, high=-1.0), "any", "lognormal"),
    (Number(low=-1.0, high=3.0), "any", "normal"),
    (Number(low=0.2, high=0.9), "inner_chance", "logitnormal"),
    (Number(least=0.0, most=1.0), "chance", "uniform"),
    (Number(exact=4.0), "one_or_more", "fixed"),
]


@pytest.mark.parametrize(("number", "domain", "family"), LAWS)
def test_half_of_the_belief_lies_on_each_side_of_the_middle(number, domain, family):
    belief = number.law(DOMAINS[domain], 0.5)
    assert belief.family == family
    assert belief.at(0.0) == pytest.approx(belief.middle, rel=1e-12)


@pytest.mark.parametrize(("number", "domain", "family"), LAWS)
def test_a_belief_never_leaves_its_domain(number, domain, family):
    belief = number.law(DOMAINS[domain], 0.5)
    assert all(DOMAINS[domain].holds(belief.at(z)) for z in (-6.0, -1.0, 0.0, 1.0, 6.0))


@pytest.mark.parametrize(("number", "domain"), [(n, d) for n, d, _ in LAWS if n.low is not None])
def test_a_range_is_reached_at_the_five_and_ninety_five_percent_points(number, domain):
    belief = number.law(DOMAINS[domain], 0.5)
    assert sorted(belief.at(z) for z in (-NINETY, NINETY)) == pytest.approx([number.low, number.high], rel=1e-9)
    assert 0.5 * (1.0 + math.erf(NINETY / math.sqrt(2.0))) == pytest.approx(0.95, abs=1e-12)


def test_a_range_that_is_even_has_its_quarters_where_they_belong():
    belief = Number(least=2.0, most=6.0).law(DOMAINS["positive"])
    quarter = 0.6744897501960817  # a standard normal lies below this three times in four
    assert [belief.at(z) for z in (-quarter, 0.0, quarter)] == pytest.approx([3.0, 4.0, 5.0], rel=1e-12)


def test_the_spread_of_the_file_is_taken_only_where_an_entry_has_none():
    assert Number(value=2.0).law(DOMAINS["positive"], 0.7).p2 == 0.7
    assert Number(value=2.0, log_sd=0.2).law(DOMAINS["positive"], 0.7).p2 == 0.2
    assert Number(exact=2.0).law(DOMAINS["positive"], 0.7).p2 is None


def test_a_number_of_its_own_source_does_not_take_that_of_its_entry():
    assert Number(exact=2.0).law(DOMAINS["any"], source=("S1",)).source == ("S1",)
    assert Number(exact=2.0, source=("S2",)).law(DOMAINS["any"], source=("S1",)).source == ("S2",)
