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
        outcomes: Last month of an outcome that is scored; None for all.
    """

    name: str
    first: Month
    last: Month | None
    why: str
    outcomes: Month | None = None

    def holds(self, starts: Sequence[Month], ahead: int = 0) -> np.ndarray:
        """Which starts lie in it, with their outcome some months ahead, (start)."""
        return np.array([self._holds(one, one + ahead) for one in starts], dtype=bool)

    def _holds(self, start: Month, outcome: Month) -> bool:
        late = self.last is not None and start > self.last
        return start >= self.first and not late and (self.outcomes is None or outcome <= self.outcomes)


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
        Month.parse("2024-12"),
        "Limits on asylum, appointments, and renewed contention by Mexico.",
    ),
    Regime(
        "border closed to asylum",
        Month.parse("2025-01"),
        None,
        "Entry suspended, appointments ended and nobody released, from 20 January 2025.",
    ),
)
TO_2024 = Regime(
    "outcomes to 2024",
    Month.parse("1999-10"),
    None,
    "Every start, scored on outcomes to December 2024: without the fall of 2025, which no past had the like of.",
    Month.parse("2024-12"),
)
SINCE_2020 = Regime(
    "2020 on",
    Month.parse("2020-01"),
    None,
    "The months in which levers moved most: conditional forecasts are scored here.",
)
TO_2021 = Regime(
    "to 2021",
    Month.parse("2014-01"),
    Month.parse("2021-12"),
    "Conditional forecasts once more: when most who set out came from Mexico and its neighbours.",
)
SINCE_2022 = Regime(
    "2022 on",
    Month.parse("2022-01"),
    None,
    "Conditional forecasts once more: when the transit country stopped many from farther away.",
)
CONDITIONAL = (SINCE_2020, TO_2021, SINCE_2022)
EVERY = (ALL, TO_2024, *REGIMES, *CONDITIONAL)
