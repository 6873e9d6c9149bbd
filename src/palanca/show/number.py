"""The one way in which numbers, intervals and months are written, on every screen, page and table."""

from __future__ import annotations

import math
from collections.abc import Sequence

from palanca.core.clock import Month
from palanca.core.wording import MONTHS

NONE = "–"
MINUS = "−"
NO_BREAK = "\u00a0"
MILLION = 1e6
DIGITS = 3  # significant digits of the largest number of an interval
MOST_DECIMALS = 4


def number(value: float) -> str:
    """A number to three significant digits, never in powers of ten: `124,000`, `0.35`, `1.20 million`."""
    return together([value])[0]


def together(values: Sequence[float]) -> list[str]:
    """Numbers that are read beside each other, all to the last digit that the largest of them is given to."""
    known = [abs(value) for value in values if math.isfinite(value)]
    largest = float(f"{max(known, default=0.0):.{DIGITS - 1}e}")  # as it will be read
    million = largest >= MILLION
    scale = MILLION if million else 1.0
    step = DIGITS if largest == 0.0 else DIGITS - 1 - math.floor(math.log10(largest / scale))
    decimals = 0 if largest == 0.0 else min(step, MOST_DECIMALS)
    return [_fixed(value / scale, decimals) + (f"{NO_BREAK}million" if million else "") for value in values]


def signed(value: float) -> str:
    """A number with its sign; zero has none."""
    return signed_together([value])[0]


def signed_together(values: Sequence[float]) -> list[str]:
    """Numbers with their signs, all to the last digit that the largest of them is given to; zero has none."""
    plain = together([abs(value) for value in values])
    return [
        text if not any(digit in text for digit in "123456789") else ("+" if value > 0.0 else MINUS) + text
        for value, text in zip(values, plain, strict=True)
    ]


def with_interval(middle: float, low: float, high: float) -> tuple[str, str]:
    """A number, and its interval in brackets, `27,100` and `[15,500, 45,500]`, all to the same last digit."""
    text, first, last = together([middle, low, high])
    return text, f"[{first.removesuffix(f'{NO_BREAK}million')}, {last}]"


def whole(value: float) -> str:
    """A count with thousands apart, no decimals: `124,215`."""
    return f"{round(value):,}".replace("-", MINUS) if math.isfinite(value) else NONE


def percent(share: float, decimals: int = 0) -> str:
    """A share in hundredths, with a sign that no line break can take from it: `26 %` for .26."""
    return f"{_fixed(100.0 * share, decimals)}{NO_BREAK}%" if math.isfinite(share) else NONE


def month_name(label: str) -> str:
    """`2024-01` as `January 2024`, which no line break parts."""
    month = Month.parse(label)
    return f"{MONTHS[month.number - 1]}{NO_BREAK}{month.year}"


def span_name(first: str, last: str) -> str:
    """Two months as `January to March 2024`, or the one that both are."""
    if first == last:
        return month_name(first)
    start, end = Month.parse(first), Month.parse(last)
    begin = MONTHS[start.number - 1] if start.year == end.year else month_name(first)
    return f"{begin} to {month_name(last)}"


def column(values: Sequence[object]) -> list[str]:
    """Values of one column of a table, numbers with as many decimals as the largest needs, the same in every row."""
    known = [abs(value) for value in values if isinstance(value, int | float) and math.isfinite(value)]
    largest = max(known, default=0.0)
    exact = all(float(size).is_integer() for size in known)
    decimals = 0 if exact or largest >= 150.0 else 1 if largest >= 10.0 else 2
    return [_cell(value, decimals) for value in values]


def is_number(value: object) -> bool:
    """Whether a value is a number, which truth values are not."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def _cell(value: object, decimals: int) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return _fixed(float(value), decimals)
    return NONE if value is None else str(value)


def _fixed(value: float, decimals: int) -> str:
    """A number to so many decimals, or to a whole power of ten where they are below zero; no sign on a zero."""
    if not math.isfinite(value):
        return NONE
    text = f"{round(value, decimals):,.{max(decimals, 0)}f}"
    return text.replace("-", MINUS) if float(text.replace(",", "")) else text.removeprefix("-")
