"""One printed count: a whole number of at least 0, or a mark that stands for no figure."""

from __future__ import annotations

import re

from palanca.data.importers.release import refuse

# Not applicable; not available; withheld to limit disclosure.
MARKS = ("X", "NA", "D")
MOST = 10_000_000  # more than a hundred times any count of a month that was ever published
_WHOLE = re.compile(r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.0+)?", re.ASCII)


def count(printed: object, where: str) -> int:
    """Read a count that must be there.

    Args:
        printed: The cell's content; `9584.0` and `1,234` are whole numbers.
        where: File, sheet and cell, for the message.

    Raises:
        ReleaseError: The cell is empty, negative, beyond any possible count, or not a whole number.
    """
    number = _number(printed)
    if number is None or number != int(number) or not 0 <= number <= MOST:
        raise refuse(
            "not a count",
            where,
            found="an empty cell" if printed in (None, "") else repr(printed)[:40],
            expected=f"a whole number from 0 to {MOST:,}",
        )
    return int(number)


def count_or_mark(printed: object, where: str) -> int | None:
    """Read a count, or None where the publisher prints X, NA or D.

    Raises:
        ReleaseError: The cell is empty, negative, or neither a whole number nor a mark.
    """
    if isinstance(printed, str) and printed.strip() in MARKS:
        return None
    return count(printed, where)


def _number(printed: object) -> float | None:
    if isinstance(printed, str):
        text = printed.strip()
        return float(text.replace(",", "")) if len(text) < 30 and _WHOLE.fullmatch(text) else None
    if isinstance(printed, bool) or not isinstance(printed, int | float) or not abs(printed) <= MOST:
        return None
    return printed
