"""How governments answer in another world: what follows an encounter by practice, effort by the deals they strike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.special import ndtr

from palanca.core.clock import Month
from palanca.infer.politics_attention import ELECTIONS
from palanca.kernel.keys import normals
from palanca.politics.clock import months_to_next
from palanca.questions.ledger import rules
from palanca.questions.ledger.rules import CLOCK, QUARTER, Rules

LEARNED = 1_000  # draws of the rules, of which each history takes its own, however many there are


@dataclass(frozen=True, eq=False)
class Deals:
    """Deals that governments strike as their ledger says they did in the like.

    Args:
        rules: Rules of `LEARNED` draws.
        near: How near the next election is, as held (month) [1 in its month].
        shifted: The same in the other world.
        key: Key of the noise that both worlds share.
    """

    rules: Rules
    near: np.ndarray
    shifted: np.ndarray
    key: int

    def noise(self, draws: Sequence[int], months: int) -> np.ndarray:
        """What decides in both worlds whether a chance comes true, (month, draw) [0 to 1]."""
        return np.asarray(ndtr(normals(self.key, "whatif/deals", draws, (months,))))

    def push(
        self, attention: np.ndarray, base: np.ndarray, draws: Sequence[int], noise: np.ndarray, power: np.ndarray
    ) -> np.ndarray:
        """What deals add to the log of delivered effort beyond history's, (month, draw) [log points].

        Args:
            attention: Log of last month's encounters over usual, (month, draw).
            base: The same in history.
            draws: Numbers of the draws.
            noise: From `noise`.
            power: With which declared enforcement carries, (draw); equation F4b of docs/model.md.
        """
        now, then = (replace(self._of(draws), near=near[:, None]) for near in (self.shifted, self.near))
        return np.asarray(power * (rules.lifted(now, attention, noise) - rules.lifted(then, base, noise)))

    def chance(self, attention: np.ndarray, draws: Sequence[int], *, shifted: bool) -> np.ndarray:
        """Chance of a deal in each month, (month, draw)."""
        near = self.shifted if shifted else self.near
        quarterly = replace(self._of(draws), near=near[:, None]).chance("deal", attention)
        return np.asarray(1.0 - (1.0 - quarterly) ** (1.0 / QUARTER))

    def _of(self, draws: Sequence[int]) -> Rules:
        chosen = np.asarray(draws) % self.rules.draws
        return self.rules.some(chosen)


def nearness(months: Sequence[Month], shifts: Mapping[Month, Month]) -> np.ndarray:
    """How near the destination's next election is, (month) [1 in its month, towards 0 far from one].

    Args:
        months: Months.
        shifts: Elections held in another month, by the month in which they were held.
    """
    held = np.array([shifts.get(one, one).index for one in ELECTIONS])
    ahead = months_to_next(np.array([one.index for one in months]), held)
    return np.asarray(np.exp(-np.asarray(ahead) / CLOCK))
