"""Densities agree with SciPy's, and see what they should."""

import jax.numpy as jnp
import numpy as np
import pytest
from scipy import stats

from palanca.infer import density


def test_a_normal_is_that_of_scipy() -> None:
    value = np.linspace(-3, 4, 15)
    ours = density.normal(jnp.asarray(value), jnp.asarray(0.5), jnp.asarray(1.7))
    assert np.allclose(ours, stats.norm(0.5, 1.7).logpdf(value), rtol=1e-12)


def test_a_shared_factor_is_a_normal_with_that_covariance() -> None:
    rng = np.random.default_rng(3)
    months, origins, shared = 7, 5, 0.4
    innovation = rng.normal(size=(months, origins))
    own = rng.uniform(0.05, 0.6, size=(months, origins))
    ours = density.shared_and_own(
        jnp.asarray(innovation), jnp.asarray(own), jnp.asarray(shared), jnp.ones((months, origins))
    )
    for t in range(months):
        covariance = np.diag(own[t]) + shared**2
        assert float(ours[t]) == pytest.approx(
            stats.multivariate_normal(np.zeros(origins), covariance).logpdf(innovation[t]), rel=1e-10
        )


def test_an_origin_with_no_weight_does_not_count() -> None:
    rng = np.random.default_rng(4)
    innovation, own = rng.normal(size=(3, 4)), rng.uniform(0.1, 1.0, size=(3, 4))
    weight = np.ones((3, 4))
    weight[:, 2] = 0.0
    some = [0, 1, 3]
    whole = density.shared_and_own(jnp.asarray(innovation), jnp.asarray(own), jnp.asarray(0.3), jnp.asarray(weight))
    part = density.shared_and_own(
        jnp.asarray(innovation[:, some]), jnp.asarray(own[:, some]), jnp.asarray(0.3), jnp.ones((3, 3))
    )
    assert np.allclose(whole, part, rtol=1e-12)


def test_scatter_is_highest_where_the_model_agrees_and_falls_on_both_sides() -> None:
    means = jnp.asarray([10.0, 100.0, 1000.0, 1e4, 1e5])
    at = np.asarray(density.scatter(jnp.asarray(1000.0), means, jnp.asarray(0.3)))
    assert at.argmax() == 2
    assert at[2] > at[1] > at[0]
    assert at[2] > at[3] > at[4]
    assert at[2] - at[4] > 100.0  # a hundred times too large is refused, not shrugged off


def test_scatter_of_large_counts_is_log_normal() -> None:
    count, mean, spread = 52_000.0, 40_000.0, 0.25
    ours = float(density.scatter(jnp.asarray(count), jnp.asarray(mean), jnp.asarray(spread)))
    theirs = stats.norm(np.log(mean + 10), np.sqrt(spread**2 + (mean + 5) / (mean + 10) ** 2)).logpdf(
        np.log(count + 10)
    )
    assert ours == pytest.approx(theirs, rel=1e-12)
