"""Gaps between figures and model are learned from what is handed in, and forecast as they were seen to last."""

import numpy as np
import pytest

from palanca.infer.density import FLOOR
from palanca.questions.forecast import misfits
from palanca.questions.forecast.reaction_rule import attention


def series(lasting: float, step: float, months: int = 1200) -> tuple[np.ndarray, np.ndarray]:
    """Figures whose gap to a flat model follows the equation P10."""
    rng = np.random.default_rng(8)
    gap = np.zeros((months, 2))
    for t in range(1, months):
        gap[t] = lasting * gap[t - 1] + step * rng.standard_normal(2)
    shown = np.full_like(gap, 5000.0)
    return (shown + FLOOR) * np.exp(gap) - FLOOR, shown


def test_how_long_gaps_last_and_how_far_they_scatter_are_recovered() -> None:
    found = misfits.of_series(*series(0.8, 0.2))
    assert found.lasting == pytest.approx(0.8, abs=0.12)  # the last three years weigh most
    assert found.step == pytest.approx([0.2, 0.2], rel=0.3)


def test_the_last_gap_is_that_of_the_last_figure_faded_by_the_months_since() -> None:
    counts, shown = series(0.8, 0.2)
    counts[-2:, 1] = np.nan
    found = misfits.of_series(counts, shown)
    gap = np.log(counts + FLOOR) - np.log(shown + FLOOR)
    assert found.last[0] == pytest.approx(gap[-1, 0], rel=1e-12)
    assert found.last[1] == pytest.approx(gap[-3, 1] * found.lasting**2, rel=1e-12)


def test_a_series_without_figures_is_forecast_by_the_prior_about_the_model() -> None:
    found = misfits.of_series(np.full((30, 3), np.nan), np.full((30, 3), 100.0))
    assert np.array_equal(found.last, np.zeros(3))
    assert found.lasting == misfits.PRIOR_LASTING
    assert found.step == pytest.approx(np.full(3, misfits.PRIOR_STEP))


def test_gaps_ahead_start_from_the_last_and_lean_back_to_none() -> None:
    still = misfits.Misfit(np.array([0.5, -1.0]), 0.5, np.zeros(2))
    path = misfits.factors({"stops": still}, 3, 2, key=1)["stops"]
    assert np.log(path[:, :, 0]) == pytest.approx(np.array([[0.25, -0.5], [0.125, -0.25], [0.0625, -0.125]]))
    assert np.array_equal(path[..., 0], path[..., 1])


def test_attention_is_nothing_while_arrivals_are_as_usual_and_never_looks_ahead() -> None:
    arrivals = np.full(30, 40_000.0)
    assert np.allclose(attention(arrivals), 0.0)
    arrivals[20] *= np.e
    found = attention(arrivals)
    assert np.allclose(found[:21], 0.0)
    assert found[21] == pytest.approx(1.0)
    assert -1.0 < found[22] < 0.0  # a twelfth of the surge has become usual
