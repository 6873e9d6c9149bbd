"""What a run leaves behind, as one labelled dataset with units and provenance."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields

import numpy as np
import xarray as xr

from palanca.data.align import months
from palanca.model.outcomes import OUTCOMES, PLACES, STOCKS
from palanca.model.world import Shocks
from palanca.spec.schema import Case

TWIN = "twin_"


@dataclass(frozen=True)
class Quantity:
    """One thing a record holds: its axes between month and draw, unit and meaning."""

    dims: tuple[str, ...]
    unit: str
    what: str


QUANTITIES: dict[str, Quantity] = {
    "encounters": Quantity(
        ("origin", "group"), "events / month", "Encounters by the Border Patrol between ports of entry"
    ),
    "sectors": Quantity(("sector",), "events / month", "Encounters between ports of entry, by border sector"),
    "ports": Quantity(("origin",), "events / month", "Encounters at ports of entry"),
    "appointments": Quantity(("origin",), "people / month", "People who kept an appointment at a port of entry"),
    "stops": Quantity(("origin",), "events / month", "People stopped by the transit country"),
    "stops_group": Quantity(("group",), "events / month", "People stopped by the transit country, by group"),
    "returns": Quantity(("origin",), "people / month", "People removed by the transit country"),
    "darien": Quantity(("origin",), "people / month", "People who walked the Darien"),
    "set_out": Quantity(("origin",), "people / month", "People who set out and entered the corridor"),
    "let_in": Quantity(("origin",), "people / month", "People let in: released, paroled, or held and not removed"),
    "expelled": Quantity(("origin",), "events / month", "People expelled"),
    "removed": Quantity(("origin",), "people / month", "People removed by the destination or the transit country"),
    "evaded": Quantity(("origin",), "people / month", "People who crossed unseen"),
    "settled": Quantity(("origin",), "people / month", "People who asked asylum in the transit country"),
    "gone_home": Quantity(("origin",), "people / month", "People who gave up and went home"),
    "follow": Quantity(("outcome",), "events / month", "What followed encounters between ports of entry"),
    "stocks": Quantity(("stock",), "people", "People on hold at the end of the month, by kind"),
    "held": Quantity(("origin",), "people", "People on hold at the end of the month"),
    "deaths": Quantity(("place",), "deaths / month", "Deaths on the way"),
    "kidnapped": Quantity(("origin",), "people / month", "People kidnapped on the way, at assumed chances"),
    "extorted": Quantity(("origin",), "people / month", "People extorted on the way, at assumed chances"),
    "fees": Quantity(("origin",), "usd / month", "Fees paid for the way, at assumed prices"),
    "repeats": Quantity((), "events / month", "Encounters of people encountered before"),
    "imbalance": Quantity((), "share", "Largest relative breach of the accounts of people"),
}
SURPRISES: dict[str, Quantity] = {
    "factor": Quantity(("origin",), "share", "Surprise solved from the figures, as a factor on newcomers"),
    "pace": Quantity(("origin",), "share", "Share of those on hold who moved"),
    "effort": Quantity((), "effort", "Delivered effort of the transit country, per unit declared"),
    "slope": Quantity(("origin",), "share", "Elasticity of encounters to the surprise"),
    "effort_slope": Quantity((), "share", "Elasticity of one more than the stops to delivered effort"),
    "at_bound": Quantity(("origin",), "share", "1 where a figure lies outside what the model can reach"),
}


def dataset(
    case: Case,
    base: Mapping[str, np.ndarray],
    surprises: Shocks,
    twin: Mapping[str, np.ndarray] | None,
    provenance: Mapping[str, str],
) -> xr.Dataset:
    """Label a run's arrays.

    Args:
        case: The case that was run.
        base: History by quantity, month first and draw last.
        surprises: What replay solved.
        twin: The twin world by quantity, if there is one; its variables start with `twin_`.
        provenance: Case and data fingerprints, versions, key, command.

    Returns:
        One variable per quantity with `units` and `long_name`; axes month, ..., draw.
    """
    solved = {field.name: np.asarray(getattr(surprises, field.name)) for field in fields(Shocks)}
    variables = _variables(base, QUANTITIES, "") | _variables(solved, SURPRISES, "")
    if twin is not None:
        variables |= _variables(twin, QUANTITIES, TWIN)
    coords = {
        "month": months(case.span.span),
        "origin": list(case.origins),
        "group": list(case.groups),
        "sector": list(case.sectors),
        "outcome": list(OUTCOMES),
        "stock": list(STOCKS),
        "place": list(PLACES),
    }
    used = {dim for variable in variables.values() for dim in variable.dims}
    return xr.Dataset(
        variables,
        {name: values for name, values in coords.items() if name in used},
        {"title": case.title, **provenance},
    )


def _variables(arrays: Mapping[str, np.ndarray], table: Mapping[str, Quantity], prefix: str) -> dict[str, xr.Variable]:
    return {
        prefix + name: xr.Variable(
            ("month", *table[name].dims, "draw"),
            array,
            {"units": table[name].unit, "long_name": table[name].what + (" (twin world)" if prefix else "")},
        )
        for name, array in arrays.items()
    }
