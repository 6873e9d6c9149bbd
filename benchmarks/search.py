"""Times a search of the us-mexico case: packages x draws x months a second, and what the whole would take.

Run it with nothing else running. `--packages 20000 --draws 200` is the size that must end within fifteen minutes on two
cores; fewer packages give the same rate, as every generation is alike.
"""

from __future__ import annotations

import argparse
import json
import time

from palanca.infer import store
from palanca.questions import corridor
from palanca.questions.search import find, work
from palanca.spec.bargain_spec import load_bargain
from palanca.spec.load import load
from palanca.spec.search_file import load_search

CASE, SEARCH = "us-mexico", "two-years"


def measure(packages: int, draws: int) -> dict[str, float]:
    """Seconds to get ready, to compile and run the first generation, and for each one after it."""
    case = load(CASE)
    asked = load_search(SEARCH, case)
    begin = time.perf_counter()
    posterior, _ = store.choose(case)
    ground = work.ready(corridor.open(case, posterior), load_bargain(CASE), asked, draws, 1)
    ready = time.perf_counter()
    marks: list[tuple[int, float]] = []
    find.search(
        asked, ground, find.Effort(packages=packages), lambda done, _: marks.append((done, time.perf_counter()))
    )
    end = time.perf_counter()
    (first, started), (last, stopped) = marks[0], marks[-1]
    rate = (last - first) * draws * ground.months / max(stopped - started, 1e-9)
    return {
        "packages": packages,
        "draws": draws,
        "months": ground.months,
        "ready_s": ready - begin,
        "first_generation_s": started - ready,
        "all_s": end - begin,
        "package_draw_months_a_second": rate,
        "s_for_20000_packages_in_200_draws": 20_000 * 200 * ground.months / rate,
    }


def main() -> None:
    """Print the numbers as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--packages", type=int, default=2000)
    parser.add_argument("--draws", type=int, default=200)
    given = parser.parse_args()
    print(json.dumps(measure(given.packages, given.draws), indent=2))


if __name__ == "__main__":
    main()
