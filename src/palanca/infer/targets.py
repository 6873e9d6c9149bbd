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
from palanca.model.build import codes
from palanca.model.cells import GROUPS, Cells
from palanca.model.outcomes import MonthlyOutcomes
from palanca.spec.schema import Case

STATES = {"CA": "California", "AZ": "Arizona", "NM": "New Mexico", "TX": "Texas"}
REGIONS = {"California": 0, "Arizona": 1, "New Mexico": 2, "Texas": 2, "Texas and New Mexico": 2}

MONTHS = 12  # of a year

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
    """Every monthly count that replay does not solve for."""
    span, origins = case.span.span, codes(case)
    foreign = [i for i, code in enumerate(origins) if code != "MEX"]
    abroad = [origins[i] for i in foreign]
    walkers = [i for i in foreign if case.origins[list(case.origins)[i]].darien > 0.0]
    sectors = list(case.sectors)
    return [
        Target(
            "groups",
            _groups(span, observed),
            GROUPS,
            lambda s: s.encounters.sum(axis=1),
            "groups",
            np.asarray(cells.published.all(axis=1)),
        ),
        Target(
            "stops by origin",
            _picked(observed.read("mx_stops_by_origin"), span, abroad),
            tuple(abroad),
            lambda s: s.stops[:, np.array(foreign)],
            "stops",
        ),
        Target(
            "returns by origin",
            _picked(observed.read("mx_returns_by_origin"), span, abroad),
            tuple(abroad),
            lambda s: s.returns[:, np.array(foreign)],
            "returns",
        ),
        Target(
            "Darien",
            _picked(observed.read("darien_by_origin"), span, [origins[i] for i in walkers]),
            tuple(origins[i] for i in walkers),
            lambda s: _a_month_before(s.darien[:, np.array(walkers)]),
            "darien",
        ),
        Target("sectors", _sectors(span, sectors, observed), tuple(sectors), lambda s: s.sectors, "sectors"),
        _pooled("ports by origin", observed.read("ofo_by_origin"), "origin11", case, lambda s: s.ports, "ports"),
        _pooled(
            "appointments",
            observed.read("cbp_one_by_origin"),
            "origin",
            case,
            lambda s: s.appointments,
            "appointments",
        ),
        Target("deaths", _deaths(span, observed), ("border", "transit", "darien"), lambda s: s.deaths, "deaths"),
    ]


def cell_counts(cells: Cells) -> np.ndarray:
    """Encounters by origin and group where published cells stand behind them, else NaN."""
    return np.where(cells.published[:, :, None], cells.encounters, np.nan)


def repeat_share(span: Span, observed: Figures) -> np.ndarray:
    """Published share of encounters of people encountered before [share], NaN where none."""
    return np.asarray(to_span(observed.read("repeat_share"), span).values / 100.0)


def repeat_mean(span: Span, observed: Figures) -> tuple[float, np.ndarray]:
    """Published mean share of repeat encounters of FY2014 to FY2019, and 1 in each of its months inside the span.

    One half, which nothing may be scored against, while some of those months are not told.
    """
    last = Month.parse("2019-09")
    inside = [float(Month.parse("2013-10") <= month <= last) for month in span]
    if observed.last and observed.last < str(last):
        return 0.5, np.array(inside)
    return float(observed.read("repeat_share_mean").sel(year=2019)) / 100.0, np.array(inside)


def claims(case: Case, observed: Figures) -> tuple[np.ndarray, np.ndarray]:
    """Asylum claims in the transit country by year and origin, and the months of each year.

    Returns:
        Counts (year, origin) with NaN where none, and a 0/1 matrix (year, month) of whole years of the span.
    """
    years, months = _whole_years([month.year for month in case.span.span])
    table = _of_years(observed.read("mx_asylum_claims"), years, months, observed.told(case.span.span))
    known = [code if code in table.origin.values else None for code in codes(case)]
    counts = np.full((len(years), len(known)), np.nan)
    for i, code in enumerate(known):
        if code is not None:
            counts[:, i] = table.sel(origin=code).values
    return counts, months


def yearly_stops(case: Case, observed: Figures) -> tuple[np.ndarray, np.ndarray]:
    """People stopped by year before monthly figures began, NaN where not told, and the months of each year."""
    span = case.span.span
    years = [int(year) for year in replace(observed, last="").read("mx_apprehensions_yearly").year.values]
    months = np.array([[float(m.year == year) for m in span] for year in years])
    table = _of_years(observed.read("mx_apprehensions_yearly"), years, months, observed.told(span))
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


def region_shares(case: Case, observed: Figures) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Where each origin's encounters were, by fiscal year and region of the border.

    Returns:
        Shares (year, origin, region), NaN for years of which a month is not told; a 0/1 matrix (region, sector), the
        position of each year between yearly knots, and a 0/1 matrix (year, month) of the months of each year. New
        Mexico and Texas are one region, since the El Paso sector spans both.
    """
    span, series = case.span.span, "state_by_origin"
    begun = [Month.parse(str(month)[:7]) for month in replace(observed, last="").read(series).month.values]
    years, months = _whole_years([month.year + (month.number >= 10) for month in span])
    chosen = [k for k, year in enumerate(years) if any(m.year + (m.number >= 10) == year for m in begun)]
    years, months = [years[k] for k in chosen], months[chosen]
    cube = to_span(observed.read(series), span).sel(origin=list(codes(case))).fillna(0.0)
    known = to_span(observed.read(series), span).notnull().any(("state", "origin")).values
    shares = np.zeros((len(years), len(case.origins), 3))
    for state in cube.state.values:
        by_year = months @ cube.sel(state=state).values
        shares[:, :, REGIONS[STATES[str(state)]]] += by_year
    belongs = np.zeros((3, len(case.sectors)))
    for k, sector in enumerate(case.sectors.values()):
        belongs[REGIONS[sector.state], k] = 1.0
    position = np.array(years, dtype=float) - span.first.year + 0.25
    whole = months @ ~known == 0.0
    share = (shares + 1.0) / (shares + 1.0).sum(axis=2, keepdims=True)
    return np.where(whole[:, None, None], share, np.nan), belongs, position, months


def _picked(table: xr.DataArray, span: Span, names: list[str]) -> np.ndarray:
    axis = str(table.dims[1])
    return np.asarray(to_span(table, span).reindex({axis: names}).values)


def _groups(span: Span, observed: Figures) -> np.ndarray:
    return np.asarray(to_span(observed.read("usbp_by_group"), span).sel(group=list(GROUPS)).values)


def _sectors(span: Span, sectors: list[str], observed: Figures) -> np.ndarray:
    return np.asarray(to_span(observed.read("usbp_by_sector"), span).sel(sector=sectors).values)


def _deaths(span: Span, observed: Figures) -> np.ndarray:
    table = to_span(observed.read("deaths_by_place"), span)
    return np.stack(
        [
            table.sel(place="usa_border").values,
            table.sel(place="mexico").values,
            np.where(
                to_span(observed.read("darien_by_origin"), span).notnull().any("origin"),
                table.sel(place="darien"),
                np.nan,
            ),
        ],
        axis=1,
    )


def _pooled(name: str, series: xr.DataArray, axis: str, case: Case, shown: Shown, kind: str) -> Target:
    """A series whose `other` holds some origins of the case: those are pooled on both sides."""
    table: xr.DataArray = to_span(series, case.span.span)
    own = [code for code in codes(case) if code in table[axis].values and code != "OTH"]
    rest = [str(code) for code in table[axis].values if code not in own]
    counts = np.concatenate(
        [table.sel({axis: own}).values, table.sel({axis: rest}).sum(axis, min_count=1).values[:, None]],
        axis=1,
    )
    place = np.zeros((len(own) + 1, len(case.origins)))
    for i, code in enumerate(codes(case)):
        place[own.index(code) if code in own else len(own), i] = 1.0

    def gathered(seen: MonthlyOutcomes) -> Array:
        return jnp.einsum("lo,mod->mld", place, shown(seen))

    return Target(name, counts, (*own, "rest"), gathered, kind)


def _a_month_before(entries: Array) -> Array:
    """People enter the transit country half in the month of the Darien and half in the next."""
    following = np.minimum(np.arange(entries.shape[0]) + 1, entries.shape[0] - 1)
    return 0.5 * entries + 0.5 * entries[following]
