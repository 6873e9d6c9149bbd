"""Courts: how far a government can act alone under an authority, and whether what it did stands."""

from __future__ import annotations

from enum import IntEnum

import jax.numpy as jnp
from jax import Array
from jax.typing import ArrayLike
from jaxtyping import Float, Int


class Standing(IntEnum):
    """Where an authority stands in law."""

    OPEN = 0
    CONTESTED = 1
    CLOSED = 2


def lasting_chance(
    standing: Int[ArrayLike, "*#draw"], survival_chance: Float[ArrayLike, "*#draw"]
) -> Float[Array, "*#draw"]:
    """Chance that a measure under this authority stands another month [chance / month].

    Args:
        standing: A `Standing`, as its number.
        survival_chance: Chance to stand another month while contested [chance / month]; 1 turns courts off.
    """
    stands = jnp.asarray(standing)
    contested = jnp.where(stands == Standing.CONTESTED, jnp.asarray(survival_chance, dtype=float), 1.0)
    return jnp.where(stands == Standing.CLOSED, 0.0, contested)


def cap(standing: Int[ArrayLike, "*#draw"], most: Float[ArrayLike, "*#draw"]) -> Float[Array, "*#draw"]:
    """Most that a government may set alone [unit of the lever]: nothing where the authority is closed.

    Args:
        standing: A `Standing`, as its number.
        most: Most that the lever allows [unit of the lever].
    """
    return jnp.where(jnp.asarray(standing) == Standing.CLOSED, 0.0, jnp.asarray(most, dtype=float))


def standing_chance(
    standing: Int[ArrayLike, "*#draw"], survival_chance: Float[ArrayLike, "*#draw"], months: Float[ArrayLike, "*#draw"]
) -> Float[Array, "*#draw"]:
    """Chance that a measure still stands some months on [chance].

    Args:
        standing: A `Standing`, as its number.
        survival_chance: Chance to stand another month while contested [chance / month].
        months: Months from now [months]; a closed authority carries nothing even now.

    Reference:
        Equation N6 of docs/model.md: 1 if open, survival^months if contested, 0 if closed.
    """
    open_or_contested = lasting_chance(standing, survival_chance) ** jnp.asarray(months, dtype=float)
    return jnp.where(jnp.asarray(standing) == Standing.CLOSED, 0.0, open_or_contested)


def expected_strength(
    strength: Float[ArrayLike, "*#draw"],
    standing: Int[ArrayLike, "*#draw"],
    survival_chance: Float[ArrayLike, "*#draw"],
    months: int,
) -> Float[Array, "*#draw"]:
    """Mean strength of a measure over the months to come, this one included [unit of the lever].

    Args:
        strength: How strong it is where it stands [unit of the lever].
        standing: A `Standing`, as its number.
        survival_chance: Chance to stand another month while contested [chance / month].
        months: How many months, 1 or more.

    Reference:
        Equation N6 of docs/model.md: strength * mean of standing_chance over months 0 to months - 1.
    """
    chances = [standing_chance(standing, survival_chance, float(month)) for month in range(months)]
    return jnp.asarray(strength) * sum(chances, jnp.zeros(())) / months
