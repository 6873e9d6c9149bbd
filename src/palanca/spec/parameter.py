"""The parameters of a case: the table's defaults with the case's overrides, all in the table's units."""

from __future__ import annotations

from palanca.core import units
from palanca.spec import tables
from palanca.spec.schema import Case, Parameter
from palanca.spec.uncertain import Uncertain


def beliefs(case: Case) -> dict[str, Uncertain]:
    """Every parameter of the model as this case believes it, in the order of the table."""
    return {name: _belief(row, case.parameters.get(name)) for name, row in tables.parameters().items()}


def _belief(row: tables.ParameterRow, given: Parameter | None) -> Uncertain:
    family, p1, p2, low, high = row.family, row.p1, row.p2, row.low, row.high
    source: tuple[str, ...] = (row.source,)
    if given is not None:
        scale = units.convert(1.0, given.unit, row.unit)
        family, p1, p2 = _numbers(given, scale)
        low, high = (b * scale for b in given.bounds) if given.bounds else (row.low, row.high)
        source = given.source
    return Uncertain(family, p1, p2, row.unit, row.dims, low, high, source=source)


def _numbers(given: Parameter, scale: float) -> tuple[str, float, float | None]:
    if given.prior is None:
        return "fixed", (given.value or 0.0) * scale, None
    p1, p2 = given.prior.numbers
    if given.prior.family == "normal" and p2 is not None:
        return "normal", p1 * scale, p2 * scale
    if given.prior.family == "beta":
        return "beta", p1, p2
    return given.prior.family, p1 * scale, p2
