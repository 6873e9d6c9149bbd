"""A change taken apart sums to the change, gives nothing to what did not move, and finds what was planted."""

from __future__ import annotations

from types import SimpleNamespace

import corridors
import jax.numpy as jnp
import numpy as np
import pytest

from palanca.core.clock import Month, Span
from palanca.core.errors import UsageError
from palanca.data.read import packaged_figures
from palanca.evidence.episodes import declared as episodes
from palanca.model import build
from palanca.questions.why import decompose, differences
from palanca.spec import load

SPAN = Span(Month.parse("2015-01"), Month.parse("2015-01") + (corridors.MONTHS - 1))
DRAWS = 5


class Scattered:
    """Parameters about the middle of the priors."""

    layout = corridors.layout()

    def draws(self, key: int, chosen: range) -> np.ndarray:
        return corridors.free(max(chosen) + 1, seed=key)[:, list(chosen)]


class Unfading(Scattered):
    """The same where the years change neither circular migration nor the make-up by groups."""

    def draws(self, key: int, chosen: range) -> np.ndarray:
        free = super().draws(key, chosen)
        for entry in self.layout.entries:
            if entry.name in {"circular_fade", "mix_drift"}:
                free[entry.start : entry.start + entry.size] = 0.0
        return free


def taken_apart(inputs, place: int, fit: Scattered = Scattered()) -> decompose.Shares:
    setting = SimpleNamespace(inputs=inputs, case=SimpleNamespace(span=SimpleNamespace(span=SPAN)))
    return decompose.decompose(setting, fit, SPAN.first + place, draws=DRAWS)


@pytest.mark.slow
@pytest.mark.parametrize("place", [3, 10, 15, 20, 25])
def test_the_parts_sum_to_the_change_that_the_figures_show_in_every_draw(place) -> None:
    """Every lever moves in some of these months; rounding of 2**7 worlds stays below a millionth."""
    found = taken_apart(corridors.eventful(), place)
    assert set(found.parts) == set(decompose.PARTS)
    assert np.abs(sum(found.parts.values()) - found.change).max() < 1e-6
    assert np.abs(found.change - found.seen).max() < 1e-6


@pytest.mark.slow
def test_what_does_not_move_has_no_part_and_what_moves_pushes_its_way() -> None:
    """More effort declared in one month alone, with nothing else changing, must lower encounters."""
    inputs = corridors.quiet()
    effort = np.array(inputs.levers.effort)
    effort[20, 1:] = 3.0
    found = taken_apart(corridors.with_levers(inputs, effort=effort), 20, Unfading())
    assert np.abs(found.parts["rest"]).max() < 1e-12
    assert np.abs(found.parts["delivered"]).max() < 1e-12
    assert (found.parts["declared"] < -0.01).all()
    level = taken_apart(inputs, 20)
    assert np.abs(level.parts["declared"]).max() < 1e-12


def test_the_shared_part_is_the_regression_on_one_factor() -> None:
    """With own variance v each and n origins, the mean of the shared part is n m / (n + v / s**2) at a mean step m."""
    step = jnp.array([[0.3], [0.6], [0.9]])
    own, shared = jnp.full((3, 1), 0.04), jnp.array([0.2])
    common, alone = decompose.split(step, own, shared, jnp.zeros(1))
    assert np.allclose(common, 3 * 0.6 / (3 + 1.0))
    assert np.allclose(common + alone, step)
    above, _ = decompose.split(step, own, shared, jnp.ones(1))
    assert np.allclose(above - common, np.sqrt(1.0 / (25.0 + 75.0)))
    nothing, _ = decompose.split(step, own, jnp.array([1e-6]), jnp.zeros(1))
    assert np.abs(nothing).max() < 1e-9


@pytest.mark.parametrize("month", ["2013-12", "2099-09", "1999-01"])
def test_a_month_without_a_past_is_refused(month) -> None:
    case = load.load("us-mexico")
    with pytest.raises(UsageError, match=f"2014-01 to {case.span.last}"):
        decompose.check(case, Month.parse(month))


def test_weighted_log_changes_sum_to_that_of_the_total() -> None:
    rng = np.random.default_rng(4)
    before, after = rng.lognormal(5.0, 2.0, (2, 14))
    after[3] = before[3]
    found = differences.weights(before, after) @ np.log(after / before)
    assert found == pytest.approx(np.log(after.sum() / before.sum()), rel=1e-12)


def test_a_planted_fall_of_foreigners_is_what_set_them_apart() -> None:
    """Two flat origins without season; the last month takes 40 % from one and nothing from the other."""
    first, counts = Month.parse("2001-10"), np.full((268, 2), 10_000.0)
    days = np.array([(first + i).days for i in range(len(counts))]) / 30.4
    counts *= days[:, None]
    counts[-1, 1] *= 0.6
    found, _ = differences.parts(counts, first + 267, np.array([True, False]), np.array([True, False]))
    assert sum(found.values()) == pytest.approx(np.log(counts[-1].sum() / counts[-2].sum()), rel=1e-12)
    weight = differences.weights(counts[-2], counts[-1])[1]
    assert found["apart"] == pytest.approx(weight * np.log(0.6), abs=2e-3)
    assert found["shared"] == pytest.approx(0.0, abs=2e-3)


def test_january_2024_falls_apart_into_known_parts() -> None:
    """An exploratory analysis of the same figures found a season of -.21, -.38 shared and -.24 apart."""
    case = load.load("us-mexico")
    setting = SimpleNamespace(case=case, inputs=SimpleNamespace(corridor=build.corridor(case, packaged_figures())))
    spared = [month for episode in episodes.table() for month in episode.months]
    found = differences.differences(setting, Month.parse("2024-01"), spared)
    assert sum(found.parts.values()) == pytest.approx(found.seen, abs=1e-9)
    assert found.seen == pytest.approx(-0.70, abs=0.01)
    for name, value in {"season": -0.21, "shared": -0.38, "apart": -0.24}.items():
        assert found.low[name] <= value <= found.high[name]
        assert found.low[name] < found.parts[name] < found.high[name]
    assert 0.0 < found.rarer < 0.2
    assert len(found.same_month) == 23
