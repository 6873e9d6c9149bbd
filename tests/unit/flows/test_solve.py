"""The search that replay makes each month: it finds its root, says when there is none, and has the right slopes."""

from __future__ import annotations

from dataclasses import replace

import hypothesis.strategies as st
import jax
import jax.numpy as jnp
import numpy as np
from hypothesis import given, settings

from palanca.flows import solve
from palanca.flows.solve import Puzzle

ORIGINS, GROUPS, DRAWS = 4, 3, 5
KNOWN = jnp.array(1.0)
DECLARED = jnp.full(DRAWS, 0.25)

solving = jax.jit(solve.solve)


def puzzle(seed: int, size: float = 1000.0) -> Puzzle:
    """People, exposures and figures of very different sizes; the first origin is the transit country's own."""
    rng = np.random.default_rng(seed)
    cell = (ORIGINS, GROUPS, DRAWS)
    foreign = (np.arange(ORIGINS) > 0)[:, None, None]
    return Puzzle(
        approach=jnp.array(size * np.exp(rng.normal(0.0, 1.5, cell))),
        again=jnp.array(0.3 * size * np.exp(rng.normal(0.0, 1.0, cell)) * foreign),
        sure=jnp.array(0.05 * size * rng.uniform(0.0, 1.0, cell) * foreign),
        weight=jnp.array(np.exp(rng.normal(0.0, 0.4, cell)) * foreign),
        yield_new=jnp.array(rng.uniform(0.2, 1.2, cell)),
        on_hold=jnp.array(0.2 * size * rng.uniform(0.0, 2.0, (ORIGINS, DRAWS))),
        usual=jnp.array(np.exp(rng.normal(0.0, 0.5, (ORIGINS, DRAWS)))),
        seen=jnp.array(size * np.exp(rng.normal(0.0, 1.5, (ORIGINS, 1)))),
    )


def stopped(month: Puzzle, answer: solve.Solved) -> np.ndarray:
    """Stops worked out afresh from an answer, (draw)."""
    alive = month.approach * answer.factor[:, None] + month.again * answer.pace[:, None]
    hazard = answer.effort * month.weight
    over_and_over = month.sure * jnp.expm1(hazard)  # stopped a geometric number of times before they pass
    return np.asarray((alive * -jnp.expm1(-hazard) + over_and_over).sum(axis=(0, 1)))


def encountered(month: Puzzle, answer: solve.Solved) -> np.ndarray:
    """Encounters worked out afresh from an answer, (origin, draw)."""
    alive = month.approach * answer.factor[:, None] + month.again * answer.pace[:, None]
    passing = jnp.exp(-answer.effort * month.weight) * month.yield_new
    return np.asarray((alive * passing).sum(axis=1) + month.on_hold * answer.pace)


def ask(month: Puzzle, stops: float, start: float = 0.3) -> solve.Solved:
    return solving(month, jnp.array(stops), KNOWN, DECLARED, jnp.full(DRAWS, start))


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.integers(0, 1000), st.sampled_from([1.0, 30.0, 1e5]), st.floats(0.01, 4.0), st.sampled_from([1e-4, 0.3, 7.0]))
def test_it_finds_the_effort_and_the_surprises_from_any_start(
    seed: int, size: float, effort: float, start: float
) -> None:
    """Stops of a known effort lead back to it, with every origin's encounters met."""
    month = puzzle(seed, size)
    truth = solving(month, jnp.array(0.0), jnp.array(0.0), jnp.full(DRAWS, effort), jnp.full(DRAWS, effort))
    goal = stopped(month, truth)
    for draw in range(DRAWS):
        found = ask(month, float(goal[draw]), start)
        np.testing.assert_allclose(found.effort[draw], effort, rtol=1e-8)
        np.testing.assert_allclose(stopped(month, found)[draw], goal[draw], rtol=1e-6)
        np.testing.assert_allclose(encountered(month, found)[:, draw], month.seen[:, 0], rtol=1e-6)
        assert not np.any(found.at_bound[:, draw])


def test_a_figure_out_of_reach_ends_at_the_end_of_the_range() -> None:
    """Nobody can be stopped who is not exposed; and more than everyone cannot be stopped."""
    month = puzzle(1)
    nobody = replace(month, weight=jnp.zeros_like(month.weight))
    assert np.all(np.asarray(ask(nobody, 500.0).effort) == solve.MOST_EFFORT)
    assert np.all(np.asarray(ask(month, 1e60).effort) == solve.MOST_EFFORT)
    np.testing.assert_allclose(ask(month, 0.0).effort, solve.LEAST_EFFORT, rtol=1e-6)


def test_months_without_figures_take_the_effort_as_declared() -> None:
    answer = solving(puzzle(2), jnp.array(9e9), jnp.array(0.0), DECLARED, jnp.full(DRAWS, 3.0))
    assert np.all(np.asarray(answer.effort) == 0.25)


def test_an_answer_does_not_depend_on_the_draws_beside_it() -> None:
    month = puzzle(3)
    together = ask(month, 700.0)
    hard = replace(month, weight=month.weight.at[:, :, 1].multiply(1e-3))
    beside = ask(hard, 700.0)
    keep = np.array([0, 2, 3, 4])
    assert np.array_equal(np.asarray(together.effort)[keep], np.asarray(beside.effort)[keep])


INGREDIENTS = ("approach", "again", "sure", "weight", "yield_new", "on_hold", "usual")


def handed_over(steps: jax.Array, month: Puzzle) -> jax.Array:
    """What replay hands to the fit, summed, after steps on the log of each ingredient."""
    moved = {name: getattr(month, name) * jnp.exp(step) for name, step in zip(INGREDIENTS, steps, strict=True)}
    answer = solving(replace(month, **moved), jnp.array(800.0), KNOWN, DECLARED, DECLARED)
    return jnp.sum(jnp.log(answer.effort)) + jnp.sum(jnp.log(answer.factor)) + jnp.sum(answer.slope)


def test_slopes_through_the_root_are_those_of_finite_differences() -> None:
    """First and second derivatives, in the log of each ingredient."""
    zero, h = jnp.zeros(len(INGREDIENTS)), 1e-4
    value, slope, bend = (jax.jit(f(handed_over)) for f in (lambda f: f, jax.grad, jax.hessian))
    for seed in (4, 5):
        month = puzzle(seed)
        slopes, bends = slope(zero, month), bend(zero, month)
        for k, name in enumerate(INGREDIENTS):
            step = zero.at[k].set(h)
            up, middle, down = (float(value(at, month)) for at in (step, zero, -step))
            np.testing.assert_allclose(slopes[k], (up - down) / (2 * h), rtol=1e-5, atol=1e-6, err_msg=name)
            curve = (up - 2 * middle + down) / h**2
            np.testing.assert_allclose(bends[k, k], curve, rtol=1e-3, atol=1e-3, err_msg=name)


def test_slopes_in_the_stops_are_those_of_finite_differences() -> None:
    month = puzzle(6)

    def of(stops: jax.Array) -> jax.Array:
        answer = solving(month, stops, KNOWN, DECLARED, DECLARED)
        return jnp.sum(answer.effort)

    h = 1e-2
    slope = jax.grad(of)(jnp.array(800.0))
    np.testing.assert_allclose(slope, (of(jnp.array(800.0 + h)) - of(jnp.array(800.0 - h))) / (2 * h), rtol=1e-6)
    assert slope > 0.0
