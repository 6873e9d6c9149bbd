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
from palanca.model.cells import Cells, by_origin, infer
from palanca.model.month import CROWDING_REFERENCE
from palanca.model.run import CorridorInputs
from palanca.model.world import CorridorFigures, Outside, World
from palanca.policy.follow import Gates
from palanca.policy.levers import LeverLevels
from palanca.spec import schedule
from palanca.spec.schedule import RecordedSetting
from palanca.spec.schema import Case

PAROLE_UNIT = 30_000.0
VISA_UNIT = 100_000.0
EDGE = 0.002
NO_CAP = 1e9
AGAIN_AT_START = 0.1  # of the transit country's nationals sent home in a month like the first, those about to try again
EFFORT_AT_START = 0.3  # where the first search for the effort begins [effort]
CIRCULAR = {"circular": (1.0, 0.3, 0.3), "mixed": (0.5, 0.0, 0.0), "asylum": (0.0, 0.0, 0.0)}
HIDES = {"family": 0.1, "child": 0.1}


def inputs(case: Case, cells: Cells | None = None, observed: data.Figures | None = None) -> CorridorInputs:
    """A case lined up with the figures, ready to run.

    Args:
        case: The declared situation.
        cells: Inferred cells, if they are at hand; otherwise they are inferred here.
        observed: The figures in force; the packaged ones if nothing.
    """
    given = observed or data.packaged_figures()
    inferred = infer(case.span.span, codes(case), given) if cells is None else cells
    return CorridorInputs(
        corridor(case, given),
        outside(case, given),
        figures(case, inferred, given),
        levers(case),
        start(case, inferred, given),
    )


def corridor(case: Case, observed: data.Figures) -> CorridorShape:
    """What is fixed about the corridor of a case."""
    origins = list(case.origins.values())
    transit = {code for code, country in case.countries.items() if country.role == "transit"}
    return CorridorShape(
        circular=jnp.array([CIRCULAR[o.kind][: len(case.groups)] for o in origins]),
        foreign=jnp.array([0.0 if code in transit else 1.0 for code in case.origins]),
        delay=jnp.array([o.delay for o in origins]).T,
        air=jnp.array([o.air for o in origins]),
        walks=jnp.array([o.darien for o in origins]),
        hides=jnp.array([HIDES.get(group, 1.0) for group in case.groups]),
        heat=jnp.array(heat(observed)),
    )


def heat(observed: data.Figures) -> np.ndarray:
    """Seasonal weight of deaths at the border: deaths over encounters by calendar month, mean 1, (12)."""
    deaths = observed.read("deaths_by_place").sel(place="usa_border")
    encounters = observed.read("usbp_total").reindex(month=deaths.month)
    month = deaths.month.dt.month
    rate = deaths.groupby(month).sum() / encounters.groupby(month).sum()
    return np.asarray((rate / rate.mean()).values, dtype=float)


def outside(case: Case, observed: data.Figures) -> Outside:
    """What comes from outside the model, month by month."""
    span = case.span.span
    months = list(span)
    knot = np.array([m.year - months[0].year for m in months], dtype=float)
    return Outside(
        calendar_month=jnp.array([float(m.number - 1) for m in months]),
        jobs=jnp.array(_standard(align.to_span(observed.read("job_openings_rate"), span).values)),
        democracy=jnp.array(_yearly(observed.read("democracy"), case, span, logs=False)),
        income=jnp.array(_yearly(observed.read("income"), case, span, logs=True)),
        knot=jnp.array(knot),
        way=jnp.array([(m.number - 0.5) / 12.0 for m in months]),
        port_let_in=jnp.array(_port_let_in(span, observed)),
    )


def figures(case: Case, cells: Cells, observed: data.Figures) -> CorridorFigures:
    """What replay solves from, month by month."""
    span = case.span.span
    origins = codes(case)
    stops = align.to_span(observed.read("mx_stops_by_origin").sum("origin", min_count=1), span).values
    returns = align.to_span(observed.read("mx_returns_by_origin").sum("origin", min_count=1), span).values
    source = np.where(np.isfinite(stops), 1.0, np.where(np.isfinite(returns), 2.0, 0.0))
    seen = by_origin(span, origins, observed)
    before = float(observed.read("usbp_total").sel(month=_label(case, -1)))
    return CorridorFigures(
        encounters=jnp.array(seen),
        stops=jnp.array(np.where(source > 1.5, np.nan_to_num(returns), np.nan_to_num(stops))),
        stops_source=jnp.array(source),
        returns=jnp.array(np.nan_to_num(returns)),
        returns_known=jnp.array(np.isfinite(returns).astype(float)),
        gates=Gates(*(jnp.array(_log_odds(getattr(cells, s))) for s in ("expelled", "abroad", "home", "detained"))),
        crowding=jnp.array(np.log(np.append(before, seen.sum(axis=1)[:-1]) / CROWDING_REFERENCE)),
    )


def codes(case: Case) -> tuple[str, ...]:
    """Codes under which the figures list the case's origins."""
    return tuple(origin.data for origin in case.origins.values())


def start(case: Case, cells: Cells, observed: data.Figures) -> World:
    """The world before the first month; people crossing again are those sent back in a month like the first."""
    first = cells.encounters[0]
    shape = (*first.shape, 1)
    zero = jnp.zeros(shape)
    home = jnp.array((first * cells.home[0])[..., None])
    foreign = np.asarray(corridor(case, observed).foreign)[:, None, None]
    return World(
        belief=jnp.array(_log_odds(1.0 - cells.home[0], 0.01)[..., None]),
        news=zero,
        set_out_1=zero,
        set_out_2=zero,
        south=zero,
        waiting=zero,
        again=home * (1.0 - foreign) * AGAIN_AT_START,
        abroad=zero,
        effort=jnp.array([EFFORT_AT_START]),
        usual=jnp.ones((len(case.origins), 1)),
        encounters=jnp.array([float(observed.read("usbp_total").sel(month=_label(case, -1)))]),
    )


def levers(case: Case) -> LeverLevels:
    """Every lever's dated record as arrays; entries that share a mechanism add up."""
    span = case.span.span
    origins, groups, sectors = list(case.origins), list(case.groups), list(case.sectors)
    given = schedule.settings(case)
    months = len(span)
    off = set(case.off)

    def by_cell(mechanism: str, scale: float = 1.0) -> np.ndarray:
        cube = np.zeros((months, len(origins), len(groups)))
        for setting in given:
            if setting.mechanism == mechanism:
                cover = np.outer([o in setting.origins for o in origins], [g in setting.groups for g in groups])
                cube += np.array(setting.values)[:, None, None] * cover / scale
        return cube

    def by_month(mechanism: str) -> np.ndarray:
        rows = [np.array(s.values) for s in given if s.mechanism == mechanism]
        return np.sum(rows, axis=0) if rows else np.zeros(months)

    open_to = by_cell("appointments")
    barrier = np.zeros((months, len(sectors)))
    for setting in given:
        if setting.mechanism == "barrier":
            barrier += np.outer(setting.values, [s in setting.sectors for s in sectors])
    cells = {name: by_cell(name) for name in ("order", "acceptance", "returns", "wait_abroad", "asylum_limit")}
    bounded = {name: np.clip(cube, 0.0, 1.0) for name, cube in cells.items()}
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
        news=jnp.array(by_cell("news")),
        shutdown=jnp.array(np.clip(by_cell("shutdown"), 0.0, 1.0)),
        visa=jnp.array(np.clip(by_cell("visa").max(axis=2), 0.0, 1.0)),
        barrier=jnp.array(barrier),
        **{name: jnp.array(cube) for name, cube in bounded.items()},
    )


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


def _standard(values: np.ndarray) -> np.ndarray:
    return np.asarray((values - np.nanmean(values)) / np.nanstd(values))


def _yearly(table: xr.DataArray, case: Case, span: Span, *, logs: bool) -> np.ndarray:
    """Change since the first year at each origin; an origin or year without figures stays at its last value."""
    out = np.zeros((len(span), len(case.origins)))
    for i, code in enumerate(codes(case)):
        if code not in table.origin.values:
            continue
        values = table.sel(origin=code).to_series().ffill()
        values = np.log(values) if logs else values
        if not np.isfinite(values.loc[span.first.year]):
            continue
        last = values.index.max()
        out[:, i] = [values.loc[min(m.year, last)] - values.loc[span.first.year] for m in span]
    return np.nan_to_num(out)


def _port_let_in(span: Span, observed: data.Figures) -> np.ndarray:
    """Share of port encounters that were not sent back, from the figures of ports [share]."""
    follow = align.to_span(observed.read("follow_ofo"), span).fillna(0.0)
    back = follow.sel(outcome=["t8_repatriations", "t42_expulsions", "mpp_returns"]).sum("outcome")
    return np.asarray(1.0 - (back / follow.sel(outcome="total_encounters")).values)
