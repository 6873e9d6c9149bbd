"""Series brought to the months of a case: gaps stay gaps, and nothing is repeated unless asked by name."""

from __future__ import annotations

import numpy as np
import xarray as xr

from palanca.core.clock import Span
from palanca.core.errors import SeriesError


def to_span(array: xr.DataArray, span: Span) -> xr.DataArray:
    """A monthly series on exactly the months of a span.

    Args:
        array: Values with a `month` axis of month starts.
        span: The months wanted.

    Returns:
        The same values on the months of `span`; NaN in months that the series does not cover.

    Raises:
        SeriesError: The series has no `month` axis.
    """
    if "month" not in array.dims:
        raise SeriesError(
            "the series is not monthly",
            where=str(array.name),
            found=f"axes {', '.join(map(str, array.dims))}",
            expected="an axis named month",
            way_out="A yearly series is repeated over months only by yearly_to_months.",
        )
    return array.reindex(month=months(span))


def mask(array: xr.DataArray) -> xr.DataArray:
    """Where a series was observed: True for a number, False for a gap; same axes."""
    seen = array.notnull()
    return seen.assign_attrs(id=array.attrs.get("id", ""))


def yearly_to_months(array: xr.DataArray, span: Span) -> xr.DataArray:
    """A yearly series repeated over the months of each year, because the caller said so by name.

    A flow per year stays a flow per year: the unit does not change.

    Args:
        array: Values with a `year` axis.
        span: The months wanted.

    Returns:
        Values with a `month` axis in the place of `year`; NaN in years that the series does not cover.

    Raises:
        SeriesError: The series has no `year` axis.
    """
    if "year" not in array.dims:
        raise SeriesError(
            "the series is not yearly",
            where=str(array.name),
            found=f"axes {', '.join(map(str, array.dims))}",
            expected="an axis named year",
        )
    years = xr.DataArray([month.year for month in span], dims="month", coords={"month": months(span)})
    spread = array.reindex(year=np.unique(years.values)).sel(year=years).drop_vars("year")
    return spread.transpose(*("month" if dim == "year" else dim for dim in array.dims))


def months(span: Span) -> np.ndarray[tuple[int], np.dtype[np.datetime64]]:
    """Month starts of a span, as the `month` axis of every series holds them."""
    return np.array(span.labels(), dtype="datetime64[M]").astype("datetime64[ns]")
