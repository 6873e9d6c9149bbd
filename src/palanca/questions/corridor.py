"""The fitted corridor made ready for questions: its case, its figures, and draws of what was learned."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from palanca.infer import history
from palanca.infer.history import PreparedCase
from palanca.infer.posterior import AbstractDraws
from palanca.model.run import CorridorInputs
from palanca.spec.schema import Case


@dataclass(frozen=True, eq=False)
class Corridor:
    """What every question is asked of.

    Args:
        setting: The case lined up with the packaged figures.
        fit: Fitted parameters.
    """

    setting: PreparedCase
    fit: AbstractDraws

    @property
    def case(self) -> Case:
        """The case as declared."""
        return self.setting.case

    @property
    def inputs(self) -> CorridorInputs:
        """The corridor as numbers."""
        return self.setting.inputs

    def free(self, draws: int, key: int) -> np.ndarray:
        """Free numbers of every draw, (length, draw); a draw depends on the key and its own number alone."""
        return self.fit.draws(key, range(draws))


def open(case: Case, fit: AbstractDraws) -> Corridor:
    """Line a case up with the figures.

    Args:
        case: The case as declared.
        fit: Fitted parameters, from `infer.store.choose`.

    Raises:
        UsageError: The case covers only part of what the figures count.
        SeriesError: A series has no figure in the months of the case.
    """
    return Corridor(history.prepare(case), fit)
