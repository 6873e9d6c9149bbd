"""The line: who uses a port, who crosses between ports, who waits, who gives up (equation F5)."""

from __future__ import annotations

from dataclasses import dataclass

import jax.numpy as jnp
from jax import Array
from jax.tree_util import register_dataclass

from palanca.flows.params import FlowParams
from palanca.kernel.axes import OriginLike, PerCell
from palanca.kernel.curves import TINY, ration


@register_dataclass
@dataclass(frozen=True)
class Waiting:
    """What those already at the line do this month [people / month], each (origin, group, draw)."""

    appointed: PerCell
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


def those_waiting(
    waiting: PerCell, pace: OriginLike, slots: Array, slots_open: Array, params: FlowParams
) -> Waiting:
    """Give out the month's appointments, then let the rest cross, give up or stay.

    Args:
        waiting: People at the line at the start of the month [people].
        pace: Share of those on hold who move this month [share], (origin, draw).
        slots: Appointments this month [people / month].
        slots_open: 1 where a cell may apply, (origin, group).
        params: Chances to cross and to give up.

    Reference:
        Equation F5a of docs/model.md.
    """
    wish = waiting * slots_open[..., None]
    appointed = wish * ration(wish.sum(axis=(0, 1)), slots)
    rest = waiting - appointed
    cross = rest * params.cross_waiting * pace[:, None]
    left = (rest - cross) * params.waiting_quit
    return Waiting(appointed, cross, left, rest - cross - left)


def newcomers(port_intake: Array, slots_open: Array, params: FlowParams) -> Newcomers:
    """Divide newcomers between the port, the crossing and the wait.

    Args:
        port_intake: Walk-up intake, 0 as usual, (origin, group).
        slots_open: 1 where a cell may apply for an appointment, (origin, group).
        params: Usual share that walks up and its response; share that waits for an appointment where it may
            (`appointment_taste`); share of the rest that crosses at once.

    Reference:
        Equation F5b of docs/model.md.
    """
    odds = params.walk_up / (1.0 - params.walk_up + TINY)
    moved = odds * jnp.exp(port_intake[..., None] * params.port_effect)
    port = moved / (1.0 + moved)
    seek = params.appointment_taste[:, None] * slots_open[..., None]
    cross = (1.0 - port) * (1.0 - seek) * params.cross_new
    return Newcomers(port, cross, 1.0 - port - cross)
