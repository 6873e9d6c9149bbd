"""Laws of the twin world on the real corridor, with the shipped fit."""

from dataclasses import replace

import jax.numpy as jnp
import numpy as np
import pytest
import xarray as xr

from palanca.core.clock import Month
from palanca.infer import history, store
from palanca.infer.history import History, PreparedCase
from palanca.spec import edit
from palanca.spec.load import load

pytestmark = pytest.mark.slow
DRAWS = 6


@pytest.fixture(scope="module")
def setting() -> PreparedCase:
    return history.prepare(load("us-mexico"))


def run(setting: PreparedCase, *sets: tuple[str, str], draws: int = DRAWS, key: int = 1) -> History:
    fit, _ = store.read(store.where(setting.case), setting.case)
    changes = [edit.parse_set(text, Month.parse(first)) for text, first in sets]
    return history.run(setting, fit, draws=draws, key=key, changes=changes)


@pytest.fixture(scope="module")
def no_contention(setting: PreparedCase) -> History:
    return run(setting, ("levers.contention.effort=0", "2024-01"))


def total(result: xr.Dataset, name: str, month: str) -> np.ndarray:
    part = result[name].sel(month=f"{month}-01")
    return np.asarray(part.sum([d for d in part.dims if d not in ("draw", "origin")]).values)


def test_nothing_before_the_change_moves_to_the_bit(no_contention: History) -> None:
    result = no_contention.result
    before = slice(None, "2023-12")
    for name in [str(n) for n in result.data_vars if str(n).startswith("twin_")]:
        base = result[name.removeprefix("twin_")]
        assert np.array_equal(result[name].sel(month=before), base.sel(month=before)), name


def test_history_gives_the_figures(no_contention: History) -> None:
    shown = no_contention.result.encounters.sum("group")
    gap = abs(shown / no_contention.observed - 1.0)
    assert float(gap.max()) < 1e-6


def test_accounts_balance_in_every_month_draw_and_world(no_contention: History) -> None:
    assert float(no_contention.result.imbalance.max()) < 1e-9
    assert float(no_contention.result.twin_imbalance.max()) < 1e-9


def test_without_contention_more_foreigners_arrive_and_mexicans_do_not_move_at_once(no_contention: History) -> None:
    result, month = no_contention.result, "2024-01"
    change = total(result, "twin_encounters", month) - total(result, "encounters", month)
    origins = list(result.origin.values)
    mexico = origins.index("MEX")
    assert np.array_equal(change[mexico], np.zeros(DRAWS))
    others = [i for i in range(len(origins)) if i != mexico]
    assert (change[others] > 0.0).all()
    stops = total(result, "twin_stops", month) - total(result, "stops", month)
    assert (stops.sum(axis=0) < 0.0).all()


def test_with_shared_ceilings_off_those_not_covered_never_move(setting: PreparedCase) -> None:
    fit, _ = store.read(store.where(setting.case), setting.case)
    free = np.repeat(fit.mean[:, None], 2, axis=1)
    for crowding in (e for e in fit.layout.entries if e.name in ("crowding_detained", "death_crowding")):
        free[crowding.start] = -60.0  # its logarithm: the effect is gone
    alone = replace(fit, free=free, chain=np.zeros(2, dtype=int))
    changes = [edit.parse_set("levers.contention.effort=0", Month.parse("2024-01"))]
    found = history.run(setting, alone, draws=2, key=1, changes=changes).result
    for name in ("encounters", "set_out", "let_in", "ports"):
        base, twin = found[name].sel(origin="MEX"), found["twin_" + name].sel(origin="MEX")
        assert np.allclose(twin, base, rtol=1e-13, atol=0.0), name


def test_same_key_same_bits_and_more_draws_change_none(setting: PreparedCase, no_contention: History) -> None:
    more = run(setting, ("levers.contention.effort=0", "2024-01"), draws=DRAWS + 3)
    for name in ("encounters", "twin_encounters", "factor", "effort"):
        assert np.array_equal(more.result[name][..., :DRAWS], no_contention.result[name]), name
    other = run(setting, ("levers.contention.effort=0", "2024-01"), key=2)
    assert not np.array_equal(other.result.effort, no_contention.result.effort)


def test_without_the_funding_stop_more_people_are_removed_and_arrivals_hardly_move(setting: PreparedCase) -> None:
    """Stops went on in December 2023 while removals stopped, so the model can see the stop in removals alone."""
    result = run(setting, ("levers.funding_stop.strength=0", "2023-12")).result
    removed = (result.twin_returns - result.returns).sel(month="2023-12-01").sum("origin")
    assert (removed > 1000.0).all()
    base = result.encounters.sel(month="2024-01-01").sum(["origin", "group"])
    twin = result.twin_encounters.sel(month="2024-01-01").sum(["origin", "group"])
    assert (twin != base).all()
    assert (abs(twin / base - 1.0) < 0.02).all()


def test_a_parameter_changed_moves_the_twin_from_the_first_month(setting: PreparedCase) -> None:
    fit, _ = store.read(store.where(setting.case), setting.case)
    changes = [edit.parse_set("parameters.evade=0.5")]
    result = history.run(setting, fit, draws=2, key=1, changes=changes).result
    assert (result.twin_evaded.sum("origin") > result.evaded.sum("origin")).all()


def test_coverage_and_error_are_those_of_the_bands(no_contention: History) -> None:
    for series in no_contention.agreement:
        low, middle, high = series.bands
        assert (low <= middle).all()
        assert (middle <= high).all()
        inside = [
            lo <= c <= hi
            for lo, c, hi, s in zip(low.flat, series.counts.flat, high.flat, series.seen.flat, strict=True)
            if s
        ]
        assert series.coverage == pytest.approx(np.mean(inside))
        assert 0.0 < series.error < 3.0


@pytest.mark.long
def test_the_log_density_has_the_slope_that_finite_differences_give(setting: PreparedCase) -> None:
    import jax

    from palanca.infer.objective import log_density

    fit, _ = store.read(store.where(setting.case), setting.case)
    compiled = jax.jit(jax.value_and_grad(log_density(setting.evidence)))
    months = jnp.asarray(setting.evidence.every_month)
    away = fit.mean + 0.3 * fit.layout.spread()  # near the maximum every slope is lost in rounding

    def density(free: np.ndarray) -> tuple[float, np.ndarray]:
        value, slope = compiled(jnp.asarray(free), months)
        return float(value), np.asarray(slope)

    _, slope = density(away)
    names = fit.layout.names()
    for name in ("hope_set", "effort_routine", "stop_exposure[4]", "retry[0,0]", "belief_speed", "shock_persistence"):
        i = names.index(name)
        step = np.zeros_like(away)
        step[i] = 1e-4
        up, down = (density(away + way)[0] for way in (step, -step))
        assert abs(float(slope[i])) > 0.5, name
        assert (up - down) / 2e-4 == pytest.approx(float(slope[i]), rel=2e-3), name
