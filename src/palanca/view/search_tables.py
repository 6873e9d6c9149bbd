"""Rows about a search: the few packages shown, with intervals, and every package tried."""

from __future__ import annotations

import numpy as np

from palanca.questions.search import find
from palanca.questions.search.discover import Discovery
from palanca.questions.search.find import Found
from palanca.spec.search_file_outcomes import AIMS, ALWAYS_SHOWN
from palanca.view.theme import cell, percent, rounded

Row = dict[str, object]
LEVELS = (0.05, 0.5, 0.95)
RECORD = "as recorded"
CHANCE = "chance"


def asked(found: Found) -> list[str]:
    """Outcomes in the order in which they are told: objectives, limits, then deaths and people on hold."""
    file = found.search.file
    named = [one.outcome for one in file.objectives] + [one.outcome for one in file.limits]
    return list(dict.fromkeys([*named, *ALWAYS_SHOWN]))


def others(found: Found) -> list[str]:
    """The remaining outcomes, known of the shown packages."""
    return [name for name in AIMS if name not in asked(found)]


def interval(values: np.ndarray, name: str) -> str:
    """Median and 90 % interval in a cell; of a chance, the chance alone."""
    if AIMS[name].unit == CHANCE:
        return percent(100.0 * float(values.mean()))
    low, mid, high = (rounded(float(x)) for x in np.quantile(values, LEVELS))
    return f"{mid} [{low}, {high}]"


def outcomes(found: Found, names: list[str]) -> list[Row]:
    """One row a shown package: its outcomes."""
    return [
        {"package": package, **{name: interval(found.by_draw[name][i], name) for name in names}}
        for i, package in enumerate(found.shown)
    ]


def levers(found: Found) -> list[Row]:
    """One row a shown package: what its levers are set to."""
    return [
        {
            "package": package,
            **{
                lever: RECORD if np.isnan(value) else cell(float(value))
                for lever, value in zip(found.search.names, found.shown_values[i], strict=True)
            },
        }
        for i, package in enumerate(found.shown)
    ]


def numbers(found: Found) -> list[Row]:
    """One row a number of the shown packages, every digit kept."""
    rows: list[Row] = []
    for i, package in enumerate(found.shown):
        for lever, value in zip(found.search.names, found.shown_values[i], strict=True):
            rows.append(_row(package, "lever", lever, "", (np.nan, float(value), np.nan), np.nan))
        for name, aim in AIMS.items():
            spread = tuple(float(x) for x in np.quantile(found.by_draw[name][i], LEVELS))
            if aim.unit == CHANCE:
                spread = (np.nan, float(found.by_draw[name][i].mean()), np.nan)
            rows.append(_row(package, "outcome", name, aim.unit, spread, float(find.worth(found, name)[i])))
    return rows


def tried(found: Found) -> list[Row]:
    """One row a package tried: its levers, its outcomes as judged, whether any other beats it."""
    best = set(found.front.tolist())
    return [
        {
            "package": i,
            **{f"lever {name}": float(x) for name, x in zip(found.search.names, found.values[i], strict=True)},
            **{f"{name} [{AIMS[name].unit}]": float(column[i]) for name, column in found.judged.items()},
            "unbeaten": i in best,
        }
        for i in range(len(found.values))
    ]


def parts(discoveries: list[Discovery]) -> list[Row]:
    """One row a part of the posterior in which one candidate wins more often than in another."""
    return [
        {
            "outcome": one.outcome,
            "first": one.first,
            "second": one.second,
            "where": " and ".join(part.bounds),
            "share of draws": part.share,
            "first is better": part.wins,
        }
        for one in discoveries
        for part in one.parts
    ]


def _row(package: str, kind: str, name: str, unit: str, spread: tuple[float, ...], judged: float) -> Row:
    low, mid, high = spread
    return {
        "package": package, "kind": kind, "name": name, "unit": unit, "p5": low, "median": mid, "p95": high,
        "as judged": judged,
    }  # fmt: skip
