"""How far series that replay does not solve for last were from the model, and how long such gaps lasted before."""

from __future__ import annotations

from dataclasses import dataclass

import jax
import numpy as np
from jaxtyping import Float

from palanca.infer.density import FLOOR
from palanca.infer.objective import FitEvidence
from palanca.kernel.keys import normals
from palanca.model.outcomes import MonthlyOutcomes

KINDS = ("groups", "sectors", "stops", "darien")
MEMORY = 36.0  # months over which the weight of a month falls by e
LEAST = 24  # pairs of months, over all labels, below which a prior speaks [pairs]
PRIOR_LASTING, PRIOR_STEP = 0.6, 0.3  # as in O3, and a middling monthly scatter [log points]
MOST_LASTING = 0.98
WORTH = 6  # months' worth that a label's own scatter borrows from its series


@dataclass(frozen=True)
class Misfit:
    """One series' gaps between figures and model, learned up to a month.

    Args:
        last: Log of figure over model in the last known month, zero where none is known, (label) [log points].
        lasting: Part of a gap that is there a month later [share].
        step: Monthly scatter of the gap, (label) [log points].
    """

    last: Float[np.ndarray, " label"]
    lasting: float
    step: Float[np.ndarray, " label"]


def learn(evidence: FitEvidence, seen: MonthlyOutcomes, last: int) -> dict[str, Misfit]:
    """Learn the misfits of every series from the months up to one.

    Args:
        evidence: The figures.
        seen: History as replayed, one draw.
        last: Place of the last month that may be used.
    """
    known = jax.tree.map(lambda part: part[: last + 1], seen)  # cut first: what is shown may look a month ahead
    found = {}
    for target in evidence.targets:
        if target.kind in KINDS:
            shown = np.asarray(target.shown(known))[..., 0]
            counts = target.counts[: last + 1]
            found[target.kind] = of_series(counts, shown)
    return found


def of_series(counts: Float[np.ndarray, "month label"], shown: Float[np.ndarray, "month label"]) -> Misfit:
    """Learn from one series' months, all of which may be used.

    Args:
        counts: Figures, NaN where none.
        shown: The model's numbers.
    """
    gap = np.log(counts + FLOOR) - np.log(shown + FLOOR)
    both = np.isfinite(gap[1:]) & np.isfinite(gap[:-1])
    before, after = np.where(both, gap[:-1], 0.0), np.where(both, gap[1:], 0.0)
    age = np.exp((np.arange(len(both)) - len(both)) / MEMORY)[:, None] if len(both) else np.zeros((0, 1))
    weight = np.where(both, age * np.nan_to_num(counts[1:]), 0.0)
    lasting = PRIOR_LASTING
    if both.sum() >= LEAST and (weight * before**2).sum() > 0.0:
        lasting = float(np.clip((weight * before * after).sum() / (weight * before**2).sum(), 0.0, MOST_LASTING))
    square = np.where(both, (after - lasting * before) ** 2, 0.0)
    pooled = PRIOR_STEP**2
    if both.sum() >= LEAST and weight.sum() > 0.0:
        pooled = float((weight * square).sum() / weight.sum())
    months = np.where(both, age, 0.0)
    step = np.sqrt(((months * square).sum(axis=0) + WORTH * pooled) / (months.sum(axis=0) + WORTH))
    return Misfit(_last(gap, lasting), lasting, step)


def factors(misfits: dict[str, Misfit], months: int, draws: int, key: int) -> dict[str, np.ndarray]:
    """Figure over model in the months ahead, drawn; (month, label, draw) by series.

    Args:
        misfits: From `learn`.
        months: How many months ahead.
        draws: How many draws.
        key: Same key, same bits.

    Reference:
        Equation P10 of docs/model.md.
    """
    found = {}
    for kind, misfit in misfits.items():
        noise = normals(key, f"misfit {kind}", range(draws), (months, len(misfit.last)))
        gap = np.repeat(misfit.last[:, None], draws, axis=1)
        path = np.empty((months, len(misfit.last), draws))
        for ahead in range(months):
            gap = misfit.lasting * gap + misfit.step[:, None] * noise[ahead]
            path[ahead] = gap
        found[kind] = np.exp(path)
    return found


def _last(gap: Float[np.ndarray, "month label"], lasting: float) -> Float[np.ndarray, " label"]:
    """The last gap known of each label, faded by the months since."""
    found = np.zeros(gap.shape[1])
    for label in range(gap.shape[1]):
        known = np.flatnonzero(np.isfinite(gap[:, label]))
        if len(known):
            found[label] = gap[known[-1], label] * lasting ** (len(gap) - 1 - known[-1])
    return found
