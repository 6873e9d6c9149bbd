"""Time of a what-if over 1,000 draws, first and later, beside the same twin by `infer.history.run`.

Run: python benchmarks/whatif.py [draws]. The rival keeps every quantity of every month of two worlds; the what-if runs
five (history, frozen, answering until deals settle, and two in which the partner stops) and keeps what questions need.
"""

from __future__ import annotations

import os
import sys
import time

from palanca.api import compiler
from palanca.core.clock import Month
from palanca.spec import edit
from palanca.spec.load import load

QUESTIONS = (
    ("levers.contention.effort=0", "2024-02"),
    ("levers.cbp_one.slots=0", "2023-07"),
    ("levers.chnv_parole.slots=0", "2023-06"),
)


def main() -> None:
    draws = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000
    compiler.start()
    from palanca.infer import history, store
    from palanca.questions import corridor as corridors
    from palanca.questions.options import RunOptions
    from palanca.questions.whatif import run, worlds

    case = load("us-mexico")
    fit, _ = store.choose(case, None, stale_too=False)
    corridor = corridors.open(case, fit)
    print(f"{draws} draws; load average {os.getloadavg()[0]:.1f} as it begins")
    for text, first in QUESTIONS:
        changes = [edit.parse_set(text, Month.parse(first))]
        begun = time.perf_counter()
        run.run(corridor, changes, RunOptions(draws=draws))
        print(f"what-if   {text:40s} {time.perf_counter() - begun:6.2f} s, {worlds.run._cache_size()} compiled")
    for text, first in QUESTIONS[:2]:
        changes = [edit.parse_set(text, Month.parse(first))]
        begun = time.perf_counter()
        history.run(corridor.setting, fit, draws=draws, key=1, changes=changes)
        print(f"history   {text:40s} {time.perf_counter() - begun:6.2f} s")
    print(f"load average {os.getloadavg()[0]:.1f} at the end")


if __name__ == "__main__":
    main()
