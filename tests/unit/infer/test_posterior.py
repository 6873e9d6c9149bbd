"""Draws of a posterior are dealt fairly, and are those that the chains or the curvature gave."""

import numpy as np
import posteriors
import pytest
from scipy import stats

from palanca.infer import full
from palanca.infer.fit import Fit
from palanca.infer.posterior import How, Posterior
from palanca.model.parameters import ParameterEntry


@pytest.fixture(scope="module")
def quick() -> Posterior:
    return full.of_fit(posteriors.laplace())


@pytest.fixture(scope="module")
def sampled() -> Posterior:
    return posteriors.sampled()


def test_a_draw_depends_on_the_key_and_its_own_number_alone(sampled: Posterior) -> None:
    many = sampled.draws(11, range(6))
    assert np.array_equal(many[:, 4:5], sampled.draws(11, range(4, 5)))
    assert not np.array_equal(many, sampled.draws(12, range(6)))


def test_as_many_draws_as_are_stored_are_all_of_them_each_once(sampled: Posterior) -> None:
    assert sorted(sampled.dealt(3, range(sampled.size))) == list(range(sampled.size))


def test_more_draws_than_are_stored_repeat_them_in_another_order(sampled: Posterior) -> None:
    size = sampled.size
    first, second = sampled.dealt(3, range(size)), sampled.dealt(3, range(size, 2 * size))
    assert sorted(second) == sorted(first)
    assert not np.array_equal(first, second)


def test_chains_are_brought_back_to_the_scale_of_free_numbers() -> None:
    found, chains = posteriors.laplace(), posteriors.chains()
    sampled = full.of_chains(found, chains, draws=posteriors.CHAINS * posteriors.ITERATIONS)
    fitted = np.flatnonzero(found.layout.fitted())
    by_hand = found.mode[fitted] + found.factor[np.ix_(fitted, fitted)] @ chains.position[2, 17]
    assert np.allclose(sampled.free[fitted, 2 * posteriors.ITERATIONS + 17], by_hand, rtol=2.0**-18, atol=1e-6)
    assert list(np.unique(sampled.chain, return_counts=True)[1]) == [posteriors.ITERATIONS] * posteriors.CHAINS


def test_thinning_keeps_chains_alike_and_statistics_of_all_iterations(sampled: Posterior) -> None:
    whole = full.of_chains(posteriors.laplace(), posteriors.chains(), draws=1000)
    few = full.of_chains(posteriors.laplace(), posteriors.chains(), draws=400)
    assert few.size == 400
    assert sampled.size == whole.size == full.STORED == 1000  # as many as there are
    assert np.array_equal(few.mean, whole.mean)
    assert np.array_equal(few.spread, whole.spread)
    assert few.diagnostics is not None
    assert few.diagnostics.finished == 1000


def test_numbers_that_are_not_fitted_have_their_priors(sampled: Posterior, quick: Posterior) -> None:
    for found in (sampled, quick):
        held = ~found.layout.fitted()
        assert np.all(found.contraction[held] == 1.0)
        assert np.all(found.shift[held] == 0.0)
        pooled = (found.free[held] - found.layout.centre()[held, None]) / found.layout.spread()[held, None]
        assert 0.8 < pooled.std() < 1.25  # log odds of a beta are a little wider than its curvature says


@pytest.mark.parametrize(
    ("family", "p1", "p2", "law"),
    [
        ("normal", 1.0, 0.5, stats.norm(1.0, 0.5).cdf),
        ("lognormal", 2.0, 0.4, lambda x: stats.lognorm(0.4, scale=2.0).cdf(np.exp(x))),
        ("beta", 3.0, 5.0, lambda x: stats.beta(3.0, 5.0).cdf(1.0 / (1.0 + np.exp(-x)))),
        ("halfnormal", 0.7, 0.0, lambda x: stats.halfnorm(scale=0.7).cdf(np.exp(x))),
    ],
)
def test_draws_from_a_prior_have_its_distribution_on_the_scale_of_free_numbers(family, p1, p2, law) -> None:
    entry = ParameterEntry("any", (), (), family, p1, p2, 0)
    drawn = full.from_prior(entry, np.random.default_rng(1), 4000)[0]
    assert stats.kstest(drawn, law).pvalue > 0.001


def test_draws_of_a_quick_fit_have_its_covariance(quick: Posterior) -> None:
    found: Fit = posteriors.laplace()
    many = full.of_fit(found, draws=4000)
    fitted = found.layout.fitted()
    ratio = many.free[fitted].std(axis=1) / found.spread[fitted]
    assert 0.97 < np.median(ratio) < 1.03
    assert ratio.min() > 0.9
    assert ratio.max() < 1.1
    assert quick.how is How.quick
    assert quick.diagnostics is None
    assert np.array_equal(quick.spread, found.spread)
