"""Draws figures from known parameters, by the very model that the density of a fit describes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array
from jax.tree_util import register_dataclass

from palanca.flows import solve
from palanca.infer import objective
from palanca.infer.density import FLOOR, published_width
from palanca.infer.objective import Evidence, Values
from palanca.infer.synthetic import SimulatedFigures, Synthetic, Truth, prior_draw
from palanca.kernel.curves import log_odds, logistic
from palanca.kernel.keys import stream
from palanca.model import month
from palanca.model.month import CROWDING_REFERENCE, Fixed
from palanca.model.run import fixed, replay
from palanca.model.surprise import lean, own_variance
from palanca.model.world import Figures, Outside, World
from palanca.policy import follow as rules
from palanca.policy.follow import Gates
from palanca.policy.levers import LeverLevels

ROUNDED_TO = 10.0  # the unit to which the main publisher rounds [events]
NO_CEILING = 1e12


@register_dataclass
@dataclass(frozen=True)
class _Paths:
    """What is drawn before the months run: they take it in turn."""

    own: Array
    shared: Array
    effort: Array
    scatter: Array
    counted: Array
    returned: Array
    later: Array


def simulator(synthetic: Synthetic, *, rounded: bool = False) -> Callable[[int], tuple[Truth, SimulatedFigures]]:
    """A function from a key to a truth and figures drawn from it; compiled once.

    Args:
        synthetic: The corridor.
        rounded: Whether counts are published as whole tens, none below zero. The density knows of no rounding but
            as a floor under its scatter, so calibration is exact without.
    """
    run = jax.jit(lambda free, noise: _drawn(synthetic, free, noise, rounded=rounded))
    months, origins = synthetic.inputs.figures.encounters.shape
    told = synthetic.evidence
    shapes: dict[str, tuple[int, ...]] = {
        "own": (months, origins),
        "shared": (months,),
        "delivery": (months,),
        "gates": told.at_gate.shape,
        "cells": told.cells.shape,
        "repeat": told.repeat.shape,
        "repeat mean": (),
        "claims": told.claims[0].shape,
        "yearly": told.yearly[0].shape,
        "regions": told.regions[0].shape,
    } | {target.name: target.counts.shape for target in told.targets}

    def draw(key: int) -> tuple[Truth, SimulatedFigures]:
        noise = {name: stream(key, "figures", name).standard_normal(shape) for name, shape in shapes.items()}
        return run(jnp.asarray(prior_draw(synthetic.layout, key)), noise)

    return draw


def _drawn(
    synthetic: Synthetic, free: Array, noise: dict[str, Array], *, rounded: bool
) -> tuple[Truth, SimulatedFigures]:
    values = synthetic.layout.constrain(free[:, None])
    figures, surprise, effort = _history(synthetic, values, noise)
    told = synthetic.evidence
    _, seen = replay(replace(synthetic.inputs, figures=figures), values)
    lasting = values["misfit_lasting"]

    def published(name: str, counts: np.ndarray, mean: Array, kind: str) -> Array:
        known = np.isfinite(counts)
        width = published_width(mean, values[f"spread_{kind}"])
        misfit = _misfits(noise[name], known, lasting)
        count = jnp.exp(jnp.log(mean + FLOOR) + width * misfit) - FLOOR
        count = jnp.maximum(jnp.round(count / ROUNDED_TO) * ROUNDED_TO, 0.0) if rounded else count
        return jnp.where(known, count, jnp.nan)

    everyone = (seen.encounters.sum(axis=(1, 2)) + seen.ports.sum(axis=1))[..., 0]
    repeats = seen.repeats[..., 0]
    share = log_odds(repeats / everyone) + values["spread_repeat"] * noise["repeat"]
    inside = jnp.asarray(told.repeat_mean[1])
    mean = log_odds(jnp.sum(inside * repeats) / jnp.maximum(jnp.sum(inside * everyone), 1.0))
    drawn = SimulatedFigures(
        figures=figures,
        counts={t.name: published(t.name, t.counts, t.shown(seen)[..., 0], t.kind) for t in told.targets},
        cells=published("cells", told.cells, seen.encounters[..., 0], "cells"),
        repeat=jnp.where(np.isfinite(told.repeat), logistic(share), jnp.nan),
        repeat_mean=logistic(mean + objective.REPEAT_MEAN_SD * noise["repeat mean"]),
        claims=_by_year(told.claims, seen.settled[..., 0], values["spread_claims"], noise["claims"]),
        yearly=_by_year(
            told.yearly, seen.stops.sum(axis=1)[..., 0], jnp.array(objective.YEARLY_STOPS_SD), noise["yearly"]
        ),
        regions=_region_shares(told, values, noise["regions"]),
    )
    return Truth(free, surprise, effort), drawn


def _history(synthetic: Synthetic, values: Values, noise: dict[str, Array]) -> tuple[Figures, Array, Array]:
    """Run the months: surprises (O1), delivered effort (O2) and gates (O4) are drawn, people move, figures result."""
    inputs, told = synthetic.inputs, synthetic.evidence
    kept = fixed(inputs.corridor, values)
    counted = _counted_gates(told)
    width = jnp.sqrt(values["spread_follow"][..., None, None] ** 2 + 4.0 / (told.at_gate + 1.0))
    scatter = jnp.stack(
        [width[k] * _misfits(noise["gates"][k], counted[k], values["misfit_lasting"]) for k in range(len(counted))]
    )
    paths = _Paths(
        own=noise["own"],
        shared=noise["shared"],
        effort=_efforts(np.asarray(inputs.figures.stops_source), values, noise["delivery"]),
        scatter=jnp.moveaxis(scatter, 0, 1),
        counted=jnp.moveaxis(jnp.asarray(counted), 0, 1),
        returned=inputs.figures.returns / jnp.maximum(inputs.figures.stops, 1.0),
        later=jnp.arange(len(noise["own"])) > 0,
    )
    world = jax.tree.map(lambda leaf: jnp.broadcast_to(leaf, (*leaf.shape[:-1], 1)), inputs.start)
    nothing = jnp.zeros(inputs.figures.encounters.shape[1])

    def step(
        carry: tuple[World, Array, Array, Array], at: tuple[Outside, Figures, LeverLevels, _Paths]
    ) -> tuple[tuple[World, Array, Array, Array], tuple[Figures, Array]]:
        world, last, before, encounters = carry
        path = at[3]
        variance = own_variance(values["shock_sd"][..., 0], encounters, values["shock_thin"])
        later = lean(last, before, values["shock_persistence"], values["shock_momentum"]) + (
            jnp.sqrt(variance) * path.own + values["shock_shared"] * path.shared
        )
        surprise = jnp.where(path.later, later, objective.START_SD * path.own)
        world, figures = _month(world, at, surprise, kept, values)
        return (world, surprise, jnp.where(path.later, last, surprise), figures.encounters), (figures, surprise)

    given = (inputs.outside, inputs.figures, inputs.levers, paths)
    _, (figures, surprise) = jax.lax.scan(step, (world, nothing, nothing, nothing), given)
    return figures, surprise, paths.effort


def _month(
    world: World, at: tuple[Outside, Figures, LeverLevels, _Paths], surprise: Array, kept: Fixed, values: Values
) -> tuple[World, Figures]:
    """One month of made-up history, and what replay would be told of it."""
    outside, real, levers, path = at
    crowding = jnp.log(jnp.maximum(world.encounters, 1.0) / CROWDING_REFERENCE)
    computed = rules.gates(levers, kept.policy, crowding)
    gates = Gates(
        **{
            name: jnp.where(
                path.counted[k], getattr(computed, name)[..., 0] + path.scatter[k], getattr(real.gates, name)
            )
            for k, name in enumerate(rules.STAGES)
        }
    )
    lifted = Gates(*(getattr(gates, name)[..., None] for name in rules.STAGES))
    half = month.before(world, outside, levers, levers.effort[..., None], rules.follow(levers, lifted), kept)
    factor, effort = jnp.exp(surprise)[:, None], path.effort[None]
    moves = (factor, solve.pace(factor, world.usual), effort)
    _, unlimited = month.after(half, outside, levers, moves, jnp.array([NO_CEILING]), kept)
    stops = jnp.sum(unlimited.stops)
    by_returns = stops / values["stops_per_return"][0]
    returns = jnp.where(real.stops_source > 1.5, by_returns, path.returned * stops)
    told = replace(
        real,
        stops=jnp.where(real.stops_source > 1.5, by_returns, jnp.where(real.stops_source > 0.5, stops, 0.0)),
        returns=jnp.where(real.returns_known > 0.5, returns, 0.0),
        gates=gates,
        crowding=crowding[0],
    )
    ceiling = month.removal_ceiling(told, levers, levers, kept.flows)
    world, seen = month.after(half, outside, levers, moves, ceiling, kept)
    return world, replace(told, encounters=seen.encounters.sum(axis=1)[:, 0])


def _counted_gates(told: Evidence) -> np.ndarray:
    """Gates whose figures scatter about the levers (O4): in use, and with enough people at them; the rest are given."""
    levers = told.inputs.levers
    in_use = (np.asarray(levers.order) > 0.0, np.asarray(levers.wait_abroad) > 0.0, True, True)
    return np.stack([(told.at_gate[k] > objective.FEW) & in_use[k] for k in range(len(in_use))])


def _efforts(source: np.ndarray, values: Values, noise: Array) -> Array:
    """Delivered effort (O2), (month): the early one before figures, then its gap leans on the month before."""
    first = int(np.argmax(source > 0.0))
    lasting, sd, routine = (values[name][0] for name in ("delivery_persistence", "delivery_sd", "effort_routine"))
    early = jnp.log(values["effort_early"][0] / routine)
    gaps = [early] * first + [early + objective.LINK_SD * noise[first]]
    for step in range(first + 1, len(source)):
        gaps.append(lasting * gaps[-1] + sd * noise[step])
    return routine * jnp.exp(jnp.stack(gaps))


def _misfits(noise: Array, known: np.ndarray, lasting: Array) -> Array:
    """Misfits per standard deviation, month first, each leaning on that of the month before if that was seen (O3)."""

    def step(last: tuple[Array, Array], at: tuple[Array, Array]) -> tuple[tuple[Array, Array], Array]:
        before, seen_before = last
        drawn, seen = at
        carried = jnp.where(seen_before, lasting, 0.0)
        now = carried * before + jnp.sqrt(1.0 - carried**2) * drawn
        return (now, seen), now

    begin = (jnp.zeros_like(noise[0]), jnp.zeros(noise.shape[1:], bool))
    return jax.lax.scan(step, begin, (noise, jnp.asarray(known)))[1]


def _by_year(figures: tuple[np.ndarray, np.ndarray], monthly: Array, spread: Array, noise: Array) -> Array:
    counts, months = figures
    sums = jnp.log(jnp.maximum(jnp.asarray(months) @ monthly, 1.0))
    return jnp.where(np.isfinite(counts), jnp.exp(sums + spread * noise), jnp.nan)


def _region_shares(told: Evidence, values: Values, noise: Array) -> Array:
    """Shares of regions by year, each scattered by itself in log odds as the density has it."""
    _, belongs, position, _ = told.regions
    lower = position.astype(int)
    way = (position - lower)[:, None]
    drift = values["drift"][..., 0]
    pull = jnp.exp(values["appeal"][None, ..., 0] + (drift[lower] * (1.0 - way) + drift[lower + 1] * way)[:, None])
    region = pull @ belongs.T
    share = log_odds(region / region.sum(axis=2, keepdims=True), 0.01)
    return logistic(share + objective.REGION_SD * noise)
