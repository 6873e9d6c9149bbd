"""How questions are told: words for changes, tables and pages of answers made by hand."""

from __future__ import annotations

import numpy as np
import pytest

from palanca.view import words


@pytest.mark.parametrize(
    ("sample", "says"),
    [
        (np.full(9, 5.0), "5.00 [5.00, 5.00] more"),
        (np.full(9, -5.0), "5.00 [5.00, 5.00] fewer"),
        (np.linspace(-1.0, 1.0, 21), "0 [−0.900, +0.900]"),
        (np.zeros(3), "no more or fewer"),
    ],
)
def test_changes_are_worded_by_their_interval(sample: np.ndarray, says: str) -> None:
    assert words.more(sample) == says


def test_a_change_that_could_go_either_way_is_not_told_apart_from_zero() -> None:
    assert words.apart(np.linspace(-1.0, 9.0, 11)) == "not told apart from zero"
    assert words.apart(np.linspace(1.0, 9.0, 11)) == "told apart from zero"
