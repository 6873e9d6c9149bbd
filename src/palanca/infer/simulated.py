"""Draws figures from known parameters, by the very model that the density of a fit describes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array
from jax.tree_util import register_dataclass

from palanca.infer import density, objective
from palanca.infer.density import FLOOR
from palanca.infer.objective import FitEvidence, Values
from palanca.infer.synthetic import SimulatedFigures, Synthetic, Truth, prior_draw
from palanca.kernel.curves import log_odds, logistic
from palanca.kernel.keys import stream
from palanca.model import month, run
from palanca.model.month import Lived
from palanca.model.run import fixed, replay
from palanca.model.surprise import lean, own_variance
from palanca.model.world import CorridorFigures, MonthInputs, Surprise, World
from palanca.policy import follow as rules
from palanca.policy.follow import Gates

ROUNDED_TO = 10.0  # the unit to which the main publisher rounds [events]


@register_dataclass
@dataclass(frozen=True)
class _Noise:
    """What is drawn for a month's surprises before the months run.

    Args:
        own: Standard normals by origin.
        shared: A standard normal of all origins.
        later: Whether there is a month before it.
    """

    own: Array
    shared: Array
    later: Array


@register_dataclass
@dataclass(frozen=True)
class _Before:
    """Log surprises of the last two months, and last month's encounters, by origin."""

    last: Array
    further: Array
    encounters: Array


@register_dataclass
@dataclass(frozen=True)
class _Drawing:
    """Draws each month's surprise, which leans on those before it and scatters more where few came (equation O1)."""

    values: Values
    months: _Noise

    def begin(self, world: World) -> _Before:
        """Nothing came before."""
        nothing = jnp.zeros(self.months.own.shape[1])
        return _Before(nothing, nothing, nothing)

    def meet(self, state: _Before, world: World, given: MonthInputs, now: _Noise) -> tuple[_Before, MonthInputs]:
        """The month brings the surprise that is drawn."""
        values = self.values
        variance = own_variance(values["shock_sd"][..., 0], state.encounters, values["shock_thin"])
        expected = lean(state.last, state.further, values["shock_persistence"], values["shock_momentum"])
        later = expected + (jnp.sqrt(variance) * now.own + values["shock_shared"] * now.shared)
        log = jnp.where(now.later, later, objective.START_SD * now.own)
        assert given.surprise is not None
        surprise = replace(given.surprise, factor=jnp.exp(log)[:, None])
        further = jnp.where(now.later, state.last, log)
        return replace(state, last=log, further=further), replace(given, surprise=surprise)

    def learn(self, state: _Before, lived: Lived) -> _Before:
        """The next month's scatter depends on how many came in this one."""
        return replace(state, encounters=lived.outcomes.encounters.sum(axis=1)[:, 0])


def simulator(synthetic: Synthetic, *, rounded: bool = False) -> Callable[[int], tuple[Truth, SimulatedFigures]]:
    """A function from a key to a truth and figures drawn from it; compiled once.

    Args:
        synthetic: The corridor.
        rounded: Whether counts are published as whole tens, none below zero. The density knows of no rounding but
            as a floor under its scatter, so calibration is exact without.
    """
    run = jax.jit(lambda free, noise: _drawn(synthetic, free, noise, rounded=rounded))
    months, origins = synthetic.inputs.figures.encounters.shape
    evidence = synthetic.evidence
    shapes: dict[str, tuple[int, ...]] = {
        "own": (months, origins),
        "shared": (months,),
        "delivery": (months,),
        "gates": evidence.at_gate.shape,
        "cells": evidence.cells.shape,
        "repeat": evidence.repeat.shape,
        "repeat mean": (),
        "claims": evidence.claims[0].shape,
        "yearly": evidence.yearly[0].shape,
        "shares": evidence.shares[0].shape,
    } | {target.name: target.counts.shape for target in evidence.targets}

    def draw(key: int) -> tuple[Truth, SimulatedFigures]:
        noise = {name: stream(key, "figures", name).standard_normal(shape) for name, shape in shapes.items()}
        return run(jnp.asarray(prior_draw(synthetic.layout, key)), noise)

    return draw


def _drawn(
    synthetic: Synthetic, free: Array, noise: dict[str, Array], *, rounded: bool
) -> tuple[Truth, SimulatedFigures]:
    values = synthetic.layout.constrain(free[:, None])
    figures, surprise, effort = _history(synthetic, values, noise)
    evidence = synthetic.evidence
    _, seen = replay(replace(synthetic.inputs, figures=figures), values)
    lasting = values["misfit_lasting"]

    def published(name: str, counts: np.ndarray, mean: Array, kind: str) -> Array:
        known = np.isfinite(counts)
        middle, width = density.published(mean, values[f"spread_{kind}"][..., 0], kind)
        misfit = _misfits(noise[name], known, lasting)
        count = jnp.exp(middle + width * misfit) - FLOOR
        count = jnp.maximum(jnp.round(count / ROUNDED_TO) * ROUNDED_TO, 0.0) if rounded else count
        return jnp.where(known, count, jnp.nan)

    everyone = (seen.encounters.sum(axis=(1, 2)) + seen.ports.sum(axis=1))[..., 0]
    repeats = seen.repeats[..., 0]
    share = log_odds(repeats / everyone) + values["spread_repeat"] * noise["repeat"]
    inside = jnp.asarray(evidence.repeat_mean[1])
    mean = log_odds(jnp.sum(inside * repeats) / jnp.maximum(jnp.sum(inside * everyone), 1.0))
    drawn = SimulatedFigures(
        figures=figures,
        counts={t.name: published(t.name, t.counts, t.shown(seen)[..., 0], t.kind) for t in evidence.targets},
        cells=published("cells", evidence.cells, seen.encounters[..., 0], "cells"),
        repeat=jnp.where(np.isfinite(evidence.repeat), logistic(share), jnp.nan),
        repeat_mean=logistic(mean + objective.REPEAT_MEAN_SD * noise["repeat mean"]),
        claims=_by_year(evidence.claims, seen.settled[..., 0], values["spread_claims"], noise["claims"]),
        yearly=_by_year(
            evidence.yearly, seen.stops.sum(axis=1)[..., 0], jnp.array(objective.YEARLY_STOPS_SD), noise["yearly"]
        ),
        shares=_sector_shares(evidence, values, noise["shares"]),
    )
    return Truth(free, surprise, effort), drawn


def _history(synthetic: Synthetic, values: Values, noise: dict[str, Array]) -> tuple[CorridorFigures, Array, Array]:
    """Run the months: surprises (O1), delivered effort (O2) and gates (O4) are drawn, people move, figures result."""
    inputs, evidence = synthetic.inputs, synthetic.evidence
    real, months = inputs.figures, len(noise["own"])
    effort = _efforts(np.asarray(real.stops_source), values, noise["delivery"])
    by_returns = 1.0 / values["stops_per_return"][0]
    counted = _counted_gates(evidence)
    width = jnp.sqrt(values["spread_follow"][..., None, None] ** 2 + 4.0 / (evidence.at_gate + 1.0))
    scatter = [
        width[k] * _misfits(noise["gates"][k], counted[k], values["misfit_lasting"]) for k in range(len(counted))
    ]
    given = MonthInputs(
        outside=inputs.outside,
        levers=inputs.levers,
        figures=real,
        gates=rules.lifted(real.gates),
        gate_given=rules.lifted(rules.by_gate(jnp.asarray(~counted, float))),
        practice=rules.lifted(rules.by_gate(jnp.stack(scatter))),
        surprise=Surprise(jnp.ones((months, real.encounters.shape[1], 1)), None, effort[:, None]),
        returned=jnp.where(real.stops_source > 1.5, by_returns, real.returns / jnp.maximum(real.stops, 1.0))[:, None],
    )
    drawing = _Drawing(values, _Noise(noise["own"], noise["shared"], jnp.arange(months) > 0))
    kept = fixed(inputs.corridor, values)
    _, found = run.through(run.spread(inputs.start, 1), given, kept, react=drawing, select=_figures)
    figures, surprise = found
    return figures, surprise, effort


def _figures(lived: Lived, _: _Before) -> tuple[CorridorFigures, Array]:
    """A month of made-up history as it would be published, and its log surprise."""
    real, given = lived.given.figures, lived.given
    assert given.returned is not None
    stops, kind = jnp.sum(lived.outcomes.stops), real.stops_source
    returns = given.returned[0] * stops
    made = replace(
        real,
        encounters=lived.outcomes.encounters.sum(axis=1)[:, 0],
        stops=jnp.where(kind > 1.5, returns, jnp.where(kind > 0.5, stops, 0.0)),
        returns=jnp.where(real.returns_known > 0.5, returns, 0.0),
        gates=Gates(*(getattr(lived.gates, name)[..., 0] for name in rules.STAGES)),
        crowding=month.crowding(lived.before)[0],
    )
    return made, jnp.log(lived.surprise.factor)[:, 0]


def _counted_gates(evidence: FitEvidence) -> np.ndarray:
    """Gates whose figures scatter about the levers (O4): in use, and with enough people at them; the rest are given."""
    levers = evidence.inputs.levers
    in_use = (np.asarray(levers.order) > 0.0, np.asarray(levers.wait_abroad) > 0.0, True, True)
    return np.stack([(evidence.at_gate[k] > objective.FEW) & in_use[k] for k in range(len(in_use))])


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


def _sector_shares(evidence: FitEvidence, values: Values, noise: Array) -> Array:
    """Shares of sectors by year, each scattered by itself in log odds as the density has it."""
    share = log_odds(objective.shares_of(values, evidence.shares[1]), objective.LEAST_SHARE)
    return logistic(share + values["spread_shares"][..., 0] * noise)
