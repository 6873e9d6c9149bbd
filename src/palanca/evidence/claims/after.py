"""The two years after a deal in twin worlds: effort kept up, effort that fades, and no rise of effort at all."""

from __future__ import annotations

from dataclasses import dataclass

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Float

from palanca.core.clock import Month
from palanca.core.errors import UsageError
from palanca.infer.history import PreparedCase
from palanca.infer.posterior import AbstractDraws
from palanca.kernel.keys import normals
from palanca.questions.bargaining import response
from palanca.questions.bargaining.response import AS_RECORDED, Settings
from palanca.questions.ledger import deployed

LENGTH = 24  # months followed
STEP = 3  # months between two changes of declared effort
SPREAD = 0.4  # of the log of the half-life, as bargain mode has it
SETTLES = 3  # months within which a deal's full effort is declared
WORLDS = ("kept up", "fading", "no deal")


@dataclass(frozen=True, eq=False)
class After:
    """Twin worlds from the month of a deal on; only declared effort differs between them.

    Args:
        first: Month of the deal.
        levels: Declared effort before the deal and at its height [multiples of routine control].
        half_life: Of the declared rise, in the world where it fades (draw) [months].
        encounters: By world of `WORLDS`, (world, month, draw) [events / month].
        deaths: Deaths on the way (world, month, draw) [deaths / month].
        held: People on hold (world, month, draw) [people].
    """

    first: Month
    levels: tuple[float, float]
    half_life: Float[np.ndarray, " draw"]
    encounters: Float[np.ndarray, "world month draw"]
    deaths: Float[np.ndarray, "world month draw"]
    held: Float[np.ndarray, "world month draw"]

    @property
    def climb(self) -> Float[np.ndarray, " draw"]:
        """Of what the deal held back in the last half year, the part that comes all the same if it fades [share]."""
        kept, faded, without = self.encounters[:, -6:].sum(axis=1)
        gap = without - kept
        return np.where(gap > 0.0, (faded - kept) / np.where(gap > 0.0, gap, 1.0), np.nan)


def worlds(setting: PreparedCase, posterior: AbstractDraws, first: Month, *, draws: int = 64, key: int = 1) -> After:
    """Run the worlds with history's surprises.

    Args:
        setting: From `history.prepare`.
        posterior: Fitted parameters.
        first: Month of the deal.
        draws: How many draws.
        key: Same key, same draws.

    Raises:
        UsageError: The case does not reach two years beyond the deal, or declared effort did not rise.
    """
    span = setting.case.span.span
    if first + -1 not in span or first + (LENGTH - 1) not in span:
        raise UsageError(
            "two years after the deal are not in the case", found=str(first), expected=f"by {span.last + -LENGTH}"
        )
    at = span.position(first)
    declared = [response.levels(setting.inputs, at + i)["effort"] for i in range(-1, SETTLES + 1)]
    low, high = declared[0], max(declared[1:])
    if high <= low:
        raise UsageError("declared effort did not rise with this deal", where=str(first), found=f"{low:g} to {high:g}")
    values = posterior.layout.constrain(jnp.asarray(posterior.draws(key, range(draws))))
    every, shocks = response.starts(setting.inputs, values)
    start = jax.tree.map(lambda leaf: leaf[at], every)
    half_life = deployed.half_life() * np.exp(SPREAD * normals(key, "after/half-life", range(draws), ()))
    rows = []
    for path in (lambda m: np.ones(draws), lambda m: 0.5 ** (m / half_life), lambda m: np.zeros(draws)):
        world, record = start, []
        for month in range(0, LENGTH, STEP):
            effort = low + (high - low) * path(month + (STEP - 1) / 2.0)
            point = _only_effort(effort)
            place = jnp.asarray(at + month)
            world, seen = response.advance(setting.inputs, world, shocks, values, point, place, STEP)
            record.append(seen)
        rows.append(record)
    kept = {
        name: np.stack([np.concatenate([_total(one[name]) for one in record]) for record in rows])
        for name in ("encounters", "deaths", "held")
    }
    return After(first, (low, high), half_life, **kept)


def _only_effort(effort: np.ndarray) -> Settings:
    as_recorded = jnp.full(effort.size, AS_RECORDED)
    return Settings(effort=jnp.asarray(effort), returns=as_recorded, parole=as_recorded, own=as_recorded)


def _total(values: jax.Array) -> np.ndarray:
    """Over origins where there are any, (month, draw)."""
    found = np.asarray(values)
    return found.sum(axis=1) if found.ndim == 3 else found
