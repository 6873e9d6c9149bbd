"""A bar on the error stream that says how far long work has come; silent with --quiet and where nobody watches."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager

QUIET = "PALANCA_QUIET"


@contextmanager
def bar(doing: str) -> Iterator[Callable[[int, int], None]]:
    """A bar with the time left judged from the jobs made in this run alone.

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
    quiet = bool(os.environ.get(QUIET))
    console = Console(stderr=True, quiet=quiet)
    with Progress(*columns, console=console, transient=True, speed_estimate_period=600.0) as shown:
        task = shown.add_task(doing, total=None)
        started = False

        def tell(done: int, jobs: int) -> None:
            nonlocal started
            if started:
                shown.update(task, completed=done, total=jobs)
            else:  # what a store held already says nothing about speed
                shown.reset(task, completed=done, total=jobs)
                started = True

        yield tell
