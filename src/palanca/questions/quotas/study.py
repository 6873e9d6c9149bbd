"""Everything that is worked out of a division of people: the key, quotas, trade, and who would stay."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Float

from palanca.bargain import shapley
from palanca.core.errors import SharingError
from palanca.core.wording import listed
from palanca.data.read import Figures
from palanca.questions.quotas import assumed, holding
from palanca.questions.quotas.assumed import Hosts
from palanca.questions.quotas.figures import MILLION, CountryFigures, country_figures
from palanca.questions.quotas.holding import TradeDraws, TradeRules
from palanca.questions.quotas.talks import MOST, Package, talk
from palanca.sharing import keys
from palanca.sharing.anomaly import Anomaly, anomaly
from palanca.sharing.core_of_game import GameCore, core, savings, scheme_worth
from palanca.sharing.keys import Key, KeyShares, key_shares
from palanca.sharing.market import trade
from palanca.sharing.participation import Joined, Stake, taking_over
from palanca.sharing.quotas import Filled, capacity_worth, coalitions, filled, uniform
from palanca.show.estimate import Inputs

SHAPLEY = "shapley"
SIZE = ("population", "gdp")
OWN_CAPACITY = 1e-3  # of inhabitants, where the Shapley key is asked for and no capacity is handed in


@dataclass(frozen=True)
class QuotaRequest:
    """What is asked for.

    Attributes:
        by: The key; none for the one by capacity.
        total: People to divide.
        year: Year of the figures.
        countries: Those wanted; all with figures if nothing.
        capacity: Most that a country can host, by country [people]; no limit where it says nothing.
        offers: What each offers [people], where the key takes offers or the uniform rule is wanted.
        spill: What a person hosted is worth to another country, by `HOST:OBSERVER` [usd / person].
        transfers: What is agreed to be paid besides, by `PAYER:RECEIVER` [usd / year].
        price: Set price that a country may pay for each person short of its quota [usd].
        least: Least of its quota that a country hosts itself when quotas are traded [share].
        most: Most that it hosts then, as a multiple of its quota.
        assume: Values that take the place of ranges, by name.
        bargain: Whether places and payments are bargained over.
    """

    by: Key | None
    total: int
    year: int
    countries: tuple[str, ...] | None
    capacity: Mapping[str, float]
    offers: Mapping[str, float]
    spill: Mapping[str, float]
    transfers: Mapping[str, float]
    price: float
    least: float
    most: float
    assume: Mapping[str, float]
    bargain: bool


@dataclass(frozen=True)
class QuotaStudy:
    """A division of people, worked out.

    Attributes:
        wanted: What was asked.
        figures: Figures of the countries.
        shares: What the key gives; its parts are empty for the one by capacity.
        anomaly: What it does against its own intention; none for the one by capacity.
        quotas: People each takes.
        others: Shares by other keys, by name.
        uniform: What the uniform rule makes of the offers [people]; none without offers.
        inputs: Draws of what is assumed.
        held: What trade and staying come to.
        joined: Who is left without trade when losers leave, by the middle of what is assumed.
        without_largest: Quotas if the country with the largest leaves and the others take over [people].
        core: The core among the countries with the largest quotas, by the middle of what is assumed.
        complaint: The most that any group of them would save more by trading among itself than in the market of all of
            them, by the middle of what is assumed [usd / year]; 0 or less, for the market's division is in the core.
        largest: Those countries' places.
        package: What bargaining over places and payments ends in among them, if it was wanted.
    """

    wanted: QuotaRequest
    figures: CountryFigures
    shares: KeyShares
    anomaly: Anomaly | None
    quotas: Filled
    others: Mapping[str, Float[np.ndarray, " country"]]
    uniform: Float[np.ndarray, " country"] | None
    inputs: Inputs
    held: TradeDraws
    joined: Joined
    without_largest: Float[np.ndarray, " country"]
    core: GameCore
    complaint: float
    largest: tuple[int, ...]
    package: Package | None

    @property
    def countries(self) -> tuple[str, ...]:
        """Those that take part."""
        return self.figures.countries


def study(wanted: QuotaRequest, key: int, draws: int, figures: Figures) -> QuotaStudy:
    """Work a division out.

    Args:
        wanted: What is asked.
        key: Key of the draws.
        draws: How many draws of what is assumed.
        figures: Series in force.

    Raises:
        SharingError: The key, the figures, the capacities or the offers cannot be divided by, or nobody would join.
    """
    told = _figures(wanted, figures)
    _check_total(wanted.total, told)
    spill, transfers = _pairs(wanted.spill, told, "spill"), _pairs(wanted.transfers, told, "transfer")
    rules = TradeRules(wanted.price, wanted.least, wanted.most, spill, transfers)
    rules.check(told.countries)
    capacity = _by_country(wanted.capacity, told, np.inf, "capacity")
    shares, strange = _shares(wanted, told, capacity)
    room = np.where(np.isfinite(capacity), capacity, wanted.total)
    quotas = filled(shares.share, wanted.total, room, told.countries)
    place = _place(told, shares.share, quotas.quotas.astype(float), capacity)
    inputs = assumed.drawn(key, draws, wanted.assume)
    held = holding.held_by_draw(place, inputs, rules, told.countries)
    middle = assumed.stake(place, holding.middle(inputs))
    largest = tuple(int(c) for c in np.argsort(-quotas.quotas, kind="stable")[:MOST])
    part, hosted = _part(middle, largest), float(quotas.quotas[list(largest)].sum())
    names = tuple(told.countries[c] for c in largest)
    return QuotaStudy(
        wanted=wanted,
        figures=told,
        shares=shares,
        anomaly=strange,
        quotas=quotas,
        others=_others(wanted, told, figures),
        uniform=_uniform(wanted, told),
        inputs=inputs,
        held=held,
        joined=holding.joined(middle, place),
        without_largest=_without_largest(place),
        core=core(scheme_worth(part.costs, part.benefit, hosted)),
        complaint=_complaint(part, place.quota[list(largest)], names),
        largest=largest,
        package=talk(part, hosted, names, _purse(part, hosted)) if wanted.bargain else None,
    )


def _figures(wanted: QuotaRequest, figures: Figures) -> CountryFigures:
    """Figures for the key, and size for the costs."""
    asked = () if wanted.by is None else tuple(one.measure for one in wanted.by.components if one.weight > 0.0)
    measures = tuple(dict.fromkeys((*asked, *SIZE)))
    if "offer" in measures and not wanted.offers:
        raise SharingError("the key takes offers, and there are none", where="--offer", expected="COUNTRY=PEOPLE, each")
    own = {"offer": dict(wanted.offers)} if wanted.offers else {}
    return country_figures(measures, wanted.year, countries=wanted.countries, own=own, figures=figures)


def _check_total(total: int, told: CountryFigures) -> None:
    """Refuse a number of people that cannot be divided, or that is above all inhabitants."""
    inhabitants = float(told.of(("population",)).sum())
    if not (total >= 1 and total == int(total) and total <= inhabitants):
        raise SharingError(
            "a total that cannot be divided",
            where="--total",
            found=f"{total:,}",
            expected=f"a whole number of people from 1 to {inhabitants:,.0f}, the inhabitants of these countries",
        )


def _by_country(
    given: Mapping[str, float], told: CountryFigures, otherwise: float, what: str
) -> Float[np.ndarray, " country"]:
    """What was handed in by country, in order."""
    stray = [name for name in given if name not in told.countries]
    if stray:
        raise SharingError(
            f"{what} of a country that takes no part",
            where=f"--{what}",
            found=listed(stray, 20),
            expected=f"among {listed(told.countries, 30)}",
        )
    found = np.array([given.get(name, otherwise) for name in told.countries], dtype=float)
    if np.isnan(found).any() or (found < 0.0).any():
        faults = [f"{told.countries[c]} {found[c]:g}" for c in np.flatnonzero(~(found >= 0.0)).tolist()]
        raise SharingError(
            f"not a number for {what}", where=f"--{what}", found=listed(faults, 20), expected="0 or more"
        )
    return found


def _pairs(given: Mapping[str, float], told: CountryFigures, what: str) -> Float[np.ndarray, "country country"]:
    """What was handed in by two countries, in order."""
    found = np.zeros((len(told.countries), len(told.countries)))
    for name, value in given.items():
        one, _, other = name.partition(":")
        if not (one in told.countries and other in told.countries and one != other and np.isfinite(value)):
            raise SharingError(
                "not a number by two countries",
                where=f"--{what}",
                found=repr(f"{name}={value:g}"),
                expected=f"COUNTRY:COUNTRY=USD, two among {listed(told.countries, 30)}",
            )
        found[told.countries.index(one), told.countries.index(other)] = value
    return found


def _shares(
    wanted: QuotaRequest, told: CountryFigures, capacity: Float[np.ndarray, " country"]
) -> tuple[KeyShares, Anomaly | None]:
    """Shares by the key, and what it does against its own intention."""
    if wanted.by is not None:
        wanted.by.check()
        used = replace(wanted.by, components=tuple(one for one in wanted.by.components if one.weight > 0.0))
        values = told.of(used.measures)
        return key_shares(used, values, told.countries), anomaly(used, values, told.countries)
    room = np.where(np.isfinite(capacity), capacity, OWN_CAPACITY * told.of(("population",))[:, 0])
    taken = shapley.shares(capacity_worth(room, float(wanted.total)))
    if not taken.sum() > 0.0:
        raise SharingError("nobody has room", where="--capacity", found="0 in all", expected="one above 0 at least")
    nothing = np.zeros((len(room), 0))
    return KeyShares(taken / taken.sum(), nothing, nothing.astype(bool), 0.0), None


def _others(wanted: QuotaRequest, told: CountryFigures, figures: Figures) -> dict[str, Float[np.ndarray, " country"]]:
    """Shares by every shipped key among the same countries; nothing for one that lacks a figure among them."""
    found = {}
    for name, one in keys.KEYS.items():
        given = country_figures(one.measures, wanted.year, countries=told.countries, figures=figures)
        if not given.missing:
            found[name] = key_shares(one, given.values, given.countries).share
    return found


def _uniform(wanted: QuotaRequest, told: CountryFigures) -> Float[np.ndarray, " country"] | None:
    if not wanted.offers:
        return None
    return uniform(_by_country(wanted.offers, told, 0.0, "offer"), float(wanted.total))


def _place(
    told: CountryFigures,
    share: Float[np.ndarray, " country"],
    quota: Float[np.ndarray, " country"],
    capacity: Float[np.ndarray, " country"],
) -> Hosts:
    population, gdp = told.of(SIZE).T
    return Hosts(population, gdp * MILLION / population, share, quota, capacity)


def _without_largest(place: Hosts) -> Float[np.ndarray, " country"]:
    """Quotas if the country with the largest leaves and the others take over."""
    inside = np.arange(len(place.share)) != int(np.argmax(place.quota))
    return taking_over(place.share, float(place.quota.sum()), place.capacity)(inside)


def _part(whole: Stake, kept: tuple[int, ...]) -> Stake:
    """What some countries have at stake."""
    at = list(kept)
    costs = replace(
        whole.costs,
        start=whole.costs.start[at],
        slope=whole.costs.slope[at],
        low=whole.costs.low[at],
        high=whole.costs.high[at],
    )
    return Stake(costs, whole.benefit[at], whole.fallback[at])


def _complaint(part: Stake, quota: Float[np.ndarray, " country"], names: tuple[str, ...]) -> float:
    """What the group that has most reason would save more by trading among itself [usd / year]."""
    gain = trade(part.costs, quota, names).gain
    return float(np.max(savings(part.costs, quota) - coalitions(len(names)) @ gain))


def _purse(part: Stake, hosted: float) -> float:
    """A most that no payment reaches [usd / year]: twice what all that is hosted is worth."""
    return 2.0 * float(part.benefit.sum()) * hosted
