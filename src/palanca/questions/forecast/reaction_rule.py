"""How practice moves by itself and how governments answer to arrivals, learned from the months up to one alone."""

from __future__ import annotations

from dataclasses import dataclass

import jax
import jax.numpy as jnp
import numpy as np

from palanca.infer.objective import FEW, FitEvidence
from palanca.model.attention import USUAL_MONTHS, Reaction
from palanca.model.parameters import records
from palanca.policy import follow as rules
from palanca.policy.follow import STAGES

LEAST_MONTHS = 12
PRIOR_WALK = 0.25  # monthly scatter of a gate before anything is known of it [log odds]
PRIOR_ANSWER = 0.25  # how large a month's answer to a unit of attention may well be [log odds, log points]
MEMORY = 36.0  # months over which the weight of a month falls by e


@dataclass(frozen=True)
class Habits:
    """What was learned up to a month.

    Args:
        walk: Monthly scatter of each gate by itself, (gate) [log odds].
        reaction: How each gate and delivered effort answer to attention.
        spread: Standard error of the answers: those of the gates, then that of effort, (gate + 1).
        months: Months that each answer rests on, (gate + 1).
    """

    walk: np.ndarray
    reaction: Reaction
    spread: np.ndarray
    months: np.ndarray


def attention(encounters: np.ndarray) -> np.ndarray:
    """Log of last month's encounters over what governments are used to [log points].

    Args:
        encounters: Encounters by month, (month) [events / month].

    Returns:
        (month); zero in the first month. A month's attention rests on the months before it alone.
    """
    arrivals = np.log(np.maximum(encounters, 1.0))
    usual, found = arrivals[0], np.zeros_like(arrivals)
    for t in range(1, len(arrivals)):
        found[t] = arrivals[t - 1] - usual
        usual = usual + found[t] / USUAL_MONTHS
    return found


def learn(evidence: FitEvidence, values: dict[str, np.ndarray], effort: np.ndarray, last: int) -> Habits:
    """Learn habits from the months up to one.

    Each gate's gap between what the figures show and what the levers alone make of it is averaged over cells by
    how many people stood at it; its monthly changes are regressed on attention, with a prior of no answer.

    Args:
        evidence: The figures.
        values: Parameters by name, one draw.
        effort: Delivered effort that replay solved, (month) [effort].
        last: Place of the last month that may be used.
    """
    heed = attention(np.asarray(evidence.inputs.figures.encounters).sum(axis=1))
    changes = [*_gate_changes(evidence, values), _effort_changes(evidence, values, effort)]
    until = np.arange(len(heed)) <= last
    age = np.exp((np.arange(len(heed)) - last) / MEMORY)
    found = [_regressed(change[until], heed[until], age[until]) for change in changes]
    answer, scatter, error, months = (np.array(part) for part in zip(*found, strict=True))
    gates = len(STAGES)
    return Habits(
        walk=scatter[:gates],
        reaction=Reaction(gates=jnp.asarray(answer[:gates]), effort=jnp.asarray(answer[gates])),
        spread=error,
        months=months,
    )


def none() -> Reaction:
    """Governments that do not answer."""
    return Reaction(gates=jnp.zeros(len(STAGES)), effort=jnp.zeros(()))


def _gate_changes(evidence: FitEvidence, values: dict[str, np.ndarray]) -> list[np.ndarray]:
    _, policy = records({name: jnp.asarray(part) for name, part in values.items()})
    inputs = evidence.inputs
    computed = jax.vmap(lambda lever, crowding: rules.gates(lever, policy, crowding))(
        inputs.levers, inputs.figures.crowding
    )
    in_use = (np.asarray(inputs.levers.order) > 0.0, np.asarray(inputs.levers.wait_abroad) > 0.0, True, True)
    found = []
    for k, name in enumerate(STAGES):
        gap = np.asarray(getattr(inputs.figures.gates, name)) - np.asarray(getattr(computed, name))[..., 0]
        people = np.where((evidence.at_gate[k] > FEW) & in_use[k], evidence.at_gate[k], 0.0)
        weight = np.minimum(people[1:], people[:-1])
        total = weight.sum(axis=(1, 2))
        change = (weight * np.diff(gap, axis=0)).sum(axis=(1, 2)) / np.maximum(total, 1.0)
        found.append(np.append(np.nan, np.where(total > 0.0, change, np.nan)))
    return found


def _effort_changes(evidence: FitEvidence, values: dict[str, np.ndarray], effort: np.ndarray) -> np.ndarray:
    gap = np.log(effort / values["effort_routine"][..., 0])
    known = np.asarray(evidence.inputs.figures.stops_source) > 0.5
    step = gap[1:] - values["delivery_persistence"][..., 0] * gap[:-1]
    return np.append(np.nan, np.where(known[1:] & known[:-1], step, np.nan))


def _regressed(change: np.ndarray, heed: np.ndarray, weight: np.ndarray) -> tuple[float, float, float, int]:
    """Answer to attention, what is left, the answer's standard error, and how many months there were."""
    seen = np.isfinite(change)
    if seen.sum() < LEAST_MONTHS:
        return 0.0, PRIOR_WALK, PRIOR_ANSWER, int(seen.sum())
    y, x, w = change[seen], heed[seen], weight[seen]
    scatter = float(np.sqrt(np.average(y**2, weights=w)))
    precision = (w * x**2).sum() / scatter**2 + 1.0 / PRIOR_ANSWER**2
    answer = float((w * x * y).sum() / scatter**2 / precision)
    left = float(np.sqrt(np.average((y - answer * x) ** 2, weights=w)))
    return answer, left, float(precision**-0.5), int(seen.sum())
