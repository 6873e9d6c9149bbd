"""What talks end in under a protocol, draw by draw: who proposes, what is closed, or how gains are divided."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np

from palanca.bargain import protocol
from palanca.bargain.feasible import BargainProblem
from palanca.bargain.solve import BargainOutcome, Concept
from palanca.core.clock import Month
from palanca.questions.bargaining import batched, enforcement
from palanca.questions.bargaining.prepared import PreparedBargain
from palanca.spec.bargain_schema import PROPOSED
from palanca.spec.protocol import Protocol

NASH = Protocol("nash")


def agree(
    table: PreparedBargain,
    problem: BargainProblem,
    free: np.ndarray,
    how: Protocol = NASH,
    *,
    most_unsettled: float = batched.MOST_UNSETTLED,
) -> BargainOutcome:
    """What the talks end in under a protocol.

    Args:
        table: The prepared bargain.
        problem: Its bargains of the month, the draw first.
        free: Issues on the table, (issue).
        how: How a deal comes about.
        most_unsettled: Share of searches that may fail to converge.

    Raises:
        DeclarationError: Offers in turn over an issue that comes in lumps.
        UnsettledError: More than that share of the searches did not converge.
    """

    def talks(one: BargainProblem, concept: Concept) -> BargainOutcome:
        return batched.each(one, on, concept, most_unsettled=most_unsettled)

    on = free & open_under(table, how)
    if how.form not in PROPOSED or how.proposer is None:
        return talks(problem, Concept(how.form))
    proposer = problem.parties.index(how.proposer)
    if how.form == "alternating":
        patience = np.asarray(protocol.discount(enforcement.patience(table), how.months_between))
        return protocol.in_turn(problem, patience, proposer, talks)
    return protocol.offer(problem, proposer, talks)


def under(
    table: PreparedBargain,
    problem: BargainProblem,
    month: Month | None,
    how: Protocol = NASH,
    *,
    free: np.ndarray | None = None,
    bluffs: bool = False,
    most_unsettled: float = batched.MOST_UNSETTLED,
) -> BargainOutcome:
    """`agree` in a month; an ultimatum binds nobody in draws in which its threat is not worth carrying out.

    There other issues stay open and the deal is that of the Nash concept.

    Args:
        table: The prepared bargain.
        problem: Its bargains of the month, the draw first.
        month: The month.
        how: How a deal comes about.
        free: Issues on the table, (issue); those of the month if not given.
        bluffs: Whether threats count that are not worth carrying out.
        most_unsettled: Share of searches that may fail to converge.
    """
    free = table.free(month) if free is None else free
    made = agree(table, problem, free, how, most_unsettled=most_unsettled)
    if how.form != "ultimatum":
        return made
    binds = binding(table, month, how, bluffs=bluffs)
    other = agree(table, problem, free, most_unsettled=most_unsettled)

    def chosen(one: jax.Array, two: jax.Array) -> jax.Array:
        return jnp.where(jnp.asarray(binds).reshape(binds.shape + (1,) * (one.ndim - 1)), one, two)

    found: BargainOutcome = jax.tree.map(chosen, made, other)
    return found


def binding(table: PreparedBargain, month: Month | None, how: Protocol, *, bluffs: bool = False) -> np.ndarray:
    """In which draws an ultimatum is backed by a threat of its proposer that counts, (draw)."""
    threats = () if month is None else table.declared.threats_at(month)
    mine = [table.threat(one.name) for one in threats if one.sender == how.proposer]
    counts = [np.broadcast_to(np.asarray(one.chance(bluffs=bluffs)) > 0.0, table.draws) for one in mine]
    return np.any(counts, axis=0) if counts else np.zeros(table.draws, bool)


def open_under(table: PreparedBargain, how: Protocol) -> np.ndarray:
    """Issues that a protocol leaves open, (issue): until an ultimatum runs out its proposer gives nothing in return."""
    issues = table.declared.issues
    if how.form != "ultimatum":
        return np.ones(len(issues), bool)
    named = how.issues or tuple(name for name, issue in issues.items() if issue.owner != how.proposer)
    return np.array([not issue.traded or name in named for name, issue in issues.items()])
