"""Checks on finished arrays that name the first month and draw in which a law is broken."""

from __future__ import annotations

import numpy as np

from palanca.core.errors import InvariantError


def finite(values: np.ndarray, name: str, months: list[str]) -> None:
    """Refuse anything that is not a number.

    Args:
        values: Array whose first axis is the month and last the draw.
        name: What the numbers are.
        months: Labels of the first axis.

    Raises:
        InvariantError: Names the quantity, the first month and draw.
    """
    bad = ~np.isfinite(values)
    if bad.any():
        raise _broken(f"{name} is not a number", bad, months)


def small(values: np.ndarray, limit: float, rule: str, months: list[str]) -> None:
    """Refuse any value above a limit in size.

    Raises:
        InvariantError: Names the rule, the first month and draw, and the largest breach.
    """
    bad = ~(np.abs(values) <= limit)
    if bad.any():
        raise _broken(f"{rule}: {np.nanmax(np.abs(values)):.3g} exceeds {limit:g}", bad, months)


def _broken(what: str, bad: np.ndarray, months: list[str]) -> InvariantError:
    first = np.unravel_index(int(np.argmax(bad)), bad.shape)
    return InvariantError(
        what,
        where=f"month {months[first[0]]}, draw {first[-1]}",
        way_out="This is a fault of palanca or of extreme parameters; report it with the case and the key.",
    )
