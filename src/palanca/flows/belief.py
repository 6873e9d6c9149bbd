"""What people expect of a crossing: the chance of being let in, moved by words, and dread of what else may follow."""

from __future__ import annotations

import jax.numpy as jnp
from jax import Array

from palanca.flows.params import FlowParams
from palanca.kernel.axes import PerCell


def told(let_in: Array, news: PerCell, params: FlowParams) -> PerCell:
    """The chance of being let in as people are told it: this month's, or what trusted words announce.

    Words above zero announce that everybody is let in, words below zero that nobody is.

    Args:
        let_in: Chance that an encounter ends in being let in [chance].
        news: Words in the air, -1 to 1 [words].
        params: Uses `trust` [share].

    Returns:
        Chance [chance], never outside 0 to 1.

    Reference:
        Equation F2a of docs/model.md.
    """
    up, down = jnp.maximum(news, 0.0), jnp.maximum(-news, 0.0)
    return let_in + params.trust * (up * (1.0 - let_in) - down * let_in)


def update(belief: PerCell, chance: PerCell, params: FlowParams) -> PerCell:
    """Move belief towards the chance as told [chance].

    Args:
        belief: Belief at the end of last month [chance].
        chance: From `told`.
        params: Uses `belief_speed` [share / month].

    Reference:
        Equation F2b of docs/model.md.
    """
    return belief + params.belief_speed * (chance - belief)


def hear(words: PerCell, spoken: Array, half_life: Array) -> PerCell:
    """Let old words fade by their half-life, add those spoken this month, and hold the sum in -1 to 1 [words].

    Args:
        words: Words in the air [words].
        spoken: Words of this month [words].
        half_life: `news_half_life` for news of the chance of being let in, `warning_half_life` for warnings [months].

    Reference:
        Equation F2c of docs/model.md.
    """
    return jnp.clip(words * 0.5 ** (1.0 / half_life) + spoken, -1.0, 1.0)


def dread(before: PerCell, warned: PerCell, deeds: Array, params: FlowParams) -> PerCell:
    """Dread with which people set out: it follows warnings, which fade, and the deeds that back them [share].

    A deed carries out what was announced and is not feared twice: the two join as chances of one consequence do.

    Args:
        before: Dread at the end of last month [share].
        warned: Warnings in the air, 0 to 1 [words].
        deeds: How far announced consequences are carried out, 0 to 1 [share].
        params: Uses `belief_speed`, and the parts `now_words` and `now_deeds` that act at the line at once.

    Reference:
        Equation F2d of docs/model.md.
    """
    felt = _either((1.0 - params.now_words) * warned, (1.0 - params.now_deeds) * deeds)
    return before + params.belief_speed * (felt - before)


def at_the_line(chance: PerCell, warned: PerCell, deeds: Array, circular: Array, params: FlowParams) -> PerCell:
    """Share of those who could cross this month who do, against a month in which all would be let in [share].

    Who migrates for work and expects to be sent back does not look at the chance of being let in.

    Args:
        chance: From `told` [chance].
        warned: Warnings in the air, 0 to 1 [words].
        deeds: How far announced consequences are carried out, 0 to 1 [share].
        circular: Share of a cell that migrates for seasonal work, (origin, group) [share].
        params: Uses `hope_line` [log points per unit of chance], `dread` [log points], `now_words`, `now_deeds`.

    Reference:
        Equation F5e of docs/model.md.
    """
    hope = params.hope_line * (1.0 - circular[..., None]) * (chance - 1.0)
    return jnp.exp(hope - params.dread * _either(params.now_words * warned, params.now_deeds * deeds))


def _either(warned: PerCell, deeds: Array) -> PerCell:
    """Words and deeds of the same consequence [share]: the larger of the two at least, and never above 1."""
    return warned + deeds - warned * deeds
