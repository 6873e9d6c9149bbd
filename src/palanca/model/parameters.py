"""The parameters as one vector of free numbers, and back as records for the mechanisms."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

import jax.numpy as jnp
import numpy as np
from jax import Array
from jax.scipy.special import gammaln

from palanca.flows.params import FlowParams
from palanca.kernel.curves import logistic
from palanca.policy.params import PolicyParams
from palanca.spec import tables
from palanca.spec.parameter import beliefs
from palanca.spec.schema import Case

CALENDAR_MONTHS = 12
COMPARED = (("origin", "sector"), ("knot", "sector"), ("knot", "group"))  # only differences along the last axis count


@dataclass(frozen=True)
class ParameterEntry:
    """One parameter in the vector: its axes, prior, and place.

    Args:
        name: As in spec/parameters.csv.
        dims: Its axes.
        shape: Their lengths.
        family: Prior family; `fixed` holds no free number.
        p1: First number of the family; where the numbers sum to zero, their common level, which is nil.
        p2: Second number of the family.
        start: Place of its first free number.
        fitted: Whether the figures may move it from its prior.
    """

    name: str
    dims: tuple[str, ...]
    shape: tuple[int, ...]
    family: str
    p1: float
    p2: float
    start: int
    fitted: bool = True

    @property
    def summing(self) -> bool:
        """Whether its numbers sum to zero along the last axis: no figure bears on what is common to them."""
        return self.family == "normal" and self.dims in COMPARED

    @property
    def free_shape(self) -> tuple[int, ...]:
        """Its axes as free numbers: one fewer along an axis on which its numbers sum to zero."""
        return (*self.shape[:-1], self.shape[-1] - 1) if self.summing else self.shape

    @property
    def size(self) -> int:
        """How many free numbers it takes."""
        return 0 if self.family == "fixed" else int(np.prod(self.free_shape, dtype=int))


@dataclass(frozen=True)
class Layout:
    """Every parameter of a case with its place in the vector of free numbers."""

    entries: tuple[ParameterEntry, ...]
    sizes: dict[str, int]

    @property
    def length(self) -> int:
        """Length of the vector."""
        return sum(entry.size for entry in self.entries)

    def constrain(self, free: Array) -> dict[str, Array]:
        """Free numbers to parameters.

        Args:
            free: Free numbers, (length, draw).

        Returns:
            Each parameter with its axes and that of draws last, in its own unit.
        """
        values = {}
        for entry in self.entries:
            if entry.family == "fixed":
                values[entry.name] = jnp.full((*entry.shape, free.shape[-1]), entry.p1)
                continue
            part = free[entry.start : entry.start + entry.size].reshape((*entry.free_shape, free.shape[-1]))
            values[entry.name] = summing_to_zero(part) if entry.summing else _natural(entry.family, part)
        return values

    def log_prior(self, free: Array) -> Array:
        """Log density of the prior over the free numbers, up to no constant, summed over them.

        Args:
            free: Free numbers, (length).
        """
        total = jnp.zeros(())
        for entry in self.entries:
            part = free[entry.start : entry.start + entry.size]
            total = total + jnp.sum(_density(entry, part))
        return total

    def centre(self) -> np.ndarray:
        """Free numbers at the middle of every prior, (length)."""
        return self._per_number(_middle)

    def spread(self) -> np.ndarray:
        """Standard deviation of every prior on the scale of free numbers, (length)."""
        return self._per_number(_width)

    def fitted(self) -> np.ndarray:
        """Which free numbers the figures may move, (length)."""
        blocks = [np.full(entry.size, entry.fitted) for entry in self.entries]
        return np.concatenate(blocks) if blocks else np.empty(0, dtype=bool)

    def names(self) -> list[str]:
        """A name for every free number, such as `base[3]`."""
        return [
            entry.name + ("[" + ",".join(map(str, place)) + "]" if place else "")
            for entry in self.entries
            if entry.size
            for place in np.ndindex(*entry.free_shape)
        ]

    def _per_number(self, of: object) -> np.ndarray:
        assert callable(of)
        blocks = [np.full(entry.size, of(entry)) for entry in self.entries]
        return np.concatenate(blocks) if blocks else np.empty(0)


def layout(case: Case) -> Layout:
    """Lay the parameters of a case out, with the case's own values and priors in place of the defaults."""
    knots = len({month.year for month in case.span.span}) + 1
    sizes = {
        "origin": len(case.origins),
        "group": len(case.groups),
        "sector": len(case.sectors),
        "calendar_month": CALENDAR_MONTHS,
        "knot": knots,
        "gate": 4,
        "place": 3,
    }
    entries, start = [], 0
    fitted = {row.name: row.fitted for row in tables.parameters().values()}
    for name, belief in beliefs(case).items():
        shape = tuple(sizes[dim] for dim in belief.dims)
        p2 = belief.p2 if belief.p2 is not None else 0.0
        entry = ParameterEntry(name, belief.dims, shape, belief.family, belief.p1, p2, start, fitted[name])
        entry = replace(entry, p1=0.0) if entry.summing else entry
        entries.append(entry)
        start += entry.size
    return Layout(tuple(entries), sizes)


def summing_to_zero(free: Array) -> Array:
    """Numbers that sum to zero, from one fewer free ones.

    A rotation: free numbers that are independent normals of one size give numbers that are exchangeable, each with
    `1 - 1 / n` of their variance, and whose differences are those of independent normals of that size. Each but the
    last is a free number less what is common to all.

    Args:
        free: The last axis but that of draws is one short, (..., n - 1, draw).

    Returns:
        (..., n, draw).

    Reference:
        The first columns of a Householder reflection that turns the last axis into the mean.
    """
    total, root = free.sum(axis=-2, keepdims=True), np.sqrt(free.shape[-2] + 1.0)
    return jnp.concatenate([free - total / (root * (root + 1.0)), -total / root], axis=-2)


def records(values: dict[str, Array]) -> tuple[FlowParams, PolicyParams]:
    """The typed records that the mechanisms take."""
    return (
        FlowParams(**{field.name: values[field.name] for field in fields(FlowParams)}),
        PolicyParams(**{field.name: values[field.name] for field in fields(PolicyParams)}),
    )


def _natural(family: str, free: Array) -> Array:
    if family in ("lognormal", "halfnormal"):
        return jnp.exp(free)
    return logistic(free) if family == "beta" else free


def _density(entry: ParameterEntry, free: Array) -> Array:
    if entry.family == "normal":
        return -0.5 * ((free - entry.p1) / entry.p2) ** 2 - np.log(entry.p2 * np.sqrt(2 * np.pi))
    if entry.family == "lognormal":
        return -0.5 * ((free - np.log(entry.p1)) / entry.p2) ** 2 - np.log(entry.p2 * np.sqrt(2 * np.pi))
    if entry.family == "halfnormal":
        return free - 0.5 * (jnp.exp(free) / entry.p1) ** 2 + np.log(np.sqrt(2 / np.pi) / entry.p1)
    if entry.family == "beta":
        norm = gammaln(entry.p1 + entry.p2) - gammaln(entry.p1) - gammaln(entry.p2)
        return norm - entry.p1 * jnp.log1p(jnp.exp(-free)) - entry.p2 * jnp.log1p(jnp.exp(free))
    return jnp.zeros_like(free)


def _middle(entry: ParameterEntry) -> float:
    return {
        "normal": entry.p1,
        "lognormal": float(np.log(max(entry.p1, 1e-300))),
        "halfnormal": float(np.log(0.6745 * entry.p1)) if entry.family == "halfnormal" else 0.0,
        "beta": float(np.log(entry.p1 / entry.p2)) if entry.family == "beta" else 0.0,
    }.get(entry.family, 0.0)


def _width(entry: ParameterEntry) -> float:
    if entry.family in ("normal", "lognormal"):
        return entry.p2
    if entry.family == "beta":
        return float(np.sqrt(1.0 / entry.p1 + 1.0 / entry.p2))
    return 1.0
