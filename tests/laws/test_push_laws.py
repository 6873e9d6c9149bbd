"""What-ifs on push and routes: each lever moves those it covers, as its coefficient says, and nobody else at once."""

from __future__ import annotations

from functools import cache

import corridors
import numpy as np
import pytest
from corridors import twin

from palanca.model.outcomes import MonthlyOutcomes

DRAWS = 4
FIRST = 22  # every lever of push and routes is set in this month of the eventful corridor


@cache
def worlds(lever: str) -> tuple[MonthlyOutcomes, MonthlyOutcomes, dict]:
    """History and its twin without one lever from a month on, with no appointments to share out."""
    inputs = corridors.with_levers(corridors.eventful(), slots=0.0)
    values = corridors.values(DRAWS, seed=4, push_sanctions=0.4)
    shocks, _ = corridors.replayed(inputs, values)
    history = twin(inputs, inputs.levers, shocks, values)
    return history, twin(inputs, corridors.changed(inputs.levers, FIRST, **{lever: 0.0}), shocks, values), values


def came(seen: MonthlyOutcomes) -> np.ndarray:
    return np.asarray(seen.set_out)[FIRST]


@pytest.mark.parametrize(
    ("lever", "moved", "sign"),
    [
        ("sanctions", [1], -1.0),  # fewer leave once they are lifted
        ("oil_licence", [1], 1.0),  # where there are sanctions, a licence withdrawn leaves more of them
        ("aid", [1, 2], 1.0),
        ("air_route", [2], -1.0),
        ("closure", [1, 2], 1.0),
    ],
)
def test_without_a_lever_those_covered_alone_come_more_or_less_in_that_month(
    lever: str, moved: list[int], sign: float
) -> None:
    history, other, _ = worlds(lever)
    gap = came(other) - came(history)
    assert np.all(sign * gap[moved] > 0.0)
    assert np.all(np.delete(gap, moved, axis=0) == 0.0)


def test_an_opened_darien_is_walked_by_all_whom_its_closure_kept_back() -> None:
    history, other, values = worlds("closure")
    kept = 1.0 - 0.9 * np.asarray(values["closure_effect"])
    walked, opened = (np.asarray(seen.darien)[FIRST] for seen in (history, other))
    np.testing.assert_allclose(walked[1:], opened[1:] * kept, rtol=1e-12)
    deaths = np.asarray(values["death_darien"])
    more = came(other) - came(history)  # those who die in the Darien count as set out
    np.testing.assert_allclose(more, (opened - walked) * (1.0 + deaths), rtol=1e-9, atol=1e-9)
