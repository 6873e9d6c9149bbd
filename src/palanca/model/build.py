"""Case and figures to numbers on the month axis: words end here."""

from __future__ import annotations

from collections.abc import Sequence

import jax.numpy as jnp
import numpy as np
import xarray as xr

from palanca.core.clock import Span
from palanca.data import align
from palanca.data import read as data
from palanca.flows.corridor import CorridorShape
from palanca.model.cells import Cells, carried, codes, held, infer
from palanca.model.month import CROWDING_REFERENCE
from palanca.model.run import CorridorInputs
from palanca.model.world import CarriedFrom, CorridorFigures, Outside, World
from palanca.policy.follow import Gates
from palanca.policy.levers import LeverLevels
from palanca.spec import schedule
from palanca.spec.figures import series_of
from palanca.spec.schedule import RecordedSetting
from palanca.spec.schema import Case
from palanca.spec.series_names import SeriesNames

PAROLE_UNIT = 30_000.0
VISA_UNIT = 100_000.0
EDGE = 0.002
NO_CAP = 1e9
AGAIN_AT_START = 0.1  # of the transit country's nationals sent home in a month like the first, those about to try again
EFFORT_AT_START = 0.3  # where the first search for the effort begins [effort]
KINDS = ("circular", "mixed")  # of origins that follow the season of labour, as a group tells how far it does
CALENDAR_MONTHS = 12
NEVER, PUBLISHED, FROM_RETURNS, NO_LONGER = 0.0, 1.0, 2.0, -1.0  # whether stops are published, as `stops_source` has it


def inputs(
    case: Case, cells: Cells | None = None, observed: data.Figures | None = None, years: int | None = None
) -> CorridorInputs:
    """A case lined up with the figures, ready to run.

    Months that the figures do not tell hold what was last known; so does each series after its own last month.

    Args:
        case: The declared situation.
        cells: Inferred cells, if they are at hand; otherwise they are inferred here.
        observed: The figures in force; the packaged ones if nothing.
        years: Last year whose yearly indices are known; all that are told if nothing.
    """
    given = observed or data.packaged_figures()
    inferred = infer(case, given) if cells is None else cells
    return CorridorInputs(
        corridor(case, given),
        outside(case, given, years),
        figures(case, inferred, given),
        levers(case),
        start(case, inferred, given),
    )


def corridor(case: Case, observed: data.Figures) -> CorridorShape:
    """What is fixed about the corridor of a case."""
    origins = list(case.origins.values())
    transit = {code for code, country in case.countries.items() if country.role == "transit"}
    return CorridorShape(
        circular=jnp.array([_labour_season(case, o.kind) for o in origins]),
        foreign=jnp.array([0.0 if code in transit else 1.0 for code in case.origins]),
        delay=jnp.array([o.delay for o in origins]).T,
        air=jnp.array([o.air for o in origins]),
        walks=jnp.array([o.darien for o in origins]),
        kept=jnp.array([group.kept for group in case.groups.values()]),
        hides=jnp.array([group.hides for group in case.groups.values()]),
        heat=jnp.array(heat(case, observed)),
    )


def _labour_season(case: Case, kind: str) -> list[float]:
    """How far each group of an origin follows the season of labour, by the kind of the origin."""
    if kind not in KINDS:
        return [0.0] * len(case.groups)
    return [group.labour_season[KINDS.index(kind)] for group in case.groups.values()]


def heat(case: Case, observed: data.Figures) -> np.ndarray:
    """Seasonal weight of deaths at the border: deaths over encounters by calendar month, mean 1, (12).

    One throughout until every calendar month has been told once, and where no deaths are told.
    """
    names = series_of(case)
    if names.deaths is None:
        return np.ones(CALENDAR_MONTHS)
    deaths = observed.read(names.deaths.counts).sel(place=names.deaths.border)
    encounters = observed.read(names.total).reindex(month=deaths.month)
    month = deaths.month.dt.month
    if len(np.unique(month)) < CALENDAR_MONTHS:
        return np.ones(CALENDAR_MONTHS)
    rate = deaths.groupby(month).sum() / encounters.groupby(month).sum()
    return np.asarray((rate / rate.mean()).values, dtype=float)


def outside(case: Case, observed: data.Figures, years: int | None = None) -> Outside:
    """What comes from outside the model, month by month; see `inputs`."""
    span = case.span.span
    months = list(span)
    knot = np.array([m.year - months[0].year for m in months], dtype=float)
    names = series_of(case)
    years_of = {
        name: _yearly(observed.read(series), case, span, years, logs=logs, ago=ago)
        if series is not None
        else np.zeros((len(months), len(case.origins)))
        for name, series, logs, ago in (("democracy", names.democracy, False, 1), ("income", names.income, True, 0))
    }
    return Outside(
        calendar_month=jnp.array([float(m.number - 1) for m in months]),
        jobs=jnp.array(_jobs(names, span, observed)),
        democracy=jnp.array(years_of["democracy"]),
        oil=jnp.array(_oil(case, span, observed)),
        income=jnp.array(years_of["income"]),
        knot=jnp.array(knot),
        way=jnp.array([(m.number - 0.5) / 12.0 for m in months]),
        port_let_in=jnp.array(held(_port_let_in(names, span, observed))),
    )


def figures(case: Case, cells: Cells, observed: data.Figures) -> CorridorFigures:
    """What replay solves from, month by month."""
    span = case.span.span
    names = series_of(case)
    stops = _all_origins(names.stops, span, observed)
    if names.stops_total is not None:
        stops = np.where(np.isfinite(stops), stops, align.to_span(observed.read(names.stops_total), span).values)
    returns = _all_origins(names.returns, span, observed)
    told, returned = np.isfinite(stops), np.isfinite(returns)
    source = np.where(told, PUBLISHED, np.where(returned, FROM_RETURNS, NEVER))
    source = np.where((source == NEVER) & np.logical_or.accumulate(told | returned), NO_LONGER, source)
    from_month = _from_month(returned)
    seen = cells.totals
    before = float(observed.read(names.total).sel(month=_label(case, -1)))
    return CorridorFigures(
        encounters=jnp.array(seen),
        stops=jnp.array(np.where(source == FROM_RETURNS, np.nan_to_num(returns), np.nan_to_num(stops))),
        stops_source=jnp.array(source),
        returns=jnp.array(np.nan_to_num(returns[from_month])),
        returns_known=jnp.array(np.isfinite(returns[from_month]).astype(float)),
        gates=Gates(*(jnp.array(_log_odds(getattr(cells, s))) for s in ("expelled", "abroad", "home", "detained"))),
        crowding=jnp.array(np.log(np.append(before, seen.sum(axis=1)[:-1]) / CROWDING_REFERENCE)),
        carried=_carried(cells.followed, returned, observed.told(span)),
    )


def _carried(followed: np.ndarray, returned: np.ndarray, told: int) -> CarriedFrom | None:
    """From which month gates and returns are carried; nothing if every month told has its own."""
    places, gates, returns = np.arange(len(followed)), carried(followed), _from_month(returned)
    if np.array_equal(gates[:told], places[:told]) and np.array_equal(returns[:told], places[:told]):
        return None
    return CarriedFrom(gates=jnp.array(gates), returns=jnp.array(returns))


def _from_month(known: np.ndarray) -> np.ndarray:
    """Place of the last known month up to each month, (month); the month itself before any is known."""
    return np.where(np.logical_or.accumulate(known), carried(known), np.arange(len(known)))


def _all_origins(series: str | None, span: Span, observed: data.Figures) -> np.ndarray:
    """The months of a series, all its origins together, (month); NaN where it tells nothing or there is none."""
    if series is None:
        return np.full(len(span), np.nan)
    table = observed.read(series)
    return np.asarray(align.to_span(table.sum(str(table.dims[1]), min_count=1), span).values)


def start(case: Case, cells: Cells, observed: data.Figures) -> World:
    """The world before the first month; people crossing again are those sent back in a month like the first."""
    first = cells.encounters[0]
    shape = (*first.shape, 1)
    zero = jnp.zeros(shape)
    home = jnp.array((first * cells.home[0])[..., None])
    foreign = np.asarray(corridor(case, observed).foreign)[:, None, None]
    return World(
        belief=jnp.array(_let_in_first(case, cells)[..., None]),
        news=zero,
        warned=zero,
        dread=zero,
        set_out_1=zero,
        set_out_2=zero,
        south=zero,
        waiting=zero,
        again=home * (1.0 - foreign) * AGAIN_AT_START,
        abroad=zero,
        returned=zero,
        effort=jnp.array([EFFORT_AT_START]),
        usual=jnp.ones((len(case.origins), 1)),
        encounters=jnp.array([float(observed.read(series_of(case).total).sel(month=_label(case, -1)))]),
    )


def _let_in_first(case: Case, cells: Cells) -> np.ndarray:
    """Chance of being let in in the first month as people see it, (origin, group) [chance]."""
    kept = np.array([group.kept for group in case.groups.values()])
    left = (1.0 - cells.expelled[0]) * (1.0 - cells.abroad[0]) * (1.0 - cells.home[0])
    return np.asarray(left * (1.0 - cells.detained[0] * kept))


def levers(case: Case) -> LeverLevels:
    """Every lever's dated record as arrays; entries that share a mechanism add up."""
    span = case.span.span
    origins, groups, sectors = list(case.origins), list(case.groups), list(case.sectors)
    given = schedule.settings(case)
    months = len(span)
    off = set(case.off)

    def each(mechanism: str) -> list[np.ndarray]:
        zero = np.zeros((months, len(origins), len(groups)))
        return [zero, *(_by_cell(_felt(s), s, case) for s in given if s.mechanism == mechanism)]

    def by_cell(mechanism: str, scale: float = 1.0) -> np.ndarray:
        return np.asarray(np.sum(each(mechanism), axis=0) / scale)

    def by_month(mechanism: str) -> np.ndarray:
        rows = [np.array(s.values) for s in given if s.mechanism == mechanism]
        return np.sum(rows, axis=0) if rows else np.zeros(months)

    open_to = by_cell("appointments")
    barrier = np.zeros((months, len(sectors)))
    for setting in given:
        if setting.mechanism == "barrier":
            barrier += np.outer(setting.values, [s in setting.sectors for s in sectors])
    cells = {name: by_cell(name) for name in ("order", "acceptance", "returns", "wait_abroad")}
    bounded = {name: np.clip(cube, 0.0, 1.0) for name, cube in cells.items()}
    bounded["asylum_limit"] = 1.0 - np.prod([1.0 - cube for cube in each("asylum_limit")], axis=0)
    return LeverLevels(
        effort=jnp.array(np.maximum(by_cell("effort"), 0.0)),
        removal=jnp.array(np.maximum(by_month("removal") + (0.0 if "removal" in off else 1.0), 0.0)),
        returns_cap=jnp.array(_caps(given, months)),
        reception=jnp.array(by_cell("reception")),
        slots=jnp.array(by_month("appointments")),
        slots_open=jnp.array((open_to > 0).astype(float)),
        port_intake=jnp.array(by_cell("port_intake")),
        parole=jnp.array(np.minimum(by_cell("parole", PAROLE_UNIT), 1.0)),
        work_visas=jnp.array(by_cell("work_visas", VISA_UNIT)),
        release=jnp.array(np.clip(1.0 + by_cell("release"), 0.0, 1.0)),
        news=jnp.array(by_cell("news")),
        warning=jnp.array(by_cell("warning")),
        deeds=jnp.array(np.clip(by_cell("deeds"), 0.0, 1.0)),
        shutdown=jnp.array(np.clip(by_cell("shutdown"), 0.0, 1.0)),
        sanctions=jnp.array(np.clip(by_cell("sanctions"), 0.0, 1.0)),
        oil_licence=jnp.array(np.clip(by_cell("oil_licence"), 0.0, 1.0)),
        aid=jnp.array(by_cell("aid")),
        air_route=jnp.array(np.clip(by_cell("air_route"), 0.0, 1.0)),
        closure=jnp.array(np.clip(by_cell("closure"), 0.0, 1.0)),
        visa=jnp.array(np.clip(by_cell("visa").max(axis=2), 0.0, 1.0)),
        barrier=jnp.array(barrier),
        **{name: jnp.array(cube) for name, cube in bounded.items()},
    )


def _by_cell(values: np.ndarray, setting: RecordedSetting, case: Case) -> np.ndarray:
    """Values by month for those whom a setting covers, (month, origin, group)."""
    cover = np.outer([o in setting.origins for o in case.origins], [g in setting.groups for g in case.groups])
    return np.asarray(values[:, None, None] * cover)


def _felt(setting: RecordedSetting) -> np.ndarray:
    """A setting as it is felt, its lag after it was set, (month); what holds in the first month held before it."""
    values = np.array(setting.values)
    return np.asarray(values[np.maximum(np.arange(len(values)) - setting.lag, 0)])


def _caps(given: Sequence[RecordedSetting], months: int) -> np.ndarray:
    caps = np.full(months, NO_CAP)
    for setting in given:
        if setting.mechanism == "returns" and setting.cap is not None:
            caps = np.where(np.array(setting.in_force) > 0.0, np.minimum(caps, setting.cap), caps)
    return caps


def _label(case: Case, step: int) -> str:
    return str(case.span.span.first + step) + "-01"


def _log_odds(share: np.ndarray, edge: float = EDGE) -> np.ndarray:
    held = np.clip(share, edge, 1.0 - edge)
    return np.asarray(np.log(held / (1.0 - held)))


def _jobs(names: SeriesNames, span: Span, observed: data.Figures) -> np.ndarray:
    """Job openings of the destination as deviations from their mean; none where no series tells them."""
    if names.jobs is None:
        return np.zeros(len(span))
    return held(_standard(align.to_span(observed.read(names.jobs), span).values))


def _standard(values: np.ndarray) -> np.ndarray:
    """Deviations from the mean of the months told, in their standard deviations."""
    spread = np.nanstd(values)
    return np.asarray((values - np.nanmean(values)) / (spread if spread > 0.0 else 1.0))


def _yearly(table: xr.DataArray, case: Case, span: Span, years: int | None, *, logs: bool, ago: int = 0) -> np.ndarray:
    """Change since the first year, each `ago` years before, at each origin.

    An origin or year without figures stays at its last value.
    """
    if years is not None:
        table = table.sel(year=slice(None, max(years, span.first.year)))
    out = np.zeros((len(span), len(case.origins)))
    for i, code in enumerate(codes(case)):
        if code not in table.origin.values:
            continue
        values = table.sel(origin=code).to_series().ffill()
        values = np.log(values) if logs else values
        first = span.first.year - ago
        if first not in values.index or not np.isfinite(values.loc[first]):
            continue
        last = values.index.max()
        out[:, i] = [values.loc[min(m.year - ago, last)] - values.loc[first] for m in span]
    return np.nan_to_num(out)


def _oil(case: Case, span: Span, observed: data.Figures) -> np.ndarray:
    """Log oil revenue of the twelve months before each month, change since those before the first, (month, origin)."""
    out = np.zeros((len(span), len(case.origins)))
    wide, oil = Span(span.first + -CALENDAR_MONTHS, span.last), series_of(case).oil
    if oil is None:
        return out
    price = align.to_span(observed.read(oil.price).sel(grade=oil.grade, drop=True), wide).values
    for i, origin in enumerate(case.origins.values()):
        if origin.oil is not None:
            revenue = held(align.to_span(observed.read(origin.oil), wide).values * price)
            year = np.log(np.convolve(revenue, np.ones(CALENDAR_MONTHS), "valid")[:-1])
            out[:, i] = year - year[0]
    return out


def _port_let_in(names: SeriesNames, span: Span, observed: data.Figures) -> np.ndarray:
    """Share of port encounters that were not sent back, from the figures of ports [share]; one where there are none."""
    told = names.followed
    if told is None:
        return np.ones(len(span))
    follow = align.to_span(observed.read(told.ports), span).fillna(0.0)
    back = follow.sel(outcome=[told.home, told.expelled, told.abroad]).sum("outcome")
    everyone = follow.sel(outcome=told.everyone)
    return np.asarray(1.0 - (back / everyone.where(everyone > 0.0)).values)
