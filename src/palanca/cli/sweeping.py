"""Options of every command that runs many worlds, and a bar that says how far it has come and what time is left."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

Workers = Annotated[
    int, typer.Option(min=0, help="Processes of this machine to spread the work over; 0 runs it here, two at a time.")
]
Cluster = Annotated[
    str | None, typer.Option(metavar="ADDRESS", help="Scheduler of a running Dask cluster, as tcp://10.0.0.1:8786.")
]
Store = Annotated[
    Path | None,
    typer.Option(help="Folder in which to keep what is done, so that a run that was broken off goes on from there."),
]


@contextmanager
def progress(doing: str) -> Iterator[Callable[[int, int], None]]:
    """A bar on the error stream, with the time left judged from the jobs made in this run alone.

    Args:
        doing: What is being done, in a few words.
    """
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    columns = (
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TextColumn("left"),
        TimeRemainingColumn(),
    )  # fmt: skip
    with Progress(*columns, console=Console(stderr=True), transient=True, speed_estimate_period=600.0) as bar:
        task = bar.add_task(doing, total=None)
        started = False

        def tell(done: int, jobs: int) -> None:
            nonlocal started
            if started:
                bar.update(task, completed=done, total=jobs)
            else:  # what a store held already says nothing about speed
                bar.reset(task, completed=done, total=jobs)
                started = True

        yield tell
