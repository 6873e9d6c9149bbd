"""Which uncertainty decides between two candidates: a small tree over draws, believed if it foresees new ones."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from sklearn.feature_selection import SelectKBest, f_classif
from sklearn.model_selection import StratifiedKFold, cross_val_score
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.tree import DecisionTreeClassifier

DEPTH = 2
LEAST_LEAF = 0.08  # share of the draws in the smallest part
FOLDS = 5
PICKED = (
    8  # numbers that a tree may ask of, those that tell the two kinds of draws apart best, picked in each fold anew
)
FEWEST = 10  # draws of the rarer kind, below which nothing is looked for
MARGIN = 0.05  # share of draws foreseen beyond the majority rule, below which nothing decides


@dataclass(frozen=True)
class BeliefPart:
    """One part of what is believed.

    Args:
        bounds: What holds there, in words: `returns_effect above 0.4`.
        share: Share of the draws in it [share].
        wins: Share of its draws in which the first candidate is better [share].
    """

    bounds: tuple[str, ...]
    share: float
    wins: float


@dataclass(frozen=True)
class Discovery:
    """What decides between two candidates.

    Args:
        first: The first candidate.
        second: The other.
        outcome: On which outcome they are compared.
        wins: Share of draws in which the first is better [share].
        majority: Share foreseen by always naming the commoner winner [share].
        foreseen: Share foreseen by the tree in draws that it was not grown on [share]; no number if not looked for.
        parts: The tree's parts; none if it foresees no more than the majority rule.
    """

    first: str
    second: str
    outcome: str
    wins: float
    majority: float
    foreseen: float
    parts: tuple[BeliefPart, ...]

    @property
    def decided(self) -> bool:
        """Whether any parameter decides."""
        return bool(self.parts)


def discover(
    names: tuple[str, str], outcome: str, better: np.ndarray, features: Mapping[str, np.ndarray], seed: int = 1
) -> Discovery:
    """Look for the part of the posterior in which one candidate beats the other.

    Args:
        names: The two candidates.
        outcome: On which outcome they are compared.
        better: Whether the first is better, (draw).
        features: What is uncertain, by name, (draw).
        seed: Of the division into folds.
    """
    wins = float(better.mean())
    majority, rarer = max(wins, 1.0 - wins), min(int(better.sum()), int((~better).sum()))
    if rarer < FEWEST or not features:
        return Discovery(*names, outcome, wins, majority, float("nan"), ())
    features = {name: row for name, row in features.items() if np.ptp(row) > 0.0}
    table = np.stack(list(features.values()), axis=1)
    folds = StratifiedKFold(FOLDS, shuffle=True, random_state=seed)
    foreseen = float(cross_val_score(_tree(seed, len(features)), table, better, cv=folds).mean())
    if foreseen < majority + MARGIN:
        return Discovery(*names, outcome, wins, majority, foreseen, ())
    grown = _tree(seed, len(features)).fit(table, better)
    picked = np.flatnonzero(grown.named_steps["selectkbest"].get_support())
    leaves = _parts(
        grown.named_steps["decisiontreeclassifier"], [list(features)[i] for i in picked], table[:, picked], better
    )
    return Discovery(*names, outcome, wins, majority, foreseen, leaves)


def _tree(seed: int, width: int) -> Pipeline:
    grower = DecisionTreeClassifier(max_depth=DEPTH, min_samples_leaf=LEAST_LEAF, random_state=seed)
    return make_pipeline(SelectKBest(f_classif, k=min(PICKED, width)), grower)


def _parts(
    grown: DecisionTreeClassifier, names: list[str], table: np.ndarray, better: np.ndarray
) -> tuple[BeliefPart, ...]:
    """Every leaf in words, the one in which the first candidate wins most ahead."""
    tree, found = grown.tree_, []

    def walk(node: int, rows: np.ndarray, bounds: tuple[str, ...]) -> None:
        if tree.children_left[node] < 0:
            found.append(BeliefPart(bounds, float(rows.mean()), float(better[rows].mean())))
            return
        column, at = int(tree.feature[node]), float(tree.threshold[node])
        low = table[:, column] <= at
        walk(tree.children_left[node], rows & low, (*bounds, f"{names[column]} up to {at:.3g}"))
        walk(tree.children_right[node], rows & ~low, (*bounds, f"{names[column]} above {at:.3g}"))

    walk(0, np.ones(len(better), dtype=bool), ())
    return tuple(sorted(found, key=lambda part: -part.wins))
