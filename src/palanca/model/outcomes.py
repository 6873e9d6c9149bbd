"""What a month leaves behind for the record: people and events, summed to what is published or asked for."""

from __future__ import annotations

from dataclasses import dataclass

import jax.numpy as jnp
from jax import Array
from jax.tree_util import register_dataclass
from jaxtyping import Float

from palanca.flows import accounts
from palanca.flows.accounts import Ledger
from palanca.flows.crossing import Aftermath, Crossing
from palanca.flows.params import FlowParams
from palanca.flows.transit import Transit
from palanca.model.world import World

OUTCOMES = ("expelled", "abroad", "home", "detained", "let_in")
PLACES = ("border", "transit", "darien")
STOCKS = ("south", "waiting", "again", "abroad")


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
    repeats: Float[Array, "*month draw"]
    imbalance: Float[Array, "*month draw"]

    @classmethod
    def of_month(
        cls,
        parts: tuple[Crossing, Aftermath, Transit, Array],
        counts: tuple[Array, Array, Array, Array, Array],
        ledger: Ledger,
        world: World,
        flows: FlowParams,
    ) -> MonthlyOutcomes:
        """Sum one month's cells to what the record keeps."""
        moved, fate, way, stops = parts
        ports, appointed, darien, by_sector, repeats = counts
        return cls(
            encounters=moved.encountered,
            sectors=by_sector,
            ports=_origins(ports),
            appointments=_origins(appointed),
            stops=_origins(stops),
            stops_group=jnp.sum(stops, axis=0),
            returns=_origins(way.taken),
            darien=_origins(darien),
            set_out=_origins(ledger.set_out),
            let_in=_origins(ledger.let_in),
            expelled=_origins(fate.expelled),
            removed=_origins(ledger.removed),
            evaded=_origins(ledger.evaded),
            settled=_origins(ledger.settled),
            gone_home=_origins(ledger.gone_home),
            follow=jnp.stack([_all(fate_of) for fate_of in _outcomes(moved, fate)]),
            stocks=jnp.stack([_all(getattr(world, name)) for name in STOCKS]),
            held=_origins(ledger.end),
            deaths=jnp.stack([_all(moved.died), _all(way.died), _all(darien) * flows.death_darien]),
            repeats=repeats,
            imbalance=accounts.imbalance(ledger),
        )


def _outcomes(moved: Crossing, fate: Aftermath) -> tuple[Array, ...]:
    home = moved.encountered - fate.expelled - fate.abroad - fate.detained - fate.straight_in
    return fate.expelled, fate.abroad, home, fate.detained, fate.straight_in


def _origins(cells: Array) -> Array:
    return jnp.sum(cells, axis=1)


def _all(cells: Array) -> Array:
    return jnp.sum(cells, axis=(0, 1))
