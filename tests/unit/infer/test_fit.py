"""The spread of a fit is the inverse of its curvature, and never wider than the prior."""

import numpy as np

from palanca.infer.fit import inverse_root


def curvature(seed: int, values: list[float]) -> np.ndarray:
    turn = np.linalg.qr(np.random.default_rng(seed).normal(size=(len(values), len(values))))[0]
    return turn @ np.diag(values) @ turn.T


def test_the_covariance_is_the_inverse_of_the_curvature() -> None:
    matrix = curvature(1, [1.5, 4.0, 25.0, 400.0])
    root = inverse_root(matrix)
    assert np.allclose(root @ root.T, np.linalg.inv(matrix), rtol=1e-10)


def test_a_direction_that_the_figures_say_nothing_of_keeps_the_width_of_the_prior() -> None:
    root = inverse_root(curvature(2, [-3.0, 0.0, 1.0, 9.0]))
    widths = np.sort(np.sqrt(np.linalg.eigvalsh(root @ root.T)))
    assert np.allclose(widths, [1.0 / 3.0, 1.0, 1.0, 1.0], rtol=1e-10)
