"""People whom the destination sent to the transit country: those waiting for a court, those returned for good."""

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


@register_dataclass
@dataclass(frozen=True)
class Returned:
    """What those returned do this month who do not try again [people / month], each (origin, group, draw)."""

    removed: PerCell
    settled: PerCell
    quit: PerCell
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


def live_on(returned: PerCell, params: FlowParams) -> Returned:
    """Some are removed by the transit country, some ask asylum there, some go home, the rest stay on.

    Args:
        returned: People expelled or returned to the transit country who do not try again [people].
        params: Chances a month, each of those whom the ones before it left.

    Reference:
        Equation F5f of docs/model.md; the chances are assumed.
    """
    removed = returned * params.returned_removed
    settled = (returned - removed) * params.returned_settle
    left = (returned - removed - settled) * params.returned_quit
    return Returned(removed, settled, left, returned - removed - settled - left)
