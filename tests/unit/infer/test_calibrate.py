"""Ranks that are even pass the check, ranks of biased fits do not; kept replications are read back or refused."""

import numpy as np
import pytest

from palanca.core.errors import FitError
from palanca.infer import calibrate, synthetic
from palanca.infer.calibrate import BIASES, DRAWS, Replication
from palanca.model.parameters import Layout, ParameterEntry

NUMBERS, REPLICATIONS = 60, 50
NAMES = [f"level[{i}]" for i in range(NUMBERS)]


def replications(correlation: float, seed: int = 1) -> list[Replication]:
    """Truths and draws from the same normals, which parameters of a replication share in part."""
    rng = np.random.default_rng(seed)
    out = []
    for key in range(REPLICATIONS):
        shared = np.sqrt(correlation) * rng.standard_normal((1, DRAWS + 1))
        at = shared + np.sqrt(1.0 - correlation) * rng.standard_normal((NUMBERS, DRAWS + 1))
        truth = synthetic.Truth(at[:, 0], np.zeros(0), np.zeros(0))
        out.append(calibrate._ranked(key, truth, at[:, 1:], np.full(NUMBERS, 3.0)))
    return out


@pytest.mark.parametrize("correlation", [0.0, 0.3])
def test_a_right_fit_passes_whether_or_not_its_parameters_depend_on_one_another(correlation: float) -> None:
    found = calibrate.check(replications(correlation), NAMES)
    assert found.passed
    assert found.coverage == pytest.approx(0.9, abs=0.03)
    assert found.learned == found.coverage  # all are a third as wide as their priors
    assert found.outside < 0.2


@pytest.mark.parametrize("bias", list(BIASES)[1:])
@pytest.mark.parametrize("correlation", [0.0, 0.3])
def test_a_biased_fit_is_rejected(bias: str, correlation: float) -> None:
    found = calibrate.check(replications(correlation), NAMES, bias)
    assert not found.passed
    assert found.uniform < 0.001


def test_the_pooled_test_rejects_right_fits_as_rarely_as_it_says() -> None:
    rng = np.random.default_rng(2)
    shared = rng.standard_normal((400, 40, 1))
    from_normal = 0.6 * shared + 0.8 * rng.standard_normal((400, 40, 30))
    ranks = from_normal.argsort(axis=1).argsort(axis=1)  # even by column, and dependent across them
    place = (ranks + rng.uniform(size=ranks.shape)) / 40.0
    mixed = np.stack([part[rng.integers(0, 40, 40)] for part in place])
    rejected = np.mean([calibrate.pooled(part) < 0.05 for part in mixed])
    assert 0.02 < rejected < 0.09  # 400 trials leave a standard error of 0.011


def test_the_band_holds_all_but_a_twentieth_of_even_columns() -> None:
    place = np.random.default_rng(3).uniform(size=(50, 4000))
    assert calibrate.outside_band(place) == pytest.approx(0.05, abs=0.015)


def test_a_kept_replication_is_read_back_and_one_of_another_make_refused(tmp_path) -> None:
    made = replications(0.0)[0]
    path = tmp_path / "00000.npz"
    calibrate._keep(path, "one", made)
    read = calibrate._kept(path, "one")
    assert read.key == made.key
    np.testing.assert_array_equal(read.ranks, made.ranks)
    with pytest.raises(FitError, match="something else"):
        calibrate._kept(path, "two")
    path.write_bytes(path.read_bytes()[:100])
    with pytest.raises(FitError, match="cannot read"):
        calibrate._kept(path, "one")


def small_layout() -> Layout:
    rows = [
        ("effort_routine", "lognormal", 0.3, 0.3),
        ("effort_early", "lognormal", 0.3, 0.3),
        ("delivery_sd", "lognormal", 0.2, 0.3),
        ("delivery_persistence", "beta", 16.0, 4.0),
        ("visa_substitute", "halfnormal", 0.1, 0.0),
    ]
    return Layout(tuple(ParameterEntry(n, (), (), f, a, b, i) for i, (n, f, a, b) in enumerate(rows)), {})


def test_truths_follow_the_priors_and_the_link_between_early_and_routine_effort() -> None:
    """Given the link's width s, the gap is normal with variance 1 / (1 / s^2 + 1 / (2 * 0.3^2)): both priors and O2."""
    draws = np.stack([synthetic.prior_draw(small_layout(), key) for key in range(4000)])
    lasting = 1.0 / (1.0 + np.exp(-draws[:, 3]))
    width = np.exp(draws[:, 2]) / np.sqrt(1.0 - lasting**2)
    gap = (draws[:, 1] - draws[:, 0]) * np.sqrt(1.0 / width**2 + 1.0 / (2 * 0.3**2))
    assert gap.mean() == pytest.approx(0.0, abs=0.05)
    assert gap.std() == pytest.approx(1.0, abs=0.04)
    assert np.exp(draws[:, 4]).mean() == pytest.approx(0.1 * np.sqrt(2.0 / np.pi), rel=0.05)


def test_parameters_that_a_fit_holds_take_no_part() -> None:
    wide = Layout(
        (
            ParameterEntry("cross_new", (), (), "beta", 90.0, 10.0, 0, fitted=False),
            ParameterEntry("base", ("origin",), (2,), "normal", 6.0, 3.0, 1),
        ),
        {"origin": 2},
    )
    narrow = synthetic.narrowed(wide)
    assert narrow.length == 2
    assert narrow.entries[0].p1 == pytest.approx(0.9)
    assert (narrow.entries[1].p1, narrow.entries[1].start) == (synthetic.NARROWED["base"][0], 0)
