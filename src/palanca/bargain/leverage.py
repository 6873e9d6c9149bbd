"""Leverage, never one number: what would be lost, at what price, what it bought, and whether it can be used at all."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple

import jax
import jax.numpy as jnp
from jax import Array
from jaxtyping import Bool, Float

from palanca.bargain.concepts import agree
from palanca.bargain.feasible import BargainProblem
from palanca.bargain.refusals import DeclarationError, UnsettledError
from palanca.bargain.reply import best_reply
from palanca.bargain.solve import Concept


class Dependence(NamedTuple):
    """What one party would lose if another stopped delivering; each is a comparison of two worlds.

    Attributes:
        sensitivity: Loss before it adapts [payoff].
        vulnerability: Loss after it has done what it can alone [payoff]; between 0 and the sensitivity.
        kept_share: Vulnerability over sensitivity [share]; 1 when it can do nothing itself.
        people_at_once: Further arrivals before it adapts [people / month].
        people_after: Further arrivals after it has [people / month].
        shadow_price: What one more unit of each of the partner's issues is worth to it [payoff / unit].
        adapted: Package after it has adapted to the stop [unit of issue].
        settled: Whether both searches converged.
    """

    sensitivity: Float[Array, ""]
    vulnerability: Float[Array, ""]
    kept_share: Float[Array, ""]
    people_at_once: Float[Array, ""]
    people_after: Float[Array, ""]
    shadow_price: Float[Array, " issue"]
    adapted: Float[Array, " issue"]
    settled: Bool[Array, ""]


class Discretion(NamedTuple):
    """How far the holder can really stop, apart from what a stop would do.

    Attributes:
        capability: Further arrivals if it stopped altogether, before anyone adapts [people / month].
        usable: Further arrivals if it went down to what it would do for itself, or must do by law [people / month].
        usable_share: Usable over capability [share].
        gain_from_stopping: What the holder itself would gain by going down that far, the other's side kept [payoff].
    """

    capability: Float[Array, ""]
    usable: Float[Array, ""]
    usable_share: Float[Array, ""]
    gain_from_stopping: Float[Array, ""]


class Conversion(NamedTuple):
    """Whether economic dependence buys political concessions.

    Attributes:
        gains: What each party gains by putting the political issues on the table too [payoff].
        least: The smaller of them [payoff].
        converts: Whether both gain, without which there is no influence however uneven the dependence.
    """

    gains: Float[Array, " party"]
    least: Float[Array, ""]
    converts: Bool[Array, ""]


@jax.jit
def dependence_of(
    problem: BargainProblem, package: Array, party: Array, stopped: Array, own: Array, to: Array
) -> Dependence:
    """`dependence` as arithmetic, to be mapped over draws; the party by place, issues as marks."""
    gone = jnp.where(stopped, to, package)
    with_it = best_reply(problem, party, own, package)
    without = best_reply(problem, party, own, gone)
    # A search stops a hair below the best; doing nothing new is always open, so 0 <= N <= S holds exactly.
    best = jnp.maximum(with_it.payoff, problem.payoffs(package)[party])
    unchanged = problem.payoffs(gone)[party]
    sensitivity, vulnerability = best - unchanged, best - jnp.maximum(without.payoff, unchanged)
    slope = jax.grad(lambda z: problem.payoffs(z)[party])(with_it.package)
    people = _people(problem)
    return Dependence(
        sensitivity=sensitivity,
        vulnerability=vulnerability,
        kept_share=jnp.where(sensitivity > 0.0, vulnerability / jnp.where(sensitivity > 0.0, sensitivity, 1.0), 1.0),
        people_at_once=people(gone) - people(package),
        people_after=people(without.package) - people(with_it.package),
        shadow_price=jnp.where(stopped, slope, 0.0),
        adapted=without.package,
        settled=with_it.settled & without.settled,
    )


def dependence(
    problem: BargainProblem,
    package: Array,
    party: str,
    stopped: tuple[str, ...],
    own: tuple[str, ...],
    to: Array | None = None,
) -> Dependence:
    """What a party would lose, were the partner to stop delivering some issues.

    Args:
        problem: The bargain, with legal caps in its bounds.
        package: The deal in force [unit of issue].
        party: Who depends.
        stopped: The partner's issues that would stop.
        own: The party's own issues with which it can adapt, within its legal caps; its concessions are no part of it.
        to: Amounts the stopped issues fall to; none at all (their least) if not given.

    Raises:
        UnsettledError: If a best reply does not converge.

    Reference:
        Hirschman 1945; Keohane and Nye 1977; equations B8 and B9 of docs/model.md, the shadow price by the envelope.
    """
    marks = [jnp.array([name in names for name in problem.issues]) for names in (stopped, own)]
    for name in (*stopped, *own):
        problem.at(name)
    down = problem.low if to is None else jnp.asarray(to, float)
    found = dependence_of(problem, jnp.asarray(package, float), jnp.array(_at(problem, party)), *marks, down)
    if not bool(found.settled):
        raise UnsettledError("a best reply did not converge", where=party)
    return found


def discretion(
    problem: BargainProblem, package: Array, holder: str, stopped: tuple[str, ...], duty: Array | None = None
) -> Discretion:
    """How far a holder of leverage can go in using it.

    Args:
        problem: The bargain.
        package: The deal in force [unit of issue].
        holder: Who would stop.
        stopped: Its issues that would stop.
        duty: Least amounts that law or its own need leave it [unit of issue]; the issues' least if not given.

    Raises:
        UnsettledError: If its best reply does not converge.
    """
    package = jnp.asarray(package, float)
    own = jnp.array([name in stopped for name in problem.issues])
    reply = best_reply(problem, jnp.array(_at(problem, holder)), own, package)
    if not bool(reply.settled):
        raise UnsettledError("a best reply did not converge", where=holder)
    floor = jnp.maximum(reply.package, problem.low if duty is None else jnp.asarray(duty, float))
    lowest = jnp.where(own, jnp.minimum(floor, package), package)
    people, holder_at = _people(problem), _at(problem, holder)
    now = people(package)
    capability, usable = people(jnp.where(own, problem.low, package)) - now, people(lowest) - now
    return Discretion(
        capability=capability,
        usable=usable,
        usable_share=jnp.where(capability > 0.0, usable / jnp.where(capability > 0.0, capability, 1.0), 0.0),
        gain_from_stopping=problem.payoffs(lowest)[holder_at] - problem.payoffs(package)[holder_at],
    )


def independent(problem: BargainProblem, holder: str) -> BargainProblem:
    """The same talks in a world where what the holder does moves no arrivals, disagreement worked out afresh.

    What the disagreement holds beyond the status quo, such as a threat, is kept.
    """
    if problem.arrivals is None:
        raise DeclarationError("nothing arrives in these talks", way_out="Declare a flow of people first.")
    freed = replace(problem, arrivals=problem.arrivals.held_fixed(problem.owned(_at(problem, holder)), problem.low))
    parties = len(problem.parties)
    shift = freed.payoffs(problem.status_quo)[:parties] - problem.payoffs(problem.status_quo)[:parties]
    return replace(freed, disagreement=problem.disagreement + shift)


def realised(problem: BargainProblem, holder: str, concept: Concept = Concept.NASH) -> Float[Array, ""]:
    """What the holder's leverage bought it: its payoff less that in a world that does not depend on it [payoff].

    Levels are compared, not gains: a threat lowers the level and can raise the gain.

    Reference:
        Equation B10 of docs/model.md.
    """
    at = _at(problem, holder)
    return agree(problem, concept).payoffs[at] - agree(independent(problem, holder), concept).payoffs[at]


def conversion(problem: BargainProblem, political: tuple[str, ...], concept: Concept = Concept.NASH) -> Conversion:
    """Whether putting political issues on the table leaves every party better off than the rest alone.

    Args:
        problem: The bargain.
        political: Issues that are frozen at the status quo in the economic deal.
        concept: How gains are divided.

    Reference:
        Wagner 1988; equation B11 of docs/model.md.
    """
    frozen = jnp.array([problem.at(name) for name in political], dtype=int)
    economic = agree(problem, concept, jnp.ones(len(problem.issues), bool).at[frozen].set(False))
    parties = len(problem.parties)
    gains = agree(problem, concept).payoffs[:parties] - economic.payoffs[:parties]
    least = jnp.min(gains)
    return Conversion(gains, least, least > 0.0)


def _people(problem: BargainProblem) -> Callable[[Array], Array]:
    return problem.arrivals.arrivals if problem.arrivals is not None else (lambda _: jnp.array(0.0))


def _at(problem: BargainProblem, party: str) -> int:
    if party not in problem.parties:
        raise DeclarationError("unknown party", found=repr(party), expected="one of " + ", ".join(problem.parties))
    return problem.parties.index(party)
