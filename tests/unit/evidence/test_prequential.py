"""A structure is chosen by what had been scored by each start, and by nothing that came later."""

from __future__ import annotations

import numpy as np
import pytest

from palanca.core.clock import Month
from palanca.evidence.backtest import prequential, regimes
from palanca.evidence.backtest.combine import LEAST_OUTCOMES
from palanca.evidence.backtest.prequential import LEAD, PanelStructure
from palanca.evidence.backtest.rivals import Past
from palanca.evidence.backtest.run import HORIZONS

MONTHS = 100
PANEL_FROM = Month.parse("2001-10")
FROM = PANEL_FROM + LEAD
STARTS = [FROM + ahead for ahead in range(0, 68, 4)]


@pytest.fixture
def two_structures(monkeypatch: pytest.MonkeyPatch) -> tuple[PanelStructure, ...]:
    """One without any part, and the same with a season."""
    every = {one.name: one for one in prequential.structures()}
    chosen = tuple(
        every[f"no pull, no momentum, {season}, spread of two years"] for season in ("no season", "free season")
    )
    monkeypatch.setattr(prequential, "structures", lambda: chosen)
    return chosen


def seasonal(size: float) -> Past:
    """Two origins with a strong yearly season and small noise."""
    rng = np.random.default_rng(5)
    month = np.arange(MONTHS)[:, None]
    logs = 8.0 + size * np.sin(2.0 * np.pi * month / 12.0) + 0.05 * rng.standard_normal((MONTHS, 2)).cumsum(axis=0)
    return Past(PANEL_FROM, np.exp(logs))


def test_every_structure_on_offer_differs_and_the_first_has_no_part():
    found = prequential.structures()
    assert len({one.rules for one in found}) == len(found) == 72
    first = found[0].rules
    assert first.returns == (1.0,)
    assert max(first.momentum_sd, first.momentum_own_sd, first.season_sd_circular, first.season_sd_rest) < 1e-6


def test_a_season_is_chosen_once_enough_outcomes_show_it(two_structures, tmp_path):
    found = prequential.run(seasonal(0.8), [True, False], STARTS, tmp_path)
    for i, start in enumerate(STARTS):
        for j, ahead in enumerate(HORIZONS):
            known = max(start - FROM - ahead + 1, 0)
            if known < LEAST_OUTCOMES:
                assert found.structure[i, j] == 0
            elif ahead in (3, 6):  # a year ahead the season is the same again, and a month ahead small
                assert found.structure[i, j] == 1
    assert np.isfinite(found.sample).all()


def test_counts_after_a_start_change_neither_its_structure_nor_its_draws(two_structures, tmp_path):
    plain = seasonal(0.8)
    cut = STARTS[10]
    later = plain.counts.copy()
    after = cut - PANEL_FROM + 1
    later[after:] *= np.random.default_rng(1).lognormal(0.0, 1.0, later[after:].shape)
    one = prequential.run(plain, [True, False], STARTS, tmp_path / "one")
    other = prequential.run(Past(PANEL_FROM, later), [True, False], STARTS, tmp_path / "other")
    np.testing.assert_array_equal(one.structure[:11], other.structure[:11])
    np.testing.assert_array_equal(one.sample[:11], other.sample[:11])
    assert not np.array_equal(one.sample[11:], other.sample[11:])


def test_scores_that_are_kept_give_the_same_bits(two_structures, tmp_path):
    past = seasonal(0.3)
    one = prequential.run(past, [True, False], STARTS[:3], tmp_path)
    again = prequential.run(past, [True, False], STARTS[:3], tmp_path)
    np.testing.assert_array_equal(one.sample, again.sample)


def test_outcomes_after_2024_are_left_out_by_their_own_month_not_by_their_start():
    starts = [Month.parse("2024-06"), Month.parse("2024-11"), Month.parse("2024-12")]
    (before,) = regimes.of("us-mexico").outcomes
    assert before.holds(starts, 1).tolist() == [True, True, False]
    assert before.holds(starts, 6).tolist() == [True, False, False]
    assert regimes.ALL.holds(starts, 12).all()
