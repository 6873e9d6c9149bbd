"""What each member takes on in a world: people, what they cost, who would be better off, and what would hold it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from palanca.data.read import Figures
from palanca.questions.share import run
from palanca.questions.share.division import SchemeDivision, curves, paid
from palanca.questions.share.run import DEFECTS, RECORD, SCHEME, Shared
from palanca.questions.share.setup import Terms
from palanca.sharing import inequality, participation
from palanca.spec.schema import Case

SERIES = "asylum_applications"
YEARLY = ("let_in", "evaded", "admitted", "appointments", "settled")


@dataclass(frozen=True, eq=False)
class Hosted:
    """People that members take on in a year in one world.

    Attributes:
        lawful: Placed by the scheme, or let in by parole [people / year].
        irregular: Who came by the road and stays [people / year].
        elsewhere: Asylum applications as published, the same in every world [people / year].
    """

    lawful: Float[np.ndarray, "member draw"]
    irregular: Float[np.ndarray, "member draw"]
    elsewhere: Float[np.ndarray, " member"]

    @property
    def people(self) -> Float[np.ndarray, "member draw"]:
        """All of them [people / year]."""
        return self.lawful + self.irregular + self.elsewhere[:, None]


@dataclass(frozen=True, eq=False)
class HeldTogether:
    """Transfers with which every member stays, draw by draw.

    Attributes:
        holds: Whether there are any, 1 or 0, (draw).
        bill: Money that changes hands [usd / year], (draw).
        slack: What is left when all have what they must have; below 0 no transfer helps [usd / year], (draw).
        paid: What each pays; below 0 where it is paid [usd / year].
    """

    holds: Float[np.ndarray, " draw"]
    bill: Float[np.ndarray, " draw"]
    slack: Float[np.ndarray, " draw"]
    paid: Float[np.ndarray, "member draw"]


@dataclass(frozen=True, eq=False)
class MemberStakes:
    """What a scheme is worth to each member, against the record.

    Attributes:
        cost: What hosting costs, by world [usd / year].
        gain: What each saves by the scheme and what protection elsewhere is worth to it, less payments [usd / year].
        paid: What each pays in the market for quotas; below 0 where it is paid [usd / year].
        leaving: What each wins by leaving alone, the others going on [usd / year].
        no_loss: Transfers with which nobody loses.
        no_exit: Transfers with which nobody wins by leaving alone.
    """

    cost: dict[str, Float[np.ndarray, "member draw"]]
    gain: Float[np.ndarray, "member draw"]
    paid: Float[np.ndarray, "member draw"]
    leaving: Float[np.ndarray, "member draw"]
    no_loss: HeldTogether
    no_exit: HeldTogether


def published(figures: Figures, shared: Shared, transit: str) -> Float[np.ndarray, " member"]:
    """Yearly asylum applications in members off the corridor, mean of the years run as far as published."""
    members = shared.setting.scheme.file.members
    series = figures.read(SERIES)
    years = {month.year for month in shared.months} & {int(year) for year in series["year"].values}
    found = np.zeros(len(members))
    for at, code in enumerate(members):
        if at and code != transit and years and code in series["country"].values:
            values = np.asarray(series.sel(country=code, year=sorted(years)).values, dtype=float)
            found[at] = float(np.nanmean(values)) if np.isfinite(values).any() else 0.0
    return found


def placed(shared: Shared, world: str, terms: Terms) -> Float[np.ndarray, "origin member draw"]:
    """People placed in a year, by origin and member.

    Where members decide together, those accepted go to members in proportion to their places, or to the hosts that a
    procedure names; where each decides alone, to whoever accepted them.
    """
    setting, block = shared.setting, shared.numbers[world]
    hosts = setting.keeping(terms)
    yearly = block["placed"].sum(axis=0) / shared.years
    found = np.zeros((yearly.shape[1], len(hosts), yearly.shape[2]))
    members = setting.scheme.file.members
    for line, people in zip(shared.lines[world], yearly, strict=True):
        if line.member:
            found[:, members.index(line.member)] += people
        else:
            found += people[:, None] * setting.hosts(line.procedure, terms)[None, :, None]
    return found


def hosted(shared: Shared, world: str, terms: Terms, elsewhere: np.ndarray) -> Hosted:
    """People that members take on in a year.

    The destination has those let in, those who crossed unseen and those paroled; the transit country those who ask
    asylum there; every other member what is published; and all have those whom the scheme places with them.
    """
    case, members = shared.setting.scheme.case, shared.setting.scheme.file.members
    lawful = placed(shared, world, terms).sum(axis=0)
    irregular = np.zeros_like(lawful)
    yearly = {name: shared.total(world, name) / shared.years for name in YEARLY}
    lawful[0] += yearly["admitted"] - yearly["appointments"]
    irregular[0] += yearly["let_in"] + yearly["evaded"]
    transit = transit_of(case)
    if transit in members:
        irregular[members.index(transit)] += yearly["settled"]
    return Hosted(lawful, irregular, elsewhere)


def transit_of(case: Case) -> str:
    """Code of the country in transit."""
    return next(code for code, country in case.countries.items() if country.role == "transit")


def uneven(one: Hosted, division: SchemeDivision) -> tuple[Float[np.ndarray, " draw"], Float[np.ndarray, " draw"]]:
    """Gini coefficient and Theil index of the people taken on, against the key."""
    return inequality.gini(one.people, division.key.share), inequality.theil(one.people, division.key.share)


def stakes(shared: Shared, worlds: dict[str, Hosted], division: SchemeDivision) -> MemberStakes:
    """What a scheme is worth to each member, draw by draw.

    A member that leaves alone keeps nobody whom the scheme placed with it, and its places are lost. Only where the
    destination leaves is the world another: that of the variant `DEFECTS`.

    Args:
        shared: The worlds.
        worlds: People that members take on in the record, under the scheme, and where the destination leaves.
        division: Quotas.
    """
    setting = shared.setting
    first, rise = setting.number("costs.first"), setting.number("costs.rise")
    start, slope = curves(division, first, rise)
    worth = setting.number("costs.worth") * first

    def cost(people: np.ndarray) -> np.ndarray:
        return start * people + 0.5 * slope * people**2

    def bears(one: Hosted) -> np.ndarray:
        return one.lawful + setting.number("costs.arrival") * one.irregular + one.elsewhere[:, None]

    costs = {name: cost(bears(one)) for name, one in worlds.items()}
    protected = {name: _protected(shared, name) for name in worlds}
    payments = paid(division, first, rise)
    gain = costs[RECORD] - costs[SCHEME] + worth * (protected[SCHEME] - protected[RECORD]) - payments
    places = placed(shared, SCHEME, Terms()).sum(axis=0)
    alone = bears(worlds[SCHEME])
    leaving = cost(alone) - cost(np.maximum(alone - places, 0.0)) - worth * places + payments
    outside = costs[RECORD][0] - costs[DEFECTS][0] + worth * (protected[DEFECTS] - protected[RECORD])
    leaving[0] = outside - gain[0]
    return MemberStakes(costs, gain, payments, leaving, _held(gain, np.zeros_like(gain)), _held(gain, gain + leaving))


def _held(gain: np.ndarray, least: np.ndarray) -> HeldTogether:
    """Transfers that leave every member with what it must have, draw by draw."""
    found = [participation.hold(gain[:, draw], least[:, draw]) for draw in range(gain.shape[1])]
    return HeldTogether(
        np.array([float(one.holds) for one in found]),
        np.array([one.bill for one in found]),
        np.array([one.slack for one in found]),
        np.stack([one.paid for one in found], axis=1),
    )


def _protected(shared: Shared, world: str) -> Float[np.ndarray, " draw"]:
    """People admitted lawfully in a year: by procedures, appointments and parole."""
    block = shared.numbers[world]
    return np.asarray((block["placed"].sum(axis=(0, 1, 2)) + block["admitted"].sum(axis=0)) / shared.years)


def leverage(shared: Shared, world: str) -> Float[np.ndarray, "probe draw"]:
    """More encounters a month had the transit country stopped for some months, by the month it stops."""
    usual = shared.numbers[world]["encounters"]
    found = []
    for probe in shared.probes:
        at = shared.months.index(probe)
        rows = slice(at, at + run.PROBED)
        found.append((shared.numbers[run.stopped(world, probe)]["encounters"][rows] - usual[rows]).mean(axis=0))
    return np.array(found).reshape(len(found), usual.shape[-1])
