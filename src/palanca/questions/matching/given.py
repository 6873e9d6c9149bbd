"""Declared families, places and pairs as a market in arrays: this year's, and families of the past."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from palanca.sharing.matching.market import NOWHERE, Market, as_units, ranked
from palanca.spec.placement import Placement
from palanca.spec.placement_rows import MOST

UNITS = ("people", "families")


def markets(placement: Placement, unit: str = "people") -> tuple[Market, Market]:
    """The families to be placed, and those of the past, at the same places.

    A pair that is not listed, or of which the place does not offer what the family asks for, is not possible. Without
    ranks a family goes by the score, without priorities a place does, and without scores by the order of the file;
    equal priorities stand in the order of the file, families without one after all others.

    Args:
        placement: As declared.
        unit: What a capacity counts: `people` (whatever the files say) or `families`.

    Raises:
        MatchingError: Families are to be counted, and there are several capacities.
    """
    week = np.array([one.week for one in placement.families])
    found = [_market(placement, np.flatnonzero(rows)) for rows in (week > 0, week <= 0)]
    now, past = (as_units(one) for one in found) if unit == "families" else found
    return now, past


def weeks(placement: Placement) -> np.ndarray:
    """The week in which each family to be placed comes, (family)."""
    return np.array([one.week for one in placement.families if one.week > 0], int)


def _market(placement: Placement, rows: np.ndarray) -> Market:
    """The market of some of the families."""
    households = [placement.families[row] for row in rows]
    shape = (len(placement.families), len(placement.places))
    listed, rank, priority, score = (np.zeros(shape, kind) for kind in (bool, np.int64, np.int64, float))
    for pair in placement.pairs:
        at = (pair.family, pair.place)
        listed[at] = True
        rank[at], priority[at], score[at] = pair.rank or 0, pair.priority or 0, pair.score or 0.0
    offered = np.array(
        [[one.asks <= host.offers for host in placement.places] for one in placement.families], bool
    ).reshape(shape)
    able = (listed & offered)[rows]
    wish = -rank[rows].astype(float) if "rank" in placement.given else score[rows]
    wished = able & (rank[rows] > 0) if "rank" in placement.given else able
    last = MOST + 1
    called = -np.where(priority > 0, priority, last)[rows].astype(float)
    worth = called if "priority" in placement.given else score[rows]
    return Market(
        families=tuple(one.name for one in households),
        places=tuple(one.name for one in placement.places),
        needs=placement.needs,
        sizes=_whole([one.sizes for one in households], len(placement.needs)),
        capacities=_whole([one.capacities for one in placement.places], len(placement.needs)),
        rank=ranked(wish, wished),
        priority=np.where(able, ranked(worth.T, able.T).T, NOWHERE),
        people=np.array([one.people for one in households], np.int64),
        score=np.where(able, score[rows], 0.0) if "score" in placement.given else None,
        groups=tuple(one.group or "no group given" for one in households),
    )


def _whole(given: Sequence[tuple[int, ...]], columns: int) -> np.ndarray:
    return np.array(given, np.int64).reshape(len(given), columns)
