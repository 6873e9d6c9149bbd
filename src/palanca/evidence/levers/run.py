"""Runs the same months without each lever in turn, every surprise of history kept and governments as recorded."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import jax
import jax.numpy as jnp
import numpy as np

from palanca.evidence.levers.scope import LeverScope
from palanca.model import build, ensemble
from palanca.model.attention import Reaction
from palanca.policy.follow import STAGES
from palanca.policy.levers import LeverLevels
from palanca.questions import outcomes
from palanca.questions.corridor import Corridor
from palanca.questions.options import RunOptions
from palanca.questions.whatif import worlds
from palanca.questions.whatif.worlds import WorldChange
from palanca.spec.schema import Case

KEPT = ("encounters", "stops", "held", "deaths", "let_in")
DIGITS = 1e-9  # a change smaller than this share of a number is treated as zero


@dataclass(frozen=True, eq=False)
class LeverEffects:
    """The months as recorded, and without each lever.

    Args:
        scope: What is taken away.
        recorded: Each of `KEPT` as recorded, mean over the months, (draw).
        without: By what is taken away, a lever or all of a government's, the same without it.
        at_rest: Levers in force that are set to nothing there.
    """

    scope: LeverScope
    recorded: dict[str, np.ndarray]
    without: dict[str, dict[str, np.ndarray]]
    at_rest: tuple[str, ...]

    def change(self, what: str, outcome: str) -> np.ndarray:
        """An outcome without a lever less the same as recorded, (draw)."""
        then = self.recorded[outcome]
        gap = self.without[what][outcome] - then
        return np.where(np.abs(gap) <= DIGITS * np.abs(then), 0.0, gap)


def run(corridor: Corridor, scope: LeverScope, options: RunOptions) -> LeverEffects:
    """Take away every lever in force in turn, and all of each government's that holds several.

    Args:
        corridor: The fitted corridor.
        scope: From `scope.read`.
        options: Draws, key, who hears how far the work has come.
    """
    case, inputs = corridor.case, corridor.inputs
    place = case.span.span.position(scope.month)
    rows = slice(place, place + scope.months)
    others = {name: _without(case, {name}) for name in scope.levers}
    at_rest = tuple(name for name, levers in others.items() if _same(levers, inputs.levers, rows))
    others = {name: levers for name, levers in others.items() if name not in at_rest}
    others |= {holder: _without(case, names) for holder, names in together(case, tuple(others)).items()}
    free = corridor.free(options.draws, options.key)
    blocks: dict[str, list[dict[str, np.ndarray]]] = {"": [], **{name: [] for name in others}}
    for begin in range(0, options.draws, ensemble.CHUNK):
        drawn = np.minimum(np.arange(begin, begin + ensemble.CHUNK), options.draws - 1)
        past = worlds.past_of(inputs, corridor.fit.layout.entries, free[:, drawn])
        width = min(ensemble.CHUNK, options.draws - begin)
        nobody = Reaction(jnp.zeros((len(STAGES), len(drawn))), jnp.zeros(len(drawn)))
        for name, levers in {"": inputs.levers, **others}.items():
            none = jnp.zeros_like(past.shocks.effort)
            turn = WorldChange(levers, nobody, none, worlds.stretch(place, rows.stop))
            found = worlds.run(inputs, past, turn)
            blocks[name].append({one: np.asarray(found.numbers[one])[rows, :width].mean(axis=0) for one in KEPT})
        if options.progress is not None:
            options.progress(min(begin + ensemble.CHUNK, options.draws), options.draws)
    joined = {
        name: {one: np.concatenate([block[one] for block in parts]) for one in KEPT} for name, parts in blocks.items()
    }
    return LeverEffects(scope, joined.pop(""), joined, at_rest)


def together(case: Case, levers: Collection[str]) -> dict[str, list[str]]:
    """Levers of each government that holds two or more of those given, by its code."""
    found: dict[str, list[str]] = {}
    for name in levers:
        found.setdefault(case.levers[name].holder, []).append(name)
    return {holder: names for holder, names in found.items() if len(names) > 1}


def unit(outcome: str) -> str:
    """Unit of the mean over months of an outcome."""
    return outcomes.OUTCOMES[outcome].unit


def _without(case: Case, names: Collection[str]) -> LeverLevels:
    record = tuple(entry for entry in case.record if entry.lever not in names)
    return build.levers(case.model_copy(update={"record": record}))


def _same(one: LeverLevels, other: LeverLevels, rows: slice) -> bool:
    pairs = zip(jax.tree.leaves(one), jax.tree.leaves(other), strict=True)
    return all(np.array_equal(np.asarray(a)[rows], np.asarray(b)[rows]) for a, b in pairs)
