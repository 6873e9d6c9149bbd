"""The fitted corridor made ready for questions: its case, its figures, and draws of what was learned."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from palanca.core.errors import UsageError
from palanca.data.read import Figures
from palanca.infer import history
from palanca.infer.history import PreparedCase
from palanca.infer.posterior import ASSUMED, AbstractDraws, Posterior
from palanca.model.run import CorridorInputs
from palanca.show.estimate import Inputs
from palanca.spec.schema import Case


@dataclass(frozen=True, eq=False)
class Corridor:
    """What every question is asked of.

    Args:
        setting: The case lined up with the figures.
        fit: Fitted parameters.
        notes: What a reader should know of the fit, such as how many of its checks are red.
        fit_file: File that the fit was read from; nothing where it was made in memory.
    """

    setting: PreparedCase
    fit: AbstractDraws
    notes: tuple[str, ...] = ()
    fit_file: Path | None = None

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

    def assumed(self, draws: int, key: int) -> Inputs:
        """Numbers that no figure narrowed, in the same draws as `free`, for `show.estimate.rests`."""
        if not isinstance(self.fit, Posterior):
            return Inputs((), np.empty((0, draws)))
        chosen = np.flatnonzero(self.fit.contraction > ASSUMED)
        names = self.fit.layout.names()
        return Inputs(tuple(names[place] for place in chosen), self.free(draws, key)[chosen])


def open(
    case: Case,
    fit: AbstractDraws,
    notes: tuple[str, ...] = (),
    fit_file: Path | None = None,
    figures: Figures | None = None,
) -> Corridor:
    """Line a case up with the figures.

    Args:
        case: The case as declared.
        fit: Fitted parameters, from `infer.store.choose`.
        notes: What a reader should know of the fit.
        fit_file: File that the fit was read from.
        figures: The figures in force; the packaged ones if nothing.

    Raises:
        UsageError: The case covers only part of what the figures count.
        SeriesError: A series has no figure in the months of the case.
    """
    fitted_to = fit.fitted_to if isinstance(fit, Posterior) else None
    return Corridor(history.prepare(case, figures, fitted_to), fit, notes, fit_file)


def needed(corridor: Corridor | None, name: str) -> Corridor:
    """The corridor that a question needs.

    Raises:
        UsageError: There is none.
    """
    if corridor is None:
        raise UsageError(
            "no corridor is fitted here",
            where=name,
            expected="only `deal` of a table that declares its own flow",
            way_out="Load a case with a corridor, such as us-mexico.",
        )
    return corridor
