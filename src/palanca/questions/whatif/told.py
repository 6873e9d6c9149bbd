"""The worlds of a what-if over the months it is told of: levels, changes, and what they rest on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from palanca.core.clock import Span
from palanca.questions import outcomes
from palanca.questions.whatif.public import Public
from palanca.questions.whatif.run import Answered
from palanca.show import estimate, number
from palanca.show.estimate import Estimate, Inputs


@dataclass(frozen=True, eq=False)
class WhatIf:
    """The worlds of a what-if over the months it is told of.

    Args:
        found: The worlds.
        window: Months told.
        public: Attention of the public by world; empty where no politics are fitted.
        names: What each code of an origin, group or sector stands for.
        inputs: Assumed inputs of the same draws.
    """

    found: Answered
    window: Span
    public: dict[str, Public]
    names: dict[str, str]
    inputs: Inputs

    @property
    def rows(self) -> slice:
        """Places of the months told among those kept."""
        return self.found.rows(self.window.first, self.window.last)

    @property
    def span(self) -> str:
        """The months told, in words."""
        return number.span_name(str(self.window.first), str(self.window.last))

    def change(self, world: str, outcome: str) -> np.ndarray:
        """Change of an outcome over the months told, ( ..., draw): a sum of flows, a mean of stocks."""
        return self._over(self.found.effect(world, outcome), outcome)

    def level(self, world: str, outcome: str) -> np.ndarray:
        """An outcome of a world over the months told, ( ..., draw)."""
        return self._over(self.found.of(world, outcome), outcome)

    def estimate(self, world: str, outcome: str, unit: str = "") -> Estimate:
        """Change of an outcome over the months told, with its basis."""
        least = outcomes.OUTCOMES[outcome.partition(" by ")[0]].least(self.found.case)
        return estimate.rests(self.change(world, outcome), self.inputs, unit or self.unit(outcome), least=least)

    def unit(self, outcome: str) -> str:
        """Unit of a sum over months, or of a mean."""
        one = outcomes.OUTCOMES[outcome.partition(" by ")[0]]
        return one.unit if one.stock else one.unit.removesuffix(" / month")

    def _over(self, values: np.ndarray, outcome: str) -> np.ndarray:
        told = values[self.rows]
        stock = outcomes.OUTCOMES[outcome.partition(" by ")[0]].stock
        return np.asarray(told.mean(axis=0) if stock else told.sum(axis=0))
