"""How charts and pages look: colours that colour-blind readers can tell apart, light and dark; fonts; numbers."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from palanca.core.clock import Month

FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, 'DejaVu Sans', sans-serif"
MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
NONE = "–"
MINUS = "−"
NO_BREAK = "\u00a0"
MILLION = 1e6
SMALLEST = 1e-4  # below it a table shows zero


@dataclass(frozen=True)
class Colour:
    """One part of the palette: its colour on a light page and on a dark one.

    The light colours are unlike one another as text, so that a drawn figure is turned dark by replacing them.
    """

    light: str
    dark: str


PALETTE: Mapping[str, Colour] = MappingProxyType(
    {
        "ink": Colour("#1c2128", "#e6e9ee"),
        "muted": Colour("#57606b", "#a4adb8"),
        "grid": Colour("#e3e6ea", "#333b45"),
        "paper": Colour("#ffffff", "#171b21"),
        "figures": Colour("#22272e", "#f4f6f8"),
        "model": Colour("#0068a8", "#58b4f0"),
        "model_band": Colour("rgba(0,104,168,0.24)", "rgba(88,180,240,0.28)"),
        "twin": Colour("#c24a00", "#ff9350"),
        "twin_band": Colour("rgba(194,74,0,0.22)", "rgba(255,147,80,0.26)"),
        "mark": Colour("#8a929c", "#79828d"),
        # Five kinds and a sixth, after Okabe and Ito, darkened for light pages and lightened for dark ones.
        "kind_1": Colour("#0072b2", "#4aa8e0"),
        "kind_2": Colour("#d55e00", "#f5843c"),
        "kind_3": Colour("#009e73", "#33c79b"),
        "kind_4": Colour("#c979a6", "#e5a3c9"),
        "kind_5": Colour("#e3a008", "#f3c14b"),
        "kind_6": Colour("#5b6470", "#9aa4b0"),
    }
)
KINDS = tuple(name for name in PALETTE if name.startswith("kind_"))


def colour(role: str) -> str:
    """The colour of a part on a light page."""
    return PALETTE[role].light


def darkened() -> dict[str, str]:
    """Every light colour with its dark counterpart."""
    return {part.light: part.dark for part in PALETTE.values()}


def whole(value: float) -> str:
    """A count with thousands apart, no decimals: `124,215`."""
    if not math.isfinite(value):
        return NONE
    return f"{round(value):,}".replace("-", MINUS)


def rounded(value: float, digits: int = 3) -> str:
    """A count as a sentence gives it, to so many significant digits: `124,000`, `10.6 million`."""
    if not math.isfinite(value):
        return NONE
    if value == 0.0:
        return "0"
    if abs(value) >= MILLION:
        return f"{value / MILLION:.3g} million".replace("-", MINUS)
    step = digits - 1 - math.floor(math.log10(abs(value)))
    return f"{round(value, step):,.{max(step, 0)}f}".replace("-", MINUS)


def percent(value: float, decimals: int = 0) -> str:
    """Hundredths with their sign, which no line break can take from them: `26 %`."""
    return f"{value:.{decimals}f}{NO_BREAK}%".replace("-", MINUS) if math.isfinite(value) else NONE


def month_name(label: str) -> str:
    """`2024-01`, or a day of it, as `January 2024`."""
    month = Month.parse(label[:7])
    return f"{MONTHS[month.number - 1]} {month.year}"


def cell(value: object) -> str:
    """One value by itself: thousands apart, three significant digits below a thousand, a dash for none."""
    if not isinstance(value, int | float) or isinstance(value, bool):
        return NONE if value is None else str(value)
    if isinstance(value, int) or not math.isfinite(value) or abs(value) >= 999.5:
        return whole(value)
    text = f"{value:.3g}"
    return text.replace("-", MINUS) if abs(value) >= SMALLEST else "0"


def column(values: Sequence[object]) -> list[str]:
    """Values of one column of a table, with as many decimals as its largest number needs, the same in every row."""
    numbers = [
        abs(value)
        for value in values
        if isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
    ]
    largest = max(numbers, default=0.0)
    exact = all(float(number).is_integer() for number in numbers)
    decimals = 0 if exact or largest >= 150 else 1 if largest >= 10 else 2
    return [_fixed(value, decimals) for value in values]


def _fixed(value: object, decimals: int) -> str:
    if not isinstance(value, int | float) or isinstance(value, bool) or not math.isfinite(value):
        return cell(value)
    text = f"{value:,.{decimals}f}"
    return text.replace("-", MINUS) if float(text.replace(",", "")) else text.removeprefix("-")
