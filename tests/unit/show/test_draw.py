"""How charts are drawn: every kind writes numbers in full."""

from __future__ import annotations

import re

import pytest

from palanca.show import draw
from palanca.show.chart import Chart, Kind, Panel, Series

WHOLE = re.compile(r"^(,\.\d~r|,?\.\d+f|%.*)$")  # digits in full; d3's g, s and e turn to powers of ten or letters


@pytest.mark.parametrize("kind", list(Kind))
def test_no_tooltip_is_in_powers_of_ten(kind: Kind) -> None:
    """150,000, never 1.5e+5: as d3's format `r` writes it, and its `g` does not."""
    x: tuple[str | float, ...] = ("2024-01", "2024-02") if kind in (Kind.lines, Kind.areas) else ("a", "b")
    if kind is Kind.scatter:
        x = (1.0, 2.0)
    ends = {"low": (24300.0, 24301.0), "high": (24302.0, 24303.0)} if kind is not Kind.heat else {}
    one = Series("encounters", x, (150000.0, 2.0), **ends, names=("one", "two"))
    figure = draw.figure(Chart("c", kind, "title", "caption", (Panel((one,), "events"),)))
    formats = [form for trace in figure.data for form in re.findall(r"%\{[^}:]+:([^}]+)\}", trace.hovertemplate or "")]
    assert all(WHOLE.match(form) for form in formats), formats
    assert figure.layout.xaxis.exponentformat in (None, "none")
    assert figure.layout.yaxis.exponentformat in (None, "none")


def test_the_steps_of_a_waterfall_lead_from_the_first_level_to_the_last() -> None:
    """From 100 by -30 and +10 to 80: steps start where the one above them ends; intervals lie about a step's end."""
    one = Series(
        "steps",
        ("a", "down", "up", "b"),
        (100.0, -30.0, 10.0, 80.0),
        (None, -35.0, 8.0, None),
        (None, -20.0, 11.0, None),
    )
    (bars,) = draw.panel(Panel((one,), "events"), Kind.waterfall).data
    assert list(bars.base) == [0.0, 100.0, 70.0, 0.0]
    assert list(bars.x) == [100.0, -30.0, 10.0, 80.0]
    assert list(bars.error_x.array) == [None, 10.0, 1.0, None]
    assert list(bars.error_x.arrayminus) == [None, 5.0, 2.0, None]
    assert bars.text[1] == "\u221230.0 [\u221235.0, \u221220.0]"
