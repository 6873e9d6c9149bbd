"""What is believed of a number: exact, or spread about a middle by a law that keeps it where it can be."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import exp, log, sqrt
from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from palanca.spec.faults import Kind
from palanca.spec.schema import Strict

Family = Literal["normal", "lognormal", "logitnormal"]
# Standard normal deviations from the middle to the ends of a 90 % range.
NINETY = 1.6448536269514722
MISPLACED = "a number out of place"
# The ways in which a number can be written, by their keys.
WAYS = ({"exact"}, {"value"}, {"value", "log_sd"}, {"value", "sd"}, {"low", "high"})


@dataclass(frozen=True)
class Domain:
    """Where a number can lie, and what follows for what can be believed of it.

    Attributes:
        words: The domain as a reader writes it.
        holds: Whether a number lies in it.
        family: Law of a belief about its middle: of logs, of log odds; empty where only an exact number will do.
        free: Whether any sign will do, so that a normal law has a place.
    """

    words: str
    holds: Callable[[float], bool]
    family: Literal["lognormal", "logitnormal", ""] = "lognormal"
    free: bool = False


DOMAINS = {
    "any": Domain("any number", lambda x: True, free=True),
    "not_negative": Domain("0 or more", lambda x: x >= 0.0),
    "positive": Domain("above 0", lambda x: x > 0.0),
    "chance": Domain("a chance from 0 to 1", lambda x: 0.0 <= x <= 1.0, "logitnormal"),
    "inner_chance": Domain("above 0 and below 1", lambda x: 0.0 < x < 1.0, "logitnormal"),
    "share": Domain("above 0, and 1 at most", lambda x: 0.0 < x <= 1.0, "logitnormal"),
    "one_or_more": Domain("1 or more, and exact", lambda x: x >= 1.0, ""),
}


@dataclass(frozen=True)
class Belief:
    """The law of one uncertain number.

    Attributes:
        family: Law of the number itself, of its size with the sign kept, or of its log odds.
        value: The middle, with half of the belief on each side [unit of the number].
        spread: Standard deviation: of the number, of its log, or of its log odds.
        source: Keys of the sources of the entry that it belongs to.
    """

    family: Family
    value: float
    spread: float
    source: tuple[str, ...] = ()

    def at(self, deviations: float) -> float:
        """The number so many standard deviations above the middle; below 0 a lognormal grows in size."""
        if self.family == "normal":
            return self.value + self.spread * deviations
        if self.family == "lognormal":
            return self.value * exp(self.spread * deviations)
        odds = self.value / (1.0 - self.value) * exp(self.spread * deviations)
        return odds / (1.0 + odds)


def _number(value: object) -> object:
    """Let a plain number stand for an exact one."""
    return {"exact": value} if isinstance(value, int | float) and not isinstance(value, bool) else value


class Number(Strict):
    """A number as it is written: exact, about a middle, or within a range.

    Args:
        exact: The number itself; a plain number means the same.
        value: The middle; alone it has the file's own spread.
        log_sd: Spread of the log of its size, or of the log odds of a chance.
        sd: Spread of the number itself; only where any sign will do.
        low: Lower end of a range that holds it in 9 cases of 10.
        high: Upper end of that range.
    """

    exact: float | None = None
    value: float | None = None
    log_sd: float | None = Field(default=None, gt=0)
    sd: float | None = Field(default=None, gt=0)
    low: float | None = None
    high: float | None = None

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        given = {name for name in type(self).model_fields if getattr(self, name) is not None}
        if given not in WAYS:
            ways = " or ".join(
                "`" + ", ".join(sorted(way, key=list(type(self).model_fields).index)) + "`" for way in WAYS
            )
            context = {"found": ", ".join(sorted(given)) or "no numbers", "expected": f"a number, or {ways}"}
            raise PydanticCustomError(Kind.WRONG_PRIOR.value, "a number cannot be written so", context)
        if self.low is not None and self.high is not None and not self.low < self.high:
            context = {"found": f"{self.low:g} to {self.high:g}", "expected": "`low` below `high`"}
            raise PydanticCustomError(Kind.WRONG_PRIOR.value, "the range is reversed", context)
        return self

    @property
    def ends(self) -> tuple[float, ...]:
        """The numbers written that must lie in the domain."""
        return tuple(x for x in (self.exact, self.value, self.low, self.high) if x is not None)

    def fault(self, domain: Domain) -> tuple[str, str]:
        """What is wrong with the number here and what was expected; two empty texts if nothing is."""
        if not all(domain.holds(x) for x in self.ends):
            return MISPLACED, domain.words
        if self.exact is not None:
            return "", ""
        wrong = {
            "a number that is not exact": (not domain.family, domain.words),
            "a normal law would leave the domain": (
                self.sd is not None and not domain.free,
                f"`log_sd`; {domain.words}",
            ),
            "a chance that is certain": (
                domain.family == "logitnormal" and not all(0.0 < x < 1.0 for x in self.ends),
                "above 0 and below 1, or an exact number",
            ),
            "a size of 0 has no log": (
                self.sd is None and (self.value == 0.0 or (not domain.free and 0.0 in self.ends)),
                "another middle, or an exact 0",
            ),
        }
        return next(((what, expected) for what, (is_so, expected) in wrong.items() if is_so), ("", ""))

    def belief(self, domain: Domain, log_sd: float, source: tuple[str, ...] = ()) -> Belief | None:
        """What is believed; nothing is to be believed of an exact number.

        Args:
            domain: Where it can lie; a number with a fault there has no belief.
            log_sd: Spread of a middle that has none of its own.
            source: Keys of the sources of its entry.
        """
        if self.exact is not None:
            return None
        logit = domain.family == "logitnormal"
        family: Family = "logitnormal" if logit else "lognormal"
        if self.value is not None:
            return Belief("normal", self.value, self.sd, source) if self.sd else Belief(
                family, self.value, self.log_sd or log_sd, source
            )  # fmt: skip
        low, high = float(self.low or 0.0), float(self.high or 0.0)
        if logit:
            ends = [log(x / (1.0 - x)) for x in (low, high)]
            return Belief(family, 1.0 / (1.0 + exp(-sum(ends) / 2.0)), (ends[1] - ends[0]) / (2.0 * NINETY), source)
        if low * high > 0.0:
            middle = sqrt(low * high) * (1.0 if low > 0.0 else -1.0)
            return Belief(family, middle, abs(log(high / low)) / (2.0 * NINETY), source)
        return Belief("normal", (low + high) / 2.0, (high - low) / (2.0 * NINETY), source)

    def middle(self, domain: Domain) -> float:
        """The exact number, or the middle of what is believed."""
        if self.exact is not None:
            return self.exact
        belief = self.belief(domain, 1.0)
        return 0.0 if belief is None else belief.value


Uncertain = Annotated[Number, BeforeValidator(_number)]
