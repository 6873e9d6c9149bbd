"""The few response curves shared by the mechanisms, each with its closed form."""

from __future__ import annotations

import jax.numpy as jnp
from jax import Array

TINY = 1e-12


def logistic(x: Array) -> Array:
    """Chance from log odds: 1 / (1 + exp(-x))."""
    return 1.0 / (1.0 + jnp.exp(-x))


def log_odds(p: Array, edge: float = 0.002) -> Array:
    """Log odds of a chance, held `edge` away from 0 and 1 so that rounded figures stay finite."""
    held = jnp.clip(p, edge, 1.0 - edge)
    return jnp.log(held / (1.0 - held))


def hazard_chance(hazard: Array) -> Array:
    """Chance that something happens within a month at a constant hazard: 1 - exp(-hazard)."""
    return -jnp.expm1(-hazard)


def ration(wanted: Array, ceiling: Array) -> Array:
    """Share of what is wanted that a ceiling lets through: min(1, ceiling / wanted)."""
    return jnp.minimum(1.0, ceiling / jnp.maximum(wanted, TINY))
