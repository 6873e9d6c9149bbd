"""Tells by its content, never by its name, which release a file is, and has it read."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path

from palanca.core import read_file
from palanca.core.errors import ReleaseError
from palanca.core.wording import listed
from palanca.data.importers import cbp_border, cbp_state, csvfile, khsm, ohss, workbook
from palanca.data.importers.release import Release, refuse

_ZIP = b"PK"
FILE = read_file.FileKind(
    ReleaseError, "a CSV file or an .xlsx workbook", 64_000_000, "Give a file as its publisher lays it out."
)


@dataclass(frozen=True)
class Csv:
    """A layout of comma-separated values that is read.

    Attributes:
        name: Publisher and publication.
        columns: Its header.
        series: Ids of the series that it fills.
        read: Reads the text of a file; takes the file's name for messages.
    """

    name: str
    columns: tuple[str, ...]
    series: tuple[str, ...]
    read: Callable[[str, str], Release]


@dataclass(frozen=True)
class Workbook:
    """A layout of a workbook that is read; `sheet` is one that no other layout has, the rest as for `Csv`."""

    name: str
    sheet: str
    series: tuple[str, ...]
    read: Callable[[bytes, str], Release]


CSVS = (
    Csv("CBP, Southwest Land Border Encounters (CSV)", cbp_border.HEADER, cbp_border.SERIES, cbp_border.read),
    Csv("CBP, Nationwide Encounters by State (CSV)", cbp_state.HEADER, cbp_state.SERIES, cbp_state.read),
)
WORKBOOKS = (
    Workbook(
        "OHSS, Immigration Enforcement and Legal Processes Monthly Tables (xlsx)",
        "SWB Encounters by Citizenship",
        ohss.SERIES,
        ohss.read,
    ),
    Workbook("OHSS, Key Homeland Security Metrics: USBP encounters (xlsx)", khsm.CITIZENS, khsm.SERIES, khsm.read),
)
# What else people hold and try: words near the head of the file (or in a sheet's title) that tell it, its name, and
# what to do instead.
_AOR = "Take the same page's Southwest Land Border Encounters, or Nationwide Encounters by State."
_NONE = "No importer reads it; its figures come with a new version of palanca."
UNREAD = (
    ("area of responsibility", "CBP's Nationwide Encounters by Area of Responsibility", _AOR),
    ("aor abbv", "CBP's Nationwide Encounters by Area of Responsibility", _AOR),
    ("rio grande valley san diego tucson", "the Border Patrol's monthly encounters by sector, FY2000 to FY2020",
     "It is packaged whole; `palanca data show usbp_by_sector` prints it."),
    ("prior encounter 12m", "shares of repeat encounters from CBP's monthly updates",
     "They are packaged; `palanca data show repeat_share` prints them."),
    ("region of incident", "IOM's Missing Migrants Project", _NONE),
    ("unhcr", "UNHCR's Refugee Data Finder", _NONE),
    ("country of asylum", "UNHCR's Refugee Data Finder", _NONE),
    ("detention fy", "ICE's detention statistics", "No series of palanca is drawn from it."),
)  # fmt: skip
HEAD = 4_000  # characters in which the words of UNREAD are looked for


def layouts(series_id: str = "") -> list[str]:
    """Names of the layouts that are read; with a series, of those that fill it."""
    return [one.name for one in (*CSVS, *WORKBOOKS) if not series_id or series_id in one.series]


def read_release(path: Path) -> Release:
    """Read a published release, whatever its file is called.

    Args:
        path: A file in one of the layouts that `layouts` names.

    Raises:
        ReleaseError: The file cannot be read, is of no such layout, or is faulty; says where.
    """
    content = read_file.content(path, FILE)
    if content.startswith(_ZIP):
        titles = workbook.titles(content, path.name)
        for book in WORKBOOKS:
            if book.sheet in titles:
                return book.read(content, path.name)
        raise _unread(path.name, " ".join(titles), f"sheets {listed(titles, 12)}")
    return _csv(csvfile.text_of(content, path.name), path.name)


def _csv(text: str, where: str) -> Release:
    closest = CSVS[0], 0.0
    for layout in CSVS:
        names = csvfile.header_of(text, layout.columns, where)
        if tuple(names) == layout.columns:
            return layout.read(text, where)
        closest = max(closest, (layout, _alike(names, layout.columns)), key=lambda pair: pair[1])
        for number, line in enumerate(text.split("\n", 15)[:15], start=1):
            if tuple(csvfile.header_of(line, layout.columns, where)) == layout.columns:
                raise refuse(
                    "the header has moved", f"{where}:1", found=f"it on line {number}", expected="it on line 1"
                )
    layout, share = closest
    names = csvfile.header_of(text, layout.columns, where)
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
    read = f"one of the layouts that are read: {'; '.join(layouts())}"
    for words, name, way_out in UNREAD:
        if words in csvfile.plain(head):
            return refuse("a layout that palanca does not read", where, found=name, expected=read, way_out=way_out)
    way_out = "Nothing was imported. Give a file in one of these layouts, as its publisher lays it out."
    return refuse("not a release that palanca can read", where, found=found, expected=read, way_out=way_out)
