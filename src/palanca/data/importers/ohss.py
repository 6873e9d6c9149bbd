"""OHSS's Immigration Enforcement and Legal Processes Monthly Tables: which sheet holds which series."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from palanca.core.clock import Month
from palanca.core.wording import listed
from palanca.data.importers import words
from palanca.data.importers.release import Release, months_of, refuse
from palanca.data.importers.workbook import Column, Grid, Sheet, check_known, open_grids
from palanca.data.table import Cells

Place = tuple[str, tuple[str, ...]]
_CURRENT = re.compile(r"Data are current (?:as of|through) ([A-Z][a-z]+) \d{1,2}, (\d{4})")
_YEAR_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
# The Border Patrol's own table by sector is exact up to here, so the rounded one does not replace it.
SECTORS_FROM = "2020-10"
ALL = "ALL"
MARK = "SWB Encounters by Citizenship"  # a sheet that no other publication has
_USBP = "SWB USBP"


@dataclass(frozen=True)
class SheetPlan:
    """What one sheet holds.

    Attributes:
        title: The sheet's name.
        grouped: Whether a row of group names stands above the column names.
        places: Series and labels of each column that is taken.
        optional: Columns among them that may be absent.
        known: Columns that may stand there and are not taken.
        strict: Whether any other column is refused.
        origins: Nationalities of the series. Publishers list those that are many at the time: one that lacks its
            column is left out, and the rest with it, which then holds another set of people; one of another
            nationality goes into the rest.
    """

    title: str
    grouped: bool
    places: dict[Column, Place]
    optional: frozenset[Column] = frozenset()
    known: frozenset[Column] = field(default_factory=frozenset)
    strict: bool = True
    origins: frozenset[str] = frozenset()


def _by_citizenship() -> SheetPlan:
    names = {**words.ELEVEN_ORIGINS, words.OTHER: "OTH"}
    places: dict[Column, Place] = {("OFO", "Total"): ("ofo_total", ())}
    places |= {("OFO", name): ("ofo_by_origin", (code,)) for name, code in names.items()}
    rest = frozenset((group, name) for group in ("Total CBP", "USBP") for name in ["Total", *names])
    return SheetPlan(MARK, True, places, known=rest, origins=frozenset(words.ELEVEN_ORIGINS))


def _by_family() -> SheetPlan:
    names = ["Single Adults", "Family Unit Individuals", "Unaccompanied Children/Single Minors"]
    minors = "Accompanied Minors (OFO)"
    places: dict[Column, Place] = {("USBP", name): ("usbp_by_group", (words.GROUPS[name],)) for name in names}
    places |= {("OFO", name): ("ofo_by_group", (words.GROUPS[name],)) for name in [*names, minors]}
    rest = frozenset(
        [("USBP", "Total"), ("OFO", "Total"), *(("Total CBP", name) for name in ["Total", *names, minors])]
    )
    return SheetPlan("SWB Encounters by Family Status", True, places, known=rest)


def _by_sector() -> SheetPlan:
    places: dict[Column, Place] = {
        ("USBP", name): ("usbp_by_sector", (label,)) for name, label in words.SECTORS.items()
    }
    offices = ["Total OFO", "San Diego, CA", "Tucson, AZ", "El Paso, TX", "Laredo, TX"]
    rest = frozenset([("", "Total CBP"), ("USBP", "Total USBP"), *(("OFO", name) for name in offices)])
    return SheetPlan("SWB Enc by Sector+Field Ofc", True, places, known=rest)


def _usbp_by_origin() -> SheetPlan:
    places: dict[Column, Place] = {
        ("", name): ("usbp_by_origin", (code,)) for name, code in words.NAMED_ORIGINS.items()
    }
    listed_or_not = frozenset(places)
    places[("", "Total")] = ("usbp_by_origin", (ALL,))
    return SheetPlan(_USBP, False, places, optional=listed_or_not, strict=False)


def _follow_by_agency() -> SheetPlan:
    agencies = {"USBP": "follow_usbp", "OFO": "follow_ofo"}
    absent = {("USBP", "OFO Paroles"), ("OFO", "USBP Releases")}
    places: dict[Column, Place] = {
        (group, name): (series, (outcome,))
        for group, series in agencies.items()
        for name, outcome in words.OUTCOMES.items()
        if (group, name) not in absent
    }
    rest = frozenset(("Total CBP", name) for name in words.OUTCOMES)
    return SheetPlan("CBP SWB Book-Outs by Agency", True, places, known=rest)


def _follow(title: str, series: str, groups: Mapping[str, str]) -> SheetPlan:
    """Outcomes by group or nationality; those that cannot apply to one of them have no column."""
    places: dict[Column, Place] = {
        (group, name): (series, (label, outcome))
        for group, label in groups.items()
        for name, outcome in words.OUTCOMES.items()
    }
    may = frozenset(column for column in places if column[1] not in ("Total Encounters", "T8 repatriations"))
    return SheetPlan(
        title, True, places, optional=may, known=frozenset(("Total Encounters", n) for n in words.OUTCOMES)
    )


def _flat(title: str, series: str, origins: Mapping[str, str]) -> SheetPlan:
    places: dict[Column, Place] = {
        ("", name): (series, (label,)) for name, label in {**origins, words.OTHER: "OTH"}.items()
    }
    return SheetPlan(title, False, places, known=frozenset({("", "Total")}), origins=frozenset(origins))


_STATUSES = ("Single Adults", "Family Unit Individuals", "Unaccompanied Children/Single Minors")
PLANS = (
    _by_citizenship(),
    _by_family(),
    _by_sector(),
    _usbp_by_origin(),
    _follow_by_agency(),
    _follow("CBP SWB Book-Outs by Family", "follow_by_group", {name: words.GROUPS[name] for name in _STATUSES}),
    replace(
        _follow("CBP SWB Book-Outs by Citp", "follow_by_origin", {**words.ELEVEN_ORIGINS, words.OTHER: "OTH"}),
        origins=frozenset(words.ELEVEN_ORIGINS),
    ),
    _flat("CBP One Appointments", "cbp_one_by_origin", words.APPOINTMENT_ORIGINS),
    _flat("SWB CF Filed by Citp", "credible_fear_filed", words.FEAR_ORIGINS),
    SheetPlan(
        "CHNV Paroles",
        False,
        {("", name): ("chnv_paroles_by_origin", (code,)) for name, code in words.PAROLE_ORIGINS.items()},
        known=frozenset({("", "Total")}),
    ),
)
SERIES = tuple(dict.fromkeys(series for plan in PLANS for series, _ in plan.places.values()))


def read(content: bytes, where: str) -> Release:
    """Read the workbook into every series that one of its sheets holds.

    Args:
        content: The whole file.
        where: The file's name, for messages.

    Raises:
        ReleaseError: The file is damaged, a sheet or column is missing, a header moved, or a cell is wrong.
    """
    grids = open_grids(content, [plan.title for plan in PLANS], where)
    for plan in PLANS:
        if plan.title not in grids:
            raise refuse("a sheet is missing", where, found=listed(grids, 40), expected=f"a sheet named {plan.title!r}")
    nations = {name for _, name in Sheet(_USBP, grids[_USBP], False, f"{where}: sheet {_USBP!r}").columns()}
    series: dict[str, Cells] = {}
    for plan in PLANS:
        rest = nations - plan.origins - {"Total"} if plan.origins else set()
        naming = dict.fromkeys([*rest, *words.OTHERS], words.OTHER) if plan.origins else {}
        sheet = Sheet(plan.title, grids[plan.title], plan.grouped, f"{where}: sheet {plan.title!r}", naming)
        _take(plan, sheet, series)
    _late_sectors(series)
    _others(series, f"{where}: sheet {_USBP!r}")
    last = max(month for cells in series.values() for month in months_of(cells))
    return Release(
        publication="Immigration Enforcement and Legal Processes Monthly Tables",
        edition=f"data through {_in_words(last)}",
        as_of=_current_as_of(grids) or last,
        series=series,
    )


def _take(plan: SheetPlan, sheet: Sheet, series: dict[str, Cells]) -> None:
    present = sheet.columns()
    if plan.strict:
        check_known(sheet, [*plan.places, *plan.known])
    unlisted = plan.origins - {name for column in present for name in column}
    left_out = unlisted | {words.OTHER} if unlisted else unlisted
    wanted = [
        column
        for column in plan.places
        if not left_out & set(column) and (column in present or column not in plan.optional)
    ]
    for row in sheet.rows(wanted):
        for column, value in row.counts.items():
            series_id, labels = plan.places[column]
            if value is not None:
                series.setdefault(series_id, {})[(str(row.month), *labels)] = float(value)


def _rest(total: float, named: float, where: str) -> float:
    if named > total:
        raise refuse(
            "the named nationalities exceed the total",
            where,
            found=f"{named:,.0f} over the named",
            expected=f"at most {total:,.0f}",
        )
    return total - named


def _late_sectors(series: dict[str, Cells]) -> None:
    cells = series["usbp_by_sector"]
    series["usbp_by_sector"] = {key: value for key, value in cells.items() if key[0] >= SECTORS_FROM}


def _others(series: dict[str, Cells], where: str) -> None:
    """Nationalities not named are the total less the named; a printed 0 stands for 0 to 4.

    In a month that lacks one of the named, the rest holds another set of people, and is left out.
    """
    cells = series["usbp_by_origin"]
    named: Cells = {key: value or None for key, value in cells.items() if key[1] != ALL}
    for month in months_of(cells):
        known = [value or 0.0 for key, value in named.items() if key[0] == month]
        total = cells.get((month, ALL))
        if total is not None and len(known) == len(words.NAMED_ORIGINS):
            named[(month, "OTH")] = _rest(total, sum(known), f"{where}, {month}")
    series["usbp_by_origin"] = named


def _current_as_of(grids: dict[str, Grid]) -> str:
    found = []
    for plan in PLANS:
        for row in grids[plan.title]:
            match = _CURRENT.search(str(row[0] if row else ""))
            if match and match[1] in _YEAR_MONTHS:
                found.append(str(Month(int(match[2]) * 12 + _YEAR_MONTHS.index(match[1]))))
    return max(found, default="")


def _in_words(month: str) -> str:
    parsed = Month.parse(month)
    return f"{_YEAR_MONTHS[parsed.number - 1]} {parsed.year}"
