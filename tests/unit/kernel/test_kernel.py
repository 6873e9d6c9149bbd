"""Random streams by name, and checks that say where a law is broken."""

from __future__ import annotations

import numpy as np
import pytest

from palanca.core.errors import InvariantError
from palanca.kernel import guard, keys


def test_a_draw_has_its_numbers_whichever_others_are_asked_for() -> None:
    many = keys.normals(7, "surprises", range(20), (3, 2))
    few = keys.normals(7, "surprises", range(5, 8), (3, 2))
    assert np.array_equal(many[..., 5:8], few)


def test_streams_differ_by_key_by_purpose_and_by_draw() -> None:
    first = keys.normals(7, "surprises", range(1), (1000,))[:, 0]
    for other in (
        keys.normals(8, "surprises", range(1), (1000,))[:, 0],
        keys.normals(7, "delivery", range(1), (1000,))[:, 0],
        keys.normals(7, "surprises", range(1, 2), (1000,))[:, 0],
    ):
        assert abs(np.corrcoef(first, other)[0, 1]) < 0.15  # 4.7 standard errors of independent streams
        assert not np.any(first == other)


def test_normals_are_standard() -> None:
    sample = keys.normals(1, "check", range(4), (50_000,)).ravel()
    assert abs(sample.mean()) < 0.01  # 4.5 standard errors
    assert abs(sample.std() - 1.0) < 0.01


def test_a_number_that_is_none_is_named_with_month_and_draw() -> None:
    values = np.zeros((3, 2, 4))
    values[1, 0, 2] = np.nan
    with pytest.raises(InvariantError, match=r"month 2019-02, draw 2.*stops"):
        guard.finite(values, "stops", ["2019-01", "2019-02", "2019-03"])


def test_a_breach_is_named_with_its_size() -> None:
    values = np.zeros((2, 3))
    values[1, 1] = -0.5
    with pytest.raises(InvariantError, match=r"month b, draw 1.*0\.5 exceeds 0\.1"):
        guard.small(values, 0.1, "accounts", ["a", "b"])
    guard.small(values, 0.6, "accounts", ["a", "b"])
    guard.finite(values, "accounts", ["a", "b"])
