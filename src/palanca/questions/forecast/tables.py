"""Tables of a forecast: month by month, by part, and worlds side by side."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from palanca.questions.forecast import quantities
from palanca.questions.forecast.project import Forecast
from palanca.questions.forecast.quantities import ALL, DEAD, FATE, GROUP, ON_HOLD, ORIGIN, SECTOR, Outlook
from palanca.show import estimate, table
from palanca.show.table import Cell, Table

AHEAD = (1, 3, 6, 12, 24, 36, 48, 60)  # months ahead that tables of parts show
LEVELS = (0.05, 0.1, 0.5, 0.9, 0.95)
NAMES = ("5 %", "10 %", "median", "90 %", "95 %")
OF = {ALL: "encounters", ORIGIN: "by origin", GROUP: "by group", SECTOR: "by sector"}


def tables(found: Forecast, shown: Sequence[Outlook]) -> list[Table]:
    """The months, or the worlds if several are told; then every quantity in full."""
    several = len(found.suppositions) > 1
    first = [_worlds(found, shown), _months(found, shown)] if several else [_months(found, shown)]
    foremost = quantities.foremost(shown)
    return [
        *first,
        *([_encounters_by_world(found, shown)] if several else []),
        *(_bands(found, one) for one in foremost),
        *([_apart(found, one) for one in foremost] if several else []),
        *(_parts(found, shown, family) for family in (ORIGIN, GROUP, SECTOR, FATE)),
        *([_changes_by_origin(found, shown)] if several else []),
    ]


def _months(found: Forecast, shown: Sequence[Outlook]) -> Table:
    """One row a month with levers as they are; what was counted since takes the place of people on hold."""
    total, dead, waiting = (
        quantities.one(shown, ALL),
        quantities.one(shown, FATE, DEAD),
        quantities.one(shown, FATE, ON_HOLD),
    )
    later = bool(np.isfinite(total.seen).any())
    rows: list[dict[str, Cell]] = []
    for t, month in enumerate(found.months):
        row: dict[str, Cell] = {"month": str(month)}
        row |= {"encounters": estimate.of(total.plain[t]), "deaths": estimate.of(dead.plain[t])}
        row |= {"counted": _known(total.seen[t])} if later else {"on hold": estimate.of(waiting.plain[t])}
        rows.append(row)
    return table.of_rows("months ahead", rows, note="Levers as they are.")


def _worlds(found: Forecast, shown: Sequence[Outlook]) -> Table:
    """One row a world: encounters over the months ahead, and what sets it apart."""
    total, dead, waiting = (
        quantities.one(shown, ALL),
        quantities.one(shown, FATE, DEAD),
        quantities.one(shown, FATE, ON_HOLD),
    )
    rows: list[dict[str, Cell]] = []
    for one in found.suppositions:
        gaps = (
            (None, None, None) if one.plain else (estimate.of(each.change(one.name)) for each in (total, dead, waiting))
        )
        names = ("more encounters", "more deaths", "more on hold")
        row: dict[str, Cell] = {"world": one.label, "encounters": estimate.of(total.over(one.name))}
        rows.append(row | dict(zip(names, gaps, strict=True)))
    return table.of_rows("worlds side by side", rows, note="Sums over the months ahead; people on hold at their end.")


def _encounters_by_world(found: Forecast, shown: Sequence[Outlook]) -> Table:
    total = quantities.one(shown, ALL)
    rows: list[dict[str, Cell]] = []
    for t, month in enumerate(found.months):
        row: dict[str, Cell] = {"month": str(month)}
        row |= {one.label: estimate.of(total.worlds[one.name][t]) for one in found.suppositions}
        rows.append(row | {"counted": _known(total.seen[t])})
    return table.of_rows("encounters by world", rows)


def _bands(found: Forecast, one: Outlook) -> Table:
    """One quantity in every world, with both bands and what was counted since."""
    rows: list[dict[str, Cell]] = []
    for given in found.suppositions:
        ends = np.quantile(one.worlds[given.name], LEVELS, axis=-1)
        for t, month in enumerate(found.months):
            row: dict[str, Cell] = {"month": str(month), "world": given.label}
            row |= {name: float(value) for name, value in zip(NAMES, ends[:, t], strict=True)}
            rows.append(row | {"counted": _known(one.seen[t])})
    return table.of_rows(f"{one.name}, bands", rows, units=dict.fromkeys((*NAMES, "counted"), one.unit))


def _apart(found: Forecast, one: Outlook) -> Table:
    """What sets every world apart from levers as they are, month by month."""
    rows: list[dict[str, Cell]] = []
    for t, month in enumerate(found.months):
        row: dict[str, Cell] = {"month": str(month)}
        for given in found.suppositions[1:]:
            row[given.label] = estimate.of(one.worlds[given.name][t] - one.plain[t])
        rows.append(row)
    return table.of_rows(f"{one.name}, change", rows, note=f"Against levers as they are, {one.unit}.")


def _parts(found: Forecast, shown: Sequence[Outlook], family: str) -> Table:
    """Every part in some of the months ahead, in every world."""
    rows: list[dict[str, Cell]] = []
    for one in quantities.of(shown, family):
        for t in sorted({k - 1 for k in AHEAD if k <= len(found.months)} | {len(found.months) - 1}):
            row: dict[str, Cell] = {"part": one.name, "month": str(found.months[t])}
            row |= {given.label: estimate.of(one.worlds[given.name][t]) for given in found.suppositions}
            rows.append(row | {"counted": _known(one.seen[t])})
    return table.of_rows("what becomes of people" if family == FATE else OF[family], rows)


def _changes_by_origin(found: Forecast, shown: Sequence[Outlook]) -> Table:
    rows: list[dict[str, Cell]] = [
        {"origin": one.name} | {given.label: estimate.of(one.change(given.name)) for given in found.suppositions[1:]}
        for one in quantities.of(shown, ORIGIN)
    ]
    return table.of_rows("change of encounters by origin", rows, note="Sums over the months ahead.")


def _known(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None
