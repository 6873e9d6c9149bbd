"""CBP's Nationwide Encounters by Area of Responsibility: every sector and field office, by group and nationality."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from palanca.core.wording import listed
from palanca.data.importers import csvfile, words
from palanca.data.importers.counts import count
from palanca.data.importers.release import WHOLE, Release, check_whole, refuse
from palanca.data.table import Cells, Key

HEADER = (
    "Fiscal Year",
    "Month Grouping",
    "Month (abbv)",
    "Component",
    "Land Border Region",
    "Area of Responsibility",
    "AOR (Abbv)",
    "Demographic",
    "Citizenship",
    "Title of Authority",
    "Encounter Type",
    "Encounter Count",
)
# From here on the tables of these series are drawn from this publication; before, from others that round or are final.
SINCE = {
    "usbp_by_origin": "2024-09",
    "usbp_by_group": "2024-09",
    "usbp_by_sector": "2024-09",
    "ofo_by_origin": "2024-09",
    "ofo_by_group": "2024-09",
    "ofo_total": "2024-09",
}
SERIES = ("usbp_total", "usbp_cells", "ofo_cells", "swb_cells", "usbp_sector_by_origin", *SINCE)
_GROUPS = {name: words.GROUPS[name] for name in words.CBP_GROUPS}
_REGIONS = {name: name for name in words.REGIONS}
_TYPES = {name: name for name in words.ENCOUNTER_TYPES}
_SECTORS = {f"{name.partition(',')[0]} Sector": label for name, label in words.SECTORS.items()}
_OFFICES = {f"{name} Field Office": name for name in ("San Diego", "Tucson", "El Paso", "Laredo")}
_AREAS = {"usbp": _SECTORS, "ofo": _OFFICES}
_FIVE = {"MEX", "GTM", "HND", "SLV"}
_ELEVEN = {name: code for name, code in words.STATE_ORIGINS.items() if code in words.ELEVEN_ORIGINS.values()} | {
    "CHINA, PEOPLES REPUBLIC OF": "CHN"
}
_BY_GROUP = {
    "usbp": ("single_adult", "family", "child"),
    "ofo": ("single_adult", "family", "child", "accompanied_minor"),
}
Cell = tuple[str, str, str, str, str, str]  # agency, month, area, citizenship, group, authority


def read(text: str, where: str) -> Release:
    """Read the southwest border into the series of `SERIES`; other borders are checked and left out.

    Args:
        text: The whole file.
        where: The file's name, for messages.

    Raises:
        ReleaseError: A line is cut, repeated, or says something unknown, or a sector or field office is absent in a
            month, the mark of a filtered file.
    """
    cells: dict[Cell, int] = {}
    seen: set[Key] = set()
    for at, row in csvfile.lines(text, list(HEADER), where):
        key = tuple(row[name] for name in HEADER if name not in ("Month Grouping", "Encounter Count"))
        if key in seen:
            raise refuse("a cell stands twice", at, found=", ".join(key), expected="each cell once")
        seen.add(key)
        value = count(row["Encounter Count"], f"{at}: Encounter Count")
        if (cell := _cell(row, at)) is not None:
            cells[cell] = cells.get(cell, 0) + value
    months = sorted({cell[1] for cell in cells})
    check_whole(months, f"{where}: {words.REGIONS[0]}")
    _check_areas(cells, months, where)
    series = _series(cells, months)
    return Release(
        publication="Nationwide Encounters by Area of Responsibility",
        edition=f"release of {months[0]} to {months[-1]}",
        as_of=months[-1],
        series={name: {k: v for k, v in made.items() if k[0] >= SINCE.get(name, "")} for name, made in series.items()},
    )


def _cell(row: dict[str, str], at: str) -> Cell | None:
    """The cell that a line counts; None when it lies at another border."""
    month = str(csvfile.month_of(row, at))
    agency = csvfile.label(row, "Component", words.AGENCIES, at)
    group = csvfile.label(row, "Demographic", _GROUPS, at)
    csvfile.label(row, "Citizenship", words.STATE_ORIGINS, at)
    authority = csvfile.label(row, "Title of Authority", words.AUTHORITIES, at)
    csvfile.label(row, "Encounter Type", _TYPES, at)
    if csvfile.label(row, "Land Border Region", _REGIONS, at) != words.REGIONS[0]:
        return None
    area = csvfile.label(row, "Area of Responsibility", _AREAS[agency], at)
    if group not in _BY_GROUP[agency]:
        raise refuse(
            "accompanied minors are not counted by the Border Patrol",
            at,
            found="Accompanied Minors under U.S. Border Patrol",
            expected="Accompanied Minors under Office of Field Operations",
        )
    return agency, month, area, row["Citizenship"].strip(), group, authority


def _check_areas(cells: Iterable[Cell], months: Sequence[str], where: str) -> None:
    present = {cell[:3] for cell in cells}
    for agency, areas in _AREAS.items():
        for month in months:
            absent = [area for area in areas.values() if (agency, month, area) not in present]
            if absent:
                raise refuse(
                    "the release is incomplete",
                    f"{where}: {month}",
                    found=f"no encounter at {listed(absent, 13)}",
                    expected="every sector and field office of the southwest border in every month",
                    way_out=WHOLE,
                )


def _series(cells: dict[Cell, int], months: Sequence[str]) -> dict[str, Cells]:
    found: dict[str, Cells] = {name: {} for name in SERIES}
    for month in months:  # this publication is exact: a row that is not there is a zero, and said to be one
        _zeros(found, month)
    for (agency, month, area, name, group, authority), value in cells.items():
        origin = words.STATE_ORIGINS[name]
        five = origin if origin in _FIVE else "OTHER5"
        _add(found["swb_cells"], (month, origin, group, authority), value)
        _add(found[f"{agency}_cells"], (month, five, group, authority), value)
        _add(found[f"{agency}_total"], (month,), value)
        _add(found[f"{agency}_by_group"], (month, group), value)
        by_origin = origin if agency == "usbp" else _ELEVEN.get(name, "OTH")
        _add(found[f"{agency}_by_origin"], (month, by_origin), value)
        if agency == "usbp":
            _add(found["usbp_by_sector"], (month, area), value)
            _add(found["usbp_sector_by_origin"], (month, area, origin), value)
    return found


def _zeros(found: dict[str, Cells], month: str) -> None:
    codes = {"usbp": set(words.STATE_ORIGINS.values()), "ofo": {*_ELEVEN.values(), "OTH"}}
    for agency, groups in _BY_GROUP.items():
        found[f"{agency}_by_group"] |= {(month, group): 0.0 for group in groups}
        found[f"{agency}_by_origin"] |= {(month, code): 0.0 for code in codes[agency]}


def _add(cells: Cells, key: Key, value: int) -> None:
    cells[key] = (cells.get(key) or 0.0) + value
