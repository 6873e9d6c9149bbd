"""Parameters as a vector: numbers of which only differences count sum to zero, and nothing else changes by it."""

import corridors
import jax.numpy as jnp
import numpy as np
import posteriors
import pytest

from palanca.flows import sectors
from palanca.infer import carried
from palanca.model import parameters
from palanca.model.parameters import Layout, ParameterEntry

N = 5


def entry(layout: Layout, name: str) -> ParameterEntry:
    return next(one for one in layout.entries if one.name == name)


def test_a_choice_among_sectors_ignores_what_is_common_to_them() -> None:
    rng = np.random.default_rng(1)
    appeal, drift = rng.normal(size=(3, N, 1)), rng.normal(size=(4, N, 1))
    people, barrier = jnp.array([[900.0], [50.0], [7.0]]), jnp.array(rng.uniform(size=N))

    def shares(appeal: np.ndarray, drift: np.ndarray) -> np.ndarray:
        values = corridors.layout(3, N).constrain(jnp.zeros((corridors.layout(3, N).length, 1)))
        params, _ = parameters.records(values | {"appeal": jnp.array(appeal), "drift": jnp.array(drift)})
        weights = sectors.appeal_weights(params)
        return np.asarray(sectors.divide(people, weights, (jnp.array(1), jnp.array([0.3])), barrier, params))

    before = shares(appeal, drift)
    after = shares(appeal + rng.normal(size=(3, 1, 1)), drift + rng.normal(size=(4, 1, 1)))
    np.testing.assert_allclose(after, before, rtol=1e-12)
    assert np.abs(shares(appeal + rng.normal(size=(3, N, 1)), drift) / before - 1.0).max() > 0.1


@pytest.mark.parametrize("n", [2, N, 9])
def test_numbers_that_sum_to_zero_are_independent_normals_less_their_mean(n: int) -> None:
    turn = np.asarray(parameters.summing_to_zero(jnp.eye(n - 1)))  # (n, n - 1): draws stand for directions
    np.testing.assert_allclose(turn.sum(axis=0), 0.0, atol=1e-12)
    np.testing.assert_allclose(turn @ turn.T, np.eye(n) - 1.0 / n, atol=1e-12)
    np.testing.assert_allclose(turn.T @ turn, np.eye(n - 1), atol=1e-12)


def test_one_sector_alone_has_an_appeal_of_zero() -> None:
    np.testing.assert_array_equal(parameters.summing_to_zero(jnp.zeros((3, 0, 2))), np.zeros((3, 1, 2)))


def test_appeals_and_drifts_of_the_case_sum_to_zero_and_take_one_number_fewer() -> None:
    given = posteriors.given()
    values = given.constrain(jnp.array(np.random.default_rng(2).normal(size=(given.length, 3))))
    for name in ("appeal", "drift", "mix_drift"):
        one = entry(given, name)
        assert values[name].shape == (*one.shape, 3)
        np.testing.assert_allclose(values[name].sum(axis=1), 0.0, atol=1e-12)
        assert one.size == one.shape[0] * (one.shape[1] - 1)
    assert given.length == len(given.names()) == len(given.centre()) == len(given.fitted())
    labels = {dim: list(range(size)) for dim, size in given.sizes.items()}
    assert len(carried.of_layout(given, labels)) == given.length


def test_the_prior_of_differences_between_sectors_is_that_of_independent_normals() -> None:
    one = entry(posteriors.given(), "appeal")
    turn = np.asarray(parameters.summing_to_zero(jnp.eye(one.shape[1] - 1)))
    covariance = one.p2**2 * turn @ turn.T
    between = np.eye(one.shape[1])[1:] - np.eye(one.shape[1])[:1]
    np.testing.assert_allclose(between @ covariance @ between.T, one.p2**2 * between @ between.T, atol=1e-12)
