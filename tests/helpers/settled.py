"""A corridor in which nothing changes, run forward from no surprises: for limits whose answer is known."""

from __future__ import annotations

from dataclasses import replace

import corridors
import jax.numpy as jnp
import numpy as np
from corridors import twin

from palanca.model.outcomes import MonthlyOutcomes
from palanca.model.run import CorridorInputs

DRAWS = 3


def steady(months: int = 600, **settings: object) -> CorridorInputs:
    """A corridor in which nothing ever changes: no season, no crowding; long enough to settle."""
    inputs = corridors.quiet(months)
    flat = replace(inputs.corridor, heat=jnp.ones(12))
    return corridors.with_levers(replace(inputs, corridor=flat), **settings)


def still(**fixed: object) -> dict:
    """Parameters with no season, drift or crowding, so that constant inputs give constant flows."""
    calm = {
        "season_circular": 0.0,
        "season_asylum": 0.0,
        "crowding_detained": 0.0,
        "death_crowding": 0.0,
        "mix_drift": 0.0,
    }
    return corridors.values(DRAWS, **{**calm, **fixed})


def forward(inputs: CorridorInputs, values: dict, **settings: object) -> MonthlyOutcomes:
    """The story's own levers run forward from no surprises."""
    shocks = corridors.plain_shocks(inputs, values["base"].shape[-1], **settings)
    return twin(inputs, inputs.levers, shocks, values)


def people(seen: MonthlyOutcomes, name: str) -> np.ndarray:
    return np.asarray(getattr(seen, name))
