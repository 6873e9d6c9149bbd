"""A change shared out, with what is set beside it, and its parts as estimates."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from palanca.questions import outcomes
from palanca.questions.why.claims import SourcedClaim
from palanca.questions.why.differences import Differences
from palanca.questions.why.doubts import SIGNED
from palanca.questions.why.shares import Why
from palanca.show import estimate, number
from palanca.show.estimate import Estimate, Inputs

HARM = {"deaths": "deaths on the way", "held": "people on hold"}


@dataclass(frozen=True, eq=False)
class SharedOut:
    """A change shared out, with all that is set beside it.

    Args:
        found: The change and its shares.
        inputs: Assumed inputs of the same draws.
        claims: What sources say of it.
        rival: The same change without the model, for encounters in months that follow each other.
    """

    found: Why
    inputs: Inputs
    claims: tuple[SourcedClaim, ...]
    rival: Differences | None

    @property
    def unit(self) -> str:
        """Unit of an amount."""
        return self.found.asked.outcome.unit.removesuffix(" / month")

    @property
    def span(self) -> str:
        """The two months in words."""
        first, last = (number.month_name(str(month)) for month in self.found.months)
        return f"{first} to {last}"

    @property
    def what(self) -> str:
        """What changed, in words."""
        return what(self.found)

    @property
    def noun(self) -> str:
        """Which way it went."""
        return "fall" if float(np.mean(self.found.change)) < 0.0 else "rise"

    def amount(self, parts: Iterable[str]) -> Estimate:
        """What some parts made together [unit of the outcome]."""
        return self._estimate(parts, 1.0, self.unit)

    def percent(self, parts: Iterable[str]) -> Estimate:
        """The same as a share of the change [percent]."""
        return self._estimate(parts, 100.0 / self.found.change, "percent")

    def _estimate(self, parts: Iterable[str], scale: float | np.ndarray, unit: str) -> Estimate:
        names = list(parts)
        draws = np.sum([self.found.people[name] for name in names], axis=0) * scale
        signed = all(name in self.found.doubts and name in SIGNED for name in names)
        return estimate.rests(draws, self.inputs, unit, sign_assumed=signed)


def what(found: Why) -> str:
    """The outcome of a change in words, with the part of it that was asked for."""
    part = found.asked.part
    named = outcomes.names(found.case).get(part, part)
    return found.asked.outcome.what + (f" ({named})" if part else "")


def own_shocks(draws: np.ndarray) -> Estimate:
    """What an origin's own shocks make of its encounters."""
    return estimate.of(draws, "events / month")


def of_rival(rival: Differences, name: str) -> Estimate:
    """A part of the rival's as a share of the change [percent]; its interval where it has one."""
    scale = 100.0 / rival.seen
    middle = rival.parts[name] * scale
    low, high = sorted((rival.low[name] * scale, rival.high[name] * scale))
    return (
        Estimate(middle, low, high, "percent")
        if np.isfinite(low)
        else Estimate(middle, middle, middle, "percent", None)
    )


def joined(parts: Sequence[str], word: str = "and") -> str:
    """Parts of a sentence as a list in words."""
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} {word} {parts[-1]}"
