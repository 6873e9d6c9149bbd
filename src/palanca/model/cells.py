"""From published margins to cells of origin by group: encounters, and what followed them, month by month.

Cells are inferred by iterative proportional fitting; the published margins are met, and published cells where
there are any (October 2018 on for five origins, October 2019 to September 2023 for all) give the pattern inside.
Everything is inferred from the months that the figures in force tell; later months of the span hold the last of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import xarray as xr

from palanca.core.clock import Span
from palanca.data.align import to_span
from palanca.data.read import Figures, packaged_figures

FEW = 2.0  # the middle of a count that is printed only as 0-4
PSEUDO = 8.0  # people's worth of the group's mean share lent to a thin cell
FINE = ("MEX", "GTM", "HND", "SLV")
GROUPS = ("single_adult", "family", "child")
SWEEPS = 60
COUNTED = ("usbp_by_origin", "usbp_by_group")
TABLES = (
    "usbp_by_group", "swb_cells", "usbp_cells", "ofo_by_origin",
    "follow_usbp", "follow_ofo", "follow_by_origin", "follow_by_group",
)  # fmt: skip
FOLLOWED = ("follow_usbp", "follow_by_origin", "follow_by_group")

Cube = np.ndarray
Tables = Mapping[str, xr.DataArray]  # series on the months of the span, by name


@dataclass(frozen=True)
class Cells:
    """Inferred cells of the Border Patrol's encounters.

    Args:
        encounters: Encounters, (month, origin, group) [events / month].
        published: Where the pattern inside rests on published cells, (month, origin).
        expelled: Share expelled of all encounters, (month, origin, group) [share].
        abroad: Share made to wait abroad of those not expelled.
        home: Share sent home under ordinary law of those left.
        detained: Share transferred to detention of those left.
        followed: Where what followed encounters was published, (month); the shares of other months are those of the
            last month before that has them, or of the first if there is none.
        counted: Where encounters by origin and by group were published, (month); those of other months are likewise.
        totals: Encounters by origin, from which the cells are made, (month, origin) [events / month].
    """

    encounters: Cube
    published: np.ndarray
    expelled: Cube
    abroad: Cube
    home: Cube
    detained: Cube
    followed: np.ndarray
    counted: np.ndarray
    totals: np.ndarray


def by_origin(span: Span, origins: tuple[str, ...], observed: Figures | None = None) -> np.ndarray:
    """Border Patrol encounters by origin, a withheld 0-4 read as 2, (month, origin) [events / month]; NaN if unknown.

    Args:
        span: The months wanted.
        origins: Codes of origin, in the order wanted.
        observed: The figures in force; the packaged ones if nothing.
    """
    observed = observed or packaged_figures()
    counts = to_span(observed.read("usbp_by_origin"), span).sel(origin=list(origins))
    withheld = to_span(observed.read_censored("usbp_by_origin").astype(float), span).sel(origin=list(origins))
    return np.where(withheld.values > 0.5, FEW, counts.values)


def infer(span: Span, origins: tuple[str, ...], observed: Figures | None = None) -> Cells:
    """Infer every cell of a span from the figures.

    Args:
        span: The months wanted.
        origins: Codes of origin, in the order wanted.
        observed: The figures in force; the packaged ones if nothing.
    """
    observed = observed or packaged_figures()
    totals = by_origin(span, origins, observed)
    tables = {name: to_span(observed.read(name), span) for name in TABLES}
    groups = _values(tables["usbp_by_group"], group=list(GROUPS))
    counted = _whole(totals) & _whole(groups)
    totals, groups = held(totals), held(groups)
    seed, published = _pattern(tables, observed.told(span), origins)
    encounters = fit_margins(seed, totals, groups)
    expelled = encounters * _title_42_share(tables, origins)
    rest = encounters - expelled
    abroad = _outcome(tables, "mpp_returns", totals, origins, rest)
    rest_2 = rest - abroad
    home = _outcome(tables, "t8_repatriations", totals, origins, rest_2)
    rest_3 = rest_2 - home
    detained = _outcome(tables, "transfers_to_ice", totals, origins, rest_3)
    foreign = np.array([name != "MEX" for name in origins])
    followed = np.logical_and.reduce([_covered(tables[name]) for name in FOLLOWED])
    from_month = carried(followed)
    return Cells(
        encounters,
        published,
        _share(expelled, encounters, foreign)[from_month],
        _share(abroad, rest, foreign)[from_month],
        _share(home, rest_2, foreign)[from_month],
        _share(detained, rest_3, foreign)[from_month],
        followed,
        counted,
        totals,
    )


def held(values: np.ndarray) -> np.ndarray:
    """The same with the last month that is whole in place of those after it, month first."""
    whole = _whole(values)
    return values if whole.all() else values[carried(whole)]


def _whole(values: np.ndarray) -> np.ndarray:
    """Where no number of a month is missing, (month)."""
    return np.isfinite(values.reshape(len(values), -1)).all(axis=1)


def carried(known: np.ndarray) -> np.ndarray:
    """Place of the last known month up to each month, (month); of the first known one where there is none before.

    Args:
        known: Where something is known, (month).
    """
    places = np.arange(len(known))
    first = int(np.argmax(known))
    return np.maximum(np.maximum.accumulate(np.where(known, places, 0)), first)


def fit_margins(seed: Cube, rows: np.ndarray, columns: np.ndarray) -> Cube:
    """Scale a pattern until its sums meet two margins; the second yields where the two totals differ.

    Args:
        seed: Positive pattern, (month, origin, group).
        rows: Sums over groups, (month, origin).
        columns: Sums over origins, (month, group).
    """
    cells = np.maximum(seed, 1e-9)
    scaled = columns * (rows.sum(axis=1) / np.maximum(columns.sum(axis=1), 1e-9))[:, None]
    for _ in range(SWEEPS):
        cells = cells * (scaled / np.maximum(cells.sum(axis=1), 1e-12))[:, None, :]
        cells = cells * (rows / np.maximum(cells.sum(axis=2), 1e-12))[:, :, None]
    return cells


def _values(table: xr.DataArray, **where: list[str]) -> np.ndarray:
    return np.asarray(table.sel(where).values, dtype=float)


def _filled(table: xr.DataArray) -> np.ndarray:
    """A cube; months without figures take the pattern of the nearest month that has them.

    Before anything was published all cells are alike, so that the margins alone speak.
    """
    seen = np.flatnonzero(_covered(table))
    if not seen.size:
        return np.ones(table.shape)
    nearest = seen[np.abs(np.arange(len(table))[:, None] - seen[None]).argmin(axis=1)]
    return np.nan_to_num(table.values[nearest])


def _smooth(cube: np.ndarray, told: int) -> np.ndarray:
    """Lend a thin cell the pattern of all months told, so that a month without anyone is not a zero for ever."""
    share = cube[:told].sum(axis=0, keepdims=True) + 1.0
    return np.asarray(cube + PSEUDO * share / share.sum(axis=-1, keepdims=True))


def _pattern(tables: Tables, told: int, origins: tuple[str, ...]) -> tuple[Cube, np.ndarray]:
    both = tables["swb_cells"].sum("authority", min_count=1).sel(origin=list(origins), group=list(GROUPS))
    cube = _smooth(_filled(both), told)
    fine = tables["usbp_cells"].sum("authority", min_count=1).sel(origin5=list(FINE), group=list(GROUPS))
    finer = _smooth(_filled(fine), told)
    at = [origins.index(name) for name in FINE if name in origins]
    cube[:, at] = finer[:, [FINE.index(origins[i]) for i in at]]
    known = np.repeat(_covered(both)[:, None], len(origins), axis=1)
    known[:, at] = _covered(fine)[:, None]
    return cube, known


def _covered(table: xr.DataArray) -> np.ndarray:
    return np.asarray(table.notnull().any(dim=[d for d in table.dims if d != "month"]).values)


def _title_42_share(tables: Tables, origins: tuple[str, ...]) -> Cube:
    """Share of each cell expelled under the health order [share]; zero in months without the order."""

    def share(series: str, axis: str, names: list[str]) -> np.ndarray:
        cube = tables[series].sel({axis: names, "group": list(GROUPS)}).fillna(0.0)
        expelled = cube.sel(authority="title42").values
        everyone = cube.sum("authority").values
        mean = expelled.sum(axis=1, keepdims=True) / np.maximum(everyone.sum(axis=1, keepdims=True), 1.0)
        return np.asarray((expelled + PSEUDO * mean * (everyone > 0)) / np.maximum(everyone + PSEUDO, 1.0))

    result = share("swb_cells", "origin", list(origins))
    at = [origins.index(name) for name in FINE if name in origins]
    result[:, at] = share("usbp_cells", "origin5", [origins[i] for i in at])
    return np.where(_values(tables["follow_usbp"], outcome=["t42_expulsions"]) > 0, 1.0, 0.0)[:, :, None] * result


def _outcome(tables: Tables, outcome: str, totals: np.ndarray, origins: tuple[str, ...], room: Cube) -> Cube:
    """People of each cell to whom something happened, never more than there are in the cell."""
    margin = _border_patrol_part(tables, outcome, totals, origins)
    column = np.maximum(tables["follow_by_group"].sel(group=list(GROUPS), outcome=outcome).fillna(0.0).values, 1e-6)
    seed = room.copy()
    if outcome != "t8_repatriations":
        seed[:, :, GROUPS.index("child")] = 0.0
    elif "MEX" in origins:
        foreign = np.array([name != "MEX" for name in origins])
        seed[:, foreign, GROUPS.index("child")] *= 0.01  # children of other countries go to the health department
    fitted = fit_margins(seed, margin, column)
    return np.minimum(fitted, 0.995 * room)


def _border_patrol_part(tables: Tables, outcome: str, totals: np.ndarray, origins: tuple[str, ...]) -> np.ndarray:
    """An outcome by origin, less the part of ports of entry, which is allotted by their encounters."""
    both = tables["follow_by_origin"].sel(outcome=outcome).fillna(0.0)
    ports = tables["ofo_by_origin"].fillna(0.0)
    everyone = ports.sum("origin11")
    weight = ports / everyone.where(everyone > 0.0, 1.0)
    ofo = np.nan_to_num(_values(tables["follow_ofo"], outcome=[outcome]))
    part = np.maximum(both.values - weight.sel(origin11=both.origin11).values * ofo, 0.0)
    names = [str(name) for name in both.origin11.values]
    pooled = part[:, [names.index(name) for name in ("CHN", "OTH")]].sum(axis=1)
    rest = [i for i, name in enumerate(origins) if name not in names or name == "OTH"]
    result = np.zeros_like(totals)
    for i, name in enumerate(origins):
        if i not in rest:
            result[:, i] = part[:, names.index(name)]
    result[:, rest] = pooled[:, None] * totals[:, rest] / totals[:, rest].sum(axis=1, keepdims=True)
    known = np.nan_to_num(_values(tables["follow_usbp"], outcome=[outcome]))[:, 0]
    return np.asarray(result * (known / np.maximum(result.sum(axis=1), 1e-9))[:, None])


def _share(part: Cube, whole: Cube, foreign: np.ndarray) -> Cube:
    """Share of a cell, with the mean share of the group among those of other countries lent to thin cells."""
    others, among = part[:, foreign].sum(axis=1, keepdims=True), whole[:, foreign].sum(axis=1, keepdims=True)
    mean = others / np.maximum(among, 1.0)
    return np.asarray((part + PSEUDO * mean) / (whole + PSEUDO))
