"""What if governments had bargained otherwise: one arrow of the system off, or one issue never on the table."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from palanca.core.clock import Month
from palanca.questions.bargaining import prepared
from palanca.questions.bargaining import run as bargaining
from palanca.questions.bargaining.mechanisms import ASKS, check
from palanca.questions.bargaining.run import ALL_ON, BargainingRun
from palanca.questions.corridor import Corridor
from palanca.spec.bargain_spec import BargainSpec

Tell = Callable[[str], None]


@dataclass(frozen=True, eq=False)
class Bargained:
    """Governments that bargain, and the same otherwise, from the same surprises and beliefs.

    Args:
        asked: The question in words.
        base: With every mechanism on and every issue on the table when it was.
        other: Otherwise.
    """

    asked: str
    base: BargainingRun
    other: BargainingRun

    def change(self, outcome: str) -> np.ndarray:
        """Otherwise less base: encounters and deaths summed over months, people on hold their mean, (draw).

        Args:
            outcome: `encounters`, `deaths` or `held`.
        """
        gap = np.asarray(getattr(self.other, outcome)) - np.asarray(getattr(self.base, outcome))
        return np.asarray(gap.mean(axis=0) if outcome == "held" else gap.sum(axis=0))

    def effort(self) -> np.ndarray:
        """Change of mean enforcement, (draw) [multiples of routine control]."""
        return np.asarray((self.other.effort - self.base.effort).mean(axis=0))

    def deals(self) -> np.ndarray:
        """Change of the number of deals, (draw)."""
        return np.asarray(self.other.struck.sum(axis=0) - self.base.struck.sum(axis=0))

    def package(self, issue: str) -> np.ndarray:
        """Change of what was in force of an issue, mean over quarters, (draw) [unit of issue]."""
        at = self.base.issues.index(issue)
        return np.asarray((self.other.packages - self.base.packages)[:, :, at].mean(axis=0))


def ask(
    corridor: Corridor,
    talks: BargainSpec,
    span: tuple[Month, Month],
    given: tuple[Sequence[str], Sequence[str]],
    *,
    draws: int = 32,
    key: int = 1,
    tell: Tell | None = None,
) -> Bargained:
    """Let governments bargain from a month on, and once more with mechanisms off or issues never on the table.

    Args:
        corridor: The fitted corridor.
        talks: The bargaining table.
        span: First and last month played.
        given: Mechanisms that are off (keys of `ASKS`), and issues that are never on the table.
        draws: How many draws.
        key: Same key, same draws.
        tell: Called with what is being done.

    Raises:
        UsageError: A mechanism or issue is not there, or the months hold no quarter.
    """
    off, without = given
    check(talks, off, without)
    bargaining.check(corridor.setting, span)
    lesser = talks
    for issue in without:
        lesser = lesser.without(issue)
    worlds = []
    for name, declared, on in (("as they did", talks, ALL_ON), ("otherwise", lesser, ALL_ON - set(off))):
        if tell is not None:
            tell(f"governments bargain {name}")
        ready = prepared.prepare(declared, [span[0]], corridor=(corridor.setting, corridor.fit), draws=draws, key=key)
        worlds.append(bargaining.run(corridor.setting, corridor.fit, ready, span, key=key, on=on))
    parts = [ASKS[name] for name in off]
    parts += [f"{name.replace('_', ' ')} had never been on the table" for name in without]
    return Bargained(f"What if {', and '.join(parts)}?", *worlds)
