"""Changes that the sources explain: what they claim of each, beside what the model finds."""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import numpy as np

from palanca.core.clock import Month
from palanca.questions import outcomes
from palanca.questions.corridor import Corridor
from palanca.questions.options import RunOptions
from palanca.questions.why import shares as why
from palanca.questions.why.causes import GROUPS
from palanca.questions.why.shares import HERE, Why, members

TABLE = Path(__file__).with_name("claims.csv")
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Claim:
    """What a source says brought a change about, in words of ours.

    Args:
        says: The claim.
        number: The number it gives, if it gives one.
        group: Group of causes that it names.
        way: Whether these are said to have `lowered` or `raised` the outcome.
        source: Key of the source in the case.
    """

    says: str
    number: str
    group: str
    way: str
    source: str


@dataclass(frozen=True)
class Change:
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
    claims: tuple[Claim, ...]


@dataclass(frozen=True, eq=False)
class Told:
    """A change with what was found of it."""

    change: Change
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
        return all(one == self.leader for one in self.others)


@cache
def table() -> tuple[Change, ...]:
    """Every change in the table of claims, in its order."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    found: dict[str, list[dict[str, str]]] = {}
    for row in rows:
        found.setdefault(row["episode"], []).append(row)
    return tuple(
        Change(
            name,
            Month.parse(given[0]["from"], where=str(TABLE.name)),
            Month.parse(given[0]["to"], where=str(TABLE.name)),
            given[0]["outcome"],
            tuple(Claim(row["claim"], row["number"], row["group"], row["way"], row["source"]) for row in given),
        )
        for name, given in found.items()
    )


def claims(first: Month, last: Month, outcome: str) -> tuple[Claim, ...]:
    """What sources say of one change; nothing if it is not in the table."""
    asked = (first, last, outcome)
    return next((one.claims for one in table() if (one.first, one.last, one.outcome) == asked), ())


def ask(
    corridor: Corridor,
    *,
    means: RunOptions = HERE,
    changes: Sequence[Change] = (),
    progress: Progress | None = None,
) -> list[Told]:
    """Share every change of the table out among its causes.

    Args:
        corridor: From `corridor.open`.
        means: How to run it; each change has a folder of its own in the store.
        changes: Only these; all if not given.
        progress: Called with changes done and all.
    """
    every = tuple(changes) or table()
    found = []
    for done, one in enumerate(every, 1):
        own = means if means.store is None else replace(means, store=means.store / one.id)
        asked = outcomes.find(one.outcome, corridor.case)
        found.append(Told(one, why.ask(corridor, one.first, one.last, asked, means=own)))
        if progress is not None:
            progress(done, len(every))
    return found


def robust(found: Why) -> Robust:
    """Count a change in other ways: each cause first of all, last of all, and causes of a group together."""
    there = [name for name in GROUPS if any(one in (*found.moved, "under_way") for one in members(name))]
    total = float(np.mean(np.sum(list(found.measure.values()), axis=0)))

    def mean(shares: dict[str, np.ndarray], group: str) -> float:
        return float(np.mean(np.sum([shares[one] for one in members(group)], axis=0))) / total

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
