"""How crossings divide among border sectors, and shift when one hardens (equation F10)."""

from __future__ import annotations

import jax.numpy as jnp
from jax import Array

from palanca.flows.params import FlowParams
from palanca.kernel.axes import PerOrigin, PerSector


def appeal_weights(params: FlowParams) -> Array:
    """Fixed part of each sector's appeal by origin, as weights (origin, sector, draw)."""
    return jnp.exp(params.appeal)


def divide(
    people: PerOrigin, weights: Array, knots: tuple[Array, Array], barrier: Array, params: FlowParams
) -> PerSector:
    """Divide an origin's encounters among sectors by appeal; a hardened sector loses to the others.

    Args:
        people: Encounters by origin [people / month].
        weights: From `appeal_weights`.
        knots: Position of the month between yearly knots: lower knot and share of the way to the next.
        barrier: Hardening of each sector, (sector).
        params: Uses `drift` and `barrier_effect` [log points].

    Returns:
        Encounters by sector; they sum to those by origin.

    Reference:
        Choice among options with equal noise; equation F10 of docs/model.md.
    """
    lower, way = knots
    drift = params.drift[lower] * (1.0 - way) + params.drift[lower + 1] * way
    pull = jnp.exp(drift - params.barrier_effect * barrier[:, None])
    per_pull = people / jnp.sum(weights * pull[None], axis=1)
    return pull * jnp.sum(weights * per_pull[:, None], axis=0)
