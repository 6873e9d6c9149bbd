"""Numbers a bargain is made of, each refused when it lies outside its range: patience, chances, amounts.

A range is checked where a number is known; inside compiled code it is not, so whoever compiles checks first.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array
from jax.typing import ArrayLike
from jaxtyping import Bool, Float

from palanca.core.errors import BargainError

Number: TypeAlias = Float[ArrayLike, "*#draw"]
Amount: TypeAlias = Float[Array, "*#draw"]
Flag: TypeAlias = Bool[Array, "*#draw"]
PerIssue: TypeAlias = Float[Array, "issue *#draw"]


def patience(value: ArrayLike, name: str = "patience") -> Array:
    """Weight of a payoff one period later [share], strictly between 0 and 1.

    Raises:
        BargainError: Names the number and what was found.
    """
    return _within(value, name, "a number strictly between 0 and 1", lambda x: (x > 0.0) & (x < 1.0))


def chance(value: ArrayLike, name: str) -> Array:
    """A chance or a share, from 0 to 1.

    Raises:
        BargainError: Names the number and what was found.
    """
    return _within(value, name, "a number from 0 to 1", lambda x: (x >= 0.0) & (x <= 1.0))


def at_least_zero(value: ArrayLike, name: str) -> Array:
    """A finite amount that may be nothing but not less.

    Raises:
        BargainError: Names the number and what was found.
    """
    return _within(value, name, "a finite number of 0 or more", lambda x: (x >= 0.0) & np.isfinite(x))


def positive(value: ArrayLike, name: str) -> Array:
    """A finite amount above nothing.

    Raises:
        BargainError: Names the number and what was found.
    """
    return _within(value, name, "a finite number above 0", lambda x: (x > 0.0) & np.isfinite(x))


def precision(value: ArrayLike, name: str = "precision") -> Array:
    """How closely choices follow payoffs [per unit of payoff], from 0 (any choice) to infinity (always the best).

    Raises:
        BargainError: Names the number and what was found.
    """
    return _within(value, name, "a number of 0 or more, infinity included", lambda x: x >= 0.0)


def finite(value: ArrayLike, name: str) -> Array:
    """A payoff of either sign.

    Raises:
        BargainError: Names the number and what was found.
    """
    return _within(value, name, "a finite number", np.isfinite)


def whole(value: int, name: str, least: int, most: int) -> int:
    """A count within bounds.

    Raises:
        BargainError: Names the number and what was found.
    """
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise BargainError(
            f"{name} is out of range", found=repr(value), expected=f"a whole number from {least} to {most}"
        )
    return value


def _within(value: ArrayLike, name: str, expected: str, rule: Callable[[np.ndarray], np.ndarray]) -> Array:
    if not isinstance(value, jax.core.Tracer):
        given = np.asarray(value, dtype=float)
        wrong = ~rule(given)
        if wrong.any():
            raise BargainError(
                f"{name} is out of range",
                found=f"{given[wrong].flat[0]:g}",
                expected=expected,
                way_out=f"Give {name} as {expected}.",
            )
    return jnp.asarray(value, dtype=float)


def alike(values: dict[str, ArrayLike]) -> None:
    """Refuse lists that belong together and differ in length.

    Raises:
        BargainError: Names each list with its shape.
    """
    shapes = {name: np.shape(value) for name, value in values.items()}
    if len(set(shapes.values())) > 1:
        raise BargainError(
            "lists that belong together differ in length",
            found=", ".join(f"{name} {shape}" for name, shape in shapes.items()),
            expected="one entry for each clause in all of them",
        )
