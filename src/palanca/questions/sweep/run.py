"""Runs a sweep: the jobs that are not yet done, here or elsewhere, each put on the shelf as soon as it is made."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from contextlib import closing
from importlib import import_module
from pathlib import Path
from types import ModuleType

from palanca.core.errors import UsageError
from palanca.model import ensemble
from palanca.questions.sweep.plan import Blocks, SweepPlan
from palanca.questions.sweep.results import Results
from palanca.questions.sweep.shelf import AbstractShelf, Memory

Progress = Callable[[int, int], None]
Made = Generator[tuple[int, Blocks], None, None]


def run(
    plan: SweepPlan,
    *,
    store: Path | None = None,
    workers: int = 0,
    cluster: str | None = None,
    progress: Progress | None = None,
) -> Results:
    """Do every job of a plan and hand over what they found.

    Guarantees:
        The results are the same to the bit however the jobs were run and however often the sweep was broken off and
        taken up again, on machines of one kind: a job's blocks depend on its number alone. What is in memory besides
        the results is a few blocks; with a store, nothing else. Without a store nothing is written.

    Args:
        plan: What to do.
        store: Folder in which to keep the results, in Zarr; one that holds a part of this very sweep is completed.
        workers: Processes on this machine to run the jobs; 0 runs them here, two at a time.
        cluster: Address of the scheduler of a Dask cluster that runs, such as `tcp://10.0.0.1:8786`.
        progress: Called as `progress(done, jobs)` in the calling thread, first with what the store held already.

    Raises:
        UsageError: No jobs, both workers and a cluster, or blocks that differ in form.
        StoreError: The store is of another sweep, in use, or is no store.
        OutputError: The disk refused; jobs that are done stay done.
        ClusterError: No cluster answers, it has no workers or other code, or a job ended its workers each time.
    """
    _check(plan, workers, cluster)
    if store is None:
        return Results(plan, _filled(plan, Memory(plan.jobs, plan.last), workers, cluster, progress))
    disk = _loaded("store")
    with _loaded("lock").held(store):
        return Results(plan, _filled(plan, disk.opened(store, plan), workers, cluster, progress))


def _loaded(name: str) -> ModuleType:
    """A module of this package that only some sweeps need: Zarr and Dask take a second to load."""
    return import_module(f"{__package__}.{name}")


def _check(plan: SweepPlan, workers: int, cluster: str | None) -> None:
    if plan.jobs < 1:
        raise UsageError("nothing to run", where=plan.name, found=f"{plan.jobs} jobs", way_out="Ask for one or more.")
    if workers < 0:
        raise UsageError("fewer workers than none", where="--workers", found=str(workers), expected="0 or more")
    if workers and cluster is not None:
        raise UsageError(
            "workers of this machine and a cluster at once",
            where="--workers, --cluster",
            found=f"{workers} and {cluster}",
            way_out="Leave one of them out.",
        )


def _filled(
    plan: SweepPlan, shelf: AbstractShelf, workers: int, cluster: str | None, progress: Progress | None
) -> AbstractShelf:
    """The shelf with every job on it."""
    tell = progress or _silent
    held = shelf.done()
    missing = [job for job in range(plan.jobs) if job not in held]
    tell(len(held), plan.jobs)
    if not missing:
        return shelf
    with closing(_made(plan, missing, workers, cluster)) as made:
        for count, (job, blocks) in enumerate(made, len(held) + 1):
            shelf.put(job, blocks)
            tell(count, plan.jobs)
    return shelf


def _silent(_done: int, _jobs: int) -> None:
    """Tell nobody."""


def _made(plan: SweepPlan, missing: Sequence[int], workers: int, cluster: str | None) -> Made:
    """Jobs with their blocks, as they come."""
    if workers or cluster is not None:
        spread: Made = _loaded("spread").made(plan, missing, workers, cluster)
        return spread
    return _here(plan, missing)


def _here(plan: SweepPlan, missing: Sequence[int]) -> Made:
    """Two jobs at a time in threads of this process; compiled code lets go of the interpreter."""

    def job(place: int) -> Blocks:
        return plan.work(missing[place])

    with closing(ensemble.in_order(job, range(len(missing)))) as found:
        for place, blocks in found:
            yield missing[place], blocks
