"""The order of events in a month, written as a list one can read aloud."""

from __future__ import annotations

from dataclasses import dataclass, replace

import jax.numpy as jnp
from jax import Array

from palanca.flows import abroad, belief, crossing, harm, line, procedures, sectors, setting_out, solve, transit
from palanca.flows.corridor import CorridorShape
from palanca.flows.params import FlowParams
from palanca.kernel.axes import CellLike, PerCell, PerSector
from palanca.kernel.curves import ration
from palanca.model import outcomes
from palanca.model.fixed import Fixed
from palanca.model.outcomes import MonthlyOutcomes, Moved
from palanca.model.world import MonthInputs, Outside, Shocks, Surprise, World
from palanca.policy import follow as rules
from palanca.policy.follow import Follow, Gates
from palanca.policy.levers import LeverLevels
from palanca.policy.params import PolicyParams

CROWDING_REFERENCE = 30_000.0
NO_CEILING = 1e12


@dataclass(frozen=True)
class Begun:
    """What is settled in a month before the month's surprise is known."""

    world: World
    gates: Gates
    follow: Follow
    intended: PerCell
    approach: PerCell
    appointed: PerCell
    weight: PerCell
    dare: PerCell
    newcomers: line.Newcomers
    back: PerCell
    soon: PerCell
    dying: PerCell
    dying_way: CellLike
    walked: PerCell


@dataclass(frozen=True)
class Lived:
    """A month as it was lived through.

    Args:
        before: The world at its start.
        world: The world at its end.
        given: What the month brought.
        gates: What followed an encounter [log odds].
        surprise: What no lever explains, given or solved.
        shocks: The same as replay solved it; None where it was given.
        outcomes: What the month leaves for the record.
        legal: What the month did in the procedures of a scheme; None where none is open.
    """

    before: World
    world: World
    given: MonthInputs
    gates: Gates
    surprise: Surprise
    shocks: Shocks | None
    outcomes: MonthlyOutcomes
    legal: procedures.LegalMonth | None


def live(world: World, given: MonthInputs, fixed: Fixed) -> Lived:
    """One month: what people believe, who sets out, the surprise, who moves, whom the rules meet, who is counted."""
    begun = begin(world, given, fixed)
    shocks = None if given.surprise is not None else _solved(begun, given, fixed)
    surprise = shocks.surprise if shocks is not None else given.surprise
    assert surprise is not None
    if surprise.pace is None:
        surprise = replace(surprise, pace=solve.pace(surprise.factor, world.usual))
    moved = _move(begun, given, surprise, fixed)
    after = _carried_over(begun, moved, surprise, fixed)
    return Lived(
        before=world,
        world=after,
        given=given,
        gates=begun.gates,
        surprise=surprise,
        shocks=shocks,
        outcomes=outcomes.of_month(moved, world, after, _by_sector(moved, given, fixed), fixed.flows),
        legal=moved.legal,
    )


def begin(world: World, given: MonthInputs, fixed: Fixed) -> Begun:
    """The first half of a month: what people believe, who sets out, who is already at the line."""
    flows, corridor, levers = fixed.flows, fixed.corridor, given.levers
    at = gates(world, given, fixed)
    chances = rules.follow(levers, at)
    news = belief.hear(world.news, levers.news[..., None], flows.news_half_life)
    warned = belief.hear(world.warned, levers.warning[..., None], flows.warning_half_life)
    deeds, chance = levers.deeds[..., None], belief.told(entry_chance(chances, levers, corridor), news, flows)
    outside = given.outside
    intended = setting_out.intended(
        (world.belief, world.dread),
        (levers.shutdown, levers.parole, levers.work_visas, levers.air_route, levers.slots * levers.slots_open),
        outside.jobs,
        setting_out.push(
            (outside.democracy, outside.income, outside.oil),
            (levers.sanctions, levers.oil_licence, levers.aid),
            flows,
        ),
        (outside.calendar_month.astype(int), years(outside)),
        corridor,
        flows,
    )
    crowd = world.encounters / CROWDING_REFERENCE if given.crowd is None else given.crowd
    dying = harm.crossing_death(chance, corridor.heat[outside.calendar_month.astype(int)], crowd, flows)
    seen = crossing.seen_share(dying, corridor, flows)
    come, walked = setting_out.darien_way(levers.visa, levers.closure, corridor, flows)
    approach = setting_out.approach(intended, _set_out_before(world, given), corridor) * come
    dare = belief.at_the_line(chance, warned, deeds, corridor.circular, flows)
    return Begun(
        world=replace(
            world,
            belief=belief.update(world.belief, chance, flows),
            news=news,
            warned=warned,
            dread=belief.dread(world.dread, warned, deeds, flows),
        ),
        gates=at,
        follow=chances,
        intended=intended,
        approach=approach,
        appointed=line.appointed(levers.slots[..., None], levers.slots_open, approach, flows),
        weight=transit.exposure(
            transit.carried(levers.effort, flows), setting_out.by_land(levers.visa, corridor), corridor, flows
        ),
        dare=dare,
        newcomers=line.newcomers(levers.port_intake, dare, flows),
        back=crossing.retry_share(_tuple(chances), seen, flows),
        soon=flows.retry_soon * dare,
        dying=dying,
        dying_way=harm.transit_death(crowd, corridor, flows),
        walked=walked,
    )


def gates(world: World, given: MonthInputs, fixed: Fixed) -> Gates:
    """What follows an encounter in this world: as given, or what levers and crowding make and practice adds.

    Reference:
        Equation F6a of docs/model.md.
    """
    if given.gates is not None and given.gate_given is None:
        return given.gates
    made = rules.gates(given.levers, fixed.policy, crowding(world))
    if given.practice is not None:
        found = rules.added(made, given.practice)
    else:
        came = _practised(given)
        then = rules.gates(came, fixed.policy, given.figures.crowding[..., None])
        found = rules.shifted(rules.lifted(given.figures.gates), then, made, came)
    if given.gates_moved is not None:
        found = rules.added(found, rules.by_gate(given.gates_moved[:, None, None]))
    if given.gates is not None and given.gate_given is not None:
        found = rules.chosen(given.gate_given, given.gates, found)
    return found


def practice(given: MonthInputs, policy: PolicyParams) -> Gates:
    """Gates of the figures beyond what the recorded levers and crowding make of them; none where a gate was unused."""
    came = _practised(given)
    made = rules.gates(came, policy, given.figures.crowding[..., None])
    return rules.practice(rules.lifted(given.figures.gates), made, came)


def _practised(given: MonthInputs) -> LeverLevels:
    """Levers under which the gates and returns of the figures came about."""
    recorded = given.recorded if given.recorded is not None else given.levers
    return given.practised if given.practised is not None else recorded


def crowding(world: World) -> Array:
    """Last month's encounters over the reference, (draw) [log points]."""
    return jnp.log(jnp.maximum(world.encounters, 1.0) / CROWDING_REFERENCE)


def entry_chance(chances: Follow, levers: LeverLevels, corridor: CorridorShape) -> CellLike:
    """Chance of being let in as those who think of coming see it [chance].

    Adults who are detained count as kept; people in families and children as let in, as far as people are released.
    """
    freed = (1.0 - corridor.kept[:, None]) * levers.release[..., None]
    return chances.let_in + chances.detained * freed


def capped(chances: Follow, encountered: PerCell, levers: LeverLevels) -> Follow:
    """Hold returns to the transit country under their cap; who is over it is let in as far as people are released."""
    covered = levers.returns[..., None] > 0.0
    wanted = jnp.sum(jnp.where(covered, encountered * chances.home, 0.0), axis=(0, 1))
    share = jnp.where(covered, ration(wanted, levers.returns_cap[..., None]), 1.0)
    return rules.held(chances, share, levers.release)


def removal_ceiling(given: MonthInputs, stops: Array, flows: FlowParams) -> Array:
    """Most people the transit country can remove: as seen, moved by the change in what was declared.

    Args:
        given: The month.
        stops: People stopped; they count where the figures are still to be made [people / month], (draw).
        flows: Uses `removal_routine`.
    """
    figures, now = given.figures, given.levers.removal
    returns = figures.returns if given.returned is None else given.returned * stops
    kept = returns * now / jnp.maximum(_practised(given).removal, 0.01)
    return jnp.where(figures.returns_known > 0.5, kept, flows.removal_routine * now)


def years(outside: Outside) -> Array:
    """Years since the January of the first year, to the middle of the month."""
    return outside.knot + outside.way


def season(calendar_month: Array, since: Array, fixed: Fixed) -> PerCell:
    """Season of each cell [log points], `since` in years from the first January; equation F1 of docs/model.md."""
    return setting_out.season(calendar_month.astype(int), since, fixed.corridor, fixed.flows)


def _move(begun: Begun, given: MonthInputs, surprise: Surprise, fixed: Fixed) -> Moved:
    """The second half of a month: people move and meet the rules."""
    flows, corridor, world, outside = fixed.flows, fixed.corridor, begun.world, given.outside
    assert surprise.pace is not None
    pace, effort = surprise.pace, surprise.effort
    entries = begun.approach * surprise.factor[:, None]
    legal = _legal(begun, given, entries, fixed)
    entries = entries if legal is None else legal.road
    from_south = world.south * pace[:, None]
    ceiling = removal_ceiling(given, _stopped(begun, given, entries + from_south, effort, fixed), flows)
    way = transit.pass_through(entries + from_south, effort, begun.weight, ceiling, begun.dying_way, flows)
    at_line = line.those_waiting(world.waiting, pace, begun.dare, flows)
    court = abroad.wait(world.abroad, pace, begun.dare, flows)
    returned = abroad.live_on(world.returned, flows)
    to_port, to_cross, to_wait = (
        way.passed * share for share in (begun.newcomers.port, begun.newcomers.cross, begun.newcomers.wait)
    )
    going = world.again * pace[:, None]
    again = going * begun.dare
    first = to_cross + at_line.cross + court.cross + again
    attempts = crossing.with_retries(first, begun.back, begun.soon)
    crossed = crossing.cross(attempts, begun.dying, corridor, flows)
    chances = _tuple(capped(begun.follow, crossed.encountered, given.levers))
    appointed, hazard = begun.appointed, jnp.minimum(effort * begun.weight, transit.MOST_HAZARD)
    ports = to_port + appointed
    return Moved(
        entries=entries,
        from_south=from_south,
        way=way,
        stops=way.stopped + transit.stops_on_the_way(appointed, effort, begun.weight),
        at_line=at_line,
        in_court=court,
        to_wait=to_wait + going - again,
        going=going,
        again=again,
        first=first,
        attempts=attempts,
        crossed=crossed,
        returned=returned,
        fate=crossing.aftermath(
            crossed.encountered,
            (attempts - first, begun.soon),
            chances,
            given.levers.release,
            _taken_back(given.levers, corridor),
            flows,
        ),
        appointed=appointed,
        ports=ports,
        admitted=ports * outside.port_let_in,
        darien=begun.walked * (entries + appointed),
        harmed=harm.on_the_way(
            entries, entries + from_south + appointed, outcomes.on_hold(world), hazard, corridor, flows
        ),
        legal=legal,
    )


def _legal(begun: Begun, given: MonthInputs, newcomers: PerCell, fixed: Fixed) -> procedures.LegalMonth | None:
    """What happens in the procedures of a scheme, where one is open; equation F11 of docs/model.md."""
    if given.procedures is None:
        return None
    circular = setting_out.circulating(years(given.outside), fixed.corridor, fixed.flows)
    return procedures.live(newcomers, begun.world.belief, circular, fixed.flows.hope_set, given.procedures)


def _carried_over(begun: Begun, moved: Moved, surprise: Surprise, fixed: Fixed) -> World:
    """The world at the end of the month."""
    world = begun.world
    return replace(
        world,
        set_out_1=begun.intended,
        set_out_2=world.set_out_1,
        south=world.south - moved.from_south + moved.way.back_south,
        waiting=moved.at_line.stay + moved.to_wait,
        again=world.again - moved.going + moved.fate.again,
        abroad=moved.in_court.stay + moved.fate.abroad,
        returned=moved.returned.stay + moved.fate.to_transit,
        effort=surprise.effort,
        usual=solve.used_to(world.usual, surprise.factor, fixed.flows.pace_memory),
        encounters=jnp.sum(moved.crossed.encountered, axis=(0, 1)),
    )


def _by_sector(moved: Moved, given: MonthInputs, fixed: Fixed) -> PerSector:
    """Encounters by border sector [events / month]."""
    outside, by_origin = given.outside, jnp.sum(moved.crossed.encountered, axis=1)
    knot = (outside.knot.astype(int), outside.way)
    return sectors.divide(by_origin, fixed.appeal, knot, given.levers.barrier, fixed.flows)


def _solved(begun: Begun, given: MonthInputs, fixed: Fixed) -> Shocks:
    """The surprise that gives the figures of the month."""
    flows, figures = fixed.flows, given.figures
    stops = figures.stops * jnp.where(figures.stops_source > 1.5, flows.stops_per_return, 1.0)
    effort = given.effort if given.effort is not None else _unseen_effort(begun, given, fixed)
    found = solve.solve(puzzle(begun, given, fixed), stops, figures.stops_source, effort, begun.world.effort)
    return Shocks(found.factor, found.pace, found.effort, found.slope, found.effort_slope, found.at_bound)


def _unseen_effort(begun: Begun, given: MonthInputs, fixed: Fixed) -> Array:
    """Delivered effort of a month without stops, (draw) [effort].

    That of the early months before figures began; after they end, what O2 expects from the month before.
    """
    last, routine = begun.world.effort, fixed.effort_routine
    leaning = routine * jnp.exp(fixed.delivery_persistence * jnp.log(last / routine))
    return jnp.where(given.figures.stops_source < -0.5, leaning, fixed.flows.effort_early * jnp.ones_like(last))


def puzzle(begun: Begun, given: MonthInputs, fixed: Fixed) -> solve.Puzzle:
    """What replay must solve this month."""
    flows, world, figures = fixed.flows, begun.world, given.figures
    alive = 1.0 - begun.dying_way
    seen = crossing.seen_share(begun.dying, fixed.corridor, flows)
    per_crossing = crossing.with_retries(seen, begun.back, begun.soon)
    everyone = jnp.ones_like(world.usual)
    at_line = line.those_waiting(world.waiting, everyone, begun.dare, flows)
    held = at_line.cross + abroad.wait(world.abroad, everyone, begun.dare, flows).cross + world.again * begun.dare
    return solve.Puzzle(
        approach=begun.approach * alive,
        again=world.south * alive,
        sure=begun.appointed,
        weight=begun.weight,
        yield_new=begun.newcomers.cross * per_crossing,
        on_hold=jnp.sum(held * per_crossing, axis=1),
        usual=world.usual,
        seen=figures.encounters if figures.encounters.ndim > 1 else figures.encounters[:, None],
    )


def _stopped(begun: Begun, given: MonthInputs, travellers: PerCell, effort: Array, fixed: Fixed) -> Array:
    """People stopped, whatever becomes of them, (draw); wanted only where the figures are still to be made."""
    if given.returned is None:
        return jnp.zeros_like(effort)
    ceiling = jnp.full_like(effort, NO_CEILING)
    way = transit.pass_through(travellers, effort, begun.weight, ceiling, begun.dying_way, fixed.flows)
    return jnp.sum(way.stopped + transit.stops_on_the_way(begun.appointed, effort, begun.weight), axis=(0, 1))


def _set_out_before(world: World, given: MonthInputs) -> tuple[PerCell, PerCell]:
    """Who set out one and two months ago."""
    if given.set_out_season is None:
        return world.set_out_1, world.set_out_2
    moved = jnp.exp(given.set_out_season)
    return world.set_out_1 * moved[0], world.set_out_2 * moved[1]


def _taken_back(levers: LeverLevels, corridor: CorridorShape) -> tuple[CellLike, CellLike]:
    """Shares of those expelled and of those returned under ordinary law whom the transit country takes in."""
    foreign = corridor.foreign[:, None, None]
    expelled, returned = (foreign * jnp.clip(x, 0.0, 1.0)[..., None] for x in (levers.acceptance, levers.returns))
    return expelled, returned


def _tuple(chances: Follow) -> crossing.Chances:
    return chances.expelled, chances.abroad, chances.home, chances.detained, chances.let_in, chances.kept
