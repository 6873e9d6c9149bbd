"""A page does not show whole files among the arguments of its answer; short arguments it shows as they are."""

from __future__ import annotations

from dataclasses import replace

import palanca
from palanca.show import page


def test_long_arguments_are_cut_and_say_where_the_rest_is() -> None:
    answer = palanca.match("example", rules=["knapsack"])
    assert "the manifest holds them all" in page.html(answer)
    short = replace(answer, provenance=replace(answer.provenance, arguments={"files": "a;b"}))
    assert "a;b" in page.html(short)
    assert "the manifest holds them all" not in page.html(short)
