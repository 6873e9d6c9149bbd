"""The election clock: how much more attention weighs as an election nears."""

from __future__ import annotations

import jax.numpy as jnp
import numpy as np
from jax import Array
from jax.typing import ArrayLike
from jaxtyping import Float, Int


def months_to_next(
    months: Int[np.ndarray, " month"], elections: Int[np.ndarray, " election"]
) -> Float[Array, " month"]:
    """Months to the next election, 0 in its own month.

    Args:
        months: Month numbers, any count that rises by 1 a month.
        elections: Month numbers of elections, in any order, on the same count.

    Returns:
        Months [months]; infinite after the last election, where the clock stands still.
    """
    ahead = np.asarray(elections)[None, :] - np.asarray(months)[:, None]
    return jnp.asarray(np.where(ahead >= 0, ahead, np.inf).min(axis=1, initial=np.inf))


def weight(
    months: Float[ArrayLike, "*#draw"], k: Float[ArrayLike, "*#draw"], tau: Float[ArrayLike, "*#draw"]
) -> Float[Array, "*#draw"]:
    """Weight of attention so many months before an election [1 far from one].

    Args:
        months: Months to the next election [months], infinite if none is in sight.
        k: Extra weight in the month of the election [share]; 0 turns the clock off.
        tau: Months over which the extra weight falls to 1/e [months], above 0.

    Reference:
        Equation N3 of docs/model.md: 1 + k exp(-m / tau).
    """
    given = jnp.asarray(months, dtype=float)
    seen = jnp.isfinite(given)  # kept out of the exponent, where its slope would be 0 times infinity
    near = jnp.where(seen, jnp.exp(-jnp.where(seen, given, 0.0) / jnp.asarray(tau)), 0.0)
    return 1.0 + jnp.asarray(k) * near
