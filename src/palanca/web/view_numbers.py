"""Numbers of an answer as the page reads them: history, the change and its doubt, by outcome, month and part."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
import xarray as xr

from palanca.api.model import Model
from palanca.core.clock import Month
from palanca.questions.outcomes import OUTCOMES
from palanca.show import estimate
from palanca.show.answer import Answer
from palanca.show.estimate import Basis, Estimate, Inputs
from palanca.spec.schema import Case

HISTORY_DRAWS = 32  # of the levels before a change, where an answer holds no draws of its own
DIGITS = 1e-9  # share of a number below which a difference is how its sums were taken
PUBLISHED = frozenset({"encounters"})  # history's level is the figure itself: the model is solved from it
IN_HISTORY = {"encounters_by_sector": "sectors"}  # what the answer to `run` calls it
FIRST_CHANGED, LATER = 12, 7  # months shown before a change begins and after
DRAW = "draw"


@lru_cache(maxsize=4)
def history(model: Model) -> Answer:
    """What happened, told once for every page: levels of months before a change."""
    return model.run(draws=HISTORY_DRAWS)


@dataclass(frozen=True, eq=False)
class Numbers:
    """Two worlds of an answer: history and the one shown.

    Args:
        answer: Of `whatif`, or of `run` where nothing is changed.
        past: Of `run`, for the months that the answer does not hold.
        case: The case that both are of.
        world: World of the answer that is shown: `changed` or `answered`.
    """

    answer: Answer
    past: Answer
    case: Case
    world: str = "changed"

    @property
    def changed(self) -> bool:
        """Whether anything is otherwise."""
        return self.answer.provenance.question == "whatif"

    @cached_property
    def span(self) -> tuple[Month, Month]:
        """First and last month that can be shown."""
        months = _months(self.past.data)
        return months[0], months[-1]

    @cached_property
    def begins(self) -> Month | None:
        """First month in which anything may differ."""
        if not self.changed:
            return None
        kept = _months(self.answer.data)
        return kept[min(1, len(kept) - 1)]

    @cached_property
    def inputs(self) -> Inputs:
        """Assumed inputs of the same draws."""
        if "assumed" not in self.answer.data:
            return Inputs((), np.zeros((0, self.answer.provenance.draws)))
        held = self.answer.data["assumed"]
        return Inputs(tuple(str(name) for name in held["input"].values), np.asarray(held.values))

    def labels(self, name: str) -> list[str]:
        """Codes of an outcome's parts."""
        if name not in self._labels:
            source = self.answer.data if self.changed else self.past.data
            array = source[name if self.changed else IN_HISTORY.get(name, name)]
            self._labels[name] = [str(code) for code in array[_part(array.dims)].values]
        return self._labels[name]

    def then(self, name: str, month: Month, part: str = "") -> np.ndarray:
        """History's level, (draw)."""
        return self._draws("history", name, month, part)

    def now(self, name: str, month: Month, part: str = "") -> np.ndarray:
        """Level in the world shown, (draw)."""
        return self._draws(self.world, name, month, part)

    def gap(self, name: str, month: Month, part: str = "") -> np.ndarray:
        """Difference from history, (draw); what only the last digits make is none."""
        then = self.then(name, month, part)
        if month not in self._rows or not self.changed:
            return np.zeros_like(then)
        gap = self.now(name, month, part) - then
        return np.where(np.abs(gap) <= DIGITS * np.abs(then), 0.0, gap)

    def level(self, name: str, month: Month, part: str = "") -> float:
        """History's level, median over draws."""
        key = (name, month, part)
        if key not in self._levels:
            self._levels[key] = float(np.median(self.then(name, month, part)))
        return self._levels[key]

    def change(self, name: str, month: Month, part: str = "") -> Estimate:
        """Difference from history with its interval."""
        key = (name, month, part)
        if key not in self._changes:
            unit = OUTCOMES[name.partition("_by_")[0]].unit
            self._changes[key] = estimate.of(self.gap(name, month, part), unit)
        return self._changes[key]

    def rests(self, name: str, month: Month) -> Estimate:
        """The same with its basis and the share of its width that is assumed."""
        outcome = OUTCOMES[name]
        return estimate.rests(self.gap(name, month), self.inputs, outcome.unit, least=outcome.least(self.case))

    def based(self, name: str) -> Basis:
        """What history's level rests on."""
        return Basis.published if name in PUBLISHED else OUTCOMES[name].least(self.case)

    def _draws(self, world: str, name: str, month: Month, part: str) -> np.ndarray:
        held = self._whole if not part else self._parts
        row = self._rows.get(month) if self.changed else None
        values = held("past", name)[month - self.span[0]] if row is None else held(world, name)[row]
        return values if not part else values[self.labels(name).index(part)]

    @cached_property
    def _rows(self) -> dict[Month, int]:
        return {month: row for row, month in enumerate(_months(self.answer.data))}

    @cached_property
    def _labels(self) -> dict[str, list[str]]:
        return {}

    @cached_property
    def _levels(self) -> dict[tuple[str, Month, str], float]:
        return {}

    @cached_property
    def _changes(self) -> dict[tuple[str, Month, str], Estimate]:
        return {}

    @cached_property
    def _kept(self) -> dict[tuple[str, str, str], np.ndarray]:
        return {}

    def _whole(self, world: str, name: str) -> np.ndarray:
        """(month, draw)."""
        key = (world, name, "whole")
        if key not in self._kept:
            dims, values = self._array(world, name)
            self._kept[key] = values.sum(axis=tuple(range(1, len(dims) - 1)))
        return self._kept[key]

    def _parts(self, world: str, name: str) -> np.ndarray:
        """(month, part, draw)."""
        key = (world, name, "parts")
        if key not in self._kept:
            dims, values = self._array(world, name)
            others = [place for place, dim in enumerate(dims) if dim not in ("month", _part(dims), DRAW)]
            self._kept[key] = values.sum(axis=tuple(others))
        return self._kept[key]

    def _array(self, world: str, name: str) -> tuple[tuple[str, ...], np.ndarray]:
        """Axes and numbers of one world, month first and draw last."""
        if world == "past":
            held = self.past.data[IN_HISTORY.get(name, name)].variable
            return tuple(str(dim) for dim in held.dims), np.asarray(held.values)
        held = self.answer.data[name].variable
        place = [str(one) for one in self.answer.data["world"].values].index(world)
        return tuple(str(dim) for dim in held.dims[1:]), np.asarray(held.values)[place]


def _months(data: xr.Dataset) -> list[Month]:
    return [Month.parse(str(label)) for label in data["month"].values.astype("datetime64[M]")]


def _part(dims: Iterable[Hashable]) -> str:
    return next(str(dim) for dim in dims if dim in ("origin", "place", "sector", "group"))
