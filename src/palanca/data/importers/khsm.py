"""OHSS's Key Homeland Security Metrics, Border Patrol encounters: long sheets, one count a row."""

from __future__ import annotations

import re
from collections.abc import Mapping

from palanca.core.clock import Month, fiscal_month
from palanca.core.wording import listed
from palanca.data.importers import words
from palanca.data.importers.counts import count
from palanca.data.importers.release import Release, check_whole, months_of, refuse
from palanca.data.importers.workbook import MONTHS, Grid, open_grids
from palanca.data.table import Cells, Key

TOTALS, CITIZENS = "Monthly Region", "Monthly Rgn and Citp"
STATUSES, SECTORS = "Monthly Rgn and Fam Status", "Monthly Rgn and Sector"
SERIES = ("usbp_by_origin", "usbp_by_group", "usbp_by_sector")
# Where each series begins, for the reasons that the catalogue gives.
FIRST = {"usbp_by_origin": "2001-10", "usbp_by_group": "2013-10", "usbp_by_sector": "2020-10"}
_MONTH = re.compile(r"\d{2} ([A-Z][a-z]+)", re.ASCII)


def read(content: bytes, where: str) -> Release:
    """Read the southwest border into `usbp_by_origin`, `usbp_by_group` and `usbp_by_sector`.

    Args:
        content: The whole file.
        where: The file's name, for messages.

    Raises:
        ReleaseError: The file is damaged, a sheet is missing, its header differs, or a row cannot be read.
    """
    grids = open_grids(content, (TOTALS, CITIZENS, STATUSES, SECTORS), where)
    found = {
        title: _cells(grids.get(title, []), names, f"{where}: sheet {title!r}")
        for title, names in (
            (TOTALS, ()),
            (CITIZENS, ("Citizenship",)),
            (STATUSES, ("Family Status",)),
            (SECTORS, ("Sector",)),
        )
    }
    months = months_of(found[TOTALS])
    check_whole(months, f"{where}: sheet {TOTALS!r}")
    for title, cells in found.items():
        if months_of(cells) != months:
            raise refuse("months are missing from a sheet", f"{where}: sheet {title!r}", expected=f"{months[0]} on")
    series = {
        "usbp_by_origin": _by_origin(found[TOTALS], found[CITIZENS], where),
        "usbp_by_group": _labelled(found[STATUSES], words.GROUPS, f"{where}: sheet {STATUSES!r}"),
        "usbp_by_sector": _labelled(found[SECTORS], words.SECTORS, f"{where}: sheet {SECTORS!r}"),
    }
    return Release(
        publication="Key Homeland Security Metrics: USBP encounters",
        edition=f"data through {months[-1]}",
        as_of=months[-1],
        series={name: {k: v for k, v in cells.items() if k[0] >= FIRST[name]} for name, cells in series.items()},
    )


def _cells(grid: Grid, names: tuple[str, ...], where: str) -> Cells:
    """Counts of the southwest border by month and the publisher's own words."""
    header = ["Fiscal Year", "Month", "Region", *names, "Quantity"]
    printed = [" ".join(str(cell).split()) for cell in (grid[0] if grid else ()) if cell is not None]
    if printed != header:
        raise refuse("another header", f"{where}!A1", found=", ".join(printed) or "none", expected=", ".join(header))
    cells: Cells = {}
    for number, row in enumerate(grid[1:], start=2):
        at = f"{where}!{number}:{number}"
        if not any(cell is not None for cell in row):
            continue
        if len(row) < len(header) or any(not isinstance(cell, str) for cell in row[1 : len(header) - 1]):
            raise refuse("a row is cut off", at, found=f"{len(row)} cells", expected=f"{len(header)}")
        key = (str(_month(row[0], str(row[1]), at)), *map(str, row[3 : len(header) - 1]))
        value = count(row[len(header) - 1], at)
        if row[2] != words.REGIONS[0]:
            continue
        if key in cells:
            raise refuse("a cell stands twice", at, found=", ".join(key), expected="each cell once")
        cells[key] = float(value)
    return cells


def _month(year: object, month: str, where: str) -> Month:
    match = _MONTH.fullmatch(month)
    if not (isinstance(year, int) and 1900 < year < 3000 and match and match[1] in MONTHS):
        raise refuse(
            "cannot read the month", where, found=f"{year!r}, {month!r}", expected="such as 2024, '01 October'"
        )
    return fiscal_month(year, MONTHS[match[1]])


def _labelled(cells: Cells, labels: Mapping[str, str], where: str) -> Cells:
    """Cells under our labels."""
    for _, word in cells:
        if word not in labels:
            raise refuse("unknown word", where, found=repr(word), expected=listed(labels, 12))
    return {(month, labels[word]): value for (month, word), value in cells.items()}


def _by_origin(totals: Cells, cells: Cells, where: str) -> Cells:
    """A nationality that is not printed holds 0 to 4; the rest is the total less the named."""
    found: Cells = {}
    for (month,), total in totals.items():
        named: dict[Key, float | None] = {
            (month, code): cells.get((month, name)) or None for name, code in words.NAMED_ORIGINS.items()
        }
        rest = (total or 0.0) - sum(value or 0.0 for value in named.values())
        if rest < 0:
            raise refuse("the named nationalities exceed the total", f"{where}, {month}", found=f"{-rest:,.0f} more")
        found |= {**named, (month, "OTH"): rest}
    return found
