"""The panel of a case begins where its own series tell every origin, and ends with the month asked for."""

from __future__ import annotations

import numpy as np
import pytest

from palanca.core.clock import Month
from palanca.data.read import read
from palanca.questions.forecast import panel_figures
from palanca.spec.load import load


@pytest.mark.parametrize(("case", "first"), [("us-mexico", "2001-10"), ("aegean", "2009-01")])
def test_it_begins_with_the_figures_of_the_case_not_with_the_case(case, first):
    declared, last = load(case), Month.parse("2016-01")
    found = panel_figures.until(declared, last)
    assert found.first == Month.parse(first)
    assert found.counts.shape == (last - found.first + 1, len(declared.origins))
    assert np.isfinite(found.counts).all()


def test_rows_are_the_published_counts_of_their_months():
    found = panel_figures.until(load("aegean"), Month.parse("2015-10"))
    assert found.counts[-1].sum() == 216_260
    assert found.counts[0].sum() == read("emr_total").sel(month="2009-01").item()


def test_months_before_a_gap_are_left_out(monkeypatch):
    whole = panel_figures.cells.by_origin

    def with_gap(span, case, observed=None):
        counts = whole(span, case, observed).copy()
        counts[10, 2] = np.nan
        return counts

    monkeypatch.setattr(panel_figures.cells, "by_origin", with_gap)
    found = panel_figures.until(load("aegean"), Month.parse("2016-01"))
    assert found.first == Month.parse("2009-12")
    assert np.isfinite(found.counts).all()
