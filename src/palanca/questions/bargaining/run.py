"""Bargain mode: from a month on governments choose effort, returns and favours by bargaining, quarter by quarter.

Each quarter the corridor itself says what would come at every setting from the world as it stands; the public heeds
what came; if more came than people are used to, the destination asks, and the parties strike the deal of the bargaining
core; else what was agreed fades. Then the corridor goes on under it. History's surprises are kept throughout.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array

from palanca.bargain.feasible import BargainProblem
from palanca.core.clock import Month
from palanca.core.errors import UsageError
from palanca.infer import politics as public
from palanca.infer.history import PreparedCase
from palanca.infer.politics import Politics
from palanca.infer.posterior import AbstractDraws
from palanca.kernel.keys import normals
from palanca.model.outcomes import on_hold
from palanca.model.world import Shocks, World
from palanca.politics.attention import Heeding, Mind, settled, share_from_half_life, step
from palanca.politics.hosting import Host, price
from palanca.questions.bargaining import emulator, procedure, response
from palanca.questions.bargaining.prepared import Context, PreparedBargain, court_share, flow_of
from palanca.questions.bargaining.response import Progress, Response, Settings
from palanca.spec import protocol

QUARTER = 3
WARM = 24  # months of history from which the public's usual is worked out
HALF_LIFE, HALF_LIFE_SD = (
    8.0,
    0.4,
)  # of effort that nobody renews: 26,916 deployed in October 2019, 7,348 in January 2021
ALL_ON = frozenset({"asks", "fade", "attention", "clock", "hosting", "own limits", "linkage", "need", "threats"})


@dataclass(frozen=True, eq=False)
class BargainingRun:
    """A corridor whose governments bargain, beside history.

    Args:
        months: The months of the run.
        quarters: First months of the quarters.
        issues: Names.
        encounters: Encounters between ports (month, draw) [events / month].
        history: The same as recorded, from the same surprises (month, draw).
        effort: Enforcement in force (quarter, draw) [multiples of routine control].
        declared: Enforcement as the record declares it (quarter).
        packages: What was in force (quarter, draw, issue) [unit of issue].
        asked: Whether the destination asked (quarter, draw).
        struck: Whether a deal was struck (quarter, draw).
        salience: Weight of an arrival in politics (quarter, draw).
        deaths: Deaths on the way (month, draw) [deaths / month].
        held: People on hold (month, draw) [people].
        unsettled: Searches that did not converge; what was in force faded there instead.
    """

    months: tuple[Month, ...]
    quarters: tuple[Month, ...]
    issues: tuple[str, ...]
    encounters: np.ndarray
    history: np.ndarray
    effort: np.ndarray
    declared: np.ndarray
    packages: np.ndarray
    asked: np.ndarray
    struck: np.ndarray
    salience: np.ndarray
    deaths: np.ndarray
    held: np.ndarray
    unsettled: int


class _Held(NamedTuple):
    """What a run keeps from quarter to quarter."""

    world: World
    mind: Mind
    package: np.ndarray
    came: np.ndarray


class _Fixed(NamedTuple):
    """What a run keeps throughout."""

    setting: PreparedCase
    table: PreparedBargain
    shocks: Shocks
    values: dict[str, Array]
    politics: Politics
    heeding: Heeding
    kept: np.ndarray
    key: int
    on: frozenset[str]


def run(
    setting: PreparedCase,
    posterior: AbstractDraws,
    table: PreparedBargain,
    span: tuple[Month, Month],
    *,
    key: int = 1,
    on: frozenset[str] = ALL_ON,
    push: float = 1.0,
    progress: Progress | None = None,
) -> BargainingRun:
    """Let governments bargain from a month on.

    Args:
        setting: From `history.prepare`.
        posterior: Fitted parameters.
        table: The bargaining table, made ready for any month with as many draws as wanted.
        span: First and last month; whole quarters are run.
        key: The table's key.
        on: Mechanisms of `ALL_ON` that act.
        push: Factor on everybody's surprises from the first month on, to see how much of a rise is answered.
        progress: Called with quarters done and all.

    Raises:
        UsageError: The months lie outside the case, too early in it, or hold no quarter.
    """
    quarters = _quarters(setting, span)
    free = posterior.draws(key, range(table.draws))
    values = posterior.layout.constrain(jnp.asarray(free))
    worlds, shocks = response.starts(setting.inputs, values)
    first = setting.case.span.span.position(quarters[0])
    later = (np.arange(len(setting.case.span.span)) >= first)[:, None, None]
    pushed = replace(shocks, factor=jnp.where(later, shocks.factor * push, shocks.factor))
    politics = public.fitted(setting.case.case)
    given = _Fixed(
        setting,
        table,
        pushed,
        values,
        politics,
        _heeding(politics, table.draws, key),
        _lasting(table.draws, key),
        key,
        on,
    )
    start = jax.tree.map(lambda x: x[first], worlds)
    before = np.asarray(worlds.encounters)[first - WARM : first + 1]
    at = _Held(start, _used_to(before, given.heeding), _quo(table), before[-QUARTER:].mean(axis=0))
    rows: list[dict[str, np.ndarray]] = []
    for done, quarter in enumerate(quarters):
        at, row = _quarter(given, at, quarter)
        rows.append(row)
        if progress is not None:
            progress(done + 1, len(quarters))
    return _gathered(given, quarters, rows, np.asarray(worlds.encounters))


def answered(base: BargainingRun, pushed: BargainingRun, frozen: np.ndarray) -> np.ndarray:
    """Share of a lasting rise in arrivals that the answer to it takes back, by draw.

    Args:
        base: Governments bargain.
        pushed: The same, surprises raised.
        frozen: Log rise of arrivals with what was in force frozen at `base` (draw) [log points].

    Returns:
        1 less the log rise that remains over the log rise without an answer [share].
    """
    half = len(base.months) // 2
    rise = np.log(pushed.encounters[half:].sum(axis=0) / base.encounters[half:].sum(axis=0))
    return np.asarray(1.0 - rise / frozen)


def frozen_rise(
    setting: PreparedCase,
    posterior: AbstractDraws,
    table: PreparedBargain,
    base: BargainingRun,
    *,
    key: int = 1,
    push: float,
) -> np.ndarray:
    """Log rise of arrivals over the later half when surprises rise and what was in force stays as in `base`, (draw)."""
    free = posterior.draws(key, range(table.draws))
    values = posterior.layout.constrain(jnp.asarray(free))
    worlds, shocks = response.starts(setting.inputs, values)
    first = setting.case.span.span.position(base.quarters[0])
    later = (np.arange(len(setting.case.span.span)) >= first)[:, None, None]
    pushed = replace(shocks, factor=jnp.where(later, shocks.factor * push, shocks.factor))
    world, came = jax.tree.map(lambda x: x[first], worlds), []
    for number, quarter in enumerate(base.quarters):
        settings = _settings(table, base.packages[number])
        place = jnp.asarray(setting.case.span.span.position(quarter))
        world, record = response.advance(setting.inputs, world, pushed, values, settings, place, QUARTER)
        came.append(np.asarray(record["encounters"]).sum(axis=1))
    half = len(base.months) // 2
    total = np.concatenate(came)[half:].sum(axis=0)
    return np.asarray(np.log(total / base.encounters[half:].sum(axis=0)))


def _quarter(given: _Fixed, at: _Held, quarter: Month) -> tuple[_Held, dict[str, np.ndarray]]:
    """One quarter: what would come, whether the destination asks, what is agreed, and what then comes."""
    setting, table = given.setting, given.table
    place = jnp.asarray(setting.case.span.span.position(quarter))
    context = _context(given, at, quarter, place)
    seat = replace(table, contexts=(context,))
    problem = seat.at(quarter, threatened="threats" in given.on)
    quo = np.asarray(problem.status_quo)
    package, agreed, fine = _deal(given, seat, quarter, problem)
    heard = np.log(at.came) > np.asarray(at.mind.log_usual)
    asked = heard if "asks" in given.on else np.ones_like(heard)
    struck = asked & fine & agreed
    kept = given.kept**QUARTER if "fade" in given.on else np.ones_like(given.kept)
    faded = quo + (at.package - quo) * kept[:, None]
    force = np.where(struck[:, None], package, np.clip(faded, np.asarray(problem.low), np.asarray(problem.high)))
    settings = _settings(table, force)
    world, record = response.advance(setting.inputs, at.world, given.shocks, given.values, settings, place, QUARTER)
    monthly = np.asarray(record["encounters"]).sum(axis=1)
    mind = at.mind
    for month in monthly:
        mind = step(mind, jnp.asarray(np.maximum(month, 1.0)), given.heeding)
    row = {
        "encounters": monthly,
        "deaths": np.asarray(record["deaths"]),
        "held": np.asarray(record["held"]),
        "package": force,
        "asked": asked,
        "struck": struck,
        "salience": context.salience,
        "unsettled": np.array(int((~fine).sum())),
    }
    return _Held(world, mind, force, monthly.mean(axis=0)), row


def _deal(
    given: _Fixed, seat: PreparedBargain, quarter: Month, problem: BargainProblem
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The package of the quarter's protocol, whether any silo ends in a deal, and whether every search converged."""
    free, how = seat.free(quarter), protocol.in_force(seat.declared, quarter)
    if how.form == "ultimatum" and "threats" not in given.on:
        how = procedure.NASH
    silos = [free]
    if "linkage" not in given.on:
        kinds = np.array([issue.kind for issue in seat.declared.issues.values()])
        silos = [free & (kinds == kind) for kind in dict.fromkeys(kinds)]
    quo = np.asarray(problem.status_quo)
    package, agreed, fine = quo.copy(), np.zeros(len(quo), bool), np.ones(len(quo), bool)
    for silo in silos:
        outcome = procedure.under(seat, problem, quarter, how, free=silo)
        here, sound = np.asarray(outcome.agreed), np.asarray(outcome.settled)
        moved = np.where((here & sound)[:, None] & silo, np.asarray(outcome.package), quo)
        package, agreed, fine = package + (moved - quo), agreed | here, fine & sound
    return package, agreed, fine


def _context(given: _Fixed, at: _Held, quarter: Month, place: Array) -> Context:
    """What the quarter brings, from the world as it stands."""
    table, politics, draws = given.table, given.politics, given.table.draws
    points = Settings.of(emulator.grid())
    seen = response.window(given.setting.inputs, at.world, given.shocks, given.values, points, place, QUARTER)
    arrays = {name: np.asarray(seen[name])[None] for name in response.KEPT}
    emulated = emulator.through(Response((quarter,), QUARTER, **arrays))
    if "need" not in given.on:
        emulated = replace(emulated, rate=np.concatenate([np.zeros_like(emulated.rate[:1]), emulated.rate[1:]]))
    attention = np.asarray(at.mind.attention()) if "attention" in given.on else np.ones(draws)
    clock = politics.clock(quarter, quarter, draws, given.key)[0] if "clock" in given.on else np.ones(draws)
    host = Host(
        1.0, 1.0, politics.drawn("threshold", draws, given.key), politics.drawn("steepness", draws, given.key), 0.0
    )
    stuck = np.asarray(on_hold(at.world)).sum(axis=(0, 1))
    caps = table.declared.caps(quarter)
    issues = table.declared.issues
    cap = np.array(
        [0.0 if issue.lever == "own" and "own limits" not in given.on else caps[name] for name, issue in issues.items()]
    )
    return Context(
        month=quarter,
        arrivals=flow_of(table.declared, emulated, 0),
        salience=attention * clock,
        hosting=np.asarray(price(stuck, host)) if "hosting" in given.on else np.ones(draws),
        cap=cap,
        on_table=cap > np.array([issue.low for issue in issues.values()]),
        in_force=np.array([issue.status_quo for issue in issues.values()]),
        court_share=court_share(politics, draws, given.key),
    )


def _settings(table: PreparedBargain, package: np.ndarray) -> Settings:
    """Levers of the corridor under a package, (draw, issue); axes that no issue sets stay as recorded."""
    found = {}
    for axis in response.AXES:
        at = [k for k, issue in enumerate(table.declared.issues.values()) if issue.lever == axis]
        found[axis] = jnp.asarray(package[:, at[0]] if at else np.full(len(package), response.AS_RECORDED))
    return Settings(**found)


def check(setting: PreparedCase, span: tuple[Month, Month]) -> None:
    """Refuse months that no run can cover.

    Raises:
        UsageError: They lie outside the case, too early in it, or hold no quarter.
    """
    _quarters(setting, span)


def _quarters(setting: PreparedCase, span: tuple[Month, Month]) -> list[Month]:
    whole = setting.case.span.span
    first, last = span
    if first not in whole or last not in whole or first - whole.first < WARM or last - first < QUARTER - 1:
        raise UsageError(
            "no quarter to bargain in",
            where=f"{first} to {last}",
            expected=f"three months or more from {whole.first + WARM} to {whole.last}",
        )
    return [first + i for i in range(0, last - first + 2 - QUARTER, QUARTER)]


def _heeding(politics: Politics, draws: int, key: int) -> Heeding:
    shares = [share_from_half_life(politics.drawn(name, draws, key)) for name in ("fade_months", "used_months")]
    return Heeding(jnp.asarray(politics.drawn("rise", draws, key)), *shares)


def _lasting(draws: int, key: int) -> np.ndarray:
    """Share of unrenewed effort that lasts a month, (draw)."""
    months = HALF_LIFE * np.exp(HALF_LIFE_SD * normals(key, "play/half-life", range(draws), ()))
    return np.asarray(0.5 ** (1.0 / months))


def _used_to(before: np.ndarray, heeding: Heeding) -> Mind:
    mind = settled(jnp.asarray(np.maximum(before[0], 1.0)))
    for month in before[1:]:
        mind = step(mind, jnp.asarray(np.maximum(month, 1.0)), heeding)
    return mind


def _quo(table: PreparedBargain) -> np.ndarray:
    return np.asarray(table.base.status_quo)


def _gathered(
    given: _Fixed, quarters: list[Month], rows: list[dict[str, np.ndarray]], recorded: np.ndarray
) -> BargainingRun:
    span, issues = given.setting.case.span.span, given.table.declared.issues
    months = tuple(quarter + i for quarter in quarters for i in range(QUARTER))
    effort = next(k for k, issue in enumerate(issues.values()) if issue.lever == "effort")
    packages = np.stack([row["package"] for row in rows])
    after = [span.position(month) + 1 for month in months]
    whole = np.concatenate([recorded, recorded[-1:]])  # the world at a month's start holds the encounters of the last
    return BargainingRun(
        months=months,
        quarters=tuple(quarters),
        issues=tuple(issues),
        encounters=np.concatenate([row["encounters"] for row in rows]),
        history=whole[after],
        effort=packages[:, :, effort],
        declared=np.array([response.levels(given.setting.inputs, span.position(q))["effort"] for q in quarters]),
        packages=packages,
        asked=np.stack([row["asked"] for row in rows]),
        struck=np.stack([row["struck"] for row in rows]),
        salience=np.stack([row["salience"] for row in rows]),
        deaths=np.concatenate([row["deaths"] for row in rows]),
        held=np.concatenate([row["held"] for row in rows]),
        unsettled=int(sum(int(row["unsettled"]) for row in rows)),
    )
