"""Trade and staying under every draw of what is assumed: prices, payments, exits, transfers, a set price."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Bool, Float

from palanca.core.errors import SharingError
from palanca.questions.quotas import assumed
from palanca.questions.quotas.assumed import Hosts
from palanca.sharing.market import (
    check_transfers,
    externality_loss,
    fund,
    quota_or_pay,
    trade,
)
from palanca.sharing.participation import Divide, Joined, Stake, check_joined, exits, hold, join, keeping, taking_over
from palanca.show.estimate import Inputs

WAYS = ("trade alone", "transfers, against no scheme", "transfers, against leaving alone")
NO_SCHEME = 1  # place among the ways


@dataclass(frozen=True)
class TradeRules:
    """What countries may do with their quotas.

    Attributes:
        price: Set price that a country may pay a year for each person short of its quota [usd].
        least: Least of its quota that a country hosts itself when quotas are traded [share].
        most: Most that it hosts then, as a multiple of its quota.
        spill: What a person hosted by one country is worth to another [usd / person].
        transfers: What is agreed to be paid besides [usd / year].
    """

    price: float
    least: float
    most: float
    spill: Float[np.ndarray, "host observer"]
    transfers: Float[np.ndarray, "payer receiver"]

    def check(self, countries: tuple[str, ...]) -> None:
        """Refuse limits of trade and a price that are none, and transfers that go in a circle.

        Raises:
            SharingError: Names the option, or the circle.
        """
        check_transfers(self.transfers, countries)
        if not 0.0 <= self.least <= 1.0:
            raise SharingError(
                "not a share of a quota", where="--least", found=f"{self.least:g}", expected="between 0 and 1"
            )
        if not (self.most >= 1.0 and np.isfinite(self.most)):
            raise SharingError(
                "not a multiple of a quota", where="--most", found=f"{self.most:g}", expected="1 or more"
            )
        if not (self.price >= 0.0 and np.isfinite(self.price)):
            raise SharingError("not a price", where="--pay", found=f"{self.price:g}", expected="0 or more [usd]")


@dataclass(frozen=True)
class TradeDraws:
    """What trade and staying come to under every draw of what is assumed.

    Attributes:
        price: Market price [usd / person].
        hosted: People each hosts after trade [people].
        paid: What each pays for places [usd / year].
        saved: What each saves by trade [usd / year].
        lost: What the market loses because others care where people are hosted [usd / year].
        gain: What each gains by the scheme with trade over none [usd / year].
        plain: The same without trade [usd / year].
        win: What each wins by leaving alone while the others keep their quotas [usd / year].
        ride: The same while the others take over its quota [usd / year].
        holds: Whether all stay, in each of `WAYS`.
        bill: Money of the transfers against leaving alone [usd / year]; nothing where none would do.
        joined: Whether each stays to the end when losers leave round after round.
        pledged: People each hosts when it may pay the set price instead [people].
        into: What each then pays into the fund [usd / year].
        out: What each receives of it, by the people it hosts [usd / year].
    """

    price: Float[np.ndarray, " draw"]
    hosted: Float[np.ndarray, "country draw"]
    paid: Float[np.ndarray, "country draw"]
    saved: Float[np.ndarray, "country draw"]
    lost: Float[np.ndarray, " draw"]
    gain: Float[np.ndarray, "country draw"]
    plain: Float[np.ndarray, "country draw"]
    win: Float[np.ndarray, "country draw"]
    ride: Float[np.ndarray, "country draw"]
    holds: Bool[np.ndarray, "way draw"]
    bill: Float[np.ndarray, " draw"]
    joined: Bool[np.ndarray, "country draw"]
    pledged: Float[np.ndarray, "country draw"]
    into: Float[np.ndarray, "country draw"]
    out: Float[np.ndarray, "country draw"]


def held_by_draw(place: Hosts, inputs: Inputs, rules: TradeRules, countries: tuple[str, ...]) -> TradeDraws:
    """Trade and staying, draw by draw.

    Raises:
        SharingError: In no draw would anybody join, and no transfer would help; with the rounds in which all leave.
    """
    draws = [dict(zip(inputs.names, values, strict=True)) for values in inputs.values.T]
    rows = [_one(place, values, rules, countries) for values in draws]
    found = TradeDraws(**{name: np.stack([row[name] for row in rows], axis=-1) for name in rows[0]})
    if not found.joined.any() and not found.holds[NO_SCHEME].any():
        check_joined(joined(assumed.stake(place, middle(inputs)), place), countries)
    return found


def middle(inputs: Inputs) -> dict[str, float]:
    """The middle of what is assumed, by name."""
    return {name: float(np.median(row)) for name, row in zip(inputs.names, inputs.values, strict=True)}


def joined(stake: Stake, place: Hosts) -> Joined:
    """Who is left without trade when losers leave round after round, and the rest take over."""
    return join(stake, _others(place), np.zeros_like)


def _others(place: Hosts) -> Divide:
    return taking_over(place.share, float(place.quota.sum()), place.capacity)


def _one(
    place: Hosts, values: Mapping[str, float], rules: TradeRules, countries: tuple[str, ...]
) -> dict[str, Float[np.ndarray, ...] | Bool[np.ndarray, ...]]:
    """Trade and staying by one draw."""
    stake, quota = assumed.stake(place, values), place.quota
    most = np.maximum(np.minimum(rules.most * quota, place.capacity), quota)
    limits = replace(stake.costs, low=rules.least * quota, high=most)
    cleared = trade(limits, quota, countries)
    paid = cleared.paid + rules.transfers.sum(axis=1) - rules.transfers.sum(axis=0)
    gain, nothing = stake.gains(cleared.hosted, paid), np.zeros(len(quota))
    kept = exits(stake, cleared.hosted, paid, keeping(quota))
    firm = hold(gain, kept.leave)
    pledge = quota_or_pay(stake.costs, quota, rules.price, countries)
    hosts = pledge.hosted if pledge.hosted.sum() > 0.0 else place.share
    return {
        "price": np.asarray(cleared.price),
        "hosted": cleared.hosted,
        "paid": cleared.paid,
        "saved": cleared.gain,
        "lost": np.asarray(externality_loss(limits, quota, rules.spill, countries)),
        "gain": gain,
        "plain": stake.gains(quota, nothing),
        "win": kept.win,
        "ride": exits(stake, cleared.hosted, paid, _others(place)).win,
        "holds": np.array([bool((kept.win <= 0.0).all()), hold(gain, nothing).holds, firm.holds]),
        "bill": np.asarray(firm.bill if firm.holds else np.nan),
        "joined": joined(stake, place).inside,
        "pledged": pledge.hosted,
        "into": pledge.paid,
        "out": fund(pledge.paid, hosts / hosts.sum()),
    }
