"""Numbers and intervals read as people write them: three digits, never powers of ten, one last digit for all three."""

from __future__ import annotations

import pytest

from palanca.show import number, sentence
from palanca.show.estimate import Basis, Estimate


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (124_215.0, "124,000"),
        (10_598_000.0, "10.6\u00a0million"),
        (38.84, "38.8"),
        (0.0, "0"),
        (-1_234.0, "−1,230"),
        (0.00034, "0.0003"),
        (999_999.0, "1.00\u00a0million"),
        (float("nan"), "–"),
    ],
)
def test_a_number_has_three_significant_digits(value, text):
    assert number.number(value) == text


def test_an_interval_is_given_to_the_last_digit_of_its_largest_end():
    assert number.with_interval(27_123.0, 15_456.0, 45_512.0) == ("27,100", "[15,500, 45,500]")
    assert number.with_interval(1.2e6, 0.85e6, 1.6e6) == ("1.20\u00a0million", "[0.85, 1.60\u00a0million]")


def test_levels_told_beside_each_other_differ_by_what_is_said():
    """150,000 less 15,000 is 135,000, not a rounded 140,000."""
    assert number.together([150_000.0, 135_000.0]) == ["150,000", "135,000"]


def test_a_share_is_never_torn_from_its_sign():
    assert number.percent(-0.374) == "−37\u00a0%"


def test_months_are_named_once_where_both_are_of_one_year():
    assert number.span_name("2024-01", "2024-03") == "January to March\u00a02024"
    assert number.span_name("2023-12", "2024-03") == "December\u00a02023 to March\u00a02024"
    assert number.span_name("2024-01", "2024-01") == "January\u00a02024"


def test_a_column_has_the_decimals_of_its_largest_number_and_no_minus_zero():
    assert number.column([12.34, 0.5]) == ["12.3", "0.5"]
    assert number.column([-0.0001, 0.4]) == ["0.00", "0.40"]
    assert number.column([3, 12, True]) == ["3", "12", "yes"]
    assert number.column(["a", None, float("nan")]) == ["a", "–", "–"]


def test_a_change_is_more_or_fewer_by_the_side_of_zero_that_its_interval_lies_on():
    assert sentence.more(Estimate(30.0, 20.0, 40.0), "deaths") == "30.0 more deaths [20.0, 40.0]"
    assert sentence.more(Estimate(-30.0, -40.0, -20.0), "deaths") == "30.0 fewer deaths [20.0, 40.0]"
    assert sentence.more(Estimate(0.0, 0.0, 0.0), "deaths") == "no more and no fewer deaths"


def test_a_change_whose_interval_holds_zero_has_no_sign():
    text = sentence.more(Estimate(5.0, -3.0, 12.0), "deaths")
    assert "cannot tell which" in text
    assert "5" not in text.split("[")[0]


def test_a_change_is_written_to_one_last_digit():
    assert sentence.change(Estimate(4.36, 0.704, 8.4)) == "+4.36 [+0.70, +8.40]"
    assert sentence.change(Estimate(0.0, -1.0, 2.0)) == "0.00 [−1.00, +2.00]"


def test_what_a_number_rests_on_names_the_share_and_the_inputs():
    given = Estimate(1.0, 0.5, 1.5, basis=Basis.assumed, assumed_share=0.89, assumed_by=("effort_power", "b", "c"))
    assert sentence.resting(given) == "assumed: 89\u00a0% of the width is assumed, by effort_power and b"
    none = Estimate(1.0, 0.5, 1.5, basis=Basis.learned, assumed_share=0.004, assumed_by=("retry",))
    assert sentence.resting(none) == "learned"
    assert sentence.resting(Estimate(1.0, 1.0, 1.0, basis=Basis.published)) == "published"


@pytest.mark.parametrize(
    ("names", "said"), [([], ""), (["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c")]
)
def test_names_are_joined_as_a_sentence_has_them(names, said):
    assert sentence.joined(names) == said
