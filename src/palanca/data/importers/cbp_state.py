"""CBP's Nationwide Encounters by State: the southwest border by state, group, nationality and authority."""

from __future__ import annotations

from palanca.data.importers import csvfile, words
from palanca.data.importers.counts import count
from palanca.data.importers.release import Release, check_whole, months_of, refuse
from palanca.data.table import Cells, Key

HEADER = (
    "Fiscal Year",
    "Month Grouping",
    "Month (abbv)",
    "Land Border Region",
    "State",
    "Demographic",
    "Citizenship",
    "Title of Authority",
    "Encounter Count",
)
SERIES = ("swb_cells", "state_by_origin")
_GROUPS = {name: words.GROUPS[name] for name in words.CBP_GROUPS}
_REGIONS = {name: name for name in words.REGIONS}
_STATES = {name: name for name in words.SOUTHWEST_STATES}


def read(text: str, where: str) -> Release:
    """Read the release into `swb_cells` and `state_by_origin`; other borders are checked and left out.

    Args:
        text: The whole file.
        where: The file's name, for messages.

    Raises:
        ReleaseError: A line is cut, repeated, or says something unknown; names the line.
    """
    seen: set[Key] = set()
    cells: dict[str, Cells] = {"swb_cells": {}, "state_by_origin": {}}
    for at, row in csvfile.lines(text, list(HEADER), where):
        key = tuple(row[name] for name in HEADER if name not in ("Month Grouping", "Encounter Count"))
        if key in seen:
            raise refuse("a cell stands twice", at, found=", ".join(key), expected="each cell once")
        seen.add(key)
        value = count(row["Encounter Count"], f"{at}: Encounter Count")
        month, group, origin, authority = _labels(row, at)
        if csvfile.label(row, "Land Border Region", _REGIONS, at) != words.REGIONS[0]:
            continue
        state = csvfile.label(row, "State", _STATES, at)
        _add(cells["swb_cells"], (month, origin, group, authority), value)
        _add(cells["state_by_origin"], (month, state, origin), value)
    months = months_of(cells["swb_cells"])
    check_whole(months, f"{where}: {words.REGIONS[0]}")
    return Release(
        publication="Nationwide Encounters by State",
        edition=f"release of {months[0]} to {months[-1]}",
        as_of=months[-1],
        series=cells,
    )


def _labels(row: dict[str, str], at: str) -> Key:
    return (
        str(csvfile.month_of(row, at)),
        csvfile.label(row, "Demographic", _GROUPS, at),
        csvfile.label(row, "Citizenship", words.STATE_ORIGINS, at),
        csvfile.label(row, "Title of Authority", words.AUTHORITIES, at),
    )


def _add(cells: Cells, key: Key, value: int) -> None:
    cells[key] = (cells.get(key) or 0.0) + value
