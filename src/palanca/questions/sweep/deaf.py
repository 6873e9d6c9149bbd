"""What a worker of this machine does before anything else: leave Ctrl-C to the process that started it."""

from __future__ import annotations

import signal


def dask_setup(_worker: object) -> None:
    """Take no notice of an interruption, which a terminal sends to workers too; the driver ends them in order."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
