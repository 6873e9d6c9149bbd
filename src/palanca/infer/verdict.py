"""What the figures say of each parameter: learned, in between, or assumed."""

from __future__ import annotations

import jax.numpy as jnp
import numpy as np

from palanca.infer.fit import Fit

LEARNED, ASSUMED = 0.5, 0.95
Row = dict[str, object]


def label(ratio: float) -> str:
    """A word for the ratio of posterior to prior standard deviation."""
    if ratio > ASSUMED:
        return "assumed"
    return "learned" if ratio < LEARNED else "in between"


def by_parameter(found: Fit) -> list[Row]:
    """One row a parameter: its numbers' middle value and spread, and how many of them are learned."""
    ratio = found.spread / found.layout.spread()
    values = {
        name: np.asarray(part)[..., 0]
        for name, part in found.layout.constrain(jnp.asarray(found.mode[:, None])).items()
    }
    rows: list[Row] = []
    for entry in found.layout.entries:
        if not entry.size:
            continue
        part = ratio[entry.start : entry.start + entry.size]
        words = [label(r) for r in part]
        rows.append(
            {
                "parameter": entry.name,
                "numbers": entry.size,
                "median value": float(np.median(values[entry.name])),
                "sd / prior sd": float(np.median(part)),
                "learned": words.count("learned"),
                "in between": words.count("in between"),
                "assumed": words.count("assumed"),
                "held": "yes" if not entry.fitted else "no",
            }
        )
    return rows
