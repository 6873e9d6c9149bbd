"""Opens the processes that a sweep is spread over: workers of this machine, or a cluster that is already running."""

from __future__ import annotations

import asyncio
import logging
import tempfile
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import dask
from distributed import Client, LocalCluster
from distributed.core import rpc

from palanca.core.errors import ClusterError
from palanca.questions.sweep import deaf

PATIENCE = 10  # seconds for a cluster to answer, and as many again for it to have a worker
LIVES = 3  # workers of this machine that may die of one job before it is given up
LARGE = {"distributed.admin.large-graph-warning-threshold": "1 TiB"}  # a work goes to the scheduler once, and is kept
SETTINGS = {
    **LARGE,
    "distributed.scheduler.allowed-failures": LIVES - 1,
    "distributed.scheduler.work-stealing": False,  # jobs are alike; moving them about gains nothing
    "distributed.worker.multiprocessing-method": "spawn",
    "distributed.admin.tick.limit": "1h",  # a busy machine is nothing to warn of
}
NO_PAGES = {"dashboard": False, "dashboard_address": "127.0.0.1:0"}  # otherwise it would take port 8787


@contextmanager
def local(workers: int) -> Iterator[Client]:
    """So many processes on this machine, each with one thread, ended with the block however it ends.

    Args:
        workers: How many.
    """
    with (
        tempfile.TemporaryDirectory(prefix="palanca-workers-", ignore_cleanup_errors=True) as scratch,
        dask.config.set(SETTINGS),
        LocalCluster(
            n_workers=workers,
            threads_per_worker=1,
            processes=True,
            memory_limit=0,
            dashboard_address=None,
            scheduler_kwargs=NO_PAGES,
            local_directory=scratch,
            silence_logs=logging.CRITICAL,
            preload=deaf.__name__,
        ) as cluster,
        Client(cluster, set_as_default=False) as client,
    ):
        yield client


@contextmanager
def standing(address: str) -> Iterator[Client]:
    """A client of the cluster at an address, left again with the block.

    Args:
        address: That of its scheduler, such as `tcp://10.0.0.1:8786`.

    Raises:
        ClusterError: Nothing that is a scheduler answers there, or it has no workers; within twice `PATIENCE`.
    """
    _knock(address)
    with dask.config.set(LARGE), Client(address, timeout=PATIENCE, set_as_default=False) as client:
        try:
            client.wait_for_workers(1, timeout=PATIENCE)
        except TimeoutError as fault:
            raise ClusterError(
                "the cluster has no workers",
                where=address,
                found=f"none after {PATIENCE} s",
                way_out=f"Start some, as in `dask worker {address}`, and run the same again.",
            ) from fault
        yield client


def _knock(address: str) -> None:
    """Ask who is there before a client is made: one waits without end for an address that takes calls but is mute."""
    found: object
    try:
        with ThreadPoolExecutor(1) as aside:  # notebooks have a loop of their own running in this thread
            answer = aside.submit(_answer, _identity(address)).result()
    except (OSError, ValueError, TypeError, OverflowError, MemoryError) as fault:
        found = str(fault) or f"no answer within {PATIENCE} s"
        if isinstance(fault, MemoryError):  # what it says was read as the length of a message
            found = "an answer in another language"
    else:
        found = answer.get("type") if isinstance(answer, dict) else answer
        if found == "Scheduler":
            return
    raise ClusterError(
        "no cluster answers",
        where=f"--cluster {address}",
        found=str(found),
        expected="the scheduler of a Dask cluster, as in tcp://10.0.0.1:8786",
        way_out="Check the address, and that `dask scheduler` is running there; or use --workers for this machine.",
    )


def _answer(asked: Coroutine[Any, Any, object]) -> object:
    async def timed() -> object:
        return await asyncio.wait_for(asked, PATIENCE)

    return asyncio.run(timed())


async def _identity(address: str) -> object:
    async with rpc(address) as scheduler:
        return await scheduler.identity(n_workers=0)
