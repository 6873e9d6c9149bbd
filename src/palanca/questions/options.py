"""How a question is run: draws, key, what is kept, who does the work, and who hears how far it has come."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class RunOptions:
    """How a question is run.

    Args:
        draws: How many histories.
        key: Same key, same bits.
        store: Folder that keeps what is done, so that an interrupted question goes on; nothing keeps nothing.
        workers: Processes of this machine; 0 runs in this one.
        cluster: Address of a Dask scheduler, or nothing.
        progress: Called as `progress(done, jobs)` while work goes on.
    """

    draws: int = 200
    key: int = 1
    store: Path | None = None
    workers: int = 0
    cluster: str | None = None
    progress: Progress | None = None
