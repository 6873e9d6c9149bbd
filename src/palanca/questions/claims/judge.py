"""Judges what is said of a figure by one written rule for each word of comparison, the same for every claim."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum

from palanca.show import number
from palanca.spec.claims_schema import MAGNITUDES, Says

ABOUT = 0.1  # share of the value by which `about` may miss it, and `nearly` fall short of it
OVER = 0.5  # share of the value by which `over` may be passed: beyond it the words say too little
PLURAL = 2.0  # least number of thousands, or of whatever else, that the plural stands for
UNCHANGED, SLIGHTLY, SHARPLY = 5.0, 10.0, 25.0  # changes in percent
POINTS, PERCENT = "points", "percent"


class ClaimStanding(StrEnum):
    """How a claim stands, the worst first."""

    contradicted = "contradicted"
    overstated = "overstated"
    understated = "understated"
    supported = "supported"
    handed_on = "handed on"
    not_checkable = "not checkable"


ORDER = tuple(ClaimStanding)


@dataclass(frozen=True)
class Judgement:
    """One thing said, and how it stands.

    Args:
        standing: How it stands.
        said: What was said, in words.
        found: What was found, in words.
        by: How far it is off; nothing where that has no size.
        unit: `percent` of the figure, or `points` where the figure is in percent itself.
    """

    standing: ClaimStanding
    said: str
    found: str
    by: float | None = None
    unit: str = PERCENT

    @property
    def off(self) -> str:
        """How far it is off, as it is read: `12 %`, `15 points`; empty where it is not."""
        if self.by is None:
            return ""
        text = number.number(self.by)
        return f"{text} points" if self.unit == POINTS else f"{text}{number.NO_BREAK}%"


def worst(given: list[Judgement]) -> Judgement:
    """Of several things said, the one that stands worst."""
    return min(given, key=lambda one: (ORDER.index(one.standing), -(one.by or 0.0)))


def value(says: Says, found: float, unit: str) -> Judgement:
    """Judge a value given in a word of comparison.

    Args:
        says: What is said.
        found: The figure.
        unit: Its unit.
    """
    low, high, named = bounds(says)
    said, told = words(says, unit), amount(found, unit)
    if named * found < 0.0:
        return Judgement(ClaimStanding.contradicted, said, told)
    size, (least, most) = abs(found), sorted((abs(low), abs(high)))
    below = size < least or (says.value == "over" and size == least)
    above = size > most or (says.value in ("under", "magnitude") and size == most)
    if not below and not above:
        return Judgement(ClaimStanding.supported, said, told)
    standing = ClaimStanding.overstated if below else ClaimStanding.understated
    claimed = (least if below else most) if says.value in ("between", "magnitude") else abs(named)
    if in_percent(unit):
        return Judgement(standing, said, told, abs(claimed - size), POINTS)
    return Judgement(standing, said, told, 100.0 * abs(claimed - size) / size if size else math.inf)


def bounds(says: Says) -> tuple[float, float, float]:
    """Least and greatest figure that a value allows, and the value itself (the least, where two are named)."""
    if says.between is not None:
        return *says.between, says.between[0]
    if says.magnitude is not None:
        least = PLURAL * MAGNITUDES[says.magnitude]
        return least, 10.0 * least, least
    named = float(getattr(says, says.value))
    half = place(named) / 2.0
    low, high = {
        "about": (1.0 - ABOUT, 1.0 + ABOUT),
        "nearly": (1.0 - ABOUT, 1.0),
        "over": (1.0, 1.0 + OVER),
        "at_least": (1.0, math.inf),
        "under": (0.0, 1.0),
        "at_most": (0.0, 1.0),
        "exactly": (1.0 - half / abs(named), 1.0 + half / abs(named)) if named else (1.0, 1.0),
    }[says.value]
    return named * low, (named * high if named else 0.0), named


def place(value: float) -> float:
    """The power of ten of the last digit that is not zero: 1 of 7,946, 1,000 of 172,000, 0.1 of 1.8."""
    if value == 0.0:
        return 1.0
    text = f"{abs(value):.6f}"
    whole, _, part = text.partition(".")
    if tail := part.rstrip("0"):
        return 10.0 ** -len(tail)
    return 10.0 ** (len(whole) - len(whole.rstrip("0")))


def direction(says: Says, change: float) -> Judgement:
    """Judge a direction, and what is said of its size.

    Args:
        says: What is said.
        change: The change in percent.
    """
    assert says.direction is not None
    said, told = says.direction, amount(change, PERCENT, signed=True)
    size, (strength, _, way) = abs(change), said.rpartition(" ")
    if said == "unchanged":
        standing = ClaimStanding.supported if size <= UNCHANGED else ClaimStanding.contradicted
        return Judgement(standing, said, told)
    if change == 0.0 or (change > 0.0) != (way == "up"):
        return Judgement(ClaimStanding.contradicted, said, told)
    if strength == "sharply" and size < SHARPLY:
        return Judgement(ClaimStanding.overstated, said, told, SHARPLY - size, POINTS)
    if strength == "slightly" and size > SLIGHTLY:
        return Judgement(ClaimStanding.understated, said, told, size - SLIGHTLY, POINTS)
    return Judgement(ClaimStanding.supported, said, told)


def rank(says: Says, own: float, others: dict[str, float]) -> Judgement:
    """Judge a rank.

    Args:
        says: What is said.
        own: The figure ranked.
        others: The figures it is ranked among, itself left out, by month or label.
    """
    assert says.rank is not None
    top = says.rank > 0
    before = {name: size for name, size in others.items() if (size > own if top else size < own)}
    found = len(before) + 1
    first = sorted(before.items(), key=lambda pair: pair[1], reverse=top)[:2]
    ahead = ", ".join(f"{name} {number.whole(size) if size >= 100.0 else number.number(size)}" for name, size in first)
    told = f"{_place_name(found, top=top)} of {len(others) + 1}" + (f", after {ahead}" if ahead else "")
    standing = ClaimStanding.supported if found == abs(says.rank) else ClaimStanding.contradicted
    return Judgement(standing, _place_name(abs(says.rank), top=top), told)


def in_percent(unit: str) -> bool:
    """Whether a figure is in percent itself, of whatever: it is then off by points."""
    return unit.startswith(PERCENT)


def words(says: Says, unit: str) -> str:
    """A value in its word of comparison, as it is read."""
    if says.between is not None:
        return " to ".join(_said(one, unit) for one in says.between)
    if says.magnitude is not None:
        return says.magnitude
    return f"{says.value.replace('_', ' ')} {_said(float(getattr(says, says.value)), unit)}"


def amount(found: float, unit: str, *, signed: bool = False) -> str:
    """A figure as it is read: counts whole, percent with one decimal, others to three digits."""
    sign = "+" if signed and found > 0.0 else ""
    if in_percent(unit):
        return sign + number.percent(found / 100.0, 1)
    if abs(found) >= 100.0:
        return number.whole(found)
    return number.number(found)


def _said(named: float, unit: str) -> str:
    """A value as it was said, with no digit more."""
    text = f"{named:,.10g}" if abs(named) < 1e10 else f"{named:,.0f}"
    return (f"{text}{number.NO_BREAK}%" if in_percent(unit) else text).replace("-", number.MINUS)


def _place_name(place: int, *, top: bool) -> str:
    """A rank in words: `highest`, `2nd highest`, `lowest`."""
    ending = "th" if 10 <= place % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(place % 10, "th")
    return ("" if place == 1 else f"{place}{ending} ") + ("highest" if top else "lowest")
