"""Courts: how long a measure that is contested before them stands, and what is left of its strength."""

from __future__ import annotations

import jax.numpy as jnp
from jax import Array
from jax.typing import ArrayLike
from jaxtyping import Float


def standing_chance(
    survival_chance: Float[ArrayLike, "*#draw"], months: Float[ArrayLike, "*#draw"]
) -> Float[Array, "*#draw"]:
    """Chance that a contested measure still stands some months on [chance].

    Args:
        survival_chance: Chance to stand another month [chance / month]; 1 turns courts off.
        months: Months from now [months].

    Reference:
        Equation N6 of docs/model.md: survival^months.
    """
    return jnp.asarray(survival_chance, dtype=float) ** jnp.asarray(months, dtype=float)


def expected_strength(
    strength: Float[ArrayLike, "*#draw"], survival_chance: Float[ArrayLike, "*#draw"], months: int
) -> Float[Array, "*#draw"]:
    """Mean strength of a contested measure over the months to come, this one included [unit of the lever].

    Args:
        strength: How strong it is where it stands [unit of the lever].
        survival_chance: Chance to stand another month [chance / month].
        months: How many months, 1 or more.

    Reference:
        Equation N6 of docs/model.md: strength * mean of standing_chance over months 0 to months - 1.
    """
    chances = [standing_chance(survival_chance, float(month)) for month in range(months)]
    return jnp.asarray(strength) * sum(chances, jnp.zeros(())) / months
