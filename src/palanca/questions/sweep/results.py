"""What a sweep found: whole arrays, or block by block so that memory stays flat."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from palanca.core.errors import UsageError
from palanca.core.wording import nearest
from palanca.questions.sweep.plan import SweepPlan, versions
from palanca.questions.sweep.shelf import AbstractShelf


@dataclass(frozen=True, eq=False)
class Results:
    """The blocks of every job of a sweep.

    Args:
        plan: What was to be done.
        shelf: Where the blocks are.
    """

    plan: SweepPlan
    shelf: AbstractShelf

    @property
    def names(self) -> tuple[str, ...]:
        """What can be read."""
        return self.shelf.names()

    @property
    def provenance(self) -> dict[str, str]:
        """What another person needs to get the same bits: the plan's marks, and versions."""
        return {"sweep": self.plan.name, "jobs": str(self.plan.jobs), **self.plan.marks, "versions": versions()}

    def read(self, name: str) -> np.ndarray:
        """All jobs' blocks of a name joined on the last axis, padding left out.

        Raises:
            UsageError: There is no such name; says the nearest.
            StoreError: A chunk on disk was damaged after the sweep.
        """
        return self.shelf.whole(self._known(name))

    def each(self, name: str) -> Iterator[np.ndarray]:
        """The same one job at a time and in order, so that no more than one block need be in memory.

        Raises:
            UsageError: There is no such name; says the nearest.
            StoreError: A chunk on disk was damaged after the sweep.
        """
        known = self._known(name)
        return (self.shelf.block(known, job) for job in range(self.plan.jobs))

    def _known(self, name: str) -> str:
        if name in self.names:
            return name
        hint = nearest(name, self.names)
        raise UsageError(
            "the sweep kept no such quantity",
            where=self.plan.name,
            found=name,
            expected=", ".join(self.names),
            way_out=f"Did you mean {hint!r}?" if hint else "",
        )
