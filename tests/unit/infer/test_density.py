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


def alone(count: float, mean: float, spread: float) -> float:
    one = jnp.ones(1)
    at = density.published(mean * one, jnp.asarray(spread), "groups")
    return float(density.scatter(count * one, at, jnp.asarray(0.6), one > 0)[0])


def test_scatter_is_highest_where_the_model_agrees_and_falls_on_both_sides() -> None:
    at = np.array([alone(1000.0, mean, 0.3) for mean in (10.0, 100.0, 1000.0, 1e4, 1e5)])
    assert at.argmax() == 2
    assert at[2] > at[1] > at[0]
    assert at[2] > at[3] > at[4]
    assert at[2] - at[4] > 100.0  # a hundred times too large is refused, not shrugged off


def test_scatter_of_large_counts_is_log_normal() -> None:
    count, mean, spread = 52_000.0, 40_000.0, 0.25
    theirs = stats.norm(np.log(mean + 10), np.sqrt(spread**2 + (mean + 5) / (mean + 10) ** 2)).logpdf(
        np.log(count + 10)
    )
    assert alone(count, mean, spread) == pytest.approx(theirs, rel=1e-12)


def test_lasting_misfits_are_a_normal_whose_correlation_falls_with_the_months_between() -> None:
    rng = np.random.default_rng(5)
    months, spread, lasting = 6, 0.4, 0.6
    counts, means = rng.uniform(500, 5000, months), rng.uniform(500, 5000, months)
    seen = jnp.ones(months, bool)
    at = density.published(jnp.asarray(means), jnp.asarray(spread), "groups")
    ours = density.scatter(jnp.asarray(counts), at, jnp.asarray(lasting), seen)
    width = np.sqrt(spread**2 + (means + 5) / (means + 10) ** 2)
    apart = np.abs(np.arange(months)[:, None] - np.arange(months)[None])
    together = stats.multivariate_normal(np.log(means + 10), np.outer(width, width) * lasting**apart)
    assert float(jnp.sum(ours)) == pytest.approx(together.logpdf(np.log(counts + 10)), rel=1e-10)


def test_a_month_without_a_figure_adds_nothing_and_breaks_the_chain() -> None:
    counts, means = jnp.asarray([900.0, 1.0, 1200.0]), jnp.asarray([1000.0, 1000.0, 1000.0])
    seen = jnp.asarray([True, False, True])
    at = density.scatter(counts, density.published(means, jnp.asarray(0.3), "groups"), jnp.asarray(0.6), seen)
    assert float(at[1]) == 0.0
    assert float(at[2]) == pytest.approx(alone(1200.0, 1000.0, 0.3), rel=1e-12)


def test_deaths_scatter_about_the_model_s_number_as_their_mean() -> None:
    """Counts of incidents: the mean of what is drawn is the model's number, and its variance the one declared."""
    means, spread = jnp.asarray([3.0, 15.0, 60.0]), jnp.asarray([1.8, 0.9, 0.5])
    middle, width = density.published(means, spread, "deaths")
    drawn = stats.lognorm(s=np.asarray(width), scale=np.exp(np.asarray(middle)))
    assert np.allclose(drawn.mean() - density.FLOOR, means, rtol=1e-12)
    assert np.allclose(drawn.var(), (spread * means) ** 2 + means + 5.0, rtol=1e-10)


def test_most_counts_have_the_model_s_number_in_their_middle() -> None:
    middle, _ = density.published(jnp.asarray([60.0]), jnp.asarray(0.5), "stops")
    assert float(middle[0]) == pytest.approx(np.log(70.0), rel=1e-15)
