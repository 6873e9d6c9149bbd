"""Attention rises above the usual, fades, and comes back to the usual whatever level of arrivals lasts."""

from __future__ import annotations

import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from palanca.politics.attention import Heeding, Mind, path, settled, share_from_half_life, step

PLAIN = Heeding(rise=0.2, fade=0.3, adapt=0.05)
JUMP = jnp.full(400, 100.0 * np.e)


def logs(arrivals, heeding: Heeding) -> np.ndarray:
    return np.log(np.asarray(path(settled(100.0), arrivals, heeding)))


def test_one_month_by_pencil() -> None:
    after = step(Mind(jnp.asarray(1.0), jnp.asarray(2.0)), np.exp(4.0), Heeding(rise=0.1, fade=0.25, adapt=0.5))
    assert float(after.log_attention) == pytest.approx(0.75 * 1.0 + 0.1 * 2.0, abs=1e-15)
    assert float(after.log_usual) == pytest.approx(3.0, abs=1e-15)


def test_usual_arrivals_leave_attention_at_one() -> None:
    np.testing.assert_allclose(path(settled(100.0), jnp.full(50, 100.0), PLAIN), 1.0, rtol=1e-14)


def test_a_lasting_rise_is_answered_by_the_closed_form_and_forgotten_in_the_end() -> None:
    months = np.arange(400.0)
    closed = PLAIN.rise * ((1.0 - PLAIN.fade) ** months - (1.0 - PLAIN.adapt) ** months) / (PLAIN.adapt - PLAIN.fade)
    np.testing.assert_allclose(logs(JUMP, PLAIN), closed, atol=1e-12)
    assert logs(JUMP, PLAIN).max() > 0.4
    assert abs(logs(JUMP, PLAIN)[-1]) < 1e-8


def test_people_who_never_get_used_settle_at_rise_over_fade() -> None:
    assert logs(JUMP, Heeding(0.2, 0.3, 0.0))[-1] == pytest.approx(0.2 / 0.3, abs=1e-12)


def test_without_rise_attention_never_moves_and_without_fade_it_never_goes() -> None:
    assert np.all(logs(JUMP, Heeding(0.0, 0.3, 0.05)) == 0.0)
    stirred = Mind(jnp.asarray(0.7), jnp.log(100.0))
    kept = path(stirred, jnp.full(60, 100.0), Heeding(0.0, 0.0, 0.05))
    np.testing.assert_allclose(kept, np.exp(0.7), rtol=1e-13)
    faded = path(stirred, jnp.full(60, 100.0), Heeding(0.0, 0.3, 0.05))
    np.testing.assert_allclose(np.log(faded), 0.7 * 0.7 ** np.arange(60), atol=1e-13)


def test_the_two_memories_can_be_swapped() -> None:
    """What no poll can tell: which of the stir and the usual is the slower."""
    wild = jnp.exp(jnp.asarray(np.random.default_rng(1).normal(4.6, 0.8, 200)))
    np.testing.assert_allclose(logs(wild, Heeding(0.2, 0.3, 0.05)), logs(wild, Heeding(0.2, 0.05, 0.3)), atol=1e-12)


def test_attention_of_a_month_does_not_know_its_arrivals() -> None:
    other = JUMP.at[20:].mul(3.0)
    same = path(settled(100.0), JUMP, PLAIN)[:21] == path(settled(100.0), other, PLAIN)[:21]
    assert bool(same.all())
    assert float(path(settled(100.0), other, PLAIN)[21]) > float(path(settled(100.0), JUMP, PLAIN)[21])


@given(rise=st.floats(0.01, 1.0), fade=st.floats(0.0, 1.0), adapt=st.floats(0.0, 1.0), factor=st.floats(1.01, 5.0))
@settings(max_examples=60, deadline=None)
def test_more_arrivals_in_a_month_never_draw_less_attention_the_next(rise, fade, adapt, factor) -> None:
    heeding, mind = Heeding(rise, fade, adapt), settled(100.0)
    more, less = step(mind, 100.0 * factor, heeding), step(mind, 100.0, heeding)
    assert float(more.log_attention) > float(less.log_attention)


def test_scale_does_not_matter_and_draws_do_not_touch() -> None:
    wild = jnp.exp(jnp.asarray(np.random.default_rng(2).normal(4.6, 0.8, 60)))
    both = Heeding(jnp.array([0.2, 0.0]), 0.3, jnp.array([0.05, 0.5]))
    paired = np.asarray(path(settled(100.0), wild, both))
    assert paired.shape == (60, 2)
    assert np.all(paired[:, 1] == 1.0)
    np.testing.assert_allclose(paired[:, 0], path(settled(7.0), 0.07 * wild, Heeding(0.2, 0.3, 0.05)), rtol=1e-12)


def test_half_a_stir_is_gone_in_its_half_life() -> None:
    assert float((1.0 - share_from_half_life(3.0)) ** 3) == pytest.approx(0.5, abs=1e-15)
    assert float(share_from_half_life(np.inf)) == 0.0
