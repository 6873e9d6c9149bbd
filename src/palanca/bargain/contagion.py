"""Linked issues end together: how often honest conduct may look like a breach before linking stops paying."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from palanca.bargain import bounds

TRIED = np.concatenate([[0.0], np.geomspace(1e-4, 0.5, 120)])  # chances of a false alarm a month
HALVINGS = 40


@dataclass(frozen=True, eq=False)
class SiloGains:
    """What one party gains a month in each silo of a partition, and how many issues can raise an alarm there.

    Args:
        gain: Gain while the silo's deal lasts [payoff / month].
        issues: Issues agreed in the silo; a false alarm on any of them ends all of the silo.
    """

    gain: Float[np.ndarray, " silo"]
    issues: Float[np.ndarray, " silo"]

    def lasting(self, patience: float, false_alarm: Float[np.ndarray, " chance"]) -> Float[np.ndarray, " chance"]:
        """Value of all silos, each until its first false alarm, by chance of one on an issue in a month [payoff]."""
        any_alarm = 1.0 - (1.0 - false_alarm[:, None]) ** self.issues
        return lasting_value(self.gain, patience, any_alarm).sum(axis=1)


def lasting_value(
    gain: Float[np.ndarray, ...], patience: float, false_alarm: Float[np.ndarray, ...]
) -> Float[np.ndarray, ...]:
    """Value of cooperation that ends for good at the first false alarm [payoff]: g / (1 - d (1 - eps)).

    Args:
        gain: Gain each month while it lasts, the month of the alarm included [payoff / month].
        patience: Weight of next month's payoff [share].
        false_alarm: Chance that honest conduct looks like a breach [chance / month].

    Reference:
        Thomas and Willig 2006 on why parties compartmentalise; equation B15 of docs/model.md.
    """
    return np.asarray(gain / (1.0 - patience * (1.0 - false_alarm)))


def tolerated_alarms(before: SiloGains, after: SiloGains, patience: float) -> float:
    """Least chance of a false alarm on an issue at which a change of silos no longer pays a party [chance / month].

    Args:
        before: Silos as they were.
        after: Silos instead; linked issues end together.
        patience: Weight of next month's payoff [share].

    Returns:
        0 where the change does not pay even if no alarm is false; infinity where it pays at every chance tried, to .5.

    Raises:
        BargainError: The patience lies outside 0 to 1.
    """
    bounds.patience(patience)

    def better(false_alarm: np.ndarray) -> np.ndarray:
        return after.lasting(patience, false_alarm) > before.lasting(patience, false_alarm)

    worse = np.flatnonzero(~better(TRIED))
    if not worse.size:
        return float("inf")
    if worse[0] == 0:
        return 0.0
    low, high = TRIED[worse[0] - 1], TRIED[worse[0]]
    for _ in range(HALVINGS):
        middle = 0.5 * (low + high)
        low, high = (middle, high) if better(np.array([middle]))[0] else (low, middle)
    return float(0.5 * (low + high))
