"""Spreads the jobs of a sweep over processes, few at a time, and hands over each as it comes."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from concurrent.futures import CancelledError
from time import monotonic
from typing import Any

import jax
from distributed import Client, Future, KilledWorker, wait

from palanca.core.errors import ClusterError
from palanca.questions.sweep import connect, ship
from palanca.questions.sweep.plan import Blocks, SweepPlan

Made = Future[Any]

SPARE = 1  # jobs sent ahead of those at work, so that no worker waits while a result is put away
LOOK = 1.0  # seconds between looks at whether anybody is still at work
ALONE = 60.0  # seconds without a single worker before giving up
AGAIN = "What is done stays done: run the same again, and it goes on from there."


def made(
    plan: SweepPlan, missing: Sequence[int], workers: int, cluster: str | None
) -> Generator[tuple[int, Blocks], None, None]:
    """Jobs with their blocks in the order in which they are finished; lost ones are done again.

    Args:
        plan: The sweep.
        missing: Jobs to do.
        workers: How many processes of this machine; ignored with a cluster.
        cluster: Address of a scheduler.

    Raises:
        ClusterError: No cluster, no workers, workers of other code, a job that ends every worker, or all gone.
    """
    if cluster is None:
        parcel = ship.pack(plan.work, compiled=jax.config.values["jax_compilation_cache_dir"])
        place = connect.local(min(workers, len(missing)))
    else:
        parcel = ship.pack(plan.work, compiled=None)
        place = connect.standing(cluster)
    with place as client:
        yield from _flow(client, plan, parcel, missing)


def _flow(
    client: Client, plan: SweepPlan, parcel: ship.Parcel, missing: Sequence[int]
) -> Generator[tuple[int, Blocks], None, None]:
    """Keep as many jobs under way as there are threads, and one more."""
    shipped = client.submit(ship.arrive, parcel, pure=False)  # can be made again if whoever holds it dies
    todo = iter(missing)
    jobs: dict[Made, int] = {}
    most = 0
    while True:
        most = max(most, sum(client.nthreads().values()) + SPARE) if len(jobs) >= most else most
        _send(client, shipped, plan, todo, jobs, most)
        if not jobs:
            return
        for future in _finished(client, plan, jobs):
            job = jobs.pop(future)
            yield job, _result(future, plan, job)
            future.release()
            _send(client, shipped, plan, todo, jobs, most)


def _send(
    client: Client, shipped: Made, plan: SweepPlan, todo: Iterator[int], jobs: dict[Made, int], most: int
) -> None:
    while len(jobs) < most and (job := next(todo, None)) is not None:
        jobs[client.submit(ship.do, shipped, job, pure=False, key=f"{plan.name}-{job}-{client.id}")] = job


def _finished(client: Client, plan: SweepPlan, jobs: dict[Made, int]) -> list[Made]:
    """Wait for the next jobs to end, looking now and then whether there is anyone to wait for."""
    seen = monotonic()
    while True:
        try:
            with client.as_current():
                return list(wait(list(jobs), timeout=LOOK, return_when="FIRST_COMPLETED").done)
        except TimeoutError:
            pass
        except CancelledError as fault:
            raise _gone(plan) from fault
        if client.status != "running":
            raise _gone(plan)
        if client.nthreads():
            seen = monotonic()
        elif monotonic() - seen > ALONE:
            raise ClusterError("all workers are gone", where=plan.name, found=f"none for {ALONE:.0f} s", way_out=AGAIN)


def _result(future: Made, plan: SweepPlan, job: int) -> Blocks:
    try:
        blocks: Blocks = future.result()
    except KilledWorker as fault:
        raise ClusterError(
            f"job {job} ended its worker each time it was tried",
            where=plan.name,
            found=f"{fault.allowed_failures + 1} workers lost",
            expected="one that lives through it",
            way_out=f"Most often memory ran out: take fewer workers, or none. {AGAIN}",
        ) from fault
    except (CancelledError, OSError) as fault:
        raise _gone(plan) from fault
    return blocks


def _gone(plan: SweepPlan) -> ClusterError:
    return ClusterError(
        "the cluster is gone", where=plan.name, found="a scheduler that no longer answers", way_out=AGAIN
    )
