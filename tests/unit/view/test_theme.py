"""Numbers read as people write them, and both palettes can be told from their page."""

from __future__ import annotations

import pytest

from palanca.view import theme


@pytest.mark.parametrize(
    ("value", "text"),
    [(124_215.0, "124,000"), (10_598_000.0, "10.6 million"), (38.84, "38.8"), (0.0, "0"), (-1_234.0, "−1,230")],
)
def test_sentences_give_three_significant_digits(value, text):
    assert theme.rounded(value) == text


def test_a_percent_is_never_torn_from_its_sign():
    assert theme.percent(-37.4) == "−37\u00a0%"
    assert not theme.percent(12.0).split("\u00a0")[0].endswith(" ")


def test_a_column_has_the_decimals_of_its_largest_number():
    assert theme.column([1.234, 0.5]) == ["1.23", "0.50"]
    assert theme.column([12.34, 0.5]) == ["12.3", "0.5"]
    assert theme.column([1234.5, 0.5, -2.6]) == ["1,234", "0", "−3"]
    assert theme.column([3, 12]) == ["3", "12"]
    assert theme.column(["a", None, float("nan")]) == ["a", theme.NONE, theme.NONE]


def test_a_column_never_shows_minus_zero():
    assert theme.column([-0.0001, 0.4]) == ["0.00", "0.40"]


def luminance(hexed: str) -> float:
    parts = [int(hexed[i : i + 2], 16) / 255.0 for i in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    bright, dim = sorted((luminance(one), luminance(other)), reverse=True)
    return (bright + 0.05) / (dim + 0.05)


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_text_and_lines_stand_out_from_the_page_as_accessibility_rules_ask(mode):
    """4.5 to 1 for text, 3 to 1 for what is drawn (WCAG 2.2, 1.4.3 and 1.4.11); areas of a stack touch one another."""
    of = {name: getattr(part, mode) for name, part in theme.PALETTE.items()}
    for role in ("ink", "muted", "model", "twin"):
        assert contrast(of[role], of["paper"]) >= 4.5, role
    for role in ("figures", "mark"):
        assert contrast(of[role], of["paper"]) >= 3.0, role


def test_every_light_colour_stands_for_one_part_so_that_dark_is_a_replacement():
    assert len(theme.darkened()) == len(theme.PALETTE)
