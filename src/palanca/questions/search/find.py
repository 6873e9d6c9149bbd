"""A search from beginning to end: generations through the engine, the set that nothing beats, a few shown by draw."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from palanca.core import digest
from palanca.core.errors import UsageError
from palanca.questions.search import evolve, judge
from palanca.questions.search.work import Ground, Shown, Work
from palanca.questions.sweep.plan import SweepPlan
from palanca.questions.sweep.run import run
from palanca.spec.search_file import Limit, SearchSpec
from palanca.spec.search_file_outcomes import AIMS

Told = Callable[[int, int], None]
BASELINES = ("the record", "everything off")
BALANCED = "balanced"
POPULATION = 200


@dataclass(frozen=True)
class Effort:
    """How much to try, and where it runs.

    Args:
        packages: Packages in all.
        population: Packages a generation.
        key: Same key, same search.
        store: Folder in which every generation is kept; one that holds a part of this search is completed.
        workers: Processes of this machine; 0 runs two jobs at a time in this one.
        cluster: Address of a Dask cluster.
    """

    packages: int = 2000
    population: int = POPULATION
    key: int = 1
    store: Path | None = None
    workers: int = 0
    cluster: str | None = None


@dataclass(frozen=True, eq=False)
class Found:
    """What a search found.

    Args:
        search: What was looked for.
        values: Value of each lever of every package tried, (package, lever).
        judged: Every outcome tried, by name, as objectives are judged, (package).
        front: Places of the packages that keep all limits and that no other such package beats.
        shown: Packages shown by draw, by name: baselines first.
        shown_values: Their levers, (shown, lever); not a number for the record.
        by_draw: Their outcomes by name, (shown, draw).
        draws: How many draws.
        marks: Fingerprints of what the results depend on.
    """

    search: SearchSpec
    values: np.ndarray
    judged: dict[str, np.ndarray]
    front: np.ndarray
    shown: tuple[str, ...]
    shown_values: np.ndarray
    by_draw: dict[str, np.ndarray]
    draws: int
    marks: dict[str, str] = field(default_factory=dict)


def search(asked: SearchSpec, ground: Ground, effort: Effort, progress: Told | None = None) -> Found:
    """Look for packages that no other beats.

    Args:
        asked: What is looked for.
        ground: From `work.ready`.
        effort: How much to try.
        progress: Called with packages done and all.

    Raises:
        UsageError: No package keeps all limits; says which fails everywhere, or how near any came.
        StoreError: The store is of another search.
    """
    trial = _Trial(asked, ground, effort, progress or _silent)
    sizes = len(asked.file.objectives), len(asked.file.limits)
    course = evolve.evolve(len(asked.names), sizes, effort.packages, effort.population, effort.key, trial.score)
    values = trial.values(course.places)
    judged = {name: np.concatenate([one[name] for one in trial.judged]) for name in trial.judged[0]}
    fine = np.flatnonzero((course.breaches <= 0.0).all(axis=1))
    if not len(fine):
        raise _empty(asked, judged)
    found = evolve.front(course.objectives, fine)
    names, places = _handful(asked, course.objectives, found)
    shown_values, by_draw = _shown(ground, effort, values[places])
    return Found(asked, values, judged, found, (*BASELINES, *names), shown_values, by_draw, ground.draws, ground.marks)


def worth(found: Found, name: str) -> np.ndarray:
    """One outcome of the shown packages as the search judges it, (shown)."""
    how = _how(found.search, name)
    values = found.by_draw[name]
    return judge.judged(values, name, how, found.search.file.share, judge.best_by_draw(values, name))


class _Trial:
    """Scores generations; holds what they found."""

    def __init__(self, asked: SearchSpec, ground: Ground, effort: Effort, tell: Told) -> None:
        self.asked, self.ground, self.effort, self.tell = asked, ground, effort, tell
        self.judged: list[dict[str, np.ndarray]] = []
        self.best: dict[str, np.ndarray] = {}

    def values(self, places: np.ndarray) -> np.ndarray:
        """Shares of the bounds as values of levers."""
        low, high = (np.array([getattr(one, end) for one in self.asked.file.levers]) for end in ("low", "high"))
        return low + places * (high - low)

    def score(self, generation: int, places: np.ndarray) -> evolve.Scored:
        """Run one generation and judge it."""
        name = f"generation-{generation:03d}"
        values = self.values(places)
        partner = judge.needs_partner(self.asked)
        by_draw = _run(name, self.ground, Work(self.ground, values, partner), self.effort)
        if generation == 0:
            self.best = {name: judge.best_by_draw(array, name) for name, array in by_draw.items()}
        numbers = {
            name: judge.judged(array, name, _how(self.asked, name), self.asked.file.share, self.best[name])
            for name, array in by_draw.items()
        }
        self.judged.append(numbers)
        self.tell(sum(len(one["deaths"]) for one in self.judged), self.effort.packages)
        aims = [one.outcome for one in self.asked.file.objectives]
        objectives = [judge.downhill(numbers[name], name, _how(self.asked, name)) for name in aims]
        breaches = [judge.excess(limit, numbers[limit.outcome]) for limit in self.asked.file.limits]
        blank = np.zeros((len(values), 0))
        return np.stack(objectives, axis=1), np.stack(breaches, axis=1) if breaches else blank


def _run(name: str, ground: Ground, work: Work | Shown, effort: Effort) -> dict[str, np.ndarray]:
    packages = digest.of_bytes(work.values.tobytes())
    marks = ground.marks | {
        "question": digest.of_record([ground.mark, packages, type(work).__name__, _partner(work), name])
    }
    plan = SweepPlan(name, ground.jobs, marks, work, ground.last)
    store = None if effort.store is None else effort.store / name
    results = run(plan, store=store, workers=effort.workers, cluster=effort.cluster)
    return {one: results.read(one) for one in results.names}


def _partner(work: Work | Shown) -> bool:
    return work.partner if isinstance(work, Work) else True


def _shown(ground: Ground, effort: Effort, chosen: np.ndarray) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """The record, everything off, and the chosen packages, with all that is known of them by draw."""
    off = np.zeros((1, chosen.shape[1]))
    values = np.concatenate([off, chosen])
    by_draw = _run("shown", ground, Shown(ground, values), effort)
    return np.concatenate([np.full((1, chosen.shape[1]), np.nan), values]), by_draw


def _handful(asked: SearchSpec, objectives: np.ndarray, front: np.ndarray) -> tuple[list[str], np.ndarray]:
    """The best of each objective and the one nearest to the best of all at once, each package once."""
    rows = objectives[front]
    span = np.ptp(rows, axis=0)
    scaled = (rows - rows.min(axis=0)) / np.where(span > 0.0, span, 1.0)
    names: dict[int, list[str]] = {}
    for k, objective in enumerate(asked.file.objectives):
        order = np.lexsort((scaled.sum(axis=1), rows[:, k]))
        names.setdefault(int(front[order[0]]), []).append(f"best {objective.outcome}")
    knee = int(front[np.argmin((scaled**2).sum(axis=1))])
    names.setdefault(knee, []).append(BALANCED)
    return [", ".join(some) for some in names.values()], np.array(list(names))


def _how(asked: SearchSpec, name: str) -> str:
    """How an outcome is judged: as the objective that names it, else as the file says."""
    for objective in asked.file.objectives:
        if objective.outcome == name:
            return asked.judged(objective)
    return asked.file.judge if asked.file.judge != judge.REGRET else judge.WORST


def _empty(asked: SearchSpec, judged: dict[str, np.ndarray]) -> UsageError:
    over = {limit: judge.excess(limit, judged[limit.outcome]) for limit in asked.file.limits}
    never = [_missed(limit, excess) for limit, excess in over.items() if excess.min() > 0.0]
    tried = len(next(iter(over.values())))
    if never:
        return UsageError(
            "no package keeps the limits",
            where=asked.file.title,
            found=f"of {tried:,} tried, none keeps " + "; ".join(never),
            way_out="Loosen that limit, or widen the bounds of the levers.",
        )
    scaled = sum(np.maximum(excess, 0.0) / max(abs(_bound(limit)), 1e-12) for limit, excess in over.items())
    nearest = int(np.argmin(scaled))
    broken = [_missed(limit, excess[nearest : nearest + 1]) for limit, excess in over.items() if excess[nearest] > 0.0]
    return UsageError(
        "no package keeps all limits at once",
        where=asked.file.title,
        found=f"each is kept by some of {tried:,} tried; the nearest breaks " + "; ".join(broken),
        way_out="Loosen one of the limits, widen the bounds of the levers, or try more packages.",
    )


def _missed(limit: Limit, excess: np.ndarray) -> str:
    side = "most" if limit.most is not None else "least"
    least, unit = float(excess.min()), AIMS[limit.outcome].unit
    return f"{limit.outcome} at {side} {_bound(limit):g}, missed by {least:.4g} [{unit}] at the least"


def _bound(limit: Limit) -> float:
    return float(limit.most if limit.most is not None else limit.least or 0.0)


def _silent(_done: int, _all: int) -> None:
    """Tell nobody."""
