"""What a deal contains: first whether one exists and what stands in its way, then the package a concept picks."""

from __future__ import annotations

from enum import StrEnum
from functools import partial
from typing import NamedTuple

import jax
import jax.numpy as jnp
from jax import Array
from jaxtyping import Bool, Float, Int

from palanca.bargain import ties
from palanca.bargain.feasible import TINY, BargainProblem
from palanca.bargain.search import Program, ProgramAim, SolvedProgram, search

LEAST_GAIN = 1e-7  # of its range; a party that gains less has no deal
IDLE = 1e-9
PULLS = 14


class Concept(StrEnum):
    """How the parties divide what a deal is worth."""

    NASH = "nash"
    KALAI_SMORODINSKY = "kalai-smorodinsky"
    EGALITARIAN = "egalitarian"
    UTILITARIAN = "utilitarian"

    @property
    def number(self) -> int:
        """Its place in the list; compiled code takes the number, so that one compilation serves all."""
        return list(Concept).index(self)


class BargainOutcome(NamedTuple):
    """What talks end in.

    Attributes:
        package: Amounts agreed; the status quo if there is no deal [unit of issue].
        payoffs: What each voice gets [payoff].
        gains: What each party gets beyond no deal [payoff].
        agreed: Whether a deal exists.
        margin: Greatest gain, floor slack and the like that all limits can have at once [share of their ranges].
        clash: Weight of each limit in the proof that no more can be had; sums to 1 [share].
        price: What one payoff unit of slack in each limit is worth to the concept's objective.
        residual: Largest breach of the optimality conditions.
        settled: Whether the search converged; if not, nothing else here is an answer.
    """

    package: Float[Array, " issue"]
    payoffs: Float[Array, " voice"]
    gains: Float[Array, " party"]
    agreed: Bool[Array, ""]
    margin: Float[Array, ""]
    clash: Float[Array, " limit"]
    price: Float[Array, " limit"]
    residual: Float[Array, ""]
    settled: Bool[Array, ""]


def bargain(
    problem: BargainProblem, free: Bool[Array, " issue"], fixed: Float[Array, " issue"], concept: Int[Array, ""]
) -> BargainOutcome:
    """Solve one bargain; pure arithmetic, to be compiled and mapped over subsets of issues and over draws.

    Args:
        problem: The bargain.
        free: Whether each issue is on the table; one tied to an issue that is not cannot be set either.
        fixed: Amounts of the issues that are not.
        concept: Number of the concept by which gains are divided.

    Reference:
        Nash 1950; Kalai and Smorodinsky 1975; Kalai 1977; equations B2 to B5 of docs/model.md.
    """
    on = ties.standing(problem, free)
    looked_for, within = ties.sought(problem, on), ties.narrowed(problem, on)
    scale, bound = _limits_kept(problem, on, fixed)
    aims = _aims(problem, scale, bound, concept)
    phases, by_ideals = aims.rise.shape[0], concept == Concept.KALAI_SMORODINSKY.number

    def phase(so_far: _SoFar, now: tuple[Array, ProgramAim]) -> tuple[_SoFar, tuple[Array, SolvedProgram]]:
        number, aim = now
        is_first, is_last = number == 0, number == phases - 1
        aim = jax.tree.map(partial(jnp.where, is_last & by_ideals), _proportional(so_far.ideal, bound), aim)
        program = Program(within, looked_for, fixed, scale, aim)
        start = so_far.start.at[-1].set(_low_rise(program, so_far.start))
        found = search(program, start, so_far.agreed & (is_first | is_last | by_ideals))
        agreed = jnp.where(is_first, found.settled & (found.point[-1] > LEAST_GAIN), so_far.agreed)
        begin = jnp.where(is_first, _pulled_inside(program, found), so_far.start)
        reached = program.package(found.point)
        # Phase k + 1 finds the ideal of party k; the first writes where the last party's will be, the last nowhere.
        ideal = so_far.ideal.at[number - 1].set(problem.gains(reached)[number - 1] / scale[number - 1], mode="drop")
        return _SoFar(begin, agreed, ideal), (reached, found)

    middle = _SoFar(jnp.full(free.size + 1, 0.5), jnp.array(True), jnp.ones(len(problem.parties)))
    end, (reached, every) = jax.lax.scan(phase, middle, (jnp.arange(phases), aims))
    room, found = (jax.tree.map(lambda x, at=at: x[at], every) for at in (0, -1))
    package, last = jnp.where(end.agreed, reached[-1], fixed), jnp.arange(1, phases) == phases - 1
    payoffs = problem.payoffs(package)
    return BargainOutcome(
        package=package,
        payoffs=jnp.where(end.agreed, payoffs, payoffs.at[: len(problem.parties)].set(problem.disagreement)),
        gains=jnp.where(end.agreed, payoffs[: len(problem.parties)] - problem.disagreement, 0.0),
        agreed=end.agreed,
        margin=room.point[-1],
        clash=jnp.where(bound, room.price[: scale.size], 0.0),
        price=jnp.where(end.agreed & bound, found.price[: scale.size] / scale, 0.0),
        residual=jnp.nanmax(every.residual),
        settled=room.settled & (~end.agreed | jnp.all(every.settled[1:] | ~(by_ideals | last))),
    )


class _SoFar(NamedTuple):
    """What the phases of a search hand on: a start inside all limits, whether a deal exists, most scaled gains."""

    start: Float[Array, " unknown"]
    agreed: Bool[Array, ""]
    ideal: Float[Array, " party"]


def _limits_kept(problem: BargainProblem, free: Array, fixed: Array) -> tuple[Array, Array]:
    """Range of each limit, and which are kept: one that nothing on the table touches falls away if met."""
    moves = problem.moves()
    spread = moves.sum(axis=0)
    scale = jax.lax.stop_gradient(jnp.where(spread > TINY, spread, 1.0))
    idle = (free @ moves <= IDLE * scale) & (problem.limits(fixed) >= -IDLE * scale)
    parties = jnp.arange(scale.size) < len(problem.parties)
    return scale, parties | ~idle


def _aims(problem: BargainProblem, scale: Array, bound: Array, concept: Array) -> ProgramAim:
    """What each phase seeks, one after another: room, each party's ideal if the concept asks for it, the deal."""
    parties, blank, zero = len(problem.parties), jnp.zeros_like(scale), jnp.array(0.0)
    weight = blank.at[:parties].set(problem.weight)
    total = weight * scale / jnp.max(weight * scale)
    lasts = {
        Concept.NASH: ProgramAim(zero, weight, blank, blank, bound),
        Concept.UTILITARIAN: ProgramAim(zero, blank, total, blank, bound),
        Concept.EGALITARIAN: _proportional(problem.weight / scale[:parties], bound),
        Concept.KALAI_SMORODINSKY: _proportional(jnp.ones(parties), bound),
    }
    choices = jax.tree.map(lambda *each: jnp.stack(each), *(lasts[one] for one in Concept))
    room = ProgramAim(jnp.array(1.0), blank, blank, bound.astype(float), bound)
    ideals = [ProgramAim(zero, blank, blank.at[i].set(1.0), blank, bound) for i in range(parties)]
    last = jax.tree.map(lambda x: x[concept], choices)
    return jax.tree.map(lambda *each: jnp.stack(each), room, *ideals, last)


def _proportional(shares: Array, bound: Array) -> ProgramAim:
    """Raise all gains together in the given proportions."""
    blank = jnp.zeros(bound.shape)
    lift = blank.at[: shares.size].set(shares / jnp.maximum(jnp.max(shares), TINY))
    return ProgramAim(jnp.array(1.0), blank, blank, lift, bound)


def _low_rise(program: Program, start: Array) -> Array:
    """A rise below what the start allows, so that the search begins strictly inside."""
    lift = program.aim.lift
    allowed = jnp.where(lift > 0.0, program.limits(start) / jnp.where(lift > 0.0, lift, 1.0), jnp.inf)
    lowest = jnp.min(allowed)
    below = jnp.where(lowest > 0.0, 0.5 * lowest, lowest - 1.0)
    return jnp.where(jnp.isfinite(lowest), below, 0.0)


def _pulled_inside(program: Program, room: SolvedProgram) -> Array:
    """A point well inside every limit and bound: the roomiest, drawn to the middle while half its room remains."""
    roomiest = jax.lax.stop_gradient(room.point)
    middle = jnp.full(roomiest.shape, 0.5)
    pulls = 0.5 ** jnp.arange(1, PULLS + 1)
    points = (1.0 - pulls)[:, None] * roomiest + pulls[:, None] * middle
    room_left = jax.vmap(lambda point: jnp.min(jnp.where(program.aim.bound, program.limits(point), jnp.inf)))(points)
    return points[jnp.argmax(room_left >= 0.5 * roomiest[-1])]


@jax.jit
def one(problem: BargainProblem, free: Array, fixed: Array, concept: Array) -> BargainOutcome:
    """`bargain`, compiled."""
    return bargain(problem, free, fixed, concept)


@jax.jit
def many(
    problem: BargainProblem,
    free: Bool[Array, "subset issue"],
    fixed: Float[Array, "subset issue"],
    concept: Int[Array, ""],
) -> BargainOutcome:
    """`bargain` for many subsets of issues at once; every field gains a first axis."""
    return jax.vmap(lambda f, z: bargain(problem, f, z, concept))(free, fixed)
