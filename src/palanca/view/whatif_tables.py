"""What-ifs as tables: each outcome in history and its change in other worlds, by part, by month, and for the public."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from palanca.core.clock import Month
from palanca.model.outcomes import PLACES
from palanca.questions import outcomes
from palanca.questions.whatif.ask import ANSWERING, FROZEN, HISTORY, PROBED, Answered
from palanca.questions.whatif.public import Public
from palanca.questions.whatif.worlds import DEALS
from palanca.view.theme import month_name

NINETY = (0.05, 0.5, 0.95)
SHOWN = 6  # months summed over unless others are asked for
WORLDS = {FROZEN: "governments frozen", ANSWERING: "governments answer"}
PARTS = ("encounters by origin", "encounters by group", "encounters by sector", "held by origin", "deaths by place")
Row = dict[str, object]


@dataclass(frozen=True, eq=False)
class Told:
    """A what-if ready to be told.

    Args:
        found: The worlds.
        first: First month told.
        last: Last month told.
        public: How the public hears of arrivals, by world; empty where no politics are fitted.
        names: What each code of an origin, group or sector stands for.
        asked: The question in words.
    """

    found: Answered
    first: Month
    last: Month
    public: dict[str, Public]
    names: dict[str, str]
    asked: str

    @property
    def span(self) -> str:
        """The months told, in words."""
        one, other = month_name(str(self.first)), month_name(str(self.last))
        return one if one == other else f"{one} to {other}"

    @property
    def rows(self) -> slice:
        """Their places among the months kept."""
        return self.found.rows(self.first, self.last)


def whole(told: Told, world: str, outcome: str) -> np.ndarray:
    """Change of an outcome over the months told: a sum of what flows, a mean of what stands, (draw)."""
    gap = told.found.effect(world, outcome)[told.rows]
    return np.asarray(gap.mean(axis=0) if outcomes.OUTCOMES[outcome].stock else gap.sum(axis=0))


def base(told: Told, outcome: str) -> np.ndarray:
    """An outcome of history over the months told, (draw)."""
    given = told.found.of(HISTORY, outcome)[told.rows]
    return np.asarray(given.mean(axis=0) if outcomes.OUTCOMES[outcome].stock else given.sum(axis=0))


def summary(told: Told) -> list[Row]:
    """One row an outcome: history, then the change in each world with its 90 % interval."""
    rows = []
    for name, one in outcomes.OUTCOMES.items():
        row: Row = {"outcome": one.what, "counted": "mean" if one.stock else "sum"}
        row["history"] = float(np.median(base(told, name)))
        for world in WORLDS:
            low, mid, high = _three(whole(told, world, name))
            row |= {world: mid, f"{world} 5 %": low, f"{world} 95 %": high}
        rows.append(row)
    return rows


def of_people(told: Told) -> list[Row]:
    """What politics makes of it: attention, its weight, what would come if the partner stopped; means over months."""
    rows: list[Row] = []
    if told.public:
        history = told.public[HISTORY]
        for label, field in (("attention [% of the usual]", "attention"), ("weight of an arrival [%]", "salience")):
            base_of = 100.0 * getattr(history, field)[told.rows].mean(axis=0)
            row: Row = {"quantity": label, "history": float(np.median(base_of))}
            for world in WORLDS:
                gap = 100.0 * getattr(told.public[world], field)[told.rows].mean(axis=0) - base_of
                row |= _changes(world, gap)
            rows.append(row)
    if DEALS in told.found.outcomes:
        chances = {world: 100.0 * chance_of_deal(told, world) for world in (HISTORY, *WORLDS)}
        row = {"quantity": "chance of a deal in these months [%]", "history": float(np.median(chances[HISTORY]))}
        for world in WORLDS:
            row |= _changes(world, chances[world] - chances[HISTORY])
        rows.append(row)
    if told.found.probed is not None:
        label = f"thousand more encounters a month had the partner stopped for {PROBED} months from "
        kept = told.found.leverage(HISTORY) / 1e3
        row = {"quantity": label + month_name(str(told.found.probed)), "history": float(np.median(kept))}
        row |= _changes(FROZEN, told.found.leverage(FROZEN) / 1e3 - kept)
        row |= _changes(ANSWERING, np.full(1, np.nan))
        rows.append(row)
    return rows


def chance_of_deal(told: Told, world: str) -> np.ndarray:
    """Chance of at least one deal in the months told, (draw) [chance]."""
    return np.asarray(1.0 - np.prod(1.0 - told.found.of(world, DEALS)[told.rows], axis=0))


def by_part(told: Told, parted: str) -> list[Row]:
    """Change of an outcome by origin, group, sector or place."""
    outcome, _, axis = parted.partition(" by ")
    labels = _labels(told, axis)
    stock = outcomes.OUTCOMES[outcome].stock
    rows: list[Row] = []
    for k, label in enumerate(labels):
        row: Row = {axis: told.names.get(label, label.replace("_", " "))}
        for world in WORLDS:
            gap = told.found.effect(world, parted)[told.rows][:, k]
            row |= _changes(world, gap.mean(axis=0) if stock else gap.sum(axis=0))
        rows.append(row)
    return sorted(rows, key=lambda row: -abs(float(str(row[FROZEN]))))


def by_month(told: Told) -> list[Row]:
    """Every month kept: encounters, people on hold and deaths of history, and their changes."""
    rows: list[Row] = []
    for t, month in enumerate(told.found.months):
        row: Row = {"month": str(month)}
        for name in ("encounters", "held", "deaths"):
            row[name] = float(np.median(told.found.of(HISTORY, name)[t]))
            for world in WORLDS:
                low, mid, high = _three(told.found.effect(world, name)[t])
                row |= {f"{name}, {world}": mid, f"{name}, {world} 5 %": low, f"{name}, {world} 95 %": high}
        rows.append(row)
    return rows


def all_numbers(told: Told) -> list[Row]:
    """Every number of the answer, one a row: what, which part, month, world, and its 90 % interval."""
    rows: list[Row] = []
    for name in outcomes.OUTCOMES:
        rows += _numbers(told, name, [""])
    for parted in PARTS:
        rows += _numbers(told, parted, _labels(told, parted.partition(" by ")[2]))
    return rows


def _numbers(told: Told, name: str, parts: Sequence[str]) -> list[Row]:
    outcome = name.partition(" by ")[0]
    rows: list[Row] = []
    for world in (HISTORY, *WORLDS):
        given = told.found.of(world, name)
        shaped = given[:, None] if given.ndim == 2 else given
        low, mid, high = np.quantile(shaped, NINETY, axis=-1)
        change = np.quantile(shaped - told.found.of(HISTORY, name).reshape(shaped.shape), NINETY, axis=-1)
        for t, month in enumerate(told.found.months):
            for k, part in enumerate(parts):
                row: Row = {"outcome": outcome, "part": part, "month": str(month), "world": world}
                row |= {
                    "median": mid[t, k],
                    "5 %": low[t, k],
                    "95 %": high[t, k],
                    "unit": outcomes.OUTCOMES[outcome].unit,
                }
                row |= {"change": change[1][t, k], "change 5 %": change[0][t, k], "change 95 %": change[2][t, k]}
                rows.append(row)
    return rows


def _labels(told: Told, axis: str) -> list[str]:
    case = told.found.case
    return {
        "origin": list(case.origins),
        "group": list(case.groups),
        "sector": list(case.sectors),
        "place": list(PLACES),
    }[axis]


def _changes(world: str, gap: np.ndarray) -> Row:
    low, mid, high = _three(gap)
    return {world: mid, f"{world} 5 %": low, f"{world} 95 %": high}


def _three(sample: np.ndarray) -> tuple[float, float, float]:
    low, mid, high = (float(value) for value in np.quantile(sample, NINETY))
    return low, mid, high
