"""Time and memory of `palanca data update` into an empty store, each file in processes of its own.

Run: python benchmarks/update.py FILE... The releases are the publishers'; the project ships none.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROUNDS = 3


def once(file: str) -> tuple[float, float, float]:
    """Seconds by the clock, seconds of the processor, and peak memory [MB] of one update."""
    with tempfile.TemporaryDirectory() as folder:
        before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
        command = [sys.executable, "-m", "palanca", "data", "update", file, "--store", f"{folder}/store"]
        with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
            _, code, used = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(code)
        if process.returncode:
            raise SystemExit(f"{file} was refused")
        seconds = time.perf_counter() - start
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        return seconds, spent, used.ru_maxrss / 1024


def main() -> None:
    print(f"load average {os.getloadavg()[0]:.1f} as it begins; best of {ROUNDS}")
    for file in sys.argv[1:]:
        rounds = [once(file) for _ in range(ROUNDS)]
        clock, processor, memory = (min(one) for one in zip(*rounds, strict=True))
        print(f"{Path(file).name:50s} {clock:6.2f} s, {processor:6.2f} s of the processor, {memory:5.0f} MB")


if __name__ == "__main__":
    main()
