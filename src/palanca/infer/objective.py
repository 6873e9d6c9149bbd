"""Priors, replay and observation joined into one log density."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array
from jax.tree_util import register_dataclass

from palanca.core.clock import Month
from palanca.data.read import Figures, packaged_figures
from palanca.infer import density, targets
from palanca.infer.targets import Target
from palanca.kernel.curves import log_odds
from palanca.model.cells import Cells
from palanca.model.outcomes import MonthlyOutcomes
from palanca.model.parameters import Layout, records
from palanca.model.run import CorridorInputs, replay
from palanca.model.surprise import lean, own_variance
from palanca.model.world import Shocks
from palanca.policy import follow as rules
from palanca.spec.schema import Case

REPEAT_MEAN_SD = jnp.array(0.05)
START_SD = 1.0  # of the first surprise, before there is one to lean on [log points]
LINK_SD = 0.1
REACH_SD = 0.05
LEAST_SHARE = 0.01  # and one less it is the most: a sector hardly used says little
YEARLY_STOPS_SD = 0.05
LEAST_SLOPE = 1e-3  # of a change of variable, where a figure is out of reach
FEW = 30.0
ENCOUNTERS, FOLLOWED, STOPS = "encounters", "what follows encounters", "stops"  # what replay solves from or is given
ROUNDING = 5.0  # half of what the publisher rounds to [events]

Values = dict[str, Array]
Numbers: TypeAlias = Any  # an array of NumPy's, or of JAX's inside compiled code


@register_dataclass
@dataclass(frozen=True)
class FitNumbers:
    """The figures of a `FitEvidence`, by its fields; of pairs the first."""

    inputs: CorridorInputs
    counts: dict[str, Numbers]
    cells: Numbers
    at_gate: Numbers
    repeat: Numbers
    repeat_mean: Numbers
    claims: Numbers
    yearly: Numbers
    shares: Numbers


@dataclass(frozen=True)
class FitEvidence:
    """Everything a fit looks at, lined up with the months of the case; `known` says where each series has figures."""

    first: Month
    inputs: CorridorInputs
    layout: Layout
    targets: tuple[Target, ...]
    cells: np.ndarray
    all_cells: np.ndarray
    at_gate: np.ndarray
    repeat: np.ndarray
    repeat_mean: tuple[float, np.ndarray]
    claims: tuple[np.ndarray, np.ndarray]
    yearly: tuple[np.ndarray, np.ndarray]
    shares: tuple[np.ndarray, np.ndarray, np.ndarray]
    known: Mapping[str, np.ndarray]

    @property
    def every_month(self) -> np.ndarray:
        """A 1 for each month: all figures count."""
        return np.ones(len(self.all_cells))

    @property
    def numbers(self) -> FitNumbers:
        """The figures without what they are of: what differs between two months at which they were known."""
        return FitNumbers(
            self.inputs, {target.name: jnp.asarray(target.scored) for target in self.targets}, self.cells,
            self.at_gate, self.repeat, self.repeat_mean[0], self.claims[0], self.yearly[0], self.shares[0],
        )  # fmt: skip

    def of(self, numbers: FitNumbers) -> FitEvidence:
        """The same series with other figures of the same shapes; works inside compiled code."""
        return replace(
            self,
            inputs=numbers.inputs,
            targets=tuple(replace(one, counts=numbers.counts[one.name], elsewhere=None) for one in self.targets),
            cells=numbers.cells,
            at_gate=numbers.at_gate,
            repeat=numbers.repeat,
            repeat_mean=(numbers.repeat_mean, *self.repeat_mean[1:]),
            claims=(numbers.claims, *self.claims[1:]),
            yearly=(numbers.yearly, *self.yearly[1:]),
            shares=(numbers.shares, *self.shares[1:]),
        )

    def until(self, last: int) -> np.ndarray:
        """A 1 for each month up to and with a place on the axis, 0 after: what was known then."""
        return (np.arange(len(self.all_cells)) <= last).astype(float)

    def without(self, months: Sequence[int]) -> np.ndarray:
        """A 0 for the months at some places on the axis, 1 elsewhere: these are left out of a fit."""
        scored = self.every_month
        scored[list(months)] = 0.0
        return scored


def gather(
    case: Case, cells: Cells, inputs: CorridorInputs, layout: Layout, observed: Figures | None = None
) -> FitEvidence:
    """Collect the figures that a fit compares with, from those in force; the packaged ones if nothing."""
    given = observed or packaged_figures()
    left = cells.encounters * (1.0 - cells.expelled)
    left_2 = left * (1.0 - cells.abroad)
    at_gate = np.stack([cells.encounters, left, left_2, left_2 * (1.0 - cells.home)])
    at_gate = np.where(cells.followed[:, None, None], at_gate, 0.0)  # nobody is known to have stood at a gate
    lined_up = tuple(targets.targets(case, cells, given))
    return FitEvidence(
        case.span.first,
        inputs,
        layout,
        lined_up,
        targets.cell_counts(cells),
        cells.encounters,
        at_gate,
        targets.repeat_share(case, given),
        targets.repeat_mean(case, given),
        targets.claims(case, given),
        targets.yearly_stops(case, given),
        targets.sector_shares(case, given),
        _known(cells, inputs, lined_up),
    )


def _known(cells: Cells, inputs: CorridorInputs, lined_up: Sequence[Target]) -> dict[str, np.ndarray]:
    """Where each series has figures, (month) by name."""
    known = {ENCOUNTERS: cells.counted, FOLLOWED: cells.followed}
    known[STOPS] = np.asarray(inputs.figures.stops_source) > 0.5
    return known | {one.name: np.isfinite(one.counts).any(axis=1) for one in lined_up}


def terms(evidence: FitEvidence, values: Values, scored: Array) -> dict[str, Array]:
    """Log density of the figures, by what they are.

    Args:
        evidence: The figures.
        values: Parameters by name with an axis of one draw.
        scored: 1 for the months whose figures count, else 0, (month); replay still follows every figure, but
            nothing of a month that does not count reaches the density.
    """
    shocks, seen = replay(evidence.inputs, values)
    parts = {target.name: _counts(target, seen, values, scored) for target in evidence.targets}
    parts["cells"] = _scattered(evidence.cells, seen.encounters[..., 0], values, "cells", scored)
    parts["surprises"] = _surprises(evidence.inputs, shocks, values, scored)
    parts["reach"] = _reach(evidence.inputs, seen, scored)
    parts["delivery"] = _delivery(evidence.inputs, shocks, values, scored)
    parts["follow"] = _follow(evidence, values, scored)
    parts["repeat"] = _repeat(evidence, seen, values, scored)
    parts["claims"] = _yearly(evidence.claims, seen.settled[..., 0], values["spread_claims"], scored)
    parts["yearly stops"] = _yearly(evidence.yearly, seen.stops.sum(axis=1)[..., 0], jnp.array(YEARLY_STOPS_SD), scored)
    parts["shares"] = _shares(evidence, values, scored)
    return parts


def log_density(evidence: FitEvidence) -> Callable[[Array, Array], Array]:
    """The posterior's log density over the vector of free numbers, up to a constant.

    Returns:
        A function of the free numbers, (length), and of which months count, (month).
    """

    def of(free: Array, scored: Array) -> Array:
        parts = terms(evidence, evidence.layout.constrain(free[:, None]), scored)
        return evidence.layout.log_prior(free) + sum(parts.values(), start=jnp.zeros(()))

    return of


def _counts(target: Target, seen: MonthlyOutcomes, values: Values, scored: Array) -> Array:
    return _scattered(target.scored, target.shown(seen)[..., 0], values, target.kind, scored)


def _scattered(counts: np.ndarray, shown: Array, values: Values, kind: str, scored: Array) -> Array:
    known = jnp.isfinite(counts)
    counted = known & (scored.reshape(-1, *[1] * (counts.ndim - 1)) > 0.0)
    given = jnp.where(known, counts, 1.0)
    at = density.published(shown, values[f"spread_{kind}"][..., 0], kind)
    return jnp.sum(density.scatter(given, at, values["misfit_lasting"], counted))


def _surprises(inputs: CorridorInputs, shocks: Shocks, values: Values, scored: Array) -> Array:
    """Equation O1: each surprise leans on the last two, with a part shared by all origins.

    Solving for the surprise is a change of variable, whose slope enters.
    """
    surprise = jnp.log(shocks.factor[..., 0])
    before = jnp.concatenate([surprise[:1], surprise[:-2]])
    expected = lean(surprise[:-1], before, values["shock_persistence"], values["shock_momentum"])
    own = own_variance(values["shock_sd"][..., 0], inputs.figures.encounters[:-1], values["shock_thin"])
    steps = density.shared_and_own(surprise[1:] - expected, own, values["shock_shared"], jnp.ones_like(own))
    start = jnp.sum(density.normal(surprise[0], jnp.zeros(()), jnp.array(START_SD)))
    slope = jnp.sum(jnp.log(jnp.maximum(shocks.slope[..., 0], LEAST_SLOPE)), axis=1)
    return jnp.sum(scored[1:] * _all_three(scored) * steps) + scored[0] * start - jnp.sum(scored * slope)


def _all_three(scored: Array) -> Array:
    """1 where the two months before count as well, (month - 1): a step is scored only between months that count."""
    before = jnp.concatenate([scored[:1], scored[:-2]])
    return scored[:-1] * before


def _reach(inputs: CorridorInputs, seen: MonthlyOutcomes, scored: Array) -> Array:
    """Where a figure lies outside what the model can reach, how far it misses; zero everywhere else."""
    counts = inputs.figures.encounters
    shown = seen.encounters.sum(axis=2)[..., 0]
    miss = jnp.log((shown + ROUNDING) / (counts + ROUNDING))
    return -0.5 * jnp.sum(scored[:, None] * (miss / REACH_SD) ** 2)


def _delivery(inputs: CorridorInputs, shocks: Shocks, values: Values, scored: Array) -> Array:
    """Equation O2: delivered effort stays near what was declared and leans on last month's gap.

    The effort before there were figures leans on the first month that has one. Solving for the effort is a change of
    variable, whose slope enters wherever the effort is scored.
    """
    gap = jnp.log(shocks.effort[..., 0] / values["effort_routine"])
    known = (inputs.figures.stops_source > 0.5) & (scored > 0.0)
    both = known[1:] & known[:-1]
    sd = values["delivery_sd"]
    steps = density.normal(gap[1:], values["delivery_persistence"] * gap[:-1], sd)
    first = jnp.argmax(known)
    spread = sd / jnp.sqrt(1.0 - values["delivery_persistence"] ** 2)
    early = jnp.log(values["effort_early"] / values["effort_routine"])
    slope = jnp.log(jnp.maximum(shocks.effort_slope[..., 0], LEAST_SLOPE))
    linked = jnp.where(jnp.any(known), density.normal(gap[first], early, jnp.array(LINK_SD)) - slope[first], 0.0)
    later = jnp.sum(jnp.where(both, steps - slope[1:], 0.0))
    return later + jnp.sum(linked + density.normal(early, jnp.zeros(()), spread))


def _follow(evidence: FitEvidence, values: Values, scored: Array) -> Array:
    """Equation O4: what the levers alone would make of an encounter, against what the figures show."""
    _, policy = records(values)
    inputs = evidence.inputs
    computed = jax.vmap(lambda lever, crowding: rules.gates(lever, policy, crowding))(
        inputs.levers, inputs.figures.crowding
    )
    in_use = (inputs.levers.order > 0.0, inputs.levers.wait_abroad > 0.0, True, True)
    total = jnp.zeros(())
    for k, name in enumerate(rules.STAGES):
        seen = getattr(inputs.figures.gates, name)
        width = jnp.sqrt(values["spread_follow"][k] ** 2 + 4.0 / (evidence.at_gate[k] + 1.0))
        misfit = (seen - getattr(computed, name)[..., 0]) / width
        counted = (evidence.at_gate[k] > FEW) & in_use[k] & (scored[:, None, None] > 0.0)
        leaning = density.leaning(misfit, values["misfit_lasting"], counted) - jnp.log(width)
        total = total + jnp.sum(jnp.where(counted, leaning, 0.0))
    return total


def _repeat(evidence: FitEvidence, seen: MonthlyOutcomes, values: Values, scored: Array) -> Array:
    everyone = (seen.encounters.sum(axis=(1, 2)) + seen.ports.sum(axis=1))[..., 0]
    repeats = seen.repeats[..., 0]
    share = log_odds(repeats / everyone)
    known = jnp.isfinite(evidence.repeat)
    published = log_odds(jnp.where(known, evidence.repeat, 0.5))
    monthly = jnp.where(known & (scored > 0.0), density.normal(published, share, values["spread_repeat"]), 0.0)
    mean_published, months = evidence.repeat_mean
    inside = months * scored
    mean = jnp.sum(inside * repeats) / jnp.maximum(jnp.sum(inside * everyone), 1.0)
    earlier = density.normal(log_odds(jnp.array(mean_published)), log_odds(mean), REPEAT_MEAN_SD)
    return jnp.sum(monthly) + jnp.where(jnp.all(inside == months) & months.any(), earlier, 0.0)


def _yearly(figures: tuple[np.ndarray, np.ndarray], monthly: Array, spread: Array, scored: Array) -> Array:
    counts, months = figures
    sums = jnp.log(jnp.maximum(jnp.array(months) @ monthly, 1.0))
    known = jnp.isfinite(counts) & (jnp.nan_to_num(counts) >= 10)
    whole = (jnp.array(months) @ (1.0 - scored) == 0.0).reshape(-1, *[1] * (counts.ndim - 1))
    scatter = density.normal(jnp.log(jnp.where(known, counts, 10.0)), sums, spread)
    return jnp.sum(jnp.where(known & whole, scatter, 0.0))


def _shares(evidence: FitEvidence, values: Values, scored: Array) -> Array:
    """Equation O5: how each origin's encounters of a fiscal year divide among sectors."""
    given, position, months = evidence.shares
    known = jnp.isfinite(given)
    width = values["spread_shares"][..., 0]
    scatter = density.normal(
        log_odds(jnp.where(known, given, 0.5), LEAST_SHARE), log_odds(shares_of(values, position), LEAST_SHARE), width
    )
    whole = (jnp.array(months) @ (1.0 - scored) == 0.0)[:, None, None]
    return jnp.sum(jnp.where(known & whole, scatter, 0.0))


def shares_of(values: Values, position: np.ndarray) -> Array:
    """Share of each sector in an origin's encounters at places between yearly knots, (place, origin, sector).

    Reference:
        Equation F10 of docs/model.md, without barriers.
    """
    lower = position.astype(int)
    way = (position - lower)[:, None]
    drift = values["drift"][..., 0]
    return jax.nn.softmax(
        values["appeal"][None, ..., 0] + (drift[lower] * (1.0 - way) + drift[lower + 1] * way)[:, None]
    )
