"""From published margins to cells of origin by group: encounters, and what followed them, month by month.

Cells are inferred by iterative proportional fitting; the published margins are met, and published cells where
there are any (October 2018 on for five origins, October 2019 to September 2023 for all) give the pattern inside.
"""

from __future__ import annotations

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

Cube = np.ndarray


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
    """

    encounters: Cube
    published: np.ndarray
    expelled: Cube
    abroad: Cube
    home: Cube
    detained: Cube


def by_origin(span: Span, origins: tuple[str, ...], observed: Figures | None = None) -> np.ndarray:
    """Border Patrol encounters by origin, a withheld 0-4 read as 2, (month, origin) [events / month].

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
    groups = _values(observed, "usbp_by_group", span, group=list(GROUPS))
    seed, published = _pattern(observed, span, origins)
    encounters = fit_margins(seed, totals, groups)
    expelled = encounters * _title_42_share(observed, span, origins)
    rest = encounters - expelled
    abroad = _outcome(observed, "mpp_returns", span, origins, rest, children=False)
    rest_2 = rest - abroad
    home = _outcome(observed, "t8_repatriations", span, origins, rest_2, children=True)
    rest_3 = rest_2 - home
    detained = _outcome(observed, "transfers_to_ice", span, origins, rest_3, children=False)
    foreign = np.array([name != "MEX" for name in origins])
    return Cells(
        encounters,
        published,
        _share(expelled, encounters, foreign),
        _share(abroad, rest, foreign),
        _share(home, rest_2, foreign),
        _share(detained, rest_3, foreign),
    )


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


def _values(observed: Figures, series: str, span: Span, **where: list[str]) -> np.ndarray:
    return np.asarray(to_span(observed.read(series), span).sel(where).values, dtype=float)


def _filled(array: xr.DataArray, span: Span) -> np.ndarray:
    """A cube on the span; months without figures take the pattern of the nearest month that has them."""
    inside = to_span(array, span)
    seen = np.flatnonzero(inside.notnull().any(dim=[d for d in inside.dims if d != "month"]).values)
    nearest = seen[np.abs(np.arange(len(span))[:, None] - seen[None]).argmin(axis=1)]
    return np.nan_to_num(inside.values[nearest])


def _smooth(cube: np.ndarray) -> np.ndarray:
    """Lend a thin cell the pattern of its whole period, so that a month without anyone is not a zero for ever."""
    share = cube.sum(axis=0, keepdims=True) + 1.0
    return np.asarray(cube + PSEUDO * share / share.sum(axis=-1, keepdims=True))


def _pattern(observed: Figures, span: Span, origins: tuple[str, ...]) -> tuple[Cube, np.ndarray]:
    both = observed.read("swb_cells").sum("authority", min_count=1).sel(origin=list(origins), group=list(GROUPS))
    cube = _smooth(_filled(both, span))
    fine = observed.read("usbp_cells").sum("authority", min_count=1).sel(origin5=list(FINE), group=list(GROUPS))
    finer = _smooth(_filled(fine, span))
    at = [origins.index(name) for name in FINE if name in origins]
    cube[:, at] = finer[:, [FINE.index(origins[i]) for i in at]]
    known = np.repeat(_covered(both, span)[:, None], len(origins), axis=1)
    known[:, at] = _covered(fine, span)[:, None]
    return cube, known


def _covered(array: xr.DataArray, span: Span) -> np.ndarray:
    return np.asarray(to_span(array, span).notnull().any(dim=[d for d in array.dims if d != "month"]).values)


def _title_42_share(observed: Figures, span: Span, origins: tuple[str, ...]) -> Cube:
    """Share of each cell expelled under the health order [share]; zero in months without the order."""

    def share(series: str, axis: str, names: list[str]) -> np.ndarray:
        cube = to_span(observed.read(series), span).sel({axis: names, "group": list(GROUPS)}).fillna(0.0)
        expelled = cube.sel(authority="title42").values
        everyone = cube.sum("authority").values
        mean = expelled.sum(axis=1, keepdims=True) / np.maximum(everyone.sum(axis=1, keepdims=True), 1.0)
        return np.asarray((expelled + PSEUDO * mean * (everyone > 0)) / np.maximum(everyone + PSEUDO, 1.0))

    result = share("swb_cells", "origin", list(origins))
    at = [origins.index(name) for name in FINE if name in origins]
    result[:, at] = share("usbp_cells", "origin5", [origins[i] for i in at])
    return (
        np.where(_values(observed, "follow_usbp", span, outcome=["t42_expulsions"]) > 0, 1.0, 0.0)[:, :, None] * result
    )


def _outcome(
    observed: Figures, outcome: str, span: Span, origins: tuple[str, ...], room: Cube, *, children: bool
) -> Cube:
    """People of each cell to whom something happened, never more than there are in the cell."""
    margin = _border_patrol_part(observed, outcome, span, origins)
    column = _by_group(observed, outcome, span)
    seed = room.copy()
    if not children:
        seed[:, :, GROUPS.index("child")] = 0.0
    elif "MEX" in origins:
        foreign = np.array([name != "MEX" for name in origins])
        seed[:, foreign, GROUPS.index("child")] *= 0.01  # children of other countries go to the health department
    fitted = fit_margins(seed, margin, column)
    return np.minimum(fitted, 0.995 * room)


def _border_patrol_part(observed: Figures, outcome: str, span: Span, origins: tuple[str, ...]) -> np.ndarray:
    """An outcome by origin, less the part of ports of entry, which is allotted by their encounters."""
    both = to_span(observed.read("follow_by_origin"), span).sel(outcome=outcome).fillna(0.0)
    ports = to_span(observed.read("ofo_by_origin"), span).fillna(0.0)
    weight = ports / ports.sum("origin11")
    ofo = np.nan_to_num(_values(observed, "follow_ofo", span, outcome=[outcome]))
    part = np.maximum(both.values - weight.sel(origin11=both.origin11).values * ofo, 0.0)
    names = [str(name) for name in both.origin11.values]
    pooled = part[:, [names.index(name) for name in ("CHN", "OTH")]].sum(axis=1)
    totals = by_origin(span, origins, observed)
    rest = [i for i, name in enumerate(origins) if name not in names or name == "OTH"]
    result = np.zeros_like(totals)
    for i, name in enumerate(origins):
        if i not in rest:
            result[:, i] = part[:, names.index(name)]
    result[:, rest] = pooled[:, None] * totals[:, rest] / totals[:, rest].sum(axis=1, keepdims=True)
    known = np.nan_to_num(_values(observed, "follow_usbp", span, outcome=[outcome]))[:, 0]
    return np.asarray(result * (known / np.maximum(result.sum(axis=1), 1e-9))[:, None])


def _by_group(observed: Figures, outcome: str, span: Span) -> np.ndarray:
    cube = to_span(observed.read("follow_by_group"), span).sel(group=list(GROUPS), outcome=outcome).fillna(0.0).values
    return np.maximum(cube, 1e-6)


def _share(part: Cube, whole: Cube, foreign: np.ndarray) -> Cube:
    """Share of a cell, with the mean share of the group among those of other countries lent to thin cells."""
    others, among = part[:, foreign].sum(axis=1, keepdims=True), whole[:, foreign].sum(axis=1, keepdims=True)
    mean = others / np.maximum(among, 1.0)
    return np.asarray((part + PSEUDO * mean) / (whole + PSEUDO))
