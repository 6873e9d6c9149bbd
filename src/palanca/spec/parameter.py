"""The parameters of a case: the table's defaults with the case's overrides, all in the table's units."""

from __future__ import annotations

from dataclasses import dataclass

from palanca.core import units
from palanca.spec import tables
from palanca.spec.schema import Case, Parameter


@dataclass(frozen=True)
class Belief:
    """What a case believes of one parameter.

    Args:
        name: Name in the table of parameters.
        dims: Axes along which it varies.
        unit: Unit of its values.
        low: Lower bound.
        high: Upper bound.
        family: `fixed`, or the family of the prior.
        p1: First number of the family, or the value when fixed.
        p2: Second number, where the family has one.
        source: Where it comes from.
        overridden: Whether the case says otherwise than the table.
    """

    name: str
    dims: tuple[str, ...]
    unit: str
    low: float
    high: float
    family: str
    p1: float
    p2: float | None
    source: str
    overridden: bool


def beliefs(case: Case) -> dict[str, Belief]:
    """Every parameter of the model as this case believes it, in the order of the table."""
    return {name: _belief(row, case.parameters.get(name)) for name, row in tables.parameters().items()}


def _belief(row: tables.ParameterRow, given: Parameter | None) -> Belief:
    if given is None:
        family, p1, p2, low, high, source = row.family, row.p1, row.p2, row.low, row.high, row.source
    else:
        scale = units.convert(1.0, given.unit, row.unit)
        family, p1, p2 = _numbers(given, scale)
        low, high = (b * scale for b in given.bounds) if given.bounds else (row.low, row.high)
        source = ", ".join(given.source)
    return Belief(row.name, row.dims, row.unit, low, high, family, p1, p2, source, given is not None)


def _numbers(given: Parameter, scale: float) -> tuple[str, float, float | None]:
    if given.prior is None:
        return "fixed", (given.value or 0.0) * scale, None
    p1, p2 = given.prior.numbers
    if given.prior.family == "normal" and p2 is not None:
        return "normal", p1 * scale, p2 * scale
    if given.prior.family == "beta":
        return "beta", p1, p2
    return given.prior.family, p1 * scale, p2
