"""Nothing after the month from which a forecast starts can reach it: to the bit, whatever is forecast or supposed."""

from dataclasses import fields
from pathlib import Path

import jax
import jaxtyping
import numpy as np
import other_figures
import outlooks
import pytest

from palanca.core.clock import Month
from palanca.core.errors import UsageError
from palanca.evidence.backtest import rivals
from palanca.evidence.backtest import run as backtest
from palanca.infer import history
from palanca.infer.history import PreparedCase
from palanca.model import parameters
from palanca.model.outcomes import MonthlyOutcomes
from palanca.questions.forecast import project as ahead
from palanca.questions.forecast import suppositions
from palanca.questions.forecast.span import ForecastSpan
from palanca.spec.load import load

pytestmark = pytest.mark.slow
CASE = load("us-mexico")
STARTS = ["2016-06", "2019-02", "2020-05", "2022-11"]
SUPPOSED = ["react", "deals", "levers.routine_control.effort=2", "react+levers.routine_control.effort=2"]


@pytest.fixture(scope="module")
def setting() -> PreparedCase:
    return history.prepare(CASE)


@pytest.fixture(scope="module", params=STARTS)
def start(request: pytest.FixtureRequest) -> Month:
    return Month.parse(request.param)


@pytest.fixture(scope="module")
def elsewhere(start: Month, tmp_path_factory: pytest.TempPathFactory) -> PreparedCase:
    """The case with every figure after the start multiplied by noise."""
    return history.prepare(CASE, other_figures.noisy_after(start, tmp_path_factory.mktemp("noisy")))


def numbers(setting: PreparedCase) -> list[np.ndarray]:
    """Every number that the case is made ready with."""
    told, of = setting.evidence.numbers, setting.evidence
    return [np.asarray(leaf) for leaf in (*jax.tree.leaves(told), of.all_cells, of.repeat_mean[1])]


def test_months_up_to_one_do_not_depend_on_later_ones(
    setting: PreparedCase, elsewhere: PreparedCase, start: Month
) -> None:
    for one, other in zip(
        numbers(history.as_known(setting, start)), numbers(history.as_known(elsewhere, start)), strict=True
    ):
        np.testing.assert_array_equal(one, other)


def test_the_noise_is_there_to_be_seen(setting: PreparedCase, elsewhere: PreparedCase, start: Month) -> None:
    """Lined up with all of their figures the two differ, also in months before the start: those are the leaks."""
    known = CASE.span.span.position(start) + 1
    later = [np.asarray(one.inputs.figures.encounters)[known:] for one in (setting, elsewhere)]
    assert not np.array_equal(*later)
    before = [np.asarray(one.inputs.outside.jobs)[:known] for one in (setting, elsewhere)]
    assert not np.array_equal(*before)


def test_a_forecast_does_not_depend_on_later_figures(
    setting: PreparedCase, elsewhere: PreparedCase, start: Month
) -> None:
    fit = outlooks.Scattered(parameters.layout(CASE))
    ask = ForecastSpan(start, 6, draws=8)
    supposed = suppositions.gather(CASE, SUPPOSED)
    plain, noisy = (ahead.forecast(one, fit, ask, supposed) for one in (setting, elsewhere))
    assert set(plain.worlds) == {"persist", *SUPPOSED}
    for world, kept in plain.worlds.items():
        for field in fields(MonthlyOutcomes):
            np.testing.assert_array_equal(
                noisy.worlds[world][field.name], kept[field.name], err_msg=f"{world}: {field.name}"
            )
    np.testing.assert_array_equal(noisy.past, plain.past)
    assert not np.array_equal(noisy.seen, plain.seen)


@pytest.fixture
def one_set_of_parameters():
    """A backtest runs many arrivals at one set of parameters, whose axis of draws is then of length one."""
    jaxtyping.config.update("jaxtyping_disable", True)
    yield
    jaxtyping.config.update("jaxtyping_disable", False)


@pytest.mark.usefixtures("one_set_of_parameters")
def test_a_backtested_forecast_and_its_rivals_do_not_depend_on_later_figures(
    setting: PreparedCase, elsewhere: PreparedCase, start: Month
) -> None:
    mode = parameters.layout(CASE).centre()
    plain, noisy = (
        backtest.forecast_from(one, start, mode[:, None], backtest.HORIZONS, 1) for one in (setting, elsewhere)
    )
    shown = [name for name in plain if "given" not in name]
    assert set(shown) == set(backtest.SHOWN)
    for name in shown:
        np.testing.assert_array_equal(noisy[name], plain[name], err_msg=name)
    assert not np.array_equal(noisy["total given practice"], plain["total given practice"])
    before = [rivals.pasts(one) for one in (setting, elsewhere)]
    for kind in before[0]:
        np.testing.assert_array_equal(*(past[kind].until(start) for past in before), err_msg=kind)


def test_figures_cut_at_a_month_are_what_was_known_then(setting: PreparedCase, start: Month) -> None:
    cut = history.prepare(CASE, setting.figures.until(str(start)))
    for one, other in zip(numbers(cut), numbers(history.as_known(setting, start)), strict=True):
        np.testing.assert_array_equal(one, other)
    with pytest.raises(UsageError, match="the figures end before this month"):
        history.as_known(cut, start + 1)


def test_the_month_itself_does_reach_the_forecast(setting: PreparedCase, start: Month, tmp_path: Path) -> None:
    other = history.prepare(CASE, other_figures.noisy_after(start + -1, tmp_path))
    one, two = (history.as_known(of, start).inputs.figures for of in (setting, other))
    assert not np.array_equal(one.encounters, two.encounters)
    assert not np.array_equal(one.gates.home, two.gates.home)
