"""What each gets without a deal: private best replies, and threats that are believed, priced at their chance."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import product

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array
from jaxtyping import Float

from palanca.bargain.chosen_threats import chosen_threats
from palanca.bargain.feasible import Talks
from palanca.bargain.refusals import DeclarationError, UnsettledError
from palanca.bargain.reply import best_reply

ROUNDS = 200
STILL = 1e-8
MOST_CORNERS = 4096


@dataclass(frozen=True)
class Threat:
    """What a party says it will do if there is no deal.

    Attributes:
        sender: Party that threatens.
        target: Party that would be harmed.
        harm: Cost to the target if executed [payoff], 0 or more.
        cost: Cost to the sender if executed [payoff]; below 0 if it gains.
        survival: Chance that law and courts let it stand [chance].
        belief: Chance, as the target sees it, that it would be executed [chance].
        reputation: Cost to the sender of not doing what it said [payoff]; an assumption with a prior.
    """

    sender: str
    target: str
    harm: float
    cost: float
    survival: float = 1.0
    belief: float = 1.0
    reputation: float = 0.0

    def __post_init__(self) -> None:
        chances = 0.0 <= self.survival <= 1.0 and 0.0 <= self.belief <= 1.0
        if not (chances and self.harm >= 0.0 and self.sender != self.target):
            raise DeclarationError(
                "a threat out of range",
                where=f"threat of {self.sender} to {self.target}",
                expected="two parties, harm of 0 or more, survival and belief from 0 to 1",
            )

    @property
    def credible(self) -> bool:
        """Whether executing it, once refused, is worth its cost to keep one's word."""
        return self.reputation >= self.cost

    @property
    def expected_harm(self) -> float:
        """Pi p h [payoff]."""
        return self.survival * self.belief * self.harm

    @property
    def expected_cost(self) -> float:
        """Pi p c [payoff]."""
        return self.survival * self.belief * self.cost


def private_optimum(talks: Talks) -> Float[Array, " issue"]:
    """The package when each party sets its own issues for itself, given the others'; no concessions.

    Raises:
        UnsettledError: If replies to replies do not come to rest.
    """
    package = talks.status_quo
    for _ in range(ROUNDS):
        before = package
        for party in range(len(talks.parties)):
            reply = best_reply(talks, jnp.array(party), talks.owned(party) > 0.0, package)
            if not bool(reply.settled):
                raise UnsettledError("a party's best reply did not converge", where=talks.parties[party])
            package = reply.package
        if float(jnp.max(jnp.abs(package - before) / (talks.high - talks.low))) < STILL:
            return package
    raise UnsettledError(
        "best replies do not come to rest", found=f"a change of {float(jnp.max(jnp.abs(package - before))):.3g}"
    )


def without_deal(
    talks: Talks, threats: tuple[Threat, ...] = (), package: Array | None = None
) -> tuple[Talks, list[bool]]:
    """The same talks with disagreement payoffs of a no-deal package, less the threats that are believed.

    Args:
        talks: The bargain.
        threats: What was said; one that is not credible is not priced.
        package: What each does without a deal; the private optimum if not given.

    Returns:
        The talks, and for each threat whether it is priced in.
    """
    start = private_optimum(talks) if package is None else jnp.asarray(package, float)
    base = talks.payoffs(start)[: len(talks.parties)]
    priced = [threat.credible for threat in threats]
    for threat, counts in zip(threats, priced, strict=True):
        if counts:
            base = base.at[_party(talks, threat.target)].add(-threat.expected_harm)
            base = base.at[_party(talks, threat.sender)].add(-threat.expected_cost)
    return replace(talks, disagreement=base, status_quo=start), priced


def incidence(threat: Threat, sender_weight: float) -> float:
    """What a credible threat does to the target's payoff in the deal when gains can be handed over [payoff].

    Args:
        threat: Priced into the disagreement.
        sender_weight: Bargaining weight of the sender a_D; the target has the rest.

    Reference:
        dU_T = -a_D pi p h + a_T pi p c (split of a fixed sum); at equal weights (pi p / 2)(c - h).
    """
    return (1.0 - sender_weight) * threat.expected_cost - sender_weight * threat.expected_harm


def court_slope(threat: Threat, sender_weight: float) -> float:
    """What a unit more chance of standing in court is worth to the sender, when gains can be handed over [payoff].

    Reference:
        dU_D/dpi = p (a_D h - a_T c); at equal weights (p / 2)(h - c).
    """
    return threat.belief * (sender_weight * threat.harm - (1.0 - sender_weight) * threat.cost)


def worst_case(talks: Talks, party: int) -> float:
    """The payoff that a party can secure against others who set their issues to hurt it [payoff].

    Its best payoff is concave in what the others do, so the worst lies at a corner of their bounds.

    Raises:
        DeclarationError: If the others have too many issues to try every corner.
        UnsettledError: If a search does not converge.
    """
    own = np.asarray(talks.owned(party)) > 0.0
    theirs = np.flatnonzero(~own)
    if 2 ** len(theirs) > MOST_CORNERS:
        raise DeclarationError("too many issues to try every corner", found=str(len(theirs)), expected="12 or fewer")
    corners = np.tile(np.asarray(talks.status_quo), (2 ** len(theirs), 1))
    corners[:, theirs] = list(product(*zip(np.asarray(talks.low)[theirs], np.asarray(talks.high)[theirs], strict=True)))
    if not own.any():
        return float(jnp.min(jax.vmap(lambda z: talks.payoffs(z)[party])(jnp.asarray(corners))))
    replies = jax.vmap(lambda z: best_reply(talks, jnp.array(party), jnp.asarray(own), z))(jnp.asarray(corners))
    if not bool(jnp.all(replies.settled)):
        raise UnsettledError("a best reply did not converge", where=talks.parties[party])
    return float(jnp.min(replies.payoff))


def variable_threats(mine: np.ndarray, theirs: np.ndarray) -> tuple[float, float]:
    """Payoffs when both commit to threats before they share the greatest sum.

    Args:
        mine: First party's payoffs by its threat (row) and the other's (column).
        theirs: Second party's.

    Returns:
        (sigma + v) / 2 and (sigma - v) / 2, sigma the greatest sum, v the value of the zero-sum game mine - theirs;
        `chosen_threats` tells the threats besides.

    Raises:
        BargainError: The tables do not fit together.

    Reference:
        Nash 1953, with transferable payoffs; equation B7 of docs/model.md.
    """
    found = chosen_threats(mine, theirs)
    return found.first, found.second


def _party(talks: Talks, name: str) -> int:
    if name not in talks.parties:
        raise DeclarationError("unknown party", found=repr(name), expected="one of " + ", ".join(talks.parties))
    return talks.parties.index(name)
