"""Named random streams: noise added in one place leaves every other draw alone."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np


def stream(key: int, *names: object) -> np.random.Generator:
    """A generator that depends on the key and on the names alone, never on what was drawn before.

    Args:
        key: The run's key, any integer from 0 up.
        names: Purpose, and whatever else tells this stream from others (series, origin, draw).

    Returns:
        A counter-based generator (Philox), equal on every machine.
    """
    text = "/".join(str(name) for name in (key, *names))
    seed = int.from_bytes(hashlib.sha256(text.encode()).digest()[:16], "little")
    return np.random.Generator(np.random.Philox(key=seed))


def normals(key: int, purpose: str, draws: Sequence[int], shape: tuple[int, ...]) -> np.ndarray:
    """Standard normals for some draws; a draw's numbers do not depend on which others are asked for.

    Returns:
        Array of `shape + (len(draws),)`.
    """
    blocks = [stream(key, purpose, draw).standard_normal(shape) for draw in draws]
    return np.stack(blocks, axis=-1) if blocks else np.empty((*shape, 0))
