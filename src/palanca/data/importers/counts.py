"""One printed count: a whole number of at least 0, or a mark that stands for no figure."""

from __future__ import annotations

from palanca.data.importers.release import refuse

# Not applicable; not available; withheld to limit disclosure.
MARKS = ("X", "NA", "D")


def count(printed: object, where: str) -> int:
    """Read a count that must be there.

    Args:
        printed: The cell's content; `9584.0` and `1,234` are whole numbers.
        where: File, sheet and cell, for the message.

    Raises:
        ReleaseError: The cell is empty, negative, or not a whole number.
    """
    number = _number(printed)
    if number is None or not number.is_integer() or number < 0:
        raise refuse(
            "not a count",
            where,
            found="an empty cell" if printed in (None, "") else repr(printed),
            expected="a whole number of at least 0",
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
    if isinstance(printed, bool) or not isinstance(printed, int | float | str):
        return None
    try:
        number = float(printed.strip().replace(",", "") if isinstance(printed, str) else printed)
    except ValueError:
        return None
    return number if abs(number) < float("inf") else None
