"""Times matching of people to places, and holds the weekly rule against knowing everyone beforehand.

Deferred acceptance runs beside the `matching` library on instances that both can hold, then alone on 100,000 families
and 500 places in a process of its own, with its peak memory. It adds its numbers to results.json beside itself.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
import warnings
from dataclasses import replace
from pathlib import Path

import numpy as np

from palanca.sharing.matching import dynamic
from palanca.sharing.matching.deferred import deferred_acceptance
from palanca.sharing.matching.market import Market, as_units
from palanca.sharing.matching.optimum import optimum
from palanca.sharing.matching.report import objections

HERE = Path(__file__).parent
LARGE = (100_000, 500)
BESIDE = ((100, 10), (300, 20), (1_000, 30))
DEEP = 200_000  # the library copies its game by recursion, deeper than Python allows by itself
YEARS = 10


def crowd(families: int, places: int, seed: int, room: float = 0.9) -> Market:
    """Made-up families of one to seven people with wishes that agree in part, and places with priorities at random."""
    random = np.random.default_rng(seed)
    rank = np.empty((families, places), np.int16)
    appeal = random.normal(size=places)
    order = np.argsort(-(appeal + random.normal(size=(families, places))), axis=1)
    np.put_along_axis(rank, order, np.arange(places, dtype=np.int16)[None], axis=1)
    priority = np.empty((families, places), np.int32)
    for place in range(places):
        priority[random.permutation(families), place] = np.arange(families)
    people = random.integers(1, 8, families)
    capacity = np.full((places, 1), int(people.sum() * room / places))
    return Market(
        tuple(map(str, range(families))), tuple(map(str, range(places))), ("people",), people[:, None], capacity, rank,
        priority, people,
    )  # fmt: skip


def year(seed: int, families: int = 240, places: int = 6, weeks: int = 24) -> tuple[Market, np.ndarray, Market]:
    """A made-up year: families with expected employment, the week of each, and a year like it before.

    Places have room for 60 people of 100 who come; some families gain far more from some places than others do.
    """
    random = np.random.default_rng(seed)
    appeal = random.normal(-0.5, 0.5, places)
    adults, children = random.integers(1, 4, 2 * families), random.poisson(1.2, 2 * families)
    skill = random.normal(0.0, 1.2, 2 * families)
    odds = appeal + skill[:, None] + random.normal(0.0, 0.7, (2 * families, places))
    score = adults[:, None] / (1.0 + np.exp(-odds))
    people = adults + children
    capacity = np.full((places, 1), int(0.6 * people[families:].sum() / places))
    rank = np.tile(np.arange(places), (2 * families, 1))
    priority = np.tile(np.arange(2 * families)[:, None], (1, places))
    both = Market(
        tuple(map(str, range(2 * families))), tuple(map(str, range(places))), ("people",), people[:, None], capacity,
        rank, priority, people, score,
    )  # fmt: skip
    week = np.sort(random.integers(0, weeks, families))
    return dynamic.chosen(both, np.arange(families, 2 * families)), week, dynamic.chosen(both, np.arange(families))


def weekly(years: int = YEARS) -> dict[str, object]:
    """Shares of the hindsight optimum, year by year."""
    greedy, held, seconds = [], [], 0.0
    for seed in range(years):
        market, week, past = year(seed)
        best = optimum(market).welfare
        start = time.perf_counter()
        found = dynamic.two_stage(market, week, past, key=seed)
        seconds += time.perf_counter() - start
        held.append(welfare(market, found) / best)
        greedy.append(welfare(market, dynamic.greedy(market, week)) / best)
    return {
        "years": years,
        "greedy_share_mean": float(np.mean(greedy)),
        "greedy_share_worst": min(greedy),
        "greedy_share_best": max(greedy),
        "held_back_share_mean": float(np.mean(held)),
        "held_back_share_worst": min(held),
        "held_back_seconds_a_year": seconds / years,
    }


def welfare(market: Market, places: np.ndarray) -> float:
    """Sum of scores of a matching."""
    placed = np.flatnonzero(places >= 0)
    assert market.score is not None
    return float(market.score[placed, places[placed]].sum())


def beside(families: int, places: int) -> dict[str, float]:
    """Seconds of ours and of the library's on the same instance; both must find the same matching."""
    market = as_units(
        replace(crowd(families, places, 1), capacities=np.full((places, 1), int(0.9 * families / places)))
    )
    start = time.perf_counter()
    ours = deferred_acceptance(market)
    middle = time.perf_counter()
    theirs = library(market)
    end = time.perf_counter()
    assert (ours == theirs).all()
    return {
        "families": families, "places": places, "ours_s": middle - start, "library_s": end - middle,
        "times_library": (end - middle) / (middle - start),
    }  # fmt: skip


def library(market: Market) -> np.ndarray:
    """What the `matching` library finds for families of size one."""
    from matching.games import HospitalResident

    able = market.acceptable()
    lists = {
        family: [int(place) for place in np.argsort(market.rank[family]) if able[family, place]]
        for family in range(len(market.families))
    }
    wishes = {family: wanted for family, wanted in lists.items() if wanted}
    wanted = {place for one in wishes.values() for place in one}
    hosts = {
        place: [int(family) for family in np.argsort(market.priority[:, place]) if able[family, place]]
        for place in sorted(wanted)
    }
    found = np.full(len(market.families), -1)
    if not wishes:
        return found
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        game = HospitalResident.create_from_dictionaries(
            {f"f{one}": [f"p{place}" for place in each] for one, each in wishes.items()},
            {f"p{one}": [f"f{family}" for family in each] for one, each in hosts.items()},
            {f"p{one}": int(market.capacities[one, 0]) for one in hosts},
        )
        for host, guests in game.solve(optimal="resident").items():
            for guest in guests:
                found[int(str(guest)[1:])] = int(str(host)[1:])
    return found


def large() -> dict[str, float]:
    """The large instance: seconds and peak memory, in this process."""
    families, places = LARGE
    found = {"families": families, "places": places}
    market = crowd(families, places, 1)
    start = time.perf_counter()
    held = deferred_acceptance(market)
    found["people_with_sizes_s"] = time.perf_counter() - start
    assert objections(market, held).strong_envy == 0
    units = as_units(replace(market, capacities=np.full((places, 1), int(0.9 * families / places))))
    start = time.perf_counter()
    held = deferred_acceptance(units)
    found["families_as_units_s"] = time.perf_counter() - start
    assert objections(units, held).blocking == 0
    found["peak_gb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    return found


def main() -> None:
    """Measure everything and write it down."""
    if sys.argv[1:] == ["large"]:
        print(json.dumps(large()))
        return
    told = subprocess.run([sys.executable, __file__, "large"], capture_output=True, text=True, check=True).stdout
    sys.setrecursionlimit(DEEP)
    results = {
        "large": json.loads(told), "beside_the_library": [beside(*size) for size in BESIDE], "weekly": weekly(),
    }  # fmt: skip
    file = HERE / "results.json"
    whole = json.loads(file.read_text(encoding="utf-8"))
    whole["matching"] = results
    file.write_text(json.dumps(whole, indent=2) + "\n", encoding="utf-8")
    print(json.dumps(results, indent=2))


if __name__ == "__main__":
    main()
