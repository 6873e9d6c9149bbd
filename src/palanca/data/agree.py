"""What must agree: tables with their catalogue, parts with their wholes, and figures known from elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import xarray as xr

from palanca.core.errors import PalancaError
from palanca.data import catalogue, store, table
from palanca.data.catalogue import SeriesEntry
from palanca.data.read import Figures, figures_of, packaged_figures


@dataclass(frozen=True)
class AgreementCheck:
    """The outcome of one check.

    Attributes:
        check: What was compared.
        passed: Whether it agreed.
        found: What was found, in words.
        expected: What was expected, in words.
    """

    check: str
    passed: bool
    found: str
    expected: str


@dataclass(frozen=True)
class Sum:
    """Parts that must add up to wholes, month by month.

    Attributes:
        parts: Series whose cells are summed over every axis but the month.
        wholes: Series that they must equal, summed likewise.
        slack: Largest difference allowed in a month [unit of the series].
        share: The same as a share of the whole; the larger of the two counts.
        first: Month from which they are compared; all when empty.
        last: Month to which they are compared; all when empty.
        why: Why they may differ at all.
    """

    parts: tuple[str, ...]
    wholes: tuple[str, ...]
    slack: float
    share: float = 0.0
    first: str = ""
    last: str = ""
    why: str = ""


YEAR_END = "the closed fiscal year 2025 and the edition through August"
SUMS = (
    Sum(("usbp_by_sector",), ("usbp_total",), 45, why="nine sectors rounded to 10 from October 2020"),
    Sum(("usbp_by_origin",), ("usbp_total",), 30, 0.006, why="two publications; rounded to 10"),
    Sum(("usbp_by_origin",), ("usbp_total",), 30, first="2013-10", why="two publications; rounded to 10"),
    Sum(("usbp_by_origin",), ("usbp_total",), 6, first="2024-09", why="editions of June 2025 and after"),
    Sum(("usbp_by_group",), ("usbp_total",), 30, why="two publications; rounded to 10"),
    Sum(("usbp_by_group",), ("usbp_by_origin",), 0, first="2024-09"),
    Sum(("usbp_by_sector",), ("usbp_by_origin",), 0, first="2024-09"),
    Sum(("usbp_cells",), ("usbp_total",), 0, first="2018-10"),
    Sum(("swb_cells",), ("usbp_cells", "ofo_cells"), 0, last="2024-09"),
    Sum(("swb_cells",), ("usbp_cells", "ofo_cells"), 9, first="2024-10", why=YEAR_END),
    Sum(("state_by_origin",), ("swb_cells",), 0),
    Sum(("usbp_sector_by_origin",), ("usbp_cells",), 0, last="2024-09"),
    Sum(("usbp_sector_by_origin",), ("usbp_cells",), 6, first="2024-10", why=YEAR_END),
    Sum(("ofo_by_origin",), ("ofo_total",), 60, why="eleven nationalities rounded to 10"),
    Sum(("ofo_by_origin",), ("ofo_total",), 5, first="2024-09", why="editions of June 2025 and after"),
    Sum(("ofo_by_group",), ("ofo_total",), 25, why="four groups rounded to 10"),
    Sum(("ofo_by_group",), ("ofo_by_origin",), 0, first="2024-09"),
    Sum(("ofo_total",), ("ofo_cells",), 120, why="OHSS is up to 119 lower in July to September 2019"),
    Sum(("ofo_total",), ("ofo_cells",), 0, first="2024-09"),
    Sum(("usbp_by_place",), ("usbp_total",), 5, first="2024-10", why=YEAR_END),
    Sum(("usbp_by_place",), ("usbp_total",), 0, last="2024-09"),
    Sum(("mx_stops_total",), ("mx_stops_by_origin",), 0, 0.014, why="a later edition"),
    Sum(("mx_stops_by_age",), ("mx_stops_by_origin",), 0, 0.006, last="2024-10", why="two tables of the same bulletin"),
    Sum(
        ("mx_stops_by_age",),
        ("mx_stops_by_origin",),
        0,
        0.035,
        first="2024-11",
        why="two tables of one bulletin",
    ),
)
EDITIONS_APART = 0.01  # share by which publications may differ when a store holds them in editions of other dates
REST = "OTH"  # a nationality without a name of its own; absent where an edition does not tell it
MPP_UNPRINTED = 175.0
OUTCOMES = ("follow_usbp", "follow_ofo", "follow_by_origin")


@dataclass(frozen=True)
class Point:
    """A figure stated elsewhere that a series must reproduce: a sum over its other axes and over months."""

    series: str
    first: str
    last: str
    value: float
    labels: tuple[tuple[str, str], ...] = ()


POINTS = (
    Point("usbp_total", "2019-05", "2019-05", 132_856),
    Point("usbp_total", "2019-09", "2019-09", 40_507),
    Point("usbp_total", "2023-09", "2023-09", 218_763),
    Point("usbp_total", "2023-12", "2023-12", 249_740),
    Point("usbp_total", "2024-01", "2024-01", 124_215),
    Point("swb_cells", "2021-03", "2021-03", 173_277),
    Point("swb_cells", "2021-03", "2021-03", 18_870, (("group", "child"),)),
    Point("mx_returns_by_origin", "2019-06", "2019-06", 24_125),
    Point("mx_returns_by_origin", "2023-12", "2023-12", 558),
    Point("usbp_total", "2024-09", "2024-09", 53_858),
    Point("usbp_total", "2025-01", "2025-01", 29_107),
    Point("usbp_total", "2025-02", "2025-02", 8_353),
    Point("usbp_total", "2025-09", "2025-09", 8_386),
    Point("usbp_by_origin", "2025-09", "2025-09", 8_386),
    Point("ofo_by_origin", "2025-09", "2025-09", 3_261),
    Point("usbp_by_place", "2024-10", "2025-09", 237_538),
    Point("mx_stops_total", "2025-01", "2025-09", 135_224),
    Point("darien_by_origin", "2023-01", "2023-12", 520_085),
    Point("darien_by_origin", "2025-04", "2025-04", 73),
)


def verify(folder: Path | None = None) -> list[AgreementCheck]:
    """Run every check.

    Args:
        folder: A store of newer tables. Figures stated elsewhere are then not held against its revised tables.

    Returns:
        One finding per check: the store's editions, then tables, then sums, then figures.
    """
    own, figures = _opened(folder)
    if figures is None:
        return own
    tables = [*own, *(_table(series_id, figures) for series_id in catalogue.entries())]
    if not all(finding.passed for finding in tables):
        return tables
    found = [*tables, *(_sum(rule, figures) for rule in SUMS), *(_outcomes(s, figures) for s in OUTCOMES)]
    return found if folder is not None else [*found, *(_point(point) for point in POINTS)]


def _opened(folder: Path | None) -> tuple[list[AgreementCheck], Figures | None]:
    """The figures, and what is found of a store: its list, and each edition that it names."""
    if folder is None:
        return [], packaged_figures()
    try:
        kept = store.opened(folder)
    except PalancaError as fault:
        return [
            AgreementCheck(f"{folder}: list and tables", False, f"{fault.what}: {fault.found}", fault.expected)
        ], None
    editions = [_edition(row, folder) for row in kept.rows]
    return editions, figures_of(kept) if all(finding.passed for finding in editions) else None


def _edition(row: SeriesEntry, folder: Path) -> AgreementCheck:
    return _held(row.file, lambda: f"{len(table.load(row, folder / row.file)):,}")


def _table(series_id: str, figures: Figures) -> AgreementCheck:
    return _held(
        f"{series_id}: checksum, unit, labels and span", lambda: f"{int(figures.read(series_id).notnull().sum()):,}"
    )


def _held(check: str, count: Callable[[], str]) -> AgreementCheck:
    try:
        return AgreementCheck(check, True, f"{count()} figures", "as the catalogue says")
    except PalancaError as fault:
        return AgreementCheck(check, False, f"{fault.what}: {fault.found}", fault.expected)


def _total(series_ids: tuple[str, ...], figures: Figures) -> xr.DataArray:
    """Sum over every axis but the month; a month with no figure at all, or without the rest of a sum, is a gap."""
    sums = [_over_labels(figures.read(series_id)) for series_id in series_ids]
    total = sums[0]
    for other in sums[1:]:
        total = total + other
    return total


def _over_labels(part: xr.DataArray) -> xr.DataArray:
    total = part.sum([dim for dim in part.dims if dim != "month"], min_count=1)
    for dim in part.dims[1:]:
        if REST in part[dim].values:
            rest = part.sel({dim: REST}, drop=True)
            total = total.where(rest.notnull().any([other for other in rest.dims if other != "month"]))
    return total


def _sum(rule: Sum, figures: Figures) -> AgreementCheck:
    parts, wholes = xr.align(_total(rule.parts, figures), _total(rule.wholes, figures), join="inner")
    within = slice(rule.first or None, rule.last or None)
    parts, wholes = parts.sel(month=within), wholes.sel(month=within)
    share = rule.share if figures is packaged_figures() else max(rule.share, EDITIONS_APART)
    allowed = (share * wholes).clip(min=rule.slack)
    return _worst(
        f"sum of {' + '.join(rule.parts)} against {' + '.join(rule.wholes)}"
        + (f" from {rule.first}" if rule.first else "")
        + (f" to {rule.last}" if rule.last else ""),
        parts - wholes,
        allowed,
        rule.why,
    )


def _outcomes(series_id: str, figures: Figures) -> AgreementCheck:
    """Outcomes against the encounters that they follow; each is rounded to 10."""
    array = figures.read(series_id)
    total = array.sel(outcome="total_encounters", drop=True)
    difference = array.drop_sel(outcome="total_encounters").sum("outcome") - total
    allowed = xr.full_like(difference, 5.0 * array.sizes["outcome"])
    # Returns under the Migrant Protection Protocols began in January 2019 but are marked X until March.
    early = [month for month in ("2019-01", "2019-02") if month in allowed.month.dt.strftime("%Y-%m")]
    for month in early:
        allowed.loc[{"month": month}] = MPP_UNPRINTED
    return _worst(f"{series_id}: sum of outcomes against encounters", difference, allowed, "rounded to 10")


def _worst(check: str, difference: xr.DataArray, allowed: xr.DataArray, why: str) -> AgreementCheck:
    gaps = difference.rename("gap").to_series().dropna()
    if gaps.empty:
        return AgreementCheck(check, False, "no month in common", "at least one month in common")
    limits = allowed.rename("limit").to_series().reindex(gaps.index)
    at = int((gaps.abs() - limits).to_numpy().argmax())
    cell = gaps.index[at] if difference.ndim > 1 else (gaps.index[at],)
    place = ", ".join([str(cell[0])[:7], *map(str, cell[1:])])
    return AgreementCheck(
        check,
        bool((gaps.abs() <= limits).all()),
        f"nearest to the limit in {place}: {gaps.iloc[at]:+,.0f}",
        f"at most {limits.iloc[at]:,.0f} apart" + (f" ({why})" if why else ""),
    )


def _point(point: Point) -> AgreementCheck:
    array = packaged_figures().read(point.series).sel(month=slice(point.first, point.last)).sel(dict(point.labels))
    found = float(array.sum())
    span = point.first if point.first == point.last else f"{point.first} to {point.last}"
    words = "".join(f", {label}" for _, label in point.labels)
    return AgreementCheck(
        f"{point.series}, {span}{words}: a figure stated elsewhere",
        found == point.value,
        f"{found:,.0f}",
        f"{point.value:,.0f}",
    )
