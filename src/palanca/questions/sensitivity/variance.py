"""What matters: variance shares (Sobol) and elementary effects (Morris) of any function, through SALib.

Varied vary one by one over their posterior quantiles, as if the posterior held no correlation; what the draws
themselves say is in `given`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from SALib.analyze import morris as morris_analysis
from SALib.analyze import sobol as sobol_analysis
from SALib.sample import morris as morris_sample
from SALib.sample import sobol as sobol_sample

from palanca.kernel.keys import stream

LEVELS = 4  # grid of Morris' trajectories
EDGE = 0.005  # quantiles closer to an end than this are not sampled: a posterior of few draws does not know them
RESAMPLES = 400
CONFIDENCE = 0.9

# Shares of each input's posterior, (point, input), to the outcome of each point, (point).
Evaluate = Callable[[np.ndarray], np.ndarray]


@dataclass(frozen=True)
class Varied:
    """What is varied.

    Args:
        names: One name for each number.
        groups: The group of each number; numbers of one group vary together in what is reported.
    """

    names: tuple[str, ...]
    groups: tuple[str, ...]

    @property
    def reported(self) -> tuple[str, ...]:
        """Groups, each once, in order."""
        return tuple(dict.fromkeys(self.groups))

    def problem(self) -> dict[str, object]:
        """As SALib takes it."""
        found: dict[str, object] = {
            "num_vars": len(self.names),
            "names": list(self.names),
            "bounds": [[0.0, 1.0]] * len(self.names),
        }
        return found if len(self.reported) == len(self.names) else found | {"groups": list(self.groups)}


@dataclass(frozen=True, eq=False)
class Sobol:
    """Shares of the outcome's variance, by group.

    Args:
        names: Groups.
        first: Share that each explains alone, (group) [share].
        first_half: Half the width of its 90 % interval.
        total: Share that involves it at all, (group) [share].
        total_half: Half the width of its 90 % interval.
        variance: Variance of the outcome over the sample.
        runs: Evaluations.
    """

    names: tuple[str, ...]
    first: np.ndarray
    first_half: np.ndarray
    total: np.ndarray
    total_half: np.ndarray
    variance: float
    runs: int


@dataclass(frozen=True, eq=False)
class Morris:
    """Effects of moving one group across two thirds of its range, by group.

    Args:
        names: Groups.
        size: Mean of the effects' sizes, (group) [unit of the outcome].
        size_half: Half the width of its 90 % interval.
        spread: Standard deviation of the effects: how much they hang on the rest; none for groups of several.
        runs: Evaluations.
    """

    names: tuple[str, ...]
    size: np.ndarray
    size_half: np.ndarray
    spread: np.ndarray
    runs: int


def sobol(inputs: Varied, evaluate: Evaluate, points: int, key: int) -> Sobol:
    """First and total shares of variance.

    Args:
        inputs: What is varied.
        evaluate: The outcome of points of the unit cube.
        points: Base sample, a power of 2; `points * (inputs + 2)` evaluations.
        key: Same key, same sample.

    Reference:
        Saltelli et al. 2010 (Computer Physics Communications 181:259-270) as SALib has it.
    """
    problem, seed = inputs.problem(), _seed(key, "sobol")
    sample = sobol_sample.sample(problem, points, calc_second_order=False, seed=seed)
    outcome = evaluate(sample)
    spread = float(outcome.std())
    scaled = (outcome - outcome.mean()) / spread
    found = sobol_analysis.analyze(
        problem, scaled, calc_second_order=False, num_resamples=RESAMPLES, conf_level=CONFIDENCE, seed=seed
    )
    first, first_half, total, total_half = (
        np.asarray(found[name], float) for name in ("S1", "S1_conf", "ST", "ST_conf")
    )
    return Sobol(inputs.reported, first, first_half, total, total_half, spread**2, len(sample))


def morris(inputs: Varied, evaluate: Evaluate, trajectories: int, key: int) -> Morris:
    """Elementary effects.

    Args:
        inputs: What is varied.
        evaluate: The outcome of points of the unit cube.
        trajectories: How many; `trajectories * (groups + 1)` evaluations.
        key: Same key, same sample.

    Reference:
        Morris 1991 (Technometrics 33:161-174), in the version of Campolongo et al. 2007, as SALib has it.
    """
    problem, seed = inputs.problem(), _seed(key, "morris")
    sample = morris_sample.sample(problem, trajectories, num_levels=LEVELS, seed=seed)
    outcome = evaluate(sample)
    found = morris_analysis.analyze(
        problem, sample, outcome, num_levels=LEVELS, num_resamples=RESAMPLES, conf_level=CONFIDENCE, seed=seed
    )
    names = [str(name) for name in found["names"]]
    rows = [names.index(name) for name in inputs.reported]
    size, half, spread = (_plain(found[name])[rows] for name in ("mu_star", "mu_star_conf", "sigma"))
    return Morris(inputs.reported, size, half, spread, len(sample))


def narrowed(inputs: Varied, found: Morris, count: int) -> np.ndarray:
    """Which numbers belong to the groups of the largest effects, (number).

    Args:
        inputs: What was varied.
        found: Its elementary effects.
        count: How many groups to keep.
    """
    kept = [found.names[i] for i in np.argsort(-found.size, kind="stable")[:count]]
    return np.isin(inputs.groups, kept)


def quantiles(shares: np.ndarray, draws: np.ndarray) -> np.ndarray:
    """Shares of each marginal to values.

    Args:
        shares: (point, input).
        draws: Draws of each input, (input, draw).

    Returns:
        (point, input).
    """
    held = np.clip(shares, EDGE, 1.0 - EDGE)
    return np.stack([np.quantile(row, held[:, i]) for i, row in enumerate(draws)], axis=1)


def _plain(masked: object) -> np.ndarray:
    """SALib masks what groups do not have."""
    return np.asarray(np.ma.filled(np.ma.asarray(masked, dtype=float), np.nan))


def _seed(key: int, purpose: str) -> int:
    return int(stream(key, "sensitivity", purpose).integers(2**31 - 1))
