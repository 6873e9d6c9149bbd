"""Made-up procedures on the small corridor: rules that differ by draw and month, behaviour, and their worlds."""

from __future__ import annotations

from dataclasses import replace

import corridors
import jax
import jax.numpy as jnp
import numpy as np

from palanca.flows.procedures import Behaviour, LegalMonth, ProcedureRules
from palanca.model.legal import InProcedures
from palanca.model.outcomes import MonthlyOutcomes
from palanca.model.run import CorridorInputs, fixed, spread, through, under
from palanca.model.world import Shocks


def behaviour(draws: int, **given: float) -> Behaviour:
    """How people answer, a little different in every draw."""
    usual = {
        "preference": 4.0, "patience": 8.0, "dissimilarity": 0.4, "queue_quit": 0.05, "quit_road": 0.4,
        "refused_road": 0.3, "appeal_heard": 0.25,
    }  # fmt: skip
    tilt = np.linspace(0.9, 1.1, draws) if draws > 1 else np.ones(1)
    return Behaviour(**{name: jnp.asarray(value * tilt) for name, value in (usual | given).items()})


def rules(draws: int, months: int = corridors.MONTHS, seed: int = 4) -> ProcedureRules:
    """Three procedures: two that share places, one of them busy, and one for work that admits by itself."""
    rng = np.random.default_rng(seed)
    origins, groups = corridors.ORIGINS, corridors.GROUPS
    month = np.arange(months)[:, None, None]
    covered = (
        np.ones((months, 3, origins, groups))
        * np.array([[1.0, 1.0, 0.0], [0.0, 1.0, 1.0], [1.0, 1.0, 1.0]])[None, :, :, None]
    )
    covered[:4] = 0.0
    each = np.ones((months, 3, draws))
    return ProcedureRules(
        covered=jnp.asarray(covered),
        reach=jnp.asarray(each * rng.uniform(0.5, 0.9, (1, 3, draws))),
        labour=jnp.asarray(np.ones((months, 3)) * [0.0, 0.0, 1.0]),
        capacity=jnp.asarray(each * np.array([300.0, 60.0, 400.0])[None, :, None] * (1.0 + 0.5 * (month >= 15))),
        least_wait=jnp.asarray(each * np.array([2.0, 3.0, 1.0])[None, :, None]),
        accepted=jnp.asarray(rng.uniform(0.3, 0.8, (1, 3, origins, draws)) * np.ones((months, 1, 1, 1))),
        appeal=jnp.asarray(each * np.array([0.4, 0.2, 0.0])[None, :, None]),
        appeal_won=jnp.asarray(each * np.array([0.3, 0.1, 0.0])[None, :, None]),
        pools=jnp.asarray(np.ones((months, 1, 1)) * np.array([[1.0], [1.0], [0.0]])),
        places=jnp.asarray(np.full((months, 1, draws), 90.0)),
    )


def changed(given: ProcedureRules, **settings: float) -> ProcedureRules:
    """The same rules with some of them set to one number."""
    return replace(given, **{name: jnp.full_like(getattr(given, name), value) for name, value in settings.items()})


@jax.jit
def world(
    inputs: CorridorInputs, shocks: Shocks, values: dict, open_now: ProcedureRules, people: Behaviour
) -> tuple[MonthlyOutcomes, LegalMonth]:
    """A world with procedures from the first month on."""
    draws = next(iter(values.values())).shape[-1]
    given, react = under(inputs, inputs.levers, shocks), InProcedures(open_now, people)
    return through(
        spread(inputs.start, draws), given, fixed(inputs.corridor, values), react=react,
        select=lambda lived, _: (lived.outcomes, lived.legal),
    )[1]  # fmt: skip
