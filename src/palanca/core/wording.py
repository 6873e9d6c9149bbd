"""Near-miss suggestions, counted lists, plurals and safe display of foreign text for messages."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def nearest(name: str, names: Iterable[str]) -> str:
    """The valid name closest to the one given, or an empty string when none is close."""
    found = get_close_matches(name.lower(), {n.lower(): n for n in names}, n=1, cutoff=0.55)
    return {n.lower(): n for n in names}[found[0]] if found else ""


def counted(number: int, noun: str, plural: str = "") -> str:
    """A number with its noun, as in `1 month` and `3 months`."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def listed(names: Iterable[str], limit: int = 8) -> str:
    """Names joined for a sentence, cut after `limit` with the number left out."""
    given = list(names)
    shown = ", ".join(given[:limit])
    return shown + (f" and {len(given) - limit} more" if len(given) > limit else "")


def printable(text: str, spared: str = "") -> str:
    """The text with every character that a terminal would not print (escapes, controls, turns of direction) escaped."""
    return "".join(c if c.isprintable() or c in spared else c.encode("unicode_escape").decode() for c in text)


def shown(text: str, limit: int = 160) -> str:
    """A path or name as messages show it: printable, and cut in the middle if it is very long."""
    safe = printable(text)
    return safe if len(safe) <= limit else f"{safe[: limit // 2]}…{safe[-(limit // 2 - 1) :]}"
