"""Every table of a run as plain rows: years, origins, agreement with figures, and the twin world against history."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import xarray as xr

from palanca.core.wording import counted
from palanca.infer.history import History
from palanca.view import series
from palanca.view.theme import month_name

Row = dict[str, object]
YEAR = 12
ALL = "All origins"
FLOWS = {"people set out": "set_out", "stopped": "stops", "let in": "let_in", "expelled": "expelled"}


def by_year(history: History) -> list[Row]:
    """One row a calendar year; years that the run covers in part are marked.

    Counts are medians over draws of the year's sum; people waiting are those on hold at the end of the year.
    Deaths count all places. Events per person are encounters over encounters of people not encountered before.
    """
    years = history.result.month.dt.year.values
    rows: list[Row] = []
    for year in np.unique(years):
        inside = years == year
        months = int(inside.sum())
        part = {name: series.total(history, name)[inside].sum("month") for name in ("encounters", *FLOWS.values())}
        repeats = history.result["repeats"][inside].sum("month")
        held = series.total(history, "held")[inside][-1]
        deaths = series.total(history, "deaths")[inside].sum("month")
        rows.append(
            {
                "year": str(year) if months == YEAR else f"{year} ({counted(months, 'month')})",
                **_against(float(history.observed[inside].sum()), part["encounters"]),
                **{label: series.middle(part[name]) for label, name in FLOWS.items()},
                "waiting at the end": series.middle(held),
                "events per person": series.middle(part["encounters"] / (part["encounters"] - repeats)),
                "deaths": series.middle(deaths),
            }
        )
    return rows


def by_origin(history: History) -> list[Row]:
    """One row an origin, over all months of the run; deaths and repeats are not kept by origin.

    People waiting are the mean over months of those on hold.
    """
    rows: list[Row] = []
    names = history.case.origins
    for code in history.result.origin.values:
        part = {
            name: series.by_origin(history, name).sel(origin=code) for name in ("encounters", "held", *FLOWS.values())
        }
        rows.append(
            {
                "origin": names[str(code)].name,
                **_against(float(history.observed.sel(origin=code).sum()), part["encounters"].sum("month")),
                **{label: series.middle(part[name].sum("month")) for label, name in FLOWS.items()},
                "waiting, mean": series.middle(part["held"].mean("month")),
            }
        )
    return rows


def agreement_table(history: History) -> list[Row]:
    """One row a series that was not solved for: its distance from the figures, and how often its band holds them.

    Errors are mean absolute differences of logs; the weighted one counts large cells more.
    """
    rows: list[Row] = []
    for found in history.agreement:
        seen = found.seen
        rows.append(
            {
                "series": found.name,
                "months": int(seen.any(axis=1).sum()),
                "cells": int(seen.sum()),
                "error, log points": found.error,
                "weighted error, log points": found.weighted_error,
                "inside the 90 % band, %": 100.0 * found.coverage,
                "a misfit points to": found.points_to,
            }
        )
    return rows


def twin_table(history: History, months: Sequence[int] | None = None) -> list[Row]:
    """Encounters of both worlds by origin and month, and their difference with its 90 % band.

    Args:
        history: A run with a twin world.
        months: Places of the months on the axis; by default the first three that changed.
    """
    if not series.has_twin(history):
        return []
    chosen = series.changed_months(history, 3) if months is None else list(months)
    base, twin = (series.by_origin(history, "encounters", twin=which) for which in (False, True))
    names = history.case.origins
    return [
        row
        for t in chosen
        for row in (
            _compared(history, t, ALL, base[t].sum("origin"), twin[t].sum("origin")),
            *(
                _compared(history, t, names[str(code)].name, base[t].sel(origin=code), twin[t].sel(origin=code))
                for code in history.result.origin.values
            ),
        )
    ]


def harm_table(history: History, months: Sequence[int] | None = None) -> list[Row]:
    """Totals of both worlds by month: stops, people on hold, let in, deaths, and their differences.

    Args:
        history: A run with a twin world.
        months: Places of the months on the axis; by default the first three that changed.
    """
    if not series.has_twin(history):
        return []
    chosen = series.changed_months(history, 3) if months is None else list(months)
    rows: list[Row] = []
    for t in chosen:
        for what, name in TOTALS.items():
            pair = (series.total(history, name, twin=which)[t] for which in (False, True))
            row = _compared(history, t, what, *pair)
            rows.append({"month": row["month"], "what": row.pop("origin"), **row})
    return rows


TOTALS: Mapping[str, str] = {
    "encounters, events": "encounters",
    "stopped in transit, events": "stops",
    "on hold at the end of the month, people": "held",
    "let in, people": "let_in",
    "set out, people": "set_out",
    "deaths on the way": "deaths",
}


def _against(observed: float, modelled: xr.DataArray) -> Row:
    middle = series.middle(modelled)
    return {
        "encounters, figures": observed,
        "encounters, model": middle,
        "error, %": 100.0 * (middle / observed - 1.0) if observed else float("nan"),
    }


def _compared(history: History, t: int, what: str, base: xr.DataArray, twin: xr.DataArray) -> Row:
    gap = series.band(twin - base)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = series.band(100.0 * (twin / base - 1.0))
    return {
        "month": month_name(series.labels(history)[t]),
        "origin": what,
        "history": series.middle(base),
        "twin world": series.middle(twin),
        "difference": float(gap.mid),
        "5 %": float(gap.low),
        "95 %": float(gap.high),
        "difference, %": float(ratio.mid),
    }
