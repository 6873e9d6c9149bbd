"""A bargain in numbers: payoffs of a package, and how far it is from each limit that it must keep."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Protocol

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array
from jax.tree_util import register_dataclass
from jaxtyping import Float

from palanca.bargain.arrivals import Flow
from palanca.bargain.issues import Declaration, Party, Ratifier
from palanca.bargain.refusals import DeclarationError
from palanca.bargain.utility import PayoffTerms, gather

TINY = 1e-12


class AbstractRule(Protocol):
    """A further limit on packages, such as that keeping the deal must pay: a record of numbers known to JAX."""

    def slack(self, package: Float[Array, " issue"], problem: BargainProblem) -> Float[Array, " row"]:
        """How far the package keeps the rule, concave in it; negative where it breaks it [any unit]."""


@register_dataclass
@dataclass(frozen=True)
class BargainProblem:
    """A bargaining problem in numbers. Voices are the parties first, then the ratifiers.

    Attributes:
        low: Least amounts [unit of issue].
        high: Greatest amounts, legal caps included [unit of issue].
        status_quo: Package without a deal [unit of issue].
        arrivals: Flow of people by package, or none.
        dislike: What an arrival costs each voice [payoff / person].
        terms: What each voice gets from each issue.
        weight: Bargaining weights a_i, summing to 1.
        disagreement: What each party gets without a deal [payoff].
        floor: Least payoffs of the voices in `floor_voice` [payoff].
        budget_row: Weights of issues in each budget.
        budget: Ceiling of each budget.
        rules: Further concave limits.
        floor_voice: Voices that have a floor.
        parties: Names.
        ratifiers: Names.
        issues: Names.
        budgets: Names.
        owner: Party that delivers each issue.
        menus: The only amounts possible of each issue that comes in lumps; empty for one of which any amount will do.
        ties: Pairs of issues that a clause binds, the second by the first.
        tie_ratio: Amount of the second issue of each tie for a unit of the first [unit / unit], above 0.
    """

    low: Float[Array, " issue"]
    high: Float[Array, " issue"]
    status_quo: Float[Array, " issue"]
    arrivals: Flow | None
    dislike: Float[Array, " voice"]
    terms: tuple[PayoffTerms, ...]
    weight: Float[Array, " party"]
    disagreement: Float[Array, " party"]
    floor: Float[Array, " floor"]
    budget_row: Float[Array, "budget issue"]
    budget: Float[Array, " budget"]
    rules: tuple[AbstractRule, ...]
    floor_voice: tuple[int, ...] = field(metadata={"static": True})
    parties: tuple[str, ...] = field(metadata={"static": True})
    ratifiers: tuple[str, ...] = field(metadata={"static": True})
    issues: tuple[str, ...] = field(metadata={"static": True})
    budgets: tuple[str, ...] = field(metadata={"static": True})
    owner: tuple[int, ...] = field(metadata={"static": True})
    menus: tuple[tuple[float, ...], ...] = field(metadata={"static": True})
    ties: tuple[tuple[int, int], ...] = field(default=(), metadata={"static": True})
    tie_ratio: Float[Array, " tie"] = field(default_factory=lambda: jnp.zeros(0))

    def payoffs(self, package: Float[Array, " issue"]) -> Float[Array, " voice"]:
        """What each voice gets from a package [payoff].

        Reference:
            U_i(z) = -dislike_i A(z) + sum over i's terms of their forms; equation B1 of docs/model.md.
        """
        voices = len(self.parties) + len(self.ratifiers)
        total = sum((terms.payoffs(package, voices) for terms in self.terms), jnp.zeros(voices))
        return total if self.arrivals is None else total - self.dislike * self.arrivals.arrivals(package)

    def gains(self, package: Float[Array, " issue"]) -> Float[Array, " party"]:
        """What each party gets beyond no deal [payoff]."""
        return self.payoffs(package)[: len(self.parties)] - self.disagreement

    def limits(self, package: Float[Array, " issue"]) -> Float[Array, " limit"]:
        """Slack of every limit but the bounds: parties' gains, floors, budgets, rules, in the order of `names`."""
        payoffs = self.payoffs(package)
        floors = payoffs[jnp.array(self.floor_voice, dtype=int)] - self.floor
        rows = [jnp.atleast_1d(rule.slack(package, self)) for rule in self.rules]
        gains = payoffs[: len(self.parties)] - self.disagreement
        return jnp.concatenate([gains, floors, self.budget - self.budget_row @ package, *rows])

    def moves(self) -> Float[Array, "issue limit"]:
        """How far each issue alone moves each limit, from its least to its greatest amount."""
        alone = jnp.eye(len(self.issues)) > 0.0
        reach = [jax.vmap(self.limits)(jnp.where(alone, end, self.status_quo)) for end in (self.low, self.high)]
        return jnp.abs(reach[1] - reach[0])

    def ranges(self) -> Float[Array, " limit"]:
        """A size for each limit, so that slacks compare: the sum of what each issue alone can change."""
        return self.moves().sum(axis=0)

    def names(self) -> tuple[str, ...]:
        """What each limit is called."""
        voices = self.parties + self.ratifiers
        rules = sum(np.shape(jax.eval_shape(rule.slack, self.low, self))[0] for rule in self.rules)
        return (
            *(f"gain of {name}" for name in self.parties),
            *(f"floor of {voices[i]}" for i in self.floor_voice),
            *(f"budget {name}" for name in self.budgets),
            *(f"rule {i + 1}" for i in range(rules)),
        )

    def owned(self, party: int) -> Float[Array, " issue"]:
        """1 where a party delivers the issue, else 0."""
        return jnp.array([float(owner == party) for owner in self.owner])

    def capped(self, cap: Float[Array, " issue"]) -> BargainProblem:
        """The same talks with amounts capped by law; the status quo bows to the cap too."""
        high = jnp.minimum(self.high, cap)
        return replace(self, high=high, status_quo=jnp.minimum(self.status_quo, high))

    def at(self, issue: str) -> int:
        """Place of an issue.

        Raises:
            DeclarationError: If there is none of this name.
        """
        if issue not in self.issues:
            raise DeclarationError("unknown issue", found=repr(issue), expected="one of " + ", ".join(self.issues))
        return self.issues.index(issue)


def bare(declared: Declaration, arrivals: Flow | None = None, rules: tuple[AbstractRule, ...] = ()) -> BargainProblem:
    """A declaration in numbers, with disagreement and floors still to be worked out: zeros stand in their places.

    Args:
        declared: Checked here.
        arrivals: Flow of people by package.
        rules: Further concave limits.

    Raises:
        DeclarationError: If the declaration cannot be bargained over.
    """
    declared.check()
    voices: tuple[Party | Ratifier, ...] = (*declared.parties, *declared.ratifiers)
    names = [voice.name for voice in voices]
    issues = [issue.name for issue in declared.issues]
    top = np.array([issue.high for issue in declared.issues])
    weights = np.array([party.weight for party in declared.parties])
    rows = np.array([[dict(budget.weights).get(name, 0.0) for name in issues] for budget in declared.budgets])
    floored = tuple(i for i, v in enumerate(voices) if v.floor is not None or i >= len(declared.parties))
    parties = tuple(names[: len(declared.parties)])
    return BargainProblem(
        low=jnp.array([issue.low for issue in declared.issues]),
        high=jnp.array(top),
        status_quo=jnp.array([issue.status_quo for issue in declared.issues]),
        arrivals=arrivals,
        dislike=jnp.array([float(voice.dislike) for voice in voices]),
        terms=gather(declared.terms, names, issues, top),
        weight=jnp.array(weights / weights.sum()),
        disagreement=jnp.zeros(len(parties)),
        floor=jnp.zeros(len(floored)),
        budget_row=jnp.array(rows.reshape(len(declared.budgets), len(issues))),
        budget=jnp.array([float(budget.limit) for budget in declared.budgets]),
        rules=rules,
        floor_voice=floored,
        parties=parties,
        ratifiers=tuple(names[len(parties) :]),
        issues=tuple(issues),
        budgets=tuple(budget.name for budget in declared.budgets),
        owner=tuple(parties.index(issue.owner) for issue in declared.issues),
        menus=tuple(tuple(issue.menu) for issue in declared.issues),
    )


def floors(declared: Declaration) -> tuple[float | None, ...]:
    """Declared floors of the voices that have one, as in `BargainProblem.floor`; none where no deal's counts."""
    voices: tuple[Party | Ratifier, ...] = (*declared.parties, *declared.ratifiers)
    return tuple(v.floor for i, v in enumerate(voices) if v.floor is not None or i >= len(declared.parties))


def grounded(
    problem: BargainProblem, given: tuple[float | None, ...], disagreement: Array | None = None
) -> BargainProblem:
    """The same talks with disagreement and floors worked out from the status quo where they are not given.

    Args:
        talks: From `bare`.
        given: From `floors`.
        disagreement: What each party gets without a deal [payoff], (party).
    """
    now = problem.payoffs(problem.status_quo)
    least = [now[i] if one is None else one for i, one in zip(problem.floor_voice, given, strict=True)]
    return replace(
        problem,
        disagreement=now[: len(problem.parties)] if disagreement is None else jnp.asarray(disagreement, float),
        floor=jnp.array(least, dtype=float),
    )
