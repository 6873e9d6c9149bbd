"""Judges a fact from the quantities that its probes found: in which share of draws all that it asserts holds."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from palanca.core.errors import UsageError
from palanca.spec.facts_probes import YES
from palanca.spec.facts_schema import Assertion, Fact

PRODUCED, FAILED = 0.9, 0.1
NINETY = 1.6448536269514722  # standard normal quantile of a 90 % interval
LEVELS = (0.05, 0.5, 0.95)
STRICT = ("above", "below")
VERDICTS = (
    "produced", "in between", "not produced", "not expressible", "contradicted by the figures", "cannot be told",
)  # fmt: skip


@dataclass(frozen=True)
class Chance:
    """A share of draws, and how far chance in drawing them may have moved it.

    Args:
        value: Share of draws.
        draws: How many there were; 1 where nothing was drawn.
    """

    value: float
    draws: int

    @property
    def error(self) -> float:
        """Monte Carlo standard error: sqrt(p (1 - p) / n)."""
        return math.sqrt(self.value * (1.0 - self.value) / self.draws)

    @property
    def interval(self) -> tuple[float, float]:
        """90 % interval of the chance, sensible at 0 and 1 too; the chance itself where nothing was drawn.

        Reference:
            Wilson (1927), Journal of the American Statistical Association 22, 209-212.
        """
        n, z = self.draws, NINETY
        if n == 1:
            return self.value, self.value
        middle = (self.value + z * z / (2.0 * n)) / (1.0 + z * z / n)
        half = z / (1.0 + z * z / n) * math.sqrt(self.value * (1.0 - self.value) / n + z * z / (4.0 * n * n))
        return max(middle - half, 0.0), min(middle + half, 1.0)


@dataclass(frozen=True)
class FactNumber:
    """One quantity over draws.

    Args:
        name: Its name.
        what: What it is.
        unit: Its unit.
        low: 5th percentile.
        mid: Median; of a quantity that is yes or no, the share of draws with yes, and no percentiles.
        high: 95th percentile.
        unknown_share: Share of draws without a number.
    """

    name: str
    what: str
    unit: str
    low: float | None
    mid: float | None
    high: float | None
    unknown_share: float


@dataclass(frozen=True)
class Tried:
    """One assertion, tried.

    Args:
        quantity: Of which quantity.
        asserted: In words.
        low: Lower bound, median over draws; None if open.
        high: Upper bound, likewise.
        strict: Whether the bounds themselves lie outside.
        chance: Share of draws in which it holds; all or none where a share of draws is asserted.
        within_share: Share of draws within the bounds.
    """

    quantity: str
    asserted: str
    low: float | None
    high: float | None
    strict: bool
    chance: Chance
    within_share: float


def within(assertion: Assertion, found: Mapping[str, np.ndarray], slack: float) -> np.ndarray:
    """In which draws a quantity lies within its bounds, (draw); a draw without a number never does.

    Args:
        assertion: What must hold.
        found: Quantities by name, each (draw) or of one number.
        slack: Part of its own size by which a bound may be missed [share].
    """
    value = np.asarray(found[assertion.quantity])
    scale = 1.0 if assertion.times is None else np.asarray(found[assertion.times])
    low, high = (np.asarray(bound * scale if math.isfinite(bound) else bound) for bound in edges(assertion))
    low, high = low - slack * _size(low), high + slack * _size(high)
    inside = (value > low) & (value < high) if assertion.bound in STRICT else (value >= low) & (value <= high)
    return np.asarray(inside & np.isfinite(value) & np.isfinite(scale))


def holds(assertion: Assertion, inside: np.ndarray) -> np.ndarray:
    """In which draws an assertion holds, given in which its quantity lies within; all or none for a share of draws."""
    if assertion.in_share_of_draws is None:
        return inside
    return np.array([inside.mean() >= assertion.in_share_of_draws])


def edges(assertion: Assertion) -> tuple[float, float]:
    """Both bounds of an assertion, infinite where open."""
    if assertion.between is not None:
        return assertion.between
    low = assertion.at_least if assertion.at_least is not None else assertion.above
    high = assertion.at_most if assertion.at_most is not None else assertion.below
    return -math.inf if low is None else low, math.inf if high is None else high


def chance(inside: np.ndarray) -> Chance:
    """Share of draws in which something holds."""
    return Chance(float(inside.mean()), int(inside.size))


def together(parts: Sequence[np.ndarray]) -> np.ndarray:
    """In which draws all hold; what is one number holds in all or in none.

    Raises:
        UsageError: Two parts have draws of different kinds, which belong to no common draw.
    """
    sizes = {part.size for part in parts} - {1}
    if len(sizes) > 1:
        raise UsageError(
            "assertions over different draws cannot hold together",
            found=" and ".join(f"{size} draws" for size in sorted(sizes)),
            expected="draws of one kind in one fact",
            way_out="Put them into two facts, or give one `in_share_of_draws`.",
        )
    return np.asarray(np.logical_and.reduce(np.broadcast_arrays(*parts)))


def judged(fact: Fact, found: Mapping[str, np.ndarray]) -> tuple[str, Chance, tuple[Tried, ...]]:
    """The word for a fact, the chance that all of it holds, and that of each of its parts.

    Args:
        fact: The fact, expressible.
        found: Quantities of all its probes by name.
    """
    slack = fact.tolerance.slack if fact.tolerance else 0.0
    inside = [within(assertion, found, slack) for assertion in fact.then]
    each = [holds(assertion, where) for assertion, where in zip(fact.then, inside, strict=True)]
    tried = tuple(_tried(assertion, where, found) for assertion, where in zip(fact.then, inside, strict=True))
    whole = chance(together(each))
    if any(within(one, found, slack).mean() < 0.5 for one in fact.needs):
        return VERDICTS[5], whole, tried
    if any(one.published and where.mean() <= FAILED for one, where in zip(fact.then, inside, strict=True)):
        return VERDICTS[4], whole, tried
    return verdict(whole), whole, tried


def verdict(found: Chance | None) -> str:
    """The word for a chance."""
    if found is None:
        return VERDICTS[3]
    return VERDICTS[0] if found.value >= PRODUCED else VERDICTS[2] if found.value <= FAILED else VERDICTS[1]


def number(name: str, what: str, unit: str, values: np.ndarray) -> FactNumber:
    """A quantity's median and 90 % interval over the draws that have one; of yes and no the share of yes alone."""
    known = values[np.isfinite(values)]
    if unit == YES:
        share = float(known.mean()) if known.size else None
        return FactNumber(name, what, unit, None, share, None, 1.0 - known.size / values.size)
    low, mid, high = np.quantile(known, LEVELS) if known.size else (None, None, None)
    ends = [None if end is None else float(end) for end in (low, mid, high)]
    return FactNumber(name, what, unit, ends[0], ends[1], ends[2], 1.0 - known.size / values.size)


def _size(bound: np.ndarray) -> np.ndarray:
    return np.where(np.isfinite(bound), np.abs(bound), 0.0)


def _tried(assertion: Assertion, inside: np.ndarray, found: Mapping[str, np.ndarray]) -> Tried:
    scale = 1.0 if assertion.times is None else float(np.nanmedian(found[assertion.times]))
    ends = [bound * scale if math.isfinite(bound) else None for bound in edges(assertion)]
    return Tried(
        quantity=assertion.quantity,
        asserted=worded(assertion),
        low=ends[0],
        high=ends[1],
        strict=assertion.bound in STRICT,
        chance=chance(holds(assertion, inside)),
        within_share=float(inside.mean()),
    )


def worded(assertion: Assertion) -> str:
    """An assertion in words."""
    bound = assertion.bound
    if assertion.between is not None:
        said = f"between {assertion.between[0]:g} and {assertion.between[1]:g}"
    else:
        said = f"{bound.replace('_', ' ')} {getattr(assertion, bound):g}"
    said += f" times {assertion.times}" if assertion.times else ""
    share = assertion.in_share_of_draws
    return f"{assertion.quantity} {said}" + (f", in {100 * share:g} % of draws at least" if share else "")
