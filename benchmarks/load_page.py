"""Fifty visitors who move levers for a minute: how long a page takes, how many fail, and what memory does.

Usage: python benchmarks/load_page.py [--visitors 50] [--seconds 60] [--think 10] [--url http://127.0.0.1:8000]

Without --url a server is started on a free port. Visitors begin apart and think between moves, as people do; each move
is one page of a what-if at 200 draws. Half of the moves set contention to one of the stops of its slider from one of
six months, which several visitors may have asked for; the others set it to a value that nobody asked for before.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import httpx

PATIENCE_S = 30.0
STOPS = [k / 10 for k in range(0, 31) if k != 10]
MONTHS = ["2024-01", "2024-02", "2024-03", "2024-04", "2024-05", "2024-06"]


@dataclass
class Seen:
    """What visitors met."""

    took_s: list[float] = field(default_factory=list)
    fresh_s: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    memory_mb: list[float] = field(default_factory=list)
    bytes: list[int] = field(default_factory=list)


def moved(rng: random.Random) -> tuple[str, bool]:
    """An address after one move, and whether nobody can have asked for it before."""
    month, fresh = rng.choice(MONTHS), rng.random() < 0.5
    value = f"{rng.uniform(0, 3):.5f}" if fresh else f"{rng.choice(STOPS):g}"
    return f"/us-mexico/whatif?contention={value}x@{month}", fresh


async def visitor(client: httpx.AsyncClient, seen: Seen, until: float, think_s: float, rng: random.Random) -> None:
    """Look, think, move; until the time is over."""
    await asyncio.sleep(rng.uniform(0, think_s))
    while time.monotonic() < until:
        address, fresh = moved(rng)
        began = time.perf_counter()
        try:
            found = await client.get(address)
            took = time.perf_counter() - began
            seen.took_s.append(took)
            seen.bytes.append(int(found.headers.get("content-length", 0)))
            if fresh:
                seen.fresh_s.append(took)
            if found.status_code != 200:
                seen.errors.append(f"{found.status_code} {address}")
        except httpx.HTTPError as fault:
            seen.errors.append(f"{type(fault).__name__} {address}")
        await asyncio.sleep(rng.uniform(0.5, 1.5) * think_s)


async def watched(client: httpx.AsyncClient, seen: Seen, until: float) -> None:
    """Memory of the server, every few seconds."""
    while time.monotonic() < until:
        text = (await client.get("/metrics")).text
        found = re.search(r"^palanca_memory_bytes ([0-9.e+]+)", text, re.M)
        if found:
            seen.memory_mb.append(float(found[1]) / 1e6)
        await asyncio.sleep(5.0)


async def load(url: str, visitors: int, seconds: float, think_s: float) -> Seen:
    """All visitors at once."""
    seen, until = Seen(), time.monotonic() + seconds
    limits = httpx.Limits(max_connections=visitors + 2)
    async with httpx.AsyncClient(base_url=url, timeout=PATIENCE_S, limits=limits, trust_env=False) as client:
        people = [visitor(client, seen, until, think_s, random.Random(number)) for number in range(visitors)]
        await asyncio.gather(watched(client, seen, until), *people)
    return seen


@contextmanager
def served() -> Iterator[str]:
    """A server of its own, warm, until the block ends."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "palanca", "serve", "--port", "0", "--keep", folder]
        with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
            try:
                assert process.stderr is not None
                found = re.search(r"http://[0-9.:]+", process.stderr.readline())
                assert found
                warm(found[0])
                yield found[0]
            finally:
                process.terminate()


def warm(url: str) -> None:
    """Wait until the case is loaded and one question is answered."""
    for _ in range(600):
        if httpx.get(f"{url}/health", timeout=PATIENCE_S, trust_env=False).json()["status"] == "ready":
            break
        time.sleep(0.5)
    for query in ("contention=0.05x@2024-01", "contention=0.15x@2024-01"):
        httpx.get(f"{url}/us-mexico/whatif?{query}", timeout=600.0, trust_env=False)


def told(seen: Seen) -> dict[str, object]:
    """In few numbers."""
    taken = sorted(seen.took_s)
    return {
        "pages": len(taken),
        "errors": len(seen.errors),
        "median_s": round(statistics.median(taken), 3),
        "p95_s": round(taken[int(0.95 * (len(taken) - 1))], 3),
        "longest_s": round(taken[-1], 3),
        "median_of_new_worlds_s": round(statistics.median(seen.fresh_s), 3) if seen.fresh_s else None,
        "page_kb": round(statistics.median(seen.bytes) / 1000, 1),
        "memory_mb": [round(one) for one in (seen.memory_mb[0], max(seen.memory_mb), seen.memory_mb[-1])],
        "first_errors": seen.errors[:5],
    }


def main() -> None:
    """Serve, load, tell."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--visitors", type=int, default=50)
    asked.add_argument("--seconds", type=float, default=60.0)
    asked.add_argument("--think", type=float, default=10.0)
    asked.add_argument("--url", default="")
    given = asked.parse_args()
    if given.url:
        warm(given.url)
        seen = asyncio.run(load(given.url, given.visitors, given.seconds, given.think))
    else:
        with served() as url:
            seen = asyncio.run(load(url, given.visitors, given.seconds, given.think))
    print(json.dumps(told(seen), indent=1))


if __name__ == "__main__":
    main()
