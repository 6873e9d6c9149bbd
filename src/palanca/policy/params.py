"""Typed record of this package's parameters; a test holds its fields equal to spec/parameters.csv."""

from __future__ import annotations

from dataclasses import dataclass

from jax import Array
from jax.tree_util import register_dataclass
from jaxtyping import Float


@register_dataclass
@dataclass(frozen=True)
class PolicyParams:
    """How levers move what follows an encounter, in log odds; names as in spec/parameters.csv."""

    follow_expelled: Float[Array, "origin group draw"]
    follow_acceptance: Float[Array, "group draw"]
    follow_abroad: Float[Array, "origin group draw"]
    follow_home: Float[Array, "origin group draw"]
    follow_detained: Float[Array, "origin group draw"]
    returns_home: Float[Array, " draw"]
    limit_home: Float[Array, " draw"]
    limit_detained: Float[Array, " draw"]
    reception_detained: Float[Array, " draw"]
    crowding_detained: Float[Array, " draw"]
