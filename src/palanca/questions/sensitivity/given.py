"""What the draws themselves say: how much of an outcome each parameter explains, and what learning it is worth."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from palanca.kernel.keys import stream

FOLDS = 10
DEGREE = 3
RESAMPLES = 100
SHUFFLES = 20
PER_DRAW = 10  # draws wanted for each term of a regression
NINETY = (0.05, 0.95)


@dataclass(frozen=True)
class Explained:
    """What one parameter explains of an outcome over the posterior, correlations as they are.

    Args:
        share: Of the variance, foreseen in draws left out [share]; also the drop in variance that learning it brings.
        low: 5th percentile over resampled draws.
        high: 95th percentile.
    """

    share: float
    low: float
    high: float


def explained(values: np.ndarray, outcome: np.ndarray, key: int = 1) -> Explained:
    """Share of the variance of an outcome that one parameter explains, however it does so.

    Learning the parameter for certain is expected to leave the rest of the variance: E[Var(y | x)] is
    Var(y) - Var(E[y | x]).

    Args:
        values: The parameter's numbers, (number, draw).
        outcome: (draw).
        key: Same key, same folds.

    Reference:
        First-order index from given data, E[y | x] by polynomials and checked on draws left out.
    """
    rng = stream(key, "sensitivity", "given")
    count = outcome.size
    table = _terms(values, count)
    found = []
    for turn in range(RESAMPLES + 1):
        rows = np.arange(count) if turn == 0 else np.unique(rng.integers(0, count, count))
        found.append(_foreseen(table[rows], outcome[rows], rng))
        if turn == 0 and found[0] <= 0.0 and len(table[0]) > DEGREE + 1:
            break  # nothing to put an interval around
    low, high = np.quantile(found, NINETY)
    return Explained(*(float(max(x, 0.0)) for x in (found[0], low, high)))


def perfect_information(worths: np.ndarray) -> float:
    """What knowing everything before choosing is expected to add [unit of worth].

    Args:
        worths: Worth of each option, (draw, option).

    Reference:
        Expected value of perfect information: E[max_d U_d] - max_d E[U_d].
    """
    return float(worths.max(axis=1).mean() - worths.mean(axis=0).max())


def partial_information(values: np.ndarray, worths: np.ndarray, key: int = 1) -> float:
    """What knowing one parameter before choosing is expected to add [unit of worth].

    What a parameter shuffled among the draws would seem to add is taken off, so that noise is worth nothing.

    Args:
        values: The parameter's numbers, (number, draw).
        worths: Worth of each option, (draw, option).
        key: Same key, same shuffles.

    Reference:
        Strong, Oakley and Brennan 2014 (Medical Decision Making 34:311-326): E[max_d E[U_d | x]] - max_d E[U_d], the
        inner expectation by regression on the draws.
    """
    rng = stream(key, "sensitivity", "worth")
    table = _terms(values, len(worths))
    noise = [_added(table[rng.permutation(len(table))], worths) for _ in range(SHUFFLES)]
    return max(_added(table, worths) - float(np.mean(noise)), 0.0)


def _added(table: np.ndarray, worths: np.ndarray) -> float:
    against = worths - worths[:, :1]  # differences alone decide, and are smoother
    fitted = table @ np.linalg.lstsq(table, against, rcond=None)[0]
    return float(fitted.max(axis=1).mean() - fitted.mean(axis=0).max())


def _terms(values: np.ndarray, count: int) -> np.ndarray:
    """A constant and powers of each number's standard score, as many as the draws can carry, (draw, term)."""
    spread = values.std(axis=1, keepdims=True)
    scores = (values - values.mean(axis=1, keepdims=True)) / np.where(spread > 0.0, spread, 1.0)
    degree = max(1, min(DEGREE, count // (PER_DRAW * len(values))))
    return np.concatenate([np.ones((1, count)), *(scores**power for power in range(1, degree + 1))]).T


def _foreseen(table: np.ndarray, outcome: np.ndarray, rng: np.random.Generator) -> float:
    """Share of variance foreseen in draws left out, fold by fold."""
    fold = rng.permutation(len(outcome)) % FOLDS
    missed = 0.0
    for k in range(FOLDS):
        kept, out = fold != k, fold == k
        found = np.linalg.lstsq(table[kept], outcome[kept], rcond=None)[0]
        missed += float(((outcome[out] - table[out] @ found) ** 2).sum())
    around = float(((outcome - outcome.mean()) ** 2).sum())
    return 1.0 - missed / around if around > 0.0 else 0.0
