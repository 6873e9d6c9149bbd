"""Quantities of a run as tidy series: totals over axes, shares, differences between worlds, bands over draws."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import xarray as xr

from palanca.infer.history import History
from palanca.model.record import TWIN

LEVELS = (0.05, 0.5, 0.95)


@dataclass(frozen=True)
class Band:
    """Median and 90 % band over draws.

    Args:
        low: 5th percentile, on the axes of the quantity without draws.
        mid: Median.
        high: 95th percentile.
    """

    low: np.ndarray
    mid: np.ndarray
    high: np.ndarray


def band(array: xr.DataArray) -> Band:
    """Median and 90 % band over the draws of a quantity."""
    low, mid, high = np.quantile(array.transpose(..., "draw").values, LEVELS, axis=-1)
    return Band(low, mid, high)


def middle(array: xr.DataArray) -> float:
    """Median over draws of a quantity that has no other axis."""
    return float(band(array).mid)


def labels(history: History) -> list[str]:
    """Months of a run as `YYYY-MM`."""
    return [str(month) for month in history.result.month.values.astype("datetime64[M]")]


def has_twin(history: History) -> bool:
    """Whether the run has a twin world."""
    return f"{TWIN}encounters" in history.result


def by_origin(history: History, name: str, *, twin: bool = False) -> xr.DataArray:
    """A quantity by (month, origin, draw): summed over groups where it has them."""
    array = history.result[(TWIN if twin else "") + name]
    return array.sum([dim for dim in array.dims if dim not in ("month", "origin", "draw")])


def total(history: History, name: str, *, twin: bool = False) -> xr.DataArray:
    """A quantity by (month, draw): summed over everything else."""
    array = history.result[(TWIN if twin else "") + name]
    return array.sum([dim for dim in array.dims if dim not in ("month", "draw")])


def interception(history: History, *, twin: bool = False) -> xr.DataArray:
    """Stops over stops plus encounters between ports, by (month, draw) [share]."""
    stops = total(history, "stops", twin=twin)
    return stops / (stops + total(history, "encounters", twin=twin))


@lru_cache(maxsize=4)
def first_changed(history: History) -> int | None:
    """Place of the first month in which the twin world differs from history; None if none does."""
    if not has_twin(history):
        return None
    moved = np.zeros(history.result.sizes["month"], dtype=bool)
    for name in history.result.data_vars:
        if str(name).startswith(TWIN):
            gap = history.result[name] != history.result[str(name).removeprefix(TWIN)]
            moved |= gap.any([dim for dim in gap.dims if dim != "month"]).values
    return int(np.argmax(moved)) if moved.any() else None


def changed_months(history: History, count: int) -> list[int]:
    """Places of the first so many months in which the twin world can differ; empty without a difference."""
    first = first_changed(history)
    return [] if first is None else list(range(first, min(first + count, history.result.sizes["month"])))
