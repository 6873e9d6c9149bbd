"""Bargaining over places and payments: the scheme as one more package for the solver of deals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import jax.numpy as jnp
import numpy as np
from jaxtyping import Float

from palanca.bargain.concepts import Clash, agree_on_each, clashes
from palanca.bargain.feasible import bare, floors, grounded
from palanca.bargain.issues import Budget, Declaration, Issue, Party
from palanca.bargain.utility import Term
from palanca.sharing.participation import Stake

THOUSAND, MILLION = 1e3, 1e6
MOST = 8  # countries at one table
NO_ROOM = 1e-3  # people that stand for none: an issue has a width


@dataclass(frozen=True)
class Package:
    """What talks over places and payments end in.

    Attributes:
        agreed: Whether there is a deal.
        hosted: People each country hosts by it [people]; 0 without one.
        paid: What each pays [usd / year]; below 0 where it is paid.
        gain: What each gains beyond no scheme [usd / year].
        clashes: If there is none, the limits that stand in its way and their weights in the proof, heaviest first.
    """

    agreed: bool
    hosted: Float[np.ndarray, " country"]
    paid: Float[np.ndarray, " country"]
    gain: Float[np.ndarray, " country"]
    clashes: tuple[Clash, ...]


def talk(stake: Stake, total: float, countries: Sequence[str], most_paid: float) -> Package:
    """Bargain over how many each hosts and who pays, gains divided as by Nash with equal weights.

    Args:
        stake: What is at stake.
        total: Most people whom all together host.
        countries: Names.
        most_paid: Most that a country pays or is paid [usd / year].

    Raises:
        UnsettledError: The search for a deal did not converge.

    Reference:
        Where money moves freely, the Nash solution is the hosting of greatest worth to all together, and payments that
        give everybody the same gain: sum_i gain_i / n (Nash 1953).
    """
    declared = _declared(stake, total, countries, most_paid)
    problem = bare(declared)
    now = problem.payoffs(problem.status_quo)
    problem = grounded(problem, floors(declared), now + jnp.asarray(stake.fallback / MILLION))
    found = agree_on_each(problem, jnp.ones((1, len(declared.issues)), bool))
    count = len(countries)
    amounts = np.asarray(found.package[0])
    outcome = type(found)(*(np.asarray(one)[0] for one in found))
    return Package(
        bool(outcome.agreed),
        amounts[:count] * THOUSAND,
        (most_paid / MILLION - amounts[count:]) * MILLION,
        np.asarray(outcome.gains) * MILLION,
        clashes(problem, outcome),
    )


def _declared(stake: Stake, total: float, countries: Sequence[str], most_paid: float) -> Declaration:
    """Places in thousands of people, money in millions; a payment is how far what is handed over is below the most."""
    costs, top = stake.costs, most_paid / MILLION
    room = np.maximum(np.minimum(costs.high, total), NO_ROOM) / THOUSAND
    places = [Issue(f"places in {c}", c, 0.0, float(room[k])) for k, c in enumerate(countries)]
    money = [Issue(f"money to {c}", c, 0.0, 2.0 * top, status_quo=top) for c in countries]
    terms = []
    for k, country in enumerate(countries):
        slope, curve = costs.start[k] * THOUSAND / MILLION, costs.slope[k] * THOUSAND**2 / MILLION
        terms.append(Term(country, places[k].name, "quadratic", (-slope, curve)))
        terms.append(Term(country, money[k].name, "linear", (1.0,)))
        worth = stake.benefit[k] * THOUSAND / MILLION
        terms += [Term(country, issue.name, "linear", (worth,)) for issue in places]
    whole = Budget("people in need of a place", tuple((one.name, 1.0) for one in places), total / THOUSAND)
    purse = Budget("money that others pay", tuple((one.name, 1.0) for one in money), top * len(money))
    return Declaration(
        tuple(Party(name) for name in countries), (*places, *money), tuple(terms), budgets=(whole, purse)
    )
