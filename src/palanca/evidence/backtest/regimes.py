"""Stretches of history in which forecasting was a different task, of each case, with dates and the reason for each."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import numpy as np

from palanca.core.clock import Month

TABLE = Path(__file__).with_name("regimes.csv")
CHOSEN_ON = "us-mexico"  # the case on whose figures the form of the forecast was chosen


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


@dataclass(frozen=True)
class Windows:
    """The stretches over which forecasts of one case are scored.

    Args:
        outcomes: Every start once more, with outcomes to some month only; none for most cases.
        regimes: Stretches that share no start.
        conditional: Stretches over which forecasts told of the months ahead are scored; the main one first.
    """

    outcomes: tuple[Regime, ...]
    regimes: tuple[Regime, ...]
    conditional: tuple[Regime, ...]

    @property
    def plain(self) -> tuple[Regime, ...]:
        """Those of forecasts that are told nothing."""
        return (ALL, *self.outcomes, *self.regimes)

    @property
    def every(self) -> tuple[Regime, ...]:
        """All of them."""
        return (*self.plain, *self.conditional)


def looked_at(case: str) -> dict[str, int]:
    """How many candidates for the form of the forecast were tried on the figures of a case, by kind; none for most.

    Args:
        case: Name of the case.
    """
    return {"structures": 300, "scored rows": 445} if case == CHOSEN_ON else {}


@cache
def of(case: str) -> Windows:
    """The stretches of a case; one that names none is scored over every start alone.

    Args:
        case: Name of the case.
    """
    with TABLE.open(encoding="utf-8", newline="") as table:
        rows = [row for row in csv.DictReader(table) if row["case"] == case]
    outcomes, named, conditional = (
        tuple(_regime(row) for row in rows if row["set"] == kind) for kind in ("outcomes", "regime", "conditional")
    )
    return Windows(outcomes, named, conditional or (replace(ALL, name="every start"),))


def _regime(row: dict[str, str]) -> Regime:
    last, outcomes = (Month.parse(row[name]) if row[name] else None for name in ("last", "outcomes"))
    return Regime(row["name"], Month.parse(row["first"]), last, row["why"], outcomes)
