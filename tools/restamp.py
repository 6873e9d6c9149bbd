"""Lets shipped results stand after code was moved or reworded: shows that it computes the same, then records it.

Usage: python tools/restamp.py [--compared BEFORE AFTER]

The fit's log density is computed again at stored draws and held against what the sampler wrote down. Forecasts,
baselines and probes of facts are recorded only with two folders of the same questions answered in JSON before and
after, whose numbers are compared one by one.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np

from palanca.core.clock import Month
from palanca.evidence.backtest import store as skill_store
from palanca.evidence.facts import store as facts
from palanca.evidence.response import store as responses
from palanca.evidence.schemes import store as schemes
from palanca.infer import equivalent, history, store
from palanca.infer.objective import log_density
from palanca.spec.load import load

CASE = "us-mexico"
TRIED = 8  # draws at which the density is computed again
APART = 0.02  # log points: shipped draws are stored in 16 binary digits, which moves the density by a third of this
CLOSE = 1e-9


def density_holds() -> bool:
    """Whether the density at stored draws is what the sampler found there."""
    case = load(CASE)
    found, _ = store.read(store.where(case), case)
    assert found.track is not None, "a quick fit holds no density to compare with"
    evidence = history.prepare(case).evidence
    density, months = jax.jit(log_density(evidence)), jnp.asarray(evidence.every_month)
    fitted, centre = found.layout.fitted(), found.layout.centre()  # chains leave the others at their middles
    worst = 0.0
    for place in np.linspace(0, found.size - 1, TRIED).round().astype(int):
        now = float(density(jnp.asarray(np.where(fitted, found.free[:, place], centre)), months))
        worst = max(worst, abs(now - float(found.track.log_density[place])))
    print(f"density at {TRIED} stored draws: {worst:.1e} log points apart at most")
    return worst < APART


def numbers(value: object) -> Iterator[float]:
    """Every number of a JSON document, in order."""
    if isinstance(value, dict):
        for part in value.values():
            yield from numbers(part)
    elif isinstance(value, list):
        for part in value:
            yield from numbers(part)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield float(value)


def _data(path: Path) -> object:
    """The data of an answer, or the whole of another document: sentences also tell how old the stored scores are."""
    held = json.loads(path.read_text(encoding="utf-8"))
    return held["data"] if isinstance(held, dict) and "data" in held else held


def answers_hold(before: Path, after: Path) -> bool:
    """Whether every document of the first folder holds the same numbers in the second."""
    names = sorted(path.name for path in before.glob("*.json"))
    apart = []
    for name in names:
        old, new = (np.array(list(numbers(_data(at / name)))) for at in (before, after))
        if old.shape != new.shape or not np.allclose(old, new, rtol=CLOSE, atol=CLOSE, equal_nan=True):
            apart.append(name)
    print(f"{len(names)} answers compared, {len(apart)} apart: {', '.join(apart)}")
    return bool(names) and not apart


def main() -> None:
    """Compare, then add what holds to the table."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--compared", nargs=2, type=Path, metavar=("BEFORE", "AFTER"))
    given = asked.parse_args()
    if not density_holds():
        sys.exit("The density is another: fit again with `make fit`.")
    case = load(CASE)
    made = store.made_from(store.where(case))
    marks = {("model", made.code), ("model", store.code_fingerprint()), ("case", made.case)}
    marks.add(("case", store.marks(case, last=Month.parse(made.last)).case))
    if given.compared:
        if not answers_hold(*given.compared):
            sys.exit("Answers differ: make the shipped scores again with `make backtest` and the scorecards.")
        skill = skill_store.fingerprints(case)
        marks |= {(name, skill[name]) for name in ("forecasts", "baselines")}
        marks.add(("scores", responses.fingerprints(case)["scores"]))
        marks |= {("probes", one.CARDS.fingerprints(case)["probes"]) for one in (facts, schemes)}
    new = marks - equivalent.known()
    with equivalent.TABLE.open("a", encoding="utf-8") as table:
        table.writelines(f"{kind} {mark}\n" for kind, mark in sorted(new))
    print(f"{len(new)} fingerprints added to {equivalent.TABLE.name}")


if __name__ == "__main__":
    main()
