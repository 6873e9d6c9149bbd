"""A small made-up run with a twin world, on which every table, chart and page can be checked by pencil."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import xarray as xr

from palanca.core.clock import Month
from palanca.infer.agree import Agreement
from palanca.infer.history import History
from palanca.model import record
from palanca.model.outcomes import OUTCOMES, PLACES, STOCKS
from palanca.model.world import Shocks
from palanca.spec import load
from palanca.spec.edit import Change
from palanca.spec.schema import Case

MONTHS, DRAWS, CHANGED = 15, 2, 6  # November 2018 to January 2020; the twin differs from May 2019 on
FIRST = Month.parse("2018-11")
CASE = """
case: small
title: A small corridor
span: {first: 2018-11, last: 2020-01}
core: [usbp_by_origin, usbp_by_group]
countries:
  USA: {name: United States, role: destination}
  MEX: {name: Mexico, role: transit}
  HND: {name: Honduras, role: origin}
origins:
  MEX: {name: Mexico, kind: circular, delay: [1.0, 0.0, 0.0], darien: 0.0, air: 0.0, data: MEX}
  HND: {name: Honduras, kind: mixed, delay: [0.6, 0.4, 0.0], darien: 0.0, air: 0.0, data: HND}
groups:
  single_adult: {name: Single adults}
  family: {name: Family members}
  child: {name: Unaccompanied children}
places:
  route: {name: On the way, what: set out and not yet in the transit country}
  transit: {name: In transit, what: under way in the transit country}
  line: {name: At the line, what: waiting near the border}
sectors:
  el_paso: {name: El Paso, state: Texas}
  rio_grande_valley: {name: Rio Grande Valley, state: Texas}
levers:
  routine_control: {holder: MEX, mechanism: effort, what: Routine migration control}
  contention: {holder: MEX, mechanism: effort, what: Contention}
record:
  - {lever: routine_control, from: 2018-11, to: open, effort: 1.0, unit: effort, origins: all, groups: all,
     basis: declared, date_basis: to-verify, source: S}
  - {lever: contention, from: 2019-05, to: open, effort: 2.0, unit: effort, origins: [HND], groups: all,
     basis: inferred, date_basis: to-verify, source: S}
sources:
  S: {title: Title, publisher: Publisher, date: "2018"}
"""


def case() -> Case:
    """Two origins, two sectors, two levers of control."""
    return load.loads(CASE)


def history(*, twin: bool = True, title: str = "") -> History:
    """Random positive counts in every quantity; the twin world has half as much again from `CHANGED` on.

    Args:
        twin: Whether there is a twin world.
        title: Another title of the case.
    """
    small = case()
    if title:
        small = small.model_copy(update={"title": title})
    rng = np.random.default_rng(7)
    sizes = {"origin": 2, "group": 3, "sector": 2, "outcome": len(OUTCOMES), "stock": len(STOCKS), "place": len(PLACES)}
    base = {
        name: rng.uniform(50.0, 100.0, (MONTHS, *(sizes[dim] for dim in quantity.dims), DRAWS))
        for name, quantity in record.QUANTITIES.items()
    }
    base["repeats"] = 0.2 * base["encounters"].sum(axis=(1, 2))
    other = {name: np.where(_late(values), 1.5 * values, values) for name, values in base.items()}
    cells = np.ones((MONTHS, 2, DRAWS))
    all_months = np.ones((MONTHS, DRAWS))
    shocks = Shocks(
        factor=cells, pace=cells, effort=0.3 * all_months, slope=cells, effort_slope=all_months, at_bound=0.0 * cells
    )
    provenance = {"case": "small", "key": "7", "command": "palanca run small", "case_fingerprint": "0123456789abcdef"}
    result = record.dataset(small, base, shocks, other if twin else None, provenance)
    counts = rng.uniform(150.0, 300.0, (MONTHS, 2))
    observed = xr.DataArray(counts, {"month": result.month, "origin": result.origin}, ("month", "origin"))
    change = Change("levers.contention.effort", 0.0, FIRST + CHANGED)
    return History(small, result, _agreement(small, rng), observed, (change,) if twin else (), np.ones(DRAWS))


def with_values(found: History, **values: np.ndarray) -> History:
    """The same run with other numbers in some quantities, on the axes they have."""
    result = found.result.assign({name: found.result[name].copy(data=array) for name, array in values.items()})
    return replace(found, result=result)


def _late(values: np.ndarray) -> np.ndarray:
    late = np.arange(MONTHS) >= CHANGED
    return late.reshape(-1, *([1] * (values.ndim - 1)))


def _agreement(small: Case, rng: np.random.Generator) -> list[Agreement]:
    labels = {
        "groups": tuple(small.groups),
        "sectors": tuple(small.sectors),
        "deaths": PLACES,
        "what follows encounters": OUTCOMES,
    }
    found = []
    for name, names in labels.items():
        bands = np.sort(rng.uniform(100.0, 900.0, (3, MONTHS, len(names))), axis=0)
        counts = rng.uniform(100.0, 900.0, (MONTHS, len(names)))
        counts[:3] = np.nan
        found.append(Agreement(name, names, counts, bands))
    return found
