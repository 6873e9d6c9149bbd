"""Whole people: quotas exact to the person, quotas under capacities, and the uniform rule, which needs no money."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float, Int

from palanca.core.errors import SharingError
from palanca.core.wording import listed

MOST_IN_SUBSETS = 20  # countries of which every coalition is looked at


@dataclass(frozen=True)
class Filled:
    """Quotas under capacities.

    Attributes:
        quotas: People each country takes [people].
        unplaced: People for whom no country has room [people].
        full: Whether a country is at its capacity.
        over: By how much each country's quota without capacities is above its capacity [people].
    """

    quotas: Int[np.ndarray, " country"]
    unplaced: int
    full: Bool[np.ndarray, " country"]
    over: Int[np.ndarray, " country"]


def whole(share: Float[np.ndarray, " country"], total: int) -> Int[np.ndarray, " country"]:
    """Divide a whole number of people by the method of largest remainders; exact to the person.

    Args:
        share: Shares, which sum to 1.
        total: People to divide.

    Returns:
        People of each country; each is the exact share rounded down or up. Of equal remainders the country named
        first is rounded up.

    Raises:
        SharingError: The total is negative, or shares are negative or do not sum to 1.

    Reference:
        Hamilton's method; Balinski and Young 2001. It keeps to the quota, and is not monotone in the total: with more
        people a country may get one fewer (the Alabama paradox), which no method that keeps to the quota and divides
        by the shares alone avoids altogether.
    """
    _check_total(total)
    _check_shares(share)
    return _rounded(np.asarray(share, dtype=float) * total, total)


def filled(
    share: Float[np.ndarray, " country"], total: int, capacity: Float[np.ndarray, " country"], countries: Sequence[str]
) -> Filled:
    """Divide people by shares under capacities: what is above one goes to the others by their shares.

    Args:
        share: Shares, which sum to 1.
        total: People to divide.
        capacity: Most that each country can take [people]; whole numbers.
        countries: Names, for messages.

    Raises:
        SharingError: A capacity is below 0; or as for `whole`.
    """
    _check_total(total)
    _check_shares(share)
    room = np.asarray(capacity, dtype=float)
    if (room < 0).any() or not np.equal(np.mod(room, 1), 0).all():
        faults = [f"{countries[c]} {room[c]:g}" for c in np.flatnonzero((room < 0) | (np.mod(room, 1) != 0)).tolist()]
        raise SharingError("not a capacity", found=listed(faults, 20), expected="a whole number of 0 or more")
    placed = min(total, int(room[share > 0.0].sum()))
    exact = _water(np.asarray(share, dtype=float), float(placed), room)
    quotas = _rounded(exact, placed, room.astype(int))
    first = whole(share, total)
    return Filled(quotas, total - placed, quotas >= room, np.maximum(first - room.astype(int), 0))


def uniform(peak: Float[np.ndarray, " country"], total: float) -> Float[np.ndarray, " country"]:
    """Divide a total among countries that each want an amount and like any other the less the farther it is from it.

    Args:
        peak: What each country wants to host [people], 0 or more.
        total: People to divide.

    Returns:
        min(peak, level) if too few are to be hosted for all wishes, max(peak, level) if too many, with one level for
        all; sums to the total. Efficient, free of envy, and no country gains by misstating its wish.

    Raises:
        SharingError: A wish or the total is negative or no number.

    Reference:
        Sprumont 1991, Econometrica 59(2): the only such rule.
    """
    wish = np.asarray(peak, dtype=float)
    if not (np.isfinite(wish).all() and (wish >= 0.0).all()):
        raise SharingError("a wish is no number of people", found=listed(f"{x:g}" for x in wish), expected="0 or more")
    if not (np.isfinite(total) and total >= 0.0):
        raise SharingError("a total that cannot be divided", found=f"{total:g}", expected="0 or more")
    if not wish.size:
        return wish
    scarce = wish.sum() >= total
    # The level is where the clipped wishes sum to the total; between two wishes that sum is a straight line.
    order = np.sort(wish)
    count, below = wish.size, np.concatenate([[0.0], np.cumsum(order)])
    for held in range(count):
        level = (
            (total - below[held]) / (count - held) if scarce else (total - (below[-1] - below[held + 1])) / (held + 1)
        )
        fits = level <= order[held] if scarce else held == count - 1 or level <= order[held + 1]
        if fits:
            return np.minimum(wish, level) if scarce else np.maximum(wish, level)
    return wish


def capacity_worth(capacity: Float[np.ndarray, " country"], total: float) -> Float[np.ndarray, " coalition"]:
    """How many people each coalition can take in: the game whose Shapley shares make a key by capacity.

    Args:
        capacity: What each country can host [people].
        total: People in need of a place.

    Returns:
        The lesser of the total and the coalition's capacities; coalition s holds country k if bit k of s is set.

    Raises:
        SharingError: More countries than every coalition of which can be looked at.

    Reference:
        The dual of O'Neill's game of claims (1982); its Shapley value is the mean over all orders in which countries
        could be asked, each taking what is left up to its capacity.
    """
    held = coalitions(len(capacity))
    found: Float[np.ndarray, " coalition"] = np.minimum(held @ np.asarray(capacity, dtype=float), total)
    return found


def coalitions(countries: int) -> Bool[np.ndarray, "coalition country"]:
    """Every coalition, in the order of its bits.

    Raises:
        SharingError: There are too many countries to look at every one.
    """
    if countries > MOST_IN_SUBSETS:
        raise SharingError(
            "too many countries to look at every coalition",
            found=str(countries),
            expected=f"{MOST_IN_SUBSETS} or fewer",
            way_out="Name fewer, or let some act as one.",
        )
    return (np.arange(2**countries)[:, None] >> np.arange(countries) & 1).astype(bool)


def _rounded(
    exact: Float[np.ndarray, " country"], total: int, room: Int[np.ndarray, " country"] | None = None
) -> Int[np.ndarray, " country"]:
    """Whole numbers by largest remainder; within the room if one is given."""
    near = np.round(exact)
    exact = np.where(np.abs(exact - near) < 1e-6, near, exact)  # whole but for rounding
    floor = np.floor(exact).astype(int)
    rest = exact - floor
    able = np.ones(len(exact), dtype=bool) if room is None else floor < room
    order = sorted(np.nonzero(able & (exact > 0.0))[0], key=lambda c: (-round(rest[c], 6), c))
    for country in order[: total - int(floor.sum())]:
        floor[country] += 1
    return floor


def _water(
    share: Float[np.ndarray, " country"], total: float, room: Float[np.ndarray, " country"]
) -> Float[np.ndarray, " country"]:
    """Amounts in proportion to shares, none above its room; each pass holds at its room whoever is above."""
    held = np.zeros(len(share), dtype=bool)
    while True:
        open_share = share[~held].sum()
        left = total - room[held].sum()
        amount = np.where(held, room, share * left / open_share if open_share > 0.0 else 0.0)
        over = ~held & (amount > room)
        if not over.any():
            return amount
        held |= over


def _check_total(total: int) -> None:
    if total < 0 or total != int(total):
        raise SharingError("a total that cannot be divided", found=f"{total:g}", expected="a whole number of 0 or more")


def _check_shares(share: Float[np.ndarray, " country"]) -> None:
    values = np.asarray(share, dtype=float)
    if not (values.size and np.isfinite(values).all() and (values >= 0.0).all() and abs(values.sum() - 1.0) < 1e-6):
        raise SharingError(
            "shares that do not divide a whole", found=f"a sum of {values.sum():g}", expected="0 or more each, 1 in all"
        )
