"""From published margins to cells of origin by group: encounters, and what followed them, month by month.

Cells are inferred by iterative proportional fitting; the published margins are met, and published cells where
there are any give the pattern inside. A case without a margin of groups has one group, and one without what followed
encounters begins with assumed shares, which are carried on. Everything is inferred from the months that the figures
in force tell; later months of the span hold the last of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import xarray as xr

from palanca.core.clock import Span
from palanca.data.align import to_span
from palanca.data.read import Figures, packaged_figures
from palanca.spec.figures import series_of
from palanca.spec.schema import Case
from palanca.spec.series_names import FollowedSeries, SeriesNames

FEW = 2.0  # the middle of a count that is printed only as 0-4
PSEUDO = 8.0  # people's worth of the group's mean share lent to a thin cell
SWEEPS = 60

Cube = np.ndarray
Tables = Mapping[str, xr.DataArray]  # series on the months of the span, by name


@dataclass(frozen=True)
class CaseFigures:
    """What the figures tell of a case, and what they call those in it.

    Args:
        names: The series.
        tables: Each of them that cells are made from, on the months of the span.
        origins: Codes of origin, in the order of the case.
        groups: Groups, in the order of the case.
        foreign: Which origins are not the transit country, (origin).
        alone: Which groups are children on their own, (group).
    """

    names: SeriesNames
    tables: Tables
    origins: tuple[str, ...]
    groups: tuple[str, ...]
    foreign: np.ndarray
    alone: np.ndarray


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


def by_origin(span: Span, case: Case, observed: Figures | None = None) -> np.ndarray:
    """Encounters by origin, a withheld 0-4 read as 2, (month, origin) [events / month]; NaN if unknown.

    Args:
        span: The months wanted.
        case: The case, whose origins in its own order are wanted.
        observed: The figures in force; the packaged ones if nothing.
    """
    observed, series, origins = observed or packaged_figures(), series_of(case).encounters, codes(case)
    table = observed.read(series)
    axis = str(table.dims[1])
    counts = to_span(table, span).sel({axis: list(origins)})
    withheld = to_span(observed.read_censored(series).astype(float), span).sel({axis: list(origins)})
    return np.where(withheld.values > 0.5, FEW, counts.values)


def codes(case: Case) -> tuple[str, ...]:
    """Codes under which the figures list the case's origins."""
    return tuple(origin.data for origin in case.origins.values())


def infer(case: Case, observed: Figures | None = None) -> Cells:
    """Infer every cell of a case from the figures.

    Args:
        case: The case: its months, origins, groups and series.
        observed: The figures in force; the packaged ones if nothing.
    """
    observed, span = observed or packaged_figures(), case.span.span
    totals, told = by_origin(span, case, observed), _told(case, observed)
    groups = _groups(told, totals)
    counted = _whole(totals) & _whole(groups)
    totals, groups = held(totals), held(groups)
    seed, published = _pattern(told, len(span), observed.told(span))
    encounters = fit_margins(seed, totals, groups)
    followed = told.names.followed
    if followed is None:
        taken, never = told.names.assumed, np.zeros(len(span), dtype=bool)
        expelled, abroad, home, detained = (
            np.full_like(encounters, share) for share in (taken.expelled, taken.abroad, taken.home, taken.detained)
        )
        return Cells(encounters, published, expelled, abroad, home, detained, never, counted, totals)
    expelled = encounters * _expelled_share(told, followed)
    rest = encounters - expelled
    abroad = _outcome(told, followed, followed.abroad, totals, rest)
    rest_2 = rest - abroad
    home = _outcome(told, followed, followed.home, totals, rest_2)
    rest_3 = rest_2 - home
    detained = _outcome(told, followed, followed.detained, totals, rest_3)
    known = np.logical_and.reduce(
        [_covered(told.tables[name]) for name in (followed.border, followed.by_origin, followed.by_group)]
    )
    from_month = carried(known)
    return Cells(
        encounters,
        published,
        _share(expelled, encounters, told.foreign)[from_month],
        _share(abroad, rest, told.foreign)[from_month],
        _share(home, rest_2, told.foreign)[from_month],
        _share(detained, rest_3, told.foreign)[from_month],
        known,
        counted,
        totals,
    )


def _told(case: Case, observed: Figures) -> CaseFigures:
    """The tables of a case that cells are made from."""
    names, transit = series_of(case), {code for code, one in case.countries.items() if one.role == "transit"}
    followed = names.followed
    wanted = [names.groups, names.cells, names.fine_cells]
    if followed is not None:
        wanted += [names.ports, followed.border, followed.ports, followed.by_origin, followed.by_group]
    return CaseFigures(
        names,
        {name: to_span(observed.read(name), case.span.span) for name in wanted if name is not None},
        codes(case),
        tuple(case.groups),
        np.array([code not in transit for code in case.origins]),
        np.array([group.alone for group in case.groups.values()]),
    )


def _groups(told: CaseFigures, totals: np.ndarray) -> np.ndarray:
    """Encounters by group, (month, group); all of them where there is one group."""
    if told.names.groups is None:
        return np.asarray(totals.sum(axis=1, keepdims=True))
    return _values(told.tables[told.names.groups], group=list(told.groups))


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


def _pattern(told: CaseFigures, span: int, months: int) -> tuple[Cube, np.ndarray]:
    """What is known of the pattern inside the margins, and where published cells stand behind it, (month, origin).

    Args:
        told: The tables.
        span: Months of the case.
        months: How many of them may be told.
    """
    if told.names.cells is None:
        return np.ones((span, len(told.origins), len(told.groups))), np.zeros((span, len(told.origins)), dtype=bool)
    both = told.tables[told.names.cells].sum("authority", min_count=1)
    both = both.sel(origin=list(told.origins), group=list(told.groups))
    cube = _smooth(_filled(both), months)
    known = np.repeat(_covered(both)[:, None], len(told.origins), axis=1)
    if told.names.fine_cells is not None:
        fine, axis, at = _finer(told)
        finer = fine.sum("authority", min_count=1).sel(
            {axis: [told.origins[i] for i in at], "group": list(told.groups)}
        )
        cube[:, at] = _smooth(_filled(finer), months)
        known[:, at] = _covered(finer)[:, None]
    return cube, known


def _finer(told: CaseFigures) -> tuple[xr.DataArray, str, list[int]]:
    """Cells of some origins, the axis they are on, and the places of those origins in the case."""
    assert told.names.fine_cells is not None  # its callers have seen to it
    fine = told.tables[told.names.fine_cells]
    axis = str(fine.dims[1])
    return fine, axis, [told.origins.index(str(name)) for name in fine[axis].values if name in told.origins]


def _covered(table: xr.DataArray) -> np.ndarray:
    return np.asarray(table.notnull().any(dim=[d for d in table.dims if d != "month"]).values)


def _expelled_share(told: CaseFigures, followed: FollowedSeries) -> Cube:
    """Share of each cell expelled under an order [share]; zero in months without one."""

    def share(table: xr.DataArray, axis: str, names: list[str]) -> np.ndarray:
        cube = table.sel({axis: names, "group": list(told.groups)}).fillna(0.0)
        expelled = cube.sel(authority=followed.order).values
        everyone = cube.sum("authority").values
        mean = expelled.sum(axis=1, keepdims=True) / np.maximum(everyone.sum(axis=1, keepdims=True), 1.0)
        return np.asarray((expelled + PSEUDO * mean * (everyone > 0)) / np.maximum(everyone + PSEUDO, 1.0))

    assert told.names.cells is not None  # a case that tells what followed has them
    result = share(told.tables[told.names.cells], "origin", list(told.origins))
    if told.names.fine_cells is not None:
        fine, axis, at = _finer(told)
        result[:, at] = share(fine, axis, [told.origins[i] for i in at])
    in_force = _values(told.tables[followed.border], outcome=[followed.expelled]) > 0
    return np.where(in_force, 1.0, 0.0)[:, :, None] * result


def _outcome(told: CaseFigures, followed: FollowedSeries, outcome: str, totals: np.ndarray, room: Cube) -> Cube:
    """People of each cell to whom something happened, never more than there are in the cell."""
    margin = _between_ports(told, followed, outcome, totals)
    by_group = told.tables[followed.by_group].sel(group=list(told.groups), outcome=outcome)
    column = np.maximum(by_group.fillna(0.0).values, 1e-6)
    seed = room.copy()
    if outcome != followed.home:
        seed[:, :, told.alone] = 0.0
    elif not told.foreign.all():
        seed[:, told.foreign[:, None] & told.alone] *= 0.01  # children of other countries go to the health department
    fitted = fit_margins(seed, margin, column)
    return np.minimum(fitted, 0.995 * room)


def _between_ports(told: CaseFigures, followed: FollowedSeries, outcome: str, totals: np.ndarray) -> np.ndarray:
    """An outcome by origin, less the part of ports of entry, which is allotted by their encounters."""
    assert told.names.ports is not None  # a case that tells what followed has them
    origins, rest_label = told.origins, told.names.rest
    both = told.tables[followed.by_origin].sel(outcome=outcome).fillna(0.0)
    ports = told.tables[told.names.ports].fillna(0.0)
    axis = str(ports.dims[1])
    everyone = ports.sum(axis)
    weight = ports / everyone.where(everyone > 0.0, 1.0)
    at_ports = np.nan_to_num(_values(told.tables[followed.ports], outcome=[outcome]))
    part = np.maximum(both.values - weight.sel({axis: both[axis]}).values * at_ports, 0.0)
    names = [str(name) for name in both[axis].values]
    others = [k for k, name in enumerate(names) if name == rest_label or name not in origins]
    pooled = part[:, others].sum(axis=1)
    rest = [i for i, name in enumerate(origins) if name not in names or name == rest_label]
    result = np.zeros_like(totals)
    for i, name in enumerate(origins):
        if i not in rest:
            result[:, i] = part[:, names.index(name)]
    result[:, rest] = pooled[:, None] * totals[:, rest] / totals[:, rest].sum(axis=1, keepdims=True)
    known = np.nan_to_num(_values(told.tables[followed.border], outcome=[outcome]))[:, 0]
    return np.asarray(result * (known / np.maximum(result.sum(axis=1), 1e-9))[:, None])


def _share(part: Cube, whole: Cube, foreign: np.ndarray) -> Cube:
    """Share of a cell, with the mean share of the group among those of other countries lent to thin cells."""
    others, among = part[:, foreign].sum(axis=1, keepdims=True), whole[:, foreign].sum(axis=1, keepdims=True)
    mean = others / np.maximum(among, 1.0)
    return np.asarray((part + PSEUDO * mean) / (whole + PSEUDO))
