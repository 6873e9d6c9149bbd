"""CBP's Southwest Land Border Encounters: agency, group, five nationalities and authority, month by month."""

from __future__ import annotations

from palanca.data.importers import csvfile, words
from palanca.data.importers.counts import count
from palanca.data.importers.release import WHOLE, Release, check_whole, months_of, refuse
from palanca.data.table import Cells, Key

HEADER = (
    "Fiscal Year",
    "Month Grouping",
    "Month (abbv)",
    "Component",
    "Demographic",
    "Citizenship Grouping",
    "Title of Authority",
    "Encounter Type",
    "Encounter Count",
)
SERIES = ("usbp_cells", "ofo_cells", "usbp_total")
_GROUPS = {name: words.GROUPS[name] for name in words.CBP_GROUPS}
_TYPES = {name: name for name in words.ENCOUNTER_TYPES}


def read(text: str, where: str) -> Release:
    """Read the release into `usbp_cells`, `ofo_cells` and `usbp_total`.

    Args:
        text: The whole file.
        where: The file's name, for messages.

    Raises:
        ReleaseError: A line is cut, repeated, or says something unknown; names the line.
    """
    cells: dict[str, Cells] = {"usbp": {}, "ofo": {}}
    for at, row in csvfile.lines(text, list(HEADER), where):
        agency, key = _cell(row, at)
        if key in cells[agency]:
            raise refuse("a cell stands twice", at, found=", ".join((agency, *key)), expected="each cell once")
        cells[agency][key] = count(row["Encounter Count"], f"{at}: Encounter Count")
    for name, agency in words.AGENCIES.items():
        check_whole(months_of(cells[agency]), f"{where}: {name}")
    months, at_ports = months_of(cells["usbp"]), months_of(cells["ofo"])
    if months != at_ports:
        raise refuse(
            "the two agencies do not cover the same months",
            where,
            found=f"{at_ports[0]} to {at_ports[-1]} for Office of Field Operations",
            expected=f"{months[0]} to {months[-1]}, as for U.S. Border Patrol",
            way_out=WHOLE,
        )
    return Release(
        publication="Southwest Land Border Encounters",
        edition=f"release of {months[0]} to {months[-1]}",
        as_of=months[-1],
        series={"usbp_cells": cells["usbp"], "ofo_cells": cells["ofo"], "usbp_total": _totals(cells["usbp"])},
    )


def _cell(row: dict[str, str], at: str) -> tuple[str, Key]:
    month = str(csvfile.month_of(row, at))
    agency = csvfile.label(row, "Component", words.AGENCIES, at)
    group = csvfile.label(row, "Demographic", _GROUPS, at)
    origin = csvfile.label(row, "Citizenship Grouping", words.FIVE_ORIGINS, at)
    authority = csvfile.label(row, "Title of Authority", words.AUTHORITIES, at)
    csvfile.label(row, "Encounter Type", _TYPES, at)
    if agency == "usbp" and group == "accompanied_minor":
        raise refuse(
            "accompanied minors are not counted by the Border Patrol",
            at,
            found="Accompanied Minors under U.S. Border Patrol",
            expected="Accompanied Minors under Office of Field Operations",
        )
    return agency, (month, origin, group, authority)


def _totals(cells: Cells) -> Cells:
    totals: Cells = {}
    for key, value in cells.items():
        totals[key[:1]] = (totals.get(key[:1]) or 0.0) + (value or 0.0)
    return totals
