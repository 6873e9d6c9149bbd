"""Small bargains for tests: pies to divide, a corridor with eight issues, and random ones of every form."""

from __future__ import annotations

from dataclasses import replace

import jax
import jax.numpy as jnp
import numpy as np

from palanca.bargain.arrivals import Flow
from palanca.bargain.concepts import agree_on_each
from palanca.bargain.feasible import AbstractRule, BargainProblem, bare, floors, grounded
from palanca.bargain.issues import Budget, Declaration, Issue, Party, Ratifier
from palanca.bargain.leverage import Dependence, dependence_of
from palanca.bargain.reply import best_reply
from palanca.bargain.solve import BargainOutcome, Concept
from palanca.bargain.threats import Threat, incidence
from palanca.bargain.utility import Term

ISSUES = (
    ("enforcement", "T"),
    ("readmission", "T"),
    ("visas", "D"),
    ("aid", "D"),
    ("vaccines", "D"),
    ("tariff relief", "D"),
    ("forbearance", "D"),
    ("silence", "D"),
)
GIVEN = {  # worth to T, slope and curve of cost to D
    "visas": (6.0, 2.5, 4.0),
    "aid": (4.0, 2.0, 3.0),
    "vaccines": (5.0, 1.5, 4.0),
    "tariff relief": (6.0, 2.0, 5.0),
    "forbearance": (5.0, 2.0, 4.0),
    "silence": (7.0, 1.0, 6.0),
}


def assemble(
    declared: Declaration,
    arrivals: Flow | None = None,
    disagreement: jax.Array | None = None,
    rules: tuple[AbstractRule, ...] = (),
) -> BargainProblem:
    """A declaration in numbers."""
    return grounded(bare(declared, arrivals, rules), floors(declared), disagreement)


def agree(
    problem: BargainProblem,
    concept: Concept = Concept.NASH,
    free: jax.Array | None = None,
    fixed: jax.Array | None = None,
) -> BargainOutcome:
    """What the talks end in, with all issues on the table unless `free` says otherwise."""
    free = jnp.ones(len(problem.issues), bool) if free is None else jnp.asarray(free, bool)
    fixed = problem.status_quo if fixed is None else jnp.asarray(fixed, float)
    return jax.tree.map(lambda leaf: leaf[0], agree_on_each(problem, free[None], concept, fixed[None]))


def dependence(
    problem: BargainProblem, package: jax.Array, party: str, stopped: tuple[str, ...], own: tuple[str, ...]
) -> Dependence:
    """What a party would lose, were these issues to fall to their least, by names."""
    marks = [jnp.array([name in names for name in problem.issues]) for names in (stopped, own)]
    at = jnp.array(problem.parties.index(party))
    found = dependence_of(problem, jnp.asarray(package, float), at, *marks, problem.low)
    assert bool(found.settled)
    return found


def corridor(
    dislike: float = 1.0,
    flow: float = 40.0,
    bypass: float = 0.125,
    theta_t: float = 0.6,
    theta_d: float = 0.3,
    democracy: float = 1.0,
    effort_cost: float = 1.0,
    own_effort: float = 0.5,
) -> BargainProblem:
    """A destination D and a transit country T, eight issues; own effort of D as a cap held outside the deal."""
    terms = [
        Term("T", "enforcement", "quadratic", (-2.0 * effort_cost, 4.0 * effort_cost)),
        Term("T", "readmission", "quadratic", (-1.0, 2.0)),
        Term("D", "readmission", "log", (6.0, 1.5)),
    ]
    for name, (worth, slope, curve) in GIVEN.items():
        by = democracy if name == "silence" else 1.0
        terms += [
            Term("T", name, "log", (worth, 1.5)),
            Term("D", name, "quadratic", (-slope * by, curve * by)),
        ]
    issues = tuple(Issue(name, owner, 0.0, 3.0 if name == "enforcement" else 1.0) for name, owner in ISSUES)
    declared = Declaration((Party("D", 1.0, dislike), Party("T")), issues, tuple(terms))
    rate = np.zeros((2, len(issues)))
    rate[0, 0] = theta_t
    size = flow * np.exp(-theta_d * own_effort) * np.array([1.0 - bypass, bypass])
    return assemble(declared, Flow(jnp.array(size), jnp.array(rate)))


def with_own_effort(cap: float = 1.0, theta_t: float = 0.8, **changed: float) -> BargainProblem:
    """Effort of T and of D against visas and silence: D can adapt by itself up to its legal cap."""
    given = {
        "dislike": 1.0,
        "flow": 40.0,
        "bypass": 0.1,
        "theta_d": 0.3,
        "effort_cost": 1.0,
        "democracy": 1.0,
        "worth": 12.0,
    } | changed
    issues = (
        Issue("enforcement", "T", 0.0, 5.0),
        Issue("own effort", "D", 0.0, 4.0),
        Issue("visas", "D", 0.0, 3.0),
        Issue("silence", "D", 0.0, 3.0),
    )
    terms = (
        Term("T", "enforcement", "quadratic", (-2.0 * given["effort_cost"], 4.0 * given["effort_cost"])),
        Term("D", "own effort", "quadratic", (0.0, 6.0)),
        Term("T", "visas", "log", (given["worth"], 1.5)),
        Term("D", "visas", "quadratic", (-2.5, 4.0)),
        Term("T", "silence", "log", (given["worth"], 1.0)),
        Term("D", "silence", "quadratic", (-1.0 * given["democracy"], 4.0 * given["democracy"])),
    )
    declared = Declaration((Party("D", 1.0, given["dislike"]), Party("T")), issues, terms)
    size = given["flow"] * np.array([1.0 - given["bypass"], given["bypass"]])
    rate = np.array([[theta_t, given["theta_d"], 0.0, 0.0], [0.0, given["theta_d"], 0.0, 0.0]])
    return assemble(declared, Flow(jnp.array(size), jnp.array(rate))).capped(jnp.array([5.0, cap, 3.0, 3.0]))


def pie(
    size: float = 1.0,
    disagreement: tuple[float, ...] = (0.0, 0.0),
    weights: tuple[float, ...] | None = None,
    highs: tuple[float, ...] | None = None,
    floors: tuple[float | None, ...] | None = None,
    scales: tuple[float, ...] | None = None,
) -> BargainProblem:
    """One pie, a share to each party: u_i = scale_i x_i, sum x <= size."""
    number = len(disagreement)
    names = [str(i + 1) for i in range(number)]
    floors, weights = floors or (None,) * number, weights or (1.0,) * number
    highs, scales = highs or (size,) * number, scales or (1.0,) * number
    return assemble(
        Declaration(
            parties=tuple(Party(n, w, 0.0, f) for n, w, f in zip(names, weights, floors, strict=True)),
            issues=tuple(
                Issue(f"share of {n}", names[i - 1], 0.0, h) for i, (n, h) in enumerate(zip(names, highs, strict=True))
            ),
            terms=tuple(Term(n, f"share of {n}", "linear", (s,)) for n, s in zip(names, scales, strict=True)),
            budgets=(Budget("pie", tuple((f"share of {n}", 1.0) for n in names), size),),
        ),
        disagreement=jnp.array(disagreement),
    )


def linear_pies(a: tuple[float, ...], b: tuple[float, ...]) -> BargainProblem:
    """Several pies: u1 = sum a_k x_k, u2 = sum b_k (1 - x_k)."""
    issues, terms, budgets = [], [], []
    for k, (mine, yours) in enumerate(zip(a, b, strict=True)):
        issues += [Issue(f"{k} to 1", "2"), Issue(f"{k} to 2", "1")]
        terms += [Term("1", f"{k} to 1", "linear", (float(mine),)), Term("2", f"{k} to 2", "linear", (float(yours),))]
        budgets.append(Budget(f"pie {k}", ((f"{k} to 1", 1.0), (f"{k} to 2", 1.0)), 1.0))
    return assemble(Declaration((Party("1"), Party("2")), tuple(issues), tuple(terms), (), tuple(budgets)))


def curved_pies(first: tuple[tuple[float, float], ...], second: tuple[tuple[float, float], ...]) -> BargainProblem:
    """Several pies: u1 = sum A x^P, u2 = sum B y^Q with x + y <= 1."""
    issues, terms, budgets = [], [], []
    for k, (mine, yours) in enumerate(zip(first, second, strict=True)):
        issues += [Issue(f"{k} to 1", "2"), Issue(f"{k} to 2", "1")]
        terms += [Term("1", f"{k} to 1", "power", mine), Term("2", f"{k} to 2", "power", yours)]
        budgets.append(Budget(f"pie {k}", ((f"{k} to 1", 1.0), (f"{k} to 2", 1.0)), 1.0))
    return assemble(Declaration((Party("1"), Party("2")), tuple(issues), tuple(terms), (), tuple(budgets)))


COSTS = ("quadratic", "steep_cost", "threshold_cost", "linear")
WORTHS = ("log", "saturating", "power")


def drawn(seed: int, parties: int = 2) -> BargainProblem:
    """A bargain with numbers drawn at random: every form, a flow, a ratifier, a budget, uneven sizes and weights."""
    rng = np.random.default_rng(seed)
    names = ("D", "T", "O")[:parties]
    size = {name: float(np.exp(rng.normal(0.0, 1.0))) for name in names}
    issues, terms = [], []
    for k in range(3 + parties):
        owner, top = names[k % parties], float(rng.uniform(0.5, 3.0))
        issues.append(Issue(f"i{k}", owner, 0.0, top))
        cost = {
            "quadratic": (-rng.uniform(0.2, 1.5) * size[owner], rng.uniform(0.5, 4.0) * size[owner]),
            "steep_cost": (rng.uniform(0.3, 2.0) * size[owner], rng.uniform(1.5, 3.0)),
            "threshold_cost": (rng.uniform(0.5, 3.0) * size[owner], rng.uniform(0.3, 0.9) * top, rng.uniform(0.1, 0.3)),
            "linear": (-rng.uniform(0.2, 2.0) * size[owner],),
        }[COSTS[k % len(COSTS)]]
        terms.append(Term(owner, f"i{k}", COSTS[k % len(COSTS)], cost))
        for other in names:
            if other != owner:
                form = WORTHS[(k + names.index(other)) % len(WORTHS)]
                second = rng.uniform(0.4, 0.95) if form == "power" else rng.uniform(0.5, 3.0)
                terms.append(Term(other, f"i{k}", form, (size[other] * rng.uniform(0.2, 4.0), second)))
    terms += [Term("house", "i0", "linear", (-1.0,)), Term("house", "i1", "log", (rng.uniform(0.5, 4.0), 1.0))]
    purse = Budget("purse", tuple((issue.name, 1.0) for issue in issues), 0.6 * sum(issue.high for issue in issues))
    dislike = size["D"] * float(rng.uniform(0.2, 1.0))
    members = tuple(Party(n, float(rng.uniform(0.5, 2.0)), dislike if n == "D" else 0.0) for n in names)
    rate = np.zeros((2, len(issues)))
    rate[0, 1] = rng.uniform(0.2, 1.0)
    flow = Flow(jnp.array(rng.uniform(1.0, 10.0, 2)), jnp.array(rate))
    return assemble(Declaration(members, tuple(issues), tuple(terms), (Ratifier("house", "D"),), (purse,)), flow)


def private_optimum(problem: BargainProblem) -> BargainProblem:
    """The same talks with no deal where each party sets its own issues for itself, given the others'."""
    package = problem.status_quo
    for _ in range(60):
        for party in range(len(problem.parties)):
            package = best_reply(problem, jnp.array(party), problem.owned(party) > 0.0, package).package
    return replace(problem, status_quo=package, disagreement=problem.payoffs(package)[: len(problem.parties)])


def threatened(problem: BargainProblem, threat: Threat, sender: str, target: str) -> BargainProblem:
    """The same talks with a threat priced into no deal."""
    moved = incidence(threat)
    worse = problem.disagreement.at[problem.parties.index(sender)].add(moved.no_deal_sender)
    return replace(problem, disagreement=worse.at[problem.parties.index(target)].add(moved.no_deal_target))
