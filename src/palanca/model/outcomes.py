"""What a month leaves behind for the record: people and events, summed to what is published or asked for."""

from __future__ import annotations

from dataclasses import dataclass

import jax.numpy as jnp
from jax import Array
from jax.tree_util import register_dataclass
from jaxtyping import Float

from palanca.flows import accounts
from palanca.flows.abroad import Abroad, Returned
from palanca.flows.accounts import PeopleAccounts
from palanca.flows.crossing import Aftermath, Crossing
from palanca.flows.harm import Harmed
from palanca.flows.line import Waiting
from palanca.flows.params import FlowParams
from palanca.flows.procedures import LegalMonth
from palanca.flows.transit import Transit
from palanca.kernel.axes import PerCell, PerSector
from palanca.kernel.curves import TINY
from palanca.model.world import World

OUTCOMES = ("expelled", "abroad", "home", "detained", "let_in")
PLACES = ("border", "transit", "darien")
STOCKS = ("south", "waiting", "again", "abroad", "returned")


@register_dataclass
@dataclass(frozen=True)
class MonthlyOutcomes:
    """One month's record, [people / month] unless said otherwise.

    Args:
        encounters: Encounters between ports, by origin and group [events / month].
        sectors: Encounters between ports, by sector [events / month].
        ports: Encounters at ports, by origin [events / month].
        appointments: Appointments kept, by origin.
        stops: People stopped by the transit country, by origin [events / month].
        returns: People removed by the transit country, by origin.
        darien: People who walked the Darien, by origin.
        set_out: People who set out and entered the corridor, by origin.
        let_in: People let in, by origin.
        expelled: People expelled, by origin [events / month].
        removed: People removed by the destination or the transit country, by origin.
        evaded: People who crossed unseen, by origin.
        settled: People who asked asylum in the transit country, by origin.
        gone_home: People who gave up, by origin.
        follow: What followed encounters between ports, by outcome [events / month].
        stocks: People on hold at the end of the month, by kind [people].
        held: People on hold at the end of the month, by origin [people].
        deaths: Deaths on the way, by place [deaths / month].
        kidnapped: People kidnapped on the road or on hold, by origin; assumed chances.
        extorted: People extorted on the road or on hold, by origin; assumed chances.
        fees: Fees paid for the way, by origin; assumed prices [usd / month].
        repeats: Encounters of people encountered before [events / month].
        imbalance: Largest relative breach of the accounts over cells.
    """

    encounters: Float[Array, "*month origin group draw"]
    sectors: Float[Array, "*month sector draw"]
    ports: Float[Array, "*month origin draw"]
    appointments: Float[Array, "*month origin draw"]
    stops: Float[Array, "*month origin draw"]
    stops_group: Float[Array, "*month group draw"]
    returns: Float[Array, "*month origin draw"]
    darien: Float[Array, "*month origin draw"]
    set_out: Float[Array, "*month origin draw"]
    let_in: Float[Array, "*month origin draw"]
    expelled: Float[Array, "*month origin draw"]
    removed: Float[Array, "*month origin draw"]
    evaded: Float[Array, "*month origin draw"]
    settled: Float[Array, "*month origin draw"]
    gone_home: Float[Array, "*month origin draw"]
    follow: Float[Array, "*month outcome draw"]
    stocks: Float[Array, "*month stock draw"]
    held: Float[Array, "*month origin draw"]
    deaths: Float[Array, "*month place draw"]
    kidnapped: Float[Array, "*month origin draw"]
    extorted: Float[Array, "*month origin draw"]
    fees: Float[Array, "*month origin draw"]
    repeats: Float[Array, "*month draw"]
    imbalance: Float[Array, "*month draw"]


@dataclass(frozen=True)
class Moved:
    """Where people went in the second half of a month, [people / month] unless said otherwise.

    Args:
        entries: Newcomers who entered the corridor.
        from_south: People who came again after being sent south.
        way: What the transit country did to both.
        stops: Stops on the way [events / month].
        at_line: What became of those waiting at the line.
        in_court: What became of those waiting abroad for a court.
        returned: What became of those sent to the transit country before who do not try again.
        to_wait: New at the line, and not crossing yet.
        going: Those sent back earlier who could cross again this month.
        again: Those of them who do; the others wait.
        first: First crossings of the month, whoever makes them.
        attempts: All crossings of the month [events / month].
        crossed: What became of them.
        fate: What followed encounters.
        appointed: People with an appointment at a port.
        ports: Encounters at ports [events / month].
        admitted: People let in there.
        darien: People who walked the Darien.
        harmed: People kidnapped and extorted, and fees paid.
        legal: What happened in the procedures of a scheme, where one is open.
    """

    entries: PerCell
    from_south: PerCell
    way: Transit
    stops: PerCell
    at_line: Waiting
    in_court: Abroad
    returned: Returned
    to_wait: PerCell
    going: PerCell
    again: PerCell
    first: PerCell
    attempts: PerCell
    crossed: Crossing
    fate: Aftermath
    appointed: PerCell
    ports: PerCell
    admitted: PerCell
    darien: PerCell
    harmed: Harmed
    legal: LegalMonth | None


def on_hold(world: World) -> PerCell:
    """People in the corridor at the end of a month: south, waiting, trying again, before a court, returned [people]."""
    return world.south + world.waiting + world.again + world.abroad + world.returned


def ledger(moved: Moved, before: World, after: World, flows: FlowParams) -> PeopleAccounts:
    """Where everyone is who set out in a month or was on hold at its start."""
    way, fate, lost = moved.way, moved.fate, moved.darien * flows.death_darien
    quit_waiting = moved.at_line.quit + moved.in_court.quit
    return PeopleAccounts(
        start=on_hold(before),
        set_out=moved.entries + moved.appointed + lost,
        let_in=fate.let_in + moved.admitted + moved.in_court.heard,
        evaded=moved.crossed.evaded,
        removed=fate.removed + way.removed + moved.returned.removed,
        settled=way.settled + moved.returned.settled,
        gone_home=fate.gone_home + way.quit + quit_waiting + moved.returned.quit + moved.ports - moved.admitted,
        died=way.died + moved.crossed.died + lost,
        end=on_hold(after),
    )


def of_month(moved: Moved, before: World, after: World, by_sector: PerSector, flows: FlowParams) -> MonthlyOutcomes:
    """Sum one month's cells to what the record keeps.

    Args:
        moved: Where people went.
        before: The world at the start of the month.
        after: The world at its end.
        by_sector: Encounters by border sector [events / month].
        flows: Uses `death_darien`.
    """
    crossed, fate, way, book = moved.crossed, moved.fate, moved.way, ledger(moved, before, after, flows)
    tried_before = moved.attempts - moved.first + moved.again + moved.in_court.cross
    return MonthlyOutcomes(
        encounters=crossed.encountered,
        sectors=by_sector,
        ports=_origins(moved.ports),
        appointments=_origins(moved.appointed),
        stops=_origins(moved.stops),
        stops_group=jnp.sum(moved.stops, axis=0),
        returns=_origins(way.taken),
        darien=_origins(moved.darien),
        set_out=_origins(book.set_out),
        let_in=_origins(book.let_in),
        expelled=_origins(fate.expelled),
        removed=_origins(book.removed),
        evaded=_origins(book.evaded),
        settled=_origins(book.settled),
        gone_home=_origins(book.gone_home),
        follow=jnp.stack([_all(cells) for cells in _followed(crossed, fate)]),
        stocks=jnp.stack([_all(getattr(after, name)) for name in STOCKS]),
        held=_origins(book.end),
        deaths=jnp.stack([_all(crossed.died), _all(way.died), _all(moved.darien) * flows.death_darien]),
        kidnapped=_origins(moved.harmed.kidnapped),
        extorted=_origins(moved.harmed.extorted),
        fees=_origins(moved.harmed.fees),
        repeats=_all(tried_before * crossed.encountered / jnp.maximum(moved.attempts, TINY)),
        imbalance=accounts.imbalance(book),
    )


def _followed(moved: Crossing, fate: Aftermath) -> tuple[Array, ...]:
    home = moved.encountered - fate.expelled - fate.abroad - fate.detained - fate.straight_in
    return fate.expelled, fate.abroad, home, fate.detained, fate.straight_in


def _origins(cells: Array) -> Array:
    return jnp.sum(cells, axis=1)


def _all(cells: Array) -> Array:
    return jnp.sum(cells, axis=(0, 1))
