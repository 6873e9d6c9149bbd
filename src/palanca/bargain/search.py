"""The compiled search: Newton steps on a barrier program, with slopes by the implicit function theorem."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
from jax import Array, lax
from jax.tree_util import register_dataclass
from jaxtyping import Bool, Float, Int

from palanca.bargain import ties
from palanca.bargain.feasible import BargainProblem

BARRIER = 1e-10  # last barrier weight; an answer is off by about this over its price
BOLD, TIMID = 0.1, 0.8  # bounds of the barrier weight of the next step over the present gap: bolder after a long step
LONG = 0.7
NEAR = 1e-3  # least product of price and slack over their mean; below it a slack runs into its limit before the rest
STEPS = 200
HALVINGS = 40
TO_BOUND = 0.99
SETTLED = 1e-9
CLOSE = 1e-7  # residual at which an answer that rounding keeps from settling still counts


@register_dataclass
@dataclass(frozen=True)
class ProgramAim:
    """What a search maximises, in slacks scaled by their ranges, and which limits it keeps.

    The objective is rise t + sum_j log_weight_j log c_j + sum_j sum_weight_j c_j, subject to c_j >= lift_j t.

    Attributes:
        rise: 1 if the common rise t is sought, else 0.
        log_weight: Weights of logs of slacks.
        sum_weight: Weights of slacks.
        lift: How much of the rise each slack must hold.
        bound: Whether the limit is kept.
    """

    rise: Float[Array, ""]
    log_weight: Float[Array, " limit"]
    sum_weight: Float[Array, " limit"]
    lift: Float[Array, " limit"]
    bound: Bool[Array, " limit"]


@register_dataclass
@dataclass(frozen=True)
class Program:
    """A search over the issues that are on the table, the others staying where they are.

    Attributes:
        problem: The bargain.
        free: Whether an issue is on the table.
        fixed: Amounts of the issues that are not.
        scale: Range of each limit.
        aim: What is maximised.
    """

    problem: BargainProblem
    free: Bool[Array, " issue"]
    fixed: Float[Array, " issue"]
    scale: Float[Array, " limit"]
    aim: ProgramAim

    def package(self, point: Float[Array, " unknown"]) -> Float[Array, " issue"]:
        """Amounts at a point whose coordinates run from 0 to 1 between the bounds, the rise coming last."""
        low, high = self.problem.low, self.problem.high
        return ties.followed(self.problem, jnp.where(self.free, low + point[:-1] * (high - low), self.fixed), self.free)

    def limits(self, point: Float[Array, " unknown"]) -> Float[Array, " limit"]:
        """Scaled slacks before any rise; 1 where the limit is not kept."""
        return jnp.where(self.aim.bound, self.problem.limits(self.package(point)) / self.scale, 1.0)

    def slacks(self, point: Float[Array, " unknown"], limits: Float[Array, " limit"]) -> Float[Array, " slack"]:
        """Scaled slacks of limits less their rise, then of lower and upper bounds."""
        rise = jnp.where(self.aim.rise > 0.0, point[-1], 0.0)
        inside = point[:-1]
        bounds = jnp.where(self.free, inside, 1.0), jnp.where(self.free, 1.0 - inside, 1.0)
        return jnp.concatenate([limits - self.aim.lift * rise, *bounds])

    def pull(self, limits: Float[Array, " limit"]) -> Float[Array, " limit"]:
        """Slope of the objective in each limit."""
        logs = self.aim.log_weight > 0.0
        return self.aim.sum_weight + jnp.where(logs, self.aim.log_weight / jnp.where(logs, limits, 1.0), 0.0)

    def look(self, point: Float[Array, " unknown"]) -> View:
        """Limits and slacks at a point, and how they change with it."""
        unknowns = point.shape[0]
        limits = self.limits(point)
        change = jax.jacfwd(self.limits)(point)
        rising = (self.aim.rise > 0.0).astype(float)
        lifted = change.at[:, -1].add(-self.aim.lift * rising)
        edge = jnp.eye(unknowns - 1, unknowns) * self.free[:, None]
        return View(
            limits=limits,
            change=change,
            slacks=self.slacks(point, limits),
            jacobian=jnp.concatenate([lifted, edge, -edge]),
            slope=change.T @ self.pull(limits) + jnp.zeros(unknowns).at[-1].set(self.aim.rise),
        )

    def curve(self, point: Float[Array, " unknown"], view: View, price: Float[Array, " slack"]) -> Array:
        """Second slopes of the Lagrangian, (unknown, unknown)."""
        weights = self.pull(view.limits) + price[: view.limits.shape[0]]
        logs = self.aim.log_weight > 0.0
        bend = jnp.where(logs, self.aim.log_weight / jnp.where(logs, view.limits, 1.0) ** 2, 0.0)
        second = jax.hessian(lambda y: weights @ self.limits(y))(point)
        return second - view.change.T @ (bend[:, None] * view.change)

    def on(self) -> Bool[Array, " unknown"]:
        """Which unknowns are sought."""
        return jnp.append(self.free, self.aim.rise > 0.0)


class View(NamedTuple):
    """Values and slopes at a point.

    Attributes:
        limits: Scaled slacks before any rise.
        change: Their slopes.
        slacks: Slacks of limits less their rise, then of bounds.
        jacobian: Their slopes.
        slope: Slope of the objective.
    """

    limits: Float[Array, " limit"]
    change: Float[Array, "limit unknown"]
    slacks: Float[Array, " slack"]
    jacobian: Float[Array, "slack unknown"]
    slope: Float[Array, " unknown"]

    def balance(self, price: Float[Array, " slack"], barrier: Array | float) -> Float[Array, " equation"]:
        """What is left of the optimality conditions: slopes of the Lagrangian, price times slack less the barrier."""
        return jnp.concatenate([self.slope + self.jacobian.T @ price, price * self.slacks - barrier])


class SolvedProgram(NamedTuple):
    """Where a search ended.

    Attributes:
        point: Coordinates between the bounds, then the rise.
        price: What a unit of each scaled slack is worth to the objective.
        residual: Largest breach of the optimality conditions.
        settled: Whether that is small enough to be an answer.
    """

    point: Float[Array, " unknown"]
    price: Float[Array, " slack"]
    residual: Float[Array, ""]
    settled: Bool[Array, ""]


class _Step(NamedTuple):
    point: Float[Array, " unknown"]
    price: Float[Array, " slack"]
    view: View
    length: Float[Array, ""]
    shrink: Float[Array, ""]
    number: Int[Array, ""]
    residual: Float[Array, ""]
    stuck: Bool[Array, ""]


def search(program: Program, start: Float[Array, " unknown"], wanted: Bool[Array, ""]) -> SolvedProgram:
    """Maximise from a strictly feasible start.

    Args:
        program: Concave, with bounds on every free issue.
        start: Point at which every slack is above 0.
        wanted: Whether to search at all; if not, the start comes back unsettled.

    Returns:
        The answer and whether it is one; slopes of it by any number in `program` are exact to first order.

    Reference:
        Boyd and Vandenberghe 2004, section 11.7; slopes by the implicit function theorem.
    """
    held, first = lax.stop_gradient((program, start))
    view = held.look(first)
    price = 0.1 / jnp.maximum(view.slacks, 1e-8)
    begin = _Step(first, price, view, jnp.array(1.0), jnp.array(BOLD), jnp.array(0), jnp.array(jnp.inf), ~wanted)

    def going(step: _Step) -> Array:
        return ~step.stuck & (step.number < STEPS) & (step.residual > 1.0)

    last = lax.while_loop(going, partial(_advance, held), begin)
    residual = jnp.max(jnp.abs(last.view.balance(last.price, BARRIER)))
    settled = wanted & (residual < CLOSE) & jnp.all(last.view.slacks > 0.0)
    point = _with_slopes(program, last.point, last.price, last.view)
    return SolvedProgram(point, last.price, jnp.where(wanted, residual, jnp.nan), settled)


def _advance(program: Program, step: _Step) -> _Step:
    """One Newton step towards a smaller barrier, shortened until it stays inside and comes closer."""
    point, price, view = step.point, step.price, step.view
    power = jnp.where(step.length > LONG, 1.5, 0.5)
    shrink = jnp.clip(step.shrink**power, BOLD, TIMID)
    barrier = jnp.maximum(BARRIER, shrink * jnp.mean(price * view.slacks))
    worth = price / view.slacks
    matrix = view.jacobian.T @ (worth[:, None] * view.jacobian) - program.curve(point, view, price)
    matrix = matrix + jnp.diag(jnp.where(program.on(), 1e-14, 1.0))
    move = jnp.linalg.solve(matrix, view.slope + view.jacobian.T @ (barrier / view.slacks))
    turn = barrier / view.slacks - price - worth * (view.jacobian @ move)
    longest = jnp.minimum(1.0, TO_BOUND * jnp.min(jnp.where(turn < 0.0, -price / turn, jnp.inf)))
    inside = jnp.minimum(point[:-1], 1.0 - point[:-1])
    # Slopes count by the room a coordinate has, or a root's steep slope near 0 would allow only tiny steps.
    matters = jnp.concatenate([jnp.append(inside, 1.0), jnp.ones_like(price)])
    here = jnp.linalg.norm(matters * view.balance(price, barrier))

    def halved(trial: _ProgramTrial) -> _ProgramTrial:
        length = 0.5 * trial.length
        there = program.look(point + length * move)
        products = there.slacks * (price + length * turn)
        near = jnp.all(there.slacks > 0.0) & (jnp.min(products) >= NEAR * jnp.mean(products))
        left = jnp.linalg.norm(matters * there.balance(price + length * turn, barrier))
        good = near & (left <= (1.0 - 0.01 * length) * here)
        return _ProgramTrial(length, trial.halvings + 1, good, there)

    def too_long(trial: _ProgramTrial) -> Array:
        return ~trial.good & (trial.halvings < HALVINGS)

    trial = lax.while_loop(too_long, halved, _ProgramTrial(2.0 * longest, jnp.array(0), jnp.array(False), view))
    new = _Step(
        point + trial.length * move,
        price + trial.length * turn,
        trial.view,
        trial.length,
        shrink,
        step.number + 1,
        _distance(trial.view, price + trial.length * turn),
        jnp.array(False),
    )
    return jax.tree.map(partial(jnp.where, trial.good), new, step._replace(stuck=jnp.array(True)))


class _ProgramTrial(NamedTuple):
    length: Float[Array, ""]
    halvings: Int[Array, ""]
    good: Bool[Array, ""]
    view: View


def _distance(view: View, price: Array) -> Array:
    """How far from settled, 1 being there."""
    left, unknowns = jnp.abs(view.balance(price, BARRIER)), view.slope.shape[0]
    return jnp.maximum(jnp.max(left[:unknowns]) / SETTLED, jnp.max(left[unknowns:]) / (1e-3 * BARRIER))


@jax.custom_jvp
def _with_slopes(program: Program, point: Array, price: Array, view: View) -> Array:
    """The same point, with slopes in whatever the program is made of: the implicit function theorem."""
    del program, price, view
    return point


@_with_slopes.defjvp
def _slopes(values: tuple[Program, Array, Array, View], changes: tuple[Program, Array, Array, View]) -> tuple[Any, Any]:
    program, point, price, view = values
    curve = program.curve(point, view, price) - jnp.diag(jnp.where(program.on(), 0.0, 1.0))
    sides = jnp.hstack([price[:, None] * view.jacobian, jnp.diag(view.slacks)])
    matrix = jnp.vstack([jnp.hstack([curve, view.jacobian.T]), sides])
    _, left = jax.jvp(lambda p: p.look(point).balance(price, BARRIER), (program,), (changes[0],))
    return point, -jnp.linalg.solve(matrix, left)[: point.shape[0]]
