"""Generations of packages towards those that nothing beats: NSGA-II, or NSGA-III beyond three objectives, from pymoo.

The course depends on the key and on what is found alone, so a search that was broken off is taken up by walking the
same generations again and reading from the store what it holds.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from pymoo.algorithms.moo.nsga2 import NSGA2
from pymoo.algorithms.moo.nsga3 import NSGA3
from pymoo.core.algorithm import Algorithm
from pymoo.core.evaluator import Evaluator
from pymoo.core.problem import Problem
from pymoo.problems.static import StaticProblem
from pymoo.util.nds.non_dominated_sorting import NonDominatedSorting
from pymoo.util.ref_dirs import get_reference_directions

from palanca.kernel.keys import stream

MANY = 3  # objectives beyond which crowding no longer tells packages apart
ENDLESS = 10**9
# Objectives (package, objective), less is better, and breaches (package, limit), 0 or less where kept.
Scored = tuple[np.ndarray, np.ndarray]
Score = Callable[[int, np.ndarray], Scored]


@dataclass(frozen=True, eq=False)
class TriedPackages:
    """Every package that was tried.

    Args:
        places: Where each lies between the bounds, (package, lever) [share].
        objectives: (package, objective), less is better.
        breaches: (package, limit), 0 or less where kept.
    """

    places: np.ndarray
    objectives: np.ndarray
    breaches: np.ndarray


def evolve(
    levers: int, sizes: tuple[int, int], packages: int, population: int, key: int, score: Score
) -> TriedPackages:
    """Try packages generation after generation.

    Args:
        levers: How many levers.
        sizes: How many objectives and limits.
        packages: How many packages to try in all.
        population: How many a generation.
        key: Same key, same course.
        score: Called with the generation's number and its packages, (package, lever) [share of the bounds].
    """
    objectives, limits = sizes
    problem = Problem(n_var=levers, n_obj=objectives, n_ieq_constr=limits, xl=np.zeros(levers), xu=np.ones(levers))
    algorithm = _algorithm(objectives, population, first_packages(levers, min(population, packages), key))
    seed = int(stream(key, "search", "generations").integers(2**31 - 1))
    algorithm.setup(problem, termination=("n_gen", ENDLESS), seed=seed, verbose=False)
    tried: list[np.ndarray] = []
    scores: list[Scored] = []
    while (left := packages - sum(map(len, tried))) > 0:
        asked = algorithm.ask()
        if asked is None or not len(asked):
            break
        places = np.asarray(asked.get("X"), dtype=float)
        found = score(len(tried), places[:left])
        tried.append(places[:left])
        scores.append(found)
        if len(places) > left:
            break
        given = {"F": found[0], "G": found[1]} if limits else {"F": found[0]}
        Evaluator().eval(StaticProblem(problem, **given), asked)
        algorithm.tell(infills=asked)
    return TriedPackages(np.concatenate(tried), *(np.concatenate([one[k] for one in scores]) for k in range(2)))


def first_packages(levers: int, population: int, key: int) -> np.ndarray:
    """The first generation: all levers low, all high, and the rest spread evenly, (package, lever) [share]."""
    rng = stream(key, "search", "first")
    ranks = np.stack([rng.permutation(population) for _ in range(levers)], axis=1)
    spread = (ranks + rng.random((population, levers))) / population  # a Latin hypercube
    ends = np.stack([np.zeros(levers), np.ones(levers)])[:population]
    return np.concatenate([ends, spread])[:population]


def front(objectives: np.ndarray, chosen: np.ndarray) -> np.ndarray:
    """Places of those among the chosen that no other chosen one beats, in order.

    Args:
        objectives: (package, objective), less is better.
        chosen: Places to choose among, (package).
    """
    if not len(chosen):
        return chosen
    found = NonDominatedSorting().do(objectives[chosen], only_non_dominated_front=True)
    rows, first = np.unique(objectives[chosen][found], axis=0, return_index=True)
    assert len(rows) == len(first)
    return np.sort(chosen[np.asarray(found)[first]])


def _algorithm(objectives: int, population: int, first: np.ndarray) -> Algorithm:
    if objectives <= MANY:
        return NSGA2(pop_size=population, sampling=first)
    parts = 1
    while len(get_reference_directions("das-dennis", objectives, n_partitions=parts + 1)) <= population:
        parts += 1
    rays = get_reference_directions("das-dennis", objectives, n_partitions=parts)
    return NSGA3(ref_dirs=rays, pop_size=population, sampling=first)
