"""Axis names and array aliases; every array ends with the axis of draws, so an ensemble is an axis.

Axes: `month`, `origin`, `group`, `sector`, `stage`, `outcome`, `place`, and last `draw`. A quantity that does not
differ between draws has 1 there and broadcasts.
"""

from __future__ import annotations

from typing import TypeAlias

from jax import Array
from jaxtyping import Float

Scalar: TypeAlias = Float[Array, " draw"]
PerOrigin: TypeAlias = Float[Array, "origin draw"]
PerCell: TypeAlias = Float[Array, "origin group draw"]
PerSector: TypeAlias = Float[Array, "sector draw"]
CellLike: TypeAlias = Float[Array, "#origin #group #draw"]
OriginLike: TypeAlias = Float[Array, "#origin #draw"]
ScalarLike: TypeAlias = Float[Array, " #draw"]
Stages: TypeAlias = Float[Array, "stage origin group draw"]
