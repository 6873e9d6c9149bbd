"""The best that one party can do alone with what it sets itself, all else given."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import jax
import jax.numpy as jnp
from jax import Array
from jaxtyping import Bool, Float, Int

from palanca.bargain import ties
from palanca.bargain.feasible import BargainProblem
from palanca.bargain.search import Program, ProgramAim, search


class Reply(NamedTuple):
    """A party's best answer.

    Attributes:
        package: All amounts, with its own at their best for it [unit of issue].
        payoff: What it gets [payoff].
        settled: Whether the search converged.
    """

    package: Float[Array, " issue"]
    payoff: Float[Array, ""]
    settled: Bool[Array, ""]


@jax.jit
def best_reply(
    problem: BargainProblem, party: Int[Array, ""], own: Bool[Array, " issue"], others: Float[Array, " issue"]
) -> Reply:
    """Maximise one party's payoff over its own issues within their bounds; nobody else is asked.

    Args:
        problem: The bargain; its floors, budgets and rules do not bind a party that acts alone, but an issue that is
            tied to another's stays as it is while the tie stands: take a problem without ties where none does.
        party: Who answers.
        own: Issues that it sets.
        others: Amounts of all other issues.
    """
    own = own & ~ties.held(problem, jnp.zeros_like(own))
    problem = replace(problem, ties=(), tie_ratio=jnp.zeros(0))
    middle = jnp.where(own, 0.5 * (problem.low + problem.high), others)
    size = jnp.where(problem.ranges()[party] > 0.0, problem.ranges()[party], 1.0)
    worst = jnp.minimum(problem.payoffs(middle)[party], problem.payoffs(others)[party]) - size
    alone = replace(problem, disagreement=problem.disagreement.at[party].set(jax.lax.stop_gradient(worst)))
    blank = jnp.zeros(alone.ranges().shape)
    mine = jnp.arange(blank.size) == party
    aim = ProgramAim(jnp.array(0.0), blank, mine.astype(float), blank, mine)
    program = Program(alone, own, others, jnp.where(mine, jax.lax.stop_gradient(size), 1.0), aim)
    found = search(program, jnp.full(own.size + 1, 0.5).at[-1].set(0.0), jnp.array(True))
    package = program.package(found.point)
    return Reply(package, problem.payoffs(package)[party], found.settled)
