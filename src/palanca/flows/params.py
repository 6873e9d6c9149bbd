"""Typed record of this package's parameters; a test holds its fields equal to spec/parameters.csv."""

from __future__ import annotations

from dataclasses import dataclass

from jax import Array
from jax.tree_util import register_dataclass
from jaxtyping import Float


@register_dataclass
@dataclass(frozen=True)
class FlowParams:
    """Names, units and equations as in spec/parameters.csv."""

    base: Float[Array, "origin draw"]
    mix: Float[Array, "origin group draw"]
    season_circular: Float[Array, "calendar_month draw"]
    season_asylum: Float[Array, "calendar_month draw"]
    pull_circular: Float[Array, " draw"]
    pull_asylum: Float[Array, " draw"]
    push_democracy: Float[Array, " draw"]
    push_income: Float[Array, " draw"]
    hope_set: Float[Array, " draw"]
    hope_line: Float[Array, " draw"]
    belief_speed: Float[Array, " draw"]
    trust: Float[Array, " draw"]
    news_half_life: Float[Array, " draw"]
    dread: Float[Array, " draw"]
    now_words: Float[Array, " draw"]
    now_deeds: Float[Array, " draw"]
    shutdown_effect: Float[Array, "origin draw"]
    parole_substitute: Float[Array, " draw"]
    visa_substitute: Float[Array, " draw"]
    effort_early: Float[Array, " draw"]
    effort_power: Float[Array, " draw"]
    stop_exposure: Float[Array, "origin draw"]
    air_exposure: Float[Array, " draw"]
    stop_group: Float[Array, "group draw"]
    stops_per_return: Float[Array, " draw"]
    removal_share: Float[Array, "origin draw"]
    removal_routine: Float[Array, " draw"]
    removed_return: Float[Array, " draw"]
    settle_share: Float[Array, "origin draw"]
    transit_quit: Float[Array, " draw"]
    walk_up: Float[Array, "origin group draw"]
    port_effect: Float[Array, " draw"]
    appointment_demand: Float[Array, "origin draw"]
    appointment_uptake: Float[Array, " draw"]
    appointment_substitute: Float[Array, " draw"]
    pace_memory: Float[Array, " draw"]
    cross_new: Float[Array, " draw"]
    cross_waiting: Float[Array, " draw"]
    waiting_quit: Float[Array, " draw"]
    abroad_heard: Float[Array, " draw"]
    abroad_quit: Float[Array, " draw"]
    abroad_cross: Float[Array, " draw"]
    returned_removed: Float[Array, " draw"]
    returned_settle: Float[Array, " draw"]
    returned_quit: Float[Array, " draw"]
    evade: Float[Array, " draw"]
    retry: Float[Array, "origin group draw"]
    retry_soon: Float[Array, " draw"]
    retry_home: Float[Array, "origin draw"]
    detained_removed: Float[Array, "group draw"]
    appeal: Float[Array, "origin sector draw"]
    drift: Float[Array, "knot sector draw"]
    barrier_effect: Float[Array, " draw"]
    darien_share: Float[Array, "origin draw"]
    death_border: Float[Array, " draw"]
    death_transit: Float[Array, " draw"]
    death_darien: Float[Array, " draw"]
    death_crowding: Float[Array, " draw"]
    kidnap_road: Float[Array, " draw"]
    kidnap_hold: Float[Array, " draw"]
    extort_road: Float[Array, " draw"]
    extort_hold: Float[Array, " draw"]
    harm_friction: Float[Array, " draw"]
    fee: Float[Array, " draw"]
    fee_friction: Float[Array, " draw"]
