"""The vectorised logarithm against NumPy's, and its slopes."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from palanca.kernel.logs import log


def test_it_is_numpys_log_to_two_units_in_the_last_place() -> None:
    rng = np.random.default_rng(0)
    x = np.concatenate(
        [
            np.exp(rng.uniform(-690.0, 700.0, 50_000)),
            rng.uniform(0.5, 2.0, 50_000),
            1.0 + rng.normal(0.0, 1e-6, 10_000),
            [1.0, np.sqrt(2.0), np.sqrt(0.5), 1e-9, 1e9],
        ]
    )
    ours, theirs = np.asarray(jax.jit(log)(jnp.array(x))), np.log(x)
    assert np.all(np.abs(ours - theirs) <= 2.0 * np.spacing(np.abs(theirs)))


@pytest.mark.parametrize("x", [1e-9, 0.3, 1.0, 7.5, 1e9])
def test_its_slopes_are_those_of_a_log(x: float) -> None:
    slope, bend = jax.grad(log)(x), jax.grad(jax.grad(log))(x)
    np.testing.assert_allclose([slope, bend], [1.0 / x, -1.0 / x**2], rtol=1e-14)
