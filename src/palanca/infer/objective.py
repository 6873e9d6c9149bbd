"""Priors, replay and observation joined into one log density."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array

from palanca.case.schema import Case
from palanca.infer import density, targets
from palanca.infer.targets import Target
from palanca.kernel.curves import log_odds
from palanca.policy import follow as rules
from palanca.simulate.cells import Cells
from palanca.simulate.parameters import Layout, records
from palanca.simulate.run import Story, replay
from palanca.simulate.seen import Seen
from palanca.simulate.world import Shocks

COUNT_NOISE = 5.0  # rounding to 10 and events that come in groups: variance of a log count is this over the count
REGION_SD = 0.3
REPEAT_MEAN_SD = jnp.array(0.05)
LEVEL_SD = 0.3
LINK_SD = 0.1
REACH_SD = 0.05
YEARLY_STOPS_SD = 0.05
FEW = 30.0

Values = dict[str, Array]


@dataclass(frozen=True)
class Evidence:
    """Everything a fit looks at, lined up with the months of the case."""

    story: Story
    layout: Layout
    targets: tuple[Target, ...]
    cells: np.ndarray
    all_cells: np.ndarray
    at_gate: np.ndarray
    repeat: np.ndarray
    repeat_mean: tuple[float, np.ndarray]
    claims: tuple[np.ndarray, np.ndarray]
    yearly: tuple[np.ndarray, np.ndarray]
    regions: tuple[np.ndarray, np.ndarray, np.ndarray]


def gather(case: Case, cells: Cells, story: Story, layout: Layout) -> Evidence:
    """Collect the figures that a fit compares with."""
    left = cells.encounters * (1.0 - cells.expelled)
    left_2 = left * (1.0 - cells.abroad)
    at_gate = np.stack([cells.encounters, left, left_2, left_2 * (1.0 - cells.home)])
    return Evidence(
        story,
        layout,
        tuple(targets.targets(case, cells)),
        targets.cell_counts(cells),
        cells.encounters,
        at_gate,
        targets.repeat_share(case.span.span),
        targets.repeat_mean(case.span.span),
        targets.claims(case),
        targets.yearly_stops(case),
        targets.region_shares(case),
    )


def terms(evidence: Evidence, values: Values) -> dict[str, Array]:
    """Log density of the figures, by what they are.

    Args:
        evidence: The figures.
        values: Parameters by name with an axis of one draw.
    """
    shocks, seen = replay(evidence.story, values)
    parts = {target.name: _counts(target, seen, values) for target in evidence.targets}
    parts["cells"] = _masked(
        evidence.cells,
        lambda seen_counts: density.scatter(seen_counts, seen.encounters[..., 0], values["spread_cells"]),
    )
    parts["surprises"] = _surprises(evidence.story, shocks, values)
    parts["reach"] = _reach(evidence.story, seen)
    parts["delivery"] = _delivery(evidence.story, shocks, values)
    parts["follow"] = _follow(evidence, values)
    parts["repeat"] = _repeat(evidence, seen, values)
    parts["claims"] = _yearly(evidence.claims, seen.settled[..., 0], values["spread_claims"])
    parts["yearly stops"] = _yearly(evidence.yearly, seen.stops.sum(axis=1)[..., 0], jnp.array(YEARLY_STOPS_SD))
    parts["regions"] = _regions(evidence, values)
    return parts


def log_density(evidence: Evidence) -> Callable[[Array], Array]:
    """The posterior's log density over the vector of free numbers, up to a constant."""

    def of(free: Array) -> Array:
        parts = terms(evidence, evidence.layout.constrain(free[:, None]))
        return evidence.layout.log_prior(free) + sum(parts.values(), start=jnp.zeros(()))

    return of


def _masked(counts: np.ndarray, log_of: Callable[[Array], Array]) -> Array:
    seen = np.isfinite(counts)
    return jnp.sum(jnp.where(seen, log_of(jnp.array(np.where(seen, counts, 1.0))), 0.0))


def _counts(target: Target, seen: Seen, values: Values) -> Array:
    shown = target.shown(seen)[..., 0]
    spread = values[target.spread]
    return _masked(target.counts, lambda counts: density.scatter(counts, shown, spread))


def _surprises(story: Story, shocks: Shocks, values: Values) -> Array:
    """Equation O1: each surprise leans on the last and has mean about zero, which fixes `base`.

    Solving for the surprise is a change of variable, whose slope enters.
    """
    surprise = jnp.log(shocks.factor[..., 0])
    persistence = values["shock_persistence"]
    innovation = surprise[1:] - persistence * surprise[:-1]
    counts = story.figures.encounters
    thin = COUNT_NOISE / (counts + COUNT_NOISE)
    own = values["shock_sd"][..., 0] ** 2 + thin[1:] + persistence**2 * thin[:-1]
    steps = density.shared_and_own(innovation, own, values["shock_shared"], jnp.ones_like(own))
    level = jnp.sum(density.normal(jnp.mean(surprise, axis=0), jnp.zeros(()), jnp.array(LEVEL_SD)))
    slope = jnp.sum(jnp.log(jnp.maximum(shocks.slope[..., 0], 1e-3)))
    return jnp.sum(steps) + level - slope


def _reach(story: Story, seen: Seen) -> Array:
    """Where a figure lies outside what the model can reach, how far it misses; zero everywhere else."""
    counts = story.figures.encounters
    shown = seen.encounters.sum(axis=2)[..., 0]
    miss = jnp.log((shown + COUNT_NOISE) / (counts + COUNT_NOISE))
    return -0.5 * jnp.sum((miss / REACH_SD) ** 2)


def _delivery(story: Story, shocks: Shocks, values: Values) -> Array:
    """Equation O2: delivered effort stays near what was declared and leans on last month's gap.

    The effort before there were figures leans on the first month that has one.
    """
    gap = jnp.log(shocks.effort[..., 0] / values["effort_routine"])
    known = story.figures.stops_source > 0.5
    both = known[1:] & known[:-1]
    sd = values["delivery_sd"]
    steps = density.normal(gap[1:], values["delivery_persistence"] * gap[:-1], sd)
    first = jnp.argmax(known)
    spread = sd / jnp.sqrt(1.0 - values["delivery_persistence"] ** 2)
    early = jnp.log(values["effort_early"] / values["effort_routine"])
    start = density.normal(gap[first], early, jnp.array(LINK_SD)) + density.normal(early, jnp.zeros(()), spread)
    return jnp.sum(jnp.where(both, steps, 0.0)) + jnp.sum(start)


def _follow(evidence: Evidence, values: Values) -> Array:
    """Equation O4: what the levers alone would make of an encounter, against what the figures show."""
    _, policy = records(values)
    story = evidence.story
    computed = jax.vmap(lambda lever, crowding: rules.gates(lever, policy, crowding))(
        story.levers, story.figures.crowding
    )
    in_use = (story.levers.order > 0.0, story.levers.wait_abroad > 0.0, True, True)
    total = jnp.zeros(())
    for k, name in enumerate(rules.STAGES):
        seen = getattr(story.figures.gates, name)
        spread = jnp.sqrt(values["spread_follow"][k] ** 2 + 4.0 / (evidence.at_gate[k] + 1.0))
        scatter = density.normal(seen, getattr(computed, name)[..., 0], spread)
        total = total + jnp.sum(jnp.where((evidence.at_gate[k] > FEW) & in_use[k], scatter, 0.0))
    return total


def _repeat(evidence: Evidence, seen: Seen, values: Values) -> Array:
    everyone = (seen.encounters.sum(axis=(1, 2)) + seen.ports.sum(axis=1))[..., 0]
    repeats = seen.repeats[..., 0]
    share = log_odds(repeats / everyone)
    monthly = _masked(
        evidence.repeat, lambda published: density.normal(log_odds(published), share, values["spread_repeat"])
    )
    published, months = evidence.repeat_mean
    mean = jnp.sum(months * repeats) / jnp.maximum(jnp.sum(months * everyone), 1.0)
    earlier = density.normal(log_odds(jnp.array(published)), log_odds(mean), REPEAT_MEAN_SD)
    return monthly + jnp.where(months.any(), earlier, 0.0)


def _yearly(figures: tuple[np.ndarray, np.ndarray], monthly: Array, spread: Array) -> Array:
    counts, months = figures
    sums = jnp.log(jnp.maximum(jnp.array(months) @ monthly, 1.0))
    return _masked(np.where(counts >= 10, counts, np.nan), lambda seen: density.normal(jnp.log(seen), sums, spread))


def _regions(evidence: Evidence, values: Values) -> Array:
    shares, belongs, position = evidence.regions
    lower = position.astype(int)
    way = (position - lower)[:, None]
    drift = values["drift"][..., 0]
    at = drift[lower] * (1.0 - way) + drift[lower + 1] * way
    pull = jnp.exp(values["appeal"][None, ..., 0] + at[:, None])
    region = pull @ belongs.T
    region = region / region.sum(axis=2, keepdims=True)
    return jnp.sum(density.normal(log_odds(jnp.array(shares), 0.01), log_odds(region, 0.01), jnp.array(REGION_SD)))
