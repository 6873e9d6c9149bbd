"""The one record of an uncertain number, and the ways in which a declared file can write one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from math import erf, exp, inf, log, sqrt
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, PrivateAttr, model_validator
from pydantic_core import PydanticCustomError

from palanca.spec.declared import Draft
from palanca.spec.faults import Fault, FaultKind, Place
from palanca.spec.schema import Names, Strict, Text

Family = Literal["fixed", "normal", "lognormal", "logitnormal", "uniform", "beta", "halfnormal"]
Basis = Literal["assumed", "literature", "figures", "known"]
# Standard normal deviations from the middle to the ends of a 90 % range.
NINETY = 1.6448536269514722
MISPLACED = "a number out of place"
# The ways in which a number can be written, by their keys.
WAYS = ({"exact"}, {"value"}, {"value", "log_sd"}, {"value", "sd"}, {"low", "high"}, {"least", "most"})


@dataclass(frozen=True)
class Uncertain:
    """One number of a declared file: known exactly, or spread by a law.

    Attributes:
        family: `fixed`, or the family of the law.
        p1: The number; its mean, median or least value; or the first number of the family [`unit`].
        p2: Standard deviation of the number, of its log or of its log odds; its greatest value; or the second number.
        unit: Unit, where the entry has one of its own.
        dims: Axes along which it varies; none for one number.
        low: Lower bound of the number.
        high: Upper bound.
        basis: What it rests on, where the entry says so.
        source: Keys of the documents it rests on.
        note: Why this number.
    """

    family: str
    p1: float
    p2: float | None = None
    unit: str = ""
    dims: tuple[str, ...] = ()
    low: float = -inf
    high: float = inf
    basis: str = ""
    source: tuple[str, ...] = ()
    note: str = ""

    @property
    def middle(self) -> float:
        """The number, or that with half of what is believed on each side; of a family without one, its first number."""
        return (self.p1 + (self.p2 or 0.0)) / 2.0 if self.family == "uniform" else self.p1

    def at(self, deviations: float) -> float:
        """The number so many standard deviations above the middle; below 0 a lognormal grows in size.

        Only for laws that a standard normal deviation carries over: not for `beta` and `halfnormal`.
        """
        spread = self.p2 or 0.0
        if self.family == "uniform":
            return self.p1 + (spread - self.p1) * (1.0 + erf(deviations / sqrt(2.0))) / 2.0
        if self.family == "lognormal":
            return self.p1 * exp(spread * deviations)
        if self.family == "logitnormal":
            odds = self.p1 / (1.0 - self.p1) * exp(spread * deviations)
            return odds / (1.0 + odds)
        return self.p1 + spread * deviations


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
        least: Lower end of a range within which it is as likely to lie here as there.
        most: Upper end of that range.
        basis: What it rests on.
        source: Keys of `sources`; by default those of its entry.
        note: Why this number.
    """

    exact: float | None = None
    value: float | None = None
    log_sd: float | None = Field(default=None, gt=0)
    sd: float | None = Field(default=None, gt=0)
    low: float | None = None
    high: float | None = None
    least: float | None = None
    most: float | None = None
    basis: Basis = "assumed"
    source: Names | None = None
    note: Text | None = None
    _domain: str = PrivateAttr("any")

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        given = {name for name in NUMBERS if getattr(self, name) is not None}
        if given not in WAYS:
            ways = " or ".join("`" + ", ".join(sorted(way, key=NUMBERS.index)) + "`" for way in WAYS)
            context = {"found": ", ".join(sorted(given)) or "no numbers", "expected": f"a number, or {ways}"}
            raise PydanticCustomError(FaultKind.WRONG_PRIOR.value, "a number cannot be written so", context)
        for low, high, words in (
            (self.low, self.high, "`low` below `high`"),
            (self.least, self.most, "`least` below `most`"),
        ):
            if low is not None and high is not None and not low < high:
                context = {"found": f"{low:g} to {high:g}", "expected": words}
                raise PydanticCustomError(FaultKind.WRONG_PRIOR.value, "the range is reversed", context)
        return self

    @property
    def domain(self) -> Domain:
        """Where it can lie, as its place in the format says."""
        return DOMAINS[self._domain]

    @property
    def ends(self) -> tuple[float, ...]:
        """The numbers written that must lie in the domain."""
        return tuple(
            x for x in (self.exact, self.value, self.low, self.high, self.least, self.most) if x is not None
        )  # fmt: skip

    def fault(self, domain: Domain) -> tuple[str, str]:
        """What is wrong with the number here and what was expected; two empty texts if nothing is."""
        if not all(domain.holds(x) for x in self.ends):
            return MISPLACED, domain.words
        if self.exact is not None:
            return "", ""
        even = self.least is not None
        wrong = {
            "a number that is not exact": (not domain.family, domain.words),
            "a normal law would leave the domain": (
                self.sd is not None and not domain.free,
                f"`log_sd`; {domain.words}",
            ),
            "a chance that is certain": (
                domain.family == "logitnormal" and not even and not all(0.0 < x < 1.0 for x in self.ends),
                "above 0 and below 1, or an exact number",
            ),
            "a size of 0 has no log": (
                self.sd is None and not even and (self.value == 0.0 or (not domain.free and 0.0 in self.ends)),
                "another middle, or an exact 0",
            ),
        }
        return next(((what, expected) for what, (is_so, expected) in wrong.items() if is_so), ("", ""))

    def law(self, domain: Domain, log_sd: float = 1.0, source: tuple[str, ...] = ()) -> Uncertain:
        """The number as one record.

        Args:
            domain: Where it can lie; a number with a fault there has no law.
            log_sd: Spread of a middle that has none of its own.
            source: Keys of the sources of its entry, where it has none of its own.
        """
        family, p1, p2 = self._law(domain, log_sd)
        return Uncertain(family, p1, p2, basis=self.basis, source=self.source or source, note=self.note or "")

    def _law(self, domain: Domain, log_sd: float) -> tuple[Family, float, float | None]:
        if self.exact is not None:
            return "fixed", self.exact, None
        if self.least is not None:
            return "uniform", self.least, self.most
        logit = domain.family == "logitnormal"
        family: Family = "logitnormal" if logit else "lognormal"
        if self.value is not None:
            return ("normal", self.value, self.sd) if self.sd else (family, self.value, self.log_sd or log_sd)
        low, high = float(self.low or 0.0), float(self.high or 0.0)
        if logit:
            ends = [log(x / (1.0 - x)) for x in (low, high)]
            return family, 1.0 / (1.0 + exp(-sum(ends) / 2.0)), (ends[1] - ends[0]) / (2.0 * NINETY)
        if low * high > 0.0:
            middle = sqrt(low * high) * (1.0 if low > 0.0 else -1.0)
            return family, middle, abs(log(high / low)) / (2.0 * NINETY)
        return "normal", (low + high) / 2.0, (high - low) / (2.0 * NINETY)


NUMBERS = ("exact", "value", "log_sd", "sd", "low", "high", "least", "most")


def _placed(domain: str, number: Number) -> Number:
    placed = number.model_copy()
    placed._domain = domain
    return placed


def _sourced(number: Number) -> Number:
    if number.source is None:
        raise PydanticCustomError(FaultKind.MISSING_FIELD.value, "`source` is missing", {"found": "", "expected": ""})
    if number.value is not None and number.log_sd is None and number.sd is None:
        context = {"found": "`value` alone", "expected": "`exact` for a number without doubt, or `log_sd` beside it"}
        raise PydanticCustomError(FaultKind.WRONG_PRIOR.value, "a middle without its spread", context)
    return number


AnyNumber = Annotated[Number, BeforeValidator(_number)]
NotNegative = Annotated[AnyNumber, AfterValidator(partial(_placed, "not_negative"))]
Positive = Annotated[AnyNumber, AfterValidator(partial(_placed, "positive"))]
Chance = Annotated[AnyNumber, AfterValidator(partial(_placed, "chance"))]
InnerChance = Annotated[AnyNumber, AfterValidator(partial(_placed, "inner_chance"))]
# Of files in which every number names its document, and has its spread beside it.
Sourced = Annotated[NotNegative, AfterValidator(_sourced)]
SourcedPositive = Annotated[Positive, AfterValidator(_sourced)]
SourcedChance = Annotated[Chance, AfterValidator(_sourced)]
SourcedInnerChance = Annotated[InnerChance, AfterValidator(_sourced)]


@dataclass(frozen=True)
class Figure:
    """One number of a file.

    Attributes:
        name: Section, entry and key, joined by dots, as in `payoffs.worth_visas.scale`.
        place: Where it stands in the file.
        number: As it is written.
        domain: Where it can lie.
        source: Keys of the sources of the entry in which it stands.
    """

    name: str
    place: Place
    number: Number
    domain: Domain
    source: tuple[str, ...]

    def law(self, log_sd: float = 1.0) -> Uncertain:
        """The number as one record."""
        return self.number.law(self.domain, log_sd, self.source)

    def fault(self, misplaced: str = MISPLACED) -> Iterator[Fault]:
        """The fault of a number that lies where it cannot, or whose law would leave its domain."""
        what, expected = self.number.fault(self.domain)
        if what:
            kind = FaultKind.OUT_OF_BOUNDS if what == MISPLACED else FaultKind.WRONG_PRIOR
            found = " to ".join(f"{x:g}" for x in self.number.ends)
            yield Fault(kind, self.place, misplaced if what == MISPLACED else what, found, expected)


def figures(draft: Draft[Any]) -> Iterator[Figure]:
    """Every number that may be uncertain, in the order of the file's sections, entries and keys."""
    around: dict[Place, Strict] = {}
    for place, record in draft.records():
        around[place] = record
        if isinstance(record, Number):
            above = [around[place[:n]] for n in range(len(place)) if place[:n] in around]
            source = next((one.source for one in reversed(above) if hasattr(one, "source")), ())
            domain = next((one.domain_of(str(place[-1])) for one in above if hasattr(one, "domain_of")), record.domain)
            yield Figure(_dotted(place, around), place, record, domain, source or ())


def _dotted(place: Place, around: dict[Place, Strict]) -> str:
    """A place by names: an entry of a list by its own."""
    parts = []
    for n, part in enumerate(place, 1):
        named = around.get(place[:n])
        parts.append(str(getattr(named, "name", part)) if isinstance(part, int) else str(part))
    return ".".join(parts)
