"""Fits to forecast with where none is shipped yet, and one small made-up forecast on which views can be checked."""

from __future__ import annotations

from dataclasses import dataclass

import jax.numpy as jnp
import numpy as np

from palanca.core.clock import Month
from palanca.data.read import packaged_figures
from palanca.infer.posterior import How, Posterior, Search
from palanca.model.outcomes import OUTCOMES, PLACES, STOCKS
from palanca.model.parameters import Layout, layout
from palanca.model.record import QUANTITIES
from palanca.questions.forecast.project import Forecast, Kept
from palanca.questions.forecast.suppositions import AS_THEY_ARE, PERSIST, Supposition
from palanca.spec.edit import Change
from palanca.spec.load import load
from palanca.spec.schema import Case

LAST, MONTHS, DRAWS = Month.parse("2022-06"), 14, 40
CHANGE = Change("levers.contention.effort", 0.0, LAST + 1)


@dataclass(frozen=True)
class Scattered:
    """Free numbers a little apart from the middle of their priors, each draw with noise of its own."""

    layout: Layout
    spread: float = 0.1

    def draws(self, key: int, chosen: range) -> np.ndarray:
        centre, width = self.layout.centre(), self.layout.spread()
        noise = [np.random.default_rng([key, number]).standard_normal(self.layout.length) for number in chosen]
        return centre[:, None] + self.spread * width[:, None] * np.stack(noise, axis=-1)


def posterior(case: Case, size: int = 30) -> Posterior:
    """A quick fit of a case that never saw a figure, to be stored and read back."""
    given = layout(case)
    free = Scattered(given).draws(3, range(size))
    chain = np.zeros(size, dtype=int)
    return Posterior(given, How.quick, free, chain, free.mean(axis=1), free.std(axis=1), Search(-1.0, 0.01, 3))


def forecast(*, changed: bool = False, months: int = MONTHS, unseen: int = 3) -> Forecast:
    """Random positive counts in every quantity of the shipped case; a supposition takes a fifth off every one.

    Args:
        changed: Whether something is supposed beside levers as they are.
        months: How many months ahead.
        unseen: In how many of them, at the end, figures are not known.
    """
    case = load("us-mexico")
    rng = np.random.default_rng(11)
    sizes = {
        "origin": len(case.origins), "group": len(case.groups), "sector": len(case.sectors),
        "outcome": len(OUTCOMES), "stock": len(STOCKS), "place": len(PLACES),
    }  # fmt: skip
    kept: Kept = {
        name: rng.lognormal(6.0, 0.5, (months, *(sizes[dim] for dim in quantity.dims), DRAWS))
        for name, quantity in QUANTITIES.items()
    }
    seen = rng.lognormal(7.0, 0.3, (months, len(case.origins)))
    seen[months - unseen :] = np.nan
    worlds, suppositions = {PERSIST: kept}, (AS_THEY_ARE,)
    if changed:
        worlds["a-fifth-less"] = {name: 0.8 * array for name, array in kept.items()}
        suppositions = (AS_THEY_ARE, Supposition("a-fifth-less", "a fifth fewer come", changes=(CHANGE,)))
    return Forecast(
        case=case,
        last=LAST,
        months=tuple(LAST + 1 + i for i in range(months)),
        suppositions=suppositions,
        worlds=worlds,
        seen=seen,
        past=rng.lognormal(7.0, 0.3, (LAST - case.span.first + 1, len(case.origins))),
        figures=packaged_figures().until(str(case.span.span.last)),
    )


def parameters(fit: Scattered, key: int, chosen: range) -> dict[str, jnp.ndarray]:
    """Parameters of some draws by name."""
    return fit.layout.constrain(jnp.asarray(fit.draws(key, chosen)))
