"""Stretches of history in which forecasting was a different task, with dates and the reason for each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from palanca.core.clock import Month


@dataclass(frozen=True)
class Regime:
    """A stretch of starts that are scored together.

    Args:
        name: As in tables.
        first: First start: a start is the last month known when the forecast was made, whatever came after.
        last: Last start; None for a stretch that goes on.
        why: What sets it apart.
    """

    name: str
    first: Month
    last: Month | None
    why: str

    def holds(self, starts: Sequence[Month]) -> np.ndarray:
        """Which starts lie in it, (start)."""
        return np.array([self.first <= one and (self.last is None or one <= self.last) for one in starts], dtype=bool)


ALL = Regime("all", Month.parse("1999-10"), None, "Every start.")
REGIMES = (
    Regime(
        "before the pandemic",
        Month.parse("2014-01"),
        Month.parse("2020-02"),
        "Ordinary law throughout: the rise of 2014, the fall of 2017, the rise and crackdown of 2019.",
    ),
    Regime(
        "expulsions",
        Month.parse("2020-03"),
        Month.parse("2023-05"),
        "Expulsion under the public health order, which ended on 11 May 2023, with many repeat crossings.",
    ),
    Regime(
        "after expulsions",
        Month.parse("2023-06"),
        None,
        "Limits on asylum, appointments, and renewed contention by Mexico.",
    ),
)
SINCE_2020 = Regime(
    "2020 on",
    Month.parse("2020-01"),
    None,
    "The months in which levers moved most: conditional forecasts are scored here.",
)
EVERY = (ALL, *REGIMES, SINCE_2020)
