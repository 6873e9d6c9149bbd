import numpy as np
import pytest

from palanca.core.clock import Span
from palanca.core.errors import SeriesError
from palanca.data import align, read


def test_months_outside_the_series_are_gaps():
    array = align.to_span(read.read("usbp_total"), Span.parse("2025-08", "2025-11"))
    assert list(array.notnull().values) == [True, True, False, False]
    assert array.sizes["month"] == 4


def test_months_inside_keep_their_figures():
    array = align.to_span(read.read("usbp_total"), Span.parse("2023-12", "2024-01"))
    assert list(array.values) == [249_740, 124_215]


def test_a_gap_is_never_filled():
    array = align.to_span(read.read("us_approval"), Span.parse("2022-10", "2023-01"))
    assert list(np.isnan(array.values)) == [False, True, True, False]


def test_the_source_stays_with_the_array():
    assert align.to_span(read.read("usbp_total"), Span.parse("2024-01", "2024-02")).attrs["id"] == "usbp_total"


def test_a_yearly_series_is_never_spread_over_months():
    with pytest.raises(SeriesError, match="not monthly"):
        align.to_span(read.read("democracy"), Span.parse("2023-01", "2023-12"))
