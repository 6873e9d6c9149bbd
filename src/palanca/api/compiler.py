"""Sets the compiler up: what it makes is kept between runs, and threads run side by side."""

from __future__ import annotations

import os
from pathlib import Path

import jax


def start() -> None:
    """Let the compiler keep what it makes in the user's cache folder (or `$PALANCA_CACHE`; empty turns it off)."""
    # work handed over by two threads then runs on two cores; otherwise it queues for one
    jax.config.update("jax_cpu_enable_async_dispatch", False)
    folder = os.environ.get("PALANCA_CACHE")
    if folder == "":
        return
    try:
        base = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    except RuntimeError:  # a user without a home: everything works, and is compiled anew each time
        if not folder:
            return
        base = ""
    jax.config.update("jax_compilation_cache_dir", folder or str(Path(base) / "palanca" / "compiled"))
    jax.config.update("jax_persistent_cache_min_compile_time_secs", 0.0)  # hundreds of small pieces add up
