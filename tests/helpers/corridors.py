"""Small made-up corridors on which the engine can be checked by pencil, by chance and by a second program."""

from __future__ import annotations

from dataclasses import fields, replace

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array

from palanca.flows.corridor import CorridorShape
from palanca.model.outcomes import MonthlyOutcomes
from palanca.model.parameters import Layout, ParameterEntry
from palanca.model.run import CorridorInputs, project, replay
from palanca.model.world import CorridorFigures, Outside, Shocks, World
from palanca.policy.follow import Gates
from palanca.policy.levers import LeverLevels
from palanca.spec import tables

ORIGINS, GROUPS, SECTORS, MONTHS = 3, 3, 3, 30
HOME = 0  # place of the transit country's own nationals
NO_CAP = 1e9

Values = dict[str, Array]

replayed = jax.jit(replay)  # compiled once for all tests of one size
twin = jax.jit(project)  # a twin world from surprises already solved


@jax.jit
def history(inputs: CorridorInputs, values: Values) -> tuple[Shocks, MonthlyOutcomes]:
    """Replay, then the same history run forward from its surprises, as every other world is."""
    shocks, _ = replay(inputs, values)
    return shocks, project(inputs, inputs.levers, shocks, values)


def layout(origins: int = ORIGINS, sectors: int = SECTORS, knots: int = 4) -> Layout:
    """The packaged parameters for a corridor of this size."""
    sizes = {
        "origin": origins, "group": GROUPS, "sector": sectors, "calendar_month": 12, "knot": knots, "gate": 4,
        "place": 3,
    }  # fmt: skip
    entries, start = [], 0
    for row in tables.parameters().values():
        shape = tuple(sizes[dim] for dim in row.dims)
        entry = ParameterEntry(row.name, row.dims, shape, row.family, row.p1, row.p2 or 0.0, start)
        entries.append(entry)
        start += entry.size
    return Layout(tuple(entries), sizes)


def free(draws: int, seed: int = 1, spread: float = 0.4) -> np.ndarray:
    """Free numbers scattered about the middle of the priors, (length, draw)."""
    plan = layout()
    noise = np.random.default_rng(seed).standard_normal((plan.length, draws))
    return plan.centre()[:, None] + spread * plan.spread()[:, None] * noise


def values(draws: int = 1, seed: int = 1, spread: float = 0.4, **fixed: object) -> Values:
    """Parameters by name; those in `fixed` have the given value in every draw."""
    drawn = layout().constrain(jnp.array(free(draws, seed, spread)))
    return with_values(drawn, **fixed)


def with_values(start: Values, /, **fixed: object) -> Values:
    """The same parameters with some of them set: a number, or an array of the parameter's axes."""
    out = dict(start)
    for name, value in fixed.items():
        shape = start[name].shape
        array = np.asarray(value, dtype=float)
        out[name] = jnp.broadcast_to(array[..., None], shape) + jnp.zeros(shape)
    return out


# long: one declaration after another, with nothing to take apart
def eventful(seed: int = 3) -> CorridorInputs:
    """A corridor in which every lever is used for some months, origins or groups."""
    rng = np.random.default_rng(seed)
    inputs = quiet()
    cell = (MONTHS, ORIGINS, GROUPS)

    def during(first: int, last: int, height: float, origins: slice = slice(None), groups: slice = slice(None)):
        cube = np.zeros(cell)
        cube[first:last, origins, groups] = height
        return cube

    abroad_slots = during(22, 30, 1.0, slice(1, None))
    levers = LeverLevels(
        effort=jnp.array(1.0 + during(10, 20, 1.5, slice(1, None)) * rng.uniform(0.5, 1.0, cell)),
        removal=jnp.array(np.where(np.arange(MONTHS) >= 15, 0.4, 1.0)),
        order=jnp.array(during(8, 18, 1.0) + during(18, 22, 0.5, slice(0, 2))),
        acceptance=jnp.array(during(8, 22, 0.9, slice(0, 2)) + during(12, 18, 0.3, slice(2, 3))),
        returns=jnp.array(during(23, 28, 0.6, slice(2, 3))),
        returns_cap=jnp.array(np.where(np.arange(MONTHS) >= 25, 150.0, NO_CAP)),
        wait_abroad=jnp.array(during(5, 12, 0.7, slice(1, None), slice(0, 2))),
        asylum_limit=jnp.array(during(14, 24, 0.5)),
        reception=jnp.array(during(16, 30, 0.8, slice(None), slice(1, 3))),
        slots=jnp.array(np.where(np.arange(MONTHS) >= 22, 400.0, 0.0)),
        slots_open=jnp.array(abroad_slots),
        port_intake=jnp.array(during(6, 16, -0.8)),
        parole=jnp.array(during(20, 30, 0.7, slice(2, 3))),
        work_visas=jnp.array(during(3, 30, 0.4, slice(0, 1))),
        release=jnp.array(1.0 - during(26, 30, 0.7, slice(1, None))),
        news=jnp.array(during(4, 5, -0.8) + during(18, 19, 0.6)),
        warning=jnp.array(during(7, 8, 0.9) + during(24, 25, 0.7)),
        deeds=jnp.array(during(25, 30, 1.0, slice(0, 2))),
        shutdown=jnp.array(during(9, 12, 0.8)),
        sanctions=jnp.array(during(10, 30, 0.8, slice(1, 2))),
        oil_licence=jnp.array(during(20, 26, 0.4, slice(1, 3))),
        aid=jnp.array(during(13, 30, 1.5, slice(1, None))),
        air_route=jnp.array(during(15, 28, 1.0, slice(2, 3))),
        closure=jnp.array(during(21, 30, 0.9)),
        visa=jnp.array(np.where(np.arange(MONTHS)[:, None] >= 17, [0.0, 0.0, 1.0], 0.0)),
        barrier=jnp.array(np.where(np.arange(MONTHS)[:, None] >= 13, [0.0, 1.0, 0.3], 0.0)),
    )
    gates = Gates(*(jnp.array(rng.normal(-0.5, 0.7, cell)) for _ in range(4)))
    source = np.select([np.arange(MONTHS) < 5, np.arange(MONTHS) < 11], [0.0, 2.0], 1.0)
    encounters = rng.uniform(600.0, 1500.0, (MONTHS, ORIGINS))
    figures = CorridorFigures(
        encounters=jnp.array(encounters),
        stops=jnp.array(rng.uniform(200.0, 700.0, MONTHS)),
        stops_source=jnp.array(source),
        returns=jnp.array(rng.uniform(30.0, 250.0, MONTHS)),
        returns_known=jnp.array((np.arange(MONTHS) >= 5).astype(float)),
        gates=gates,
        crowding=jnp.array(np.log(np.concatenate([[3000.0], encounters.sum(axis=1)[:-1]]) / 30_000.0)),
    )
    outside = replace(
        inputs.outside,
        jobs=jnp.array(rng.normal(size=MONTHS)),
        democracy=jnp.array(rng.normal(0.0, 0.05, (MONTHS, ORIGINS))),
        income=jnp.array(rng.normal(0.0, 0.05, (MONTHS, ORIGINS))),
        oil=jnp.array(np.linspace(0.0, -1.5, MONTHS)[:, None] * [0.0, 1.0, 0.0]),
        port_let_in=jnp.array(rng.uniform(0.5, 0.9, MONTHS)),
    )
    people = jnp.array(rng.uniform(50.0, 400.0, (ORIGINS, GROUPS, 1)))
    foreign = inputs.corridor.foreign[:, None, None]
    start = replace(
        inputs.start,
        waiting=people,
        again=0.3 * people,
        abroad=0.1 * people * foreign,
        south=0.2 * people * foreign,
    )
    return replace(inputs, outside=outside, figures=figures, levers=levers, start=start)


def quiet(months: int = MONTHS, origins: int = ORIGINS) -> CorridorInputs:
    """The same corridor with every lever at rest, nothing changing outside, and nobody under way at the start."""
    cell = (months, origins, GROUPS)
    zero = jnp.zeros(cell)
    numbers = np.arange(months)
    corridor = CorridorShape(
        circular=jnp.array(np.linspace(1.0, 0.0, origins)[:, None] * np.array([1.0, 0.3, 0.3])),
        foreign=jnp.array((np.arange(origins) != HOME).astype(float)),
        delay=jnp.array(([[1.0, 0.6, 0.3], [0.0, 0.3, 0.5], [0.0, 0.1, 0.2]] * np.ones((3, 1, 1)))[0][:, :origins]),
        air=jnp.array([0.0, 0.2, 0.8][:origins]),
        walks=jnp.array([0.0, 0.3, 0.9][:origins]),
        kept=jnp.array([1.0, 0.0, 0.3]),
        hides=jnp.array([1.0, 0.5, 0.4]),
        heat=jnp.array(1.0 + 0.5 * np.sin(np.arange(12) * np.pi / 6.0)),
    )
    levers = LeverLevels(
        **{
            **{field.name: zero for field in fields(LeverLevels)},
            "effort": zero + 1.0,
            "removal": jnp.ones(months),
            "release": zero + 1.0,
            "returns_cap": jnp.full(months, NO_CAP),
            "slots": jnp.zeros(months),
            "visa": jnp.zeros((months, origins)),
            "barrier": jnp.zeros((months, SECTORS)),
        }
    )
    nothing = jnp.zeros((origins, GROUPS, 1))
    return CorridorInputs(
        corridor=corridor,
        outside=Outside(
            calendar_month=jnp.array(numbers % 12.0),
            jobs=jnp.zeros(months),
            democracy=jnp.zeros((months, origins)),
            income=jnp.zeros((months, origins)),
            oil=jnp.zeros((months, origins)),
            knot=jnp.array(np.minimum(numbers // 12, 2.0)),
            way=jnp.array((numbers % 12) / 12.0),
            port_let_in=jnp.full(months, 0.7),
        ),
        figures=CorridorFigures(
            encounters=jnp.full((months, origins), 1000.0),
            stops=jnp.zeros(months),
            stops_source=jnp.zeros(months),
            returns=jnp.zeros(months),
            returns_known=jnp.zeros(months),
            gates=Gates(*(zero - 1.0 for _ in range(4))),
            crowding=jnp.full(months, np.log(0.1)),
        ),
        levers=levers,
        start=World(
            **{
                **{field.name: nothing for field in fields(World)},
                "effort": jnp.array([0.3]),
                "usual": jnp.ones((origins, 1)),
                "encounters": jnp.array([3000.0]),
            }
        ),
    )


def plain_shocks(inputs: CorridorInputs, draws: int, effort: float = 0.3, pace: float = 0.5) -> Shocks:
    """No surprises: every factor 1, a constant effort and pace."""
    months, origins = inputs.figures.encounters.shape
    ones = jnp.ones((months, origins, draws))
    return Shocks(
        factor=ones,
        pace=pace * ones,
        effort=jnp.full((months, draws), effort),
        slope=ones,
        effort_slope=jnp.ones((months, draws)),
        at_bound=jnp.zeros_like(ones),
    )


def with_levers(inputs: CorridorInputs, **settings: object) -> CorridorInputs:
    """The same story with some recorded levers set: a number, or an array that fits."""
    return replace(inputs, levers=changed(inputs.levers, **settings))


def changed(levers: LeverLevels, first: int = 0, **settings: object) -> LeverLevels:
    """The same levers with some of them set from a month on."""
    out = {}
    for name, value in settings.items():
        old = np.array(getattr(levers, name))
        old[first:] = np.broadcast_to(np.asarray(value, dtype=float), old.shape)[first:]
        out[name] = jnp.array(old)
    return replace(levers, **out)
