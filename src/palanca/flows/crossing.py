"""Crossing between ports: who dies, who is not seen, who is encountered, and what follows (F6, F7)."""

from __future__ import annotations

from dataclasses import dataclass

from jax import Array
from jax.tree_util import register_dataclass

from palanca.flows.corridor import CorridorShape
from palanca.flows.params import FlowParams
from palanca.kernel.axes import CellLike, PerCell

Chances = tuple[CellLike, CellLike, CellLike, CellLike, CellLike, CellLike]


@register_dataclass
@dataclass(frozen=True)
class Crossing:
    """One month's crossings between ports [people / month], each (origin, group, draw)."""

    died: PerCell
    evaded: PerCell
    encountered: PerCell


def retry_share(chances: Chances, seen: CellLike, params: FlowParams) -> PerCell:
    """Share of crossings whose people are encountered, sent back and try again [share].

    Args:
        chances: Chance of being expelled, made to wait abroad, sent home, detained, let in, kept from being let in.
        seen: Share of crossings that end in an encounter.
        params: Uses `retry` and `retry_home`.

    Reference:
        Equation F7 of docs/model.md.
    """
    expelled, _, home, _, _, kept = chances
    return seen * (expelled * params.retry + (home + kept) * params.retry_home[:, None])


def with_retries(first: CellLike, back: PerCell, soon: PerCell) -> PerCell:
    """All crossings of a month, those tried again within the month among them [people / month].

    Args:
        first: Crossings begun by those who have not yet tried this month.
        back: From `retry_share`.
        soon: Share of those trying again who do so within the month [share].
    """
    return first / (1.0 - soon * back)


@register_dataclass
@dataclass(frozen=True)
class Aftermath:
    """Where those encountered go [people / month].

    `again` (next month), `soon` (already tried again this month), `gone_home`, `to_transit`, `abroad`, `removed` and
    `let_in` sum to the encounters; `expelled`, `detained` and `straight_in` are shown beside them.
    """

    expelled: PerCell
    detained: PerCell
    straight_in: PerCell
    soon: PerCell
    again: PerCell
    gone_home: PerCell
    to_transit: PerCell
    abroad: PerCell
    removed: PerCell
    let_in: PerCell


def evasion(corridor: CorridorShape, params: FlowParams) -> CellLike:
    """Chance that a crossing is not seen, by group [chance]."""
    return corridor.hides[None, :, None] * params.evade


def seen_share(dying: PerCell, corridor: CorridorShape, params: FlowParams) -> PerCell:
    """Share of crossings that end in an encounter [share].

    Args:
        dying: Chance of dying in a crossing, from `harm.crossing_death`.
        corridor: How far each group hides.
        params: Uses `evade` [chance].
    """
    return (1.0 - dying) * (1.0 - evasion(corridor, params))


def cross(attempts: PerCell, dying: PerCell, corridor: CorridorShape, params: FlowParams) -> Crossing:
    """Divide attempts between death, evasion and encounter.

    Args:
        attempts: Crossings begun this month [people / month].
        dying: Chance of dying in a crossing, from `harm.crossing_death`.
        corridor: How far each group hides.
        params: Uses `evade` [chance].

    Reference:
        Equations F6 and F9 of docs/model.md.
    """
    died = attempts * dying
    evaded = (attempts - died) * evasion(corridor, params)
    return Crossing(died, evaded, attempts - died - evaded)


def aftermath(
    encountered: PerCell,
    tried: tuple[PerCell, PerCell],
    chances: Chances,
    release: Array,
    taken_back: tuple[CellLike, CellLike],
    params: FlowParams,
) -> Aftermath:
    """Send those encountered where the rules send them.

    Args:
        encountered: Encounters this month [people / month].
        tried: Those of them who have already tried again this month [people / month], and the share of those trying
            again who do so within the month [share].
        chances: Chance of being expelled, made to wait abroad, sent home, detained, let in, kept from being let in,
            once returns home are under their cap; of those over it, who has tried again already is neither let in
            nor kept.
        release: Share of those whom the rules would let in who are released, (origin, group) [share]; the others are
            removed.
        taken_back: Shares of those expelled and of those sent home at the gate whom the transit country takes in.
        params: Chance to try again after expulsion (`retry`) or after being sent home, from detention too
            (`retry_home`), and the share of those detained who are removed in the end.

    Reference:
        Equations F5f, F6 and F7 of docs/model.md.
    """
    soon, at_once = tried
    expelled, abroad, home, detained, let_in, kept = (encountered * chance for chance in chances)
    sent = home + kept
    back = expelled * params.retry
    home_back = sent * params.retry_home[:, None]
    for_good = (expelled - back) * taken_back[0]
    under_law = home * (1.0 - params.retry_home[:, None]) * taken_back[1]
    deported = detained * (1.0 - (1.0 - params.detained_removed[None]) * release[..., None])
    deported_back = deported * params.retry_home[:, None]
    over_cap = soon - at_once * (back + home_back)
    return Aftermath(
        expelled=expelled,
        detained=detained,
        straight_in=let_in,
        soon=soon,
        again=(1.0 - at_once) * (back + home_back) + deported_back,
        gone_home=expelled - back - for_good,
        to_transit=for_good + under_law,
        abroad=abroad,
        removed=sent - home_back - under_law + deported - deported_back - over_cap * (1.0 - release[..., None]),
        let_in=let_in + detained - deported - over_cap * release[..., None],
    )
