"""Versions of the code that were shown to give the same results: a fit made by one of them serves the others.

Moving or rewording code changes its fingerprint and not what it computes. `tools/restamp.py` computes again what the
code gave before, compares, and only then adds a line to `equivalent.txt`: the kind of result, and a fingerprint.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

TABLE = Path(__file__).with_name("equivalent.txt")


@cache
def known() -> frozenset[tuple[str, str]]:
    """Every kind of result with the fingerprints that were shown to give the same of it."""
    lines = TABLE.read_text(encoding="utf-8").splitlines()
    pairs = (line.split() for line in lines if line.strip() and not line.startswith("#"))
    return frozenset((kind, mark) for kind, mark in pairs)


def same(kind: str, then: str, now: str) -> bool:
    """Whether two fingerprints are of code that gives the same results.

    Args:
        kind: What the code gives: `model`, `forecasts`, `baselines`, `scores` or `probes`.
        then: Fingerprint of the code that made a result.
        now: Fingerprint of the code as it stands.
    """
    return then == now or {(kind, then), (kind, now)} <= known()
