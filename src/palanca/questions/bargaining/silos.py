"""Two ways to divide the issues compared: who gains by linking them, and how many false alarms that bears."""

from __future__ import annotations

from dataclasses import dataclass

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array

from palanca.bargain import linkage
from palanca.bargain.contagion import SiloGains, tolerated_alarms
from palanca.bargain.feasible import BargainProblem
from palanca.bargain.linkage import Comparison, Partition, PartitionOutcome
from palanca.core.clock import Month
from palanca.core.errors import UnsettledError
from palanca.questions.bargaining import batched
from palanca.questions.bargaining.enforcement import patience
from palanca.questions.bargaining.prepared import PreparedBargain

COMPARED = 32  # draws over which silos are compared; each needs as many searches as there are silos
LEAST_SETTLED = 0.5


@dataclass(frozen=True, eq=False)
class Silos:
    """Two ways to divide the issues, compared draw by draw.

    Args:
        before: Silos to begin with.
        after: Silos instead.
        change: What each party gains by the change (draw, party) [payoff].
        better: Change of the log of the product of gains (draw); no number where either has no deal for all.
        packages: Amounts before and after (2, draw, issue) [unit of issue].
        arrivals: People arriving before and after (2, draw) [thousand people / month].
        deals: Silos that end in a deal, before and after (2, draw).
        tolerated: Chance that honest conduct on an issue looks like a breach beyond which the change no longer pays,
            for linked issues end together (draw, party) [chance / month]; 0 where it never pays, infinity where always.
        loses: Whether the change leaves each party worse off (draw, party).
        interest: Share of what is at stake for each party that lies in each issue (draw, party, issue).
        kept: Draws that were compared, (draw).
        left_out: Draws left out because a search did not converge.
    """

    before: Partition
    after: Partition
    change: np.ndarray
    better: np.ndarray
    packages: np.ndarray
    arrivals: np.ndarray
    deals: np.ndarray
    tolerated: np.ndarray
    loses: np.ndarray
    interest: np.ndarray
    kept: np.ndarray
    left_out: int


def divide(table: PreparedBargain, before: Partition, after: Partition, month: Month | None = None) -> Silos:
    """Compare two ways to divide the issues; what is off the table stays at the status quo in both.

    Threats are left out: they belong to no silo.

    Raises:
        DeclarationError: A partition misses, repeats or invents an issue.
        UnsettledError: Searches did not converge in half of the draws or more.
    """
    problem, free = table.at(month, threatened=False), table.free(month)
    first = batched.one_of(problem, 0)
    for partition in (before, after):
        linkage.check_partition(first, partition)
    found: list[Comparison] = []
    lost: UnsettledError | None = None
    draws = min(COMPARED, table.draws)
    kept: list[int] = []
    for draw in range(draws):
        try:
            found.append(linkage.compare(batched.one_of(problem, draw), before, after, on_table=free))
            kept.append(draw)
        except UnsettledError as fault:
            lost = fault
    if lost is not None and len(found) < LEAST_SETTLED * draws:
        raise lost
    both = [(one.before, one.after) for one in found]
    packages = np.array([[pair[k].package for pair in both] for k in (0, 1)])
    part: BargainProblem = jax.tree.map(lambda leaf: leaf[np.array(kept)], problem)
    logs = np.array([[pair[k].log_product for pair in both] for k in (0, 1)])
    with np.errstate(invalid="ignore"):
        better = np.where(np.isfinite(logs).all(axis=0), logs[1] - logs[0], np.nan)
    return Silos(
        before=before,
        after=after,
        change=np.array([one.change for one in found]),
        better=better,
        packages=packages,
        arrivals=np.stack([batched.arrivals(part, jnp.asarray(packages[k])) for k in (0, 1)]),
        deals=np.array([[int(np.sum(pair[k].agreed)) for pair in both] for k in (0, 1)]),
        tolerated=_tolerated(both, patience(table)[kept]),
        loses=np.array([[party in one.losers for party in one.parties] for one in found]),
        interest=np.asarray(_interest(part)),
        kept=np.array(kept),
        left_out=draws - len(found),
    )


@jax.jit
def _interest(problem: BargainProblem) -> Array:
    return jax.vmap(linkage.comparative_interest)(problem)


def _tolerated(pairs: list[tuple[PartitionOutcome, PartitionOutcome]], patient: np.ndarray) -> np.ndarray:
    return np.array(
        [
            [
                tolerated_alarms(_gains(before, party), _gains(after, party), float(patient[draw, party]))
                for party in range(patient.shape[1])
            ]
            for draw, (before, after) in enumerate(pairs)
        ]
    )


def _gains(world: PartitionOutcome, party: int) -> SiloGains:
    """What a party gains in the silos that end in a deal."""
    dealt = np.asarray(world.agreed, bool)
    return SiloGains(world.silo_gains[dealt, party], world.silo_issues[dealt].astype(float))
