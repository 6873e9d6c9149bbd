"""What an outcome's numbers rest on at least, in a case whose series tell of it and in one whose series do not."""

import pytest

from palanca.questions.outcomes import OUTCOMES
from palanca.show.estimate import Basis
from palanca.spec.load import load


@pytest.mark.parametrize("name", ["deaths", "stops", "held", "let_in", "returns", "settled", "darien"])
def test_an_outcome_that_no_series_of_the_case_tells_of_is_assumed(name):
    assert OUTCOMES[name].least(load("us-mexico")) is Basis.learned
    assert OUTCOMES[name].least(load("aegean")) is Basis.assumed


def test_encounters_are_learned_and_kidnapping_is_assumed_wherever_it_is():
    for case in map(load, ("us-mexico", "aegean")):
        assert OUTCOMES["encounters"].least(case) is Basis.learned
        assert OUTCOMES["kidnapped"].least(case) is Basis.assumed


def test_every_series_that_can_tell_of_an_outcome_is_a_field_of_a_case():
    fields = type(load("us-mexico").series).model_fields
    assert {one.told_by for one in OUTCOMES.values()} - {""} <= set(fields)
