"""Tells by its content, never by its name, which release a file is, and has it read."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path

from palanca.core import read_file
from palanca.core.errors import ReleaseError
from palanca.core.wording import listed
from palanca.data.importers import (
    bls,
    cbp_area,
    cbp_border,
    cbp_state,
    csvfile,
    ice,
    khsm,
    ohss,
    own,
    repeats,
    unhcr,
    usbp_sector,
    workbook,
)
from palanca.data.importers.release import Release, refuse

_ZIP = b"PK"
FILE = read_file.FileKind(
    ReleaseError, "a CSV file or an .xlsx workbook", 64_000_000, "Give a file as its publisher lays it out."
)


@dataclass(frozen=True)
class Csv:
    """A layout of separated values that is read.

    Attributes:
        name: Publisher and publication.
        brief: The same for a narrow column.
        offered: Where its publisher offers it, in words.
        columns: Its header.
        series: Ids of the series that it fills.
        read: Reads the text of a file; takes the file's name for messages.
        separator: What stands between two values.
    """

    name: str
    brief: str
    offered: str
    columns: tuple[str, ...]
    series: tuple[str, ...]
    read: Callable[[str, str], Release]
    separator: str = ","


@dataclass(frozen=True)
class Workbook:
    """A layout of a workbook that is read; `sheet` begins the title of one that no other layout has."""

    name: str
    brief: str
    offered: str
    sheet: str
    series: tuple[str, ...]
    read: Callable[[bytes, str], Release]


_CBP = "CBP's public data portal, CSV beside"
CSVS = (
    Csv(
        "CBP, Southwest Land Border Encounters (CSV)",
        "CBP southwest file",
        f"{_CBP} Southwest Land Border Encounters, monthly",
        cbp_border.HEADER,
        cbp_border.SERIES,
        cbp_border.read,
    ),
    Csv(
        "CBP, Nationwide Encounters by State (CSV)",
        "CBP by-state file",
        f"{_CBP} Nationwide Encounters, 'by State', monthly",
        cbp_state.HEADER,
        cbp_state.SERIES,
        cbp_state.read,
    ),
    Csv(
        "CBP, Nationwide Encounters by Area of Responsibility (CSV)",
        "CBP by-area file",
        f"{_CBP} Nationwide Encounters, 'by AOR', monthly",
        cbp_area.HEADER,
        cbp_area.SERIES,
        cbp_area.read,
    ),
    Csv(
        "U.S. Border Patrol, Monthly Encounters by sector, FY2000 to FY2020 (columns of the printed table)",
        "USBP sector table",
        "the Border Patrol's table of that name; it is not continued",
        usbp_sector.HEADER,
        usbp_sector.SERIES,
        usbp_sector.read,
        usbp_sector.SEPARATOR,
    ),
    Csv(
        "CBP, Monthly Operational Update: shares of repeat encounters (CSV)",
        "CBP monthly updates",
        "CBP's newsroom, the monthly operational updates of 2021 to 2023; later ones give none",
        repeats.HEADER,
        repeats.SERIES,
        repeats.read,
    ),
    Csv(
        "BLS, flat files of time series (tab-separated)",
        "BLS series",
        f"BLS's public interface or flat files, {', '.join(bls.TAKEN)} together, monthly",
        bls.HEADER,
        bls.SERIES,
        bls.read,
        bls.SEPARATOR,
    ),
    Csv(
        "UNHCR, asylum applications by year, origin and country of asylum (CSV)",
        "UNHCR applications",
        "UNHCR's Refugee Data Finder, the whole table of asylum applications, twice a year",
        unhcr.HEADER,
        unhcr.SERIES,
        unhcr.read,
    ),
)
WORKBOOKS = (
    Workbook(
        "OHSS, Immigration Enforcement and Legal Processes Monthly Tables (xlsx)",
        "OHSS monthly tables",
        "OHSS's website, Immigration Enforcement and Legal Processes Monthly Tables",
        ohss.MARK,
        ohss.SERIES,
        ohss.read,
    ),
    Workbook(
        "OHSS, Key Homeland Security Metrics: USBP encounters (xlsx)",
        "OHSS key metrics",
        "OHSS's website, Key Homeland Security Metrics, Border Patrol encounters",
        khsm.CITIZENS,
        khsm.SERIES,
        khsm.read,
    ),
    Workbook(
        "ICE, Detention Statistics of a fiscal year (xlsx)",
        "ICE detention file",
        "ICE's website, Detention Management, the file of the fiscal year, every second week",
        ice.SHEET,
        ice.SERIES,
        ice.read,
    ),
)
# What else people hold and try: words near the head of the file (or in a sheet's title) that tell it, its name, and
# what to do instead.
OWN = "Bring its figures into an own table and name the series: `palanca data update FILE --series ID`."
UNREAD = (
    ("region of incident", "IOM's Missing Migrants Project", OWN),
    ("unhcr", "UNHCR's Refugee Data Finder", OWN),
    ("country of asylum", "UNHCR's Refugee Data Finder", OWN),
)
HEAD = 4_000  # characters in which the words of UNREAD are looked for
_WEB = ("<!doctype", "<html", "<head", "<?xml", "<script")


def layouts(series_id: str = "") -> list[Csv | Workbook]:
    """The layouts that are read; with a series, those that fill it."""
    return [one for one in (*CSVS, *WORKBOOKS) if not series_id or series_id in one.series]


def read_release(path: Path, series_id: str = "") -> Release:
    """Read a published release, whatever its file is called, or an own table.

    Args:
        path: A file in one of the layouts that `layouts` names, or an own table.
        series_id: The series of an own table; empty for a release.

    Raises:
        ReleaseError: The file cannot be read, is of no such layout, or is faulty; says where.
    """
    content = read_file.content(path, FILE)
    if content.startswith(_ZIP):
        titles = workbook.titles(content, path.name)
        for book in WORKBOOKS:
            if any(title.startswith(book.sheet) for title in titles):
                return _only(book.read(content, path.name), series_id, path.name)
        raise _unread(path.name, " ".join(titles), f"sheets {listed(titles, 12)}")
    text = csvfile.text_of(content, path.name)
    if not text.strip():
        raise refuse("the file is empty", path.name, found=f"{len(content):,} bytes without a line of text")
    if text[:HEAD].lstrip().lower().startswith(_WEB):
        raise refuse(
            "a web page saved in place of the file",
            path.name,
            found=f"a text that begins with {text.lstrip()[:20]!r}",
            expected="a CSV file or an .xlsx workbook",
            way_out="Download the file itself: the link beside the table, not the page that shows it.",
        )
    if text.lstrip().startswith("{"):
        return _only(bls.read_json(text, path.name), series_id, path.name)
    layout = next((one for one in CSVS if _header(text, one, path.name) == one.columns), None)
    if layout is None and (series_id or own.is_own(text)):
        return own.read(text, path.name, series_id)
    return _only(layout.read(text, path.name), series_id, path.name) if layout else _csv(text, path.name)


def _header(text: str, layout: Csv, where: str) -> tuple[str, ...]:
    return tuple(csvfile.header_of(text, layout.columns, where, layout.separator))


def _only(release: Release, series_id: str, where: str) -> Release:
    """A published release fills its own series, so that naming another one is a mistake."""
    if series_id and series_id not in release.series:
        raise refuse(
            "the file is a release of other series",
            where,
            found=f"{release.publication}, which fills {listed(release.series, 12)}",
            expected=f"a table of {series_id}",
            way_out="Leave --series out: a release is known by its content.",
        )
    return release


def _csv(text: str, where: str) -> Release:
    """Refuse a text of no layout that is read: by the one that it is closest to, or by what it is."""
    closest = CSVS[0], 0.0
    for layout in CSVS:
        names = _header(text, layout, where)
        closest = max(closest, (layout, _alike(names, layout.columns)), key=lambda pair: pair[1])
        for number, line in enumerate(text.split("\n", 15)[:15], start=1):
            if _header(line, layout, where) == layout.columns:
                raise refuse(
                    "the header has moved", f"{where}:1", found=f"it on line {number}", expected="it on line 1"
                )
    layout, share = closest
    names = _header(text, layout, where)
    found = f"columns {listed((name[:40] for name in names), 12)}" if any(names) else "no columns"
    missing = [name for name in layout.columns if name not in names]
    if share < 0.5 or any(words in csvfile.plain(text[:HEAD]) for words, *_ in UNREAD):
        raise _unread(where, text[:HEAD], found)
    raise refuse(
        f"nearly the layout of {layout.name}",
        f"{where}:1",
        found=found,
        expected=f"also {listed(missing, 9)}" if missing else f"columns in the order {listed(layout.columns, 9)}",
    )


def _alike(names: Collection[str], columns: Collection[str]) -> float:
    return len(set(names) & set(columns)) / len(columns)


def _unread(where: str, head: str, found: str) -> ReleaseError:
    """The error for a file of no layout that is read, named for what it is where that can be told."""
    read = f"one of the layouts that are read: {'; '.join(one.name for one in layouts())}; or an own table"
    for words, name, way_out in UNREAD:
        if words in csvfile.plain(head):
            return refuse("a layout that palanca does not read", where, found=name, expected=read, way_out=way_out)
    way_out = f"Nothing was imported. Give a file as its publisher lays it out. {OWN}"
    return refuse("not a release that palanca can read", where, found=found, expected=read, way_out=way_out)
