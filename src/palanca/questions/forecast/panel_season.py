"""The yearly season of two kinds of origin, learned from growth: circular labour, and everyone else."""

from __future__ import annotations

import numpy as np
from jaxtyping import Bool, Float, Int

from palanca.questions.forecast.panel_rules import PanelRules

YEAR = 12


def recency(months: int, half_life: float) -> Float[np.ndarray, " month"]:
    """Weights of months in a row, 1 for the last, halved every half-life before it."""
    return np.asarray(0.5 ** (np.arange(months)[::-1] / half_life))


def shares(counts: Float[np.ndarray, "month origin"]) -> Float[np.ndarray, "month origin"]:
    """Each origin's share of the month; equal shares in a month with nobody."""
    some = np.maximum(counts, 1e-9)
    return np.asarray(some / some.sum(axis=1, keepdims=True))


def season(
    growth: Float[np.ndarray, "step origin"],
    noise: Float[np.ndarray, "step origin"],
    before: Float[np.ndarray, "step origin"],
    calendar: Int[np.ndarray, " month"],
    circular: Bool[np.ndarray, " origin"],
    rules: PanelRules,
) -> Float[np.ndarray, "origin calendar"]:
    """How far each calendar month lies above or below an origin's usual month.

    Learned from growth, not from levels: a boom of some years would otherwise pass for the season of its months.
    Origins of one kind share one season, learned from their mean growth weighted by counts: it is the season of most
    of the people, and small origins cannot tell theirs.

    Args:
        growth: Change of the log of counts from each month to the next [log points].
        noise: Variance of growth as known the month before.
        before: Counts the month before [events / month].
        calendar: Calendar month of every row, 0 for January; one more than steps.
        circular: Which origins have the season of circular labour.

    Returns:
        Seasons [log points]; those of one kind are equal, and the mean over the year is near zero, not zero.

    Reference:
        Ridge regression of growth on the change of calendar month; equation P4 of docs/model.md.
    """
    months = np.eye(YEAR)[calendar]
    design = np.diff(months, axis=0)
    found = np.zeros((len(circular), YEAR))
    for kind, sd, memory in (
        (circular, rules.season_sd_circular, rules.season_memory_circular),
        (~circular, rules.season_sd_rest, rules.season_memory_rest),
    ):
        if kind.any():
            weight = shares(before[:, kind])
            mean, variance = (weight * growth[:, kind]).sum(axis=1), (weight * noise[:, kind]).sum(axis=1)
            worth = recency(len(growth), memory) / variance
            found[kind] = _ridge(design, mean, worth, sd)
    return found


def _ridge(
    design: Float[np.ndarray, "step calendar"],
    seen: Float[np.ndarray, " step"],
    worth: Float[np.ndarray, " step"],
    sd: float,
) -> Float[np.ndarray, " calendar"]:
    """Mean of the coefficients under a normal prior about zero."""
    weighted = design.T * worth
    return np.linalg.solve(weighted @ design + np.eye(YEAR) / sd**2, weighted @ seen)
