"""A sweep of the small made-up corridor, to see that compiled code gives workers the bits it gives threads."""

from __future__ import annotations

from dataclasses import dataclass

import corridors
import jax.numpy as jnp
import numpy as np

from palanca.model import ensemble
from palanca.model.parameters import ParameterEntry
from palanca.model.run import CorridorInputs
from palanca.questions.sweep.plan import SweepPlan

KEEP = ("encounters", "deaths")


@dataclass(frozen=True, eq=False)
class Replayed:
    """History of a chunk of draws."""

    inputs: CorridorInputs
    free: np.ndarray
    entries: tuple[ParameterEntry, ...]

    def __call__(self, job: int) -> dict[str, np.ndarray]:
        free = jnp.asarray(ensemble.padded(self.free, job * ensemble.CHUNK))
        values = ensemble.constrained_chunk(free, self.entries)
        shocks = ensemble.solved_chunk(self.inputs, values)
        seen = ensemble.projected_chunk(self.inputs, self.inputs.levers, shocks, values, KEEP)
        return {name: np.asarray(block) for name, block in seen.items()}


def plan(draws: int) -> SweepPlan:
    """The sweep of so many draws."""
    jobs = -(-draws // ensemble.CHUNK)
    work = Replayed(corridors.eventful(), corridors.free(draws), corridors.layout().entries)
    return SweepPlan("corridor", jobs, {"question": "replay"}, work, draws - (jobs - 1) * ensemble.CHUNK)
