"""The scorecard as tables: one row a fact, one row an assertion, one row a fact that is not judged."""

from __future__ import annotations

from collections.abc import Sequence

from palanca.evidence.facts.judge import Number, Tried
from palanca.evidence.facts.scorecard import Score, Scorecard
from palanca.spec.facts_probes import YES
from palanca.spec.facts_schema import Fact
from palanca.view.theme import MINUS, NONE, percent

Row = dict[str, object]
SHORT = 3  # significant digits
MEANING = {"D": "discriminating", "O": "outside evidence"}


def listed(facts: Sequence[Fact]) -> list[Row]:
    """What is asked, without running anything."""
    return [
        {
            "fact": fact.id,
            "title": fact.title,
            "marks": " ".join(fact.marks),
            "evidence": fact.evidence or NONE,
            "asserts": len(fact.then),
            "judged": "no" if fact.not_expressible else "in part" if fact.part else "yes",
            "source": ", ".join(fact.source),
        }
        for fact in facts
    ]


def scores(card: Scorecard) -> list[Row]:
    """One row a fact, with the number that decides."""
    return [
        {
            "fact": one.id,
            "title": one.title,
            "marks": " ".join(one.marks),
            "chance": chance(one),
            "verdict": one.verdict,
            "judged": "no" if one.chance is None else "in part" if one.part else "whole",
            "evidence": one.evidence or NONE,
            "decides": decides(one),
        }
        for one in card.scores
    ]


def numbers(card: Scorecard) -> list[Row]:
    """Every quantity and assertion in full, one row each, for other programs."""
    rows: list[Row] = []
    for one in card.scores:
        chance_of_all = None if one.chance is None else one.chance.value
        head: Row = {"fact": one.id, "title": one.title, "verdict": one.verdict, "chance": chance_of_all}
        head["error"] = None if one.chance is None else one.chance.error
        head["draws"] = None if one.chance is None else one.chance.draws
        tried = {part.quantity: part for part in one.tried}
        rows += [
            head | _in_full(number, [part for part in one.tried if part.quantity == number.name])
            for number in one.numbers
        ]
        if not one.numbers:
            rows.append(head | _in_full(None, list(tried.values())))
    return rows


def asserted(one: Score) -> list[Row]:
    """Every assertion of a fact with the quantity behind it."""
    found = {number.name: number for number in one.numbers}
    return [
        {
            "asserted": worded(part),
            "holds in": f"{percent(100.0 * part.within_share)} of draws",
            "found": interval(found[part.quantity]),
            "unit": _unit(found[part.quantity]),
            "what": found[part.quantity].what,
        }
        for part in one.tried
    ]


def beside(one: Score) -> list[Row]:
    """Quantities that nothing is asserted of."""
    used = {part.quantity for part in one.tried}
    return [
        {"quantity": number.what, "found": interval(number), "unit": _unit(number)}
        for number in one.numbers
        if number.name not in used
    ]


def chance(one: Score) -> str:
    """The chance of a fact in percent, with the 90 % interval that the number of draws leaves."""
    if one.chance is None:
        return NONE
    value = percent(100.0 * one.chance.value)
    if one.chance.draws == 1:
        return value
    low, high = one.chance.interval
    return f"{value} [{100.0 * low:.0f}, {100.0 * high:.0f}]"


def decides(one: Score) -> str:
    """The assertion that holds least often, and what was found of it."""
    if not one.tried:
        return NONE
    part = min(one.tried, key=lambda each: (each.chance.value, each.within_share))
    number = next(each for each in one.numbers if each.name == part.quantity)
    return f"{number.what}: {interval(number)}; asserted {bounds(part, number)}"


def worded(part: Tried) -> str:
    """An assertion in words, names without underscores."""
    return part.asserted.replace("_", " ").replace("-", MINUS)


def bounds(part: Tried, number: Number) -> str:
    """The bounds that an assertion comes to, medians where they differ by draw."""
    low, high = (None if end is None else plain(end) for end in (part.low, part.high))
    if number.unit == YES:
        return "yes" if low is not None else "no"
    if low is not None and high is not None:
        return f"{low} to {high}"
    if low is not None:
        return f"above {low}" if part.strict else f"{low} or more"
    return f"below {high}" if part.strict else f"{high} or less"


def interval(number: Number) -> str:
    """Median and 90 % interval, short."""
    if number.mid is None:
        return NONE
    if number.unit == YES:
        return f"yes in {plain(100.0 * number.mid)} % of draws"
    if number.low is None or number.high is None or number.low == number.high:
        return plain(number.mid)
    return f"{plain(number.mid)} [{plain(number.low)}, {plain(number.high)}]"


def plain(value: float) -> str:
    """A number to three significant digits; what rounding left of zero is zero."""
    if abs(value) < 1e-9:
        return "0"
    text = f"{value:,.0f}" if abs(value) >= 1000.0 else f"{value:.{SHORT}g}"
    return text.replace("-", MINUS)


def _unit(number: Number) -> str:
    return "" if number.unit == YES else number.unit


def _in_full(number: Number | None, tried: Sequence[Tried]) -> Row:
    return {
        "quantity": None if number is None else number.name,
        "unit": None if number is None else number.unit,
        "p5": None if number is None else number.low,
        "median": None if number is None else number.mid,
        "p95": None if number is None else number.high,
        "without a number": None if number is None else number.unknown_share,
        "asserted": "; ".join(part.asserted for part in tried),
        "holds in": min((part.within_share for part in tried), default=None),
    }
