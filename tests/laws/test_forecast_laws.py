"""Laws of the months ahead on the real corridor: what is known stays known, what is kept stays kept, nobody is lost."""

from dataclasses import dataclass, fields, replace

import jax
import jax.numpy as jnp
import numpy as np
import outlooks
import pytest

from palanca.core.clock import Month
from palanca.infer import history
from palanca.infer.history import PreparedCase
from palanca.model import parameters
from palanca.model.outcomes import MonthlyOutcomes
from palanca.questions.forecast import horizon, worlds
from palanca.questions.forecast import project as ahead
from palanca.questions.forecast import reaction_rule as habits
from palanca.questions.forecast.project import Forecast
from palanca.questions.forecast.span import ForecastSpan
from palanca.questions.forecast.suppositions import PERSIST, Supposition
from palanca.questions.forecast.worlds import DrawnSurprises, Known, MonthsAhead
from palanca.spec.edit import Change
from palanca.spec.load import load

pytestmark = pytest.mark.slow
ASK = ForecastSpan(Month.parse("2022-06"), 12, draws=24)
NAMES = [field.name for field in fields(MonthlyOutcomes)]
BALANCE = 1e-9


@pytest.fixture(scope="module")
def setting() -> PreparedCase:
    return history.prepare(load("us-mexico"))


@pytest.fixture(scope="module")
def fit(setting: PreparedCase) -> outlooks.Scattered:
    return outlooks.Scattered(parameters.layout(setting.case))


@pytest.fixture(scope="module")
def found(setting: PreparedCase, fit: outlooks.Scattered) -> Forecast:
    return ahead.forecast(setting, fit, ASK)


@dataclass(frozen=True)
class Parts:
    """A forecast taken apart."""

    at: Known
    path: MonthsAhead
    arrivals: np.ndarray
    drawn: DrawnSurprises
    seen: MonthlyOutcomes
    values: dict[str, jax.Array]


@pytest.fixture(scope="module")
def parts(setting: PreparedCase, fit: outlooks.Scattered) -> Parts:
    """Sixty-four draws, so that what was compiled for a forecast serves here too."""
    ask = replace(ASK, draws=ahead.CHUNK)
    last = ask.check(setting.case)
    values = outlooks.parameters(fit, ask.key, range(ask.draws))
    learned, _ = ahead.learned(setting, fit.layout, fit.layout.centre(), last)
    arrivals = ahead.arrivals_now(setting, ask)
    moved = ahead.moves(learned, (ask.months, ask.draws), ask.key)
    path = horizon.persisting(setting.inputs, last, ask.months)
    at, drawn, seen = worlds.expected(setting.inputs, path, jnp.asarray(arrivals), moved, values, jnp.asarray(last))
    return Parts(at, path, arrivals, drawn, seen, values)


def same(one: ahead.Kept, other: ahead.Kept, draws: int) -> None:
    for name in NAMES:
        assert np.array_equal(one[name][..., :draws], other[name][..., :draws]), name


def test_everyone_who_sets_out_in_the_months_ahead_is_somewhere(found: Forecast) -> None:
    assert found.worlds[PERSIST]["imbalance"].max() < BALANCE


def test_parts_of_a_forecast_add_up(found: Forecast) -> None:
    kept = found.worlds[PERSIST]
    total = kept["encounters"].sum(axis=(1, 2))
    np.testing.assert_allclose(kept["sectors"].sum(axis=1), total, rtol=BALANCE)
    np.testing.assert_allclose(kept["follow"].sum(axis=1), total, rtol=BALANCE)
    np.testing.assert_allclose(kept["stocks"].sum(axis=1), kept["held"].sum(axis=1), rtol=BALANCE)


def test_the_same_key_gives_the_same_bits_and_another_does_not(
    setting: PreparedCase, fit: outlooks.Scattered, found: Forecast
) -> None:
    same(found.worlds[PERSIST], ahead.forecast(setting, fit, ASK).worlds[PERSIST], ASK.draws)
    other = ahead.forecast(setting, fit, replace(ASK, key=2))
    assert not np.array_equal(other.worlds[PERSIST]["held"], found.worlds[PERSIST]["held"])


@pytest.mark.parametrize("draws", [10, ahead.CHUNK + 6])
def test_a_draw_does_not_depend_on_how_many_there_are(
    setting: PreparedCase, fit: outlooks.Scattered, found: Forecast, draws: int
) -> None:
    """Fewer, and more than fit into one chunk; ten and seventy are even, as paths come in mirrored pairs."""
    other = ahead.forecast(setting, fit, replace(ASK, draws=draws))
    same(found.worlds[PERSIST], other.worlds[PERSIST], min(draws, ASK.draws))


def test_figures_of_the_last_known_month_do_matter(parts: Parts, setting: PreparedCase) -> None:
    """Twice the stops then, and more people are held back in the south from the first month on."""
    last = ASK.check(setting.case)
    figures = replace(setting.inputs.figures, stops=setting.inputs.figures.stops.at[last].multiply(2.0))
    other = replace(setting.inputs, figures=figures)
    learned, _ = ahead.learned(setting, parameters.layout(setting.case), parameters.layout(setting.case).centre(), last)
    moved = ahead.moves(learned, (ASK.months, ahead.CHUNK), ASK.key)
    given = (parts.path, jnp.asarray(parts.arrivals), moved, parts.values, jnp.asarray(last))
    assert np.all(worlds.expected(other, *given)[2].stocks[0, 0] > parts.seen.stocks[0, 0])


def test_expected_encounters_are_the_drawn_arrivals_wherever_these_can_be_reached(parts: Parts) -> None:
    """Replay is exact; it misses only where the factor on newcomers ran into an end of its range."""
    factor = np.asarray(parts.drawn.surprise.factor)
    free = (factor > 1.01e-9) & (factor < 0.99e9)
    crossed = np.asarray(parts.seen.encounters).sum(axis=2)
    np.testing.assert_allclose(crossed[free], parts.arrivals[free], rtol=1e-9)
    missed = 1.0 - free.mean()
    assert missed < 0.01, f"{missed:.2%} of origins, months and draws are out of reach"
    most = np.abs(crossed.sum(axis=1) / parts.arrivals.sum(axis=1) - 1.0).max()
    assert most < 0.05, f"the total is missed by {most:.1%} at worst"


def test_the_same_path_without_reaction_gives_what_was_expected(setting: PreparedCase, parts: Parts) -> None:
    again = worlds.altered(setting.inputs, parts.at, parts.path, parts.drawn, habits.none(), parts.values)
    for name in NAMES:
        if name != "imbalance":  # what is left over by rounding need not be the same
            one, other = np.asarray(getattr(parts.seen, name)), np.asarray(getattr(again, name))
            np.testing.assert_allclose(other, one, rtol=1e-12, atol=1e-9, err_msg=name)


def test_a_changed_lever_moves_nothing_before_its_month_and_something_after(
    setting: PreparedCase, fit: outlooks.Scattered
) -> None:
    change = Change("levers.routine_control.effort", 0.2, ASK.last + 5)
    other = ahead.forecast(setting, fit, ASK, [Supposition("weak", "control is weak", changes=(change,))])
    plain, changed = other.worlds[PERSIST], other.worlds["weak"]
    for name in NAMES:
        if name != "imbalance":
            one, two = plain[name], changed[name]
            np.testing.assert_allclose(two[:4], one[:4], rtol=1e-12, atol=1e-9, err_msg=name)
    stops = [kept["stops"].sum(axis=1) for kept in (plain, changed)]
    assert np.all(stops[1][4] < stops[0][4])
    assert changed["imbalance"].max() < BALANCE


def test_no_words_go_on_being_spoken(parts: Parts) -> None:
    assert np.all(np.asarray(parts.path.levers.news) == 0.0)


def test_a_forecast_from_the_last_month_has_nothing_to_compare_with(
    setting: PreparedCase, fit: outlooks.Scattered
) -> None:
    end = ahead.forecast(setting, fit, replace(ASK, last=setting.case.span.last))
    assert np.isnan(end.seen).all()
    assert end.months[0] == setting.case.span.last + 1
    assert list(end.worlds) == [PERSIST]
