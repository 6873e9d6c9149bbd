"""Times the compiled bargaining solver beside CVXPY and SLSQP, per solve in one run, and all subsets over many draws.

The bargain has eight issues and two parties. The three solvers take turns on the same random subsets, so that all meet
the same machine. Run it with nothing else running; it writes bargain_results.json beside itself.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np

from palanca.bargain import shapley, solve
from palanca.bargain.arrivals import Flow
from palanca.bargain.feasible import BargainProblem, assemble
from palanca.bargain.issues import Declaration, Issue, Party
from palanca.bargain.solve import Concept
from palanca.bargain.utility import Term

HERE = Path(__file__).parent
sys.path.append(str(HERE.parent / "tests" / "helpers"))  # where the two solvers to compare with stand

import reference_solvers as reference  # noqa: E402

TAKEN = ("enforcement", "readmission")
GIVEN = {"visas": 6.0, "aid": 4.0, "vaccines": 5.0, "tariff relief": 6.0, "forbearance": 5.0, "silence": 7.0}
NASH = jnp.array(Concept.NASH.number)
SOLVES = 20
ROUNDS = 3
SUBSETS_MOST_S = 1.5
DRAWS_MOST_S = 240.0


def corridor() -> BargainProblem:
    """Two issues of the transit country against six of the destination."""
    issues = (
        *(Issue(name, "T", 0.0, 3.0 if name == TAKEN[0] else 1.0) for name in TAKEN),
        *(Issue(n, "D") for n in GIVEN),
    )
    terms = [
        Term("T", "enforcement", "quadratic", (-2.0, 4.0)),
        Term("T", "readmission", "quadratic", (-1.0, 2.0)),
        Term("D", "readmission", "log", (6.0, 1.5)),
    ]
    for name, worth in GIVEN.items():
        terms += [Term("T", name, "log", (worth, 1.5)), Term("D", name, "quadratic", (-0.35 * worth, 4.0))]
    rate = np.zeros((2, len(issues)))
    rate[0, 0] = 0.6
    flow = Flow(jnp.array([35.0, 5.0]), jnp.array(rate))
    return assemble(Declaration((Party("D", 1.0, 1.0), Party("T")), issues, tuple(terms)), flow)


def timed(job: Callable[[], object]) -> float:
    """Seconds that a job takes."""
    start = time.perf_counter()
    jax.block_until_ready(job())
    return time.perf_counter() - start


def per_solve(talks: BargainProblem) -> dict[str, float]:
    """Seconds per solve of each solver on the same subsets, the fastest of some rounds, and how far they differ."""
    held = shapley.subsets(8)
    both = held[held[:, :2].any(axis=1) & held[:, 2:].any(axis=1)]
    chosen = both[np.random.default_rng(2).permutation(len(both))[:SOLVES]]
    fixed = np.asarray(talks.status_quo)
    conic = reference.Conic(talks)
    building = timed(lambda: reference.Conic(talks) and 0)
    solvers: dict[str, Callable[[np.ndarray], object]] = {
        "compiled": lambda free: solve.one(talks, jnp.asarray(free), talks.status_quo, NASH),
        "cvxpy": lambda free: conic.solve(free, fixed, Concept.NASH),
        "slsqp": lambda free: reference.sequential(talks, free, fixed, Concept.NASH),
    }
    answers = {name: np.array([job(free).package for free in chosen]) for name, job in solvers.items()}  # and warm up
    rounds: dict[str, list[float]] = {name: [] for name in solvers}
    for _ in range(ROUNDS):
        for name, job in solvers.items():
            rounds[name].append(timed(lambda job=job: [jax.block_until_ready(job(free)) for free in chosen]) / SOLVES)
    best = {name: min(times) for name, times in rounds.items()}
    wide = np.asarray(talks.high - talks.low)
    return {
        **{f"{name}_s": seconds for name, seconds in best.items()},
        "cvxpy_building_s": building,
        "times_cvxpy": best["cvxpy"] / best["compiled"],
        "times_slsqp": best["slsqp"] / best["compiled"],
        "cvxpy_differs": float(np.max(np.abs(answers["cvxpy"] - answers["compiled"]) / wide)),
        "slsqp_differs": float(np.max(np.abs(answers["slsqp"] - answers["compiled"]) / wide)),
    }


def all_subsets(talks: BargainProblem, draws: int) -> dict[str, float]:
    """Seconds to compile, for all subsets once, and for all subsets over many draws of dislike and flow."""
    held = jnp.asarray(shapley.subsets(8))
    fixed = jnp.broadcast_to(talks.status_quo, held.shape)
    first = timed(lambda: solve.many(talks, held, fixed, NASH))
    once = min(timed(lambda: solve.many(talks, held, fixed, NASH)) for _ in range(ROUNDS))
    rng = np.random.default_rng(4)
    unsettled = 0

    def drawn() -> BargainProblem:
        arrivals = replace(talks.arrivals, size=talks.arrivals.size * float(np.exp(rng.normal(0.0, 0.2))))
        dislike = talks.dislike * float(np.exp(rng.normal(0.0, 0.2)))
        world = replace(talks, arrivals=arrivals, dislike=dislike)
        return replace(world, disagreement=world.payoffs(world.status_quo))

    start = time.perf_counter()
    for _ in range(draws):
        outcome = solve.many(drawn(), held, fixed, NASH)
        unsettled += int((~np.asarray(outcome.settled)).sum())
    return {
        "compile_s": first - once,
        "subsets_s": once,
        "draws": draws,
        "draws_s": time.perf_counter() - start,
        "unsettled": unsettled,
    }


def main() -> None:
    """Measure, print and write down."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--draws", type=int, default=200, help="draws over which all subsets are solved")
    parser.add_argument("--out", type=Path, default=HERE / "bargain_results.json", help="where to write the results")
    asked = parser.parse_args()
    talks = corridor()
    load = os.getloadavg()[0]
    report = {
        "machine": {
            "cores": len(os.sched_getaffinity(0)),
            "load_before": round(load, 2),
            "system": platform.system(),
            "python": platform.python_version(),
            **{name: version(name) for name in ("jax", "cvxpy", "clarabel", "scipy", "numpy")},
        },
        "per_solve": per_solve(talks),
        "all_subsets": all_subsets(talks, asked.draws),
        "limits": {"subsets_s": SUBSETS_MOST_S, "draws_s": DRAWS_MOST_S},
    }
    asked.out.write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")
    print(json.dumps(report, indent=2))


if __name__ == "__main__":
    main()
