"""Who sets out this month: push, pull, season, hope, and what keeps people at home (equations F1, F3)."""

from __future__ import annotations

import jax.numpy as jnp
from jax import Array

from palanca.flows.corridor import CorridorShape
from palanca.flows.params import FlowParams
from palanca.kernel.axes import PerCell

SLOTS_UNIT = 45_000.0


def intended(
    mood: tuple[PerCell, PerCell],
    levers: tuple[Array, Array, Array, Array],
    outside: tuple[Array, Array, Array],
    calendar_month: Array,
    corridor: CorridorShape,
    params: FlowParams,
) -> PerCell:
    """People who would set out this month before the month's surprise [people / month].

    Args:
        mood: Believed chance of being let in [chance] and dread [share], both of last month.
        levers: Shutdown, parole, work-visa settings and appointments open [people / month], each (origin, group).
        outside: Job openings (scalar), democracy and income (origin), each a deviation from its reference.
        calendar_month: 0 for January.
        corridor: Which cells circulate.
        params: Coefficients [log points].

    Reference:
        Equation F1 of docs/model.md.
    """
    shutdown, parole, work_visas, slots = (lever[..., None] for lever in levers)
    jobs, democracy, income = outside
    belief, dread = mood
    circular = corridor.circular[..., None]
    pull = (circular * params.pull_circular + (1.0 - circular) * params.pull_asylum) * jobs
    push = params.push_democracy * democracy[:, None] + params.push_income * income[:, None]
    return jnp.exp(
        params.base[:, None]
        + params.mix
        + season(calendar_month, corridor, params)
        + pull
        + push[:, None]
        + params.hope_set * belief
        - params.dread * dread
        - params.shutdown_effect[:, None] * shutdown
        - params.parole_substitute * parole * belief
        - params.visa_substitute * circular * work_visas
        - params.appointment_substitute * slots / SLOTS_UNIT * belief
    )


def season(calendar_month: Array, corridor: CorridorShape, params: FlowParams) -> PerCell:
    """Season of each cell [log points]: a part of F1.

    Args:
        calendar_month: 0 for January.
        corridor: Which cells circulate.
        params: Uses both seasons.
    """
    circular = corridor.circular[..., None]
    return circular * params.season_circular[calendar_month] + (1.0 - circular) * params.season_asylum[calendar_month]


def approach(now: PerCell, before: tuple[PerCell, PerCell], corridor: CorridorShape) -> PerCell:
    """People who reach the transit country or, if it is theirs, the line this month [people / month].

    Args:
        now: Setting out this month.
        before: Setting out one and two months ago.
        corridor: Shares by delay.
    """
    first, second, third = (corridor.delay[k][:, None, None] for k in range(3))
    return first * now + second * before[0] + third * before[1]


def by_land(visa: Array, corridor: CorridorShape) -> Array:
    """Share that comes by land; who flies in passes neither the Darien nor the checkpoints [share], (origin)."""
    return 1.0 - corridor.air * (1.0 - visa)


def through_darien(entries: PerCell, visa: Array, corridor: CorridorShape, params: FlowParams) -> PerCell:
    """People who walked the Darien on their way, counted in the month they enter the transit country.

    Args:
        entries: People entering the transit country [people / month].
        visa: How far the air route is closed by a visa, (origin).
        corridor: Shares by air.
        params: Uses `darien_share`, the share of those by land who are counted in the Darien.

    Returns:
        People [people / month], (origin, group, draw).
    """
    walking = corridor.walks * by_land(visa, corridor)
    return walking[:, None, None] * params.darien_share[:, None] * entries
