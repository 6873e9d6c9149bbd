"""Times a what-if on the us-mexico corridor as a sweep: threads, one worker, two workers, and with a store on disk.

The question is what had come if Mexico had stopped contention in February 2024, on the fitted posterior. Means take
turns, so that all meet the same machine; starting workers is told apart from their work. Run it with nothing else
running: the load average stands beside each row.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np

from palanca.cli import caching
from palanca.core.clock import Month
from palanca.infer import store
from palanca.model import build, ensemble, parameters
from palanca.model.run import CorridorInputs
from palanca.policy.levers import LeverLevels
from palanca.questions.sweep.plan import SweepPlan, marks
from palanca.questions.sweep.run import run
from palanca.spec import edit
from palanca.spec.load import load

CASE = "us-mexico"
CHANGE = ("levers.contention.effort=0", "2024-02", "2024-08")
KEEP = ("encounters", "let_in", "stops", "deaths", "held")
SINCE = "2024-01"  # as `palanca ask whatif` keeps: from the month before anything moves
ROUNDS = 3


@dataclass(frozen=True, eq=False)
class WhatIf:
    """A chunk of draws: history, and its twin under changed levers, from a month on."""

    inputs: CorridorInputs
    now: LeverLevels
    free: np.ndarray
    entries: tuple[parameters.ParameterEntry, ...]
    since: int

    def __call__(self, job: int) -> dict[str, np.ndarray]:
        free = ensemble.padded(self.free, job * ensemble.CHUNK)
        values = ensemble.constrained_chunk(jnp.asarray(free), self.entries)
        shocks = ensemble.solved_chunk(self.inputs, values)
        worlds = {"history": self.inputs.levers, "twin": self.now}
        found = {}
        for name, levers in worlds.items():
            seen = ensemble.projected_chunk(self.inputs, levers, shocks, values, KEEP)
            found |= {f"{name}/{kept}": np.asarray(block)[self.since :] for kept, block in seen.items()}
        return found


def plan(draws: int, since: str) -> SweepPlan:
    """The sweep."""
    case = load(CASE)
    text, first, last = CHANGE
    changes = [edit.parse_set(text, Month.parse(first), Month.parse(last))]
    posterior, _ = store.choose(case, stale_too=True)
    free = posterior.draws(1, range(draws))
    levers, row = build.levers(edit.apply(case, changes)), case.span.span.position(Month.parse(since))
    work = WhatIf(build.inputs(case), levers, free, posterior.layout.entries, row)
    jobs = -(-draws // ensemble.CHUNK)
    return SweepPlan("benchmark", jobs, marks(case, free, (CHANGE, since)), work, draws - (jobs - 1) * ensemble.CHUNK)


def timed(given: SweepPlan, means: Mapping[str, object], folder: Path | None) -> tuple[float, float]:
    """Seconds of the whole sweep, and draws a second once as many jobs are done as are under way at once."""
    told: list[float] = []
    start = time.perf_counter()
    workers = int(means.get("workers", 0))
    run(given, store=folder, workers=workers, progress=lambda *_: told.append(time.perf_counter()))
    skipped = 2 * max(workers, 1)  # the first jobs load and compile
    return time.perf_counter() - start, (given.jobs - skipped) * ensemble.CHUNK / (told[-1] - told[skipped])


def main() -> None:
    """Measure every means in turn and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--draws", type=int, default=2048, help="histories of each sweep")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="turns; the fastest counts")
    parser.add_argument("--since", default=SINCE, help="first month kept; the case starts in 2013-10")
    asked = parser.parse_args()
    caching.start()
    given = plan(asked.draws, asked.since)
    jax.block_until_ready(jax.tree.leaves(given.work(0)))  # compiled, and kept for the workers
    means = {
        "threads": {},
        "threads, store": {"store": True},
        "1 worker": {"workers": 1},
        "2 workers": {"workers": 2},
        "2 workers, store": {"workers": 2, "store": True},
    }
    whole: dict[str, list[float]] = {name: [] for name in means}
    speed: dict[str, list[float]] = {name: [] for name in means}
    print(f"{asked.draws} draws, {given.jobs} jobs, {len(os.sched_getaffinity(0))} cores")
    print(f"{'means':<18}{'seconds':>9}{'draws/s at work':>17}{'load':>7}", flush=True)
    for _ in range(asked.rounds):
        for name, one in means.items():
            with tempfile.TemporaryDirectory() as folder:
                seconds, rate = timed(given, one, Path(folder) / "store" if "store" in one else None)
            whole[name].append(seconds)
            speed[name].append(rate)
            print(f"{name:<18}{seconds:>9.2f}{rate:>17.0f}{os.getloadavg()[0]:>7.1f}", flush=True)
    best = {name: max(rates) for name, rates in speed.items()}
    print(f"2 workers over 1, at work: {best['2 workers'] / best['1 worker']:.2f}")
    for name in ("threads", "2 workers"):
        print(f"overhead of the store, {name}: {100 * (best[name] / best[f'{name}, store'] - 1):.1f} %")
    print(f"best whole seconds: {', '.join(f'{name} {min(times):.1f}' for name, times in whole.items())}")


if __name__ == "__main__":
    main()
