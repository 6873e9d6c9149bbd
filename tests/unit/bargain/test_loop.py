"""The loop comes to rest where its closed form says, and without feedback it is the static deal every month."""

from __future__ import annotations

import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from palanca.bargain.erosion import Erosion, gain, next_erosion, path, rest
from palanca.bargain.loop import Links, once_round, resting_point, run
from palanca.bargain.loop import rest as settle
from palanca.bargain.selfenforcing import self_enforcing
from palanca.core.errors import BargainError

SLOW = Erosion(repair=0.2, drift=0.1, harm=0.3, silence=0.5, leverage=0.4, outflow=1.0, push=1.5)
USUAL = 100.0


def links(heed: float = 0.5, keen: float = 6.0, floor: float = 0.1, kept: float = 0.9) -> Links:
    """Attention follows arrivals over the usual, asks come with attention, deals are self-enforcing."""
    return Links(
        attend=lambda attention, arrivals: attention + 0.3 * (1.0 + heed * (arrivals / USUAL - 1.0) - attention),
        ask=lambda attention: floor + (1.0 - floor) / (1.0 + jnp.exp(-keen * (attention - 1.0))),
        agree=lambda attention: self_enforcing(jnp.maximum(attention, 0.0), 0.8, 0.7).effort,
        arrive=lambda effort, people: people * (0.2 + 0.8 * jnp.exp(-0.6 * effort)),
        kept=kept,
    )


def test_the_slow_loop_rests_at_its_closed_form() -> None:
    assert float(rest(SLOW)) == pytest.approx(16.0 / 11.0, abs=4e-16)
    assert float(rest(SLOW)) == pytest.approx(1.454545, abs=1e-6)
    assert float(next_erosion(rest(SLOW), SLOW)) == pytest.approx(float(rest(SLOW)), abs=1e-15)
    assert float(path(0.0, SLOW, 400)[-1]) == pytest.approx(16.0 / 11.0, abs=1e-12)
    assert float(gain(SLOW)) == pytest.approx(0.09 / 0.2, abs=1e-15)


def test_above_a_gain_of_one_erosion_feeds_on_itself() -> None:
    tipped = Erosion(repair=0.05, drift=0.1, harm=0.3, silence=0.5, leverage=0.4, outflow=1.0, push=1.5)
    assert float(gain(tipped)) > 1.0
    assert np.isinf(float(rest(tipped)))
    walked = np.asarray(path(0.0, tipped, 300))
    assert np.all(np.diff(np.diff(walked)) > 0.0)


def test_a_derivative_round_the_loop_gives_the_gain_of_the_closed_form() -> None:
    """The slow loop cut at erosion: fed a lasting B, it settles on (a + b k l (f0 + f1 B)) / dB."""
    found = settle(lambda b: (0.1 + 0.3 * 0.5 * 0.4 * (1.0 + 1.5 * b)) / 0.2, jnp.zeros(()))
    assert float(found.value) == pytest.approx(float(rest(SLOW)), abs=1e-14)
    assert float(found.gain) == pytest.approx(float(gain(SLOW)), abs=1e-15)
    assert bool(found.settled)


@given(repair=st.floats(0.05, 0.9), harm=st.floats(0.0, 1.0), push=st.floats(0.0, 1.0), more=st.floats(0.01, 0.5))
@settings(max_examples=50, deadline=None)
def test_silence_that_harms_more_leaves_more_erosion_and_more_gain(repair, harm, push, more) -> None:
    def loop(harm: float) -> Erosion:
        return Erosion(repair, 0.1, harm, 0.5, 0.4, 1.0, push)

    assume(gain(loop(harm + more)) < 0.99)
    assert rest(loop(harm + more)) > rest(loop(harm))
    assert gain(loop(harm + more)) >= gain(loop(harm))


def test_without_feedback_every_month_is_the_static_deal() -> None:
    """Attention deaf to arrivals and an ask every month: the repeated static solve, to the bit."""
    deaf = links(heed=0.0, floor=1.0)
    pressing = 100.0 + 50.0 * np.sin(np.arange(24.0))
    seen = run(deaf, pressing, 1.0, float(self_enforcing(1.0, 0.8, 0.7).effort))
    static = float(self_enforcing(1.0, 0.8, 0.7).effort)
    assert np.all(np.asarray(seen.effort) == static)
    assert np.asarray(seen.arrivals) == pytest.approx(pressing * (0.2 + 0.8 * np.exp(-0.6 * static)), rel=1e-14)
    assert float(resting_point(deaf, 100.0).gain) == 0.0


def test_the_loop_settles_where_its_resting_point_says_and_dampens() -> None:
    point = resting_point(links(), 150.0)
    assert bool(point.settled)
    assert float(once_round(links(), point.value, jnp.asarray(150.0))) == pytest.approx(float(point.value), rel=1e-12)
    seen = run(links(), np.full(2000, 150.0), 1.0, 0.0)
    assert float(seen.arrivals[-1]) == pytest.approx(float(point.value), rel=1e-6)
    assert -1.0 < float(point.gain) < 0.0


def test_the_gain_is_what_a_lasting_rise_brings_back() -> None:
    point = resting_point(links(), 150.0)
    step = 1e-4
    up, down = (float(once_round(links(), point.value + s, jnp.asarray(150.0))) for s in (step, -step))
    assert float(point.gain) == pytest.approx((up - down) / (2.0 * step), rel=1e-6)
    more = float(resting_point(links(), 150.0 + step).value - resting_point(links(), 150.0 - step).value) / (2.0 * step)
    open_loop = float(point.value) / 150.0
    assert more == pytest.approx(open_loop / (1.0 - float(point.gain)), rel=1e-5)


@given(heed=st.floats(0.05, 0.8), more=st.floats(0.05, 0.3))
@settings(max_examples=6, deadline=None)
def test_a_public_that_heeds_more_dampens_more_and_lets_fewer_come(heed, more) -> None:
    calm, alert = resting_point(links(heed, 0.0), 180.0), resting_point(links(heed + more, 0.0), 180.0)
    assert alert.value < calm.value
    assert alert.gain < calm.gain < 0.0


def test_a_surge_raises_the_ask_then_effort_and_both_fade_after_it() -> None:
    pressing = np.full(120, 150.0)
    pressing[40:43] = 600.0
    seen = run(links(), pressing, 1.0, 0.0)
    asked, effort = np.asarray(seen.asked), np.asarray(seen.effort)
    assert asked[42] > 1.3 * asked[39]
    assert effort[43] > effort[39] + 0.05
    assert seen.arrivals[46] < seen.arrivals[39]
    assert effort[-1] == pytest.approx(effort[39], rel=1e-3)


def test_effort_that_nobody_asks_for_again_fades_by_its_kept_share() -> None:
    silent = links(floor=0.0, keen=0.0)
    silent = Links(silent.attend, lambda attention: 0.0 * attention, silent.agree, silent.arrive, 0.9)
    effort = np.asarray(run(silent, np.full(10, 100.0), 1.0, 1.0).effort)
    assert effort == pytest.approx(0.9 ** np.arange(1, 11), rel=1e-14)


def test_draws_run_side_by_side_untouched() -> None:
    pressing = np.full((30, 2), 150.0) * np.array([1.0, 2.0])
    both = run(links(), pressing, 1.0, 0.0)
    one = run(links(), pressing[:, 1], 1.0, 0.0)
    assert np.asarray(both.arrivals)[:, 1] == pytest.approx(np.asarray(one.arrivals), rel=1e-14)
    assert resting_point(links(), jnp.array([150.0, 300.0])).value.shape == (2,)


def test_a_map_without_rest_is_reported_and_not_passed_off_as_an_answer() -> None:
    found = settle(lambda x: x + 1.0, jnp.zeros(()))
    assert not bool(found.settled)
    assert float(found.miss) == 1.0


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        (lambda: run(links(kept=1.2), np.ones(3), 1.0, 0.0), "share of effort that lasts"),
        (lambda: run(links(), -np.ones(3), 1.0, 0.0), "people pressing on"),
        (lambda: run(links(), np.ones(3), -1.0, 0.0), "attention"),
        (lambda: resting_point(links(), 0.0), "people pressing on"),
        (lambda: gain(Erosion(0.0, 0.1, 0.3, 0.5, 0.4, 1.0, 1.5)), "repair"),
        (lambda: rest(Erosion(0.2, 0.1, -0.3, 0.5, 0.4, 1.0, 1.5)), "harm of silence"),
        (lambda: path(0.0, SLOW, 0), "months"),
    ],
)
def test_numbers_out_of_range_are_refused_by_name(wrong, named) -> None:
    with pytest.raises(BargainError, match=named):
        wrong()
