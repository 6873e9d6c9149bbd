"""People made to wait in the transit country for a court of the destination (Remain in Mexico)."""

from __future__ import annotations

from dataclasses import dataclass

from jax.tree_util import register_dataclass

from palanca.flows.params import FlowParams
from palanca.kernel.axes import OriginLike, PerCell


@register_dataclass
@dataclass(frozen=True)
class Abroad:
    """What those who wait for a court do this month [people / month], each (origin, group, draw)."""

    heard: PerCell
    quit: PerCell
    cross: PerCell
    stay: PerCell


def wait(abroad: PerCell, pace: OriginLike, dare: PerCell, params: FlowParams) -> Abroad:
    """Some are let in after a hearing, some go home, some cross, the rest wait on.

    Args:
        abroad: People made to wait [people].
        pace: Share of those on hold who move this month [share], (origin, draw).
        dare: Share of those who could cross who do, from `belief.at_the_line` [share].
        params: Chances a month.

    Reference:
        Equation F5c of docs/model.md.
    """
    heard = abroad * params.abroad_heard
    left = (abroad - heard) * params.abroad_quit
    cross = (abroad - heard - left) * params.abroad_cross * dare * pace[:, None]
    return Abroad(heard, left, cross, abroad - heard - left - cross)
