"""Changes and intervals in words, the same way in every answer; the number stands first, its doubt beside it."""

from __future__ import annotations

from collections.abc import Sequence

from palanca.show import number
from palanca.show.estimate import Basis, Estimate

RUNS = 10
NAMED = 2  # inputs that a sentence names
LEAST = 0.005  # share of a width below which nothing is said of it


def amount(given: Estimate, what: str = "") -> str:
    """A level with its interval: `152,000 encounters [131,000, 170,000]`."""
    middle, ends = number.with_interval(given.estimate, given.low, given.high)
    named = f"{middle} {what}" if what else middle
    return named if given.low == given.high else f"{named} {ends}"


def more(given: Estimate, what: str) -> str:
    """A change as more or fewer: `27,100 more encounters [15,500, 45,500]`; both ways where it cannot be told.

    Args:
        given: The change; above zero is more.
        what: What changes, in the plural: `encounters`, `deaths on the way`.
    """
    if given.estimate == given.low == given.high == 0.0:
        return f"no more and no fewer {what}"
    if given.low < 0.0 < given.high:
        low, high = number.signed_together([given.low, given.high])
        return f"more or fewer {what}, the model cannot tell which [{low} to {high}]"
    word = "fewer" if given.estimate < 0.0 or given.high < 0.0 else "more"
    near, far = sorted((abs(given.low), abs(given.high)))
    middle, ends = number.with_interval(abs(given.estimate), near, far)
    return f"{middle} {word} {what}" + ("" if near == far else f" {ends}")


def change(given: Estimate) -> str:
    """A change with its sign and interval: `+12 [+3, +20]`."""
    middle, low, high = number.signed_together([given.estimate, given.low, given.high])
    return middle if given.low == given.high else f"{middle} [{low}, {high}]"


def resting(given: Estimate) -> str:
    """What a number rests on, for brackets behind a sentence: `assumed: 89 % of the width, by effort_power`."""
    share = given.assumed_share
    if share is None or share < LEAST or not given.assumed_by or given.basis is Basis.published:
        return str(given.basis)
    return (
        f"{given.basis}: {number.percent(share)} of the width is assumed, by {' and '.join(given.assumed_by[:NAMED])}"
    )


def joined(names: Sequence[str]) -> str:
    """Names in a sentence: `a`, `a and b`, `a, b and c`."""
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
