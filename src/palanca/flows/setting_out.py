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
    levers: tuple[Array, Array, Array, Array, Array],
    jobs: Array,
    pushed: PerCell,
    calendar: tuple[Array, Array],
    corridor: CorridorShape,
    params: FlowParams,
) -> PerCell:
    """People who would set out this month before the month's surprise [people / month].

    Args:
        mood: Believed chance of being let in [chance] and dread [share], both of last month.
        levers: Shutdown, parole, work-visa and air-route settings and appointments open [people / month], each
            (origin, group).
        jobs: Job openings, deviation from their mean [standard deviations].
        pushed: From `push` [log points].
        calendar: Calendar month, 0 for January, and years since the first January.
        corridor: Which cells circulate.
        params: Coefficients [log points].

    Reference:
        Equation F1 of docs/model.md.
    """
    shutdown, parole, work_visas, air_route, slots = (lever[..., None] for lever in levers)
    belief, dread = mood
    circular = circulating(calendar[1], corridor, params)
    pull = (circular * params.pull_circular + (1.0 - circular) * params.pull_asylum) * jobs
    return jnp.exp(
        params.base[:, None]
        + params.mix
        + drifted_mix(calendar[1], params)
        + season(*calendar, corridor, params)
        + pull
        + pushed
        + params.hope_set * belief
        - params.dread * dread
        - params.shutdown_effect[:, None] * shutdown
        - params.parole_substitute * parole * belief
        - params.visa_substitute * circular * work_visas
        - params.appointment_substitute * slots / SLOTS_UNIT * belief
        + params.air_route * air_route
    )


def drifted_mix(years: Array, params: FlowParams) -> Array:
    """How the make-up by group has drifted, alike for every origin [log points], (group, draw).

    Args:
        years: Since the first January.
        params: Uses `mix_drift`, straight between yearly knots, whose groups sum to zero.
    """
    lower = jnp.floor(years).astype(int)
    way = years - lower
    return params.mix_drift[lower] * (1.0 - way) + params.mix_drift[lower + 1] * way


def push(outside: tuple[Array, Array, Array], levers: tuple[Array, Array, Array], params: FlowParams) -> PerCell:
    """What drives people from their country [log points of setting out]; each driver is given as it is felt by now.

    Sanctions and the loss of democracy are rival accounts of the same departures: each has a coefficient of its own.

    Args:
        outside: Democracy [index], income and oil revenue [log points], changes since before the first month, (origin).
        levers: Sanctions, licences that lift them for a share of oil output, and aid, each (origin, group).
        params: Uses `push_democracy`, `push_income`, `push_oil`, `push_sanctions`, `aid_effect`.

    Reference:
        Equation F1a of docs/model.md.
    """
    democracy, income, oil = (one[:, None] for one in outside)
    sanctions, licence, aid = (lever[..., None] for lever in levers)
    country = params.push_democracy * democracy + params.push_income * income + params.push_oil * oil
    return country[:, None] + params.push_sanctions * sanctions * (1.0 - licence) - params.aid_effect * aid


def circulating(years: Array, corridor: CorridorShape, params: FlowParams) -> PerCell:
    """Share of each cell that migrates for seasonal work, which shrinks over the years [share].

    Args:
        years: Since the first January.
        corridor: The share at the start.
        params: Uses `circular_fade` [1 / year].

    Reference:
        Equation F1b of docs/model.md.
    """
    return corridor.circular[..., None] * jnp.exp(-params.circular_fade * years)


def season(calendar_month: Array, years: Array, corridor: CorridorShape, params: FlowParams) -> PerCell:
    """Season of each cell [log points]: a part of F1.

    Args:
        calendar_month: 0 for January.
        years: Since the first January.
        corridor: Which cells circulate.
        params: Uses both seasons.
    """
    circular = circulating(years, corridor, params)
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


def darien_way(visa: Array, closure: Array, corridor: CorridorShape, params: FlowParams) -> tuple[PerCell, PerCell]:
    """How many of those on their way a closed Darien lets come, and how many of those who come walked it.

    Whoever would walk it and does not because it is closed does not come by another way.

    Args:
        visa: How far the air route is closed by a visa, (origin).
        closure: How far the way through the Darien is declared closed, (origin, group).
        corridor: Shares by air, and by the Darien of those by land.
        params: Uses `darien_share`, the share of those by land who are counted in the Darien, and `closure_effect`.

    Returns:
        Share that comes, and share of those coming that walked the Darien [share], each (origin, group, draw).

    Reference:
        Equation F3a of docs/model.md.
    """
    walking = ((corridor.walks * by_land(visa, corridor))[:, None] * params.darien_share)[:, None]
    kept_back = params.closure_effect * closure[..., None]
    come = 1.0 - walking * kept_back
    return come, walking * (1.0 - kept_back) / come
