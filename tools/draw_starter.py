"""Draws the made-up tables of the first case that `palanca case new` writes, from the model and known parameters."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import numpy as np

from palanca.data import own_series, table
from palanca.data.read import open_figures
from palanca.infer import history
from palanca.infer.simulated import simulator
from palanca.infer.synthetic import Synthetic, narrowed
from palanca.model.parameters import Layout
from palanca.spec import starter
from palanca.spec.load import load

KEY = 20
EXACT = 1e-4  # spread of the priors from which the truth is drawn
# What the figures are made with; all others stand at the middle of their priors.
TRUTH = {
    "base": 7.0,
    "shutdown_effect": 1.2,  # the fall of setting out while the road is closed [log points]
    "shock_sd": 0.1,
    "shock_shared": 0.05,
    "shock_persistence": (30.0, 30.0),
    "shock_momentum": 0.0,
    "season_asylum": 0.0,
    "season_circular": 0.0,
}


def main(folder: Path) -> None:
    """Write the tables of a folder anew; its own lend the months and, before the first, the counts."""
    rows = own_series.rows(folder)
    case, figures = load(folder / "case.yaml"), open_figures(case=folder / "case.yaml")
    ready = history.prepare(case, figures)
    synthetic = Synthetic(ready.inputs, _known(narrowed(ready.evidence.layout)), ready.evidence)
    _, drawn = simulator(synthetic)(KEY)
    counts = np.round(np.asarray(drawn.figures.encounters)).astype(int)
    months, origins = case.span.span.labels(), [origin.data for origin in case.origins.values()]
    before = str(case.span.span.first + -1)
    _, first = figures.cells("own_by_origin")
    by_origin = {key: value for key, value in first.items() if key[0] == before}
    by_origin |= {
        (month, origin): float(value)
        for month, line in zip(months, counts, strict=True)
        for origin, value in zip(origins, line, strict=True)
    }
    total = {(month,): sum(v for key, v in by_origin.items() if key[0] == month) for month in [before, *months]}
    for name, cells in (("own_by_origin", by_origin), ("own_total", total)):
        own_series.place(folder, rows[name]).write_text(table.render(rows[name], cells), encoding="utf-8")


def _known(layout: Layout) -> Layout:
    """The same parameters, each all but fixed at the truth."""
    entries = []
    for entry in layout.entries:
        told = TRUTH.get(entry.name)
        if isinstance(told, tuple):
            entries.append(replace(entry, p1=told[0], p2=told[1]))
        elif told is not None:
            entries.append(replace(entry, p1=told, p2=EXACT))
        else:
            entries.append(entry)
    return Layout(tuple(entries), layout.sizes)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else starter.FOLDER)
