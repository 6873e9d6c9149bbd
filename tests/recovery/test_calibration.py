"""On a made-up corridor whose truth is known: replay finds the surprises, the density is right, intervals cover."""

import numpy as np
import pytest

from palanca.infer import calibrate, fit, simulated, synthetic
from palanca.infer.calibrate import Replication
from palanca.infer.synthetic import Synthetic, Truth
from palanca.spec.load import load

pytestmark = pytest.mark.slow
FITTED, LOOKED_AT = 3, 60


@pytest.fixture(scope="module")
def corridor() -> Synthetic:
    return synthetic.carve(load("us-mexico"))


@pytest.fixture(scope="module")
def drawn(corridor: Synthetic) -> list[tuple[Truth, synthetic.SimulatedFigures]]:
    draw = simulated.simulator(corridor)
    return [draw(key) for key in range(LOOKED_AT)]


@pytest.fixture(scope="module")
def ready(corridor: Synthetic):
    return calibrate.compiled(corridor)


def test_replay_finds_the_surprises_that_were_drawn(drawn, ready) -> None:
    """They depend on the effort that replay solves from stops, so that is found as well."""
    for truth, told in drawn[:10]:
        np.testing.assert_allclose(ready(told).surprises(truth.free), truth.surprise, rtol=1e-6, atol=1e-6)


@pytest.mark.long
def test_the_slope_of_the_density_averages_zero_at_the_truth_and_nowhere_else(
    corridor: Synthetic, drawn, ready
) -> None:
    """Bartlett's identity: the squared t statistics of 233 slopes average 1 if figures are drawn from what the density
    describes; 1.35 is three standard errors off, since directions depend on one another. A tenth of a prior standard
    deviation away they average more than twice as much."""
    scored, spread = corridor.evidence.every_month, corridor.layout.spread()

    def squares(away: float) -> float:
        slopes = np.stack([ready(told).density(truth.free + away * spread, scored)[1] for truth, told in drawn])
        return float(np.mean((slopes.mean(axis=0) / slopes.std(axis=0)) ** 2) * len(slopes))

    assert 0.65 < squares(0.0) < 1.35
    assert squares(0.1) > 2.0


def test_intervals_of_the_quick_fit_cover_the_truth(corridor: Synthetic, drawn, ready) -> None:
    """A few replications of the full calibration: their 699 intervals of 90 % cover 80 to 97 % of truths (within a
    replication they depend on one another), and half as wide they cover fewer than 75 %."""
    results: list[Replication] = []
    for key, (truth, told) in enumerate(drawn[:FITTED]):
        draws = fit.fit(ready(told)).draws(key, range(calibrate.DRAWS))
        results.append(calibrate._ranked(key, truth, draws, corridor.layout.spread()))
    places = (np.stack([result.ranks for result in results]) + 0.5) / (calibrate.DRAWS + 1.0)
    covered = np.mean(np.abs(places - 0.5) < 0.45, axis=(0, 2))
    assert 0.80 < covered[0] < 0.97
    assert covered[2] < 0.75
    assert np.mean(places[:, 0]) == pytest.approx(0.5, abs=0.06)
    assert np.mean(places[:, 1]) < 0.42  # shifted by half a standard deviation, the truth lies too low
