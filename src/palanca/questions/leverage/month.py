"""Who holds how much over whom in a month, from what, and whether it can be used: always two worlds compared."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import jax.numpy as jnp
import numpy as np
from jax import Array

from palanca.bargain import shapley
from palanca.bargain.concepts import agree_on_each
from palanca.bargain.feasible import BargainProblem
from palanca.bargain.leverage import Dependence
from palanca.core.clock import Month
from palanca.core.errors import UnsettledError, UsageError
from palanca.infer.history import PreparedCase
from palanca.infer.posterior import AbstractDraws
from palanca.questions.bargaining import batched, response
from palanca.questions.bargaining.months import HORIZON
from palanca.questions.bargaining.prepared import PreparedBargain
from palanca.questions.bargaining.response import Progress, Response, Settings

SHARED_OUT = 16  # draws over which gains are shared out among issues; every subset is solved for each
LEAST_SETTLED = 0.5
ROUTINE = 1.0
# Worlds of the corridor: what the transit country does, and whether the destination's own limits go to what law allows.
STOPS = ("as recorded", "down to routine", "stops", "stops and takes nobody back", "stops, own limits used")


@dataclass(frozen=True, eq=False)
class People:
    """What would come in each world, by window; the mean over its months.

    Args:
        months: First months of the windows.
        encounters: Encounters between ports by world of `STOPS`, (window, world, origin, draw) [events / month].
        deaths: Deaths on the way, (window, world, draw) [deaths / month].
        held: People on hold at the end of the window, (window, world, draw) [people].
    """

    months: tuple[Month, ...]
    encounters: np.ndarray
    deaths: np.ndarray
    held: np.ndarray

    def more(self, world: str) -> np.ndarray:
        """Further encounters than recorded, (window, draw) [events / month]."""
        total = self.encounters.sum(axis=2)
        return total[:, STOPS.index(world)] - total[:, 0]


@dataclass(frozen=True, eq=False)
class Payoffs:
    """Leverage of the holder over the other side in one month, by draw; payoffs in the table's unit.

    Args:
        sensitivity: What the other side would lose at once if the holder stopped.
        vulnerability: The same after it has used its own means within the law.
        vulnerability_in_court: The same were its own means contested, with what courts leave of them in the mean.
        shadow_price: What one more unit of the holder's effort is worth to it.
        realised: What the dependence bought the holder in the deal of the month.
        conversion: What each party gains by putting political issues on the table, (draw, party).
        stopping: What the holder itself would gain by stopping, (draw); below 0 it would hurt itself.
        usable_share: Further arrivals at its private optimum over those if it stopped altogether [share].
    """

    sensitivity: np.ndarray
    vulnerability: np.ndarray
    vulnerability_in_court: np.ndarray
    shadow_price: np.ndarray
    realised: np.ndarray
    conversion: np.ndarray
    stopping: np.ndarray
    usable_share: np.ndarray


@dataclass(frozen=True, eq=False)
class Sharing:
    """Of which issues the parties' gains are made.

    Args:
        issues: Issues on the table that are traded.
        shares: Shapley shares, (draw, issue, party) [payoff]; not a number in draws that were not shared out.
        no_deals: Subsets without any deal, (draw), of 2 ** issues.
        moved: Largest change of any share of the holder's gain when two neighbouring issues are merged, of the whole.
        left_out: Draws left out because a search did not converge for one of their subsets.
    """

    issues: tuple[str, ...]
    shares: np.ndarray
    no_deals: np.ndarray
    moved: np.ndarray
    left_out: int


@dataclass(frozen=True, eq=False)
class LeverageOverTime:
    """Leverage through time, as `palanca leverage --over time` shows it.

    Args:
        people: What would come in each world.
        sensitivity: Loss of the other side at once if the holder stopped, (month, draw) [payoff].
        vulnerability: The same after it has used its own means, (month, draw) [payoff].
        salience: Weight of an arrival in politics, (month, draw).
        effort: Declared enforcement [multiples of routine control], (month).
    """

    people: People
    sensitivity: np.ndarray
    vulnerability: np.ndarray
    salience: np.ndarray
    effort: np.ndarray


def parties(table: PreparedBargain) -> tuple[str, str]:
    """Who holds the lever, and who depends on it: the owner of enforcement or the like, and who dislikes arrivals.

    Raises:
        UsageError: No party of the table moves arrivals.
    """
    depends = table.declared.file.arrivals.party
    rate = np.asarray(table.contexts[0].arrivals.rate).max(axis=(0, 1))
    owners = [table.base.parties[owner] for owner in table.base.owner]
    holders = [owner for owner, moves in zip(owners, rate, strict=True) if moves > 0.0 and owner != depends]
    if not holders:
        raise UsageError("nobody at this table holds back people", where=table.declared.file.title)
    return holders[0], depends


def people(
    setting: PreparedCase,
    posterior: AbstractDraws,
    table: PreparedBargain,
    months: Sequence[Month],
    *,
    key: int = 1,
    progress: Progress | None = None,
) -> People:
    """Run the corridor with the transit country's cooperation withdrawn from each month on.

    Args:
        setting: From `history.prepare`.
        posterior: Fitted parameters.
        table: Says what law allows the destination alone, and how many draws.
        months: First months of the windows.
        key: Same key, same draws as the table's.
        progress: Called with windows done and all.
    """
    free = posterior.draws(key, range(table.draws))
    by_cap: dict[float, list[Month]] = {}
    for month in months:
        by_cap.setdefault(_own_cap(setting, table, month), []).append(month)
    found: dict[Month, tuple[np.ndarray, np.ndarray, np.ndarray]] = {}
    for cap, some in by_cap.items():
        worlds = Settings.of(
            [{}, {"effort": ROUTINE}, {"effort": 0.0}, {"effort": 0.0, "returns": 0.0}, {"effort": 0.0, "own": cap}]
        )
        one: Response = response.respond(
            setting, free, posterior, some, worlds, horizon=HORIZON, progress=_added(progress, len(found), len(months))
        )
        for i, month in enumerate(some):
            found[month] = (one.encounters[i], one.deaths[i], one.held[i])
    stacked = [np.stack([found[month][k] for month in months]) for k in range(3)]
    return People(tuple(months), *stacked)


def payoffs(table: PreparedBargain, month: Month | None) -> Payoffs:
    """What the holder's cooperation is worth to the other side, and what it buys, draw by draw.

    Raises:
        UnsettledError: A search did not converge.
    """
    holder, depends = parties(table)
    context, problem, free = table.context(month), table.at(month), table.free(month)
    force = jnp.broadcast_to(jnp.asarray(context.in_force), problem.status_quo.shape)
    marks = _marks(table, holder, depends)
    found = batched.depends(problem, force, depends, *marks, problem.low)
    at = problem.parties.index(holder)
    deal = batched.each(problem, free)
    alone = batched.each(batched.without_need(problem, holder), free)
    frozen = free & np.array([issue.kind != "political" for issue in table.declared.issues.values()])
    economic = batched.each(problem, frozen)
    count = len(problem.parties)
    down = jnp.where(marks[0], problem.low, force)
    optimum = jnp.where(marks[0], jnp.minimum(problem.status_quo, force), force)
    came, stopped, usable = (batched.arrivals(problem, package) for package in (force, down, optimum))
    capable = stopped - came
    return Payoffs(
        sensitivity=np.asarray(found.sensitivity),
        vulnerability=np.asarray(found.vulnerability),
        vulnerability_in_court=_in_court(problem, found, down, context.court_share, problem.parties.index(depends)),
        shadow_price=np.asarray(found.shadow_price).sum(axis=1),
        realised=np.asarray(deal.payoffs[:, at] - alone.payoffs[:, at]),
        conversion=np.asarray(deal.payoffs[:, :count] - economic.payoffs[:, :count]),
        stopping=np.asarray(batched.payoffs(problem, down) - batched.payoffs(problem, force))[:, at],
        usable_share=np.where(capable > 0.0, (usable - came) / np.where(capable > 0.0, capable, 1.0), 0.0),
    )


def _in_court(
    problem: BargainProblem, found: Dependence, stopped: Array, court_share: np.ndarray, party: int
) -> np.ndarray:
    """Vulnerability if courts leave a share of what the party adds by its own means after the stop, (draw)."""
    weakened = stopped + jnp.asarray(court_share)[:, None] * (found.adapted - stopped)
    worse = batched.payoffs(problem, found.adapted)[:, party] - batched.payoffs(problem, weakened)[:, party]
    return np.minimum(
        np.asarray(found.vulnerability) + np.maximum(np.asarray(worse), 0.0), np.asarray(found.sensitivity)
    )


def sharing(table: PreparedBargain, month: Month | None, draws: int = SHARED_OUT) -> Sharing:
    """Share out the gains of the month's deal among the traded issues, for the first draws of the table.

    Raises:
        UnsettledError: Searches did not converge in half of the draws or more.
    """
    problem, free = table.at(month), table.free(month)
    traded = free & np.array([issue.traded for issue in table.declared.issues.values()])
    places = np.flatnonzero(traded)
    masks = np.tile(free & ~traded, (2**places.size, 1))
    masks[:, places] = shapley.subsets(places.size)
    holder, count = problem.parties.index(parties(table)[0]), min(draws, table.draws)
    shares = np.full((table.draws, places.size, len(problem.parties)), np.nan)
    none, moved = np.full((2, table.draws), np.nan)
    lost: UnsettledError | None = None
    for draw in range(count):
        try:
            found = agree_on_each(batched.one_of(problem, draw), jnp.asarray(masks))
        except UnsettledError as fault:
            lost = fault
            continue
        worth = np.asarray(found.gains)
        shares[draw] = shapley.shares(worth)
        none[draw] = (~np.asarray(found.agreed)).sum()
        moved[draw] = _moved(worth[:, holder], shares[draw, :, holder])
    settled = int(np.isfinite(none).sum())
    if lost is not None and settled < LEAST_SETTLED * count:
        raise lost
    return Sharing(tuple(problem.issues[k] for k in places), shares, none, moved, count - settled)


def course(
    setting: PreparedCase,
    posterior: AbstractDraws,
    table: PreparedBargain,
    *,
    key: int = 1,
    progress: Progress | None = None,
) -> LeverageOverTime:
    """Leverage in every month that the table was made ready for."""
    months = [context.month for context in table.contexts if context.month is not None]
    found = people(setting, posterior, table, months, key=key, progress=progress)
    sensitivity, vulnerability = losses(table)
    return LeverageOverTime(
        people=found,
        sensitivity=sensitivity,
        vulnerability=vulnerability,
        salience=np.stack([context.salience for context in table.contexts]),
        effort=enforcement(table),
    )


def losses(table: PreparedBargain) -> tuple[np.ndarray, np.ndarray]:
    """Loss of the other side if the holder stopped, at once and after its own means, (month, draw) [payoff]."""
    holder, depends = parties(table)
    marks = _marks(table, holder, depends)
    found = []
    for context in table.contexts:
        problem = table.at(context.month)
        force = jnp.broadcast_to(jnp.asarray(context.in_force), problem.status_quo.shape)
        found.append(batched.depends(problem, force, depends, *marks, problem.low))
    at_once, after = ([np.asarray(getattr(one, name)) for one in found] for name in ("sensitivity", "vulnerability"))
    return np.stack(at_once), np.stack(after)


def enforcement(table: PreparedBargain) -> np.ndarray:
    """Declared enforcement of the transit country, (month) [multiples of routine control]."""
    place = list(table.declared.issues).index(_effort(table))
    return np.array([context.in_force[place] for context in table.contexts])


def change(values: np.ndarray, months: Sequence[Month], after: Sequence[Month], before: Sequence[Month]) -> np.ndarray:
    """Mean over some months less that over others, by draw.

    Args:
        values: By month, (month, draw).
        months: Months of `values`.
        after: The later months.
        before: The earlier months.
    """
    held = dict(zip(months, values, strict=True))
    later, earlier = (np.mean([held[month] for month in some], axis=0) for some in (after, before))
    return np.asarray(later - earlier)


def _marks(table: PreparedBargain, holder: str, depends: str) -> tuple[np.ndarray, np.ndarray]:
    """Issues that would stop, and those with which the other side can adapt."""
    owners = np.array([table.base.parties[owner] for owner in table.base.owner])
    effort = np.array([name == _effort(table) for name in table.declared.issues])
    own = np.array([not issue.traded for issue in table.declared.issues.values()])
    return effort & (owners == holder), own & (owners == depends)


def _effort(table: PreparedBargain) -> str:
    """The issue that is the transit country's enforcement: it has the lever, or moves arrivals most."""
    for name, issue in table.declared.issues.items():
        if issue.lever == "effort":
            return name
    holder, _ = parties(table)
    rate = np.asarray(table.contexts[0].arrivals.rate).max(axis=(0, 1)) * np.asarray(table.base.high)[0]
    mine = np.array([table.base.parties[owner] == holder for owner in table.base.owner])
    return table.base.issues[int(np.argmax(rate * mine))]


def _own_cap(setting: PreparedCase, table: PreparedBargain, month: Month) -> float:
    """The destination's own limits as far as law allows in a month; never less than what was in force."""
    caps = table.declared.caps(month)
    named = [name for name, issue in table.declared.issues.items() if issue.lever == "own"]
    recorded = response.levels(setting.inputs, setting.case.span.span.position(month))["own"]
    return max([recorded, *(caps[name] for name in named)])


def _moved(worth: np.ndarray, plain: np.ndarray) -> float:
    """Largest change of a share when two neighbouring issues are merged, of the whole gain."""
    count, whole = plain.size, max(abs(float(worth[-1])), 1e-12)
    moved = 0.0
    for a in range(count - 1):
        groups = [[k] for k in range(count) if k not in (a, a + 1)] + [[a, a + 1]]
        coarse = shapley.shares(shapley.merged(worth, groups))
        off = np.append(coarse[:-1] - np.delete(plain, [a, a + 1]), coarse[-1] - plain[a] - plain[a + 1])
        moved = max(moved, float(np.max(np.abs(off))) / whole)
    return moved


def _added(progress: Progress | None, done: int, windows: int) -> Progress | None:
    if progress is None:
        return None

    def tell(so_far: int, some: int) -> None:
        progress(done + so_far * max(windows - done, 0) // max(some, 1), windows)

    return tell
