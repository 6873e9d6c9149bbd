"""Toy works for sweeps: NumPy alone, so that workers start fast and every bit is known beforehand."""

from __future__ import annotations

import os
import signal
import time
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from palanca.core.errors import UsageError
from palanca.questions.sweep.plan import SweepPlan

MARKS = {"case": "c1", "data": "d1", "code": "k1", "fit": "f1", "question": "q1"}
WIDTH = 4


@dataclass(frozen=True)
class Toy:
    """Numbers that depend on the job alone, after a pause.

    Args:
        pause: Seconds that a job takes.
        fatal: Job that ends its process: while the file `once` is absent if one is named, else each time.
        once: File that the fatal job leaves behind before it ends its process.
        weight: Something to ship.
    """

    pause: float = 0.0
    fatal: int = -1
    once: Path | None = None
    weight: np.ndarray = field(default_factory=lambda: np.arange(5.0))

    def __call__(self, job: int) -> dict[str, np.ndarray]:
        time.sleep(self.pause)
        if job == self.fatal and not (self.once and self.once.exists()):
            if self.once:
                self.once.touch()
            os.kill(os.getpid(), signal.SIGKILL)
        return expected(job, float(self.weight.sum()))


def expected(job: int, weight: float = 10.0) -> dict[str, np.ndarray]:
    """What a job gives, worked out apart."""
    rng = np.random.default_rng([7, job])
    return {"a": weight * rng.normal(size=(3, 2, WIDTH)), "n": rng.integers(0, 99, WIDTH)}


def plan(jobs: int = 7, last: int | None = 3, **toy: object) -> SweepPlan:
    """A sweep of toys."""
    return SweepPlan("toy", jobs, MARKS, Toy(**toy), last)


def whole(name: str, jobs: int = 7, last: int | None = 3) -> np.ndarray:
    """What a sweep of toys should give."""
    joined = np.concatenate([expected(job)[name] for job in range(jobs)], axis=-1)
    return joined[..., : (jobs - 1) * WIDTH + (last or WIDTH)]


@dataclass(frozen=True)
class Heavy:
    """A megabyte a job, to see that memory stays flat."""

    def __call__(self, job: int) -> dict[str, np.ndarray]:
        return {"mega/byte": np.full((2, 1 << 16), float(job))}


def heavy(jobs: int) -> SweepPlan:
    """A sweep of megabytes."""
    return SweepPlan("heavy", jobs, MARKS, Heavy())


@dataclass(frozen=True)
class Faulty:
    """One job has a fault that a user could mend."""

    def __call__(self, job: int) -> dict[str, np.ndarray]:
        if job == 2:
            raise UsageError("job 2 has a fault", way_out="Mend it.")
        return {"a": np.zeros(3)}


def faulty() -> SweepPlan:
    """A sweep with a job at fault."""
    return SweepPlan("faulty", 5, MARKS, Faulty())


@dataclass(frozen=True)
class Opened:
    """Leaves a file in a folder each time it is unpacked."""

    folder: Path

    def __setstate__(self, held: dict[str, Path]) -> None:
        self.__dict__.update(held)
        (self.folder / f"{os.getpid()}-{time.monotonic_ns()}").touch()

    def __call__(self, job: int) -> dict[str, np.ndarray]:
        return {"a": np.full(2, float(job))}
