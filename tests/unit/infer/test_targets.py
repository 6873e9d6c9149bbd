"""Published figures lined up with the months of a case."""

from dataclasses import replace

import numpy as np

from palanca.core.clock import Month
from palanca.data.read import packaged_figures
from palanca.infer import targets
from palanca.spec.load import load


def test_shares_of_sectors_are_those_of_the_published_counts_of_a_fiscal_year():
    case, figures = load("us-mexico"), packaged_figures()
    shares, position, months = targets.sector_shares(case, figures)
    table = figures.read("usbp_sector_by_origin").sel(month=slice("2021-10", "2022-09")).sum("month")
    counts = table.sel(origin="CUB", sector=list(case.sectors)).values
    told = shares[2, list(case.origins).index("CUB")]
    np.testing.assert_allclose(told, (counts + 1.0) / (counts + 1.0).sum(), rtol=1e-12)
    assert months.sum(axis=1).tolist() == [12.0, 12.0, 12.0, 12.0, 12.0, 8.0]
    begin = case.span.span.first
    assert months[2].argmax() == Month.parse("2021-10") - begin
    np.testing.assert_allclose(position[2], 2022 - begin.year + 0.25, rtol=1e-12)  # the first of April
    np.testing.assert_allclose(shares.sum(axis=2), 1.0, rtol=1e-12)


def test_a_year_of_which_a_month_is_not_told_has_no_shares():
    case = load("us-mexico")
    shares, _, _ = targets.sector_shares(case, replace(packaged_figures(), last="2023-08"))
    assert np.isfinite(shares[:3]).all()
    assert np.isnan(shares[3:]).all()
