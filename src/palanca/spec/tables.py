"""Reads the closed tables of what may be declared: mechanisms, parameters, codes of origin in the figures."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from palanca.core import units
from palanca.core.errors import CaseFileError, ChangeError

HERE = Path(__file__).parent
NO_EQUATION = "recorded, no equation yet"  # what is said of a mechanism that does not act
USUAL = {"release": 1.0}  # setting where no entry is in force; 0 for all others
DIMS = ("origin", "group", "sector", "kind", "month", "calendar_month", "knot", "gate", "place")
# What the two numbers of each family are called in a case file.
FAMILIES = {
    "fixed": ("value", ""),
    "normal": ("mean", "sd"),
    "lognormal": ("median", "log_sd"),
    "beta": ("a", "b"),
    "halfnormal": ("sd", ""),
}


@dataclass(frozen=True)
class Mechanism:
    """One thing a lever can act on: the quantity it takes, its unit and bounds, who may hold it, when it is felt.

    `lag` is the months after which it is felt unless a lever has one of its own; 0 acts at once and takes none. One
    without an equation is recorded and does not act yet.
    """

    name: str
    quantity: str
    unit: str
    low: float
    high: float
    holder_roles: tuple[str, ...]
    capped: bool
    equation: str
    what: str
    lag: int

    @property
    def acts(self) -> bool:
        """Whether an equation computes its effect."""
        return bool(self.equation)

    @property
    def usual(self) -> float:
        """Its setting where no entry is in force [unit of the mechanism]."""
        return USUAL.get(self.name, 0.0)


@dataclass(frozen=True)
class ParameterRow:
    """One parameter of the model with its default: bounds, prior family and its numbers, source.

    One that is not `fitted` keeps its prior whatever the figures say, because no figure here bears on it
    alone.
    """

    name: str
    dims: tuple[str, ...]
    unit: str
    low: float
    high: float
    family: str
    p1: float
    p2: float | None
    equation: str
    source: str
    what: str
    fitted: bool = True


@cache
def mechanisms() -> dict[str, Mechanism]:
    """Every mechanism by name, in the order of the table."""
    return {row["mechanism"]: _mechanism(row) for row in _rows("mechanisms.csv")}


def acting(name: str, where: str) -> Mechanism:
    """A mechanism whose effect an equation computes.

    Args:
        name: Of a mechanism of the table.
        where: Where messages say that it is changed.

    Raises:
        ChangeError: It is recorded only, so that a change of it would move nothing.
    """
    found = mechanisms()[name]
    if not found.acts:
        raise ChangeError(
            NO_EQUATION, where=where, found=f"the mechanism {name!r}",
            expected="a lever whose mechanism has an equation",
            way_out="`palanca case show --what levers` says which levers act.",
        )  # fmt: skip
    return found


@cache
def parameters() -> dict[str, ParameterRow]:
    """Every parameter by name, in the order of the table.

    Raises:
        CaseFileError: A row of the packaged table contradicts itself.
    """
    return read_parameters(HERE / "parameters.csv")


@cache
def data_codes() -> dict[str, str]:
    """Codes of origin that the figures use, with the name of each."""
    return {row["code"]: row["name"] for row in _rows("data_codes.csv")}


def read_parameters(path: Path) -> dict[str, ParameterRow]:
    """Read a table of parameters and check every row of it.

    Raises:
        CaseFileError: A row has an unknown unit, axis or family, reversed bounds or a default outside them.
    """
    read: dict[str, ParameterRow] = {}
    with path.open(newline="", encoding="utf-8") as stream:
        for line, row in enumerate(csv.DictReader(stream), start=2):
            where = f"{path.name}:{line}"
            parameter = _parameter(row, where)
            if parameter.name in read:
                raise CaseFileError("the parameter stands twice", where=where, found=repr(parameter.name))
            read[parameter.name] = parameter
    return read


def _rows(name: str) -> list[dict[str, str]]:
    with (HERE / name).open(newline="", encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


def _mechanism(row: dict[str, str]) -> Mechanism:
    return Mechanism(
        name=row["mechanism"],
        quantity=row["quantity"],
        unit=row["unit"],
        low=float(row["low"]),
        high=float(row["high"]),
        holder_roles=tuple(row["holder_roles"].split("|")),
        capped=row["capped"] == "yes",
        equation=row["equation"],
        what=row["what"],
        lag=int(row["lag"] or 0),
    )


def _parameter(row: dict[str, str], where: str) -> ParameterRow:
    try:
        parameter = ParameterRow(
            name=row["name"],
            dims=tuple(row["dims"].split()),
            unit=row["unit"],
            low=float(row["low"]),
            high=float(row["high"]),
            family=row["family"],
            p1=float(row["p1"]),
            p2=float(row["p2"]) if row["p2"] else None,
            equation=row["equation"],
            source=row["source"],
            what=row["what"],
            fitted=row.get("fitted", "yes") != "no",
        )
    except (KeyError, ValueError, TypeError, AttributeError) as fault:
        raise CaseFileError("cannot read the row", where=where, found=repr(str(fault))) from fault
    for wrong, found, expected in _contradictions(parameter):
        if wrong:
            raise CaseFileError(f"parameter {parameter.name!r}", where=where, found=found, expected=expected)
    return parameter


def _contradictions(row: ParameterRow) -> list[tuple[bool, str, str]]:
    family_known = row.family in FAMILIES
    two = family_known and bool(FAMILIES[row.family][1])
    centred = row.family in ("fixed", "normal", "lognormal")
    return [
        (not row.name.isidentifier(), repr(row.name), "a lower-case name"),
        (row.unit not in units.UNITS, repr(row.unit), "a unit of docs/reference/units.md"),
        (not set(row.dims) <= set(DIMS), repr(" ".join(row.dims)), f"axes among {', '.join(DIMS)}"),
        (not row.low < row.high, f"{row.low:g} to {row.high:g}", "the lower bound first"),
        (not family_known, repr(row.family), f"one of {', '.join(FAMILIES)}"),
        (two != (row.p2 is not None), f"p2 = {row.p2}", "as many numbers as the family takes"),
        (centred and not row.low <= row.p1 <= row.high, f"{row.p1:g}", f"{row.low:g} to {row.high:g}"),
        (not row.what or not row.source, "no text", "what it is and where its default comes from"),
    ]
