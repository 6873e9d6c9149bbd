"""The closed list of units: parse, compare, convert; monthly and yearly arithmetic lives only here."""

from __future__ import annotations

from dataclasses import dataclass

from palanca.core.errors import UnitError
from palanca.core.wording import nearest


@dataclass(frozen=True)
class Unit:
    """One unit: its name, its dimension, and how many of the dimension's base unit it is."""

    name: str
    dimension: str
    factor: float


_LIST = [
    Unit("people", "people", 1.0),
    Unit("people / month", "people per time", 1.0),
    Unit("people / year", "people per time", 1.0 / 12.0),
    Unit("people / day", "people per time", 365.25 / 12.0),
    Unit("events / month", "events per time", 1.0),
    Unit("events / year", "events per time", 1.0 / 12.0),
    Unit("deaths / month", "deaths per time", 1.0),
    Unit("share", "share", 1.0),
    Unit("percent", "share", 0.01),
    Unit("chance", "chance", 1.0),
    Unit("log odds", "log odds", 1.0),
    Unit("log people / month", "log people per time", 1.0),
    Unit("log points", "log points", 1.0),
    Unit("effort", "effort", 1.0),
    Unit("1 / month", "rate", 1.0),
    Unit("1 / year", "rate", 1.0 / 12.0),
    Unit("months", "time", 1.0),
    Unit("years", "time", 12.0),
    Unit("index", "index", 1.0),
    Unit("setting", "setting", 1.0),
    Unit("percent of adults", "poll", 1.0),
    Unit("thousand jobs", "jobs", 1.0),
    Unit("usd / year", "income", 1.0),
    Unit("million usd / year", "output per time", 1.0),
    Unit("usd / month", "money per time", 1.0),
    Unit("usd / person", "fee of a journey", 1.0),
    Unit("usd / barrel", "price of oil", 1.0),
    Unit("thousand barrels / day", "oil per time", 1.0),
    Unit("entries", "entries", 1.0),
    Unit("per 100,000", "rate per head", 1.0),
    Unit("deaths / crossing", "deaths per crossing", 1.0),
]
UNITS = {unit.name: unit for unit in _LIST}


def parse(name: str, *, where: str = "") -> Unit:
    """Look a unit up by its name.

    Raises:
        UnitError: The unit is not on the list; names the nearest one that is.
    """
    if name in UNITS:
        return UNITS[name]
    hint = nearest(name, UNITS)
    raise UnitError(
        "unknown unit",
        where=where,
        found=repr(name),
        expected="one of the units in docs/reference/units.md",
        way_out=f"Did you mean {hint!r}?" if hint else "",
    )


def convert(value: float, source: str, target: str, *, where: str = "") -> float:
    """Express a value given in one unit in another of the same dimension.

    Raises:
        UnitError: The two units measure different things.
    """
    one, other = parse(source, where=where), parse(target, where=where)
    if one.dimension != other.dimension:
        raise UnitError(
            "unit does not fit",
            where=where,
            found=f"{source!r} ({one.dimension})",
            expected=f"a unit of {other.dimension} such as {target!r}",
        )
    return value * one.factor / other.factor
