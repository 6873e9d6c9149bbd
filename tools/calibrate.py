"""Runs simulation-based calibration on the made-up corridor and writes what it found beside the shipped fits.

    python tools/calibrate.py                      # the quick fit, 60 replications
    python tools/calibrate.py --sampled --replications 30

Stopped runs go on from the folder that `--keep` names.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from dataclasses import asdict
from pathlib import Path

os.environ.setdefault("JAX_PLATFORMS", "cpu")

import numpy as np

from palanca.core import digest, save
from palanca.infer import calibrate, store, synthetic, verdict
from palanca.spec.load import load

SHIPPED = store.SHIPPED / "calibration.json"
FIRST_KEY = 1000  # of the truths whose slopes are averaged: others than those that are fitted


def main() -> None:
    """Draw, fit, rank, check, write."""
    asked = _arguments()
    case = load("us-mexico")
    corridor = synthetic.carve(case)
    names = corridor.layout.names()
    marks = asdict(store.marks(case))
    settings: dict[str, object] = {
        "fit": "sampled" if asked.sampled else "quick",
        "replications": asked.replications,
        "draws": calibrate.DRAWS,
        "rounded": asked.rounded,
        "origins": synthetic.ORIGINS,
        "sectors": synthetic.SECTORS,
        "first": synthetic.FIRST,
        "last": synthetic.LAST,
        "parameters": len(names),
    }
    kind = {name: part for name, part in settings.items() if name != "replications"}
    ready = calibrate.compiled(corridor)
    fitter = calibrate.sampled(corridor, ready) if asked.sampled else calibrate.quick(ready)
    results = calibrate.replicate(
        corridor,
        fitter,
        range(asked.replications),
        rounded=asked.rounded,
        folder=asked.keep,
        mark=digest.of_record({"settings": kind, "made from": marks}),
        progress=lambda done, planned: print(f"\r{done} of {planned}", end="", flush=True),
    )
    checks = {bias: calibrate.check(results, names, bias) for bias in calibrate.BIASES}
    slopes = calibrate.slopes(corridor, ready, range(FIRST_KEY, FIRST_KEY + asked.slopes))
    tested = slopes.mean(axis=0) / (slopes.std(axis=0) / np.sqrt(len(slopes)))
    record = {
        "settings": settings,
        "made from": marks,
        "priors": {entry.name: [entry.family, entry.p1, entry.p2] for entry in corridor.layout.entries if entry.size},
        "checks": {bias: {**asdict(found), "passed": found.passed} for bias, found in checks.items()},
        "slopes at the truth": {
            "replications": len(slopes),
            "mean square of their t": float(np.mean(tested**2)),
            "largest t": float(np.max(np.abs(tested))),
            "of": names[int(np.argmax(np.abs(tested)))],
        },
    }
    save.text(asked.out, json.dumps(record, indent=1) + "\n")
    if asked.sampled and asked.out == SHIPPED:
        plain, *biased = checks.values()
        rejected = not any(found.passed for found in biased)
        summary = verdict.Calibration(asked.replications, plain.uniform, plain.coverage, rejected)
        verdict.keep_calibration(store.where(case), summary)
    for bias, found in checks.items():
        print(
            f"\n{bias}: coverage {found.coverage:.3f} ({found.learned:.3f} where learned), uniform {found.uniform:.3g}"
        )
        print(f"  outside their band {found.outside:.3f}, worst {found.worst} ({found.worst_chance:.3g})", end="")
    print(f"\nwritten to {os.path.relpath(asked.out)}")


def _arguments() -> argparse.Namespace:
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--replications", type=int, default=60)
    words.add_argument("--slopes", type=int, default=200, help="truths at which the slope of the density is averaged")
    words.add_argument("--sampled", action="store_true", help="sample instead of the quick fit")
    words.add_argument("--rounded", action="store_true", help="publish whole tens")
    words.add_argument("--keep", type=Path, default=None, help="folder for finished replications")
    words.add_argument("--out", type=Path, default=SHIPPED)
    return words.parse_args()


if __name__ == "__main__":
    sys.exit(main())
