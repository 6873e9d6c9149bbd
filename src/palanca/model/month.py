"""The order of events in a month, written as a list one can read aloud."""

from __future__ import annotations

from dataclasses import dataclass, replace

import jax.numpy as jnp
from jax import Array
from jax.tree_util import register_dataclass

from palanca.flows import abroad, accounts, belief, crossing, line, sectors, setting_out, solve, transit
from palanca.flows.corridor import Corridor
from palanca.flows.params import FlowParams
from palanca.kernel.axes import CellLike, PerCell
from palanca.kernel.curves import TINY, ration
from palanca.model.outcomes import MonthlyOutcomes
from palanca.model.world import Figures, Outside, Shocks, World
from palanca.policy import follow as rules
from palanca.policy.follow import Follow
from palanca.policy.levers import LeverLevels
from palanca.policy.params import PolicyParams

CROWDING_REFERENCE = 30_000.0

Surprise = tuple[Array, Array, Array]


@register_dataclass
@dataclass(frozen=True)
class Fixed:
    """What stays the same through the months of a run."""

    corridor: Corridor
    flows: FlowParams
    policy: PolicyParams
    appeal: Array


@register_dataclass
@dataclass(frozen=True)
class Before:
    """What is settled in a month before the month's surprise is known."""

    world: World
    follow: Follow
    intended: PerCell
    approach: PerCell
    appointed: PerCell
    weight: PerCell
    newcomers: line.Newcomers
    back: PerCell


def before(
    world: World, outside: Outside, levers: LeverLevels, declared: CellLike, chances: Follow, fixed: Fixed
) -> Before:
    """The first half of a month: what people believe, who sets out, who is already at the line."""
    flows, corridor = fixed.flows, fixed.corridor
    hope = belief.update(world.belief, entry_chance(chances, flows), flows)
    news = belief.hear(world.news, levers.news[..., None], flows)
    intended = setting_out.intended(
        hope + flows.news_effect * news,
        (levers.shutdown, levers.parole, levers.work_visas, levers.slots * levers.slots_open),
        (outside.jobs, outside.democracy, outside.income),
        outside.calendar_month.astype(int),
        corridor,
        flows,
    )
    seen = crossing.seen_share(_heat(outside, fixed), corridor, flows)
    approach = setting_out.approach(intended, (world.set_out_1, world.set_out_2), corridor)
    return Before(
        world=replace(world, belief=hope, news=news),
        follow=chances,
        intended=intended,
        approach=approach,
        appointed=line.appointed(levers.slots[..., None], levers.slots_open, approach, flows),
        weight=transit.exposure(declared, setting_out.by_land(levers.visa, corridor), corridor, flows),
        newcomers=line.newcomers(levers.port_intake, flows),
        back=crossing.retry_share(_tuple(chances), seen, flows),
    )


def entry_chance(chances: Follow, flows: FlowParams) -> PerCell:
    """Chance that an encounter ends in being let in, detention counted by how it ends [chance]."""
    return chances.let_in + chances.detained * (1.0 - flows.detained_removed[None])


def puzzle(half: Before, outside: Outside, figures: Figures, levers: LeverLevels, fixed: Fixed) -> solve.Puzzle:
    """What replay must solve this month."""
    flows, world = fixed.flows, half.world
    alive = 1.0 - transit.death_chance(fixed.corridor, flows)
    seen = crossing.seen_share(_heat(outside, fixed), fixed.corridor, flows)
    per_crossing = crossing.with_retries(seen, half.back, flows)
    everyone = jnp.ones_like(world.usual)
    at_line = line.those_waiting(world.waiting, everyone, flows)
    on_hold = at_line.cross + abroad.wait(world.abroad, everyone, flows).cross + world.again
    return solve.Puzzle(
        approach=half.approach * alive,
        again=world.south * alive,
        sure=half.appointed,
        weight=half.weight,
        yield_new=half.newcomers.cross * per_crossing,
        on_hold=jnp.sum(on_hold * per_crossing, axis=1),
        usual=world.usual,
        seen=figures.encounters if figures.encounters.ndim > 1 else figures.encounters[:, None],
    )


def after(
    half: Before, outside: Outside, levers: LeverLevels, surprise: Surprise, ceiling: Array, fixed: Fixed
) -> tuple[World, MonthlyOutcomes]:
    """The second half of a month: people move, meet the rules, and are counted."""
    flows, corridor, world = fixed.flows, fixed.corridor, half.world
    factor, pace, effort = surprise
    entries = half.approach * factor[:, None]
    from_south = world.south * pace[:, None]
    way = transit.pass_through(entries + from_south, effort, half.weight, ceiling, corridor, flows)
    at_line = line.those_waiting(world.waiting, pace, flows)
    court = abroad.wait(world.abroad, pace, flows)
    to_port, to_cross, to_wait = (
        way.passed * share for share in (half.newcomers.port, half.newcomers.cross, half.newcomers.wait)
    )
    once_more = world.again * pace[:, None]
    first = to_cross + at_line.cross + court.cross + once_more
    attempts = crossing.with_retries(first, half.back, flows)
    moved = crossing.cross(attempts, _heat(outside, fixed), corridor, flows)
    fate = crossing.aftermath(
        moved.encountered, attempts - first, _tuple(capped(half.follow, moved.encountered, levers)), flows
    )
    appointed = half.appointed
    ports = to_port + appointed
    admitted = ports * outside.port_let_in
    darien = setting_out.through_darien(entries + appointed, levers.visa, corridor, flows)
    lost = darien * flows.death_darien
    after_world = replace(
        world,
        set_out_1=half.intended,
        set_out_2=world.set_out_1,
        south=world.south - from_south + way.back_south,
        waiting=at_line.stay + to_wait,
        again=world.again - once_more + fate.again,
        abroad=court.stay + fate.abroad,
        effort=effort,
        usual=solve.used_to(world.usual, factor, flows.pace_memory),
        encounters=jnp.sum(moved.encountered, axis=(0, 1)),
    )
    ledger = accounts.Ledger(
        start=on_hold(world),
        set_out=entries + appointed + lost,
        let_in=fate.let_in + admitted + court.heard,
        evaded=moved.evaded,
        removed=fate.removed + way.removed,
        settled=way.settled,
        gone_home=fate.gone_home + way.quit + at_line.quit + court.quit + ports - admitted,
        died=way.died + moved.died + lost,
        end=on_hold(after_world),
    )
    by_sector = sectors.divide(
        jnp.sum(moved.encountered, axis=1),
        fixed.appeal,
        (outside.knot.astype(int), outside.way),
        levers.barrier,
        flows,
    )
    tried_before = attempts - first + once_more + court.cross
    repeats = jnp.sum(tried_before * moved.encountered / jnp.maximum(attempts, TINY), axis=(0, 1))
    counts = (ports, appointed, darien, by_sector, repeats)
    stops = way.stopped + transit.stops_on_the_way(appointed, effort, half.weight)
    return after_world, MonthlyOutcomes.of_month((moved, fate, way, stops), counts, ledger, after_world, flows)


def on_hold(world: World) -> PerCell:
    """People in the corridor at the end of a month: south, waiting, about to try again, before a court [people]."""
    return world.south + world.waiting + world.again + world.abroad


def capped(chances: Follow, encountered: PerCell, levers: LeverLevels) -> Follow:
    """Hold returns to the transit country under their cap; who is over it is let in."""
    covered = levers.returns[..., None] > 0.0
    wanted = jnp.sum(jnp.where(covered, encountered * chances.home, 0.0), axis=(0, 1))
    share = jnp.where(covered, ration(wanted, levers.returns_cap[..., None]), 1.0)
    return rules.held(chances, share)


def replayed(
    world: World, outside: Outside, figures: Figures, levers: LeverLevels, fixed: Fixed
) -> tuple[World, Shocks, MonthlyOutcomes]:
    """A month of replay: the surprise is solved from the figures."""
    half = before(world, outside, levers, levers.effort[..., None], rules.follow(levers, _lifted(figures)), fixed)
    stops = figures.stops * jnp.where(figures.stops_source > 1.5, fixed.flows.stops_per_return, 1.0)
    answer = solve.solve(
        puzzle(half, outside, figures, levers, fixed),
        stops,
        figures.stops_source,
        fixed.flows.effort_early * jnp.ones_like(stops),
        world.effort,
    )
    ceiling = removal_ceiling(figures, levers, levers, fixed.flows)
    surprise = (answer.factor, answer.pace, answer.effort)
    after_world, seen = after(half, outside, levers, surprise, ceiling, fixed)
    return after_world, Shocks(*surprise, answer.slope, answer.at_bound), seen


def projected(
    world: World,
    outside: Outside,
    figures: Figures,
    levers: tuple[LeverLevels, LeverLevels],
    shocks: Shocks,
    fixed: Fixed,
) -> tuple[World, MonthlyOutcomes]:
    """A month of a twin world: the surprises are given, the levers are as changed.

    Args:
        world: State at the start of the month.
        outside: What comes from outside the model.
        figures: The figures that history showed.
        levers: The levers as recorded, and as changed.
        shocks: The surprises that replay solved.
        fixed: Parameters and corridor.
    """
    then, now = levers
    crowding = jnp.log(jnp.maximum(world.encounters, 1.0) / CROWDING_REFERENCE)
    computed = rules.gates(now, fixed.policy, crowding)
    history = rules.gates(then, fixed.policy, figures.crowding)
    gates = rules.shifted(_lifted(figures), history, computed)
    gates = rules.unless_seen(gates, computed, then)
    declared = transit.believed(then.effort, now.effort, fixed.flows)
    half = before(world, outside, now, declared, rules.follow(now, gates), fixed)
    ceiling = removal_ceiling(figures, then, now, fixed.flows)
    return after(half, outside, now, (shocks.factor, shocks.pace, shocks.effort), ceiling, fixed)


def removal_ceiling(figures: Figures, then: LeverLevels, now: LeverLevels, flows: FlowParams) -> Array:
    """Most people the transit country can remove: as seen, moved by the change in what was declared."""
    routine = flows.removal_routine * now.removal
    kept = figures.returns * now.removal / jnp.maximum(then.removal, 0.01)
    return jnp.where(figures.returns_known > 0.5, kept, routine)


def _lifted(figures: Figures) -> rules.Gates:
    gates = figures.gates
    return rules.Gates(*(gate[..., None] for gate in (gates.expelled, gates.abroad, gates.home, gates.detained)))


def _heat(outside: Outside, fixed: Fixed) -> Array:
    return fixed.corridor.heat[outside.calendar_month.astype(int)]


def _tuple(chances: Follow) -> tuple[Array, Array, Array, Array, Array]:
    return chances.expelled, chances.abroad, chances.home, chances.detained, chances.let_in
