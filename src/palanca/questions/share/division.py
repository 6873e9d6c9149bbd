"""Who takes how many: the key of a scheme on published figures, quotas to the person, and what does not fit."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Float, Int

from palanca.core.errors import SharingError
from palanca.questions.quotas import figures
from palanca.sharing import keys, market, quotas
from palanca.sharing.keys import Key, KeyShares
from palanca.sharing.market import Costs
from palanca.spec.sharing import WEIGHTED
from palanca.spec.sharing_schema import SharingFile

SIZE = ("population", "gdp")
MILLION = 1e6
CROWDED = 0.01  # newcomers an inhabitant in a year, at which a person costs more by `costs.rise`
TRADED = 0.5  # share of a quota that may be traded away, and most that may be taken on besides


@dataclass(frozen=True)
class SchemeDivision:
    """Quotas of a scheme, before anything is traded.

    Attributes:
        members: Codes, in order.
        key: What the key gives.
        quotas: People that each member is to admit in a year; with pledges what it pledged.
        unplaced: People of the places that no member has room for.
        full: Members at their ceiling.
        traded: People that each admits once quotas have been traded; the same where they are not.
        income: Income a head [usd / year].
        people: Inhabitants.
    """

    members: tuple[str, ...]
    key: KeyShares
    quotas: Int[np.ndarray, " member"]
    unplaced: int
    full: tuple[str, ...]
    traded: Int[np.ndarray, " member"]
    income: Float[np.ndarray, " member"]
    people: Float[np.ndarray, " member"]


def divide(file: SharingFile) -> SchemeDivision:
    """Divide the places of a scheme among its members.

    Raises:
        SharingError: A member has no figure for a measure of the key or for its size, or the key is faulty.
    """
    key, members = named(file), file.members
    found = figures.country_figures(tuple(dict.fromkeys((*key.measures, *SIZE))), file.key.year, countries=members)
    if found.missing:
        raise SharingError(
            "no figure",
            where=f"key {key.name}, {file.key.year}",
            found=found.without(),
            expected="a figure for every measure of every member",
            way_out="Leave these countries out, or take another key or year; nothing is filled in.",
        )
    shares = keys.key_shares(key, found.of(key.measures), members)
    people, output = found.of(SIZE).T
    income = output * MILLION / people
    if file.places is None:
        pledged = np.array([file.pledges[code].per_year if code in file.pledges else 0 for code in members])
        room = np.array([file.ceilings.get(code, most) for code, most in zip(members, pledged, strict=True)])
        kept = np.minimum(pledged, room)
        full = tuple(code for code, over in zip(members, pledged > room, strict=True) if over)
        return SchemeDivision(members, shares, kept, int((pledged - kept).sum()), full, kept, income, people)
    total = file.places.per_year
    room = np.array([float(file.ceilings.get(code, total)) for code in members])
    done = quotas.filled(shares.share, total, room, members)
    full = tuple(code for code, is_full in zip(members, done.full & (room < total), strict=True) if is_full)
    return SchemeDivision(members, shares, done.quotas, done.unplaced, full, done.quotas, income, people)


def named(file: SharingFile) -> Key:
    """The key of a scheme.

    Raises:
        SharingError: Its weights are faulty.
    """
    spec = file.key
    return keys.custom(spec.weights, spec.caps) if spec.kind == WEIGHTED else keys.named(spec.kind)


def curves(
    division: SchemeDivision, first: Float[np.ndarray, " draw"], rise: Float[np.ndarray, " draw"]
) -> tuple[Float[np.ndarray, "member draw"], Float[np.ndarray, "member draw"]]:
    """What the first person costs each member, and by how much each further one costs more.

    Args:
        division: Tells income and inhabitants.
        first: Cost in the member with the highest income [usd / person]; elsewhere by its income a head.
        rise: How much more at one newcomer for every hundred inhabitants [share].

    Returns:
        Cost of the first [usd / person], and slope [usd / person^2].
    """
    start = first * (division.income / division.income.max())[:, None]
    return start, start * rise / (CROWDED * division.people)[:, None]


def traded(division: SchemeDivision, first: np.ndarray, rise: np.ndarray) -> SchemeDivision:
    """The same once quotas have been traded at the middle of what is believed of costs, to the person."""
    curve = _curve(division, *(one[:, 0] for one in curves(division, _middle(first), _middle(rise))))
    hosted = market.trade(curve, division.quotas.astype(float), division.members).hosted
    total = int(division.quotas.sum())
    return replace(division, traded=quotas.whole(hosted / hosted.sum(), total)) if total else division


def paid(division: SchemeDivision, first: np.ndarray, rise: np.ndarray) -> Float[np.ndarray, "member draw"]:
    """What each member pays for the quota it has traded away, at the price of each draw; sums to zero [usd / year]."""
    start, slope = curves(division, first, rise)
    quota = division.quotas.astype(float)
    prices = [
        market.trade(_curve(division, start[:, draw], slope[:, draw]), quota, division.members).price
        for draw in range(start.shape[1])
    ]
    return (division.quotas - division.traded)[:, None] * np.array(prices)


def _curve(division: SchemeDivision, start: np.ndarray, slope: np.ndarray) -> Costs:
    quota = division.quotas.astype(float)
    return market.costs(start, slope, division.members, low=quota * (1.0 - TRADED), high=quota * (1.0 + TRADED))


def _middle(values: np.ndarray) -> np.ndarray:
    return np.median(values, keepdims=True)
