"""What many facts share: the corridor, one replayed history, politics, and bargaining tables made ready once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from palanca.core.clock import Month
from palanca.evidence.facts.reading import NEEDED
from palanca.infer import history
from palanca.infer import politics as public
from palanca.infer.politics import Politics
from palanca.model import build, ensemble
from palanca.model.world import Shocks
from palanca.questions import outcomes
from palanca.questions.bargaining import prepared
from palanca.questions.bargaining.prepared import PreparedBargain
from palanca.questions.corridor import Corridor
from palanca.questions.relief import facts as relief_facts
from palanca.questions.relief import play as playing
from palanca.questions.relief.facts import Study
from palanca.spec import edit
from palanca.spec.bargain_spec import load_bargain
from palanca.spec.edit import Change
from palanca.spec.relief import load_relief

RELIEF_DRAWS = 400  # as `palanca snapback` has them: beliefs of a game, not draws of the corridor
RELIEF_MONTHS = 12
Kept = Mapping[str, np.ndarray]


@dataclass(frozen=True, eq=False)
class FactWorld:
    """One world as run.

    Args:
        fields: What it left behind, month first and draw last.
        places: Lawful places by parole that it declares, (month) [people / month].
    """

    fields: Kept
    places: np.ndarray


@dataclass(frozen=True, eq=False)
class Bench:
    """A fitted corridor on which facts are tried; what one fact has run, another finds there.

    Args:
        corridor: Case, figures and fit.
        draws: How many draws of the posterior.
        key: Same key, same draws.
    """

    corridor: Corridor
    draws: int
    key: int
    _worlds: dict[tuple[Change, ...], FactWorld] = field(default_factory=dict)
    _tables: dict[tuple[Month, ...], PreparedBargain] = field(default_factory=dict)

    def world(self, changes: Sequence[Change]) -> FactWorld:
        """History under changes, with its own surprises; as recorded without any.

        Raises:
            ChangeError: A change names nothing, fits nothing, or alters nothing.
        """
        wanted = tuple(changes)
        if wanted not in self._worlds:
            self._worlds[wanted] = self._run(wanted)
        return self._worlds[wanted]

    def table(self, months: Sequence[Month]) -> PreparedBargain:
        """The shipped bargaining table of the case, made ready for some months."""
        wanted = tuple(months)
        if wanted not in self._tables:
            given = self.corridor.setting, self.corridor.fit
            talks = load_bargain(self.corridor.case.case)
            self._tables[wanted] = prepared.prepare(talks, wanted, corridor=given, draws=self.draws, key=self.key)
        return self._tables[wanted]

    def seated(self, table: str | None, month: Month | None) -> PreparedBargain:
        """A bargaining table made ready for a month: the case's, or a shipped one whose flow is declared.

        Raises:
            CaseFileError: There is no such table.
        """
        if table is None:
            assert month is not None  # the caller has seen to it
            ready = [one for months, one in self._tables.items() if month in months]
            return ready[0] if ready else self.table([month])
        return prepared.prepare(load_bargain(table), [], corridor=None, draws=self.draws, key=self.key)

    @cached_property
    def politics(self) -> Politics:
        """The fitted politics of the case."""
        return public.fitted(self.corridor.case.case)

    @cached_property
    def relief(self) -> Study:
        """The game of relief on conditions, in its own draws of what is believed."""
        wanted = load_relief(self.corridor.case.case)
        return relief_facts.study(playing.prepare(wanted, RELIEF_MONTHS, RELIEF_DRAWS, self.key))

    @cached_property
    def values(self) -> dict[str, np.ndarray]:
        """Parameters by name, draw last."""
        chunks = [{name: np.asarray(part) for name, part in values.items()} for values, _ in self._solved]
        return {name: np.concatenate([one[name] for one in chunks], axis=-1)[..., : self.draws] for name in chunks[0]}

    @cached_property
    def _solved(self) -> list[tuple[ensemble.Values, Shocks]]:
        """Parameters and surprises of every chunk of draws."""
        free, layout = self.corridor.free(self.draws, self.key), self.corridor.fit.layout
        chunks = []
        for first in range(0, self.draws, ensemble.CHUNK):
            values = ensemble.constrained_chunk(ensemble.padded(free, first), layout.entries)
            chunks.append((values, ensemble.solved_chunk(self.corridor.inputs, values)))
        return chunks

    def _run(self, changes: tuple[Change, ...]) -> FactWorld:
        case, inputs = self.corridor.case, self.corridor.inputs
        changed = edit.apply(case, changes) if changes else case
        levers = build.levers(changed) if changes else inputs.levers
        held = history.overrides(case, changed) if changes else {}
        blocks = []
        for values, shocks in self._solved:
            moved = values | {name: np.full_like(values[name], number) for name, number in held.items()}
            seen = ensemble.projected_chunk(inputs, levers, shocks, moved, NEEDED)
            blocks.append({name: np.asarray(part) for name, part in seen.items()})
        joined = {name: np.concatenate([one[name] for one in blocks], axis=-1)[..., : self.draws] for name in NEEDED}
        return FactWorld(joined, outcomes.places(changed))
