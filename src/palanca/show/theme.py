"""How charts and pages look: colours that colour-blind readers can tell apart, light and dark, and the font."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, 'DejaVu Sans', sans-serif"


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
        "history": Colour("#0068a8", "#58b4f0"),
        "history_band": Colour("rgba(0,104,168,0.24)", "rgba(88,180,240,0.28)"),
        "changed": Colour("#c24a00", "#ff9350"),
        "changed_band": Colour("rgba(194,74,0,0.22)", "rgba(255,147,80,0.26)"),
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
