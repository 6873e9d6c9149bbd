"""Both palettes can be told from their page."""

from __future__ import annotations

import pytest

from palanca.show import theme


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
    for role in ("ink", "muted", "history", "changed"):
        assert contrast(of[role], of["paper"]) >= 4.5, role
    for role in ("figures", "mark"):
        assert contrast(of[role], of["paper"]) >= 3.0, role


def test_every_light_colour_stands_for_one_part_so_that_dark_is_a_replacement():
    assert len(theme.darkened()) == len(theme.PALETTE)
