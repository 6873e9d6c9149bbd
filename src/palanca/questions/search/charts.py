"""Charts of a search: what is given up for what, and unbeaten packages from their levers to their outcomes."""

from __future__ import annotations

from itertools import combinations

import numpy as np

from palanca.questions.search import find, tables
from palanca.questions.search.find import Found
from palanca.show.chart import Chart, Kind, Panel, Series
from palanca.show.theme import KINDS
from palanca.spec.search_file_outcomes import AIMS

MOST_LINES, MOST_DOTS = 40, 600  # packages drawn at most, evenly from those that there are
RECORD, OFF = "figures", KINDS[5]


def of(found: Found) -> list[Chart]:
    """The trade-off, and the packages."""
    return [_trade_off(found), _packages(found)]


def _trade_off(found: Found) -> Chart:
    names = [one.outcome for one in found.search.file.objectives]
    if len(names) == 1:
        names = [names[0], "deaths" if names[0] != "deaths" else "held"]
    names = [name for name in names if name in found.judged]
    return Chart(
        "trade-off",
        Kind.scatter,
        "What is given up for what",
        "Each dot is a package as judged; grey ones are beaten by another or break a limit. The record and everything "
        "off stand beside them, whether or not they keep the limits.",
        tuple(_scatter(found, *pair) for pair in combinations(names, 2)),
    )


def _scatter(found: Found, across: str, up: str) -> Panel:
    x, y = found.judged[across], found.judged[up]
    beaten = np.setdiff1d(_sampled(np.arange(len(x)), MOST_DOTS), found.front)
    left, right = find.worth(found, across), find.worth(found, up)
    series = [
        Series("tried", _places(x[beaten]), _floats(y[beaten]), role="grid"),
        Series("unbeaten", _places(x[found.front]), _floats(y[found.front])),
    ]
    for k, (name, role) in enumerate(zip(found.shown, _roles(found), strict=True)):
        series.append(Series(name, _places(left[k : k + 1]), _floats(right[k : k + 1]), role=role, names=(name,)))
    units = [f"{AIMS[name].words} [{AIMS[name].unit}]" for name in (across, up)]
    return Panel(tuple(series), units[1], f"{AIMS[across].words} and {AIMS[up].words}", x_unit=units[0], zero=False)


def _packages(found: Found) -> Chart:
    outcomes = [name for name in tables.asked(found) if name in found.judged]
    axes = (*found.search.names, *(AIMS[name].words for name in outcomes))
    series = [
        Series("unbeaten", axes, _floats([*found.values[row], *(found.judged[name][row] for name in outcomes)]))
        for row in _sampled(found.front, MOST_LINES)
    ]
    for k, (name, role) in enumerate(zip(found.shown, _roles(found), strict=True)):
        ends = [float(find.worth(found, one)[k]) for one in outcomes]
        series.append(Series(name, axes, _floats([*found.shown_values[k], *ends]), role=role))
    return Chart(
        "packages",
        Kind.parallel,
        "Packages from their levers to what follows",
        "Levers to the left, outcomes as judged to the right; each axis runs from the least to the greatest among the "
        "packages drawn. The record has no single setting of a lever, so its line starts at the outcomes.",
        (Panel(tuple(series), ""),),
    )


def _roles(found: Found) -> list[str]:
    return [RECORD, OFF, *(KINDS[1 + k % 4] for k in range(len(found.shown) - 2))]


def _sampled(places: np.ndarray, most: int) -> np.ndarray:
    return places[np.unique(np.linspace(0, len(places) - 1, min(most, len(places))).astype(int))]


def _places(values: np.ndarray) -> tuple[float, ...]:
    return tuple(float(f"{value:.5g}") for value in values)


def _floats(values: np.ndarray | list[float]) -> tuple[float | None, ...]:
    return tuple(float(f"{value:.5g}") if np.isfinite(value) else None for value in values)
