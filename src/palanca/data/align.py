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
            way_out="Take a monthly series.",
        )
    return array.reindex(month=months(span))


def months(span: Span) -> np.ndarray[tuple[int], np.dtype[np.datetime64]]:
    """Month starts of a span, as the `month` axis of every series holds them."""
    return np.array(span.labels(), dtype="datetime64[M]").astype("datetime64[ns]")
