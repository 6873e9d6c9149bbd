"""What silence says, from numbers made by hand: what it buys now, what comes later, and whether the balance turns."""

from __future__ import annotations

import numpy as np
import pytest

from palanca.core.clock import Month
from palanca.questions.bargaining.silence import Silence
from palanca.questions.silence import answer
from palanca.show.estimate import Basis, Inputs

DRAWS, MONTHS = 40, 24


def found(turns: int) -> Silence:
    """Silence holds back 2,000 a month at once; 500 more come in the first year, 3,000 in the second."""
    later = np.where(np.arange(MONTHS) < 12, 0.5, 3.0)[:, None] * np.ones(DRAWS)
    level = np.stack([np.full((MONTHS, DRAWS), 0.2), np.full((MONTHS, DRAWS), 0.3)])
    flip = np.where(np.arange(DRAWS) < turns, 0.04, np.nan)
    return Silence(Month.parse("2024-01"), "MEX", np.full(DRAWS, 2.0), level, later, flip, 60.0)


def texts(turns: int = 0) -> list[str]:
    return [one.text for one in answer.findings(found(turns), Inputs((), np.empty((0, DRAWS))))]


def test_what_silence_buys_and_what_comes_later_are_told_as_people() -> None:
    first, later, _ = texts()
    assert "2,000 fewer people a month arrive" in first
    assert "In year 2 after it, silence rather than criticism brings 3,000 more people a month from Mexico" in later
    assert "more in 100\u00a0% of draws" in later


@pytest.mark.parametrize(("turns", "says"), [(0, "not shown"), (20, "left open"), (38, "is shown")])
def test_the_verdict_follows_the_share_of_draws_in_which_the_balance_turns(turns: int, says: str) -> None:
    assert says in texts(turns)[2]


def test_all_of_it_is_assumed_and_the_years_add_up() -> None:
    one = answer.findings(found(0), Inputs((), np.empty((0, DRAWS))))[0]
    assert one.basis is Basis.assumed
    rows = answer._years(found(0)).frame().set_index("year")
    assert rows.loc[1, "net"] == pytest.approx(500.0 - 2000.0)
    assert rows.loc[2, "net"] == pytest.approx(3000.0 - 2000.0)
    data = answer.dataset(found(5))
    assert float(data["net"].isel(months_after=-1, draw=0)) == pytest.approx(1000.0)
    assert int(np.isfinite(data["balancing_rate"]).sum()) == 5
