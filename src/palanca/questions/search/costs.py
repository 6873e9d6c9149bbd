"""What a package costs either government, in the unit of the bargaining table; what is assumed is that table's.

Amounts of the table's issues are read off the levers of each month; issues that no lever moves stay at the status quo.
A cost is the payoff at the status quo less the payoff of what is done. The destination's also counts arrivals at the
attention and nearness of elections that history had. The transit country's is dearer where many people are on hold.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array
from jax.tree_util import register_dataclass

from palanca.bargain import plain
from palanca.bargain.feasible import BargainProblem, bare
from palanca.bargain.utility import FORMS, PayoffTerms
from palanca.core.clock import Span
from palanca.core.errors import UsageError
from palanca.infer import politics as public
from palanca.policy.levers import LeverLevels
from palanca.politics.hosting import Host, price
from palanca.questions.bargaining.prepared import drawn
from palanca.spec.bargain_spec import BargainSpec as Declared

THOUSAND = 1000.0
VISAS = "visas"  # the one issue that work visas move without being an axis of the table's levers
SIZES = ("slope", "curve", "scale")  # coefficients in which a form is linear


@register_dataclass
@dataclass(frozen=True)
class Prices:
    """What costs are made of, the draw first.

    Args:
        calm: Payoffs that do not hang on how many people are on hold.
        hosted: Payoffs that do.
        quo: Status quo, (issue).
        dislike: What a thousand arrivals cost the destination at usual attention, (draw).
        salience: Weight of an arrival, (month, draw).
        threshold: People on hold up to whom nobody minds, (draw).
        steepness: Rise of the price above it, (draw).
        patience: Patience of destination and transit country with the chance of leaving office, (side, draw).
        most_paid: Worth to the transit country of all that the destination could give besides, (draw) [payoff / month].
        foreign: 1 for origins that are not the transit country, (origin).
    """

    calm: tuple[PayoffTerms, ...]
    hosted: tuple[PayoffTerms, ...]
    quo: Array
    dislike: Array
    salience: Array
    threshold: Array
    steepness: Array
    patience: Array
    most_paid: Array
    foreign: Array


@dataclass(frozen=True)
class Sides:
    """Where things stand at the table.

    Args:
        destination: Place of the party that minds arrivals.
        transit: Place of the party that holds people back.
        at: Place of each issue that a lever moves, by the lever's axis.
        issues: How many issues.
        given: Issues that the destination gives.
        done: Issues that the transit country does.
    """

    destination: int
    transit: int
    at: tuple[tuple[str, int], ...]
    issues: int
    given: tuple[int, ...]
    done: tuple[int, ...]


def ready(declared: Declared, window: Span, foreign: np.ndarray, draws: int, key: int) -> tuple[Prices, Sides]:
    """Draw the table's beliefs and the politics of a window.

    Args:
        declared: The bargaining table of the case.
        window: Months.
        foreign: 1 for origins that are not the transit country, (origin).
        draws: How many draws.
        key: Same key, same draws as the corridor's.

    Raises:
        UsageError: The table has no destination that minds arrivals, or no transit country.
        FitError: The case has no fitted politics.
    """
    values = drawn(declared, draws, key)
    each = [
        bare(plain.declared(declared.declaration({name: float(row[i]) for name, row in values.items()})))
        for i in range(draws)
    ]
    base: BargainProblem = jax.tree.map(lambda *leaves: jnp.stack(leaves), *each)
    sides = _sides(declared, base)
    found = public.fitted(str(declared.file.case))
    hosted = _hosted(declared, base)
    order = (sides.destination, sides.transit)
    patience = np.array([_number(declared, values, f"parties.{base.parties[p]}.patience", draws) for p in order])
    leaving = np.array([_number(declared, values, f"parties.{base.parties[p]}.exit_hazard", draws) for p in order])
    return (
        Prices(
            calm=tuple(_scaled(terms, ~marks) for terms, marks in zip(base.terms, hosted, strict=True)),
            hosted=tuple(_scaled(terms, marks) for terms, marks in zip(base.terms, hosted, strict=True)),
            quo=base.status_quo[0],
            dislike=base.dislike[:, sides.destination],
            salience=jnp.asarray(found.salience(window.first, window.last, draws, key)),
            threshold=jnp.asarray(found.drawn("threshold", draws, key)),
            steepness=jnp.asarray(found.drawn("steepness", draws, key)),
            patience=jnp.asarray(patience * (1.0 - leaving)),
            most_paid=_most_paid(declared, base, sides, window),
            foreign=jnp.asarray(foreign),
        ),
        sides,
    )


def amounts(levers: LeverLevels, prices: Prices, sides: Sides) -> Array:
    """Amounts of the table's issues under some levers, (..., issue) [unit of issue].

    Args:
        levers: With any leading axes, months among them.
        prices: Tells the status quo and the transit country's own nationals.
        sides: Tells which issue each lever moves.
    """
    foreign = prices.foreign[:, None] > 0.0
    cells = (-2, -1)
    order = jnp.max(jnp.where(foreign, levers.order, 0.0), axis=cells)
    expelled = jnp.where(foreign & (levers.order > 0.0), levers.acceptance, 0.0)
    back = jnp.where(
        order > 0.0, jnp.max(expelled, axis=cells), jnp.max(jnp.where(foreign, levers.returns, 0.0), cells)
    )
    limits = jnp.max(jnp.where(foreign, levers.asylum_limit, 0.0), axis=cells)
    visas = [jnp.max(jnp.where(mine, levers.work_visas, 0.0), axis=cells) for mine in (foreign, ~foreign)]
    read = {
        "effort": jnp.max(levers.effort, axis=cells),
        "returns": back,
        "parole": jnp.max(levers.parole, axis=cells),
        "own": jnp.maximum(limits, jnp.minimum(order, 1.0)),
        VISAS: visas[0] + visas[1],
    }
    found = jnp.broadcast_to(prices.quo, (*order.shape, sides.issues))
    for axis, place in sides.at:
        found = found.at[..., place].set(read[axis])
    return found


def ledger(done: Array, series: dict[str, Array], prices: Prices, sides: Sides) -> dict[str, Array]:
    """What each side bears and would save, month by month.

    Args:
        done: Amounts of issues, (month, issue).
        series: Encounters [events / month] and people on hold, each (month, draw).
        prices: Draws of the same chunk.
        sides: Where things stand.

    Returns:
        By side, each (month, draw) [payoff / month]: `cost_…`, against the status quo; `saved_…`, what a breach of one
        month saves; `gain_…`, the payoff with what both sides trade over the payoff without, arrivals left out.
    """
    host = Host(1.0, 1.0, prices.threshold, prices.steepness, 0.0)
    dear = price(series["held"], host)
    places = np.arange(sides.issues)
    nothing = jnp.where(np.isin(places, (*sides.given, *sides.done)), prices.quo, done)
    found = {}
    for name, party, own in (
        ("destination", sides.destination, sides.given),
        ("transit", sides.transit, sides.done),
    ):
        at_quo = jnp.where(np.isin(places, own), prices.quo, done)
        now, quo, broken, without = (
            _worth(prices.calm, package, party) + dear * _worth(prices.hosted, package, party)
            for package in (done, prices.quo[None], at_quo, nothing)
        )
        found[f"cost_{name}"] = quo - now
        found[f"saved_{name}"] = jnp.maximum(broken - now, 0.0)
        found[f"gain_{name}"] = now - without
    came = prices.dislike * prices.salience * series["encounters"] / THOUSAND
    return found | {"cost_destination": found["cost_destination"] + came}


def chunk(prices: Prices, chosen: np.ndarray) -> Prices:
    """The prices of some draws alone."""
    calm, hosted = (jax.tree.map(lambda leaf: leaf[chosen], terms) for terms in (prices.calm, prices.hosted))
    last = {
        name: getattr(prices, name)[..., chosen]
        for name in ("dislike", "salience", "threshold", "steepness", "patience", "most_paid")
    }
    return replace(prices, calm=calm, hosted=hosted, **last)


def _worth(terms: tuple[PayoffTerms, ...], done: Array, party: int) -> Array:
    """Payoff of one party from terms alone, (month, draw)."""

    def of(package: Array) -> Array:
        def drawn_once(each: tuple[PayoffTerms, ...]) -> Array:
            return jnp.sum(jnp.stack([one.payoffs(package, party + 1)[party] for one in each]))

        return jax.vmap(drawn_once)(terms)

    return jax.vmap(of)(done)


def _scaled(terms: PayoffTerms, marks: np.ndarray) -> PayoffTerms:
    """The same terms with only those marked left; every form's linear coefficients are sizes."""
    sizes = np.array([name in SIZES for name in FORMS[terms.form].coefficients])
    padded = np.zeros(terms.coefficients.shape[-1], bool)
    padded[: sizes.size] = sizes
    kept = jnp.asarray(np.where(padded, marks[:, None], True))
    return replace(terms, coefficients=terms.coefficients * kept)


def _hosted(declared: Declared, base: BargainProblem) -> list[np.ndarray]:
    """For each form, which of its terms are dearer while many people are on hold."""
    return [
        np.array([row.scaled_by == "hosting" for row in declared.file.payoffs if row.form == terms.form])
        for terms in base.terms
    ]


def _sides(declared: Declared, base: BargainProblem) -> Sides:
    mind = declared.file.arrivals.party
    axes = [
        (str(issue.lever if issue.lever is not None else name), k)
        for k, (name, issue) in enumerate(declared.issues.items())
    ]
    at = tuple((axis, k) for axis, k in axes if axis in ("effort", "returns", "parole", "own", VISAS))
    holders = [base.owner[k] for axis, k in at if axis == "effort"]
    if mind not in base.parties or not holders:
        raise UsageError(
            "this table has no side that holds people back and no side that minds", where=declared.file.title
        )
    destination, transit = base.parties.index(mind), holders[0]
    traded = [issue.traded for issue in declared.issues.values()]
    given = tuple(k for axis, k in at if base.owner[k] == destination and traded[k])
    return Sides(destination, transit, at, len(base.issues), given, tuple(k for _, k in at if base.owner[k] == transit))


def _most_paid(declared: Declared, base: BargainProblem, sides: Sides, window: Span) -> Array:
    """Worth to the transit country of the destination's other issues in full, at their caps as the window begins."""
    caps, moved = declared.caps(window.first), {k for _, k in sides.at}
    free = [
        issue.traded and base.owner[k] == sides.destination and k not in moved
        for k, issue in enumerate(declared.issues.values())
    ]
    quo = base.status_quo[0]
    most = jnp.where(jnp.array(free), jnp.maximum(jnp.array([caps[name] for name in base.issues]), quo), quo)
    worth = [_worth(base.terms, package[None], sides.transit)[0] for package in (most, quo)]
    return worth[0] - worth[1]


def _number(declared: Declared, values: dict[str, np.ndarray], name: str, draws: int) -> np.ndarray:
    return values[name] if name in values else np.full(draws, declared.middle(name))
