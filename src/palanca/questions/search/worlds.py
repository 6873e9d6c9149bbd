"""What a block of packages would have brought: one compiled run of a window for all packages and a chunk of draws."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial

import jax
import jax.numpy as jnp
from jax import Array
from jax.tree_util import register_dataclass

from palanca.bargain import enforceability
from palanca.model import run
from palanca.model.month import Lived
from palanca.model.run import CorridorInputs, fixed
from palanca.model.world import MonthInputs, Shocks, World
from palanca.policy.levers import LeverLevels
from palanca.questions.search import costs, levers
from palanca.questions.search.costs import Prices, Sides
from palanca.questions.search.levers import Sums

Values = dict[str, Array]
Series = dict[str, Array]


@register_dataclass
@dataclass(frozen=True)
class SearchWindow:
    """History of a window for a chunk of draws, from which packages differ by their levers alone.

    Args:
        start: The world at the start of the first month, as replay has it.
        given: What the months bring under levers as recorded, month first.
        values: Parameters.
        prices: What costs are made of.
    """

    start: World
    given: MonthInputs
    values: Values
    prices: Prices


def window_of(
    inputs: CorridorInputs, replayed: tuple[World, Shocks], values: Values, prices: Prices, place: int, months: int
) -> SearchWindow:
    """The months of a window.

    Args:
        inputs: The corridor.
        replayed: From `response.starts`.
        values: Parameters of the chunk.
        prices: Of the same draws.
        place: Place of the first month.
        months: How many.
    """
    worlds, shocks = replayed
    whole = run.under(inputs, inputs.levers, shocks)
    start, given = jax.tree.map(lambda leaf: leaf[place], worlds), run.some(whole, jnp.asarray(place), months)
    return SearchWindow(start, given, values, prices)


@partial(jax.jit, static_argnames=("sides", "partner"))
def packages(
    inputs: CorridorInputs, window: SearchWindow, sums: Sums, values: Array, sides: Sides, partner: bool
) -> dict[str, Array]:
    """Outcomes of a block of packages.

    Args:
        inputs: The corridor, for what is fixed about it.
        window: History.
        sums: How levers add up, in the months of the window.
        values: Value of each lever, (package, lever).
        sides: Where things stand at the table.
        partner: Whether to run each package once more with the transit country's cooperation withdrawn.

    Returns:
        Outcomes by name, (package, draw).
    """

    def one(package: Array) -> dict[str, Array]:
        now = levers.packaged(sums, package)
        return _judgeable(inputs, window, now, levers.parole_places(sums, package), sides, partner)

    return jax.vmap(one)(values)


@partial(jax.jit, static_argnames="sides")
def under(
    inputs: CorridorInputs, window: SearchWindow, now: LeverLevels, places: Array, sides: Sides
) -> dict[str, Array]:
    """All outcomes, dependence among them, under levers given month by month.

    Args:
        inputs: The corridor.
        window: History.
        now: Levers, (package, month, ...).
        places: Parole places open, (package, month) [people / month].
        sides: Where things stand at the table.

    Returns:
        Outcomes by name, (package, draw).
    """

    def one(each: tuple[LeverLevels, Array]) -> dict[str, Array]:
        return _judgeable(inputs, window, *each, sides, True)

    return jax.vmap(one)((now, places))


def _judgeable(
    inputs: CorridorInputs, window: SearchWindow, now: LeverLevels, places: Array, sides: Sides, partner: bool
) -> dict[str, Array]:
    came = _run(inputs, window, now)
    done = costs.amounts(now, window.prices, sides)
    books = costs.ledger(done, came, window.prices, sides)
    found = {
        "encounters": came["encounters"].mean(axis=0),
        "held": came["held"].mean(axis=0),
        "deaths": came["deaths"].sum(axis=0),
        "admitted": (came["appointments"] + places[:, None]).mean(axis=0),
        "cost_transit": books["cost_transit"].mean(axis=0),
        "cost_destination": books["cost_destination"].mean(axis=0),
    }
    if not partner:
        return found
    stopped = _run(inputs, window, levers.routine_only(now, window.prices.foreign))
    more = stopped["encounters"] - came["encounters"]
    felt = window.prices.dislike * window.prices.salience * more / costs.THOUSAND
    return found | {
        "dependence": more.mean(axis=0),
        "holds": _holds(books, felt, window.prices).astype(float),
    }


def _holds(books: Series, felt: Array, prices: Prices) -> Array:
    """Whether some payment from the destination leaves neither side better off by breaking the package, (draw).

    Means over the window. A side that breaks saves its own part for a month and then loses the other's, at its own
    patience. The payment is valued alike by both and no larger than what the destination's other issues on the table
    are worth to the transit country; only what is missing is paid. Arrivals after a break are those of the same package
    with the transit country back at routine and the destination's legal ways left open, so that the destination's
    loss is counted too low where closing these would bring more.

    Reference:
        `bargain.enforceability.slack` of both sides at the least payment that keeps the transit country to its part.
    """
    loss = books["gain_destination"].mean(axis=0) + felt.mean(axis=0)
    gain = books["gain_transit"].mean(axis=0)
    saved = [books[f"saved_{side}"].mean(axis=0) for side in ("destination", "transit")]
    patience = prices.patience
    paid = jnp.maximum(saved[1] * (1.0 - patience[1]) / patience[1] - gain, 0.0)
    return (enforceability.slack(loss - paid, saved[0] + paid, patience[0]) >= 0.0) & (paid <= prices.most_paid)


def _run(inputs: CorridorInputs, window: SearchWindow, now: LeverLevels) -> Series:
    """Encounters, people on hold, deaths and appointments by month, (month, draw)."""
    kept = fixed(inputs.corridor, window.values)
    record: Series = run.through(window.start, replace(window.given, levers=now), kept, select=_kept)[1]
    return record


def _kept(lived: Lived, _: None) -> Series:
    seen = lived.outcomes
    return {
        "encounters": seen.encounters.sum(axis=(0, 1)),
        "held": seen.held.sum(axis=0),
        "deaths": seen.deaths.sum(axis=0),
        "appointments": seen.appointments.sum(axis=0),
    }
