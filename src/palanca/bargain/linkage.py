"""Issues linked or kept in silos: what each party gains or loses when they are bargained over together."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TypeAlias

import jax.numpy as jnp
import numpy as np
from jax import Array
from jaxtyping import Float

from palanca.bargain.concepts import agree_on_each, wishes
from palanca.bargain.feasible import BargainProblem
from palanca.bargain.refusals import DeclarationError
from palanca.bargain.solve import Concept

Partition: TypeAlias = tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class PartitionOutcome:
    """What a partition of the issues leads to.

    Attributes:
        partition: Issues by silo.
        package: All silos' deals together [unit of issue], (issue).
        payoffs: What each party gets from them together [payoff], (party).
        gains: Sum of what it gains in each silo [payoff], (party).
        agreed: Which silos reach a deal, (silo).
        silo_gains: What each party gains in each silo [payoff], (silo, party).
        silo_issues: Issues on the table in each silo, (silo).
        log_product: Weighted sum of logs of gains; minus infinity if somebody gains nothing.
    """

    partition: Partition
    package: np.ndarray
    payoffs: np.ndarray
    gains: np.ndarray
    agreed: np.ndarray
    silo_gains: np.ndarray
    silo_issues: np.ndarray
    log_product: float


@dataclass(frozen=True)
class Comparison:
    """Two worlds beside each other.

    Attributes:
        before: The first world.
        after: The second.
        change: What each party gets in the second beyond the first [payoff], (party).
        log_product: Change of the log product of gains; never below 0 from silos to all issues linked.
        parties: Names.
    """

    before: PartitionOutcome
    after: PartitionOutcome
    change: np.ndarray
    log_product: float
    parties: tuple[str, ...]

    @property
    def losers(self) -> tuple[str, ...]:
        """Who gets less in the second world, beyond what the search leaves uncertain."""
        size = 1e-7 * (1.0 + np.abs(self.before.payoffs))
        return tuple(name for name, up, off in zip(self.parties, self.change, size, strict=True) if up < -off)


def check_partition(problem: BargainProblem, partition: Partition) -> np.ndarray:
    """Issues by silo as booleans, (silo, issue).

    Raises:
        DeclarationError: If an issue is missed, repeated or unknown, or a silo is empty.
    """
    named = Counter(name for silo in partition for name in silo)
    faults = {
        "an unknown issue": [name for name in named if name not in problem.issues],
        "an issue twice": [name for name, times in named.items() if times > 1],
        "no silo for": [name for name in problem.issues if name not in named],
        "an empty silo": [str(i + 1) for i, silo in enumerate(partition) if not silo],
    }
    found = "; ".join(f"{fault}: {', '.join(names)}" for fault, names in faults.items() if names)
    if found:
        raise DeclarationError(
            "this is no partition of the issues",
            where="silos",
            found=found,
            expected="each of these once: " + ", ".join(problem.issues),
        )
    return np.array([[name in silo for name in problem.issues] for silo in partition])


def world(
    problem: BargainProblem,
    partition: Partition,
    concept: Concept = Concept.NASH,
    threatened: str | None = None,
    on_table: np.ndarray | None = None,
) -> PartitionOutcome:
    """Bargain over each silo by itself, the other issues at the status quo, and put the deals together.

    Args:
        problem: The bargain.
        partition: Issues by silo.
        concept: How gains are divided.
        threatened: Issue in whose silo a threat is heard; needed if a threat is priced into the disagreement and there
            is more than one silo. The other silos fall back on the status quo alone.
        on_table: Whether each issue can be set at all, (issue); one that cannot stays at the status quo in any silo.

    Raises:
        DeclarationError: If this is no partition, or a threat has no silo.
        UnsettledError: If a search does not converge.
    """
    held = check_partition(problem, partition)
    held = held if on_table is None else held & np.asarray(on_table, bool)
    parties = len(problem.parties)
    plain = problem.payoffs(problem.status_quo)[:parties]
    calm = bool(jnp.allclose(plain, problem.disagreement, rtol=1e-9, atol=1e-12))
    if not calm and len(held) > 1 and threatened is None:
        raise DeclarationError(
            "the disagreement holds a threat that belongs to no silo",
            way_out="Say with `threatened` in which issue's silo it is heard.",
        )
    if calm or len(held) == 1:
        found = agree_on_each(problem, jnp.asarray(held), concept)
        gains, agreed, packages = (np.asarray(x) for x in (found.gains, found.agreed, found.package))
    else:
        hears = held[:, problem.at(str(threatened))]
        heard = [problem if hears[i] else replace(problem, disagreement=plain) for i in range(len(held))]
        each = [agree_on_each(one, jnp.asarray(held[i : i + 1]), concept) for i, one in enumerate(heard)]
        gains, agreed, packages = (
            np.concatenate([np.asarray(getattr(one, name)) for one in each]) for name in ("gains", "agreed", "package")
        )
    package = np.asarray(problem.status_quo) + (held * (packages - np.asarray(problem.status_quo))).sum(axis=0)
    total = gains.sum(axis=0)
    payoffs = np.asarray(problem.payoffs(jnp.asarray(package)))[:parties]
    if not agreed.any():
        payoffs = np.asarray(problem.disagreement)
    return PartitionOutcome(
        partition, package, payoffs, total, agreed, gains, held.sum(axis=1), _log_product(problem, total)
    )


def compare(
    problem: BargainProblem,
    before: Partition,
    after: Partition,
    concept: Concept = Concept.NASH,
    threatened: str | None = None,
    on_table: np.ndarray | None = None,
) -> Comparison:
    """Who gains and who loses when the issues are divided in another way.

    Args:
        problem: The bargain.
        before: Silos to begin with.
        after: Silos instead.
        concept: How gains are divided.
        threatened: See `world`.
        on_table: See `world`.

    Reference:
        Tollison and Willett 1979; Horstmann, Markusen and Robles 2005; equation B13 of docs/model.md.
    """
    first, second = (world(problem, partition, concept, threatened, on_table) for partition in (before, after))
    better = second.log_product - first.log_product if np.isfinite(second.log_product) else 0.0
    return Comparison(first, second, second.payoffs - first.payoffs, better, problem.parties)


def comparative_interest(problem: BargainProblem) -> Float[Array, "party issue"]:
    """How much of what is at stake for each party lies in each issue [share], (party, issue); rows sum to 1.

    Linkage helps as far as the rows differ: what matters is relative, not absolute, interest.

    Reference:
        Horstmann, Markusen and Robles 2005.
    """
    _, stake = wishes(problem)
    total = stake.sum(axis=1, keepdims=True)
    return stake / jnp.where(total > 0.0, total, 1.0)


def _log_product(problem: BargainProblem, gains: np.ndarray) -> float:
    if np.any(gains <= 0.0):
        return float("-inf")
    return float(np.asarray(problem.weight) @ np.log(gains))
