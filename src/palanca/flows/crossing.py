"""Crossing between ports: who dies, who is not seen, who is encountered, and what follows (F6, F7)."""

from __future__ import annotations

from dataclasses import dataclass

from jax import Array
from jax.tree_util import register_dataclass

from palanca.flows.corridor import Corridor
from palanca.flows.params import FlowParams
from palanca.kernel.axes import PerCell


@register_dataclass
@dataclass(frozen=True)
class Crossing:
    """One month's crossings between ports [people / month], each (origin, group, draw)."""

    died: PerCell
    evaded: PerCell
    encountered: PerCell


@register_dataclass
@dataclass(frozen=True)
class Aftermath:
    """Where those encountered go [people / month].

    `again`, `gone_home`, `abroad`, `removed` and `let_in` sum to the encounters; `expelled`, `detained` and
    `straight_in` are shown beside them.
    """

    expelled: PerCell
    detained: PerCell
    straight_in: PerCell
    again: PerCell
    gone_home: PerCell
    abroad: PerCell
    removed: PerCell
    let_in: PerCell


def evasion(corridor: Corridor, params: FlowParams) -> PerCell:
    """Chance that a crossing is not seen, by group [chance]."""
    return corridor.hides[None, :, None] * params.evade


def seen_share(heat: Array, corridor: Corridor, params: FlowParams) -> PerCell:
    """Share of crossings that end in an encounter [share]."""
    return (1.0 - params.death_border * heat) * (1.0 - evasion(corridor, params))


def cross(attempts: PerCell, heat: Array, corridor: Corridor, params: FlowParams) -> Crossing:
    """Divide attempts between death, evasion and encounter.

    Args:
        attempts: Crossings begun this month [people / month].
        heat: Seasonal weight of deaths [index].
        corridor: How far each group hides.
        params: Uses `death_border` [deaths / crossing] and `evade` [chance].

    Reference:
        Equations F6 and F9 of docs/model.md.
    """
    died = attempts * params.death_border * heat
    evaded = (attempts - died) * evasion(corridor, params)
    return Crossing(died, evaded, attempts - died - evaded)


def aftermath(
    encountered: PerCell, chances: tuple[Array, Array, Array, Array, Array], params: FlowParams
) -> Aftermath:
    """Send those encountered where the rules send them.

    Args:
        encountered: Encounters this month [people / month].
        chances: Chance of being expelled, made to wait abroad, sent home, detained, let in.
        params: Chance to try again after expulsion (`retry`) or after being sent home (`retry_home`), and
            the share of those detained who are removed in the end.

    Reference:
        Equations F6 and F7 of docs/model.md.
    """
    expelled, abroad, home, detained, let_in = (encountered * chance for chance in chances)
    back = expelled * params.retry
    home_back = home * params.retry_home[:, None]
    deported = detained * params.detained_removed[None]
    return Aftermath(
        expelled=expelled,
        detained=detained,
        straight_in=let_in,
        again=back + home_back,
        gone_home=expelled - back,
        abroad=abroad,
        removed=home - home_back + deported,
        let_in=let_in + detained - deported,
    )
