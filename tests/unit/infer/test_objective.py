"""Density of what replay solves: solved from figures by a change of variable, it is still a density of the figures."""

from types import SimpleNamespace

import jax
import jax.numpy as jnp
import numpy as np

from palanca.flows import solve
from palanca.infer import objective

VALUES = {
    "effort_routine": jnp.array([0.8]),
    "effort_early": jnp.array([0.7]),
    "delivery_persistence": jnp.array([0.6]),
    "delivery_sd": jnp.array([0.4]),
}
BEFORE = 1.1  # effort of the first of two months


def toy(draws: int) -> solve.Puzzle:
    """One origin of three groups, as many draws as figures are tried."""
    cells = jnp.ones((1, 3, draws))

    def by_group(*numbers: float) -> jax.Array:
        return jnp.array(numbers)[None, :, None] * cells

    return solve.Puzzle(
        approach=by_group(800.0, 300.0, 100.0),
        again=by_group(200.0, 100.0, 50.0),
        sure=by_group(50.0, 20.0, 10.0),
        weight=by_group(1.0, 0.8, 0.5),
        yield_new=by_group(0.9, 0.8, 0.7),
        on_hold=100.0 * cells[:, 0],
        usual=cells[:, 0],
        seen=jnp.array([[1000.0]]),
    )


def solved(log_stops: np.ndarray) -> solve.Solved:
    """What replay makes of figures of stops, given as the log of one more than them."""
    draws = len(log_stops)
    some = jnp.full(draws, 0.5)
    return solve.solve(toy(draws), jnp.expm1(jnp.array(log_stops)), jnp.array(1.0), some, some)


def delivery(effort: jax.Array, slope: jax.Array, scored: tuple[float, float]) -> jax.Array:
    """Log density of the efforts of two months, the first known."""
    inputs = SimpleNamespace(figures=SimpleNamespace(stops_source=jnp.ones(2)))
    shocks = SimpleNamespace(
        effort=jnp.stack([jnp.array(BEFORE), effort])[:, None], effort_slope=jnp.stack([jnp.array(1.0), slope])[:, None]
    )
    return objective._delivery(inputs, shocks, VALUES, jnp.array(scored))


def test_the_slope_of_the_effort_is_how_much_quicker_stops_rise_with_it_while_encounters_stay() -> None:
    at, step = np.linspace(2.0, 9.0, 15), 1e-4
    here, up, down = solved(at), solved(at + step), solved(at - step)
    rise = np.log(np.asarray(up.effort) / np.asarray(down.effort)) / (2.0 * step)
    np.testing.assert_allclose(np.asarray(here.effort_slope) * rise, 1.0, rtol=1e-5)


def test_with_one_cell_of_newcomers_the_slope_is_in_closed_form() -> None:
    one = jnp.ones((1, 1, 1))
    weight, effort = 0.7, np.array([0.3])
    found = solve.solve(
        solve.Puzzle(500.0 * one, 0.0 * one, 0.0 * one, weight * one, one, 0.0 * one[0], one[0], jnp.array([[4e5]])),
        jnp.array(4e5 * np.expm1(effort * weight)),  # 4e5 got through; so many more were stopped
        jnp.array(1.0), jnp.array([0.5]), jnp.array([0.5]),
    )  # fmt: skip
    np.testing.assert_allclose(found.effort, effort, rtol=1e-9)
    hazard = effort * weight
    np.testing.assert_allclose(found.effort_slope, hazard / -np.expm1(-hazard), rtol=1e-4)


def test_over_all_figures_of_stops_that_there_could_be_the_density_of_delivery_sums_to_one() -> None:
    log_stops = np.linspace(0.01, 11.0, 4000)
    found = solved(log_stops)
    both = jax.vmap(lambda effort, slope: delivery(effort, slope, (1.0, 1.0)))
    first = float(delivery(jnp.array(1.0), jnp.array(1.0), (1.0, 0.0)))
    mass = np.exp(np.asarray(both(found.effort, found.effort_slope)) - first)
    assert abs(np.trapezoid(mass, log_stops) - 1.0) < 1e-3
    left_out = np.exp(np.asarray(both(found.effort, jnp.ones_like(found.effort_slope))) - first)
    assert abs(np.trapezoid(left_out, log_stops) - 1.0) > 0.2  # without the change of variable it is no density


def test_an_origins_shares_of_sectors_are_those_of_its_appeals_between_two_new_years() -> None:
    values = {
        "appeal": jnp.log(jnp.array([[1.0, 3.0], [2.0, 2.0]]))[..., None],
        "drift": jnp.log(jnp.array([[1.0, 1.0], [1.0, 16.0]]))[..., None],
    }
    shares = objective.shares_of(values, np.array([0.0, 0.25]))
    np.testing.assert_allclose(shares[0], [[0.25, 0.75], [0.5, 0.5]], rtol=1e-12)
    np.testing.assert_allclose(shares[1], [[1.0 / 7.0, 6.0 / 7.0], [1.0 / 3.0, 2.0 / 3.0]], rtol=1e-12)


def test_shares_of_sectors_scatter_in_log_odds_and_count_only_when_every_month_of_the_year_does() -> None:
    values = {"appeal": jnp.zeros((1, 2, 1)), "drift": jnp.zeros((3, 2, 1)), "spread_shares": jnp.array([0.5])}
    given = np.array([[[0.8, 0.2]], [[np.nan, np.nan]]])
    months = np.array([[1.0, 1.0, 0.0, 0.0], [0.0, 0.0, 1.0, 1.0]])
    evidence = SimpleNamespace(shares=(given, np.array([0.5, 1.5]), months))
    gap = np.log(0.8 / 0.2) / 0.5
    one = -0.5 * gap**2 - np.log(0.5 * np.sqrt(2.0 * np.pi))
    np.testing.assert_allclose(objective._shares(evidence, values, jnp.ones(4)), 2.0 * one, rtol=1e-9)
    assert float(objective._shares(evidence, values, jnp.array([1.0, 0.0, 1.0, 1.0]))) == 0.0
