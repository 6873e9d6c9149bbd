"""Small matching markets drawn from a seed, every feasible matching of one, and every list a family could hand in."""

from __future__ import annotations

import csv
import itertools
import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
from tree import ROOT

from palanca.sharing.matching.market import Market, ranked, taken

FOLDER = os.environ.get("PALANCA_RESETTLEMENT") or next(ROOT.parent.glob("*/data/resettlement"), None)
REAL = Path(FOLDER) if FOLDER else None  # the real instance, which is not shipped: beside the repository, or as told
NOBODY = 10**6  # rank of having no place
Rule = Callable[[Market], np.ndarray]


def market(sizes, capacities, rank, priority, score=None, groups=()) -> Market:
    """A market from plain lists; names are numbers."""
    sizes, capacities, rank, priority = (np.array(one) for one in (sizes, capacities, rank, priority))
    return Market(
        tuple(f"f{i}" for i in range(len(sizes))),
        tuple(f"p{j}" for j in range(len(capacities))),
        tuple(f"n{k}" for k in range(sizes.shape[1])),
        sizes, capacities, rank, priority, sizes.sum(axis=1),
        None if score is None else np.array(score, float), groups,
    )  # fmt: skip


def drawn(seed: int, needs: int | None = None, *, units: bool = False) -> Market:
    """A market of at most six families and three places; ranks of 32 bits half of the time."""
    random = np.random.default_rng(seed)
    families, places = int(random.integers(2, 7)), int(random.integers(1, 4))
    columns = needs or int(random.integers(1, 4))
    sizes = np.ones((families, 1), int) if units else random.integers(0, 4, (families, columns))
    rank = np.array([random.permutation(places) for _ in range(families)])
    priority = np.array([random.permutation(families) for _ in range(places)]).T
    rank[random.random(rank.shape) < 0.1] = -1
    priority[random.random(rank.shape) < 0.1] = -1
    kind = np.int32 if seed % 2 else np.int64
    return market(
        sizes, random.integers(0, 4 if units else 7, (places, sizes.shape[1])), rank.astype(kind),
        priority.astype(kind), np.round(random.random(rank.shape), 3),
    )  # fmt: skip


def every(given: Market) -> Iterator[np.ndarray]:
    """Every matching that keeps within all capacities and uses acceptable pairs only."""
    able = given.acceptable()
    for one in itertools.product(*[[-1, *np.flatnonzero(able[at])] for at in range(len(given.families))]):
        places = np.array(one)
        if (taken(given, places) <= given.capacities).all():
            yield places


def standing(given: Market, places: np.ndarray) -> np.ndarray:
    """How each family ranks what it has."""
    return np.where(places >= 0, given.rank[np.arange(len(places)), places], NOBODY)


def gains(given: Market, rule: Rule, family: int) -> list[int] | None:
    """A list of places that gives the family more than the truth does, if there is one; every list is tried."""
    truth = standing(given, rule(given))[family]
    places = len(given.places)
    for length in range(places + 1):
        for said in itertools.permutations(range(places), length):
            row = np.full(places, -1)
            row[list(said)] = range(length)
            rank = given.rank.copy()
            rank[family] = row
            got = rule(replace(given, rank=rank))[family]
            if got >= 0 and 0 <= given.rank[family, got] < truth:
                return list(said)
    return None


def real(capacity: str = "stated") -> Market:
    """The instance of fiscal year 2017: one capacity, in people; `stated`, `actual` or `actual and a tenth`."""

    assert REAL is not None

    def rows(name: str) -> list[list[str]]:
        with (REAL / name).open(encoding="utf-8-sig", newline="") as stream:
            return list(csv.reader(stream))

    def place(name: str) -> str:
        return {"NY-HIAS NEW YORK": "NY-NEW YORK CITY"}.get(name.strip().upper(), name.strip().upper())

    held = {place(row[0]): [int(cell) for cell in row[1:]] for row in rows("FY17_cap.csv")[1:]}
    of_family = {row[0]: sum(int(cell) for cell in row[1:]) for row in rows("FY17_size.csv")[1:]}
    fitting, weight = rows("FY17_Compatibility.csv"), rows("FY17_Employment_weight.csv")
    columns = [at for at, name in enumerate(fitting[0]) if at and place(name) in held and fitting[1][at] != "NA"]
    able = np.array([[row[at] == "1" for at in columns] for row in fitting[1:]])
    score = np.array([[float(row[at]) for at in columns] for row in weight[1:]])
    named = [place(fitting[0][at]) for at in columns]
    counts = {
        "stated": [held[one][0] for one in named],
        "actual": [sum(held[one][1:]) for one in named],
        "actual and a tenth": [11 * sum(held[one][1:]) // 10 for one in named],
    }
    people = np.array([of_family[row[0]] for row in fitting[1:]])
    return Market(
        tuple(row[0] for row in fitting[1:]), tuple(named), ("people",), people[:, None],
        np.array(counts[capacity])[:, None], ranked(score, able), ranked(score.T, able.T).T, people, score,
    )  # fmt: skip
