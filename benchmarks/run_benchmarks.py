"""Times whole histories of the us-mexico case, ours beside the same model in NumPy, and the memory they take.

Each size runs in a process of its own, so that its peak memory is its own. Ours and the rival take turns, so that
both meet the same machine. Run it with nothing else running; it writes results.json beside itself.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import version
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np

import numpy_corridor
import palanca
from palanca.model import build, ensemble, parameters
from palanca.model.run import CorridorInputs
from palanca.spec.load import load

HERE = Path(__file__).parent
SIZES = (1, 100, 1_000, 10_000)
KEEP = ("encounters", "let_in", "stops", "deaths", "held")
ROUNDS = 3
RIVAL_DRAWS = 100  # per call; the fastest of 25, 50, 100, 200 and 400 on two machines
RIVAL_MOST = 400
CASE = "us-mexico"


def inputs() -> tuple[CorridorInputs, parameters.Layout]:
    """The reference case, ready to run."""
    case = load(CASE)
    return build.inputs(case), parameters.layout(case)


def draws(plan: parameters.Layout, size: int) -> np.ndarray:
    """Free numbers about the middle of the priors, (length, draw)."""
    noise = np.random.default_rng(1).standard_normal((plan.length, size))
    return plan.centre()[:, None] + 0.3 * plan.spread()[:, None] * noise


def timed(job: Callable[[], object]) -> float:
    """Seconds that a job takes."""
    start = time.perf_counter()
    job()
    return time.perf_counter() - start


def measure(size: int) -> dict[str, float]:
    """Compile and run times, histories per second and peak memory at one size."""
    world, plan = inputs()
    free = draws(plan, size)
    compiling = timed(lambda: ensemble.run(world, free[:, :1], plan, keep=KEEP))
    one_chunk = timed(lambda: ensemble.run(world, free[:, :1], plan, keep=KEEP))

    solved = []
    for first in range(0, size, ensemble.CHUNK):
        values = ensemble.constrained_chunk(jnp.asarray(ensemble.padded(free, first)), plan.entries)
        solved.append((values, ensemble.solved_chunk(world, values)))

    def project_all() -> None:
        def job(first: int) -> object:
            values, shocks = solved[first // ensemble.CHUNK]
            seen = ensemble.projected_chunk(world, world.levers, shocks, values, KEEP)
            return jax.block_until_ready(seen)

        for _ in ensemble.in_order(job, range(0, size, ensemble.CHUNK)):
            pass

    rival, rival_size = Rival(world, plan, free), min(size, RIVAL_MOST)
    project_all()
    rounds: dict[str, list[float]] = {name: [] for name in ("project", "both", "rival_project", "rival_both")}
    for _ in range(ROUNDS):
        rounds["project"].append(timed(project_all) / size)
        rounds["rival_project"].append(timed(lambda: rival.project(rival_size)) / rival_size)
        rounds["both"].append(timed(lambda: ensemble.run(world, free, plan, keep=KEEP)) / size)
        rounds["rival_both"].append(timed(lambda: rival.both(rival_size)) / rival_size)
    best = {name: min(times) for name, times in rounds.items()}
    return {
        "draws": size,
        "compile_s": compiling - one_chunk,
        "project_per_s": 1.0 / best["project"],
        "replay_and_project_per_s": 1.0 / best["both"],
        "numpy_project_per_s": 1.0 / best["rival_project"],
        "numpy_replay_and_project_per_s": 1.0 / best["rival_both"],
        "times_numpy_project": best["rival_project"] / best["project"],
        "times_numpy_both": best["rival_both"] / best["both"],
    }


class Rival:
    """The NumPy model on the same draws, in pieces that fit the cache, on as many threads as help it."""

    def __init__(self, world: CorridorInputs, plan: parameters.Layout, free: np.ndarray) -> None:
        self.plain = numpy_corridor.Plain.of(world)
        self.pieces = []
        for first in range(0, min(free.shape[1], RIVAL_MOST), RIVAL_DRAWS):
            part = plan.constrain(jnp.asarray(free[:, first : first + RIVAL_DRAWS]))
            self.pieces.append({name: np.asarray(value) for name, value in part.items()})
        self.shocks = [numpy_corridor.replay(self.plain, piece)[0] for piece in self.pieces]
        self.threads = min((1, 2), key=lambda n: timed(lambda: self._project(n)))

    def project(self, size: int) -> None:
        """Run `size` draws forward from surprises solved before."""
        self._project(self.threads)

    def both(self, size: int) -> None:
        """Solve the surprises of `size` draws and run them forward."""

        def job(piece: dict[str, np.ndarray]) -> None:
            shocks, _ = numpy_corridor.replay(self.plain, piece)
            numpy_corridor.project(self.plain, self.plain.levers, shocks, piece)

        with ThreadPoolExecutor(self.threads) as pool:
            list(pool.map(job, self.pieces))

    def _project(self, threads: int) -> None:
        def job(at: int) -> None:
            numpy_corridor.project(self.plain, self.plain.levers, self.shocks[at], self.pieces[at])

        with ThreadPoolExecutor(threads) as pool:
            list(pool.map(job, range(len(self.pieces))))


def memory(size: int) -> dict[str, float]:
    """Peak memory of a whole ensemble that keeps `KEEP`, in a process of its own; a twin adds what it keeps."""
    world, plan = inputs()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    ensemble.run(world, draws(plan, size), plan, keep=KEEP)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return {"peak_gb": peak / 2**20, "above_start_gb": (peak - before) / 2**20}


def machine() -> dict[str, object]:
    """What the numbers were measured on."""
    return {
        "cores": len(os.sched_getaffinity(0)),
        "load_before": round(os.getloadavg()[0], 2),
        "processor": platform.machine(),
        "system": platform.system(),
        "python": platform.python_version(),
        "palanca": palanca.__version__,
        **{name: version(name) for name in ("jax", "jaxlib", "numpy")},
    }


def in_its_own_process(what: str, size: int) -> dict[str, float]:
    """Run one measurement in a fresh interpreter."""
    command = [sys.executable, str(Path(__file__)), "--one", what, "--sizes", str(size)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return dict(json.loads(done.stdout.splitlines()[-1]))


def table(rows: list[dict[str, float]]) -> str:
    """Rows as text."""
    head = f"{'draws':>7}{'project/s':>11}{'NumPy/s':>9}{'x':>6}{'both/s':>9}{'NumPy/s':>9}{'x':>6}"
    lines = [head + f"{'compile s':>11}{'peak GB':>9}"]
    lines += [
        f"{row['draws']:>7.0f}{row['project_per_s']:>11.0f}{row['numpy_project_per_s']:>9.0f}"
        f"{row['times_numpy_project']:>6.1f}{row['replay_and_project_per_s']:>9.0f}"
        f"{row['numpy_replay_and_project_per_s']:>9.0f}{row['times_numpy_both']:>6.1f}"
        f"{row['compile_s']:>11.1f}{row['peak_gb']:>9.2f}"
        for row in rows
    ]
    return "\n".join(lines)


def main() -> None:
    """Measure every size, print the table and write it down."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=list(SIZES), help="numbers of draws")
    parser.add_argument("--out", type=Path, default=HERE / "results.json", help="where to write the results")
    parser.add_argument("--one", choices=("speed", "memory"), help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.one:
        print(json.dumps(measure(asked.sizes[0]) if asked.one == "speed" else memory(asked.sizes[0])))
        return
    facts = machine()
    rows = []
    for size in asked.sizes:
        rows.append(in_its_own_process("speed", size) | in_its_own_process("memory", size))
        print(table(rows[-1:]) if len(rows) == 1 else table(rows[-1:]).splitlines()[1], flush=True)
    months = inputs()[0].figures.encounters.shape[0]
    report = {"case": CASE, "months": int(months), "kept": list(KEEP), "machine": facts, "sizes": rows}
    if len(rows) > 1:
        last, before = rows[-1], rows[-2]
        report["cost_per_history_last_over_before"] = (
            before["replay_and_project_per_s"] / last["replay_and_project_per_s"]
        )
    asked.out.write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
