"""The line: who uses a port, who comes for an appointment, who crosses, who waits (equation F5)."""

from __future__ import annotations

from dataclasses import dataclass

import jax.numpy as jnp
from jax import Array
from jax.tree_util import register_dataclass

from palanca.flows.params import FlowParams
from palanca.kernel.axes import OriginLike, PerCell
from palanca.kernel.curves import TINY


@register_dataclass
@dataclass(frozen=True)
class Waiting:
    """What those already at the line do this month [people / month], each (origin, group, draw)."""

    cross: PerCell
    quit: PerCell
    stay: PerCell


@register_dataclass
@dataclass(frozen=True)
class Newcomers:
    """Shares of newcomers at the line that go to a port, cross at once, or wait [share]; they sum to 1."""

    port: PerCell
    cross: PerCell
    wait: PerCell


def those_waiting(waiting: PerCell, pace: OriginLike, dare: PerCell, params: FlowParams) -> Waiting:
    """Some of those waiting cross, some of the rest give up, the others stay.

    Args:
        waiting: People at the line at the start of the month [people].
        pace: Share of those on hold who move this month [share], (origin, draw).
        dare: Share of those who could cross who do, from `belief.at_the_line` [share].
        params: Chances to cross and to give up.

    Reference:
        Equation F5a of docs/model.md.
    """
    cross = waiting * params.cross_waiting * dare * pace[:, None]
    left = (waiting - cross) * params.waiting_quit
    return Waiting(cross, left, waiting - cross - left)


def newcomers(port_intake: Array, dare: PerCell, params: FlowParams) -> Newcomers:
    """Divide newcomers between the port, the crossing and the wait.

    Args:
        port_intake: Walk-up intake, 0 as usual, (origin, group).
        dare: Share of those who could cross who do, from `belief.at_the_line` [share].
        params: Usual share that walks up and its response, and the share of the rest that crosses at once.

    Reference:
        Equation F5b of docs/model.md.
    """
    odds = params.walk_up / (1.0 - params.walk_up + TINY)
    moved = odds * jnp.exp(port_intake[..., None] * params.port_effect)
    rest = 1.0 / (1.0 + moved)  # as 1 - port it would lose its digits where nearly everyone walks up
    cross = rest * params.cross_new * dare
    return Newcomers(moved * rest, cross, rest - cross)


def appointed(slots: Array, slots_open: Array, newcomers_by_cell: PerCell, params: FlowParams) -> PerCell:
    """People who come for an appointment and keep it [people / month].

    The month's slots go to origins by their weight in the demand, and within an origin as its newcomers are made up.

    Args:
        slots: Appointments offered [people / month], (draw).
        slots_open: 1 where a cell may apply, (origin, group).
        newcomers_by_cell: Newcomers before the surprise, for the make-up of an origin [people / month].
        params: Weights and uptake.

    Reference:
        Equation F5d of docs/model.md.
    """
    eligible = newcomers_by_cell * slots_open[..., None]
    inside = eligible / jnp.maximum(jnp.sum(eligible, axis=1, keepdims=True), TINY)
    weight = jnp.exp(params.appointment_demand)[:, None] * inside
    share = weight / jnp.maximum(jnp.sum(weight, axis=(0, 1)), TINY)
    return slots * params.appointment_uptake * share
