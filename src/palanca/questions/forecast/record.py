"""A forecast as one labelled dataset with units and provenance: what `forecast.nc` holds."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import xarray as xr

from palanca.core.clock import Span
from palanca.data.align import months
from palanca.model.outcomes import OUTCOMES, PLACES, STOCKS
from palanca.model.record import QUANTITIES
from palanca.questions.forecast.project import Forecast, Kept

CHANGED = "changed_"
FIGURES = {"units": "events / month", "long_name": "Encounters in the figures, 0-4 read as 2; NaN where not yet known"}


def dataset(found: Forecast, provenance: Mapping[str, str]) -> xr.Dataset:
    """Label a forecast's arrays.

    Args:
        found: The forecast.
        provenance: Case and data fingerprints, versions, key, command.

    Returns:
        One variable per quantity, axes month, ..., draw; those under other levers start with `changed_`. With them
        `figures`, what was later seen, (month, origin), and `past_figures`, encounters of the months of the case up to
        the last known, (past_month, origin).
    """
    case = found.case
    variables = _variables(found.expected, "", "")
    if found.changed is not None:
        variables |= _variables(found.changed, CHANGED, " (other levers)")
    variables["figures"] = xr.Variable(("month", "origin"), found.seen, FIGURES)
    variables["past_figures"] = xr.Variable(("past_month", "origin"), found.past, FIGURES)
    coords = {
        "month": months(Span(found.months[0], found.months[-1])),
        "past_month": months(Span(found.last + (1 - len(found.past)), found.last)),
        "origin": list(case.origins),
        "group": list(case.groups),
        "sector": list(case.sectors),
        "outcome": list(OUTCOMES),
        "stock": list(STOCKS),
        "place": list(PLACES),
    }
    asked = {
        "title": case.title,
        "last_known": str(found.last),
        "levers": found.levers,
        "changes": "; ".join(_told(change.target, change.value, change.first, change.last) for change in found.changes),
    }
    return xr.Dataset(variables, coords, asked | dict(provenance))


def _variables(kept: Kept, prefix: str, more: str) -> dict[str, xr.Variable]:
    return {
        prefix + name: xr.Variable(
            ("month", *QUANTITIES[name].dims, "draw"),
            np.asarray(array),
            {"units": QUANTITIES[name].unit, "long_name": QUANTITIES[name].what + more},
        )
        for name, array in kept.items()
    }


def _told(target: str, value: float | str, first: object, last: object) -> str:
    months_told = (f" from {first}" if first else "") + (f" to {last}" if last else "")
    return f"{target}={value}{months_told}"
