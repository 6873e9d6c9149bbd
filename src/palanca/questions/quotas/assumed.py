"""What is assumed of costs and worths of hosting, which nobody publishes: ranges, and draws from them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import log
from types import MappingProxyType

import numpy as np
from jaxtyping import Float

from palanca.core.errors import SharingError
from palanca.core.wording import listed, nearest
from palanca.kernel import keys
from palanca.sharing.market import Costs
from palanca.sharing.participation import Stake
from palanca.show.estimate import Inputs

PER_THOUSAND = 1e-3
MAY_BE_NOTHING = ("worth", "by_size")


@dataclass(frozen=True)
class Range:
    """A number that is judged to lie within a range.

    Attributes:
        name: What it is called.
        least: Least value.
        most: Greatest value.
        unit: Its unit.
        says: What it is.
        in_logs: Whether values are spread evenly in logs.
    """

    name: str
    least: float
    most: float
    unit: str
    says: str
    in_logs: bool = False

    def draw(self, key: int, draws: int) -> Float[np.ndarray, " draw"]:
        """Values spread evenly over the range; the first draws do not depend on how many there are."""
        even = np.array([keys.stream(key, "quotas", self.name, draw).random() for draw in range(draws)])
        if self.in_logs:
            return np.exp(log(self.least) + even * log(self.most / self.least))
        return self.least + even * (self.most - self.least)


RANGES: Mapping[str, Range] = MappingProxyType(
    {
        one.name: one
        for one in (
            Range("first_cost", 0.25, 1.0, "share", "what hosting one person costs in a year, of output per head"),
            Range(
                "doubling",
                1.0,
                10.0,
                "per thousand",
                "people taken in per thousand inhabitants at which one more costs twice as much as the first",
                True,
            ),
            Range(
                "worth",
                0.5,
                2.0,
                "share",
                "what a person hosted is worth to all countries together, of what hosting by the key costs a person",
            ),
            Range(
                "by_size",
                0.0,
                1.0,
                "share",
                "how much of that worth is divided by output; the rest by the key",
            ),
        )
    }
)


@dataclass(frozen=True)
class Hosts:
    """What costs are worked out from.

    Attributes:
        population: Inhabitants [people].
        output: Output per head and year [usd].
        share: Share by the key [share].
        quota: Quotas [people].
        capacity: Most that each can host [people].
    """

    population: Float[np.ndarray, " country"]
    output: Float[np.ndarray, " country"]
    share: Float[np.ndarray, " country"]
    quota: Float[np.ndarray, " country"]
    capacity: Float[np.ndarray, " country"]


def drawn(key: int, draws: int, given: Mapping[str, float]) -> Inputs:
    """Draws of everything assumed; a number that was given stands in every draw.

    Raises:
        SharingError: There is no such number, or it is not above 0.
    """
    for name, value in given.items():
        if name not in RANGES:
            hint = nearest(name, RANGES)
            raise SharingError(
                "nothing is assumed by this name",
                where="--assume",
                found=repr(name),
                expected=f"one of {listed(RANGES)}",
                way_out=f"Did you mean {hint!r}?" if hint else "",
            )
        if not (np.isfinite(value) and value >= 0.0 and (value > 0.0 or name in MAY_BE_NOTHING)):
            raise SharingError(
                "not a value for what is assumed", where="--assume", found=f"{name}={value:g}", expected="above 0"
            )
    rows = [np.full(draws, given[name]) if name in given else one.draw(key, draws) for name, one in RANGES.items()]
    return Inputs(tuple(RANGES), np.stack(rows))


def stake(place: Hosts, values: Mapping[str, float]) -> Stake:
    """Costs and worths by one draw of what is assumed.

    Args:
        place: Figures of the countries.
        values: Value of each range, by name.

    Reference:
        start_j = first_cost output_j; slope_j = start_j / (doubling population_j / 1000), so that the cost of one more
        has doubled there; benefit_i = worth (mean marginal cost by the key) (by_size GDP share_i + (1 - by_size) key
        share_i).
    """
    start = values["first_cost"] * place.output
    slope = start / (values["doubling"] * PER_THOUSAND * place.population)
    costs = Costs(start, slope, np.zeros(len(start)), place.capacity)
    whole = float(place.share @ costs.marginal(place.quota))
    gdp = place.output * place.population
    divided = values["by_size"] * gdp / gdp.sum() + (1.0 - values["by_size"]) * place.share
    return Stake(costs, values["worth"] * whole * divided, np.zeros(len(start)))
