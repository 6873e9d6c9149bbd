"""Two other solvers for the same bargain, CVXPY and SLSQP: slow, independent, and there to be agreed with."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any, NamedTuple, TypeAlias

import cvxpy
import jax
import jax.numpy as jnp
import numpy as np
from scipy.optimize import minimize

from palanca.bargain.feasible import TINY, BargainProblem
from palanca.bargain.refusals import DeclarationError, UnsettledError
from palanca.bargain.solve import LEAST_GAIN, Concept
from palanca.bargain.utility import PayoffTerms

cp: Any = cvxpy  # its atoms are re-exported in a way that the type checker does not follow
Expression: TypeAlias = Any
Fn: TypeAlias = Callable[[np.ndarray], np.ndarray]
Minus: TypeAlias = Callable[[np.ndarray], tuple[float, np.ndarray]]
Bounds: TypeAlias = list[tuple[float | None, float | None]]

UNMET = 1e-6
CLOSE = {"tol_gap_abs": 1e-10, "tol_gap_rel": 1e-10, "tol_feas": 1e-10}


class Second(NamedTuple):
    """A second opinion.

    Attributes:
        package: Amounts agreed, the fixed ones if there is no deal [unit of issue], (issue).
        gains: What each party gets beyond no deal [payoff], (party).
        agreed: Whether a deal exists.
        margin: Greatest common slack [share of the limits' ranges].
        clash: Weight of each limit in the proof that no more can be had; not a number where the solver has none.
    """

    package: np.ndarray
    gains: np.ndarray
    agreed: bool
    margin: float
    clash: np.ndarray


def ranges(problem: BargainProblem) -> np.ndarray:
    """Range of each limit, 1 where nothing moves it."""
    spread = np.asarray(_ranges(problem))
    return np.where(spread > TINY, spread, 1.0)


class Conic:
    """The bargain as a disciplined convex program, built once and solved for any subset of issues.

    Args:
        problem: Without further rules, which CVXPY cannot be told of.

    Raises:
        DeclarationError: If there are further rules.
    """

    def __init__(self, problem: BargainProblem) -> None:
        if problem.rules:
            raise DeclarationError(
                "the reference solver knows no further rules",
                way_out="Compare with `sequential` instead.",
            )
        self.talks, self.scale = problem, ranges(problem)
        issues = len(problem.issues)
        self.package = cp.Variable(issues)
        self.rise = cp.Variable()
        self.low, self.high = cp.Parameter(issues), cp.Parameter(issues)
        self.ideal = cp.Parameter(len(problem.parties), nonneg=True)
        self.limits = cp.hstack([part / s for part, s in zip(self._limits(), self.scale, strict=True)])
        self.programs = {name: self._program(name) for name in ("room", "ideal", *Concept)}

    def solve(self, free: np.ndarray, fixed: np.ndarray, concept: Concept) -> Second:
        """Solve with CLARABEL.

        Args:
            free: Whether each issue is on the table.
            fixed: Amounts of those that are not.
            concept: How gains are divided.

        Raises:
            UnsettledError: If CLARABEL gives no answer it stands by.
        """
        self.low.value = np.where(free, np.asarray(self.talks.low), fixed)
        self.high.value = np.where(free, np.asarray(self.talks.high), fixed)
        margin = self._run("room")
        clash = np.asarray(self.programs["room"].constraints[0].dual_value)
        if margin <= LEAST_GAIN * 10:  # CLARABEL stops about 1e-8 from the optimum
            return Second(np.asarray(fixed), np.zeros(len(self.talks.parties)), False, margin, clash)
        if concept is Concept.KALAI_SMORODINSKY:
            found = []
            for party in np.eye(len(self.talks.parties)):
                self.ideal.value = party
                found.append(self._run("ideal"))
            self.ideal.value = np.array(found)
        self._run(concept)
        package = np.asarray(self.package.value)
        return Second(package, np.asarray(self.talks.gains(jnp.asarray(package))), True, margin, clash)

    def _run(self, name: str) -> float:
        program = self.programs[name]
        with warnings.catch_warnings():  # inaccurate answers are refused below, in our own words
            warnings.filterwarnings("ignore", message="Solution may be inaccurate")
            value = program.solve(solver=cp.CLARABEL, **CLOSE)
            if program.status != cp.OPTIMAL:  # closer than this problem allows; its own tolerance is 1e-8
                value = program.solve(solver=cp.CLARABEL)
        if program.status != cp.OPTIMAL:
            raise UnsettledError("the reference solver gives no answer", where=name, found=str(program.status))
        return float(value)

    def _program(self, name: str) -> Any:
        parties, weight = len(self.talks.parties), np.asarray(self.talks.weight)
        gains, scale = self.limits[:parties], self.scale[: len(self.talks.parties)]
        bounds = [self.package >= self.low, self.package <= self.high]
        if name == "room":
            return cp.Problem(cp.Maximize(self.rise), [self.limits >= self.rise, *bounds])
        kept = [self.limits >= 0.0, *bounds]
        if name == "ideal":
            return cp.Problem(cp.Maximize(cp.sum(cp.multiply(self.ideal, gains))), kept)
        if name == Concept.NASH:
            return cp.Problem(cp.Maximize(weight @ cp.log(gains)), kept)
        if name == Concept.UTILITARIAN:
            return cp.Problem(cp.Maximize((weight * scale / np.max(weight * scale)) @ gains), kept)
        if name == Concept.EGALITARIAN:
            share = weight / scale / np.max(weight / scale)
            return cp.Problem(cp.Maximize(self.rise), [*kept, gains >= share * self.rise])
        return cp.Problem(cp.Maximize(self.rise), [*kept, gains >= self.ideal * self.rise])

    def _limits(self) -> list[Expression]:
        problem = self.talks
        voices = len(problem.parties) + len(problem.ratifiers)
        total: list[Expression] = [cp.Constant(0.0)] * voices
        for terms in problem.terms:
            for i, voice in enumerate(terms.voice):
                total[voice] = total[voice] + _atom(terms, i, self.package)
        if problem.arrivals is not None:
            size, rate = np.asarray(problem.arrivals.size), np.asarray(problem.arrivals.rate)
            people = size @ cp.exp(-rate @ self.package)
            total = [own - float(d) * people for own, d in zip(total, problem.dislike, strict=True)]
        gains = [total[i] - float(problem.disagreement[i]) for i in range(len(problem.parties))]
        floors = [total[v] - float(f) for v, f in zip(problem.floor_voice, problem.floor, strict=True)]
        rows = np.asarray(problem.budget_row)
        budgets = [float(b) - row @ self.package for row, b in zip(rows, problem.budget, strict=True)]
        return [*gains, *floors, *budgets]


ATOMS: dict[str, Callable[[Expression, float, float, float], Expression]] = {
    "linear": lambda x, a, b, c: a * x,
    "quadratic": lambda x, a, b, c: a * x - 0.5 * b * cp.square(x),
    "log": lambda x, a, b, c: a * cp.log1p(b * x),
    "power": lambda x, a, b, c: a * cp.power(x, b, approx=False),
    "saturating": lambda x, a, b, c: a * (1.0 - cp.exp(-b * x)),
    "steep_cost": lambda x, a, b, c: -a * cp.power(x, b, approx=False),
    "threshold_cost": lambda x, a, b, c: -a * c * cp.logistic((x - b) / c),
}
"""The forms of `utility.FORMS` in words that CVXPY takes."""


def _atom(terms: PayoffTerms, i: int, package: Expression) -> Expression:
    """One declared payoff."""
    x = float(terms.origin[i]) + terms.sign[i] * package[terms.issue[i]]
    a, b, c = (float(value) for value in terms.coefficients[i])
    return ATOMS[terms.form](x, a, b, c)


@jax.jit
def _ranges(problem: BargainProblem) -> jax.Array:
    return problem.ranges()


@jax.jit
def _limits(problem: BargainProblem, package: jax.Array) -> jax.Array:
    return problem.limits(package)


@jax.jit
def _slopes(problem: BargainProblem, package: jax.Array) -> jax.Array:
    return jax.jacfwd(problem.limits)(package)


def sequential(problem: BargainProblem, free: np.ndarray, fixed: np.ndarray, concept: Concept) -> Second:
    """Solve with SciPy's SLSQP, a third opinion.

    Args:
        problem: The bargain.
        free: Whether each issue is on the table.
        fixed: Amounts of those that are not.
        concept: Nash or egalitarian; a sum of payoffs with steep roots at a bound makes SLSQP run in circles.

    Raises:
        UnsettledError: If SLSQP stops without an answer.
        DeclarationError: For a concept it is not asked about.
    """
    if concept not in (Concept.NASH, Concept.EGALITARIAN):
        raise DeclarationError(
            "SLSQP is asked for two concepts only", found=str(concept), expected="nash or egalitarian"
        )
    free, fixed, scale = np.asarray(free, bool), np.asarray(fixed, float), ranges(problem)
    low, high, parties = np.asarray(problem.low)[free], np.asarray(problem.high)[free], len(problem.parties)
    weight, bounds = np.asarray(problem.weight), list(zip(low, high, strict=True))

    def whole(x: np.ndarray) -> np.ndarray:
        package = fixed.copy()
        package[free] = np.clip(x, low, high)
        return package

    def slack(x: np.ndarray) -> np.ndarray:
        return np.asarray(_limits(problem, whole(x))) / scale

    def slope(x: np.ndarray) -> np.ndarray:
        return np.asarray(_slopes(problem, whole(x)))[:, free] / scale[:, None]

    share = np.zeros_like(scale)
    share[:parties] = weight / scale[:parties] / np.max(weight / scale[:parties])
    room = _raise_all(slack, slope, np.ones_like(scale), 0.5 * (low + high), bounds)
    margin, clash = float(room[-1]), np.full(scale.size, np.nan)
    if margin <= UNMET:
        return Second(fixed, np.zeros(parties), False, margin, clash)
    start = 0.9 * room[:-1] + 0.1 * 0.5 * (low + high)
    start = start if np.min(slack(start)) > 0.0 else room[:-1]
    if concept is Concept.EGALITARIAN:
        end = _raise_all(slack, slope, share, start, bounds)[:-1]
    else:

        def minus(x: np.ndarray) -> tuple[float, np.ndarray]:
            gains = np.maximum(slack(x)[:parties], 1e-12)
            return -float(weight @ np.log(gains)), -(weight / gains) @ slope(x)[:parties]

        end = _slsqp(minus, start, bounds, slack, slope)
    package = whole(end)
    return Second(package, np.asarray(problem.gains(jnp.asarray(package))), True, margin, clash)


def _raise_all(slack: Fn, slope: Fn, lift: np.ndarray, start: np.ndarray, bounds: Bounds) -> np.ndarray:
    """Maximise a common rise of all slacks that are lifted; the others stay above 0."""
    first = np.append(start, np.min(slack(start)) - 0.1)
    down = np.append(np.zeros(start.size), -1.0)
    return _slsqp(
        lambda y: (-float(y[-1]), down),
        first,
        [*bounds, (None, None)],
        lambda y: slack(y[:-1]) - lift * y[-1],
        lambda y: np.column_stack([slope(y[:-1]), -lift]),
    )


def _slsqp(minus: Minus, start: np.ndarray, bounds: Bounds, slack: Fn, slope: Fn) -> np.ndarray:
    done = minimize(
        minus,
        start,
        jac=True,
        method="SLSQP",
        bounds=bounds,
        constraints=[{"type": "ineq", "fun": slack, "jac": slope}],
        options={"maxiter": 500, "ftol": 1e-12},
    )
    if not (done.success or done.status == 8) or np.min(slack(done.x)) < -UNMET:  # 8: no further descent in rounding
        raise UnsettledError("SLSQP gives no answer", found=str(done.message))
    return np.asarray(done.x)
