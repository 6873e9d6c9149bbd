"""How a fitted history compares with figures that were not solved for: error, and coverage of its bands."""

from __future__ import annotations

from dataclasses import dataclass

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array

from palanca.infer.density import FLOOR, published
from palanca.infer.objective import FOLLOWED, FitEvidence
from palanca.infer.targets import Target
from palanca.kernel.keys import normals
from palanca.model.outcomes import OUTCOMES, MonthlyOutcomes
from palanca.model.parameters import records
from palanca.policy import follow as rules
from palanca.policy.levers import LeverLevels

LEVELS = (0.05, 0.5, 0.95)
POINTS_TO = {
    "groups": "F1 mix of groups and F2 belief: families answer to more than the share let in",
    "stops by origin": "F4 exposure: fixed by origin, while routes and targets of control shift",
    "returns by origin": "F4 removal shares: fixed by origin, while agreements with origins come and go",
    "Darien": "F3 ways of travel: air routes by way of Nicaragua are not modelled",
    "sectors": "F10: drift is yearly, so shifts within a year are missed",
    "ports by origin": "F5b walking up: fixed by origin but for declared levers",
    "appointments": "F5d: weights by origin are fixed, while demand moved",
    "deaths": "F9: rates move with hiding and crowding alone, while terrain and the count of deaths change",
    "repeat share": "F7: one chance to try again per origin and group",
    "what follows encounters": "F6a: levers alone; capacity and practice that no lever declares",
}


@dataclass(frozen=True)
class Agreement:
    """One series against its figures.

    Args:
        name: The series.
        labels: Labels of its second axis.
        counts: Published, (month, label); NaN where none.
        bands: The 5th, 50th and 95th percentile of what the model expects to be published, (level, month, label).
    """

    name: str
    labels: tuple[str, ...]
    counts: np.ndarray
    bands: np.ndarray

    @property
    def seen(self) -> np.ndarray:
        """Where there is a figure to compare with."""
        return np.isfinite(self.counts)

    @property
    def error(self) -> float:
        """Mean absolute difference of logs of (count + 10), over months and labels [log points]."""
        gap = np.abs(np.log(self.bands[1] + FLOOR) - np.log(np.nan_to_num(self.counts) + FLOOR))
        return float(gap[self.seen].mean())

    @property
    def weighted_error(self) -> float:
        """The same with each cell weighted by its count, so that large flows count more [log points]."""
        counts = np.nan_to_num(self.counts)
        gap = np.abs(np.log(self.bands[1] + FLOOR) - np.log(counts + FLOOR))
        return float((gap * counts)[self.seen].sum() / max(counts[self.seen].sum(), 1.0))

    @property
    def coverage(self) -> float:
        """Share of figures inside the 90 % band."""
        inside = (self.bands[0] <= self.counts) & (self.counts <= self.bands[2])
        return float(inside[self.seen].mean())

    @property
    def points_to(self) -> str:
        """Which mechanism a misfit speaks of."""
        return POINTS_TO[self.name]


def agreements(
    evidence: FitEvidence, base: dict[str, np.ndarray], values: dict[str, np.ndarray], key: int
) -> list[Agreement]:
    """Compare every series that replay did not solve for.

    Args:
        evidence: The figures, lined up.
        base: History by quantity, with all fields of `MonthlyOutcomes`.
        values: Parameters by name, draw last.
        key: Key of the run, for the scatter of published counts.
    """
    seen = MonthlyOutcomes(**{name: jnp.asarray(array) for name, array in base.items()})
    found = []
    for target in evidence.targets:
        shown = np.asarray(target.shown(seen))
        found.append(
            Agreement(
                target.name,
                target.labels,
                target.counts,
                _bands(shown, values[f"spread_{target.kind}"], key, target),
            )
        )
    if np.isfinite(evidence.repeat).any():
        found.append(_repeats(evidence, base, values, key))
    if evidence.known[FOLLOWED].any():
        found.append(_follow(evidence, values, key))
    return found


def _bands(shown: np.ndarray, spread: np.ndarray, key: int, target: Target) -> np.ndarray:
    """Scatter the model's numbers as published counts do (equation O3), and take percentiles."""
    noise = normals(key, f"published {target.name}", range(shown.shape[-1]), shown.shape[:-1])
    middle, width = (np.asarray(part) for part in published(jnp.asarray(shown), jnp.asarray(spread), target.kind))
    drawn = np.maximum(np.exp(middle + width * noise) - FLOOR, 0.0)
    return np.asarray(np.quantile(drawn, LEVELS, axis=-1))


def _repeats(evidence: FitEvidence, base: dict[str, np.ndarray], values: dict[str, np.ndarray], key: int) -> Agreement:
    """In percent, which keeps the floor of 10 well below the shares published (22 to 38)."""
    everyone = base["encounters"].sum(axis=(1, 2)) + base["ports"].sum(axis=1)
    share = base["repeats"] / everyone
    odds = np.log(share / (1.0 - share))
    noise = normals(key, "published repeats", range(share.shape[-1]), share.shape[:-1])
    drawn = 100.0 / (1.0 + np.exp(-(odds + values["spread_repeat"] * noise)))
    bands = np.quantile(drawn, LEVELS, axis=-1)[..., None]
    return Agreement("repeat share", ("percent",), 100.0 * evidence.repeat[:, None], bands)


def _follow(evidence: FitEvidence, values: dict[str, np.ndarray], key: int) -> Agreement:
    """What the levers alone make of the encounters that were counted, against what followed."""
    cells = jnp.asarray(evidence.all_cells)
    figures, levers = evidence.inputs.figures, evidence.inputs.levers
    published = _outcomes(
        rules.Gates(
            *(
                g[..., None]
                for g in (
                    figures.gates.expelled,
                    figures.gates.abroad,
                    figures.gates.home,
                    figures.gates.detained,
                )
            )
        ),
        levers,
        cells,
    )[..., 0]
    draws = values["spread_follow"].shape[-1]
    noise = normals(key, "gates", range(draws), (4, cells.shape[0])) * values["spread_follow"][:, None]
    computed = _lever_outcomes(evidence, {k: jnp.asarray(v) for k, v in values.items()}, jnp.asarray(noise), cells)
    bands = np.quantile(np.asarray(computed), LEVELS, axis=-1)
    counts = np.where(evidence.known[FOLLOWED][:, None], published, np.nan)
    return Agreement(FOLLOWED, OUTCOMES, counts, bands)


@jax.jit
def _outcomes(gates: rules.Gates, levers: LeverLevels, cells: Array) -> Array:
    """Encounters by month and outcome, (month, outcome, draw)."""

    def month(gate: rules.Gates, lever: LeverLevels, people: Array) -> Array:
        chances = rules.follow(lever, gate)
        parts = (chances.expelled, chances.abroad, chances.sent_home, chances.detained, chances.let_in)
        return jnp.stack([jnp.sum(people[..., None] * part, axis=(0, 1)) for part in parts])

    return jax.vmap(month)(gates, levers, cells)


def _lever_outcomes(evidence: FitEvidence, values: dict[str, Array], noise: Array, cells: Array) -> Array:
    _, policy = records(values)
    computed = jax.vmap(lambda lever, crowding: rules.gates(lever, policy, crowding))(
        evidence.inputs.levers, evidence.inputs.figures.crowding
    )
    moved = rules.Gates(*(getattr(computed, stage) + noise[k][:, None, None] for k, stage in enumerate(rules.STAGES)))
    return _outcomes(moved, evidence.inputs.levers, cells)
