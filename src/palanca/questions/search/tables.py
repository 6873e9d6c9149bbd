"""Tables of a search: outcomes of the packages shown, their levers, every unbeaten package, what decides."""

from __future__ import annotations

import numpy as np

from palanca.questions.search.discover import Discovery
from palanca.questions.search.find import BALANCED, BASELINES, Found
from palanca.show import estimate, table
from palanca.show.table import Cell, Table
from palanca.spec.search_file_outcomes import AIMS, ALWAYS_SHOWN

CHANCE = "chance"
HEADS = {"cost_transit": "cost, transit", "cost_destination": "cost, destination", "held": "on hold"}
FIRST = 4  # outcomes in the first table
Row = dict[str, Cell]


def of(found: Found, decided: list[Discovery]) -> list[Table]:
    """Every table; the first is that of the first screen."""
    shown = first(found)
    rest = [name for name in AIMS if name not in shown]
    return [
        _outcomes(found, "Packages", shown, "Means of the months, deaths in all; median with its interval."),
        _outcomes(found, "other outcomes", rest, "; ".join(f"{_head(one)}: {AIMS[one].what}" for one in rest)),
        _levers(found),
        _unbeaten(found),
        *([_parts(decided)] if any(one.parts for one in decided) else []),
    ]


def asked(found: Found) -> list[str]:
    """Outcomes in the order in which they are told: objectives, limits, then deaths and people on hold."""
    file = found.search.file
    named = [one.outcome for one in file.objectives] + [one.outcome for one in file.limits]
    return list(dict.fromkeys([*named, *ALWAYS_SHOWN]))


def first(found: Found) -> list[str]:
    """Outcomes of the first table: harm always, and as many of those asked for as there is room for."""
    room = FIRST - len(ALWAYS_SHOWN)
    kept = [name for name in asked(found) if name not in ALWAYS_SHOWN][:room]
    return [name for name in asked(found) if name in kept or name in ALWAYS_SHOWN]


def _outcomes(found: Found, name: str, outcomes: list[str], note: str) -> Table:
    rows: list[Row] = [
        {"package": found.shown[k], **{_head(one): _cell(found.by_draw[one][k], one) for one in outcomes}}
        for k in _order(found)
    ]
    units = {_head(one): AIMS[one].unit for one in outcomes} if name != "Packages" else {}
    return table.of_rows(name, rows, units=units, note=note)


def _levers(found: Found) -> Table:
    rows: list[Row] = []
    for place, lever in enumerate(found.search.names):
        row: Row = {"lever": lever}
        for k, package in enumerate(found.shown):
            value = float(found.shown_values[k, place])
            row[package] = "as recorded" if np.isnan(value) else float(f"{value:.3g}")
        rows.append(row)
    return table.of_rows("levers of packages", rows)


def _unbeaten(found: Found) -> Table:
    rows: list[Row] = [
        {
            "package": int(place),
            **{name: float(f"{found.values[place, k]:.3g}") for k, name in enumerate(found.search.names)},
            **{_head(name): float(f"{found.judged[name][place]:.4g}") for name in found.judged if name in asked(found)},
        }
        for place in found.front
    ]
    return table.of_rows("unbeaten packages", rows, note="Levers as set, outcomes as judged.")


def _parts(decided: list[Discovery]) -> Table:
    rows: list[Row] = [
        {
            "outcome": _head(one.outcome),
            "first": one.first,
            "second": one.second,
            "where": " and ".join(part.bounds),
            "of draws [%]": 100.0 * part.share,
            "first is better [%]": 100.0 * part.wins,
        }
        for one in decided
        for part in one.parts
    ]
    return table.of_rows("what decides", rows)


def _order(found: Found) -> list[int]:
    """Places of the packages shown: the record, the balanced one, the others, everything off."""
    record, off = BASELINES
    return sorted(
        range(len(found.shown)),
        key=lambda k: (found.shown[k] == off, found.shown[k] != record, BALANCED not in found.shown[k], k),
    )


def _cell(values: np.ndarray, name: str) -> Cell:
    """Median with its interval; of a chance, the chance alone."""
    return float(values.mean()) if AIMS[name].unit == CHANCE else estimate.of(values, AIMS[name].unit)


def _head(name: str) -> str:
    return HEADS.get(name, name.replace("_", " "))
