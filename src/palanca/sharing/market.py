"""Tradable quotas: the price at which hosting is bought and sold, who then hosts whom, who pays, and who gains."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Bool, Float

from palanca.core.errors import SharingError
from palanca.core.wording import listed


@dataclass(frozen=True)
class Costs:
    """What hosting costs each country in a year: start q + slope q^2 / 2.

    Attributes:
        start: Cost of the first person [usd / person].
        slope: By how much each further person costs more [usd / person^2], above 0.
        low: Least that a country hosts [people].
        high: Most that it can host [people].
    """

    start: Float[np.ndarray, " country"]
    slope: Float[np.ndarray, " country"]
    low: Float[np.ndarray, " country"]
    high: Float[np.ndarray, " country"]

    def total(self, hosted: Float[np.ndarray, " country"]) -> Float[np.ndarray, " country"]:
        """What hosting costs each country [usd]."""
        return self.start * hosted + 0.5 * self.slope * hosted**2

    def marginal(self, hosted: Float[np.ndarray, " country"]) -> Float[np.ndarray, " country"]:
        """What one person more costs each country [usd / person]."""
        return self.start + self.slope * hosted

    def supply(self, price: float) -> Float[np.ndarray, " country"]:
        """How many each country would host if it were paid the price for each [people]."""
        return np.clip((price - self.start) / self.slope, self.low, self.high)


@dataclass(frozen=True)
class Trade:
    """Where a market for quotas ends.

    Attributes:
        price: What is paid for hosting one person of another's quota [usd / person].
        hosted: People each country hosts [people]; they sum to the quotas.
        paid: What each country pays [usd]; below 0 where it is paid. Sums to 0.
        gain: What each country saves against hosting its quota [usd]; never below 0.
        at_low: Whether it hosts its least.
        at_high: Whether it is full.
    """

    price: float
    hosted: Float[np.ndarray, " country"]
    paid: Float[np.ndarray, " country"]
    gain: Float[np.ndarray, " country"]
    at_low: Bool[np.ndarray, " country"]
    at_high: Bool[np.ndarray, " country"]


@dataclass(frozen=True)
class Pledge:
    """What countries do when each may host its quota or pay a set price for every person short of it.

    Attributes:
        hosted: People each country hosts [people].
        paid: What each country pays [usd]; below 0 where it is paid for hosting above its quota.
        gain: What each saves against hosting its quota [usd].
        short: People of the quotas whom nobody hosts; below 0 if more are hosted than the quotas hold [people].
        fund: What the fund takes in less what it pays out [usd].
    """

    hosted: Float[np.ndarray, " country"]
    paid: Float[np.ndarray, " country"]
    gain: Float[np.ndarray, " country"]
    short: float
    fund: float


def costs(
    start: Float[np.ndarray, " country"],
    slope: Float[np.ndarray, " country"],
    countries: Sequence[str],
    *,
    low: Float[np.ndarray, " country"] | None = None,
    high: Float[np.ndarray, " country"] | None = None,
) -> Costs:
    """Cost curves, checked.

    Args:
        start: Cost of the first person [usd / person].
        slope: Rise with each further person [usd / person^2].
        countries: Names, for messages.
        low: Least that each hosts [people]; 0 if not given.
        high: Most that each can host [people]; no limit if not given.

    Raises:
        SharingError: A cost does not rise with the number hosted, or bounds are in disorder.
    """
    count = len(countries)
    least = np.zeros(count) if low is None else np.asarray(low, dtype=float)
    most = np.full(count, np.inf) if high is None else np.asarray(high, dtype=float)
    made = Costs(np.asarray(start, dtype=float), np.asarray(slope, dtype=float), least, most)
    flat = ~(np.isfinite(made.slope) & (made.slope > 0.0) & np.isfinite(made.start))
    if flat.any():
        raise SharingError(
            "a cost that does not rise with the number hosted",
            found=listed(_each(made.slope, flat, countries), 20),
            expected="a slope above 0",
            way_out="With a flat cost one country would host everybody at one price.",
        )
    disorder = ~((least >= 0.0) & (least <= most))
    if disorder.any():
        raise SharingError(
            "bounds in disorder",
            found=listed(
                (f"{countries[c]} {least[c]:g} to {most[c]:g}" for c in np.flatnonzero(disorder).tolist()), 20
            ),
            expected="0 <= least <= most",
        )
    return made


def trade(costs: Costs, quota: Float[np.ndarray, " country"], countries: Sequence[str]) -> Trade:
    """Clear the market for quotas.

    Args:
        costs: What hosting costs.
        quota: People each country must host, or pay another to host [people], within its bounds.
        countries: Names, for messages.

    Raises:
        SharingError: Quotas are above capacities or below what must be hosted; says how many people, of whom.

    Reference:
        Every country hosts until one person more costs the price; the price is where this sums to the quotas. It is
        the multiplier of min sum_j C_j(q_j) with sum q_j = Q. Without bounds P = (Q + sum a/b) / sum 1/b and
        gain_j = b_j (q_j - quota_j)^2 / 2. Fernandez-Huertas Moraga and Rapoport 2014, Journal of Public Economics
        115; equations S2 and S3 of docs/model.md.
    """
    _check_quotas(costs, quota, countries)
    price = clearing(costs, float(quota.sum()))
    hosted = costs.supply(price)
    hosted = hosted + _rounding(float(quota.sum()), hosted, costs)
    paid = price * (quota - hosted)
    gain = costs.total(quota) - costs.total(hosted) - paid
    return Trade(price, hosted, paid, gain, hosted <= costs.low, hosted >= costs.high)


def clearing(costs: Costs, total: float) -> float:
    """The price at which countries together host a total [usd / person].

    What they host rises along straight lines between the prices at which one of them starts or is full, so the price
    is found exactly. Where a range of prices would do (everybody full, or at the least) it is the nearest end.
    """
    starts = costs.start + costs.slope * costs.low
    stops = costs.start + costs.slope * np.where(np.isfinite(costs.high), costs.high, costs.low)
    ends = np.unique(np.concatenate([starts, stops[np.isfinite(costs.high)]]))
    sums = np.array([costs.supply(price).sum() for price in ends])
    place = int(np.searchsorted(sums, total))
    if place == 0:
        return float(ends[0])
    below = float(ends[place - 1])
    open_now = (starts <= below) & ~((stops <= below) & np.isfinite(costs.high))
    if not open_now.any():
        return below
    return below + (total - float(sums[place - 1])) / float((1.0 / costs.slope[open_now]).sum())


def quota_or_pay(
    costs: Costs, quota: Float[np.ndarray, " country"], price: float, countries: Sequence[str], *, sells: bool = False
) -> Pledge:
    """Let each country host or pay a set price for each person short of its quota.

    Args:
        costs: What hosting costs.
        quota: Quotas [people].
        price: The set price [usd / person].
        countries: Names, for messages.
        sells: Whether a country that hosts above its quota is paid the price for each.

    Raises:
        SharingError: The price is negative or no number; or as for `trade`.

    Reference:
        At the market's price and with sales nobody is short and it is the market; below it too few are hosted.
    """
    _check_quotas(costs, quota, countries)
    if not (np.isfinite(price) and price >= 0.0):
        raise SharingError("not a price", found=f"{price:g}", expected="0 or more [usd / person]")
    hosted = costs.supply(price) if sells else np.maximum(np.minimum(costs.supply(price), quota), costs.low)
    paid = price * (quota - hosted)
    gain = costs.total(quota) - costs.total(hosted) - paid
    return Pledge(hosted, paid, gain, float(quota.sum() - hosted.sum()), float(paid.sum()))


def fund(paid: Float[np.ndarray, " country"], share: Float[np.ndarray, " country"]) -> Float[np.ndarray, " country"]:
    """What each country receives from a fund that divides all payments by shares [usd]; sums to what was paid.

    Raises:
        SharingError: Shares are negative or do not sum to 1.
    """
    if not ((share >= 0.0).all() and abs(float(share.sum()) - 1.0) < 1e-9):
        raise SharingError("shares that do not divide a fund", found=f"a sum of {share.sum():g}", expected="1 in all")
    received: Float[np.ndarray, " country"] = share * float(paid.sum())
    return received


def efficient(
    costs: Costs,
    quota: Float[np.ndarray, " country"],
    spill: Float[np.ndarray, "host observer"],
    countries: Sequence[str],
) -> Trade:
    """Hosting of least cost to all together when countries care where others host.

    Args:
        costs: What hosting costs.
        quota: Quotas, of which only the sum counts [people].
        spill: What a person hosted by one country is worth to another [usd / person]; below 0 where it is a cost.
        countries: Names, for messages.

    Returns:
        As of `trade`, with the price of the whole cost, and payments and gains at that price.

    Reference:
        Hagen 2022, Journal of Public Economics 208: clearing makes private marginal costs equal, not those of all
        together, unless what a person hosted is worth to the others is the same wherever it is.
    """
    worth = spill.sum(axis=1) - np.diag(spill)
    return trade(replace(costs, start=costs.start - worth), quota, countries)


def externality_loss(
    costs: Costs,
    quota: Float[np.ndarray, " country"],
    spill: Float[np.ndarray, "host observer"],
    countries: Sequence[str],
) -> float:
    """What the market loses because no country is paid for what its hosting is worth to others [usd]; 0 or more."""
    worth = spill.sum(axis=1) - np.diag(spill)
    cleared, best = trade(costs, quota, countries).hosted, efficient(costs, quota, spill, countries).hosted
    whole = [float((costs.total(hosted) - worth * hosted).sum()) for hosted in (cleared, best)]
    return whole[0] - whole[1]


def matched_payments(paid: Float[np.ndarray, " country"]) -> Float[np.ndarray, "payer receiver"]:
    """Who pays whom, when every payer pays every receiver in proportion to what is due [usd]; it has no circle."""
    gives, takes = np.maximum(paid, 0.0), np.maximum(-paid, 0.0)
    whole = float(takes.sum())
    found: Float[np.ndarray, "payer receiver"] = np.outer(gives, takes) / (whole if whole > 0.0 else 1.0)
    return found


def check_transfers(payments: Float[np.ndarray, "payer receiver"], countries: Sequence[str]) -> None:
    """Refuse payments that go in a circle: money that comes back to the payer buys nothing.

    Raises:
        SharingError: A payment is negative, or there is a circle, which it names.
    """
    if not (np.isfinite(payments).all() and (payments >= 0.0).all()):
        raise SharingError("not a payment", found="a negative or missing amount", expected="0 or more [usd]")
    circle = _circle(payments > 0.0)
    if circle:
        raise SharingError(
            "transfers go in a circle",
            found=" pays ".join(countries[c] for c in (*circle, circle[0])),
            expected="payments that end with a country that does not pay on to its payer",
            way_out="Leave only the difference of the payments.",
        )


def _circle(pays: Bool[np.ndarray, "payer receiver"]) -> list[int]:
    """The members of one circle of payments, in order; none if there is none."""
    state = np.zeros(len(pays), dtype=int)  # 0 not seen, 1 on the way, 2 done

    def visit(country: int, way: list[int]) -> list[int]:
        state[country] = 1
        for other in map(int, np.nonzero(pays[country])[0]):
            if state[other] == 1:
                return [*way, country][[*way, country].index(other) :]
            if state[other] == 0 and (found := visit(other, [*way, country])):
                return found
        state[country] = 2
        return []

    for country in range(len(pays)):
        if state[country] == 0 and (found := visit(country, [])):
            return found
    return []


def _rounding(total: float, hosted: Float[np.ndarray, " country"], costs: Costs) -> Float[np.ndarray, " country"]:
    """What floating point left out of the sum, given to countries strictly between their bounds."""
    inside = (hosted > costs.low) & (hosted < costs.high)
    return np.where(inside, (total - hosted.sum()) / max(int(inside.sum()), 1), 0.0)


def _check_quotas(costs: Costs, quota: Float[np.ndarray, " country"], countries: Sequence[str]) -> None:
    values = np.asarray(quota, dtype=float)
    if not (np.isfinite(values).all() and (values >= 0.0).all()):
        raise SharingError("not a quota", found=listed(f"{x:g}" for x in values), expected="0 or more [people]")
    over = values - costs.high
    if (over > 1e-9).any():
        raise SharingError(
            "quotas above capacity",
            found=listed(_each(over, over > 1e-9, countries), 20) + " people too many",
            expected="each quota within what the country can host",
            way_out=f"Raise capacities, or lower the total by {over[over > 1e-9].sum():,.0f}.",
        )
    under = costs.low - values
    if (under > 1e-9).any():
        raise SharingError(
            "quotas below what must be hosted",
            found=listed(_each(under, under > 1e-9, countries), 20) + " people short",
            expected="each quota at least what the country hosts in any case",
        )


def _each(
    values: Float[np.ndarray, " country"], which: Bool[np.ndarray, " country"], countries: Sequence[str]
) -> list[str]:
    return [f"{countries[c]} {values[c]:,.6g}" for c in np.flatnonzero(which).tolist()]
