"""Which of a search's candidates to compare, on what, and what is uncertain between them."""

from __future__ import annotations

from dataclasses import fields
from itertools import combinations

import jax.numpy as jnp
import numpy as np

from palanca.flows.params import FlowParams
from palanca.policy.params import PolicyParams
from palanca.questions.bargaining.prepared import drawn
from palanca.questions.search.discover import Discovery, discover
from palanca.questions.search.find import BASELINES, Found
from palanca.questions.search.work import Ground
from palanca.spec.bargain_spec import BargainSpec as Declared
from palanca.spec.search_file_outcomes import AIMS, MORE

MOVING = {field.name for record in (FlowParams, PolicyParams) for field in fields(record)}
LARGEST = 12  # numbers of one parameter beyond which only its mean is looked at
CONTESTED = 0.02  # share of draws that must go the other way for a pair to be compared


def compare(found: Found, ground: Ground, declared: Declared, key: int) -> list[Discovery]:
    """Compare every pair of shown candidates on the objective and harm on which draws disagree most.

    Args:
        found: What a search found.
        ground: What it was found on.
        declared: The bargaining table.
        key: The search's key.
    """
    numbers = uncertain(ground, declared, key)
    wanted = dict.fromkeys([*(one.outcome for one in found.search.file.objectives), "deaths"])
    names = [name for name in wanted if AIMS[name].unit != "chance"]
    rivals = [i for i, name in enumerate(found.shown) if name not in BASELINES[1:]]
    return [
        discover((found.shown[a], found.shown[b]), name, better, numbers)
        for a, b in combinations(rivals, 2)
        for name, better in [_most_contested(found, names, a, b)]
        if CONTESTED < better.mean() < 1.0 - CONTESTED
    ]


def uncertain(ground: Ground, declared: Declared, key: int) -> dict[str, np.ndarray]:
    """Everything learned or believed, by name, (draw); long parameters by their mean.

    Args:
        ground: What a search was run on.
        declared: The bargaining table.
        key: The search's key.
    """
    values = ground.layout.constrain(jnp.asarray(ground.free))
    found = {}
    for entry in ground.layout.entries:
        if entry.size == 0 or entry.name not in MOVING:
            continue
        rows = np.asarray(values[entry.name]).reshape(-1, ground.draws)
        if len(rows) > LARGEST:
            rows = rows.mean(axis=0, keepdims=True)
        for i, row in enumerate(rows):
            found[entry.name if len(rows) == 1 else f"{entry.name}[{i}]"] = row
    found |= drawn(declared, ground.draws, key)
    prices = ground.prices
    found |= {"attention to arrivals": np.asarray(prices.salience.mean(axis=0))}
    return found | {
        "people on hold whom nobody minds": np.asarray(prices.threshold),
        "rise of cost with people on hold": np.asarray(prices.steepness),
    }


def _most_contested(found: Found, names: list[str], a: int, b: int) -> tuple[str, np.ndarray]:
    better = {}
    for name in names:
        gap = found.by_draw[name][a] - found.by_draw[name][b]
        better[name] = gap > 0.0 if AIMS[name].want == MORE else gap < 0.0
    name = min(better, key=lambda one: abs(float(better[one].mean()) - 0.5))
    return name, better[name]
