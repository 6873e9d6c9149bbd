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
