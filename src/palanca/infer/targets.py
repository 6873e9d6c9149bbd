"""Published figures that replay does not solve for, lined up with what a world shows of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import jax.numpy as jnp
import numpy as np
import xarray as xr
from jax import Array

from palanca.core.clock import Month, Span
from palanca.data.align import to_span
from palanca.data.read import Figures
from palanca.model.cells import Cells, codes
from palanca.model.outcomes import PLACES, MonthlyOutcomes
from palanca.spec.figures import series_of
from palanca.spec.schema import Case

MONTHS = 12  # of a year
WALKED = "Darien"

Shown = Callable[[MonthlyOutcomes], Array]


@dataclass(frozen=True)
class Target:
    """One series to compare with: what was published, and the same seen in a world.

    Args:
        name: As in reports.
        counts: Published counts, month first; NaN where nothing was published.
        labels: Labels of the second axis.
        shown: From a world's record to the same axes, with that of draws last.
        kind: What its scatter parameter is called: `spread_KIND`.
        elsewhere: Months of which a finer series already tells all this one does, (month): shown, not scored twice.
    """

    name: str
    counts: np.ndarray
    labels: tuple[str, ...]
    shown: Shown
    kind: str
    elsewhere: np.ndarray | None = None

    @property
    def scored(self) -> np.ndarray:
        """Counts that a fit looks at, NaN elsewhere."""
        return self.counts if self.elsewhere is None else np.where(self.elsewhere[:, None], np.nan, self.counts)


def targets(case: Case, cells: Cells, observed: Figures) -> list[Target]:
    """Every monthly count that replay does not solve for, of those that the case names a series for."""
    names = series_of(case)
    found = [
        _groups(case, cells, observed),
        _by_origin("stops by origin", names.stops, case, observed, "stops"),
        _by_origin("returns by origin", names.returns, case, observed, "returns"),
        _walked(case, observed),
        _sectors(case, observed),
        _pooled("ports by origin", names.ports, case, observed, "ports"),
        _pooled("appointments", names.appointments, case, observed, "appointments"),
        _deaths(case, observed),
    ]
    return [one for one in found if one is not None]


def cell_counts(cells: Cells) -> np.ndarray:
    """Encounters by origin and group where published cells stand behind them, else NaN."""
    return np.where(cells.published[:, :, None], cells.encounters, np.nan)


def repeat_share(case: Case, observed: Figures) -> np.ndarray:
    """Published share of encounters of people encountered before [share], NaN where none."""
    series = series_of(case).repeats
    if series is None:
        return np.full(len(case.span.span), np.nan)
    return np.asarray(to_span(observed.read(series), case.span.span).values / 100.0)


def repeat_mean(case: Case, observed: Figures) -> tuple[float, np.ndarray]:
    """Published mean share of repeat encounters of some years, and 1 in each of its months inside the span.

    One half, which nothing may be scored against, while some of those months are not told; no months where there is no
    such mean.
    """
    told = series_of(case).repeat_mean
    if told is None:
        return 0.5, np.zeros(len(case.span.span))
    last = Month.parse(told.last)
    inside = [float(Month.parse(told.first) <= month <= last) for month in case.span.span]
    if observed.last and observed.last < str(last):
        return 0.5, np.array(inside)
    return float(observed.read(told.share).sel(year=last.year)) / 100.0, np.array(inside)


def claims(case: Case, observed: Figures) -> tuple[np.ndarray, np.ndarray]:
    """Asylum claims in the transit country by year and origin, and the months of each year.

    Returns:
        Counts (year, origin) with NaN where none, and a 0/1 matrix (year, month) of whole years of the span.
    """
    years, months = _whole_years([month.year for month in case.span.span])
    series = series_of(case).claims
    if series is None:
        return np.full((len(years), len(case.origins)), np.nan), months
    table = _of_years(observed.read(series), years, months, observed.told(case.span.span))
    known = [code if code in table.origin.values else None for code in codes(case)]
    counts = np.full((len(years), len(known)), np.nan)
    for i, code in enumerate(known):
        if code is not None:
            counts[:, i] = table.sel(origin=code).values
    return counts, months


def yearly_stops(case: Case, observed: Figures) -> tuple[np.ndarray, np.ndarray]:
    """People stopped by year before monthly figures began, NaN where not told, and the months of each year."""
    span, series = case.span.span, series_of(case).stops_yearly
    if series is None:
        return np.empty(0), np.empty((0, len(span)))
    years = [int(year) for year in replace(observed, last="").read(series).year.values]
    months = np.array([[float(m.year == year) for m in span] for year in years])
    table = _of_years(observed.read(series), years, months, observed.told(span))
    return np.asarray(table.values, dtype=float), months


def _whole_years(of: list[int]) -> tuple[list[int], np.ndarray]:
    """Years with all of their months in the span, and a 0/1 matrix (year, month).

    Args:
        of: The year of each month.
    """
    years = [year for year in sorted(set(of)) if of.count(year) == MONTHS]
    return years, np.array([[float(one == year) for one in of] for year in years])


def _of_years(table: xr.DataArray, years: list[int], months: np.ndarray, told: int) -> xr.DataArray:
    """Yearly counts of some years, NaN in those that are not over when the figures end."""
    over = months[:, told:].sum(axis=1) == 0.0
    return table.reindex(year=years).where(xr.DataArray(over, {"year": years}, ("year",)))


def sector_shares(case: Case, observed: Figures) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """In which sectors each origin's encounters between ports were, by fiscal year.

    Returns:
        Shares (year, origin, sector), NaN for years of which a month is not told; the position of each year between
        yearly knots, and a 0/1 matrix (year, month) of its months that are ever told. No years where no series tells
        origins by sector.
    """
    span, series = case.span.span, series_of(case).origins_by_sector
    if series is None:
        return np.empty((0, len(case.origins), len(case.sectors))), np.empty(0), np.empty((0, len(span)))
    packaged = replace(observed, last="")
    ever = _by_sector(packaged, case, series).notnull().any(("sector", "origin")).values
    years = sorted({fiscal_year(month) for month, told in zip(span, ever, strict=True) if told})
    in_year = np.array([[fiscal_year(month) == year for month in span] for year in years])
    months = (in_year & ever).astype(float)
    table = _by_sector(observed, case, series).sel(origin=list(codes(case)), sector=list(case.sectors))
    known = table.notnull().any(("sector", "origin")).values
    counts = np.einsum("ym,mso->yos", months, table.fillna(0.0).transpose("month", "sector", "origin").values)
    share = (counts + 1.0) / (counts + 1.0).sum(axis=2, keepdims=True)
    since = np.array([(month.year - span.first.year) + (month.number - 0.5) / MONTHS for month in span])
    position = months @ since / months.sum(axis=1)
    return np.where((months @ ~known == 0.0)[:, None, None], share, np.nan), position, months


def _by_sector(observed: Figures, case: Case, series: str) -> xr.DataArray:
    """Counts by month of the span, sector and origin, whatever the figures call a sector."""
    table = to_span(observed.read(series), case.span.span)
    return table.rename({table.dims[1]: "sector"}) if table.dims[1] != "sector" else table


def fiscal_year(month: Month) -> int:
    """The year, October to September, in which the destination publishes a month."""
    return month.year + (month.number >= 10)


def _picked(table: xr.DataArray, span: Span, names: list[str]) -> np.ndarray:
    axis = str(table.dims[1])
    return np.asarray(to_span(table, span).reindex({axis: names}).values)


def _groups(case: Case, cells: Cells, observed: Figures) -> Target | None:
    series, groups = series_of(case).groups, list(case.groups)
    if series is None:
        return None
    counts = np.asarray(to_span(observed.read(series), case.span.span).sel(group=groups).values)
    told = np.asarray(cells.published.all(axis=1))
    return Target("groups", counts, tuple(groups), lambda s: s.encounters.sum(axis=1), "groups", told)


def _by_origin(name: str, series: str | None, case: Case, observed: Figures, kind: str) -> Target | None:
    """What the transit country does to each of the others."""
    if series is None:
        return None
    transit = {code for code, country in case.countries.items() if country.role == "transit"}
    places = [i for i, code in enumerate(case.origins) if code not in transit]
    labels = [codes(case)[i] for i in places]
    counts = _picked(observed.read(series), case.span.span, labels)
    return Target(name, counts, tuple(labels), lambda s: getattr(s, kind)[:, np.array(places)], kind)


def _walked(case: Case, observed: Figures) -> Target | None:
    """People counted on the stretch that some walk, where such counts are kept."""
    series = series_of(case).walked
    if series is None:
        return None
    places = [i for i, origin in enumerate(case.origins.values()) if origin.darien > 0.0]
    labels = [codes(case)[i] for i in places]
    counts = _picked(observed.read(series), case.span.span, labels)
    return Target(WALKED, counts, tuple(labels), lambda s: _a_month_before(s.darien[:, np.array(places)]), "darien")


def _sectors(case: Case, observed: Figures) -> Target | None:
    series, sectors = series_of(case).sectors, list(case.sectors)
    if series is None:
        return None
    counts = np.asarray(to_span(observed.read(series), case.span.span).sel(sector=sectors).values)
    return Target("sectors", counts, tuple(sectors), lambda s: s.sectors, "sectors")


def _deaths(case: Case, observed: Figures) -> Target | None:
    """Deaths by place; those of the walked stretch in months in which walkers were counted."""
    told, span = series_of(case).deaths, case.span.span
    if told is None:
        return None
    table = to_span(observed.read(told.counts), span)
    counts = [_dead(table, label) for label in (told.border, told.transit, told.walked)]
    walkers = series_of(case).walked
    if walkers is not None:
        counts[2] = np.where(to_span(observed.read(walkers), span).notnull().any("origin"), counts[2], np.nan)
    return Target("deaths", np.stack(counts, axis=1), PLACES, lambda s: s.deaths, "deaths")


def _dead(table: xr.DataArray, label: str | None) -> np.ndarray:
    """Deaths at one place, (month); NaN where the series has none of that name."""
    return np.full(len(table), np.nan) if label is None else np.asarray(table.sel(place=label).values)


def _pooled(name: str, series: str | None, case: Case, observed: Figures, kind: str) -> Target | None:
    """A series whose label for the rest holds some origins of the case: those are pooled on both sides."""
    if series is None:
        return None
    table: xr.DataArray = to_span(observed.read(series), case.span.span)
    axis, others = str(table.dims[1]), series_of(case).rest
    own = [code for code in codes(case) if code in table[axis].values and code != others]
    rest = [str(code) for code in table[axis].values if code not in own]
    counts = np.concatenate(
        [table.sel({axis: own}).values, table.sel({axis: rest}).sum(axis, min_count=1).values[:, None]],
        axis=1,
    )
    place = np.zeros((len(own) + 1, len(case.origins)))
    for i, code in enumerate(codes(case)):
        place[own.index(code) if code in own else len(own), i] = 1.0

    def gathered(seen: MonthlyOutcomes) -> Array:
        return jnp.einsum("lo,mod->mld", place, getattr(seen, kind))

    return Target(name, counts, (*own, "rest"), gathered, kind)


def _a_month_before(entries: Array) -> Array:
    """People enter the transit country half in the month of the Darien and half in the next."""
    following = np.minimum(np.arange(entries.shape[0]) + 1, entries.shape[0] - 1)
    return 0.5 * entries + 0.5 * entries[following]
