"""Changes that the sources explain: what they claim of each, set against what the model finds, in sign and in size."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache
from pathlib import Path

import numpy as np

from palanca.core.clock import Month
from palanca.questions import outcomes
from palanca.questions.corridor import Corridor
from palanca.questions.options import RunOptions
from palanca.questions.why import shares
from palanca.questions.why.causes import GROUPS, UNDER_WAY, members
from palanca.questions.why.shares import Why
from palanca.show import estimate

TABLE = Path(__file__).with_name("claims.csv")
LOWERED, RAISED = "lowered", "raised"
STEADY = 1.0 / 3.0  # the ends of a change's interval differ by less than this factor where shares of it are given


class ClaimVerdict(StrEnum):
    """How a claim compares with what the model finds."""

    unmoved = "these did not move"
    few = "too few draws to tell"
    unclear = "the model cannot tell the direction"
    opposite = "the other direction"
    direction = "the same direction; the source gives no size"
    size_unclear = "the same direction; the model cannot tell whether as much as that"
    smaller = "the same direction, but less than the source says"
    larger = "the same direction, but more than the source says"
    same = "the same direction, and as much as the source says"


@dataclass(frozen=True)
class SourcedClaim:
    """What a source says brought a change about, in words of ours.

    Args:
        text: The claim.
        number: The number it gives, if it gives one.
        share: Least and most of the change that it gives to these causes [share], as its words are read; nothing where
            it gives no size.
        group: Group of causes that it names.
        way: Whether these are said to have `lowered` or `raised` the outcome.
        source: Key of the source in the case.
    """

    text: str
    number: str
    share: tuple[float, float] | None
    group: str
    way: str
    source: str


@dataclass(frozen=True)
class ExplainedChange:
    """A change that sources explain.

    Args:
        id: Short name.
        first: The first month.
        last: The second.
        outcome: What changed.
        claims: What sources say of it.
    """

    id: str
    first: Month
    last: Month
    outcome: str
    claims: tuple[SourcedClaim, ...]


@dataclass(frozen=True, eq=False)
class ClaimComparison:
    """A change that sources explain, with what was found of it."""

    change: ExplainedChange
    why: Why


@dataclass(frozen=True)
class Robust:
    """How a result bears other ways of counting.

    Args:
        leader: Group with the largest share, of those with causes in these months.
        others: The leader when every cause comes on first, when every cause comes on last, and among groups.
        ways: By group, its mean share of the change counted first, by Shapley, last and among groups [share].
    """

    leader: str
    others: tuple[str, str, str]
    ways: dict[str, tuple[float, float, float, float]]

    @property
    def holds(self) -> bool:
        """Whether the same group leads whatever way is taken."""
        return self.leaders == (self.leader,)

    @property
    def leaders(self) -> tuple[str, ...]:
        """Every group that leads in some way of counting, once."""
        return tuple(dict.fromkeys((self.leader, *self.others)))


@cache
def table() -> tuple[ExplainedChange, ...]:
    """Every change in the table of claims, in its order."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    found: dict[str, list[dict[str, str]]] = {}
    for row in rows:
        found.setdefault(row["episode"], []).append(row)
    return tuple(
        ExplainedChange(
            name,
            Month.parse(given[0]["from"], where=str(TABLE.name)),
            Month.parse(given[0]["to"], where=str(TABLE.name)),
            given[0]["outcome"],
            tuple(_claim(row) for row in given),
        )
        for name, given in found.items()
    )


def claims(first: Month, last: Month, outcome: str) -> tuple[SourcedClaim, ...]:
    """What sources say of one change; nothing if it is not in the table."""
    wanted = (first, last, outcome)
    return next((one.claims for one in table() if (one.first, one.last, one.outcome) == wanted), ())


def run(corridor: Corridor, options: RunOptions, changes: Sequence[ExplainedChange] = ()) -> list[ClaimComparison]:
    """Share every change of the table out among its causes.

    Args:
        corridor: The fitted corridor.
        options: How to run it; each change has a folder of its own in the store.
        changes: Only these; all if not given.
    """
    every = tuple(changes) or table()
    found = []
    for done, one in enumerate(every, 1):
        store = None if options.store is None else options.store / one.id
        part = outcomes.find(one.outcome, corridor.case)
        own = replace(options, store=store, progress=None)
        found.append(ClaimComparison(one, shares.run(corridor, one.first, one.last, part, options=own)))
        if options.progress is not None:
            options.progress(done, len(every))
    return found


def verdict(claim: SourcedClaim, found: Why) -> ClaimVerdict:
    """Compare a claim with the part of the causes that it names: direction first, then size."""
    part = estimate.of(found.group(claim.group))
    if not any(name in (*found.moved, UNDER_WAY) for name in members(claim.group)):
        return ClaimVerdict.unmoved
    if part.level is None:
        return ClaimVerdict.few
    if not part.clear:
        return ClaimVerdict.unclear
    if (part.low > 0.0) != (claim.way == RAISED):
        return ClaimVerdict.opposite
    return _size(claim.share, found, claim.group)


def clear(found: Why) -> bool:
    """Whether the change is known well enough that shares of it mean something."""
    change = estimate.of(found.change)
    near, far = sorted((abs(change.low), abs(change.high)))
    return change.low * change.high > 0.0 and near >= STEADY * far


def robust(found: Why) -> Robust:
    """Count a change in other ways: each cause first of all, last of all, and causes of a group together."""
    there = [name for name in GROUPS if any(one in (*found.moved, UNDER_WAY) for one in members(name))]
    total = float(np.mean(np.sum(list(found.measure.values()), axis=0)))

    def mean(parts: dict[str, np.ndarray], group: str) -> float:
        return float(np.mean(np.sum([parts[one] for one in members(group)], axis=0))) / total

    ways = {
        group: (
            mean(found.alone, group),
            mean(found.measure, group),
            mean(found.last, group),
            float(np.mean(found.grouped[group])) / total,
        )
        for group in there
    }
    first, own, last, among = (there[int(np.argmax([abs(ways[one][k]) for one in there]))] for k in range(4))
    return Robust(own, (first, last, among), ways)


def _size(claimed: tuple[float, float] | None, found: Why, group: str) -> ClaimVerdict:
    """Compare the share of the change that a source gives to causes with the interval of what the model finds."""
    if claimed is None:
        return ClaimVerdict.direction
    least, most = claimed
    share = estimate.of(found.group(group) / found.change)
    if not clear(found):
        return ClaimVerdict.size_unclear
    if share.high < least or share.low > most:
        return ClaimVerdict.smaller if share.high < least else ClaimVerdict.larger
    return ClaimVerdict.same if least <= share.low and share.high <= most else ClaimVerdict.size_unclear


def _claim(row: dict[str, str]) -> SourcedClaim:
    share = (float(row["least"]), float(row["most"])) if row["least"] else None
    return SourcedClaim(row["claim"], row["number"], share, row["group"], row["way"], row["source"])
