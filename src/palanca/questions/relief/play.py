"""Plays a declared relief on conditions under many draws of what is believed: who keeps what, what goes, when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array

from palanca.bargain import clauses, snapback
from palanca.bargain.clauses import Office
from palanca.bargain.snapback import Conditional, ReliefPath, Stakes
from palanca.core.errors import UsageError
from palanca.data.read import read
from palanca.kernel import keys
from palanca.spec.relief import Relief
from palanca.spec.uncertain import Uncertain

Numbers = Mapping[str, np.ndarray]  # one number a draw, by the belief's place in the file
BATCH = 50  # draws played at a time: bounds what is held in memory
MOST_MONTHS = 36


@dataclass(frozen=True)
class ReliefTerms:
    """How a variant differs from what is declared.

    Args:
        migration: Multiplies the nationality's share of encounters.
        asked: Multiplies how hard the transit country asks.
        clock: Whether a licence on its last day can be let lapse at less than the cost of withdrawing it.
        distrust: Whether the government under conditions expects relief to go however it behaves.
        bundled: Whether all clauses stand and fall together.
        swapped: Two clauses whose slices change places.
        dated: Whether clauses fall due when they are declared to, and not all at once.
        priced: Whether giving relief back, and withdrawing what no breach was seen of, have a price.
    """

    migration: float = 1.0
    asked: float = 1.0
    clock: bool = True
    distrust: bool = False
    bundled: bool = False
    swapped: tuple[str, str] | None = None
    dated: bool = True
    priced: bool = True

    def due(self, setting: ReliefSetting) -> np.ndarray:
        """Month of the game in which each clause falls due, the first being 1; a bundle with its first clause."""
        months = np.array(list(setting.relief.due().values())) if self.dated else np.ones(len(setting.relief.clauses))
        return months.min(keepdims=True) if self.bundled else months


@dataclass(frozen=True)
class ReliefSetting:
    """A relief with draws of every belief.

    Args:
        relief: What is declared.
        months: Months played.
        numbers: Draws of every belief.
        share: The nationality's share of encounters before relief began [share].
    """

    relief: Relief
    months: int
    numbers: Numbers
    share: float

    @property
    def clock(self) -> int:
        """Month of the game in which the dear slice's licence ends, or the last month if it has no term."""
        return min(self.relief.clocks().get(self.relief.file.reading.large, self.months), self.months)

    def each(self, field: str) -> np.ndarray:
        """A number of every clause, as (draw, clause)."""
        return np.stack([self.numbers[f"clauses.{name}.{field}"] for name in self.relief.clauses], axis=-1)

    def place(self, clause: str) -> int:
        """Place of a clause among all."""
        return list(self.relief.clauses).index(clause)


def prepare(relief: Relief, months: int = 12, draws: int = 400, key: int = 1) -> ReliefSetting:
    """Draw every belief and read the share of encounters.

    Args:
        relief: What is declared.
        months: Months to play.
        draws: How many draws.
        key: Key of the draws; a belief's draws depend on the key and its place in the file alone.

    Raises:
        SeriesError: The series of encounters is not in the catalogue.
        UsageError: It does not hold the origin or the months; or there are too few or too many months to play.
    """
    if not 1 <= months <= MOST_MONTHS:
        raise UsageError(
            "cannot play so many months", where="months", found=str(months), expected=f"1 to {MOST_MONTHS}"
        )
    numbers = {place: _drawn(place, belief, draws, key) for place, belief in relief.beliefs().items()}
    return ReliefSetting(relief, months, numbers, share_before(relief))


def share_before(relief: Relief) -> float:
    """The nationality's share of encounters in the whole months before relief began: what was known then [share].

    Raises:
        SeriesError: The series is not in the catalogue.
        UsageError: It does not hold the origin or the months.
    """
    wanted = relief.file.migration
    figures = read(wanted.series)
    last = relief.file.start.month + (-1)
    first = last + (1 - wanted.months)
    kept = figures.sel(month=slice(str(first), str(last)))
    if "origin" not in figures.dims or wanted.origin not in figures.origin or kept.sizes["month"] < wanted.months:
        raise UsageError(
            "no share of encounters to read",
            where="migration",
            found=f"{wanted.series}, {wanted.origin}, {first} to {last}",
            expected="a series by month and origin that holds them",
            way_out="`palanca data show ID` prints a series' origins and months.",
        )
    return float(kept.sel(origin=wanted.origin).sum() / kept.sum())


def play(setting: ReliefSetting, terms: ReliefTerms | None = None) -> ReliefPath:
    """The course of the game in every draw, as arrays of (draw, month, ...).

    Args:
        setting: What is declared, drawn.
        terms: How a variant differs; as declared if left out.
    """
    return _played(*_inputs(setting, terms or ReliefTerms()))


def costs(setting: ReliefSetting, terms: ReliefTerms) -> np.ndarray:
    """What withdrawing a unit of each slice costs the destination by month [payoff per unit of relief].

    Returns:
        Costs as (draw, month, clause). In the month in which a licence ends, what is left of them.
    """
    numbers, relief = setting.numbers, setting.relief
    part = {name.removeprefix("snap_cost."): value for name, value in numbers.items() if name.startswith("snap_cost.")}
    shared = part["migration"] * setting.share * terms.migration + part["advocacy"] * part["asked"] * terms.asked
    oil = np.array([clause.slice.oil for clause in relief.clauses.values()], dtype=float)
    losses = shared[:, None] + part["oil_price"][:, None] * oil
    away = np.array([relief.months_to_election(month) for month in range(1, setting.months + 1)])
    found = np.array(
        clauses.snap_cost(
            losses[:, None, :], away[None, :, None], part["lift"][:, None, None], part["spell"][:, None, None]
        )
    )
    for name, month in relief.clocks().items() if terms.clock else ():
        if month <= setting.months:
            found[:, month - 1, setting.place(name)] *= part["lapse"]
    return found


def _drawn(place: str, believed: Uncertain, draws: int, key: int) -> np.ndarray:
    return np.array([believed.at(float(noise)) for noise in keys.normals(key, f"relief/{place}", range(draws), ())])


def _inputs(
    setting: ReliefSetting, terms: ReliefTerms
) -> tuple[Conditional, Office, Stakes, np.ndarray, dict[str, np.ndarray]]:
    """What the game takes, each with its draws first.

    The game has one precision and one size of relief for both sides. A government's choices depend on its precision
    times its payoffs, so the destination's payoffs are scaled by the ratio of the two precisions; and relief that the
    other side half trusts is smaller to that side alone, so what the destination has per unit of it is scaled back.
    """
    file, numbers = setting.relief.file, setting.numbers
    precision = numbers[f"parties.{file.conditioned}.precision"]
    ratio = numbers[f"parties.{file.destination}.precision"] / precision
    trusted = 1.0 - numbers["office.distrust"] * float(terms.distrust)
    cost, size = costs(setting, terms), setting.each("slice.size")
    if terms.swapped is not None:
        a, b = map(setting.place, terms.swapped)
        order = np.arange(size.shape[1])
        order[[a, b]] = order[[b, a]]
        cost, size = cost[..., order], size[:, order]
    deal = [setting.each(name) for name in ("survival_cost", "seen_chance", "worth")]
    if terms.bundled:
        cost = np.sum(cost * size[:, None, :], axis=-1, keepdims=True) / size.sum(axis=-1)[:, None, None]
        size = size.sum(axis=-1, keepdims=True)
        deal = [
            deal[0].sum(-1, keepdims=True),
            1 - (1 - deal[1]).prod(-1, keepdims=True),
            deal[2].sum(-1, keepdims=True),
        ]
    stakes = {name.removeprefix("stakes."): value for name, value in numbers.items() if name.startswith("stakes.")}
    prices = {
        name: stakes.get(name, np.zeros_like(ratio)) * float(terms.priced) * ratio / trusted
        for name in ("restore_cost", "word")
    }
    due = np.broadcast_to(terms.due(setting).astype(float), size.shape)
    return (
        Conditional(deal[0], size * trusted[:, None], deal[1], deal[2] * ratio[:, None], due),
        Office(numbers["office.worth"], numbers["office.revenue"], np.zeros_like(ratio)),
        Stakes(
            relief_cost=stakes["relief_cost"] * ratio / trusted,
            resolve=stakes["resolve"] * ratio / trusted,
            flights=stakes["flights"] * ratio,
            standing=stakes["standing"],
            retort=stakes["retort"] / trusted,
            **prices,
        ),
        cost * (ratio / trusted)[:, None, None],
        {
            "patience_conditioned": numbers[f"parties.{file.conditioned}.patience"],
            "patience_destination": numbers[f"parties.{file.destination}.patience"],
            "precision": precision,
            "ratio": ratio,
            "trusted": trusted,
        },
    )


@jax.jit
def _played(deal: Conditional, office: Office, stakes: Stakes, cost: Array, how: dict[str, Array]) -> ReliefPath:
    def one(drawn: tuple[Conditional, Office, Stakes, Array, dict[str, Array]]) -> ReliefPath:
        deal, office, stakes, cost, how = drawn
        found = snapback.play(
            deal,
            office,
            stakes,
            _by_change(cost, jnp.asarray(deal.relief)),
            patience_conditioned=how["patience_conditioned"],
            patience_destination=how["patience_destination"],
            precision=how["precision"],
        )
        back = {
            "relief": found.relief / how["trusted"],
            "value_destination": found.value_destination / how["ratio"],
        }
        return ReliefPath(**{**vars(found), **back})

    return jax.lax.map(one, (deal, office, stakes, cost, how), batch_size=BATCH)


def _by_change(cost: Array, size: Array) -> Array:
    """Cost per unit of all relief withdrawn, by month and by the sets of slices in force before and after.

    The game multiplies a month's cost by the relief withdrawn in each change from set to set; where slices differ in
    what withdrawing a unit of them costs, the mean over those withdrawn makes the product come out right.
    """
    sets = jnp.asarray(clauses.subsets(size.shape[0]))
    gone = sets[:, None, :] & ~sets[None, :, :]
    lost = jnp.einsum("fac,mc->mfa", gone.astype(float), cost * size)
    withdrawn = gone @ size
    return jnp.where(withdrawn > 0.0, lost / jnp.where(withdrawn > 0.0, withdrawn, 1.0), 0.0)
